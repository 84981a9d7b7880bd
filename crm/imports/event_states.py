"""What a row asks of an event, as plain values: compared with what is stored, kept by the run, set again."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm.db import BERLIN, db, today
from crm.events.models import Entrance, Event, EventKind, EventState, Precision
from crm.events.services import describe, set_hosts
from crm.events.times import when
from crm.folding import fold
from crm.imports import runs
from crm.imports.event_columns import OWN_NAMES
from crm.imports.event_entries import EventEntry
from crm.imports.runs import State
from crm.task_fields.models import TaskField

TABLE = "events"
KEYS = ("title", "kind", "day", "precision", "place_id", "venue", "hosts", "task_fields", "note", "source")
_CENTRE = {"yes": "ja", "ja": "ja", "no": "nein", "nein": "nein", "unknown": "nicht bekannt"}
_EXACT = {
    "exact address": "genaue Adresse", "site and page or document": "Seite und Dokument",
    "site only": "nur die Seite", "not recorded": "nicht festgehalten",
}  # fmt: skip


def desired(
    entry: EventEntry, place_id: int | None, hosts: list[tuple[int | None, str]], fields: list[int], rest: str
) -> State:
    """Give the state a row asks for; `rest` is what of its topic no task field stands for."""
    return {
        "title": entry.title, "kind": entry.kind.value, "precision": entry.precision.value,
        "day": entry.day.isoformat() if entry.day else None, "place_id": place_id,
        "venue": venue_of(entry) or None, "hosts": [list(one) for one in hosts],
        "task_fields": sorted(fields), "note": _note(entry, rest), "source": entry.url or None,
    }  # fmt: skip


def venue_of(entry: EventEntry) -> str:
    """Name the house; a part of a municipality that the list calls the place stands before it."""
    return ", ".join(part for part in (entry.venue, entry.place if entry.is_part else "") if part)


def _note(entry: EventEntry, rest: str) -> str | None:
    """Give the note of the list and below it, line by line, what has no field of its own.

    It is stored, so it is German whoever imports it.
    """
    with force_locale("de"):
        facts = list(_facts(entry, rest))
        listed = "\n".join([_("From the list:"), *(f"- {one}" for one in facts)]) if facts else ""
    return "\n\n".join(filter(None, (entry.note, listed))) or None


def _facts(entry: EventEntry, rest: str) -> Iterator[str]:
    if entry.date_text and entry.date_text != _day_words(entry):
        yield _("Time: %(time)s", time=entry.date_text)
    if fold(entry.kind_text) not in OWN_NAMES and entry.kind_text:
        yield _("Kind: %(kind)s", kind=entry.kind_text)
    if rest:
        yield _("Topic: %(topic)s", topic=rest)
    if entry.guests:
        yield _("Guests: %(guests)s", guests=entry.guests)
    if entry.centre:
        yield _("Centre involved: %(answer)s", answer=_CENTRE.get(entry.centre.casefold(), entry.centre))
    if entry.url_precision:
        said = _EXACT.get(entry.url_precision.casefold(), entry.url_precision)
        yield _("Source named: %(how)s", how=said)


def _day_words(entry: EventEntry) -> str:
    return when(Event(starts_at=_midnight(entry.day), precision=entry.precision)).rpartition(", ")[2]


def load(ids: Iterable[int]) -> dict[int, Event]:
    """Events by number, those in the trash too, with all that their states tell."""
    whole = selectinload(Event.hosts), selectinload(Event.task_fields)
    return runs.records_by_number(Event, ids, *whole)


def stored(event: Event) -> State:
    """Give the state an event is in."""
    return {
        "title": event.title, "kind": event.kind.value, "precision": event.precision.value,
        "day": event.day.isoformat() if event.day else None, "place_id": event.place_id,
        "venue": event.venue, "hosts": [[one.organisation_id, one.name] for one in event.hosts],
        "task_fields": sorted(one.id for one in event.task_fields), "note": event.note,
        "source": event.source,
    }  # fmt: skip


def new_event(state: State) -> Event:
    """Make an event of the past: it was held; one that lies ahead is planned."""
    event = Event(title="", kind=EventKind.INFORMATION, entrance=Entrance.UNLISTED)
    db.session.add(event)
    with db.session.no_autoflush:
        write(event, state)
    ahead = event.day is not None and event.day > today() and event.precision is Precision.DAY
    event.state = EventState.PLANNED if ahead else EventState.HELD
    return event


def write(event: Event, state: State) -> None:
    """Set what a state says; keys it does not have stay."""
    for name in ("title", "venue", "place_id", "note", "source"):
        if name in state:
            setattr(event, name, state[name])
    if "kind" in state:
        event.kind = EventKind(state["kind"])
    if "precision" in state:
        event.precision = Precision(state["precision"])
    if "day" in state:
        day = date.fromisoformat(state["day"]) if state["day"] else None
        event.starts_at, event.ends_at = _midnight(day), None
    if "task_fields" in state:
        query = select(TaskField).where(TaskField.id.in_(state["task_fields"]))
        event.task_fields = list(db.session.scalars(query.order_by(TaskField.name)))
    if "hosts" in state:
        _set_hosts(event, state["hosts"])
    describe(event)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(0), BERLIN) if day else None


def _set_hosts(event: Event, hosts: list[list[Any]]) -> None:
    set_hosts(event, [one[0] for one in hosts if one[0]], [one[1] for one in hosts if not one[0]])
