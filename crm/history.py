"""The history of a record in words: who changed which field, and when."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Enum, column, select, table

from crm.access import Role
from crm.audit import AuditEvent, history_of
from crm.db import Base, db
from crm.i18n import day

LABELS: dict[str, Any] = {
    "held_on": _l("Day"),
    "starts_at": _l("Start"),
    "kind": _l("Kind"),
    "channel": _l("Channel"),
    "state": _l("State"),
    "place": _l("Place"),
    "confidential": _l("Confidential"),
    "file_reference": _l("File reference"),
    "note": _l("Note"),
    "agreements": _l("Agreements"),
    "next_step": _l("Next step"),
    "duration_minutes": _l("Talk"),
    "preparation_minutes": _l("Preparation"),
    "travel_minutes": _l("Travel"),
    "organisations": _l("Municipalities"),
    "parties": _l("Single municipalities"),
    "staff": _l("Advised by"),
    "task_fields": _l("Task fields"),
    "name": _l("Name"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "roles": _l("Roles"),
    "due_on": _l("Due on"),
    "owner_id": _l("Responsible"),
    "text": _l("What is to be done?"),
    "waiting_for": _l("Waiting for"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "academic_title": _l("Academic title"),
    "title": _l("Title"),
    "role": _l("Role"),
    "is_head": _l("Head of administration"),
    "valid_from": _l("From"),
    "valid_to": _l("To"),
    "language": _l("Language"),
    "theme": _l("Colours"),
    "density": _l("Line spacing of lists"),
    "deputy_id": _l("Deputy"),
    "absent_from": _l("Away from"),
    "absent_until": _l("Away until"),
}


@dataclass(frozen=True)
class Line:
    """One event as the history macro shows it."""

    at: datetime
    by_name: str
    label: Any
    changes: list[tuple[str, Any, Any]]


def lines(events: list[AuditEvent]) -> list[Line]:
    """Put names to events and words to values; values that were not stored stay unnamed."""
    names = _names({event.user_id for event in events if event.user_id} | _people_in(events))
    return [
        Line(
            event.at,
            names.get(event.user_id or 0, _("Command line")),
            event.label,
            [
                (str(LABELS[key]), _words(event, key, old, names), _words(event, key, new, names))
                for key, (old, new) in event.changes.items()
                if key in LABELS
            ],
        )
        for event in events
    ]


def _column(event: AuditEvent, key: str) -> Any:
    stored = Base.metadata.tables[event.record_type]
    return stored.c.get(key)


def _is_user(stored: Any) -> bool:
    return any(link.target_fullname == "users.id" for link in stored.foreign_keys)


def _people_in(events: list[AuditEvent]) -> set[int]:
    """Numbers of users that stand in values, so that all names come in one statement."""
    found = set()
    for event in events:
        for key, pair in event.changes.items():
            stored = _column(event, key)
            if stored is not None and _is_user(stored):
                found |= {value for value in pair if isinstance(value, int)}
    return found


def _words(event: AuditEvent, key: str, value: Any, names: dict[int, str]) -> Any:
    """Say a stored value as the screen does: labels of enums, German days, names of colleagues."""
    if isinstance(value, list):
        return ", ".join(str(Role(one).label) if key == "roles" else str(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    stored = _column(event, key)
    if value is None or stored is None:
        return value
    if _is_user(stored):
        return names.get(value, value)
    if isinstance(stored.type, Enum) and stored.type.enum_class:
        return str(stored.type.enum_class(value).label)  # type: ignore[attr-defined]
    return day(date.fromisoformat(value)) if isinstance(stored.type, Date) else value


_USERS = table("users", column("id"), column("name"))


def _names(ids: set[int]) -> dict[int, str]:
    query = select(_USERS.c.id, _USERS.c.name).where(_USERS.c.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)} if ids else {}


def last_editor(thing: Any) -> str:
    """Name who saved a record last."""
    found = lines(history_of(thing, limit=1))
    return found[0].by_name if found else ""
