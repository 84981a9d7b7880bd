"""Questions about resolutions: of a group, of a partner, and the sessions to come over all groups."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from crm.cooperations.kinds import OVER
from crm.cooperations.models import Cooperation, Partner
from crm.db import BERLIN, db
from crm.documents.models import Document
from crm.documents.queries import newest
from crm.organisations.models import Organisation
from crm.resolutions.models import Resolution, Result

# A calendar names partner, group and body; it has hundreds of rows.
_FOR_LISTS = contains_eager(Resolution.partner).options(
    load_only(Partner.cooperation_id, Partner.organisation_id, Partner.organisation_name),
    contains_eager(Partner.cooperation).load_only(Cooperation.title),
    joinedload(Partner.organisation).load_only(Organisation.name).selectinload(Organisation.designations),
)
# Of groups that were ended or abandoned nobody asks for a result.
GOES_ON = or_(Cooperation.halt.is_(None), Cooperation.halt.not_in(OVER))
ORDER = (Resolution.session_on.desc().nulls_first(), Resolution.id.desc())


def one(cooperation_id: int, resolution_id: int) -> Resolution | None:
    """Load a resolution of a group."""
    query = (
        select(Resolution)
        .join(Resolution.partner)
        .where(Resolution.id == resolution_id, Partner.cooperation_id == cooperation_id)
        .options(contains_eager(Resolution.partner).joinedload(Partner.organisation))
    )
    return db.session.scalar(query)


def of_cooperation(cooperation_id: int) -> list[Resolution]:
    """All resolutions on a group, the next and the newest first."""
    query = (
        select(Resolution)
        .join(Resolution.partner)
        .where(Partner.cooperation_id == cooperation_id)
        .options(contains_eager(Resolution.partner))
        .order_by(*ORDER)
    )
    return list(db.session.scalars(query))


def first_known(cooperation_id: int) -> date | None:
    """The day of the first resolution on a group, planned or taken; of a planned one, when it was noted."""
    query = select(Resolution.session_on, Resolution.created_at).join(Resolution.partner)
    rows = db.session.execute(query.where(Partner.cooperation_id == cooperation_id)).all()
    noted = [min(filter(None, (row.session_on, row.created_at.astimezone(BERLIN).date()))) for row in rows]
    return min(noted, default=None)


def sessions(
    since: date, until: date | None = None, organisation_ids: list[int] | None = None
) -> Select[Resolution]:
    """Select what bodies decide from a day on, the next first; of some organisations only, if named."""
    query = (
        select(Resolution)
        .join(Resolution.partner)
        .join(Partner.cooperation)
        .where(Resolution.session_on >= since, Cooperation.removed_at.is_(None))
        .options(_FOR_LISTS)
        .order_by(Resolution.session_on, Resolution.id)
    )
    if until is not None:
        query = query.where(Resolution.session_on <= until)
    if organisation_ids is not None:
        query = query.where(Partner.organisation_id.in_(organisation_ids))
    return query


def undecided(organisation_ids: list[int], most: int) -> list[Resolution]:
    """What bodies of some organisations have still to decide, postponed or without a day, the next first."""
    query = (
        select(Resolution)
        .join(Resolution.partner)
        .join(Partner.cooperation)
        .where(Partner.organisation_id.in_(organisation_ids), Cooperation.removed_at.is_(None), GOES_ON)
        .where(or_(Resolution.result.is_(None), Resolution.result == Result.POSTPONED))
        .options(_FOR_LISTS)
        .order_by(Resolution.session_on.nulls_last(), Resolution.id)
    )
    return list(db.session.scalars(query.limit(most)))


def planned(since: date, until: date) -> Select[Resolution]:
    """Select sessions without a result; of groups that were ended or abandoned nobody asks for one."""
    return sessions(since, until).where(Resolution.result.is_(None), GOES_ON)


def coming(today: date, days: int = 365) -> list[Resolution]:
    """Planned sessions over all groups: those that still ask for a result, and those of the next days."""
    query = planned(today - timedelta(days=days), today + timedelta(days=days))
    return list(db.session.scalars(query.limit(500)))


def taken_since(day: date) -> list[Resolution]:
    """What bodies decided since a day over all groups, the newest first."""
    query = sessions(day).where(Resolution.result.is_not(None)).order_by(None)
    return list(
        db.session.scalars(query.order_by(Resolution.session_on.desc(), Resolution.id.desc()).limit(100))
    )


def next_by_group(today: date) -> Select[*tuple[Any, ...]]:
    """Select (cooperation_id, day) of the next planned session of every group that has one."""
    return (
        select(Partner.cooperation_id, func.min(Resolution.session_on).label("day"))
        .join(Resolution.partner)
        .where(Resolution.session_on >= today, Resolution.result.is_(None))
        .group_by(Partner.cooperation_id)
    )


def next_sessions(cooperation_ids: list[int], today: date) -> dict[int, date]:
    """The next planned session of each of some groups."""
    query = next_by_group(today).where(Partner.cooperation_id.in_(cooperation_ids))
    return {row[0]: row[1] for row in db.session.execute(query)} if cooperation_ids else {}


def extracts(resolution_ids: list[int]) -> dict[int, list[Document]]:
    """The attached extracts of some resolutions, without their bytes."""
    query = select(Document).where(Document.resolution_id.in_(resolution_ids), newest()).order_by(Document.id)
    found: dict[int, list[Document]] = {}
    for document in db.session.scalars(query) if resolution_ids else ():
        found.setdefault(document.resolution_id or 0, []).append(document)
    return found
