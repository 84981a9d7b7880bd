"""Resolutions on a group in short, as its page lists them: one statement, and no records made of its rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from crm.cooperations.models import Partner
from crm.db import db
from crm.resolutions.models import Body, Resolution, ResolutionFacts, ResolutionKind, Result
from crm.resolutions.queries import ORDER


@dataclass(eq=False)
class Decided(ResolutionFacts):
    """What the body of a partner decided, or will; `partner` is as it was handed in."""

    id: int
    partner_id: int
    body: Body
    kind: ResolutionKind
    session_on: date | None
    paper_number: str | None
    result: Result | None
    votes_for: int | None
    votes_against: int | None
    abstentions: int | None
    link: str | None
    partner: Any


def of_group(cooperation_id: int, partners: Iterable[Any]) -> list[Decided]:
    """All resolutions on a group, the next and the newest first; its partners are at hand already."""
    known = {one.id: one for one in partners}
    rows: list[Any] = list(db.session.execute(_OF_GROUP, {"number": cooperation_id}))
    return [Decided(*(*row, known[row[1]])) for row in rows]


def _query() -> Any:
    query = select(
        Resolution.id, Resolution.partner_id, Resolution.body, Resolution.kind, Resolution.session_on,
        Resolution.paper_number, Resolution.result, Resolution.votes_for, Resolution.votes_against,
        Resolution.abstentions, Resolution.link,
    )  # fmt: skip
    query = query.join(Resolution.partner).where(Partner.cooperation_id == bindparam("number"))
    return query.order_by(*ORDER)


# Made once: to put it together took longer than to answer it.
_OF_GROUP = _query()
