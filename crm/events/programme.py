"""The programme of an event: points in their order, breaks without a speaker."""

from typing import Any

from flask_babel import gettext as _

from crm import audit
from crm.db import db
from crm.errors import RuleBroken
from crm.events.models import Event, ProgrammeItem

MOST = 100


def add(event: Event, values: dict[str, Any], by: Any) -> ProgrammeItem:
    """Add a point; one with a time stands before the first that begins later, others at the end."""
    if len(event.programme) >= MOST:
        raise RuleBroken(_("A programme has at most %(most)s points.", most=MOST), "title")
    item = ProgrammeItem(event_id=event.id, **values)
    _place(event, item)
    audit.record("event.programme-changed", event, by, programme=(None, item.title))
    return item


def change(event: Event, item: ProgrammeItem, values: dict[str, Any], by: Any) -> None:
    """Change a point; with another time it stands at another place."""
    before, title = [getattr(item, name) for name in values], item.title
    moved = item.starts_at != values["starts_at"]
    for name, value in values.items():
        setattr(item, name, value)
    if before == list(values.values()):
        return
    if moved:
        event.programme.remove(item)
        _place(event, item)
    audit.record("event.programme-changed", event, by, programme=(title, item.title))


def move(event: Event, item: ProgrammeItem, up: bool, by: Any) -> None:
    """Move a point by one place; at the edge nothing happens."""
    items = list(event.programme)
    place = items.index(item)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(items):
        return
    items[place], items[other] = items[other], items[place]
    _count(items)
    audit.record("event.programme-changed", event, by, programme=(item.title, item.title))


def drop(event: Event, item: ProgrammeItem, by: Any) -> None:
    """Take a point out."""
    event.programme.remove(item)
    _count(event.programme)
    audit.record("event.programme-changed", event, by, programme=(item.title, None))


def _place(event: Event, item: ProgrammeItem) -> None:
    items = list(event.programme)
    later = (
        place
        for place, one in enumerate(items)
        if item.starts_at and one.starts_at and one.starts_at > item.starts_at
    )
    items.insert(next(later, len(items)), item)
    _count(items)
    event.programme = items
    db.session.flush()


def _count(items: list[ProgrammeItem]) -> None:
    for place, one in enumerate(items):
        if one.position != place:
            one.position = place
