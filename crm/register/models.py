"""Editions of the official file that were taken over, and files that wait for a decision."""

from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Model, now

LIFETIME = timedelta(days=1)


class Edition(Model):
    """One official file, by the day whose territory it shows; the same day again replaces the counts.

    `states` are the keys of the Länder whose municipalities were taken over, separated by blanks.
    """

    __tablename__ = "editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    territory_on: Mapped[date] = mapped_column(unique=True)
    population_on: Mapped[date]
    states: Mapped[str] = mapped_column(String(60))
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    closed: Mapped[int]
    doubtful: Mapped[int]
    loaded_at: Mapped[datetime] = mapped_column(default=now)
    loaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class WaitingFile(Model):
    """A checked file between its preview and the decision; swept after a day."""

    __tablename__ = "waiting_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(default=now)
