"""How much the programme pays as a rule: plain values in, a sum and the sentence that explains it out.

The sums are data: dated rule sets, entered on screen; those known at the start stand in `standard`.
"""

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.cooperations.kinds import LegalForm
from crm.funding.models import RuleSet
from crm.i18n import euros


@dataclass(frozen=True)
class Amount:
    """A standard grant; `sum` is None where the rules name none, `why` says so."""

    sum: Decimal | None
    why: str


def standard_amount(
    rules: RuleSet | None, legal_form: LegalForm | None, partners: int, brigades: int | None = None
) -> Amount:
    """Work out the standard grant; a Landkreis counts as a partner, `brigades` only where such merge."""
    if rules is None:
        return Amount(None, _("No rules are known for that day."))
    if legal_form is LegalForm.MERGER:
        return Amount(
            None, _("A voluntary merger is outside this programme; there the Land gives debt relief.")
        )
    if legal_form is LegalForm.FIRE_BRIGADES:
        return _for_brigades(rules, brigades)
    if legal_form is LegalForm.JOINT_ADMINISTRATION and partners > 1:
        return _for_joint_administration(rules, partners)
    return _by_partners(rules, partners)


def _for_brigades(rules: RuleSet, brigades: int | None) -> Amount:
    if rules.amount_brigade is None:
        return _unknown(rules)
    if not brigades:
        return Amount(None, _("%(sum)s per fire brigade: enter how many merge.", sum=_said(rules, "brigade")))
    return Amount(
        rules.amount_brigade * brigades,
        ngettext(
            "%(num)s fire brigade at %(sum)s each.",
            "%(num)s fire brigades at %(sum)s each.",
            brigades, sum=_said(rules, "brigade"),
        ),
    )  # fmt: skip


def _for_joint_administration(rules: RuleSet, partners: int) -> Amount:
    if rules.amount_joint is None:
        return _unknown(rules)
    why = _(
        "Joint administration: %(n)s municipalities at %(sum)s each.", n=partners, sum=_said(rules, "joint")
    )
    return Amount(rules.amount_joint * partners, why)


def _by_partners(rules: RuleSet, partners: int) -> Amount:
    if partners < 2:
        return Amount(None, _("With fewer than two partners there is no standard grant."))
    names = {
        2: ("amount_two", _("Standard grant for two partners, only for a special reason.")),
        3: ("amount_three", _("Standard grant for three partners.")),
    }
    column, why = names.get(partners, ("amount_more", _("Standard grant for more than three partners.")))
    found = getattr(rules, column)
    return _unknown(rules) if found is None else Amount(found, why)


def _said(rules: RuleSet, what: str) -> str:
    return euros(getattr(rules, f"amount_{what}"))


def _unknown(rules: RuleSet) -> Amount:
    return Amount(None, _("No sum for this case is known from “%(name)s”.", name=rules.name))
