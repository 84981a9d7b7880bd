"""Minutes of a talk, who checks them and what they say, and each release as it was, which nobody changes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.consultations.models import Consultation, ConsultationKind
from crm.contacts.models import Person
from crm.db import Model, Record, now, today
from crm.documents.models import Document
from crm.minutes.kinds import GAP, WRITTEN, CheckAnswer, MinutesState, Outcome, Part


class MinutesTemplate(Record):
    """The texts that minutes of one kind of talk begin with; a kind without a row has the usual ones."""

    __tablename__ = "minutes_templates"

    kind: Mapped[ConsultationKind] = mapped_column(unique=True)
    occasion: Mapped[str] = mapped_column(Text, default="")
    situation: Mapped[str] = mapped_column(Text, default="")
    results: Mapped[str] = mapped_column(Text, default="")
    next_meeting: Mapped[str] = mapped_column(Text, default="")


class Minutes(Record):
    """The minutes of one talk. Who took part, day and place stand with the talk and are read from there.

    A check lasts until its deadline, `over_at` is the moment it ended; `silence_agrees` says that those who
    were asked were told so. `round` counts the checks, `follow_up_id` reminds the author of one that ended.
    """

    __tablename__ = "minutes"
    __table_args__ = (
        CheckConstraint("(state = 'in-check') = (deadline_on IS NOT NULL)", name="deadline"),
        Index("ix_minutes_in_hand", "state", "deadline_on"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    state: Mapped[MinutesState] = mapped_column(default=MinutesState.DRAFT)
    title: Mapped[str] = mapped_column(String(200))
    occasion: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    situation: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    results: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    next_meeting: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    deadline_on: Mapped[date | None]
    silence_agrees: Mapped[bool] = mapped_column(default=False)
    message: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    round: Mapped[int] = mapped_column(default=0)
    over_at: Mapped[datetime | None]
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_ups.id"), index=True)

    consultation: Mapped[Consultation] = relationship()
    author: Mapped[User] = relationship(foreign_keys=[author_id])
    agreements: Mapped[list["Agreement"]] = relationship(
        order_by="Agreement.position", cascade="all, delete-orphan"
    )

    @property
    def is_going_round(self) -> bool:
        """Tell whether answers are taken."""
        return self.state is MinutesState.IN_CHECK and self.over_at is None

    @property
    def takes_answers(self) -> bool:
        """Tell whether somebody may answer today."""
        return self.is_going_round and self.deadline_on is not None and today() <= self.deadline_on

    @property
    def texts(self) -> dict[Part, str]:
        """The written parts."""
        return {part: getattr(self, name) or "" for part, name in WRITTEN.items()}

    @property
    def unwritten(self) -> list[tuple[Part, str]]:
        """The parts in which something is still to be written, with their columns."""
        return [(part, WRITTEN[part]) for part, text in self.texts.items() if GAP in text]


class Agreement(Model):
    """One thing agreed on, who does it, and by when."""

    __tablename__ = "minutes_agreements"

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(500), info={"personal": True})
    responsible: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    due_on: Mapped[date | None]


class MinutesCheck(Record):
    """Somebody who was asked to check minutes. Of the links only hashes are kept, until they were used.

    `second_hash` is that of the link in the reminder, `notice_mark` names what was said of data protection.
    """

    __tablename__ = "minutes_checks"
    __table_args__ = (
        CheckConstraint(
            "(answer IN ('agreed', 'remarked')) = (answered_at IS NOT NULL)", name="answered"
        ),
        Index("ix_minutes_checks_of_round", "minutes_id", "round"),
    )  # fmt: skip

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    round: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), info={"personal": True})
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info={"personal": True})
    second_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info={"personal": True})
    answer: Mapped[CheckAnswer] = mapped_column(default=CheckAnswer.WAITING)
    answered_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    notice_mark: Mapped[str | None] = mapped_column(String(20))

    minutes: Mapped[Minutes] = relationship()
    person: Mapped[Person | None] = relationship()
    remarks: Mapped[list["Remark"]] = relationship(
        order_by="Remark.id", back_populates="check", cascade="all, delete-orphan"
    )


class Remark(Record):
    """What somebody remarked on one part; nothing is left of it where the person was erased."""

    __tablename__ = "minutes_remarks"

    check_id: Mapped[int] = mapped_column(ForeignKey("minutes_checks.id"), index=True)
    part: Mapped[Part]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    text: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    outcome: Mapped[Outcome] = mapped_column(default=Outcome.OPEN)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    check: Mapped[MinutesCheck] = relationship(back_populates="remarks")
    settled_by: Mapped[User | None] = relationship()


class MinutesRelease(Model):
    """Minutes as they were released, word for word; a correction is another edition.

    In `content` people who took part stand by their number. `digest` is the SHA-256 over all of it.
    """

    __tablename__ = "minutes_releases"
    __table_args__ = (UniqueConstraint("minutes_id", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    edition: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info={"personal": True})
    reason: Mapped[str | None] = mapped_column(String(300), info={"personal": True})
    released_at: Mapped[datetime] = mapped_column(default=now)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    released_by_name: Mapped[str] = mapped_column(String(200))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), unique=True)
    digest: Mapped[str] = mapped_column(String(64))

    minutes: Mapped[Minutes] = relationship()
    document: Mapped[Document] = relationship()

    @property
    def mail_key(self) -> str:
        """How the keys of the mails begin that carry the paper."""
        return f"minutes-released-{self.id}-"


class Unchangeable(Exception):
    """Somebody tried to change or delete released minutes."""


@event.listens_for(MinutesRelease, "before_update")
@event.listens_for(MinutesRelease, "before_delete")
def _refuse(_mapper: Any, _connection: Any, release: MinutesRelease) -> None:
    raise Unchangeable(f"released minutes {release.id}")
