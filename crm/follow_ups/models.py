"""Wiedervorlagen: what was promised, to be done by a day by somebody."""

import enum
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.contacts.models import Person
from crm.db import Record, today
from crm.organisations.models import Organisation
from crm.records import Removable, trash_index

MOST_LETTERS = 500


class FollowUpState(enum.Enum):
    """Whether there is still something to do."""

    OPEN = "open"
    DONE = "done"

    @property
    def label(self) -> Any:
        """Name the state on screen."""
        return {FollowUpState.OPEN: _l("open"), FollowUpState.DONE: _l("done")}[self]


class FollowUp(Removable, Record):
    """Something to come back to. It hangs on a talk, a group, an organisation, a person or an election.

    `confidential` and `about` (places or title in short) follow the talk, the group or the election: lists
    need not ask an area to the right.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (
        CheckConstraint(
            "consultation_id IS NOT NULL OR organisation_id IS NOT NULL OR person_id IS NOT NULL "
            "OR cooperation_id IS NOT NULL OR election_id IS NOT NULL",
            name="hangs_on_something",
        ),
        Index("ix_follow_ups_owner_state_due", "owner_id", "state", "due_on"),
        trash_index("follow_ups"),
    )

    text: Mapped[str] = mapped_column(String(MOST_LETTERS), info={"personal": True})
    due_on: Mapped[date]
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    state: Mapped[FollowUpState] = mapped_column(default=FollowUpState.OPEN)
    waiting_for: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    about: Mapped[str | None] = mapped_column(String(200))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confidential: Mapped[bool] = mapped_column(default=False)
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    cooperation_id: Mapped[int | None] = mapped_column(ForeignKey("cooperations.id"), index=True)
    election_id: Mapped[int | None] = mapped_column(ForeignKey("elections.id"), index=True)

    owner: Mapped[User] = relationship(foreign_keys=[owner_id])
    organisation: Mapped[Organisation | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def is_open(self) -> bool:
        """Tell whether it still has to be done."""
        return self.state is FollowUpState.OPEN

    @property
    def days_late(self) -> int:
        """Days since the due day; negative before it."""
        return (today() - self.due_on).days
