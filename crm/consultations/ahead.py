"""Whether a talk lies ahead when somebody enters it."""

from datetime import date, datetime, time, timedelta

from crm.db import BERLIN, today

# A start is often typed as it was agreed on, and the talk began a little early.
EARLY = timedelta(minutes=30)


def lies_ahead(day: date, starts_at: time | None) -> bool:
    """Tell whether a talk is still to come: on a later day, or later today by more than half an hour."""
    if day != today() or starts_at is None:
        return day > today()
    return datetime.combine(day, starts_at, BERLIN) > datetime.now(BERLIN) + EARLY
