"""Dated rules of the grant programme, what one group has for it, and the application on its way."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, delete, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.cooperations.models import Cooperation, Partner
from crm.dates import Dated
from crm.db import Euro, Record
from crm.funding.kinds import ObligationKind, PaperKind, PaperState, StationKind
from crm.organisations.models import Organisation


class RuleSet(Dated, Record):
    """The rules of the programme for a time; None where a source does not tell.

    Amounts in euros. `amount_joint` is paid for each municipality of a joint administration, `amount_brigade`
    for each fire brigade of a merger inside one municipality; `least_gain` is in percent.
    """

    __tablename__ = "funding_rule_sets"

    name: Mapped[str] = mapped_column(String(100))
    source: Mapped[str | None] = mapped_column(String(300))
    note: Mapped[str | None] = mapped_column(Text)
    least_partners: Mapped[int] = mapped_column(default=3)
    exceptional_partners: Mapped[int | None]
    least_years: Mapped[int | None]
    least_gain: Mapped[int | None]
    most_inhabitants: Mapped[int | None]
    counties: Mapped[bool] = mapped_column(default=True)
    amount_two: Mapped[Decimal | None] = mapped_column(Euro)
    amount_three: Mapped[Decimal | None] = mapped_column(Euro)
    amount_more: Mapped[Decimal | None] = mapped_column(Euro)
    amount_joint: Mapped[Decimal | None] = mapped_column(Euro)
    amount_brigade: Mapped[Decimal | None] = mapped_column(Euro)


class Plan(Record):
    """What only a person can judge about one group, and the costs after it starts."""

    __tablename__ = "funding_plans"

    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperations.id"), unique=True)
    substantial: Mapped[bool | None]
    substantial_note: Mapped[str | None] = mapped_column(String(500))
    few_partners_reason: Mapped[str | None] = mapped_column(String(500))
    brigades: Mapped[int | None]
    amount: Mapped[Decimal | None] = mapped_column(Euro)
    amount_reason: Mapped[str | None] = mapped_column(String(500))
    cost_after: Mapped[Decimal | None] = mapped_column(Euro)

    cooperation: Mapped[Cooperation] = relationship()


class CostRow(Record):
    """Yearly costs of one partner before and after, in euros."""

    __tablename__ = "funding_costs"

    partner_id: Mapped[int] = mapped_column(ForeignKey("cooperation_partners.id"), unique=True)
    staff_before: Mapped[Decimal | None] = mapped_column(Euro)
    material_before: Mapped[Decimal | None] = mapped_column(Euro)
    staff_after: Mapped[Decimal | None] = mapped_column(Euro)
    material_after: Mapped[Decimal | None] = mapped_column(Euro)

    partner: Mapped[Partner] = relationship()


@event.listens_for(Partner, "before_delete")
def _forget_costs(_mapper: Any, connection: Any, partner: Partner) -> None:
    """A partner that never was one takes its costs along, whoever takes it out."""
    connection.execute(delete(CostRow).where(CostRow.partner_id == partner.id))


class Application(Record):
    """A group's application, from the letter to the money."""

    __tablename__ = "funding_applications"
    __table_args__ = (
        CheckConstraint("(refused_on IS NULL) = (refusal_reason IS NULL)", name="refused_with_reason"),
    )

    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperations.id"), index=True)
    rule_set_id: Mapped[int | None] = mapped_column(ForeignKey("funding_rule_sets.id"), index=True)
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    purpose: Mapped[str | None] = mapped_column(String(200))
    submitted_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    requested: Mapped[Decimal | None] = mapped_column(Euro)
    standard: Mapped[Decimal | None] = mapped_column(Euro)
    amount_reason: Mapped[str | None] = mapped_column(String(500))
    granted_on: Mapped[date | None]
    granted: Mapped[Decimal | None] = mapped_column(Euro)
    notice_reference: Mapped[str | None] = mapped_column(String(100))
    handed_over_on: Mapped[date | None]
    handed_over_by: Mapped[str | None] = mapped_column(String(200))
    paid_on: Mapped[date | None]
    refused_on: Mapped[date | None]
    refusal_reason: Mapped[str | None] = mapped_column(String(500))
    withdrawn_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(500), info={"personal": True})

    cooperation: Mapped[Cooperation] = relationship()
    rule_set: Mapped[RuleSet | None] = relationship()
    applicant: Mapped[Organisation | None] = relationship()
    stations: Mapped[list["Station"]] = relationship(
        order_by="Station.arrived_on, Station.id", cascade="all, delete-orphan"
    )
    papers: Mapped[list["Paper"]] = relationship(order_by="Paper.id", cascade="all, delete-orphan")
    obligations: Mapped[list["Obligation"]] = relationship(
        order_by="Obligation.due_on, Obligation.id", cascade="all, delete-orphan"
    )

    @property
    def is_decided(self) -> bool:
        """Tell whether it was granted, refused or withdrawn; a grant without day or sum is one, too."""
        days = (self.granted_on, self.refused_on, self.withdrawn_on)
        return self.granted is not None or any(days)

    @property
    def is_under_way(self) -> bool:
        """Tell whether it was submitted and waits for a decision."""
        return self.submitted_on is not None and not self.is_decided


class Station(Record):
    """An application arrived at an authority on its way."""

    __tablename__ = "application_stations"

    application_id: Mapped[int] = mapped_column(ForeignKey("funding_applications.id"), index=True)
    kind: Mapped[StationKind]
    arrived_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(String(300))


class Paper(Record):
    """One document the application needs."""

    __tablename__ = "application_papers"
    __table_args__ = (UniqueConstraint("application_id", "kind"),)

    application_id: Mapped[int] = mapped_column(ForeignKey("funding_applications.id"))
    kind: Mapped[PaperKind]
    state: Mapped[PaperState] = mapped_column(default=PaperState.MISSING)
    dated_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(String(300))


class Obligation(Record):
    """A duty after the grant, with the clause it comes from."""

    __tablename__ = "funding_obligations"

    application_id: Mapped[int] = mapped_column(ForeignKey("funding_applications.id"), index=True)
    kind: Mapped[ObligationKind]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    clause: Mapped[str | None] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(String(300))

    application: Mapped[Application] = relationship(back_populates="obligations")
