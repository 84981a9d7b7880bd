"""An election, and for each function it touches the question whether it still holds."""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.contacts.models import Function, FunctionRole
from crm.db import Record, today
from crm.i18n import day
from crm.labels import Labelled, name_members
from crm.organisations.models import Organisation
from crm.records import Removable, trash_index


class ElectionKind(Labelled):
    """What is elected; it decides which functions are asked about."""

    COUNCIL = "council"
    HEAD = "head"
    SESSION = "session"


class CheckState(Labelled):
    """What came out about a function."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"
    VACANT = "vacant"


name_members(
    {
        ElectionKind.COUNCIL: _l("Local elections"),
        ElectionKind.HEAD: _l("Direct election of the head"),
        ElectionKind.SESSION: _l("Constituent or other session"),
        CheckState.OPEN: _l("to be checked"),
        CheckState.CONFIRMED: _l("confirmed"),
        CheckState.REPLACED: _l("replaced"),
        CheckState.VACANT: _l("successor open"),
    }
)


class Election(Removable, Record):
    """An election in one Kommune, or (`organisation_id` None) in all that exist on its day.

    `started_at` is the moment its checklist was made, once; `takes_office_on` the day new terms begin.
    """

    __tablename__ = "elections"
    __table_args__ = (
        CheckConstraint("takes_office_on >= held_on", name="order"),
        CheckConstraint("kind <> 'head' OR organisation_id IS NOT NULL", name="head_of_one_kommune"),
        trash_index("elections"),
        Index("ix_elections_to_start", "started_at", "held_on"),
    )

    kind: Mapped[ElectionKind]
    held_on: Mapped[date]
    takes_office_on: Mapped[date | None]
    title: Mapped[str | None] = mapped_column(String(200))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    started_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship()
    owner: Mapped[User] = relationship(foreign_keys=[owner_id])

    @property
    def name(self) -> str:
        """Its own title, else kind and Kommune."""
        where = self.organisation.name if self.organisation else ""
        return self.title or " ".join(part for part in (str(self.kind.label), where) if part)

    @property
    def text(self) -> str:
        """Name as a link shows it, with the day."""
        return f"{self.name}, {day(self.held_on)}"

    @property
    def has_started(self) -> bool:
        """Tell whether the checklist is there."""
        return self.started_at is not None

    @property
    def is_ahead(self) -> bool:
        """Tell whether its day is still to come."""
        return self.held_on > today()


class ElectionCheck(Record):
    """One function to be confirmed or replaced; without a function nobody was known in that role.

    `ended_before` is the last day the function had before the answer, `ended_on` the one the answer gave it:
    what an answer taken back gives again.
    """

    __tablename__ = "election_checks"
    __table_args__ = (
        UniqueConstraint("election_id", "function_id"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        Index("ix_election_checks_of_election", "election_id", "state", "organisation_id"),
        Index(
            "ix_election_checks_nobody_known", "election_id", "organisation_id", unique=True,
            sqlite_where=text("function_id IS NULL"), postgresql_where=text("function_id IS NULL"),
        ),
    )  # fmt: skip

    election_id: Mapped[int] = mapped_column(ForeignKey("elections.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(String(200))
    county_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[FunctionRole]
    function_id: Mapped[int | None] = mapped_column(ForeignKey("functions.id"), index=True)
    state: Mapped[CheckState] = mapped_column(default=CheckState.OPEN)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("functions.id"), index=True)
    ended_before: Mapped[date | None]
    ended_on: Mapped[date | None]

    election: Mapped[Election] = relationship()
    function: Mapped[Function | None] = relationship(foreign_keys=[function_id])
    successor: Mapped[Function | None] = relationship(foreign_keys=[successor_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has answered yet."""
        return self.state is CheckState.OPEN

    @property
    def called(self) -> str:
        """The function as its holder bears it, else the role nobody is known in."""
        return self.function.called if self.function else str(self.role.label)
