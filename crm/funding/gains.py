"""What a cooperation saves in a year: the costs of all partners before against those after."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from flask_babel import gettext as _

from crm.funding.facts import Condition, Facts, Missing, Share
from crm.funding.kinds import Light
from crm.funding.models import RuleSet
from crm.i18n import euros, percent


@dataclass(frozen=True)
class Gain:
    """The saving as a share of the former costs; None while figures are missing.

    `of` are the partners it could be worked out for so far, `without_before` and `without_after` those whose
    figures are missing.
    """

    before: Decimal
    after: Decimal | None
    share: Decimal | None
    of: tuple[Share, ...] = ()
    without_before: tuple[Share, ...] = ()
    without_after: tuple[Share, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Tell whether all figures are there."""
        return self.after is not None and not self.without_before and not self.without_after


def gain_of(partners: Sequence[Share], joint: Decimal | None) -> Gain:
    """Work out the saving: 1 - after / before. What the joint unit costs stands in for partners' own."""
    without_before = tuple(one for one in partners if one.before is None)
    without_after = () if joint is not None else tuple(one for one in partners if one.after is None)
    before = _sum(partners, "before")
    if not partners or without_before or without_after:
        both = tuple(one for one in partners if one.before is not None and one.after is not None)
        counted = () if joint is not None else both
        so_far = _share(_sum(counted, "before"), _sum(counted, "after"))
        return Gain(before, joint, so_far, counted, without_before, without_after)
    after = _sum(partners, "after") + (joint or 0)
    return Gain(before, after, _share(before, after), tuple(partners))


def _sum(partners: Sequence[Share], name: str) -> Decimal:
    return sum((getattr(one, name) or Decimal(0) for one in partners), Decimal(0))


def _share(before: Decimal, after: Decimal) -> Decimal | None:
    return 1 - after / before if before > 0 else None


def said(share: Decimal) -> str:
    """Say a saving in words; never more than it is, so that 14,96 % does not look like 15 %."""
    if share < 0:
        return _("The costs rise by %(share)s.", share=_floored(-share))
    return _("Saving: %(share)s.", share=_floored(share))


def _floored(share: Decimal) -> str:
    return percent(float(share.quantize(Decimal("0.001"), ROUND_FLOOR)))


def great_enough(facts: Facts, rules: RuleSet) -> Condition:
    """Judge the saving."""
    least = rules.least_gain
    title = _("Saving of at least %(num)s %% a year", num=least) if least else _("Saving")
    found = gain_of(facts.partners, facts.cost_after)
    if not found.is_complete:
        light = Light.BAD if least else Light.OK
        return Condition("saving", title, light, _so_far(found), _lacking(facts, found))
    sums = _("Before %(before)s, after %(after)s.", before=euros(found.before), after=euros(found.after))
    if found.share is None:
        return Condition("saving", title, Light.WAIT, _("The former costs are zero, so nothing is saved."))
    light = Light.OK if least is None or found.share * 100 >= least else Light.WAIT
    return Condition("saving", title, light, f"{said(found.share)} {sums}")


def _so_far(found: Gain) -> str:
    if found.share is None:
        return _("Cannot be worked out yet.")
    names = ", ".join(one.name for one in found.of)
    return _("So far for %(names)s: %(text)s", names=names, text=said(found.share))


def _lacking(facts: Facts, found: Gain) -> tuple[Missing, ...]:
    lacking = [Missing(one.name, _("costs before"), one.since) for one in found.without_before]
    if found.without_after and len(found.without_after) < len(facts.partners):
        lacking += [Missing(one.name, _("costs after"), one.since) for one in found.without_after]
    elif found.without_after:
        lacking.append(Missing("", _("what the joint unit will cost in a year")))
    return tuple(lacking)
