"""Whether enough Kommunen take part: three as a rule, fewer with a reason, one where fire brigades merge."""

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.funding.amounts import standard_amount
from crm.funding.facts import Condition, Facts, Missing, Share
from crm.funding.kinds import Light
from crm.funding.models import RuleSet
from crm.i18n import euros

OK, WAIT, BAD = Light.OK, Light.WAIT, Light.BAD


def enough_partners(facts: Facts, rules: RuleSet) -> Condition:
    """Judge the number of partners."""
    number, least = len(facts.kommunen), rules.least_partners
    titles = {2: _("At least two partners"), 3: _("At least three partners")}
    title = titles.get(least) or _("At least %(num)s partners", num=least)
    light, missing = _enough(facts, rules)
    known = _counted(facts)
    if light is OK and number < least and not facts.merges_brigades:
        known += " " + _("Reason: %(text)s", text=facts.few_reason)
    return Condition("partners", title, light, known, missing)


def _enough(facts: Facts, rules: RuleSet) -> tuple[Light, tuple[Missing, ...]]:
    number = len(facts.kommunen)
    if facts.merges_brigades and number == 1:
        wanted = Missing(facts.kommunen[0].name, _("how many fire brigades merge"), facts.kommunen[0].since)
        return (OK, ()) if facts.brigades else (WAIT, (wanted,))
    if number >= rules.least_partners:
        return OK, ()
    if number >= max(rules.exceptional_partners or rules.least_partners, 2):
        wanted = Missing("", _("the reason why fewer partners are enough"))
        return (OK, ()) if facts.few_reason else (WAIT, (wanted,))
    lacking = rules.least_partners - number
    return BAD, (Missing("", ngettext("%(num)s more partner", "%(num)s more partners", lacking)),)


def _counted(facts: Facts) -> str:
    number, resolved = len(facts.kommunen), [one for one in facts.kommunen if one.has_resolved]
    if facts.merges_brigades and number == 1:
        only = facts.kommunen[0]
        return _("Fire brigades inside %(name)s merge; one municipality is enough.", name=only.name)
    text = ngettext("%(num)s municipality planned", "%(num)s municipalities planned", number)
    text += ", " + _("%(n)s of them with a resolution", n=len(resolved)) + "."
    if others := [one.name for one in facts.partners if not one.is_kommune]:
        text += " " + _("Not counted, because no municipality of Hessen: %(names)s.", names=", ".join(others))
    return text + _without_the_undecided(facts, resolved)


def _without_the_undecided(facts: Facts, resolved: list[Share]) -> str:
    """Say that it would do without those who have not decided, and what it would cost them."""
    undecided = [one.name for one in facts.kommunen if not one.has_resolved]
    if not undecided or facts.rules is None or len(resolved) < facts.rules.least_partners:
        return ""
    text = " " + _("Enough without %(names)s, too", names=", ".join(undecided))
    now, then = (
        standard_amount(facts.rules, facts.legal_form, number).sum
        for number in (len(facts.kommunen), len(resolved))
    )
    if then is not None and now != then:
        text += ", " + _("then with %(sum)s", sum=euros(then))
    return text + "."
