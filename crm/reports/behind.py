"""The records behind every number, found by the same counting that made the number."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from crm.consultations.models import Consultation, ConsultationKind, Participation
from crm.consultations.queries import FOR_LISTS, visible_to
from crm.db import db
from crm.i18n import day, number
from crm.organisations.models import Organisation
from crm.reports import areas, counting, territory, times
from crm.reports.counting import Counted, Selection, narrowed
from crm.reports.period import Period, step_name
from crm.reports.sheet import Records
from crm.reports.territory import NONE, OTHER, Territory

_STEP = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2]))?", re.ASCII)
_AREA = re.compile(rf"[1-9][0-9]{{0,8}}|{OTHER}|{NONE}", re.ASCII)
TALKS, PARTICIPATIONS, KOMMUNEN = "talks", "participations", "kommunen"


class NoSuchList(Exception):
    """The address asks for something that no report writes."""


@dataclass(frozen=True)
class Behind:
    """Numbers of the records behind a number, in the order of the list, and what the list says of them."""

    kind: str
    ids: list[int]
    title: str
    minutes: dict[int, int | None]
    counted: Counted
    land: Territory
    period: Period

    def area(self, number: int) -> str:
        """Name the area of an organisation on the cut-off day."""
        return areas.area_name(self.land.area(number, self.period.cutoff), self.land)

    @property
    def sum_minutes(self) -> int:
        """What the minutes of the list add up to."""
        return sum(self.minutes[number] or 0 for number in self.ids) if self.minutes else 0

    @property
    def times_counted(self) -> Counter[int]:
        """How often each organisation takes part among what was counted."""
        return Counter(part.organisation_id for part in self.counted.participations)


def read(args: Any) -> Selection:
    """Read a selection from an address; raise NoSuchList for what no report writes."""
    step, area = args.get("monat", ""), args.get("gebiet", "")
    if (step and not _STEP.fullmatch(step)) or (area and not _AREA.fullmatch(area)):
        raise NoSuchList
    try:
        kinds = tuple(dict.fromkeys(ConsultationKind(value) for value in args.getlist("art")))
    except ValueError:
        raise NoSuchList from None
    return Selection(step, kinds, area)


def records(user: Any, period: Period, args: Any) -> Records:
    """Find what an address asks for; raise NoSuchList for what no report writes."""
    selection, what = read(args), args.get("was", "")
    found = find(user, period, selection, what)
    return Records(found, chosen(what, selection, period, found.land), partial(LOADERS[found.kind], user))


def find(user: Any, period: Period, selection: Selection, what: str) -> Behind:
    """Find the records behind a number; raise NoSuchList for an unknown `what`."""
    land = territory.load()
    return among(counting.load(user, period, land), land, period, selection, what)


def among(everything: Counted, land: Territory, period: Period, selection: Selection, what: str) -> Behind:
    """Find them among what was counted."""
    counted = narrowed(everything, selection)
    if what in ("beratungen", *times.KINDS, *(times.WITHOUT + kind for kind in times.KINDS)):
        return _talks(what, counted, land, period)
    if what == "teilnahmen":
        order = sorted(
            counted.participations,
            key=lambda part: (counted.talks[part.talk_id].held_on, part.talk_id, part.id),
            reverse=True,
        )
        title = ngettext(
            "%(shown)s participation", "%(shown)s participations", len(order), shown=number(len(order))
        )
        return Behind(PARTICIPATIONS, [part.id for part in order], title, {}, counted, land, period)
    return _kommunen(what, everything, counted, selection, land, period)


def _talks(what: str, counted: Counted, land: Territory, period: Period) -> Behind:
    order = sorted(counted.talks.values(), key=lambda talk: (talk.held_on, talk.id), reverse=True)
    ids, found = [talk.id for talk in order], {}
    if what != "beratungen":
        found = times.minutes(counted, what.removeprefix(times.WITHOUT))
        ids = [number for number in ids if (found[number] is None) == what.startswith(times.WITHOUT)]
    title = ngettext("%(shown)s talk", "%(shown)s talks", len(ids), shown=number(len(ids)))
    return Behind(TALKS, ids, title, found, counted, land, period)


def _kommunen(
    what: str, everything: Counted, counted: Counted, selection: Selection, land: Territory, period: Period
) -> Behind:
    base = land.existing(period.cutoff, selection.area)
    sets = {
        "kommunen": counted.kommunen,
        "erreicht": everything.kommunen & base,
        "ohne-kontakt": base - everything.kommunen,
        "grundgesamtheit": base,
    }
    if what not in sets:
        raise NoSuchList
    ids = [body.id for body in land.named(sets[what])]
    title = ngettext("%(shown)s Kommune", "%(shown)s Kommunen", len(ids), shown=number(len(ids)))
    return Behind(KOMMUNEN, ids, title, {}, counted if what == "kommunen" else everything, land, period)


def chosen(what: str, selection: Selection, period: Period, land: Territory) -> list[str]:
    """Say in words what the list is narrowed to."""
    words = {
        "erreicht": _("reached, existing on the cut-off day"),
        "ohne-kontakt": _("without contact in the period"),
        "grundgesamtheit": _("existing on the cut-off day"),
    }
    found = [words[what]] if what in words else []
    kind = what.removeprefix(times.WITHOUT)
    if kind in times.KINDS:
        name = times.names()[kind]
        found.append(_("without: %(name)s", name=name) if what != kind else name)
    known = not selection.area.isdigit() or int(selection.area) in land.bodies
    area = [areas.area_name(selection.area, land)] if selection.area and known else []
    span = _("%(first)s to %(last)s", first=day(period.since), last=day(period.until))
    step = step_name(selection.step) if selection.step else ""
    return [span, *found, step, ", ".join(str(kind.label) for kind in selection.kinds), *area]


def talks(user: Any, ids: list[int]) -> list[Consultation]:
    """Load talks in the given order."""
    query = visible_to(user).where(Consultation.id.in_(ids)).options(*FOR_LISTS)
    return _ordered(ids, db.session.scalars(query))


def participations(user: Any, ids: list[int]) -> list[Participation]:
    """Load participations with their talks in the given order; private notes stay in the database."""
    query = (
        select(Participation)
        .join(Participation.consultation)
        .where(
            Participation.id.in_(ids),
            Consultation.id.in_(visible_to(user).with_only_columns(Consultation.id)),
        )
        .options(contains_eager(Participation.consultation).selectinload(Consultation.task_fields))
    )
    return _ordered(ids, db.session.scalars(query))


def kommunen(_user: Any, ids: list[int]) -> list[Organisation]:
    """Load Kommunen in the given order."""
    return _ordered(ids, db.session.scalars(select(Organisation).where(Organisation.id.in_(ids))))


def _ordered(ids: list[int], found: Any) -> list[Any]:
    rows = {row.id: row for row in found}
    return [rows[number] for number in ids if number in rows]


LOADERS = {TALKS: talks, PARTICIPATIONS: participations, KOMMUNEN: kommunen}
