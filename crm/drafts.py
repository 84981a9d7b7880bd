"""Long text is never lost: what stands in a form is kept for its writer, on the server, until it is saved.

Every opened form has a key of its own, so a call logged in between replaces nothing that was begun before.
"""

import re
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import g, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature
from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from crm.db import Model, db, now
from crm.signing import signer

LIFETIME = timedelta(days=14)
OFFERED = 5
TAKE = "entwurf"
KEYLESS = "1"
_AUTHOR = "author-of-a-form"
SECRETS = ("csrf_token", "sealed", "password", "once", "author")


class Draft(Model):
    """The unsaved fields of one form of one user; nobody else ever reads the row."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("user_id", "path", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    path: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(43), default=KEYLESS)
    query: Mapped[str] = mapped_column(String(500), default="")
    fields: Mapped[list[Any]] = mapped_column(JSON, info={"personal": True})
    saved_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def at(self) -> datetime:
        """Say when it was kept."""
        return self.saved_at

    @property
    def url_take(self) -> str:
        """Address that opens the form filled with the draft."""
        return f"{self.path}?{self.query}{'&' if self.query else ''}{TAKE}={self.key}"

    @property
    def opening(self) -> str:
        """Give the first words of the longest text, so that one knows which draft it is."""
        texts = (value for _name, value in self.fields if " " in value and not value.startswith(("{", "[")))
        words = " ".join(max(texts, key=len, default="").split())
        return words[:60] + ("…" if len(words) > 60 else "")

    @property
    def url_drop(self) -> str:
        """Address that throws the draft away (POST)."""
        return url_for("accounts.drop_draft", path=self.path, key=self.key)


def pairs(form: MultiDict[str, str]) -> list[list[str]]:
    """Give the fields worth keeping, as [name, value] pairs in order; passwords and tokens are left out."""
    return [
        [name, value]
        for name, value in form.items(multi=True)
        if not any(secret in name for secret in SECRETS)
    ]


def as_sent(values: dict[str, Any]) -> list[list[str]]:
    """Give the fields of a form as a browser sends them, from what the fields hold; rows are lists of dicts.

    What is empty is left out, as a tick that is not set.
    """
    found: list[list[str]] = []
    for name, value in values.items():
        for row, one in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(one, dict):
                found += as_sent({f"{name}-{row}-{key}": inner for key, inner in one.items()})
            elif one not in (None, "") and one is not False:
                found.append([name, _as_typed(one)])
    return found


def _as_typed(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "y" if value is True else str(getattr(value, "value", value))


def author_mark(user_id: int) -> str:
    """Sign whose form it is."""
    return str(signer(_AUTHOR).dumps(user_id))


def author_of(form: MultiDict[str, str]) -> int | None:
    """Tell whose form it was by its mark, even when no session is left; None if that cannot be told."""
    try:
        number = signer(_AUTHOR).loads(form.get("author", "")[:200])
    except BadSignature:
        return None
    return number if isinstance(number, int) else None


def new_key() -> str:
    """Make the key of one opened form."""
    return secrets.token_urlsafe(32)


def key_in(text: str | None) -> str:
    """Give the key of a form; one without a key of this shape shares a single draft at its address."""
    return text if text and re.fullmatch("[A-Za-z0-9_-]{43}", text) else KEYLESS


def keep(user_id: int, address: str, fields: list[list[str]]) -> Draft:
    """Store or replace the draft of this user for one opened form, with what its address asked for."""
    path, _mark, query = address.partition("?")
    path, key = path[:200], key_in(next((value for name, value in fields if name == "draft"), None))
    kept = [pair for pair in parse_qsl(query) if pair[0] != TAKE]
    draft = of(user_id, path, key) or _new(user_id, path, key)
    draft.query, draft.fields, draft.saved_at = urlencode(kept)[:500], fields, now()
    db.session.flush()
    return draft


def _new(user_id: int, path: str, key: str) -> Draft:
    """Make the row; a twin that made it in the same instant, or an aged one, is taken instead."""
    draft = Draft(user_id=user_id, path=path, key=key, fields=[])
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError:
        return db.session.scalars(select(Draft).where(*_mine(user_id, path), Draft.key == key)).one()
    return draft


def _mine(user_id: int, path: str) -> tuple[Any, ...]:
    return Draft.user_id == user_id, Draft.path == path[:200]


def of(user_id: int, path: str, key: str) -> Draft | None:
    """Find one living draft of this user for this form."""
    return next((draft for draft in all_of(user_id, path) if draft.key == key), None)


def all_of(user_id: int, path: str) -> list[Draft]:
    """Find the living drafts of this user at this address, the newest first."""
    living = select(Draft).where(*_mine(user_id, path), Draft.saved_at > now() - LIFETIME)
    return list(db.session.scalars(living.order_by(Draft.saved_at.desc(), Draft.id.desc())))


def drop(user_id: int, path: str, key: str | None) -> None:
    """Forget the draft of one form after saving or on request."""
    db.session.execute(delete(Draft).where(*_mine(user_id, path), Draft.key == key_in(key)))


def offered() -> list[Draft]:
    """Give the drafts of the person at the screen for the form at this address, once per request."""
    if "drafts" not in g:
        known = current_user and current_user.is_authenticated
        g.drafts = all_of(current_user.id, request.path) if known else []
    return list(g.drafts)


def taken() -> MultiDict[str, str] | None:
    """Give the fields of the draft that the address asks for (`?entwurf=` its key)."""
    if request.method != "GET" or TAKE not in request.args:
        return None
    draft = next((one for one in offered() if one.key == request.args[TAKE]), None)
    return MultiDict([(name, value) for name, value in draft.fields]) if draft else None
