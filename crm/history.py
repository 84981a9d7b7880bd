"""The history of a record in words: who changed which field, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import column, select, table

from crm.audit import AuditEvent, history_of
from crm.db import db

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
    "follows_id": _l("Follows talk"),
    "organisations": _l("Municipalities"),
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
    """Put names to events; values that were not stored stay unnamed."""
    names = _names({event.user_id for event in events if event.user_id})
    return [
        Line(event.at, names.get(event.user_id or 0, _("Command line")), event.label, _changes(event))
        for event in events
    ]


def _changes(event: AuditEvent) -> list[tuple[str, Any, Any]]:
    return [
        (str(LABELS[key]), _words(old), _words(new))
        for key, (old, new) in event.changes.items()
        if key in LABELS
    ]


def _words(value: Any) -> Any:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value


_USERS = table("users", column("id"), column("name"))


def _names(ids: set[int]) -> dict[int, str]:
    query = select(_USERS.c.id, _USERS.c.name).where(_USERS.c.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)} if ids else {}


def last_editor(thing: Any) -> str:
    """Name who saved a record last."""
    found = lines(history_of(thing, limit=1))
    return found[0].by_name if found else ""
