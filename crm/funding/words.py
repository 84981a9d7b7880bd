"""How the history of a group says what changed in its funding. Reasons and notes are named, never stored."""

from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from crm.funding.models import Application, CostRow, Obligation, Paper, Plan, RuleSet, Station
from crm.i18n import day, euros

Change = tuple[str | None, str | None]


def change(before: str, after: str) -> Change:
    """A change that does not show in words names the record once."""
    return (None if before == after else before or None), after


def plan(one: Plan) -> str:
    """Say what was judged: wesentlich: ja, 2 Feuerwehren, erwartet 50.000 €."""
    answers = {None: _("open"), True: _("yes"), False: _("no")}
    said = [_("substantial: %(answer)s", answer=answers[one.substantial])]
    if one.few_partners_reason:
        said.append(_("fewer partners with a reason"))
    if one.brigades:
        said.append(_("fire brigades: %(num)s", num=one.brigades))
    if one.amount is not None:
        said.append(_("expected %(sum)s", sum=euros(one.amount)))
    return ", ".join(said)


def costs(name: str, row: CostRow | None) -> str:
    """Say the costs of one partner: Cölbe: 120.000 € + 40.000 €, dann – + –."""
    columns = ("staff_before", "material_before", "staff_after", "material_after")
    sums = [euros(getattr(row, column, None)) for column in columns]
    return _(
        "%(name)s: %(before)s, then %(after)s",
        name=name,
        before=" + ".join(sums[:2]),
        after=" + ".join(sums[2:]),
    )


def joint(sum: Decimal | None) -> str:
    """Say the costs of the joint unit."""
    return _("joint unit: %(sum)s", sum=euros(sum))


def application(one: Application) -> str:
    """Say an application: eingereicht 01.02.2024, beantragt 150.000 €, bewilligt 150.000 € 03.03.2024."""
    said = [_("submitted %(day)s", day=day(one.submitted_on)) if one.submitted_on else _("not submitted")]
    if one.requested is not None:
        said.append(_("requested %(sum)s", sum=euros(one.requested)))
    if one.granted_on or one.granted is not None:
        said.append(_("granted %(sum)s %(day)s", sum=euros(one.granted), day=day(one.granted_on)).strip())
    steps: tuple[tuple[str, date | None], ...] = (
        (_("refused %(day)s"), one.refused_on),
        (_("withdrawn %(day)s"), one.withdrawn_on),
        (_("handed over %(day)s"), one.handed_over_on),
        (_("paid %(day)s"), one.paid_on),
        (_("closed %(day)s"), one.closed_on),
    )
    return ", ".join([*said, *(text % {"day": day(when)} for text, when in steps if when)])


def station(one: Station) -> str:
    """Say a station: beim Landkreis 01.02.2024."""
    return f"{one.kind.label} {day(one.arrived_on)}"


def paper(one: Paper) -> str:
    """Say a paper of the checklist: Effizienztabelle: Entwurf 01.02.2024."""
    return f"{one.kind.label}: {one.state.label} {day(one.dated_on)}".strip()


def obligation(one: Obligation) -> str:
    """Say a duty: Verwendungsnachweis bis 31.12.2027, erledigt 01.12.2027."""
    said = _("%(name)s until %(day)s", name=one.kind.label, day=day(one.due_on))
    return said + (", " + _("done %(day)s", day=day(one.done_on)) if one.done_on else "")


def rules(one: RuleSet) -> str:
    """Say how long rules hold: 07.12.2021–31.12.2026."""
    return f"{day(one.valid_from)}–{day(one.valid_to)}"
