"""Who is who at the sign-on service, ways begun there, sessions that came from there, messages used up."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User, UserSession
from crm.db import Model, Record, now


class Identity(Record):
    """Somebody at a sign-on service, linked to one account: by issuer and subject, never by mail."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(255), info={"personal": True})
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    last_used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class SignOnStart(Model):
    """A way to the service that somebody began in one browser; it is taken once, within minutes."""

    __tablename__ = "sign_on_starts"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    target: Mapped[str] = mapped_column(String(2000), default="")
    # Set where somebody signed in wants to link this very account, or to confirm that it is still they.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirms: Mapped[bool] = mapped_column(default=False)
    # What an ended session had typed, sealed as in the form of the door.
    sealed: Mapped[str] = mapped_column(Text, default="")
    begun_at: Mapped[datetime] = mapped_column(default=now, index=True)


class ProviderSession(Model):
    """What belongs to a session that came from the service; the refresh token is sealed."""

    __tablename__ = "provider_sessions"
    __table_args__ = (Index("ix_provider_sessions_sid", "sid"),)

    session_id: Mapped[int] = mapped_column(
        ForeignKey("user_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id", ondelete="CASCADE"), index=True)
    sid: Mapped[str | None] = mapped_column(String(255))
    sealed_token: Mapped[str] = mapped_column(Text, default="")
    checked_at: Mapped[datetime] = mapped_column(default=now)
    asked_at: Mapped[datetime | None]

    identity: Mapped[Identity] = relationship()
    session: Mapped[UserSession] = relationship()


class SpentLogout(Model):
    """A message of the service that was obeyed already; it counts once."""

    __tablename__ = "spent_logouts"

    jti_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)
