"""A case of data protection: somebody is restricted, offered to the archive, erased."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.contacts.models import Person
from crm.db import Model, Record
from crm.labels import Labelled, name_members


class CaseState(Labelled):
    """How far a case is. Lifted ones are over, and the person is back."""

    RESTRICTED = "restricted"
    OFFERED = "offered"
    ERASED = "erased"
    LIFTED = "lifted"


OPEN = (CaseState.RESTRICTED, CaseState.OFFERED)

name_members(
    {
        CaseState.RESTRICTED: _l("restricted"),
        CaseState.OFFERED: _l("offered to the archive"),
        CaseState.ERASED: _l("erased"),
        CaseState.LIFTED: _l("restriction lifted"),
    }
)
_OPEN = text("state IN ('restricted', 'offered')")


class Case(Record):
    """One person on the way out. `counts` says of which table how many rows were emptied, never whose.

    `hashes` are salted fingerprints of name and addresses: {"salt": …, "marks": […]}. With them an erasure is
    repeated after a restore; `journaled_at` says when it was written outside the database.
    """

    __tablename__ = "privacy_cases"
    __table_args__ = (
        Index(
            "ix_privacy_cases_open", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
        Index("ix_privacy_cases_state", "state"),
    )  # fmt: skip

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[CaseState] = mapped_column(default=CaseState.RESTRICTED)
    restricted_at: Mapped[datetime]
    restricted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    restricted_because: Mapped[str] = mapped_column(Text)
    offered_at: Mapped[datetime | None]
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None]
    erased_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    erased_because: Mapped[str | None] = mapped_column(Text)
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    rule: Mapped[str | None] = mapped_column(String(40))
    last_name_too: Mapped[bool] = mapped_column(default=False)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    hashes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    journaled_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    restricted_by: Mapped[User | None] = relationship(foreign_keys=[restricted_by_id])
    erased_by: Mapped[User | None] = relationship(foreign_keys=[erased_by_id])
    values: Mapped[list["SealedValue"]] = relationship(
        order_by="SealedValue.id", cascade="all, delete-orphan"
    )

    @property
    def is_open(self) -> bool:
        """Tell whether the person is neither back nor erased."""
        return self.state in OPEN


class SealedValue(Model):
    """What stood in the personal columns of one row before it was restricted; only an open case has any."""

    __tablename__ = "sealed_values"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("privacy_cases.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    sealed: Mapped[dict[str, Any]] = mapped_column(JSON, info={"personal": True})
