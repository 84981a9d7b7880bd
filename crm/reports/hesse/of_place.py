"""The talks, events, cooperations and grants of one Kommune: what lies behind a number in its row."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.consultations.models import COUNTED, Consultation, Participation
from crm.db import db
from crm.i18n import number
from crm.reports import pages, titles
from crm.reports.groups.joined import Joined
from crm.reports.hesse import touched
from crm.reports.hesse.touched import Grant, Visit
from crm.reports.records import Line, NoSuchList, Records
from crm.reports.scope import Scope
from crm.reports.sheet import DAYS, EURO, Arguments, Number
from crm.reports.talks import behind
from crm.reports.talks.counting import held_talks
from crm.reports.territory import Territory
from crm.reports.words import span

KEYS = ("gespraeche", "letztes-gespraech", "besuche", "mitarbeit", "bewilligungen")
TALKS, LAST, VISITS, GROUPS, GRANTS = KEYS
WHO, EVER = "kommune", "bisher"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def link(what: str, unit: int, ever: bool = False) -> Arguments:
    """Say in an address what a number is made of; `ever` counts all until the cut-off day."""
    return {"was": what, WHO: unit, **({EVER: 1} if ever else {})}


def unit_in(args: Any, land: Territory) -> int:
    """Read from an address which Kommune is meant."""
    text = str(args.get(WHO, ""))
    if not _NUMBER.fullmatch(text) or not land.is_kommune(int(text)):
        raise NoSuchList
    return int(text)


def words(unit: int, scope: Scope, land: Territory) -> tuple[str, ...]:
    """Say whose list it is and of which days."""
    return land.bodies[unit].name, span(scope.period)


def asked_scope(args: Any, scope: Scope) -> Scope:
    """The question a list is about: the period, or all until the cut-off day."""
    ever = args.get(EVER) or args.get("was") == LAST
    return touched.until_cutoff(scope) if ever else scope


def talks(user: Any, scope: Scope, land: Territory, unit: int, last: bool = False) -> Records:
    """List the talks a Kommune took part in, newest first; with `last` those of the last day."""
    held = held_talks(user, scope).join(Participation, Participation.consultation_id == Consultation.id)
    columns = (Consultation.id, Consultation.held_on, Participation.organisation_id)
    rows = db.session.execute(
        held.where(Participation.presence.in_(COUNTED))
        .where(Participation.organisation_id.in_(_came_from(unit, scope, land)))
        .with_only_columns(*columns)
        .order_by(Consultation.held_on.desc(), Consultation.id.desc())
    ).all()
    if last:
        rows = [row for row in rows if row.held_on == rows[0].held_on]
    ids = list(dict.fromkeys(row.id for row in rows))
    passed = (scope.cutoff - rows[0].held_on).days if rows and last else None
    worth = Number(passed, unit=DAYS) if last else Number(len(ids))
    title = titles.talks(len(ids))
    heads = (_("Day"), _("Talk"), _("Kind"), _("Municipalities"))
    load = partial(behind.talks, user, None)
    return Records(behind.TALKS, title, words(unit, scope, land), heads, ids, load, worth, head=1)


def _came_from(unit: int, scope: Scope, land: Territory) -> list[int]:
    """A Kommune and, where former ones count as what they became, all it came from."""
    return [one for one in land.bodies if touched.unit_of(one, scope, land) == unit] or [unit]


def visits(scope: Scope, land: Territory, found: Iterable[Visit], unit: int) -> Records:
    """List the events to which somebody came from a Kommune."""
    mine = {one.event_id: one for one in found if one.unit == unit}
    title = titles.events(len(mine))

    def load(ids: list[int]) -> list[Line]:
        return [Line(one, (pages.event(one, mine[one].title), mine[one].day)) for one in ids]

    heads = (_("Event"), _("Day"))
    return Records("events", title, words(unit, scope, land), heads, list(mine), load, Number(len(mine)))


def groups(scope: Scope, land: Territory, found: Joined, unit: int) -> Records:
    """List the cooperations a Kommune takes part in on the cut-off day."""
    ids = list(dict.fromkeys(part.group_id for part in found.parts if part.unit == unit))
    title = titles.cooperations(len(ids))

    def load(some: list[int]) -> list[Line]:
        then = [found.groups[one] for one in some]
        return [
            Line(
                one.id,
                (pages.cooperation(one.id, one.title), str(one.stage.label), one.since or _("day not known")),
            )
            for one in then
        ]

    heads = (_("Cooperation"), _("Stage"), _("since"))
    return Records("groups", title, words(unit, scope, land), heads, ids, load, Number(len(ids)))


def grants(scope: Scope, land: Territory, found: Iterable[Grant], unit: int) -> Records:
    """List the grants of the cooperations a Kommune took part in on the day."""
    mine = {one.id: one for one in found if unit in one.units}
    title = ngettext("%(shown)s grant", "%(shown)s grants", len(mine), shown=number(len(mine)))

    def load(ids: list[int]) -> list[Line]:
        return [Line(one, grant_cells(mine[one])) for one in ids]

    heads = (_("Cooperation"), _("Granted on"), _("Sum granted"))
    return Records(
        "applications", title, words(unit, scope, land), heads, list(mine), load, Number(len(mine))
    )


def grant_cells(one: Grant) -> tuple[Any, ...]:
    """What is shown of a grant."""
    return pages.cooperation(one.group.id, one.group.title), one.day, Number(one.amount, unit=EURO)


def find(user: Any, scope: Scope, land: Territory, args: Any, read: Any) -> Records:
    """Find the list of one Kommune; `read` gives visits, cooperations and grants of a scope."""
    what, unit, when = args.get("was"), unit_in(args, land), asked_scope(args, scope)
    if what in (TALKS, LAST):
        return talks(user, when, land, unit, last=what == LAST)
    if what == VISITS:
        return visits(when, land, read.visits(when), unit)
    if what == GROUPS:
        return groups(scope, land, read.joined, unit)
    return grants(scope, land, read.grants, unit)
