"""Bring a plan into the database: rows of many bodies at once, the caller commits."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, text, update

from crm.audit import AuditEvent
from crm.db import chunks, db, now
from crm.organisations.describing import described
from crm.organisations.elsewhere import STATES
from crm.organisations.facts import facts
from crm.organisations.models import (
    Designation,
    Level,
    Membership,
    Organisation,
    OrganisationKey,
    PopulationFigure,
    Succession,
)
from crm.register.models import Edition
from crm.register.places import Place
from crm.register.plan import Change, Plan

CHUNK = 400


def lock() -> None:
    """Let only one importing run at a time; SQLite lets only one write anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE editions IN SHARE ROW EXCLUSIVE MODE"))


def apply(plan: Plan, file_name: str, by: Any) -> None:
    """Write everything the plan says, note it, and remember the edition."""
    touched = [place for place in plan.places if place.touched]
    _make([place for place in touched if place.id is None])
    for name, model, columns in _KINDS_OF_ROWS:
        _rewrite([place for place in touched if name in place.touched], name, model, columns)
    _write_figures([place for place in touched if "figures" in place.touched], plan)
    _link(plan)
    _describe(_named_anew(plan.places))
    _withdraw_figures(plan)
    _remember(plan, file_name, by)
    _note([*plan.new, *plan.changed, *plan.closed], by)
    db.session.expire_all()


def _make(places: list[Place]) -> None:
    """Insert new bodies, counties before what lies in them, and give them their numbers."""
    if not places:
        return
    rows = [{"level": place.level, **_derived(place), **_life(place)} for place in places]
    moments = {"version": 1, "created_at": now(), "updated_at": now()}
    found = db.session.scalars(
        insert(Organisation).returning(Organisation.id, sort_by_parameter_order=True),
        [row | moments for row in rows],
    )
    for place, number in zip(places, found, strict=True):
        place.id = number


def _life(place: Place) -> dict[str, Any]:
    return {"valid_from": place.valid_from, "valid_to": place.valid_to, "postcode": place.postcode}


def _derived(place: Place) -> dict[str, str]:
    names, keys = [one.value for one in place.names], [one.value for one in place.keys]
    parent = place.parents[-1].value.names[-1].value if place.parents else None
    state = STATES.get(place.state, "") if place.level is Level.ELSEWHERE else ""
    former = [old.names[-1].value.name for old in place.predecessors]
    more = [_INITIALS.get(keys[-1]), *former, place.postcode]
    return described(names, keys, parent, more, state)


_INITIALS = {body.code: body.initials for body in facts().bodies if body.initials}


def _names(one: Any) -> dict[str, Any]:
    return {"name": one.value.name, "official_name": one.value.official_name, "kind": one.value.kind}


_KINDS_OF_ROWS = (
    ("names", Designation, _names),
    ("keys", OrganisationKey, lambda one: {"key": one.value}),
    ("parents", Membership, lambda one: {"parent_id": one.value.id}),
)


def _rewrite(places: list[Place], name: str, model: Any, columns: Any) -> None:
    for chunk in chunks(places, CHUNK):
        ids = [place.id for place in chunk]
        db.session.execute(delete(model).where(model.organisation_id.in_(ids)))
    rows = [
        {"organisation_id": place.id, "valid_from": one.valid_from, "valid_to": one.valid_to, **columns(one)}
        for place in places
        for one in getattr(place, name)
    ]
    if rows:
        db.session.execute(insert(model), rows)


def _write_figures(places: list[Place], plan: Plan) -> None:
    day = plan.file.population_on
    for chunk in chunks(places, CHUNK):
        mine = PopulationFigure.organisation_id.in_([place.id for place in chunk])
        db.session.execute(delete(PopulationFigure).where(mine, PopulationFigure.counted_on == day))
    rows = [
        {"organisation_id": place.id, "counted_on": day, "population": figure[0], "area_km2": figure[1]}
        for place in places
        if (figure := place.figures.get(day))
    ]
    if rows:
        db.session.execute(insert(PopulationFigure), rows)


def _link(plan: Plan) -> None:
    """Write successions, and move those whose day an older file knows better."""
    for old, heir in plan.successions:
        link = {"predecessor_id": old.id, "successor_id": heir.id, "effective_on": plan.day}
        db.session.execute(insert(Succession), [link])
        heir.predecessors.append(old)
        heir.touched.add("former")
    for old, day in plan.ended_earlier:
        mine = (Succession.predecessor_id == old.id) & (Succession.effective_on == day)
        db.session.execute(update(Succession).where(mine).values(effective_on=plan.day))


def _named_anew(places: list[Place]) -> list[Place]:
    """Bodies whose own words changed, what lies in them, and who took them in: all show their names."""
    named = {id(place) for place in places if "names" in place.touched}
    return [
        place
        for place in places
        if place.touched - {"figures"}
        or any(id(one.value) in named for one in place.parents[-1:])
        or any(id(old) in named for old in place.predecessors)
    ]


def _withdraw_figures(plan: Plan) -> None:
    """Take back what this edition said about another day, when its people are counted on a new one."""
    known = db.session.query(Edition).filter_by(territory_on=plan.day).one_or_none()
    if known is None or known.population_on == plan.file.population_on:
        return
    ids = [
        place.id
        for place in plan.places
        if place.state in plan.file.states
        and plan.looks.figures_from(place.state, known.population_on) == date.min
    ]
    for chunk in chunks(ids, CHUNK):
        mine = PopulationFigure.organisation_id.in_(chunk)
        db.session.execute(
            delete(PopulationFigure).where(mine, PopulationFigure.counted_on == known.population_on)
        )


def _describe(places: Iterable[Place]) -> None:
    """Write what follows from the rows; figures alone change nothing about the body itself."""
    rows = [{"number": place.id, "moment": now(), **_derived(place), **_life(place)} for place in places]
    columns = ("name", "note", "sort_key", "search_text", "valid_from", "valid_to", "postcode")
    table = Organisation.__table__
    query = (
        update(table)
        .where(table.c.id == bindparam("number"))
        .values(version=table.c.version + 1, updated_at=bindparam("moment"))
        .values({name: bindparam(name) for name in columns})
    )
    if rows:
        db.session.connection().execute(query, rows)


def _remember(plan: Plan, file_name: str, by: Any) -> None:
    """Keep the edition; the first taking over keeps its counts when nothing changes any more."""
    known = db.session.query(Edition).filter_by(territory_on=plan.day).one_or_none()
    states = plan.file.states | set(known.states.split() if known else ())
    if known is not None and plan.changes_nothing and known.states == " ".join(sorted(states)):
        return
    counts = plan.summary.as_json()
    counts.pop("errors")
    edition = known or Edition(territory_on=plan.day)
    values = {"population_on": plan.file.population_on, "file_name": file_name[:200], **counts}
    for name, value in values.items():
        setattr(edition, name, value)
    edition.states = " ".join(sorted(states))
    edition.loaded_at, edition.loaded_by_id = now(), getattr(by, "id", None)
    db.session.add(edition)
    db.session.flush()


def _note(changes: list[Change], by: Any) -> None:
    """Write into the history of every body what the file changed about it."""
    rows = [
        {
            "at": now(), "user_id": getattr(by, "id", None), "name": "organisation.register",
            "record_type": "organisations", "record_id": change.place.id,
            "changes": {what: [before or None, after] for what, before, after in change.details},
        }
        for change in changes
        if change.place.level is not Level.ELSEWHERE
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(AuditEvent), rows)
