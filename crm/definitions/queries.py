"""Questions about saved reports."""

from datetime import date
from typing import Any

from sqlalchemy import or_, select

from crm.access import Permission
from crm.accounts import queries as accounts
from crm.accounts.models import User
from crm.db import db, today
from crm.definitions.days import period_of
from crm.definitions.models import ReportRecipient, Rhythm, SavedReport
from crm.reports import REPORTS
from crm.reports.scope import IN_ADDRESS, STAFF

MOST = 200


def visible_to(user: Any) -> Any:
    """Select the saved reports somebody may open: the own ones, shared ones, and those one gets by mail."""
    gets = select(ReportRecipient.saved_report_id).where(ReportRecipient.user_id == user.id)
    return select(SavedReport).where(
        or_(SavedReport.owner_id == user.id, SavedReport.shared, SavedReport.id.in_(gets))
    )


def listing(user: Any, slug: str = "") -> list[SavedReport]:
    """The saved reports somebody may open, the own ones first, by name."""
    query = visible_to(user)
    if slug:
        query = query.where(SavedReport.slug == slug)
    order = (SavedReport.owner_id != user.id, SavedReport.name, SavedReport.id)
    found = db.session.scalars(query.order_by(*order).limit(MOST))
    return [one for one in found if not _too_much(user, one)]


def one(user: Any, saved_id: int) -> SavedReport | None:
    """Load a saved report somebody may open."""
    found: SavedReport | None = db.session.scalar(visible_to(user).where(SavedReport.id == saved_id))
    return None if found is None or _too_much(user, found) else found


def _too_much(user: Any, saved: SavedReport) -> bool:
    """Tell whether it is about single colleagues and somebody may not see their figures."""
    return IN_ADDRESS[STAFF] in saved.filters and not user.may(Permission.READ_STAFF_FIGURES)


def may_change(user: Any, saved: SavedReport) -> bool:
    """Tell whether somebody may change a saved report: the own ones; managers any that is shared."""
    manages = user.may(Permission.READ_STAFF_FIGURES)
    return saved.owner_id == user.id or (saved.shared and manages)


def arguments(saved: SavedReport, day: date | None = None) -> dict[str, Any]:
    """Give the address of a saved report as seen from a day: its days and filters."""
    return period_of(saved, day or today()).arguments | saved.filters


def may_read(user: User, saved: SavedReport) -> bool:
    """Tell whether somebody may see the numbers of a saved report at all."""
    allowed = user.is_active and user.may(Permission.READ_CONTENT) and saved.slug in REPORTS
    return allowed and not _too_much(user, saved)


def choosable(user: User, saved: SavedReport) -> list[User]:
    """Who somebody may name as a recipient: colleagues who may see it; who only reads, nobody but oneself."""
    others = user.may(Permission.WRITE_PEOPLE)
    return [one for one in accounts.everybody() if (others or one.id == user.id) and may_read(one, saved)]


def mailed() -> list[SavedReport]:
    """All saved reports that go by mail."""
    query = select(SavedReport).where(SavedReport.rhythm != Rhythm.NEVER).order_by(SavedReport.id)
    return list(db.session.scalars(query.limit(10 * MOST)))
