"""The register read for matching names: plain columns, as many statements whatever its size."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from crm.db import chunks, db, today
from crm.folding import sort_key
from crm.imports.places import Place, Register, Spell, held
from crm.organisations.models import (
    KOMMUNEN,
    Designation,
    Level,
    Membership,
    Organisation,
    OrganisationKey,
    Succession,
)
from crm.organisations.queries import dated


def load(texts: Iterable[str]) -> Register:
    """Read the register; of the many places outside Hessen only those that the texts name."""
    day, heirs = today(), _heirs()
    inside = _bodies(Organisation.level.in_((*KOMMUNEN, Level.BODY)))
    counties = frozenset(one.row.id for one in inside if one.row.level is Level.COUNTY)
    places = {one.row.id: _place(one, day, counties, heirs.get(one.row.id, frozenset())) for one in inside}
    outside: dict[str, list[Place]] = {}
    for chunk in chunks(sorted({sort_key(text) for text in texts})):
        wanted = Organisation.sort_key.in_(chunk)
        for one in _bodies((Organisation.level == Level.ELSEWHERE) & wanted):
            outside.setdefault(one.row.sort_key, []).append(_place(one, day, counties, frozenset()))
    return Register(places, outside)


class _Body(NamedTuple):
    """A row of the register with its names and keys, the oldest first, and all it was ever a part of."""

    row: Any
    called: list[Spell]
    keys: list[Spell]
    above: list[int]


def _bodies(condition: Any) -> list[_Body]:
    """Read plain columns: the quick line asks for all of it at every pause in typing."""
    one, ids = Organisation, select(Organisation.id).where(condition)
    columns = (
        one.id, one.level, one.name, one.note, one.search_text, one.sort_key, one.valid_from, one.valid_to,
    )  # fmt: skip
    rows = db.session.execute(select(*columns).where(condition).order_by(one.id)).all()
    if not rows:
        return []
    called = _spells(dated(Designation, Designation.name, of=ids))
    keys = _spells(dated(OrganisationKey, OrganisationKey.key, of=ids))
    above = _spells(dated(Membership, Membership.parent_id, of=ids))
    return [_Body(row, called[row.id], keys[row.id], [one[2] for one in above[row.id]]) for row in rows]


def _spells(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for number, *spell in rows:
        found[number].append(tuple(spell))
    return found


def _heirs() -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for old, new in db.session.execute(select(Succession.predecessor_id, Succession.successor_id)):
        found.setdefault(old, set()).add(new)
    return {old: frozenset(new) for old, new in found.items()}


def _place(one: _Body, day: date, counties: frozenset[int], heirs: frozenset[int]) -> Place:
    row = one.row
    return Place(
        id=row.id,
        level=row.level,
        name=row.name,
        named_until=held(one.called, min(day, row.valid_to or day)) or row.name,
        names=tuple(dict.fromkeys([row.name, *(name for _first, _last, name in one.called)])),
        keys=tuple(one.keys),
        counties=frozenset({row.id}) if row.level is Level.COUNTY else counties.intersection(one.above),
        note=row.note,
        exists=(row.valid_from or date.min) <= day <= (row.valid_to or date.max),
        search_text=row.search_text,
        heirs=heirs,
        span=(row.valid_from, row.valid_to),
        called=tuple(one.called),
    )
