"""Applications as they stood on a day: what came later had not happened yet."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm.cooperations.models import Cooperation
from crm.db import BERLIN, db
from crm.funding.kinds import StationKind
from crm.funding.models import Application, Station
from crm.organisations.models import Organisation

DAYS = (
    "submitted_on", "completed_on", "granted_on", "paid_on", "refused_on", "withdrawn_on", "closed_on",
)  # fmt: skip
DRAFT, SUBMITTED, GRANTED, PAID, CLOSED, REFUSED, WITHDRAWN = (
    "entwurf", "eingereicht", "bewilligt", "ausgezahlt", "abgeschlossen", "abgelehnt", "zurueckgezogen",
)  # fmt: skip
AWARDED = (GRANTED, PAID, CLOSED)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)
class Asked:
    """One application as plain values. `years` are those its note names, and nothing else of the note."""

    id: int
    group_id: int
    entered_on: date
    applicant: str
    purpose: str
    years: tuple[str, ...]
    granted: Decimal | None
    refusal_reason: str
    submitted_on: date | None
    completed_on: date | None
    granted_on: date | None
    paid_on: date | None
    refused_on: date | None
    withdrawn_on: date | None
    closed_on: date | None
    stations: tuple[tuple[date, StationKind], ...] = ()

    def at(self, day: date) -> "Asked":
        """Give it as it stood on a day; a grant without a day is taken as always there."""
        later: dict[str, Any] = {name: None for name in DAYS if (getattr(self, name) or day) > day}
        if "granted_on" in later:
            later["granted"] = None
        arrived = tuple(one for one in self.stations if one[0] <= day)
        return replace(self, **later, stations=arrived)

    @property
    def state(self) -> str:
        """The key of where it stands, by the same order as on its page."""
        if self.refused_on:
            return REFUSED
        if self.withdrawn_on:
            return WITHDRAWN
        if self.granted_on or self.granted is not None:
            return CLOSED if self.closed_on else PAID if self.paid_on else GRANTED
        if self.submitted_on is None:
            return DRAFT
        return self.stations[-1][1].value if self.stations else SUBMITTED

    @property
    def is_awarded(self) -> bool:
        """Tell whether money was granted."""
        return self.state in AWARDED

    @property
    def is_open(self) -> bool:
        """Tell whether it was submitted and waits for a decision."""
        return self.state in ON_THE_WAY

    @property
    def decided_on(self) -> date | None:
        """The day of the decision that holds."""
        days = {REFUSED: self.refused_on, WITHDRAWN: self.withdrawn_on}
        return days.get(self.state, self.granted_on if self.is_awarded else None)

    @property
    def days(self) -> int | None:
        """Days from the application to its decision; None where one is not known or they are out of order."""
        if self.submitted_on is None or self.decided_on is None:
            return None
        passed = (self.decided_on - self.submitted_on).days
        return passed if passed >= 0 else None


ON_THE_WAY = (SUBMITTED, *(one.value for one in StationKind))


def state_names() -> dict[str, str]:
    """Everything an application can be, from the first to the last, in words."""
    return {
        DRAFT: _("draft"), SUBMITTED: _("submitted"), **{one.value: str(one.label) for one in StationKind},
        GRANTED: _("awarded"), PAID: _("paid out"), CLOSED: _("closed"), REFUSED: _("refused"),
        WITHDRAWN: _("withdrawn"),
    }  # fmt: skip


def load(stations: bool = False) -> list[Asked]:
    """Read all applications of cooperations that are there: one statement, two with their stations."""
    arrived = _stations() if stations else {}
    one = Application
    columns: Any = (
        one.id, one.cooperation_id, one.created_at, Organisation.name, one.purpose, one.note, one.granted,
        one.refusal_reason, *(getattr(one, name) for name in DAYS),
    )  # fmt: skip
    rows = select(*columns).join(Cooperation, Cooperation.id == one.cooperation_id)
    rows = rows.outerjoin(Organisation, Organisation.id == one.applicant_id).order_by(one.id)
    return [_asked(row, arrived.get(row.id, [])) for row in db.session.execute(rows)]


def _stations() -> dict[int, list[tuple[date, StationKind]]]:
    found: dict[int, list[tuple[date, StationKind]]] = {}
    columns = select(Station.application_id, Station.arrived_on, Station.kind)
    for number, day, kind in db.session.execute(columns.order_by(Station.arrived_on, Station.id)):
        found.setdefault(number, []).append((day, kind))
    return found


def _asked(row: Any, arrived: list[tuple[date, StationKind]]) -> Asked:
    days = {name: getattr(row, name) for name in DAYS}
    return Asked(
        id=row.id, group_id=row.cooperation_id, entered_on=row.created_at.astimezone(BERLIN).date(),
        applicant=row.name or "", purpose=row.purpose or "", granted=row.granted,
        years=tuple(dict.fromkeys(_YEAR.findall(row.note or ""))),
        refusal_reason=row.refusal_reason or "", stations=tuple(arrived), **days,
    )  # fmt: skip
