"""Users with their roles, their sessions, and attempts to sign in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from crm.access import Permission, Role, allowed
from crm.db import Model, Record, now, today


class RoleSet(TypeDecorator[frozenset[Role]]):
    """A few roles in one column, as words in a fixed order."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        """Write the values, sorted."""
        return " ".join(sorted(role.value for role in value or ()))

    def process_result_value(self, value, dialect):
        """Read them back."""
        return frozenset(Role(word) for word in (value or "").split())


class User(Record):
    """Somebody who signs in. Users are locked, never deleted."""

    __tablename__ = "users"

    is_authenticated = True
    is_anonymous = False

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    roles: Mapped[frozenset[Role]] = mapped_column(RoleSet)
    must_change_password: Mapped[bool] = mapped_column(default=True)
    password_until: Mapped[datetime | None]
    locked_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(5), default="de")
    theme: Mapped[str] = mapped_column(String(10), default="auto")
    density: Mapped[str] = mapped_column(String(10), default="roomy")
    hotkeys: Mapped[bool] = mapped_column(default=True)
    morning_mail: Mapped[bool] = mapped_column(default=True)
    feed_number: Mapped[int] = mapped_column(default=0)
    absent_from: Mapped[date | None]
    absent_until: Mapped[date | None]
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    deputy: Mapped["User | None"] = relationship(remote_side="User.id")

    @property
    def is_active(self) -> bool:
        """Tell whether the account may be used."""
        return self.locked_at is None

    @property
    def is_absent(self) -> bool:
        """Tell whether the person is away today."""
        return bool(
            self.absent_from and self.absent_from <= today() and (self.absent_until or date.max) >= today()
        )

    @property
    def sign(self) -> str:
        """The short form on lists: M. Sander."""
        first, _, last = self.name.rpartition(" ")
        return f"{first[0]}. {last}" if first else last

    @property
    def role_names(self) -> str:
        """Roles in words, in the order of the table of grants."""
        return ", ".join(str(role.label) for role in Role if role in self.roles)

    @property
    def password_link_basis(self) -> str:
        """What a link to a new password rests on: it dies with the password and with the address."""
        return f"{self.password_hash} {self.email}"

    def get_id(self) -> str:
        """Number as text, for Flask-Login."""
        return str(self.id)

    def may(self, permission: Permission) -> bool:
        """Ask the table of grants."""
        return allowed(self.roles, permission)


class UserSession(Model):
    """A sign-in of one browser. Only the hash of its token is stored.

    `proven_at` is when its owner last gave the password; `elsewhere` says that another server vouched for
    the owner, so that its second factor counts and ours is not asked for.
    """

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    # Set for a session that a sign-on service vouches for; it lives on only while the service says so.
    vouched_until: Mapped[datetime | None]
    proven_at: Mapped[datetime | None] = mapped_column(default=now)
    elsewhere: Mapped[bool] = mapped_column(default=False)
    messages: Mapped[list[Any]] = mapped_column(JSON, default=list)

    user: Mapped[User] = relationship(lazy="joined")


class SignInAttempt(Model):
    """One attempt to sign in; the account is a hash, for people also type passwords into the name field."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("ix_sign_in_attempts_account_at", "account", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(45), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    ok: Mapped[bool] = mapped_column(default=False)
