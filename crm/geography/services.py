"""Take boundaries over: compare a file with what is stored, then shapes and borders as one change."""

import importlib
from dataclasses import dataclass
from itertools import chain
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select

from config import BOUNDARIES_BYTES, BOUNDARIES_POINTS
from crm.audit import AuditEvent
from crm.db import db, today
from crm.geography import geojson, matching
from crm.geography.geojson import Area, Collection
from crm.geography.matching import Place
from crm.geography.models import Border, Boundary
from crm.geography.packing import Packed, polygons
from crm.importing import Finding, Refused, Summary
from crm.organisations.models import Level, Organisation
from crm.register import writing

Borders = dict[tuple[int, int], int]


@dataclass(frozen=True)
class Plan:
    """What taking a file over does; nothing of it is done yet."""

    summary: Summary
    doubtful: list[Finding]
    attribution: str
    new: dict[int, Packed]
    changed: dict[int, Packed]
    borders: Borders
    without: list[str]


def check(content: bytes, attribution: str = "") -> Plan:
    """Read a file and compare it with the register; changes nothing, raises Refused with what is wrong."""
    file = _read(content)
    by_key = matching.known()
    areas, left_out = matching.matched(file.areas, by_key)
    flat = _flat(areas)
    shapes = dict(zip(flat, _geometry().simpler(flat.values()), strict=True))
    stored = {one.organisation_id: one for one in db.session.scalars(select(Boundary))}
    source = attribution or file.attribution or _("source not stated")
    new = {number: shape for number, shape in shapes.items() if number not in stored}
    changed = {
        number: shape
        for number, shape in shapes.items()
        if number in stored and (stored[number].shape, stored[number].attribution) != (shape, source)
    }
    counts = Summary(
        rows=len(file.areas), new=len(new), changed=len(changed),
        unchanged=len(shapes) - len(new) - len(changed), doubtful=len(left_out),
    )  # fmt: skip
    borders = _borders(flat, stored, by_key) if new or changed else {}
    return Plan(counts, left_out, source, new, changed, borders, _without({*stored, *shapes}))


def take_over(content: bytes, attribution: str, by: Any) -> Plan:
    """Store the shapes of a file and the borders that follow, one import at a time; the caller commits."""
    writing.lock()
    plan = check(content, attribution)
    if plan.new or plan.changed:
        same = {"loaded_on": today(), "attribution": plan.attribution}
        shapes = plan.new | plan.changed
        db.session.execute(delete(Boundary).where(Boundary.organisation_id.in_(plan.changed)))
        _insert(Boundary, [{"organisation_id": one, "shape": shapes[one], **same} for one in shapes])
        db.session.execute(delete(Border))
        _insert(Border, [_border(pair, metres) for pair, metres in plan.borders.items()])
        _note(plan, by)
    return plan


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    """Insert many rows at once; one by one that would be a thousand statements."""
    if rows:
        db.session.execute(insert(model), rows)


def _border(pair: tuple[int, int], metres: int) -> dict[str, int]:
    return {"organisation_id": pair[0], "neighbour_id": pair[1], "metres": metres}


def _note(plan: Plan, by: Any) -> None:
    """Leave one event with every body that got a shape."""
    for name, numbers in (("boundary.loaded", plan.new), ("boundary.replaced", plan.changed)):
        same = {"name": name, "user_id": getattr(by, "id", None), "record_type": Organisation.__tablename__}
        _insert(AuditEvent, [{"record_id": number, "changes": {}, **same} for number in numbers])


def _read(content: bytes) -> Collection:
    if len(content) > BOUNDARIES_BYTES:
        megabytes = f"{BOUNDARIES_BYTES / 1_000_000:g}"
        said = _("The file is larger than %(mb)s MB. Take a generalised edition.", mb=megabytes)
        raise Refused.because(said)
    return geojson.read(content, BOUNDARIES_POINTS)


def _geometry() -> Any:
    """Load the geometry library now: who never takes boundaries over does without its 30 MB."""
    return importlib.import_module("crm.geography.shapes")


def _flat(areas: dict[int, Area]) -> dict[int, Any]:
    flat = {number: _geometry().flat(area.polygons) for number, area in areas.items()}
    wrong = [
        Finding(None, "", areas[number].called, _unsound(*where))
        for number, shape in flat.items()
        if (where := _geometry().unsound_at(shape))
    ]
    if wrong:
        raise Refused(wrong)
    return flat


def _unsound(x: float, y: float) -> str:
    return str(_("is no sound area at longitude %(x)s, latitude %(y)s: its lines cross.", x=x, y=y))


def _borders(flat: dict[int, Any], stored: dict[int, Boundary], by_key: dict[str, Place]) -> Borders:
    """Find the borders between municipalities that ever existed together, new shapes before stored ones."""
    towns = {one.id: one for one in by_key.values() if one.level is Level.MUNICIPALITY}
    older = {
        number: _geometry().flat(polygons(one.shape)) for number, one in stored.items() if number not in flat
    }
    shapes = {number: shape for number, shape in chain(flat.items(), older.items()) if number in towns}
    found = _geometry().borders(shapes)
    return {pair: metres for pair, metres in found.items() if towns[pair[0]].coexists(towns[pair[1]])}


def _without(bounded: set[int]) -> list[str]:
    """Name the municipalities of today that have no boundary."""
    query = select(Organisation.id, Organisation.name).where(
        Organisation.level == Level.MUNICIPALITY, Organisation.on(today())
    )
    rows = db.session.execute(query.order_by(Organisation.sort_key, Organisation.id))
    return [name for number, name in rows if number not in bounded]
