"""Who came in, who was refused, what left the house: one line each in the logger `kikz.security`.

A line holds numbers and codes only. Names, addresses, texts, passwords and tokens have no field to stand in.
"""

import logging
import re
from collections.abc import Collection
from typing import Any

import click
from flask import Flask, Response, current_app, has_request_context, request
from sqlalchemy import event as events
from sqlalchemy.orm import Session

from crm.db import db
from crm.logs import action, request_id, user_id

# What is noted by `note`. What the audit records of accounts comes in by itself, under its name there.
EVENTS = frozenset({
    "sign-in", "sign-out", "guess", "password-link", "access-refused", "csrf-refused", "export",
    "confidential-read", "audit-read", "backup-created", "backup-restored", "erased",
})  # fmt: skip
MIRRORED = ("user.", "office.", "event.guests-forgotten", "inbox.emptied", "person.erased")
FIELDS = frozenset({"permission", "reason", "wait", "kind", "rows", "changed", "roles_before", "roles_after"})
CODE = re.compile(r"[A-Za-z0-9_.:+-]{1,120}")
WAITING = "kikz.security"
log = logging.getLogger("kikz.security")


def note(
    event: str,
    result: str = "ok",
    by: int | None = None,
    about: tuple[str, int | None] | None = None,
    **fields: str | int | None,
) -> None:
    """Write one security event, now.

    `event` is one of EVENTS (KeyError for another). `by` is the number of the acting account if it is not the
    one signed in, `about` the kind and number of the object if it is not the one in the address. Further
    fields are those of FIELDS (KeyError for another) and hold numbers or codes; other words become "?".
    What only counts if it is saved belongs into `after_commit` instead.
    """
    if event not in EVENTS:
        raise KeyError(event)
    _write(event, result, by, about, fields)


def after_commit(
    event: str, by: int | None, about: tuple[str, int | None], **fields: str | int | None
) -> None:
    """Write one security event once the transaction at hand is saved, and never if it is not."""
    db.session.info.setdefault(WAITING, []).append((event, "ok", by, about, fields))


def mirror(name: str, by: int | None, about: tuple[str, int], changes: dict[str, Any]) -> None:
    """Take over what the audit records of accounts, settings and erasing: which fields, no values."""
    if not name.startswith(MIRRORED):
        return
    fields: dict[str, Any] = {"changed": "+".join(sorted(changes)) or None}
    if "roles" in changes:
        before, after = (_joined(one) for one in changes["roles"])
        fields |= {"roles_before": before, "roles_after": after}
    after_commit(name, by, about, **fields)


def _joined(roles: Collection[str] | None) -> str | None:
    return "+".join(sorted(roles or ())) or None


@events.listens_for(db.session, "after_commit")
def _saved(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for event, result, by, about, fields in session.info.pop(WAITING, ()):
        _write(event, result, by, about, fields)


@events.listens_for(db.session, "after_rollback")
def _lost(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(WAITING, None)


def _write(
    event: str, result: str, by: int | None, about: tuple[str, int | None] | None, fields: dict[str, Any]
) -> None:
    kind, number = about or _addressed()
    line = {
        "result": result,
        "user_id": by if by is not None else user_id(),
        "source": request.remote_addr if has_request_context() else None,
        "action": action() or _command(),
        "object_type": kind,
        "object_id": number,
        "request_id": request_id(),
    }
    if unknown := fields.keys() - FIELDS:
        raise KeyError(sorted(unknown)[0])
    line |= {name: value for name, value in fields.items() if value is not None}
    log.info(event, extra={"fields": {name: _code(value) for name, value in line.items()}})


def _code(value: Any) -> Any:
    """Let numbers and codes through; a word that somebody could have typed is none."""
    if value is None or isinstance(value, int):
        return value
    return value if all(CODE.fullmatch(part) for part in str(value).split(" ")) else "?"


def _addressed() -> tuple[str | None, int | None]:
    """Give the object that the address names."""
    given = (request.view_args or {}) if has_request_context() else {}
    found = ((name[:-3], one) for name, one in given.items() if name.endswith("_id") and isinstance(one, int))
    return next(found, (None, None))


def _command() -> str | None:
    """Name the command of the command line, without what was typed behind it."""
    context = click.get_current_context(silent=True)
    names: list[str] = []
    while context is not None and context.parent is not None:
        names.insert(0, context.info_name or "-")
        context = context.parent
    return " ".join(["flask", *names]) if names else None


def look(answer: Response) -> Response:
    """Note what was refused and which files left the house."""
    signed_in = user_id() is not None
    if answer.status_code in (401, 403) or (answer.status_code == 404 and signed_in and request.endpoint):
        label = getattr(current_app.view_functions.get(request.endpoint or ""), "permission", None)
        note("access-refused", str(answer.status_code), permission=label.value if label else None)
    elif signed_in and answer.headers.get("Content-Disposition", "").startswith("attachment"):
        note("export", kind=(answer.mimetype or "").rpartition("/")[2])
    return answer


def init_app(app: Flask) -> None:
    """Look at every answer."""
    app.after_request(look)
