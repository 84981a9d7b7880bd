"""Long text is never lost: what stands in a form is kept for its writer, on the server, until it is saved."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import current_app, g, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from crm.db import Model, db, now

LIFETIME = timedelta(days=14)
TAKE = "entwurf"
SECRETS = ("csrf_token", "sealed", "password", "once", "author")


class Draft(Model):
    """The unsaved fields of one form of one user; nobody else ever reads the row."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("user_id", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    path: Mapped[str] = mapped_column(String(200))
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
        return f"{self.path}?{self.query}{'&' if self.query else ''}{TAKE}=1"

    @property
    def url_drop(self) -> str:
        """Address that throws the draft away (POST)."""
        return url_for("accounts.drop_draft", path=self.path)


def pairs(form: MultiDict[str, str]) -> list[list[str]]:
    """Give the fields worth keeping, as [name, value] pairs in order; passwords and tokens are left out."""
    return [
        [name, value]
        for name, value in form.items(multi=True)
        if not any(secret in name for secret in SECRETS)
    ]


def _marks() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="author-of-a-form")


def author_mark(user_id: int) -> str:
    """Sign whose form it is."""
    return str(_marks().dumps(user_id))


def author_of(form: MultiDict[str, str]) -> int | None:
    """Tell whose form it was by its mark, even when no session is left; None if that cannot be told."""
    try:
        number = _marks().loads(form.get("author", "")[:200])
    except BadSignature:
        return None
    return number if isinstance(number, int) else None


def keep(user_id: int, address: str, fields: list[list[str]]) -> Draft:
    """Store or replace the draft of this user for the form at an address, with what the address asked for."""
    path, _mark, query = address.partition("?")
    kept = [pair for pair in parse_qsl(query) if pair[0] != TAKE]
    draft = of(user_id, path) or _new(user_id, path)
    draft.query, draft.fields, draft.saved_at = urlencode(kept)[:500], fields, now()
    db.session.flush()
    return draft


def _new(user_id: int, path: str) -> Draft:
    """Make the row; a twin that made it in the same instant is taken instead."""
    draft = Draft(user_id=user_id, path=path[:200], fields=[])
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError:
        return db.session.scalars(
            select(Draft).where(Draft.user_id == user_id, Draft.path == path[:200])
        ).one()
    return draft


def of(user_id: int, path: str) -> Draft | None:
    """Find the living draft of this user for this form."""
    return db.session.scalar(
        select(Draft).where(
            Draft.user_id == user_id, Draft.path == path[:200], Draft.saved_at > now() - LIFETIME
        )
    )


def drop(user_id: int, path: str) -> None:
    """Forget the draft after saving or on request."""
    db.session.execute(delete(Draft).where(Draft.user_id == user_id, Draft.path == path[:200]))


def sweep() -> int:
    """Delete drafts past their lifetime; give their number."""
    return int(db.session.execute(delete(Draft).where(Draft.saved_at <= now() - LIFETIME)).rowcount)  # type: ignore[attr-defined]


def offered() -> Draft | None:
    """Give the draft of the person at the screen for the form at this address, once per request."""
    if "draft" not in g:
        known = current_user and current_user.is_authenticated
        g.draft = of(current_user.id, request.path) if known else None
    return g.draft


def taken() -> MultiDict[str, str] | None:
    """Give the fields of the draft when the address asks for them (`?entwurf=1`)."""
    if request.method != "GET" or TAKE not in request.args:
        return None
    draft = offered()
    return MultiDict([(name, value) for name, value in draft.fields]) if draft else None
