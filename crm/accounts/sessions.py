"""The session cookie holds a signed random token and nothing else; the rest lies in the database."""

import hashlib
import hmac
import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadSignature
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from crm import faults
from crm.accounts.models import User, UserSession
from crm.db import SAFE_METHODS, db, now, short_write
from crm.signing import signer
from crm.tokens import hash_of, new_token

NOTE_USE_EVERY = timedelta(minutes=1)
COOKIE = "kikz-session"
log = logging.getLogger("kikz")


class TokenSession(dict[str, Any], SessionMixin):
    """Looks like Flask's session; `token` goes into the cookie, flashed messages into the session's row."""

    def __init__(self, token: str, fresh: bool):
        super().__init__()
        self.token, self.fresh, self.needed = token, fresh, False
        self.row_id: int | None = None
        self.proven_at: datetime | None = None
        self.elsewhere = False
        self.known: list[Any] = []
        super().__setitem__("csrf_token", _derived(token))

    def __getitem__(self, key: str) -> Any:
        if key == "csrf_token":
            self.needed = True
        return super().__getitem__(key)

    def replace(self, token: str) -> None:
        """Take a new token at sign-in and sign-out, so that an old one is worth nothing."""
        self.token, self.fresh, self.needed, self.row_id = token, True, True, None
        super().__setitem__("csrf_token", _derived(token))

    def state(self) -> dict[str, Any]:
        """Give all that a view may change, so that it can be put back."""
        return {**vars(self), "kept": self | {"_flashes": tuple(self.get("_flashes", []))}}

    def put_back(self, state: dict[str, Any]) -> None:
        """Be again as before: a token whose row was rolled back would open nothing."""
        changed = self.token != state["token"]
        self.clear()
        # A message is added to its list in place: each time it needs a list of its own.
        self.update(state["kept"], _flashes=list(state["kept"]["_flashes"]))
        if changed:
            vars(self).update({name: value for name, value in state.items() if name != "kept"})

    def show(self, row: UserSession) -> None:
        """Bring in the messages that wait in the row."""
        self.row_id, self.known = row.id, list(row.messages)
        self.proven_at, self.elsewhere = row.proven_at, row.elsewhere
        if self.known:
            self["_flashes"] = [tuple(message) for message in self.known]


def _derived(token: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"csrf:" + token.encode(), hashlib.sha256).hexdigest()


