"""Questions about funding: the rules of a day, and what is recorded about one group."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from crm.cooperations.models import Cooperation, Partner
from crm.db import db
from crm.documents.models import Document
from crm.documents.queries import newest
from crm.funding.models import Application, CostRow, Obligation, Plan, RuleSet, Station
from crm.organisations.models import PopulationFigure
from crm.proceedings.models import Approval

COSTS = ("staff_before", "material_before", "staff_after", "material_after")
BRIEF = (joinedload(Application.stations),)
WHOLE = (
    *BRIEF,
    joinedload(Application.rule_set),
    joinedload(Application.applicant),
    selectinload(Application.papers),
    selectinload(Application.obligations),
)


def rule_sets() -> list[RuleSet]:
    """All rules, the newest first."""
    query = select(RuleSet).order_by(RuleSet.valid_from.desc().nulls_last(), RuleSet.id.desc())
    return list(db.session.scalars(query.limit(100)))


def rules_on(day: date, known: Iterable[RuleSet] | None = None) -> RuleSet | None:
    """The rules that hold on a day; None where nobody entered any."""
    return next((one for one in (rule_sets() if known is None else known) if one.holds_on(day)), None)


def rule_set(rule_set_id: int) -> RuleSet | None:
    """Load one set of rules."""
    return db.session.get(RuleSet, rule_set_id)


def plan_of(cooperation_id: int) -> Plan | None:
    """What was judged about a group."""
    return db.session.scalar(select(Plan).where(Plan.cooperation_id == cooperation_id))


def costs_of(cooperation_id: int) -> dict[int, CostRow]:
    """The costs of the partners of a group, by partner."""
    query = select(CostRow).join(CostRow.partner).where(Partner.cooperation_id == cooperation_id)
    return {row.partner_id: row for row in db.session.scalars(query)}


def plan_and_costs(cooperation_id: int) -> tuple[Plan | None, dict[int, Any]]:
    """What was judged about a group, and the costs of its partners as plain rows, in one statement."""
    query = (
        select(Plan, CostRow.partner_id, *(getattr(CostRow, name) for name in COSTS))
        .select_from(Cooperation)
        .outerjoin(Plan, Plan.cooperation_id == Cooperation.id)
        .outerjoin(Partner, Partner.cooperation_id == Cooperation.id)
        .outerjoin(CostRow, CostRow.partner_id == Partner.id)
        .where(Cooperation.id == cooperation_id)
    )
    rows = db.session.execute(query).all()
    return rows[0][0] if rows else None, {row.partner_id: row for row in rows if row.partner_id}


def applications_of(cooperation_id: int, brief: bool = False) -> list[Application]:
    """The applications of a group, the newest first.

    `brief` leaves papers, duties and applicant out, and takes it that all rules are loaded.
    """
    query = (
        select(Application)
        .where(Application.cooperation_id == cooperation_id)
        .options(*(BRIEF if brief else WHOLE))
        .order_by(Application.submitted_on.desc().nulls_first(), Application.id.desc())
    )
    return list(db.session.scalars(query).unique())


def application(cooperation_id: int, application_id: int) -> Application | None:
    """Load one application of a group with all that belongs to it."""
    query = select(Application).where(
        Application.id == application_id, Application.cooperation_id == cooperation_id
    )
    return (
        db.session.scalars(query.options(*WHOLE, joinedload(Application.cooperation))).unique().one_or_none()
    )


def station(cooperation_id: int, station_id: int) -> tuple[Application, Station] | None:
    """Load a station with its application."""
    query = select(Station).join(Application, Application.id == Station.application_id)
    query = query.where(Station.id == station_id, Application.cooperation_id == cooperation_id)
    found = db.session.scalar(query)
    mine = application(cooperation_id, found.application_id) if found else None
    return (mine, found) if mine and found else None


def obligation(cooperation_id: int, obligation_id: int) -> Obligation | None:
    """Load a duty of an application of a group."""
    query = select(Obligation).join(Obligation.application)
    query = query.where(Obligation.id == obligation_id, Application.cooperation_id == cooperation_id)
    return db.session.scalar(query.options(joinedload(Obligation.application)))


def approvals_of(cooperation_id: int) -> list[Approval]:
    """What the authority was asked or told about a group."""
    query = select(Approval).where(Approval.cooperation_id == cooperation_id).order_by(Approval.id)
    return list(db.session.scalars(query))


def documents_of(paper_ids: list[int]) -> dict[int, list[Document]]:
    """Attachments of papers, without their bytes, by paper."""
    query = select(Document).where(Document.paper_id.in_(paper_ids), newest()).order_by(Document.id)
    found: dict[int, list[Document]] = {}
    for document in db.session.scalars(query) if paper_ids else ():
        found.setdefault(document.paper_id or 0, []).append(document)
    return found


def inhabitants_on(organisation_ids: list[int], day: date) -> dict[int, int]:
    """Inhabitants as counted last before a day, else as counted first, by organisation."""
    query = (
        select(PopulationFigure.organisation_id, PopulationFigure.counted_on, PopulationFigure.population)
        .where(
            PopulationFigure.organisation_id.in_(organisation_ids), PopulationFigure.population.is_not(None)
        )
        .order_by(PopulationFigure.counted_on)
    )
    found: dict[int, int] = {}
    for number, counted_on, population in db.session.execute(query) if organisation_ids else ():
        if number not in found or counted_on <= day:
            found[number] = population or 0
    return found
