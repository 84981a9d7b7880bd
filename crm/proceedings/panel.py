"""What the page of a group shows of its contract, approvals and studies."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, exists, or_, select

from crm.cooperations import terms
from crm.cooperations.kinds import OVER
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.funding.models import Application
from crm.proceedings import queries
from crm.proceedings.models import Approval, Study


def of(_user: Any, group: Any) -> dict[str, Any]:
    """Give approvals, studies, those whose grant may be owed, and the term of the contract."""
    studies, owed, approvals = _papers(group)
    words = terms.in_words if notice_of(group) else terms.term_in_words
    return {
        "approvals": approvals,
        "studies": studies,
        "owed": owed,
        "term": words(group, today()),
        "notice": notice_of(group),
        "begun": group.effective_on is not None and group.effective_on <= today(),
    }


def notice_of(group: Any) -> terms.Notice | None:
    """The next notice on the contract of a group; nobody ends what has ended."""
    return None if group.halt in OVER else terms.notice_of(group, today())


def studies_of(group: Any) -> tuple[list[Study], set[int]]:
    """The studies of a group, and the numbers of those whose grant may have to be paid back."""
    query = select(Study, _funded()).where(Study.cooperation_id == group.id).order_by(Study.id.desc())
    return _judged(group, db.session.execute(query.limit(100)))


def _funded() -> Any:
    return exists().where(
        Application.cooperation_id == Study.cooperation_id,
        or_(Application.granted_on.is_not(None), Application.granted.is_not(None)),
    )


def _judged(group: Any, rows: Iterable[Any]) -> tuple[list[Study], set[int]]:
    """Take the studies out of rows, and say whose grant may have to be paid back."""
    found = {row[0]: row[1] for row in rows if row[0]}
    return list(found), {
        study.id for study, granted in found.items() if study.may_be_owed(group.halt, granted)
    }


def _papers(group: Any) -> tuple[list[Study], set[int], list[Approval]]:
    """The same with the approvals of a group, in one statement: it has few of either."""
    rows: list[Any] = list(db.session.execute(_PAPERS, {"number": group.id}))
    return *_judged(group, rows), list(dict.fromkeys(row[2] for row in rows if row[2]))


def _paper_query() -> Any:
    query = select(Study, _funded(), Approval).select_from(Cooperation)
    query = query.outerjoin(Study, Study.cooperation_id == Cooperation.id)
    query = query.outerjoin(Approval, Approval.cooperation_id == Cooperation.id)
    query = query.where(Cooperation.id == bindparam("number")).order_by(Study.id.desc(), *queries.ORDER)
    return query.limit(1000)


# Made once: to put it together took longer than to answer it.
_PAPERS = _paper_query()
