"""What the page of a group shows of its contract, approvals and studies."""

from typing import Any

from sqlalchemy import exists, or_, select

from crm.cooperations import terms
from crm.cooperations.kinds import OVER
from crm.db import db, today
from crm.funding.models import Application
from crm.proceedings import queries
from crm.proceedings.models import Study


def of(_user: Any, group: Any) -> dict[str, Any]:
    """Give approvals, studies, those whose grant may be owed, and the term of the contract."""
    studies, owed = studies_of(group)
    words = terms.in_words if notice_of(group) else terms.term_in_words
    return {
        "approvals": queries.approvals(group.id),
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
    funded = exists().where(
        Application.cooperation_id == Study.cooperation_id,
        or_(Application.granted_on.is_not(None), Application.granted.is_not(None)),
    )
    query = select(Study, funded).where(Study.cooperation_id == group.id).order_by(Study.id.desc())
    found = db.session.execute(query.limit(100)).all()
    owed = {study.id for study, granted in found if study.may_be_owed(group.halt, granted)}
    return [study for study, _granted in found], owed
