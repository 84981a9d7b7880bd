"""The history of a record in words: who changed which field, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Date, Enum, Time, column, select, table

from crm.access import Role
from crm.audit import AuditEvent, history_of
from crm.db import Base, Euro, Moment, db
from crm.field_names import LABELS, OWN_LABELS
from crm.i18n import clock, day, euros, moment

# Guests change these by their personal links, and time does.
OF_GUESTS = ("registrations", "invitations", "barrier_reports", "practice_examples", "minutes")
# What a new record holds is no change of anything.
BEGINNINGS = (".created", ".logged", ".reported", ".drafted")
# Areas to the right say which names of files in some events whoever looks may not read.
KEPT_BACK: list[Callable[[list[AuditEvent]], set[str]]] = []
# Tables whose records have a name, and the column it stands in.
_NAMED = {"users": "name", "organisations": "name", "task_fields": "name", "cooperations": "title"}


@dataclass(frozen=True)
class Line:
    """One event as the history macro shows it."""

    at: datetime
    by_name: str
    label: Any
    changes: list[tuple[str, Any, Any]]
    about: str = ""


def lines(
    events: list[AuditEvent], about: dict[tuple[str, int], str] | None = None, values: bool = True
) -> list[Line]:
    """Put names to events and words to values; values that were not stored stay unnamed.

    `about` says which of several records of a page an event is about, by (table, number). Without `values`
    nothing is said of what changed.
    """
    names, subjects = _all_names(events, values), about or {}
    hidden = {one for kept_back in KEPT_BACK for one in kept_back(events)} if values else set()
    return [
        Line(
            event.at,
            names.get(("users", event.user_id or 0), _nobody(event)),
            event.label,
            _changes(event, names, hidden) if values and not event.name.endswith(BEGINNINGS) else [],
            subjects.get((event.record_type, event.record_id), ""),
        )
        for event in events
    ]


def _nobody(event: AuditEvent) -> str:
    """Name who did something without an account."""
    by_guests = event.record_type in OF_GUESTS
    return _("Guest, or the program by itself") if by_guests else _("Command line")


def _changes(event: AuditEvent, names: "Names", hidden: set[str]) -> list[tuple[str, Any, Any]]:
    def words(key: str, value: Any) -> Any:
        if key == "documents" and value in hidden:
            return _("confidential document")
        return _words(event, key, value, names)

    return [
        (str(OWN_LABELS.get((event.record_type, key)) or LABELS[key]), words(key, old), words(key, new))
        for key, (old, new) in event.changes.items()
        if key in LABELS
    ]


def _column(event: AuditEvent, key: str) -> Any:
    stored = Base.metadata.tables[event.record_type]
    return stored.c.get(key)


def _leads_to(stored: Any) -> str | None:
    """The table whose records have names that a number in this column stands for."""
    found = (link.target_fullname.partition(".")[0] for link in stored.foreign_keys)
    return next((name for name in found if name in _NAMED), None)


def _all_names(events: list[AuditEvent], values: bool) -> "Names":
    """Names for all numbers in values and of all who did something, in one statement for each table."""
    wanted: dict[str, set[int]] = {"users": {event.user_id for event in events if event.user_id}}
    for event in events if values else ():
        for key, pair in event.changes.items():
            stored = _column(event, key) if key in LABELS else None
            target = None if stored is None else _leads_to(stored)
            if target is not None:
                wanted.setdefault(target, set()).update(one for one in pair if isinstance(one, int))
    return {
        (name, number): text for name, ids in wanted.items() for number, text in _names(name, ids).items()
    }


def _words(event: AuditEvent, key: str, value: Any, names: "Names") -> Any:
    """Say a stored value as the screen does: labels of enums, German days, names instead of numbers."""
    if isinstance(value, list):
        return ", ".join(str(Role(one).label) if key == "roles" else str(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    stored = _column(event, key)
    if value is None or stored is None:
        return value
    if target := _leads_to(stored):
        return names.get((target, value), value)
    if isinstance(stored.type, Enum) and stored.type.enum_class:
        return str(stored.type.enum_class(value).label)  # type: ignore[attr-defined]
    if isinstance(stored.type, Euro):
        return euros(Decimal(value))
    if isinstance(stored.type, Time):
        return clock(time.fromisoformat(value))
    if isinstance(stored.type, Moment):
        return moment(datetime.fromisoformat(value))
    return day(date.fromisoformat(value)) if isinstance(stored.type, Date) else value


Names = dict[tuple[str, int], str]


def _names(name: str, ids: set[int]) -> dict[int, str]:
    called: Any = column(_NAMED[name])
    named = table(name, column("id"), called)
    query = select(named.c.id, called).where(named.c.id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(query)} if ids else {}


def last_editor(thing: Any) -> str:
    """Name who saved a record last."""
    found = lines(history_of(thing, limit=1))
    return found[0].by_name if found else ""
