"""Questions about studies, approvals and notices of a group."""

from sqlalchemy import select

from crm.db import db
from crm.proceedings.models import Approval, Study

ORDER = (Approval.sent_on.desc().nulls_first(), Approval.id.desc())


def study(cooperation_id: int, study_id: int) -> Study | None:
    """Load a study of a group."""
    query = select(Study).where(Study.id == study_id, Study.cooperation_id == cooperation_id)
    return db.session.scalar(query)


def studies(cooperation_id: int) -> list[Study]:
    """The studies of a group, the newest first."""
    query = select(Study).where(Study.cooperation_id == cooperation_id).order_by(Study.id.desc())
    return list(db.session.scalars(query.limit(100)))


def approval(cooperation_id: int, approval_id: int) -> Approval | None:
    """Load an approval or a notice of a group."""
    query = select(Approval).where(Approval.id == approval_id, Approval.cooperation_id == cooperation_id)
    return db.session.scalar(query)


def approvals(cooperation_id: int) -> list[Approval]:
    """Approvals, notices and consents of a group: those not sent yet first, then the newest."""
    query = select(Approval).where(Approval.cooperation_id == cooperation_id)
    return list(db.session.scalars(query.order_by(*ORDER).limit(100)))
