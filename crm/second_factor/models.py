"""The secret shared with an app, recovery codes, and sign-ins that wait for their second step."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Model, now


class SecondFactor(Model):
    """What the app of one user knows. In force only while `User.second_factor_at` says so.

    `last_step` is the half minute whose code was taken last; no code of it or before it is taken again.
    `sealed_codes` are new recovery codes until their owner has put them away.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    sealed_secret: Mapped[str] = mapped_column(String(400))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    started_at: Mapped[datetime] = mapped_column(default=now)
    sealed_codes: Mapped[str | None] = mapped_column(Text)
    codes_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """One of ten codes for the day the app is lost; only its first group and a hash of the rest are kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "first_group"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    first_group: Mapped[str] = mapped_column(String(4))
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None]


class PendingSignIn(Model):
    """A right password whose code is still asked for. It opens nothing and belongs to one browser."""

    __tablename__ = "pending_sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    mark: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(default=now)
    wanted: Mapped[str] = mapped_column(String(2000), default="")
    sealed: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User] = relationship(lazy="joined")
