"""Close a quarter, and open it again with a reason."""

from typing import Any

from flask_babel import gettext as _

from crm import audit
from crm.closing import queries
from crm.closing.models import Quarter, Span, span_of
from crm.db import Turn, db, now, take_turn, today
from crm.errors import RuleBroken


def close(span: Span, by: Any) -> Quarter:
    """Close a quarter that is over; whoever is saving in it is waited for. Raises RuleBroken."""
    if span >= span_of(today()):
        raise RuleBroken(_("Only a quarter that is over can be closed."))
    quarter = _held(span)
    if quarter is None:
        quarter = Quarter(year=span.year, number=span.number)
        db.session.add(quarter)
    elif quarter.is_closed:
        raise RuleBroken(_("%(quarter)s is closed already.", quarter=span.name))
    quarter.closed_at, quarter.closed_by_id = now(), by.id
    audit.record("quarter.closed", quarter, by)
    return quarter


def reopen(span: Span, reason: str, by: Any) -> Quarter:
    """Open a closed quarter again. Raises RuleBroken."""
    quarter = _held(span)
    if quarter is None or not quarter.is_closed:
        raise RuleBroken(_("%(quarter)s is not closed.", quarter=span.name))
    quarter.closed_at = None
    quarter.reopened_at, quarter.reopened_by_id, quarter.reopened_because = now(), by.id, reason
    audit.record("quarter.reopened", quarter, by)
    return quarter


def _held(span: Span) -> Quarter | None:
    """Read a quarter once nobody saves any more; SQLite lets only one write at a time anyway."""
    take_turn(Turn.QUARTER)
    return queries.one(span)
