"""Pairs that are two after all, and merges with everything they moved, so that they can be undone."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.contacts.models import Person
from crm.db import Model, Record, now
from crm.organisations.models import Organisation

# As long as this a merge can be undone; then what it moved is forgotten.
UNDO_DAYS = 90
_UNDONE = text("undone_at IS NULL")


class DistinctPair(Model):
    """Two people, or two bodies, of whom somebody said that they are not the same; the lower number first."""

    __tablename__ = "distinct_pairs"
    __table_args__ = (
        UniqueConstraint("low_person_id", "high_person_id"),
        UniqueConstraint("low_organisation_id", "high_organisation_id"),
        CheckConstraint(
            "(low_person_id IS NULL) = (high_person_id IS NULL)"
            " AND (low_organisation_id IS NULL) = (high_organisation_id IS NULL)"
            " AND (low_person_id IS NULL) <> (low_organisation_id IS NULL)",
            name="of_one_kind",
        ),
        CheckConstraint(
            "(low_person_id IS NULL OR low_person_id < high_person_id)"
            " AND (low_organisation_id IS NULL OR low_organisation_id < high_organisation_id)",
            name="in_order",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    low_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    high_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    low_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    high_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    reason: Mapped[str | None] = mapped_column(String(300), info={"personal": True})
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(default=now)

    by: Mapped[User | None] = relationship()
    low_person: Mapped[Person | None] = relationship(foreign_keys=[low_person_id])
    high_person: Mapped[Person | None] = relationship(foreign_keys=[high_person_id])
    low_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[low_organisation_id])
    high_organisation: Mapped[Organisation | None] = relationship(foreign_keys=[high_organisation_id])

    @property
    def pair(self) -> tuple[Any, Any]:
        """The two records."""
        if self.low_person_id:
            return self.low_person, self.high_person
        return self.low_organisation, self.high_organisation


class Merge(Record):
    """Two records became one: all that hung on the lost one hangs on the kept one. `created_at` is when.

    `highest` holds the highest number of each table at that moment, so that later rows are told apart.
    """

    __tablename__ = "merges"
    __table_args__ = (
        CheckConstraint(
            "(kept_person_id IS NULL) = (lost_person_id IS NULL)"
            " AND (kept_organisation_id IS NULL) = (lost_organisation_id IS NULL)"
            " AND (kept_person_id IS NULL) <> (kept_organisation_id IS NULL)",
            name="of_one_kind",
        ),
        # Nobody is lost twice at a time, whoever was faster.
        Index(
            "ix_merges_lost_person", "lost_person_id", unique=True,
            sqlite_where=_UNDONE, postgresql_where=_UNDONE,
        ),
        Index(
            "ix_merges_lost_organisation", "lost_organisation_id", unique=True,
            sqlite_where=_UNDONE, postgresql_where=_UNDONE,
        ),
    )  # fmt: skip

    kept_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    lost_person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    kept_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    lost_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    highest: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    undone_by: Mapped[User | None] = relationship(foreign_keys=[undone_by_id])
    moves: Mapped[list["MergeMove"]] = relationship(order_by="MergeMove.id", cascade="all, delete-orphan")

    @property
    def is_settled(self) -> bool:
        """Tell whether it is too late to undo it."""
        return self.created_at <= now() - timedelta(days=UNDO_DAYS)

    @property
    def is_of_people(self) -> bool:
        """Tell whether people became one, and not bodies."""
        return self.kept_person_id is not None

    @property
    def kept_id(self) -> int:
        """Number of the record that stayed."""
        return self.kept_person_id or self.kept_organisation_id or 0

    @property
    def lost_id(self) -> int:
        """Number of the record that went."""
        return self.lost_person_id or self.lost_organisation_id or 0


class MergeMove(Model):
    """One row a merge changed: what stood in its columns and what stands there now.

    A row that had to go (`after` is empty) is kept whole in `before`. `witness` tells the row from another
    one that SQLite gave the same number after the row was deleted.
    """

    __tablename__ = "merge_moves"
    __table_args__ = (Index("ix_merge_moves_row", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("merges.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    witness: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, info={"personal": True})
    after: Mapped[dict[str, Any]] = mapped_column(JSON, info={"personal": True})
