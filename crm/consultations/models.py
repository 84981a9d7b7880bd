"""The talk: one record, N organisations, a presence for each."""

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.contacts.models import Person
from crm.cooperations.models import Cooperation
from crm.db import Model, Record, today
from crm.documents.models import Document
from crm.labels import Labelled, name_members
from crm.organisations.models import KOMMUNEN, Organisation
from crm.records import Removable, trash_index
from crm.task_fields.models import TaskField


class ConsultationKind(Labelled):
    """What kind of talk it was."""

    SINGLE = "single"
    GROUP = "group"
    INITIATION = "initiation"
    COUNCIL = "council"
    COMMITTEE = "committee"
    ASSEMBLY = "citizens-assembly"
    INTERNAL = "internal"


class Channel(Labelled):
    """How people talked."""

    ON_SITE = "on-site"
    PHONE = "phone"
    VIDEO = "video"
    MAIL = "mail"


class ConsultationState(Labelled):
    """Whether it took place; only held talks count."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Presence(Labelled):
    """How an organisation took part; present and represented count."""

    PRESENT = "present"
    REPRESENTED = "represented"
    APOLOGISED = "apologised"
    ABSENT = "absent"
    INVITED = "invited"


COUNTED = (Presence.PRESENT, Presence.REPRESENTED)

name_members(
    {
        ConsultationKind.SINGLE: _l("Single talk"),
        ConsultationKind.GROUP: _l("Group talk"),
        ConsultationKind.INITIATION: _l("Initiation talk"),
        ConsultationKind.COUNCIL: _l("Council"),
        ConsultationKind.COMMITTEE: _l("Committee"),
        ConsultationKind.ASSEMBLY: _l("Citizens' assembly"),
        ConsultationKind.INTERNAL: _l("Internal"),
        Channel.ON_SITE: _l("On site"),
        Channel.PHONE: _l("Phone"),
        Channel.VIDEO: _l("Video"),
        Channel.MAIL: _l("E-mail"),
        ConsultationState.PLANNED: _l("planned"),
        ConsultationState.HELD: _l("held"),
        ConsultationState.CANCELLED: _l("cancelled"),
        Presence.PRESENT: _l("present"),
        Presence.REPRESENTED: _l("represented"),
        Presence.APOLOGISED: _l("excused"),
        Presence.ABSENT: _l("absent"),
        Presence.INVITED: _l("invited"),
    }
)


class TalkFacts:
    """What a talk is called, whole or in short."""

    if TYPE_CHECKING:
        kind: Any
        state: Any
        note: Any
        places: Any
        task_fields: Any

    @property
    def needs_note(self) -> bool:
        """A held talk without a note still has to be written up."""
        return self.state is ConsultationState.HELD and not self.note

    @property
    def about(self) -> str:
        """The places in short: Cölbe, Lahntal, Münchhausen + 1."""
        shown = ", ".join(self.places[:3])[:190]
        return f"{shown} + {len(self.places) - 3}" if len(self.places) > 3 else shown

    @property
    def heading(self) -> str:
        """What the talk is called on lists: its kind and what it was about."""
        fields = ", ".join(field.name for field in self.task_fields[:2])
        return f"{self.kind.label} {fields}".strip()


class Consultation(TalkFacts, Removable, Record):
    """An advisory contact. Texts are personal: the audit names them, it never stores them."""

    __tablename__ = "consultations"
    __table_args__ = (
        CheckConstraint(
            "duration_minutes >= 0 AND preparation_minutes >= 0 AND travel_minutes >= 0", name="times"
        ),
        trash_index("consultations"),
        Index("ix_consultations_held_on_state", "held_on", "state"),
        # Holds all that decides whether a talk counts and who may see it.
        Index("ix_consultations_counted", "state", "held_on", "removed_at", "confidential"),
        Index(
            "ix_consultations_without_note", "state", "held_on",
            sqlite_where=text("note IS NULL"), postgresql_where=text("note IS NULL"),
        ),
        Index("ix_consultations_worked_on", "updated_at"),
        # The last talk of every group without a look at the talks themselves.
        Index(
            "ix_consultations_of_groups", "state", "cooperation_id", "held_on", "removed_at", "confidential"
        ),
    )  # fmt: skip

    held_on: Mapped[date] = mapped_column(active_history=True)
    starts_at: Mapped[time | None]
    kind: Mapped[ConsultationKind]
    channel: Mapped[Channel]
    state: Mapped[ConsultationState] = mapped_column(active_history=True)
    place: Mapped[str | None] = mapped_column(String(200))
    confidential: Mapped[bool] = mapped_column(default=False)
    file_reference: Mapped[str | None] = mapped_column(String(100))
    note: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    agreements: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    next_step: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    duration_minutes: Mapped[int | None]
    preparation_minutes: Mapped[int | None]
    travel_minutes: Mapped[int | None]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    cooperation_id: Mapped[int | None] = mapped_column(ForeignKey("cooperations.id"), index=True)

    cooperation: Mapped[Cooperation | None] = relationship()
    follows: Mapped["Consultation | None"] = relationship(remote_side="Consultation.id")
    participations: Mapped[list["Participation"]] = relationship(
        back_populates="consultation", order_by="Participation.position", cascade="all, delete-orphan"
    )
    staff: Mapped[list[User]] = relationship(secondary="consultation_staff", order_by=User.name)
    task_fields: Mapped[list[TaskField]] = relationship(
        secondary="consultation_task_fields", order_by=TaskField.name
    )

    namings: Mapped[list["Naming"]] = relationship(order_by="Naming.id", cascade="all, delete-orphan")

    @property
    def is_due(self) -> bool:
        """A planned talk whose day has come asks: did it take place?"""
        return self.state is ConsultationState.PLANNED and self.held_on <= today()

    def is_presence_known(self, row: "Participation") -> bool:
        """Tell whether the presence says something: whom a talk not held presets as present was not there."""
        return self.state is ConsultationState.HELD or row.presence is not Presence.PRESENT

    @property
    def counted(self) -> list["Participation"]:
        """The participations that count: of Kommunen that took part; a talk that was not held has none."""
        if self.state is not ConsultationState.HELD:
            return []
        return [one for one in self.participations if one.counts and one.organisation.level in KOMMUNEN]

    @property
    def staff_minutes(self) -> int | None:
        """Staff time: duration times staff present, plus preparation and travel."""
        parts = (self.duration_minutes, self.preparation_minutes, self.travel_minutes)
        if all(part is None for part in parts):
            return None
        return (parts[0] or 0) * max(len(self.staff), 1) + (parts[1] or 0) + (parts[2] or 0)

    @property
    def places(self) -> list[str]:
        """Names of the organisations, as they were called that day."""
        return [one.organisation_name for one in self.participations]


@event.listens_for(Consultation, "after_update")
def _keep_documents(_mapper: Any, connection: Any, talk: Consultation) -> None:
    """What hangs on a confidential talk is confidential; that it is no longer, somebody has to say."""
    if talk.confidential:
        own = update(Document).where(Document.consultation_id == talk.id, Document.confidential.is_(False))
        connection.execute(own.values(confidential=True))


class Participation(Record):
    """One organisation at one talk. What is private to it hangs here and nowhere else."""

    __tablename__ = "participations"
    __table_args__ = (
        UniqueConstraint("consultation_id", "organisation_id"),
        Index("ix_participations_of_organisation", "organisation_id", "presence", "consultation_id"),
        Index("ix_participations_of_consultation", "consultation_id", "presence", "organisation_id"),
    )

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    organisation_name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    presence: Mapped[Presence]
    represented_by: Mapped[str | None] = mapped_column(String(200), info={"personal": True})
    role: Mapped[str | None] = mapped_column(String(100))
    private_note: Mapped[str | None] = mapped_column(Text, info={"personal": True})

    consultation: Mapped[Consultation] = relationship(back_populates="participations")
    organisation: Mapped[Organisation] = relationship()
    people: Mapped[list["ParticipationPerson"]] = relationship(
        order_by="ParticipationPerson.id", cascade="all, delete-orphan"
    )

    @property
    def counts(self) -> bool:
        """Tell whether the organisation took part; in reports only that of a Kommune counts."""
        return self.presence in COUNTED

    @property
    def only_named(self) -> str:
        """Who represented it, where the talk does not name the contact as well."""
        known = [who.person.last_name for who in self.people if who.person]
        by = self.represented_by or ""
        return "" if any(re.search(rf"\b{re.escape(name)}\b", by) for name in known) else by

    @property
    def credited_minutes(self) -> int | None:
        """Time credited to this organisation: the duration of the talk if it took part."""
        return self.consultation.duration_minutes if self.counts else 0


class ParticipationPerson(Model):
    """Somebody who was there, with the function held that day, copied."""

    __tablename__ = "participation_people"
    __table_args__ = (UniqueConstraint("participation_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    function_called: Mapped[str | None] = mapped_column(String(200), info={"personal": True})

    person: Mapped[Person] = relationship()


class Naming(Model):
    """Somebody whom the texts of a talk name, by the number that stands there; follows the texts."""

    __tablename__ = "namings"
    __table_args__ = (UniqueConstraint("consultation_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)


class ConsultationStaff(Model):
    """Who of the centre was there."""

    __tablename__ = "consultation_staff"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)


class ConsultationTaskField(Model):
    """What the talk was about."""

    __tablename__ = "consultation_task_fields"

    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id"), primary_key=True)
    task_field_id: Mapped[int] = mapped_column(ForeignKey("task_fields.id"), primary_key=True, index=True)
