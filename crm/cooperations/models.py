"""The group, its partners, and the steps each of them took. Steps are added; what was is never rewritten."""

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, or_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.cooperations.kinds import (
    EXITS,
    HALTS,
    IN_PROGRESS,
    REQUIRED_ROLES,
    LegalForm,
    PartnerRole,
    Stage,
    Step,
    StepSource,
)
from crm.db import Model, Record, today
from crm.organisations.models import Organisation
from crm.records import Removable, trash_index
from crm.task_fields.models import TaskField

# What follows from other records; the history of a group does not speak of it.
DERIVED = {"derived": True}


class GroupFacts:
    """What follows from the stage and the partners of a group, whole or in short."""

    if TYPE_CHECKING:
        stage: Any
        stage_since: Any
        partners: Any
        halt: Any
        effective_on: Any

    @property
    def required(self) -> list[Any]:
        """The partners on whom the group depends: lead and members that have neither left nor declined."""
        return [one for one in self.partners if one.is_required]

    @property
    def in_progress(self) -> bool:
        """Tell whether the group is on its way: neither running nor set aside."""
        return self.stage in IN_PROGRESS

    @property
    def days_in_stage(self) -> int | None:
        """Days since the stage was reached; None where nobody knows the day."""
        return (today() - self.stage_since).days if self.stage_since else None

    @property
    def places(self) -> list[str]:
        """Names of the partners that take part or may."""
        return [one.organisation_name for one in self.partners if not one.has_gone]

    @property
    def lead(self) -> Any:
        """The lead partner, if one is named."""
        return next((one for one in self.partners if one.role is PartnerRole.LEAD), None)

    @hybrid_property
    def in_force(self) -> bool:
        """Tell whether partners work by its contract; they do so, too, while others join or it pauses."""
        if self.halt not in (None, Stage.PAUSED):
            return False
        begun = self.effective_on is not None and self.effective_on <= today()
        return self.stage is Stage.RUNNING or begun or any(one.step is Step.ACTIVE for one in self.partners)

    @in_force.inplace.expression
    @classmethod
    def _in_force(cls) -> ColumnElement[bool]:
        begun, active = cls.effective_on <= today(), cls.partners.any(Partner.step == Step.ACTIVE)
        return or_(cls.halt.is_(None), cls.halt == Stage.PAUSED) & or_(
            cls.stage == Stage.RUNNING, begun, active
        )

    @property
    def is_halted(self) -> bool:
        """Tell whether somebody paused, abandoned or ended it."""
        return self.halt in HALTS


class PartnerFacts:
    """What follows from the role and the step of a partner, whole or in short."""

    if TYPE_CHECKING:
        role: Any
        step: Any
        step_on: Any

    @property
    def has_gone(self) -> bool:
        """Tell whether it left or declined."""
        return self.step in EXITS

    @property
    def is_required(self) -> bool:
        """Tell whether the group depends on it."""
        return self.role in REQUIRED_ROLES and not self.has_gone

    @property
    def days_at_step(self) -> int | None:
        """Days since the step was reached; None where nobody knows the day."""
        return (today() - self.step_on).days if self.step_on else None


