"""What partner suggestions are made from: Kommunen of today, their borders, the groups in a task field."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from crm.cooperations.kinds import EXITS, IN_PROGRESS, OVER, Stage
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner
from crm.cooperations.suggestions import Gone, Known, Place, Suggestion, suggest
from crm.db import db, today
from crm.geography.models import Border
from crm.geography.whereabouts import Point
from crm.organisations import heirs
from crm.organisations.heirs import Heirs
from crm.organisations.models import KOMMUNEN, Level, Membership, Organisation, PopulationFigure

# By the number of a Kommune: the day of the newest talk and the name of its field.
Talks = Mapping[int, tuple[date, str]]


@dataclass
class _Fields:
    """What goes on in the asked task fields: by Kommune of today, and who is together with whom."""

    plans: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    runs: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[int, dict[int, Gone | None]] = field(default_factory=lambda: defaultdict(dict))


def for_group(group: Cooperation, field_ids: Collection[int], talks: Talks) -> list[Suggestion]:
    """Suggest partners for a group; the group must be loaded with partners."""
    known = heirs.load()
    units = [(known.unit_on(one.organisation_id, today()), one) for one in group.partners]
    inside = list(dict.fromkeys(unit for unit, one in units if not one.has_gone))
    gone = {
        unit: Gone(one.step, one.step_on, one.id)
        for unit, one in units
        if one.has_gone and unit not in inside
    }
    found = _in_fields(field_ids, known, but=group.id)
    return _suggested(inside, set(inside), _known(found, _rolled_up(talks, known), gone), bool(field_ids))


def for_place(organisation_id: int, field_ids: Collection[int], talks: Talks) -> list[Suggestion]:
    """Suggest partners for one Kommune in a task field; who cooperates with it there already is left out."""
    known = heirs.load()
    found = _in_fields(field_ids, known)
    together = [parts for parts in found.groups.values() if organisation_id in parts]
    together = [parts for parts in together if parts[organisation_id] is None]
    inside = {unit for parts in together for unit, gone in parts.items() if gone is None}
    gone = {unit: one for parts in together for unit, one in parts.items() if one and unit not in inside}
    left_out = inside | {organisation_id}
    judged = _known(found, _rolled_up(talks, known), gone)
    return _suggested([organisation_id], left_out, judged, bool(field_ids))


def _suggested(
    partners: list[int], left_out: set[int], known: Mapping[int, Known], asks_field: bool
) -> list[Suggestion]:
    places = all_places()
    ours = [places[number] for number in partners if number in places]
    others = [place for number, place in places.items() if number not in left_out]
    return suggest(ours, others, known, _borders(ours), asks_field)


def _rolled_up(talks: Talks, known: Heirs) -> Talks:
    """What a former Kommune talked about counts for the one it belongs to."""
    found: dict[int, tuple[date, str]] = {}
    for number, talk in talks.items():
        unit = known.unit_on(number, today())
        found[unit] = max(talk, found.get(unit, talk))
    return found


def _known(found: _Fields, talks: Talks, gone: Mapping[int, Gone]) -> dict[int, Known]:
    made = {}
    for number in found.plans.keys() | found.runs.keys() | talks.keys() | gone.keys():
        plans, runs = tuple(found.plans.get(number, ())), tuple(found.runs.get(number, ()))
        talk: tuple[date | None, str] = talks.get(number, (None, ""))
        made[number] = Known(talk[0], talk[1], plans, runs, gone.get(number))
    return made


def _in_fields(field_ids: Collection[int], known: Heirs, but: int = 0) -> _Fields:
    """Read who plans and runs what in some task fields: one statement."""
    mine = select(CooperationTaskField.cooperation_id).where(
        CooperationTaskField.task_field_id.in_(list(field_ids))
    )
    columns = (
        Cooperation.id, Cooperation.title, Cooperation.stage, Partner.organisation_id, Partner.id,
        Partner.step, Partner.step_on,
    )  # fmt: skip
    query = select(*columns).join(Partner.cooperation).where(Cooperation.id.in_(mine), Cooperation.id != but)
    query = query.where(Cooperation.stage.not_in(OVER))
    found = _Fields()
    for group, title, stage, number, partner, step, step_on in db.session.execute(
        query.order_by(Cooperation.sort_key, Cooperation.id, Partner.id)
    ):
        unit, is_in = known.unit_on(number, today()), step not in EXITS
        if is_in or unit not in found.groups[group]:
            found.groups[group][unit] = None if is_in else Gone(step, step_on, partner, title)
        kind = found.runs if stage is Stage.RUNNING else found.plans if stage in IN_PROGRESS else None
        if is_in and kind is not None and title not in kind[unit]:
            kind[unit].append(title)
    return found


def all_places() -> dict[int, Place]:
    """All Kommunen of today by name; a county lies in the middle of its municipalities."""
    day = today()
    people = select(PopulationFigure.population).where(PopulationFigure.organisation_id == Organisation.id)
    newest = people.order_by(PopulationFigure.counted_on.desc()).limit(1).correlate(Organisation)
    inside = and_(Membership.organisation_id == Organisation.id, Membership.on(day))
    query = select(
        Organisation.id, Organisation.level, Organisation.name, Organisation.longitude, Organisation.latitude,
        Membership.parent_id, newest.scalar_subquery().label("population"),
    ).outerjoin(Membership, inside)  # fmt: skip
    query = query.where(Organisation.level.in_(KOMMUNEN), Organisation.on(day))
    rows = db.session.execute(query.order_by(Organisation.sort_key, Organisation.id)).all()
    names = {row.id: row.name for row in rows}
    found = {row.id: _place(row, names) for row in rows}
    within: dict[int, list[Point]] = defaultdict(list)
    for row in rows:
        if row.parent_id in found and (at := found[row.id].at):
            within[row.parent_id].append(at)
    return found | {number: replace(found[number], at=_middle(points)) for number, points in within.items()}


def _place(row: Any, names: Mapping[int, str]) -> Place:
    at = (row.longitude, row.latitude) if row.longitude is not None and row.latitude is not None else None
    is_county = row.level is Level.COUNTY
    return Place(row.id, row.name, at, row.population, is_county, row.parent_id, names.get(row.parent_id, ""))


def _middle(points: list[Point]) -> Point:
    return sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points)


def _borders(partners: list[Place]) -> dict[int, tuple[int, str]]:
    """Who borders on a partner, by its longest border with one of them."""
    names = {one.id: one.name for one in partners}
    query = select(Border.organisation_id, Border.neighbour_id, Border.metres).where(
        or_(Border.organisation_id.in_(names), Border.neighbour_id.in_(names))
    )
    found: dict[int, tuple[int, str]] = {}
    for one, other, metres in db.session.execute(query):
        for place, partner in ((one, other), (other, one)):
            if partner in names:
                found[place] = max(found.get(place, (0, "")), (metres, names[partner]))
    return found


def planned_fields(organisation_ids: Collection[int]) -> list[int]:
    """The task fields of groups in progress in which some organisations are, the newest group first."""
    query = (
        select(CooperationTaskField.task_field_id)
        .join(Cooperation, Cooperation.id == CooperationTaskField.cooperation_id)
        .join(Partner, Partner.cooperation_id == Cooperation.id)
        .where(
            Partner.organisation_id.in_(organisation_ids),
            Partner.step.not_in(EXITS),
            Cooperation.stage.in_(IN_PROGRESS),
        )
    )
    order = (Cooperation.id.desc(), CooperationTaskField.task_field_id)
    return list(dict.fromkeys(db.session.scalars(query.order_by(*order).limit(200))))
