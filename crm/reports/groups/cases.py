"""What happened to cooperations in a period: begun, running, ended, abandoned; which ran at its end."""

from flask_babel import gettext as _

from crm.cooperations.kinds import Stage
from crm.cooperations.on_day import Group, groups_on
from crm.reports import pages, titles
from crm.reports.facts import Book, Fact, Measure, stands
from crm.reports.groups import around
from crm.reports.scope import Scope
from crm.reports.sheet import Number, Table
from crm.reports.territory import Territory

KEYS = ("begonnen", "angelaufen", "beendet", "aufgegeben", "laufend")
BEGUN, STARTED, ENDED, ABANDONED, RUNNING = KEYS
_STAGES = {STARTED: Stage.RUNNING, ENDED: Stage.ENDED, ABANDONED: Stage.ABANDONED}


def book(scope: Scope, land: Territory) -> Book:
    """Read the groups as they are on the cut-off day: four statements."""
    return among(around.looked_at(groups_on(scope.cutoff), scope, land), scope, land)


def among(groups: list[Group], scope: Scope, land: Territory) -> Book:
    """Ask some groups what happened to them."""
    facts = tuple(_fact(one, scope) for one in groups)
    columns = (_("Cooperation"), _("Stage"), _("since"), _("Partners"))
    return Book(facts, columns, measures(), (), titles.cooperations, scope, land, "groups")


def _fact(group: Group, scope: Scope) -> Fact:
    partners = sum(1 for one in group.partners if one.is_in)
    cells = (pages.cooperation(group.id, group.title), str(group.stage.label), group.since, Number(partners))
    happened = tuple(one for one in KEYS if _happened(group, one, scope))
    return Fact(group.id, cells, {"ereignis": happened})


def _happened(group: Group, event: str, scope: Scope) -> bool:
    if event == RUNNING:
        return group.stage is Stage.RUNNING
    if event == BEGUN:
        begun = group.begun_on
        on = begun and min(begun, group.entered_on)
    else:
        on = group.since if group.stage is _STAGES[event] else None
    return on is not None and scope.period.since <= on <= scope.cutoff


def measures() -> tuple[Measure, ...]:
    """The five things that are counted."""
    names = {
        BEGUN: _("Begun"), STARTED: _("Started running"), ENDED: _("Ended"), ABANDONED: _("Abandoned"),
        RUNNING: _("Running on the cut-off day"),
    }  # fmt: skip
    return tuple(_measure(key, name) for key, name in names.items())


def _measure(key: str, name: str) -> Measure:
    return Measure(key, name, where=stands("ereignis", key), words=name)


def table(found: Book) -> Table:
    """A row for each thing that can happen."""
    rows = tuple((one.name, found.number(one)) for one in found.measures)
    return Table("zeitraum", _("Cooperations in the period"), (_("What happened"), _("Cooperations")), rows)
