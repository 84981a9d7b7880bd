"""Questions about elections and their checklists."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from crm.contacts.models import Function
from crm.db import db, today
from crm.elections.checklists import County
from crm.elections.models import CheckState, Election, ElectionCheck
from crm.follow_ups.models import FollowUp
from crm.organisations.models import Level, Organisation

NO_COUNTY = 0
MOST_LISTED, MOST_CHECKS = 200, 5_000
_WHOLE = (joinedload(Election.organisation), joinedload(Election.owner))
_LINES = (
    joinedload(ElectionCheck.function).joinedload(Function.person),
    joinedload(ElectionCheck.successor).joinedload(Function.person),
    joinedload(ElectionCheck.answered_by),
)


@dataclass(frozen=True)
class Progress:
    """How far a checklist is, in Kommunen: one is done when nothing is left to check in it."""

    total: int = 0
    left: int = 0

    @property
    def done(self) -> int:
        """Kommunen in which everything is answered."""
        return self.total - self.left

    @property
    def share(self) -> float:
        """Done in percent, 100 where there was nothing to do."""
        return 100 * self.done / self.total if self.total else 100.0


def one(election_id: int) -> Election | None:
    """Load an election."""
    return db.session.scalar(select(Election).where(Election.id == election_id).options(*_WHOLE))


def removed(election_id: int) -> Election | None:
    """Find an election in the trash."""
    query = select(Election).where(Election.id == election_id, Election.removed_at.is_not(None))
    return db.session.scalar(query.options(*_WHOLE).execution_options(include_removed=True))


def listing() -> list[Election]:
    """All elections, the latest day first."""
    query = select(Election).options(*_WHOLE).order_by(Election.held_on.desc(), Election.id.desc())
    return list(db.session.scalars(query.limit(MOST_LISTED)))


def to_start() -> list[int]:
    """Numbers of the elections whose day has come and whose checklist is not made yet."""
    query = select(Election.id).where(
        Election.started_at.is_(None), Election.held_on <= today(), Election.removed_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Election.held_on, Election.id)))


def held(election_id: int) -> Election | None:
    """Load an election and hold it until the end of the transaction; None for one in the trash."""
    query = select(Election).where(Election.id == election_id).with_for_update(of=Election)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _asking() -> Any:
    """The condition that a check still asks something: its function was not removed as a mistake."""
    there = select(Function.id).where(Function.removed_at.is_(None))
    return ElectionCheck.function_id.is_(None) | ElectionCheck.function_id.in_(there)


_LEFT = func.count(
    case((ElectionCheck.state == CheckState.OPEN, ElectionCheck.organisation_id), else_=None).distinct()
)


def progress(election_ids: list[int]) -> dict[int, Progress]:
    """How far some checklists are."""
    query = select(ElectionCheck.election_id, func.count(ElectionCheck.organisation_id.distinct()), _LEFT)
    query = query.where(ElectionCheck.election_id.in_(election_ids), _asking())
    rows = db.session.execute(query.group_by(ElectionCheck.election_id)) if election_ids else ()
    return {number: Progress(total, left) for number, total, left in rows}


def by_county(election_id: int) -> list[tuple[int, str, Progress]]:
    """How far a checklist is in each county, by name; number 0 stands for Kommunen outside of counties."""
    query = (
        select(County.id, County.name, func.count(ElectionCheck.organisation_id.distinct()), _LEFT)
        .select_from(ElectionCheck)
        .outerjoin(County, County.id == ElectionCheck.county_id)
        .where(ElectionCheck.election_id == election_id, _asking())
        .group_by(County.id, County.name, County.sort_key)
        .order_by(County.sort_key.nulls_last())
    )
    rows = db.session.execute(query)
    return [(number or NO_COUNTY, name or "", Progress(total, left)) for number, name, total, left in rows]


def _narrowed(election_id: int, county_id: int | None, only_open: bool) -> list[Any]:
    found = [ElectionCheck.election_id == election_id, _asking()]
    if county_id == NO_COUNTY:
        found.append(ElectionCheck.county_id.is_(None))
    elif county_id is not None:
        found.append(ElectionCheck.county_id == county_id)
    return [*found, ElectionCheck.state == CheckState.OPEN] if only_open else found


def kommunen(election_id: int, county_id: int | None = None, only_open: bool = False) -> Select[Any]:
    """Select the Kommunen of a checklist by county, the county itself first, then by name."""
    asked = select(ElectionCheck.organisation_id, func.max(ElectionCheck.county_id).label("county_id"))
    asked = asked.where(*_narrowed(election_id, county_id, only_open))
    lines = asked.group_by(ElectionCheck.organisation_id).subquery()
    return (
        select(Organisation)
        .join(lines, lines.c.organisation_id == Organisation.id)
        .outerjoin(County, County.id == lines.c.county_id)
        .order_by(
            County.sort_key.nulls_last(), County.id, case((Organisation.level == Level.COUNTY, 0), else_=1),
            Organisation.sort_key, Organisation.id,
        )
    )  # fmt: skip


def checks_of(election_id: int, organisation_ids: list[int]) -> dict[int, list[ElectionCheck]]:
    """What is asked in some Kommunen, by Kommune, in the order it was noted."""
    query = select(ElectionCheck).options(*_LINES).order_by(ElectionCheck.id).limit(MOST_CHECKS)
    query = query.where(
        ElectionCheck.election_id == election_id,
        ElectionCheck.organisation_id.in_(organisation_ids),
        _asking(),
    )
    found: dict[int, list[ElectionCheck]] = {number: [] for number in organisation_ids}
    for check in db.session.scalars(query) if organisation_ids else ():
        found[check.organisation_id].append(check)
    return found


def open_checks(election_id: int, county_id: int | None = None) -> list[tuple[ElectionCheck, str | None]]:
    """What is still to be checked, with the name of the county, by county and Kommune."""
    query = (
        select(ElectionCheck, County.name)
        .join(Organisation, Organisation.id == ElectionCheck.organisation_id)
        .outerjoin(County, County.id == ElectionCheck.county_id)
        .where(*_narrowed(election_id, county_id, only_open=True))
        .options(*_LINES)
        .order_by(County.sort_key.nulls_last(), Organisation.sort_key, ElectionCheck.id)
    )
    return [(check, name) for check, name in db.session.execute(query.limit(MOST_CHECKS))]


def check(election_id: int, check_id: int) -> ElectionCheck | None:
    """Load one check of an election."""
    query = select(ElectionCheck).where(
        ElectionCheck.id == check_id, ElectionCheck.election_id == election_id, _asking()
    )
    return db.session.scalar(query.options(*_LINES))


def checks(election_id: int, check_ids: list[int]) -> list[ElectionCheck]:
    """Load some checks of an election, in the order they were noted."""
    query = select(ElectionCheck).where(
        ElectionCheck.election_id == election_id, ElectionCheck.id.in_(check_ids), _asking()
    )
    return list(db.session.scalars(query.options(*_LINES).order_by(ElectionCheck.id).limit(500)))


def is_done(election_id: int) -> bool:
    """Tell whether nothing is left to check."""
    query = select(ElectionCheck.id).where(*_narrowed(election_id, None, only_open=True)).limit(1)
    return db.session.scalar(query) is None


def open_at(organisation_id: int) -> list[tuple[Election, int]]:
    """Elections after which something is still to be checked in a Kommune, with the number."""
    left = (
        select(ElectionCheck.election_id, func.count().label("left"))
        .where(
            ElectionCheck.organisation_id == organisation_id,
            ElectionCheck.state == CheckState.OPEN,
            _asking(),
        )
        .group_by(ElectionCheck.election_id)
        .subquery()
    )
    query = select(Election, left.c.left).join(left, left.c.election_id == Election.id).options(*_WHOLE)
    rows = db.session.execute(query.order_by(Election.held_on, Election.id).limit(20))
    return [(election, number) for election, number in rows]


def not_asked(election: Election, organisation_id: int) -> list[Function]:
    """Functions held in a Kommune today that the checklist does not ask about."""
    known = select(ElectionCheck.function_id).where(
        ElectionCheck.election_id == election.id, ElectionCheck.function_id.is_not(None)
    )
    follows = select(ElectionCheck.successor_id).where(
        ElectionCheck.election_id == election.id, ElectionCheck.successor_id.is_not(None)
    )
    query = (
        select(Function)
        .join(Function.person)
        .where(
            Function.organisation_id == organisation_id, Function.on(today()),
            Function.id.not_in(known), Function.id.not_in(follows),
        )
        .options(joinedload(Function.person))
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(Function.id).limit(100)))


def follow_up_of(election_id: int) -> FollowUp | None:
    """The follow-up that reminds of a checklist."""
    query = select(FollowUp).where(FollowUp.election_id == election_id).order_by(FollowUp.id)
    return db.session.scalar(query.limit(1))
