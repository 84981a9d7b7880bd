"""Practice examples: what was released of a cooperation, word by word, and who was referred to whom.

A released example holds copies of all that is shown of it. Nothing else of a group can come onto a public
page, whatever changes in the group afterwards.
"""

from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.cooperations.kinds import LegalForm
from crm.cooperations.models import Cooperation
from crm.db import Model, Record, today
from crm.documents.models import Document
from crm.labels import Labelled, name_members
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField

# After a year somebody is to say whether it still holds; that much later it leaves the public page.
HOLDS, GRACE = timedelta(days=365), timedelta(days=60)


class Answer(Labelled):
    """What is answered to the yearly question whether an example still holds."""

    HOLDS = "holds"
    CHANGED = "changed"
    ENDED = "ended"


name_members(
    {
        Answer.HOLDS: _l("All of it still holds"),
        Answer.CHANGED: _l("It holds with these corrections"),
        Answer.ENDED: _l("Please take it off the page"),
    }
)


class PracticeExample(Record):
    """What was released of one group. `title`, `summary`, form and saving are copies, made by who released.

    `person_id` is who may be asked; without a standing agreement of theirs the example is not public.
    """

    __tablename__ = "practice_examples"
    __table_args__ = (
        CheckConstraint("saving_euros IS NULL OR saving_euros >= 0", name="saving"),
        Index("ix_practice_examples_public", "withdrawn_at", "confirmed_on"),
    )

    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperations.id"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    legal_form: Mapped[LegalForm | None]
    saving_euros: Mapped[int | None]
    saving_note: Mapped[str | None] = mapped_column(String(300))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    released_at: Mapped[datetime]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None]
    confirmed_on: Mapped[date] = mapped_column(default=today)

    cooperation: Mapped[Cooperation] = relationship()
    person: Mapped[Person | None] = relationship()
    released_by: Mapped[User | None] = relationship()
    places: Mapped[list["ExamplePlace"]] = relationship(
        order_by="ExamplePlace.position, ExamplePlace.id", cascade="all, delete-orphan"
    )
    task_fields: Mapped[list[TaskField]] = relationship(
        secondary="example_task_fields", order_by=TaskField.name
    )
    documents: Mapped[list[Document]] = relationship(
        secondary="example_documents", order_by=Document.file_name
    )

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether it was taken back."""
        return self.withdrawn_at is not None

    @property
    def is_due(self) -> bool:
        """Tell whether nobody has confirmed it for a year."""
        return self.confirmed_on + HOLDS < today()

    @property
    def leaves_on(self) -> date:
        """The day from which it is not public any more if nobody confirms it."""
        return self.confirmed_on + HOLDS + GRACE + timedelta(days=1)


class ExamplePlace(Record):
    """A partner as it was named when the example was released."""

    __tablename__ = "example_places"

    example_id: Mapped[int] = mapped_column(ForeignKey("practice_examples.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)

    organisation: Mapped[Organisation] = relationship()


class ExampleTaskField(Model):
    """A task field of a released example."""

    __tablename__ = "example_task_fields"

    example_id: Mapped[int] = mapped_column(ForeignKey("practice_examples.id"), primary_key=True)
    task_field_id: Mapped[int] = mapped_column(ForeignKey("task_fields.id"), primary_key=True, index=True)


class ExampleDocument(Model):
    """A document of the group that was released with the example."""

    __tablename__ = "example_documents"

    example_id: Mapped[int] = mapped_column(ForeignKey("practice_examples.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ExampleInquiry(Record):
    """The question whether an example still holds, sent as a link; only the hash of the link is kept.

    A link dies when it is used or when a newer one is sent. Corrections wait here until the office takes them
    over or not.
    """

    __tablename__ = "example_inquiries"
    __table_args__ = (Index("ix_example_inquiries_open", "answer", "settled_at"),)

    example_id: Mapped[int] = mapped_column(ForeignKey("practice_examples.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    address: Mapped[str] = mapped_column(String(254), info={"personal": True})
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[Answer | None]
    summary: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    saving_euros: Mapped[int | None]
    saving_note: Mapped[str | None] = mapped_column(String(300), info={"personal": True})
    remark: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    settled_at: Mapped[datetime | None]

    example: Mapped[PracticeExample] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def waits_for_office(self) -> bool:
        """Tell whether somebody of the office has to look at what was answered."""
        return self.answered_at is not None and self.settled_at is None


class Referral(Record):
    """In a talk the centre named a group that has done it before: who asked takes part in the talk."""

    __tablename__ = "referrals"
    __table_args__ = (UniqueConstraint("consultation_id", "cooperation_id"),)

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperations.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    consultation: Mapped[Consultation] = relationship()
    cooperation: Mapped[Cooperation] = relationship()
