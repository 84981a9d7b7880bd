"""Days that must not be missed, over all groups: duties after a grant, repayments, notices, studies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from crm.accounts.models import User
from crm.cooperations.kinds import OVER
from crm.cooperations.models import Cooperation
from crm.cooperations.terms import Notice, add_months, notice_of
from crm.db import count, db
from crm.funding.kinds import DeadlineKind, ObligationKind
from crm.funding.models import Application, Obligation
from crm.i18n import day, euros
from crm.proceedings.models import UNFINISHED, Study, StudyState

MOST = 500
# Contracts in force are few hundred; more than that no office can end.
MOST_CONTRACTS = 5000
# What a line shows of its group; the list has hundreds of them.
_GROUP = (
    load_only(Cooperation.title, Cooperation.sort_key, Cooperation.adviser_id, Cooperation.renewal_months),
    joinedload(Cooperation.adviser).load_only(User.name),
)
_OWED = {
    ObligationKind.REPORT: _l("Hand in the report of experience."),
    ObligationKind.PROOF: _l("Hand in the proof of use."),
    ObligationKind.REPAYMENT: _l("Pay back the grant."),
    ObligationKind.OTHER: _l("Fulfil the duty from the grant notice."),
}
_TERM = (
    Cooperation.id, Cooperation.term_until, Cooperation.term_unlimited, Cooperation.renewal_months,
    Cooperation.notice_months,
)  # fmt: skip


@dataclass(frozen=True)
class Deadline:
    """A day, the group it belongs to, and what is to be done; without a day it is to be settled at once.

    `number` is that of the obligation or the study.
    """

    day: date | None
    kind: DeadlineKind
    group: Cooperation
    what: str
    days_left: int | None = None
    number: int | None = None

    @property
    def is_late(self) -> bool:
        """Tell whether the day is over, or was never set."""
        return self.days_left is None or self.days_left < 0


def within(today: date, months: int | None) -> list[Deadline]:
    """The deadlines of the next months, what is overdue first; None means all."""
    return until(today, _last(today, months))


def number_within(today: date, months: int | None) -> int:
    """How many deadlines the next months bring; counted, not read."""
    last = _last(today, months)
    counted = count(_owed_until(last)) + count(_owing(last)) + count(_expected(last))
    return counted + len(_due_notices(today, last))


def _last(today: date, months: int | None) -> date:
    return add_months(today, months) if months is not None else date.max


def until(today: date, last: date) -> list[Deadline]:
    """The deadlines until a day, what is overdue first."""
    return _sorted([*owed(today, last), *_notices(today, last), *_studies(today, last)])


def owed(today: date, last: date, most: int = MOST) -> list[Deadline]:
    """Of these only what is owed: duties and repayments, at most so many of each."""
    return _sorted([*_obligations(today, last, most), *_repayments(today, last, most)])


def _sorted(found: list[Deadline]) -> list[Deadline]:
    return sorted(found, key=lambda one: (one.day or date.min, one.group.sort_key, one.number or 0))


def _owed_until(last: date) -> Select[Any]:
    query = select(Obligation).join(Obligation.application).join(Application.cooperation)
    return query.where(Obligation.done_on.is_(None), Obligation.due_on <= last)


def _obligations(today: date, last: date, most: int) -> list[Deadline]:
    group = (
        contains_eager(Obligation.application)
        .load_only(Application.cooperation_id)
        .contains_eager(Application.cooperation)
        .options(*_GROUP)
    )
    query = _owed_until(last).options(group).order_by(Obligation.due_on, Obligation.id)
    found = db.session.scalars(query.limit(most))
    return [
        Deadline(
            one.due_on, DeadlineKind.OBLIGATION, one.application.cooperation, _owed(one),
            (one.due_on - today).days, one.id,
        )
        for one in found
    ]  # fmt: skip


def _owed(one: Obligation) -> str:
    return str(_OWED[one.kind]) + (f" {one.clause}" if one.clause else "")


def _read(studies: Select[Any], day: Any, most: int) -> Iterable[Study]:
    """Read studies with their groups, those first whose day comes first."""
    query = studies.options(contains_eager(Study.cooperation).options(*_GROUP))
    found: Iterable[Study] = db.session.scalars(query.order_by(day.nulls_first(), Study.id).limit(most))
    return found


def _repayments(today: date, last: date, most: int) -> list[Deadline]:
    return [_repayment(one, today) for one in _read(_owing(last), Study.repay_due_on, most)]


def _repayment(one: Study, today: date) -> Deadline:
    text = _("Settle whether the grant for the study “%(name)s” is paid back (%(sum)s).")
    if one.repay_due_on:
        text = _("Pay back the grant for the study “%(name)s”: %(sum)s.")
    left = (one.repay_due_on - today).days if one.repay_due_on else None
    what = text % {"name": one.title, "sum": euros(one.grant)}
    return Deadline(one.repay_due_on, DeadlineKind.REPAYMENT, one.cooperation, what, left, one.id)


def _owing(last: date) -> Select[Any]:
    """Select studies to be paid back by a day, and those of which nobody settled whether they are.

    The latter were paid, led to nothing the programme pays for, and have no day for the repayment.
    """
    granted = exists().where(
        Application.cooperation_id == Study.cooperation_id,
        or_(Application.granted_on.is_not(None), Application.granted.is_not(None)),
    )
    unsettled = and_(
        Study.repay_due_on.is_(None),
        Study.state == StudyState.FINISHED,
        Study.grant > 0,
        Cooperation.halt.in_(OVER),
        ~granted,
    )
    return (
        select(Study)
        .join(Study.cooperation)
        .where(Study.repaid_on.is_(None), or_(Study.repay_due_on <= last, unsettled))
    )


def _expected(last: date) -> Select[Any]:
    """Select the studies expected until a day, of groups that still wait for one."""
    query = select(Study).join(Study.cooperation)
    query = query.where(Study.state.in_(UNFINISHED), Study.finished_on <= last)
    return query.where(or_(Cooperation.halt.is_(None), Cooperation.halt.not_in(OVER)))


def _studies(today: date, last: date) -> list[Deadline]:
    found = _read(_expected(last), Study.finished_on, MOST)
    return [
        Deadline(
            one.finished_on, DeadlineKind.STUDY, one.cooperation,
            _("The study “%(name)s” is expected.", name=one.title), (one.finished_on - today).days, one.id,
        )
        for one in found
        if one.finished_on
    ]  # fmt: skip


def _due_notices(today: date, last: date) -> dict[int, Notice]:
    """The notices on contracts in force that fall due, by group."""
    query = select(*_TERM).where(
        Cooperation.in_force,
        Cooperation.term_until.is_not(None),
        Cooperation.notice_months.is_not(None),
    )
    terms = db.session.execute(query.order_by(Cooperation.id).limit(MOST_CONTRACTS))
    notices = {term.id: notice for term in terms if (notice := notice_of(term, today))}
    return {number: notice for number, notice in notices.items() if notice.due_on <= last}


def _notices(today: date, last: date) -> list[Deadline]:
    """Contracts in force whose notice falls due."""
    due = _due_notices(today, last)
    groups = select(Cooperation).where(Cooperation.id.in_(due)).options(*_GROUP).order_by(Cooperation.id)
    found = db.session.scalars(groups) if due else ()
    return [_notice_of(group, due[group.id], today) for group in found]


def _notice_of(group: Cooperation, notice: Notice, today: date) -> Deadline:
    text = _("Go on or give notice: the contract ends on %(day)s.", day=day(notice.ends_on))
    if group.renewal_months:
        text = _(
            "Last day for a notice; without one the contract goes on after %(day)s.", day=day(notice.ends_on)
        )
    return Deadline(notice.due_on, DeadlineKind.NOTICE, group, text, (notice.due_on - today).days)
