"""Questions about documents: which of them somebody may see, the newest versions, and what came before."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, defer, joinedload

from crm.access import Permission
from crm.db import db
from crm.documents.models import Document, PagePicture, Preview

PANEL = 5


@dataclass(frozen=True)
class Listed:
    """A document on a list: its newest version, and how many older ones there are."""

    document: Document
    older: int


@dataclass(frozen=True)
class Panel:
    """The newest documents of something, and how many it has."""

    rows: list[Listed]
    total: int


def visible_to(user: Any) -> Select[Document]:
    """Select the documents that a user may see; the confidential ones only for those who read such talks."""
    query: Select[Any] = select(Document)
    return query if user.may(Permission.READ_CONFIDENTIAL) else query.where(Document.confidential.is_(False))


def newest() -> ColumnElement[bool]:
    """Give the condition that no other version replaces a document."""
    later = aliased(Document)
    return ~exists().where(later.previous_id == Document.id)


def of(user: Any, condition: ColumnElement[bool]) -> Select[Document]:
    """Select the newest versions of the documents of something, those that came last first."""
    query = visible_to(user).where(condition, newest())
    return query.order_by(Document.created_at.desc(), Document.id.desc())


def panel(user: Any, condition: ColumnElement[bool], most: int = PANEL) -> Panel:
    """Give the newest documents of something, in one statement."""
    if not user.may(Permission.READ_CONTENT):
        return Panel([], 0)
    count = _older(condition)
    query: Any = of(user, condition).outerjoin(count, count.c.top == Document.id).limit(most)
    query = query.add_columns(count.c.older, func.count().over().label("total"))
    rows = db.session.execute(query).all()
    listed = [Listed(document, older or 0) for document, older, _total in rows]
    return Panel(listed, rows[0].total if rows else 0)


def with_older(documents: list[Document]) -> list[Listed]:
    """Tell of the documents of a page how many older versions each has."""
    if not any(one.previous_id for one in documents):
        return [Listed(one, 0) for one in documents]
    count = _older(Document.id.in_([one.id for one in documents]))
    known: dict[int, int] = {row.top: row.older for row in db.session.execute(select(count))}
    return [Listed(one, known.get(one.id, 0)) for one in documents]


def _older(condition: ColumnElement[bool]) -> Any:
    """Count what stands behind each of some versions."""
    first = select(Document.id.label("top"), Document.previous_id.label("at"))
    chain = first.where(condition, Document.previous_id.is_not(None)).cte("chain", recursive=True)
    before = select(chain.c.top, Document.previous_id).join(Document, Document.id == chain.c.at)
    chain = chain.union_all(before.where(Document.previous_id.is_not(None)))
    return select(chain.c.top, func.count().label("older")).group_by(chain.c.top).subquery()


def one(user: Any, document_id: int) -> Document | None:
    """Give a document that a user may see, without its bytes."""
    return db.session.scalar(visible_to(user).where(Document.id == document_id))


def versions(document: Document) -> list[Document]:
    """All versions of a document, the newest first; it may be any of them."""
    start = select(Document.id.label("id"), Document.previous_id.label("previous_id"))
    start = start.where(Document.id == document.id)
    down, up = start.cte("down", recursive=True), start.cte("up", recursive=True)
    step = select(Document.id, Document.previous_id)
    down = down.union_all(step.join(down, Document.id == down.c.previous_id))
    up = up.union_all(step.join(up, Document.previous_id == up.c.id))
    wanted = or_(Document.id.in_(select(down.c.id)), Document.id.in_(select(up.c.id)))
    query = select(Document).where(wanted).options(joinedload(Document.uploaded_by))
    found = {one.id: one for one in db.session.scalars(query)}
    following = {one.previous_id: one for one in found.values()}
    ordered = [next(one for one in found.values() if one.previous_id not in found)]
    while ordered[-1].id in following:
        ordered.append(following[ordered[-1].id])
    return ordered[::-1]


def replaced_by(document: Document) -> Document | None:
    """The version that replaces this one."""
    return db.session.scalar(select(Document).where(Document.previous_id == document.id))


def preview(document_id: int) -> Preview | None:
    """What became of its pictures; None while nobody has tried."""
    return db.session.get(Preview, document_id)


def pictures(document_id: int) -> list[PagePicture]:
    """Its pictures without their bytes."""
    query = select(PagePicture).where(PagePicture.document_id == document_id).order_by(PagePicture.number)
    return list(db.session.scalars(query.options(defer(PagePicture.content))))


def picture(document_id: int, number: int) -> bytes | None:
    """The picture of one page."""
    query = select(PagePicture.content)
    return db.session.scalar(
        query.where(PagePicture.document_id == document_id, PagePicture.number == number)
    )


def for_guests(event_id: int) -> list[Document]:
    """The papers of an event that its guests may have, without their bytes; only the newest of each."""
    query = select(Document).where(Document.event_id == event_id, Document.for_guests, newest())
    return list(db.session.scalars(query.order_by(Document.id).limit(50)))


def one_for_guests(event_id: int, document_id: int) -> Document | None:
    """One of them; of an older version the number leads nowhere."""
    query = select(Document).where(
        Document.id == document_id, Document.event_id == event_id, Document.for_guests, newest()
    )
    return db.session.scalar(query)
