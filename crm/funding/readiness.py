"""Whether a group could be funded: plain facts in, five conditions with their lights out."""

from flask_babel import gettext as _

from crm.cooperations.kinds import LegalForm
from crm.funding.enough import enough_partners
from crm.funding.facts import Condition, Facts, Missing
from crm.funding.gains import great_enough
from crm.funding.kinds import Light
from crm.funding.lasting import long_enough
from crm.i18n import day

OK, WAIT, BAD = Light.OK, Light.WAIT, Light.BAD


def conditions(facts: Facts) -> list[Condition]:
    """Judge the five conditions by the rules of the day; none where no rules hold."""
    if facts.rules is None:
        return []
    return [
        _legal_basis(facts),
        _substantial(facts),
        enough_partners(facts, facts.rules),
        long_enough(facts, facts.rules),
        great_enough(facts, facts.rules),
    ]


def fulfilled(found: list[Condition]) -> int:
    """Count the conditions that hold."""
    return sum(one.light is OK for one in found)


def _legal_basis(facts: Facts) -> Condition:
    key, title, form = "legal-basis", _("Legal basis"), facts.legal_form
    if form is None:
        missing = Missing("", _("agree on a legal form"))
        return Condition(key, title, BAD, _("No legal form is chosen yet."), (missing,))
    if form is LegalForm.MERGER:
        known = _("A voluntary merger is outside this programme; there the Land gives debt relief.")
        return Condition(key, title, BAD, known)
    known = str(form.label)
    if facts.merges_brigades:
        known += ". " + _("The majority of the active members must agree.")
    elif facts.signed_on:
        known += ", " + _("signed on %(day)s", day=day(facts.signed_on)) + "."
    else:
        known += "."
    return Condition(key, title, OK, known)


def _substantial(facts: Facts) -> Condition:
    key, title, note = "substantial", _("Substantial part of the task"), facts.substantial_note or ""
    if facts.substantial is None:
        missing = Missing("", _("judge whether more than minor parts of the task are shared"))
        return Condition(key, title, WAIT, note or _("Not judged yet."), (missing,))
    if facts.substantial:
        return Condition(key, title, OK, note or _("More than minor parts of the task are shared."))
    return Condition(key, title, BAD, note or _("Only minor parts of the task are shared."))