class Cooperation(GroupFacts, Removable, Record):
    """A planned or running cooperation of several Kommunen; the case of a group.

    `stage` and `stage_since` follow from the partners and from what other areas note here: `talked_on` (the
    first held talk everybody may see), `resolving_since` (the first resolution, planned or taken),
    `study_since` (a study that has begun and not ended), `applied_on` (an application without decision).
    """

    __tablename__ = "cooperations"
    __table_args__ = (
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("(halt IS NULL) = (halt_reason IS NULL)", name="halted_with_reason"),
        CheckConstraint(
            "(renewal_months IS NULL OR renewal_months > 0) "
            "AND (notice_months IS NULL OR notice_months >= 0)",
            name="months",
        ),
        trash_index("cooperations"),
        Index("ix_cooperations_board", "stage", "stage_since", "id"),
    )

    title: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(200), index=True)
    search_text: Mapped[str] = mapped_column(Text)
    legal_form: Mapped[LegalForm | None]
    legal_form_note: Mapped[str | None] = mapped_column(String(200))
    planned_start: Mapped[date | None]
    first_contact_on: Mapped[date | None]
    signed_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    evaluated_on: Mapped[date | None]
    term_until: Mapped[date | None]
    term_unlimited: Mapped[bool] = mapped_column(default=False)
    renewal_months: Mapped[int | None]
    notice_months: Mapped[int | None]
    termination: Mapped[str | None] = mapped_column(String(300))
    halt: Mapped[Stage | None]
    halted_on: Mapped[date | None]
    halt_reason: Mapped[str | None] = mapped_column(String(500))
    note: Mapped[str | None] = mapped_column(Text, info={"personal": True})
    file_reference: Mapped[str | None] = mapped_column(String(100))
    source_url: Mapped[str | None] = mapped_column(String(500))
    adviser_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("cooperations.id"), index=True)

    talked_on: Mapped[date | None] = mapped_column(info=DERIVED)
    resolving_since: Mapped[date | None] = mapped_column(info=DERIVED)
    study_since: Mapped[date | None] = mapped_column(info=DERIVED)
    applied_on: Mapped[date | None] = mapped_column(info=DERIVED)
    stage: Mapped[Stage] = mapped_column(default=Stage.IDEA, info=DERIVED)
    stage_since: Mapped[date | None] = mapped_column(info=DERIVED)

    adviser: Mapped[User | None] = relationship(foreign_keys=[adviser_id])
    parent: Mapped["Cooperation | None"] = relationship(remote_side="Cooperation.id")
    task_fields: Mapped[list[TaskField]] = relationship(
        secondary="cooperation_task_fields", order_by=TaskField.name
    )
    partners: Mapped[list["Partner"]] = relationship(
        back_populates="cooperation", order_by="Partner.position, Partner.id", cascade="all, delete-orphan"
    )

    @property
    def text(self) -> str:
        """Name as a chip or a link shows it."""
        return self.title


class CooperationTaskField(Model):
    """A group works on a task field."""

    __tablename__ = "cooperation_task_fields"

    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperations.id"), primary_key=True)
    task_field_id: Mapped[int] = mapped_column(ForeignKey("task_fields.id"), primary_key=True, index=True)


class Partner(PartnerFacts, Record):
    """A Kommune's or another body's part in a group. `step` and `step_on` follow from its steps."""

    __tablename__ = "cooperation_partners"
    __table_args__ = (UniqueConstraint("cooperation_id", "organisation_id"),)

    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperations.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[PartnerRole] = mapped_column(default=PartnerRole.MEMBER)
    step: Mapped[Step] = mapped_column(default=Step.CANDIDATE, info=DERIVED)
    step_on: Mapped[date | None] = mapped_column(info=DERIVED)

    cooperation: Mapped[Cooperation] = relationship(back_populates="partners")
    organisation: Mapped[Organisation] = relationship()
    steps: Mapped[list["PartnerStep"]] = relationship(
        back_populates="partner", order_by="PartnerStep.id", cascade="all, delete-orphan"
    )


class PartnerStep(Record):
    """A partner reached a step on a day (None: the day is not known), and who says so."""

    __tablename__ = "partner_steps"

    partner_id: Mapped[int] = mapped_column(ForeignKey("cooperation_partners.id"), index=True)
    step: Mapped[Step]
    reached_on: Mapped[date | None]
    source: Mapped[StepSource]
    note: Mapped[str | None] = mapped_column(String(500), info={"personal": True})
    consultation_id: Mapped[int | None] = mapped_column(ForeignKey("consultations.id"), index=True)
    resolution_id: Mapped[int | None] = mapped_column(ForeignKey("resolutions.id"), index=True)

    partner: Mapped[Partner] = relationship(back_populates="steps")
