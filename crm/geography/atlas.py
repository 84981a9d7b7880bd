"""What a map of all Hessen needs: where every municipality lies, and the true areas that were taken over."""

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import load_only

from crm.audit import AuditEvent
from crm.db import db
from crm.geography.models import Boundary
from crm.geography.packing import Packed
from crm.organisations.models import Level, Organisation


class Spot(NamedTuple):
    """A municipality or an uninhabited area; degrees are None where nobody knows them."""

    id: int
    level: Level
    longitude: float | None
    latitude: float | None


def spots() -> list[Spot]:
    """Everything that has a place on a map, whenever it existed: one statement."""
    columns = (Organisation.id, Organisation.level, Organisation.longitude, Organisation.latitude)
    wanted = Organisation.level.in_((Level.MUNICIPALITY, Level.AREA))
    return [
        Spot(*row) for row in db.session.execute(select(*columns).where(wanted).order_by(Organisation.id))
    ]


def edition() -> tuple[Any, ...]:
    """Say in one statement which boundaries are stored; it changes with every change of them."""
    taken = AuditEvent.name.in_(("boundary.loaded", "boundary.replaced"))
    last = select(func.max(AuditEvent.id)).where(AuditEvent.record_type == Organisation.__tablename__, taken)
    kept = select(func.count(), func.max(Boundary.loaded_on), last.scalar_subquery()).select_from(Boundary)
    return tuple(db.session.execute(kept).one())


def shapes() -> tuple[dict[int, Packed], str]:
    """Load all areas, and where they come from: one statement."""
    columns = load_only(Boundary.shape, Boundary.attribution)
    rows = list(db.session.scalars(select(Boundary).options(columns).order_by(Boundary.organisation_id)))
    sources = sorted({one.attribution for one in rows})
    return {one.organisation_id: one.shape for one in rows}, ", ".join(sources)
