"""Bring the built-in register into the database; what is known there already is completed, never set back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.dates import overlap
from crm.db import db
from crm.organisations import facts
from crm.organisations.describing import Called, described
from crm.organisations.models import (
    Designation,
    Kind,
    Level,
    Membership,
    Organisation,
    OrganisationKey,
    PopulationFigure,
    Succession,
)

LEVELS = {
    facts.COUNTY: Level.COUNTY,
    facts.REGION: Level.REGION,
    facts.AREA: Level.AREA,
    **dict.fromkeys(facts.TOWN_TYPES, Level.MUNICIPALITY),
}
KINDS = {
    "Gemeinde": Kind.GEMEINDE,
    "Stadt": Kind.TOWN,
    "Sonderstatusstadt": Kind.SPECIAL_STATUS,
    "kreisfreie Stadt": Kind.COUNTY_FREE,
    facts.COUNTY: Kind.COUNTY,
    facts.REGION: Kind.REGION,
    facts.AREA: Kind.AREA,
}


@dataclass(frozen=True)
class Loaded:
    """How many bodies a loading made, changed and found unchanged."""

    new: int
    changed: int
    unchanged: int


def load_register() -> Loaded:
    """Complete the register from the built-in facts; a second run changes nothing.

    What the database knows better (a later name, a closed validity, a website) stays. The caller commits.
    """
    known, successions = _known(), list(db.session.scalars(select(Succession).order_by(Succession.id)))
    bodies = facts.facts().bodies
    places = {body.code: _find(body, known) or _make(body) for body in bodies}
    new = sum(place not in known.values() for place in places.values())
    changed = [_complete(places[body.code], body, places) for body in bodies]
    _link(places, successions)
    former = _former_names(successions)
    told = [_describe(places[body.code], body, former.get(places[body.code], [])) for body in bodies]
    touched = sum(one or other for one, other in zip(changed, told, strict=True))
    db.session.flush()
    return Loaded(new, touched - new, len(bodies) - touched)


def _known() -> dict[str, Organisation]:
    """All organisations by each of their keys."""
    lists = (Organisation.designations, Organisation.keys, Organisation.memberships, Organisation.figures)
    found = db.session.scalars(select(Organisation).options(*(selectinload(one) for one in lists)))
    return {key.key: place for place in found for key in place.keys}


def _find(body: facts.BodyFact, known: dict[str, Organisation]) -> Organisation | None:
    return next((known[key.key] for key in body.keys if key.key in known), None)


def _make(body: facts.BodyFact) -> Organisation:
    place = Organisation(
        level=LEVELS[body.type], name=body.name, sort_key="", search_text="",
        valid_from=body.valid_from, valid_to=body.valid_to,
    )  # fmt: skip
    db.session.add(place)
    return place


def _complete(place: Organisation, body: facts.BodyFact, places: dict[str, Organisation]) -> bool:
    """Add what is missing; tell whether anything was."""
    values: dict[str, Any] = {"valid_to": body.valid_to, "postcode": body.postcode, "website": body.website}
    values |= {"latitude": _float(body.latitude), "longitude": _float(body.longitude)}
    missing = [name for name, value in values.items() if value is not None and getattr(place, name) is None]
    for name in missing:
        setattr(place, name, values[name])
    added = [
        _replay(place.designations, body.designations, _designation),
        _replay(place.keys, body.keys, lambda fact: OrganisationKey(key=fact.key)),
        _replay(place.memberships, body.memberships, lambda fact: Membership(parent=places[fact.parent])),
        _count(place, body),
    ]
    return bool(missing) or any(added)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _designation(fact: facts.DesignationFact) -> Designation:
    return Designation(name=fact.name, official_name=fact.official_name, kind=KINDS[fact.type])


def _count(place: Organisation, body: facts.BodyFact) -> bool:
    counted = {figure.counted_on for figure in place.figures}
    missing = [fact for fact in body.populations if fact.counted_on not in counted]
    for fact in missing:
        figure = {"counted_on": fact.counted_on, "population": fact.population}
        place.figures.append(PopulationFigure(**figure, area_km2=_float(body.area_km2)))
    return bool(missing)


def _replay(rows: list[Any], stretches: Sequence[Any], make: Callable[[Any], Any]) -> bool:
    """Add the stretches that the rows lack; close an open row where the facts know its end."""
    changed = False
    for fact in stretches:
        row = next((row for row in rows if row.valid_from == fact.valid_from), None)
        if row is None and not any(overlap(row, fact) for row in rows):
            row = make(fact)
            row.valid_from = fact.valid_from
            rows.append(row)
            changed = True
        if row is not None and row.valid_to is None and fact.valid_to is not None:
            row.valid_to = fact.valid_to
            changed = True
    return changed


def _link(places: dict[str, Organisation], successions: list[Succession]) -> None:
    known = {(one.predecessor, one.successor) for one in successions}
    for fact in facts.facts().successions:
        old, new = places[fact.predecessor], places[fact.successor]
        if (old, new) not in known:
            successions.append(Succession(predecessor=old, successor=new, effective_on=fact.effective_on))
    db.session.add_all(successions)


def _former_names(successions: Iterable[Succession]) -> dict[Organisation, list[str]]:
    """Names of predecessors by their successor."""
    found: dict[Organisation, list[str]] = {}
    for one in successions:
        found.setdefault(one.successor, []).append(one.predecessor.name)
    return found


def _describe(place: Organisation, body: facts.BodyFact, former: Iterable[str]) -> bool:
    """Write what follows from the dated rows; tell whether anything was different."""
    inside = _newest(place.memberships)
    parent = _called(_newest(inside.parent.designations)) if inside else None
    names = [_called(one) for one in sorted(place.designations, key=_begin)]
    keys = [one.key for one in sorted(place.keys, key=_begin)]
    values = described(names, keys, parent, [body.initials, *former, place.postcode])
    different = [name for name, value in values.items() if getattr(place, name) != value]
    for name in different:
        setattr(place, name, values[name])
    return bool(different)


def _called(row: Designation) -> Called:
    return Called(row.name, row.official_name, row.kind)


def _begin(row: Any) -> date:
    return row.valid_from or date.min


def _newest(rows: list[Any]) -> Any:
    return max(rows, key=_begin, default=None)
