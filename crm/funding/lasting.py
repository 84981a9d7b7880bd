"""Whether a group is meant to last: five years as a rule, and a way out where it lasts long."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.cooperations.checks import MOST_YEARS, WITHOUT_CLAUSE
from crm.cooperations.terms import is_longer_than
from crm.funding.facts import Condition, Facts, Missing
from crm.funding.kinds import Light
from crm.funding.models import RuleSet
from crm.i18n import day

OK, WAIT, BAD = Light.OK, Light.WAIT, Light.BAD


def long_enough(facts: Facts, rules: RuleSet) -> Condition:
    """Judge the term."""
    least = rules.least_years
    titles = {5: _("At least five years"), None: _("Permanent")}
    title = titles.get(least) or _("At least %(num)s years", num=least)
    light, known, missing = _lasting(facts, least or 0)
    if light is not BAD and not missing and _needs_clause(facts) and not facts.termination:
        clause = Missing("", _("a clause on termination, for it is unlimited or longer than ten years"))
        light, missing = WAIT, (clause,)
    elif facts.termination:
        known += " " + _("Termination: %(text)s", text=facts.termination)
    return Condition("term", title, light, known, missing)


def _lasting(facts: Facts, least: int) -> tuple[Light, str, tuple[Missing, ...]]:
    start, end = facts.starts_on, facts.term_until
    if facts.merges_brigades and end is None:
        return OK, _("A merger of fire brigades is meant to last."), ()
    if facts.term_unlimited:
        return OK, _("Unlimited."), ()
    if end is None:
        return BAD, _("No term is agreed yet."), (Missing("", _("agree on a term")),)
    known = _("From %(first)s to %(last)s.", first=day(start) or _("an open day"), last=day(end))
    if start is None:
        return WAIT, known, (Missing("", _("the day it starts")),)
    if end < start:
        return WAIT, known, (Missing("", _("check the days: the term ends before it starts")),)
    if end >= last_day(start, least):
        return OK, known, ()
    if facts.renewal_months:
        known += " " + ngettext(
            "The contract renews itself by %(num)s month.", "The contract renews itself by %(num)s months.",
            facts.renewal_months,
        )  # fmt: skip
        return WAIT, known, (Missing("", _("say in the contract that it is meant for that long")),)
    longer = Missing("", _("a term until %(day)s at least", day=day(last_day(start, least))))
    return BAD, known, (longer,)


def _needs_clause(facts: Facts) -> bool:
    if facts.legal_form in WITHOUT_CLAUSE:
        return False
    return facts.term_unlimited or is_longer_than(MOST_YEARS, facts.starts_on, facts.term_until)


def last_day(start: date, years: int) -> date:
    """The last day of a number of years that begin on a day."""
    try:
        same = start.replace(year=start.year + years)
    except ValueError:
        same = date(start.year + years, 3, 1)
    return same - timedelta(days=1)
