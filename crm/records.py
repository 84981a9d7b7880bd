"""Create, change, remove and restore records that have no special rules."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, event, text
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria

from crm import audit
from crm.db import db, now


class Removable:
    """Mixin of records that go to the trash instead of vanishing; each table has a `trash_index`."""

    removed_at: Mapped[datetime | None] = mapped_column(active_history=True)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    removal: Mapped[str | None] = mapped_column(String(22))


def trash_index(table: str) -> Index:
    """Index what lies in the trash and nothing else: SQLite would use it to find all that does not."""
    gone = text("removed_at IS NOT NULL")
    return Index(f"ix_{table}_removed_at", "removed_at", sqlite_where=gone, postgresql_where=gone)


# Made once, for every statement gets it.
_THERE = with_loader_criteria(Removable, lambda cls: cls.removed_at.is_(None), include_aliases=True)


@event.listens_for(Session, "do_orm_execute")
def _hide_removed(state: ORMExecuteState) -> None:
    if state.is_select and not state.is_column_load and not state.execution_options.get("include_removed"):
        state.statement = state.statement.options(_THERE)


def create(model: Any, values: dict[str, Any], by: Any, event_name: str) -> Any:
    """Make a record from values and note it."""
    thing = model(**values)
    db.session.add(thing)
    audit.record(event_name, thing, by)
    return thing


def change(thing: Any, values: dict[str, Any], by: Any, event_name: str) -> Any:
    """Set values on a record and note the difference; nothing is noted when nothing changed."""
    for name, value in values.items():
        if getattr(thing, name) != value:
            setattr(thing, name, value)
    if audit.difference(thing):
        audit.record(event_name, thing, by)
    return thing


def set_different(record: Any, columns: tuple[str, ...], values: dict[str, Any]) -> bool:
    """Set what differs in some columns, without noting it; tell whether anything did."""
    different = [name for name in columns if name in values and getattr(record, name) != values[name]]
    for name in different:
        setattr(record, name, values[name])
    return bool(different)


def remove(things: list[Any], by: Any, event_name: str) -> str:
    """Put the first record and what hangs on it into the trash together; give the removal's mark."""
    mark = secrets.token_urlsafe(16)
    for thing in things:
        thing.removed_at, thing.removed_by_id, thing.removal = now(), getattr(by, "id", None), mark
    audit.record(event_name, things[0], by)
    return mark


def restore(things: list[Any], by: Any, event_name: str) -> None:
    """Take back one removal with everything that went with it."""
    for thing in things:
        thing.removed_at = thing.removed_by_id = thing.removal = None
    audit.record(event_name, things[0], by)
