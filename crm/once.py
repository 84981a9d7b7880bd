"""Double click, resend, back button: one form makes one record."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, redirect
from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Model, db, now

LIFETIME = timedelta(days=30)


class Submission(Model):
    """A form that has been saved, and where its answer led."""

    __tablename__ = "submissions"

    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    content: Mapped[str] = mapped_column(String(12))
    target: Mapped[str] = mapped_column(String(500))
    at: Mapped[datetime] = mapped_column(default=now)


class AlreadyDone(Exception):
    """The form was saved before; `target` is the address its first answer gave."""

    def __init__(self, target: str):
        super().__init__(target)
        self.target = target


def new_key() -> str:
    """Make the mark of one opened form."""
    return secrets.token_urlsafe(32)


def is_key(text: str) -> bool:
    """Tell whether this is such a mark, and not something else in its field."""
    return re.fullmatch("[A-Za-z0-9_-]{43}", text) is not None


def check(key: str, user: Any, content: str) -> bool:
    """Raise AlreadyDone when this very form was saved; tell whether it was saved with other content."""
    query = select(Submission).where(Submission.key == key, Submission.user_id == user.id)
    found = db.session.scalar(query)
    if found is not None and found.content == content:
        raise AlreadyDone(found.target)
    return found is not None


def claim(key: str, user: Any, content: str) -> None:
    """Take the mark before anything is made: a parallel twin waits here and then raises AlreadyDone."""
    user_id = user.id
    db.session.add(Submission(key=key, user_id=user_id, content=content, target=""))
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        found = db.session.get(Submission, key)
        if found is None or found.user_id != user_id:
            raise
        raise AlreadyDone(found.target) from None


def settle(key: str, target: str) -> None:
    """Note in the same transaction where the saved form leads."""
    db.session.execute(update(Submission).where(Submission.key == key).values(target=target))


def init_app(app: Flask) -> None:
    """Answer a second saving like the first."""
    app.register_error_handler(AlreadyDone, _answer_again)


def _answer_again(done: AlreadyDone) -> Any:
    db.session.rollback()
    return redirect(done.target, 303)