class TokenSessions(SessionInterface):
    """Reads and writes the cookie."""

    def open_session(self, app: Flask, request: Request) -> TokenSession:
        """Take the token of a rightly signed cookie, or make a new one that nobody has signed in with."""
        cookie = request.cookies.get(app.config["SESSION_COOKIE_NAME"], "")
        try:
            token = signer(COOKIE).loads(cookie[:300])
        except BadSignature:
            token = None
        good = isinstance(token, str) and len(token) == 43
        return TokenSession(token if good else new_token(), fresh=not good)

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Set the cookie only where it is needed; keep messages in the row."""
        _keep_messages(session)
        if not (session.fresh and session.needed):
            return
        response.set_cookie(
            app.config["SESSION_COOKIE_NAME"],
            signer(COOKIE).dumps(session.token),
            path=app.config["SESSION_COOKIE_PATH"],
            secure=app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        response.vary.add("Cookie")


def _keep_messages(session: TokenSession) -> None:
    waiting = [list(message) for message in session.get("_flashes", [])]
    if waiting == session.known or session.row_id is None:
        return
    db.session.rollback()
    kept = update(UserSession).where(UserSession.id == session.row_id).values(messages=waiting)
    try:
        db.session.execute(kept)
        db.session.commit()
    except (DBAPIError, NoConnection) as error:
        # What the request was about is saved or refused already; its answer counts more than a message.
        log.warning("messages not kept: %s", type(getattr(error, "orig", error)).__name__)
        db.session.remove()


def current_row() -> UserSession | None:
    """Find the row of the token at hand, ended or not."""
    token: TokenSession = session._get_current_object()  # type: ignore[attr-defined]
    if token.fresh and token.row_id is None:
        return None
    return db.session.scalar(select(UserSession).where(UserSession.token_hash == hash_of(token.token)))


def load_user(_request: Request) -> User | None:
    """Give the user of a living session; note the use at most once a minute."""
    row = current_row()
    if row is None or not _alive(row):
        return None
    if row.vouched_until is not None and row.vouched_until < now():
        still_there = current_app.extensions["vouch_again"](row)
        row = current_row() if still_there else None
        if row is None:
            return None
    session.show(row)  # type: ignore[attr-defined]
    g.session_began = row.created_at
    if now() - row.last_used_at > NOTE_USE_EVERY:
        _note_use(row)
    return row.user


def seconds_left() -> int:
    """How long the session at hand may last at most, however busy it is."""
    began = g.get("session_began") or now()
    return int((began + current_app.config["SESSION_ABSOLUTE"] - now()).total_seconds())


def _alive(row: UserSession) -> bool:
    idle, absolute = current_app.config["SESSION_IDLE"], current_app.config["SESSION_ABSOLUTE"]
    return (
        row.ended_at is None
        and row.user.is_active
        and now() - row.last_used_at <= idle
        and now() - row.created_at <= absolute
    )


def _note_use(row: UserSession) -> None:
    noted = update(UserSession).where(UserSession.id == row.id).values(last_used_at=now())
    if request.method in SAFE_METHODS:
        # A page that is only read is not refused because somebody else is writing.
        with suppress(OperationalError, NoConnection), short_write() as connection:
            connection.execute(noted)
    else:
        with faults.aside():
            db.session.execute(noted.execution_options(synchronize_session=False))
            db.session.commit()


def browser_token() -> str:
    """Give the token of this browser, signed in or not, and see that it has a cookie with it."""
    token: TokenSession = session._get_current_object()  # type: ignore[attr-defined]
    token.needed = True
    return token.token


def note_use() -> None:
    """Let the idle time of the session at hand begin anew; the caller commits."""
    if row := current_row():
        row.last_used_at = now()


def begin(user: User, elsewhere: bool = False) -> UserSession:
    """Open a session for a user under a new token; the caller commits.

    `elsewhere` says that another server vouched for the user: its second factor counts.
    """
    token = new_token()
    row = UserSession(token_hash=hash_of(token), user_id=user.id, messages=[], elsewhere=elsewhere)
    db.session.add(row)
    db.session.flush()
    session.replace(token)  # type: ignore[attr-defined]
    session.row_id, session.known = row.id, []  # type: ignore[attr-defined]
    session.proven_at, session.elsewhere = row.proven_at, elsewhere  # type: ignore[attr-defined]
    return row


def wait_outside() -> str:
    """Give this browser a new token that opens nothing yet; give its hash, by which a step is known again."""
    token = new_token()
    session.replace(token)  # type: ignore[attr-defined]
    return hash_of(token)


def mark_at_hand() -> str:
    """Give the hash of the token this browser carries, whether it opens a session or not."""
    return hash_of(session.token)  # type: ignore[attr-defined]


def is_proven() -> bool:
    """Tell whether the person at the screen gave the password a short while ago."""
    at = session.proven_at  # type: ignore[attr-defined]
    return at is not None and now() - at <= current_app.config["PROOF"]


def prove() -> None:
    """Note that the password was just given; the session goes on under a new token. The caller commits."""
    row, token = current_row(), new_token()
    if row is None:
        raise LookupError("a proof belongs to a session")
    row.token_hash, row.proven_at = hash_of(token), now()
    session.replace(token)  # type: ignore[attr-defined]
    session.show(row)  # type: ignore[attr-defined]


def go_on() -> None:
    """Let the session at hand go on under a new token after all sessions of its owner have ended.

    The caller commits. It stays the same session: who vouches for it and how long it lasts stay as they were.
    """
    row = current_row()
    if row is None:
        raise LookupError("there is no session that could go on")
    row.ended_at = None
    prove()


def end(row: UserSession | None) -> None:
    """End one session; the caller commits."""
    if row is not None and row.ended_at is None:
        row.ended_at, row.messages = now(), []
    session.replace(new_token())  # type: ignore[attr-defined]


def end_all(user: User) -> None:
    """End every session of a user at once; the caller commits."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.ended_at.is_(None))
        .values(ended_at=now(), messages=[])
    )
