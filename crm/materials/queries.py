"""Questions about materials, their versions and their stock."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from crm import folding
from crm.db import db, today
from crm.documents.models import Document
from crm.materials.kinds import MaterialKind, Whose
from crm.materials.models import Material, MaterialTaskField, MaterialVersion, StockMovement
from crm.task_fields.models import TaskField

MOST_MOVEMENTS, MOST_OFFERED = 200, 500
FOR_LISTS = (selectinload(Material.versions),)
_FILE = joinedload(MaterialVersion.document).load_only(
    Document.file_name, Document.media_type, Document.size, Document.confidential
)
WHOLE = (selectinload(Material.versions).options(_FILE), selectinload(Material.task_fields))
OF_VERSION = (joinedload(MaterialVersion.material).selectinload(Material.versions), _FILE)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to; None and empty mean: all that is still handed out."""

    text: str = ""
    kind: MaterialKind | None = None
    field_id: int | None = None
    whose: Whose | None = None
    withdrawn: bool = False


def one(material_id: int) -> Material | None:
    """Load a material with its versions and their files, without the bytes."""
    return db.session.scalar(select(Material).where(Material.id == material_id).options(*WHOLE))


def version(version_id: int) -> MaterialVersion | None:
    """Load a version with its material."""
    query = select(MaterialVersion).where(MaterialVersion.id == version_id)
    return db.session.scalar(query.options(*OF_VERSION))


def by_source(key: str) -> Material | None:
    """Find a material by its number in the list it came from."""
    return db.session.scalar(select(Material).where(Material.source_key == key).options(*WHOLE))


def listing(filters: Filters) -> Select[Material]:
    """Select materials, by title."""
    query = select(Material)
    words = folding.search_words(filters.text) if filters.text else []
    if filters.text and not words:
        query = query.where(False)  # type: ignore[arg-type]
    for word in words:
        query = query.where(Material.search_text.contains(word, autoescape=True))
    if filters.kind is not None:
        query = query.where(Material.kind == filters.kind)
    if filters.whose is not None:
        query = query.where(Material.whose == filters.whose)
    if filters.field_id:
        query = query.where(_is_about(filters.field_id))
    if not filters.withdrawn:
        query = query.where(still_offered())
    return query.order_by(Material.sort_key, Material.id)


def _is_about(field_id: int) -> Any:
    """The condition that a material is about a task field, or about one of a group."""
    inside = or_(TaskField.id == field_id, TaskField.parent_id == field_id)
    link = exists().where(
        MaterialTaskField.material_id == Material.id,
        MaterialTaskField.task_field_id == TaskField.id,
        inside,
    )
    return link.correlate(Material)


def still_offered() -> Any:
    """The condition that a material is handed out."""
    return or_(Material.withdrawn_on.is_(None), Material.withdrawn_on > today())


def outdated() -> Any:
    """The condition that a newer version is handed out instead, as `MaterialVersion.is_outdated` says it."""
    newer = aliased(MaterialVersion)
    later = newer.material_id == MaterialVersion.material_id, newer.number > MaterialVersion.number
    return exists().where(*later, or_(_has_begun(newer), ~_any_has_begun())).correlate(MaterialVersion)


def newest_only() -> Any:
    """The condition that a version is the one of its material that is handed out."""
    return and_(~outdated(), or_(_has_begun(MaterialVersion), ~_any_has_begun()))


def _has_begun(version: Any) -> Any:
    return or_(version.valid_from.is_(None), version.valid_from <= today())


def _any_has_begun() -> Any:
    one = aliased(MaterialVersion)
    there = exists().where(one.material_id == MaterialVersion.material_id, _has_begun(one))
    return there.correlate(MaterialVersion)


def offered(also: int | None = None) -> list[Any]:
    """Number and name of the newest version of every material that is handed out, by title.

    `also` is an older version that is offered beside them, however many there are.
    """
    wanted = and_(newest_only(), still_offered())
    query = (
        select(MaterialVersion.id, Material.title, MaterialVersion.label, MaterialVersion.in_stock)
        .join(MaterialVersion.material)
        .where(or_(wanted, MaterialVersion.id == (also or 0)))
        .order_by(MaterialVersion.id != (also or 0), Material.sort_key, Material.id)
    )
    return list(db.session.execute(query.limit(MOST_OFFERED)))


def next_number(material_id: int) -> int:
    """The number the next version bears."""
    query = select(func.max(MaterialVersion.number)).where(MaterialVersion.material_id == material_id)
    return (db.session.scalar(query) or 0) + 1


def movements(version_id: int) -> list[StockMovement]:
    """The log of the stock of a version, the newest first."""
    query = select(StockMovement).where(StockMovement.version_id == version_id)
    query = query.options(joinedload(StockMovement.by)).order_by(StockMovement.id.desc())
    return list(db.session.scalars(query.limit(MOST_MOVEMENTS)))


def file_of(version_id: int) -> Document | None:
    """The file of a version; a confidential one is given out by nothing that has to do with materials."""
    query = select(Document).where(
        Document.material_version_id == version_id, Document.confidential.is_(False)
    )
    return db.session.scalar(query)
