"""Questions about feedback: how an event was liked. Few answers tell too much of who wrote them."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from crm.db import db
from crm.feedback.models import Feedback
from crm.feedback.ratings import RATINGS

LEAST = 3
MOST_TEXTS = 200


@dataclass(frozen=True)
class Bar:
    """One rating: its word, how many chose it, and their share in percent."""

    rating: int
    label: Any
    number: int
    share: float


@dataclass(frozen=True)
class Summary:
    """The answers of an event. Below three there is their number and nothing else."""

    number: int = 0
    mean: float | None = None
    bars: list[Bar] = field(default_factory=list)
    liked: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        """Tell whether there are answers, but too few to show."""
        return 0 < self.number < LEAST


def summary(event_id: int) -> Summary:
    """Sum up the answers of an event: two statements. Texts come in no order of time."""
    query = select(Feedback.rating, func.count(Feedback.id)).where(Feedback.event_id == event_id)
    chosen = {rating: number for rating, number in db.session.execute(query.group_by(Feedback.rating))}  # noqa: C416
    number = sum(chosen.values())
    if number < LEAST:
        return Summary(number)
    texts = select(Feedback.liked, Feedback.missed).where(
        Feedback.event_id == event_id, Feedback.liked.is_not(None) | Feedback.missed.is_not(None)
    )
    rows = db.session.execute(texts.order_by(Feedback.id).limit(MOST_TEXTS)).all()
    return Summary(
        number=number,
        mean=sum(rating * count for rating, count in chosen.items()) / number,
        bars=[
            Bar(rating, label, chosen.get(rating, 0), 100 * chosen.get(rating, 0) / number)
            for rating, label in RATINGS.items()
        ],
        liked=sorted((row.liked for row in rows if row.liked), key=str.casefold),
        missed=sorted((row.missed for row in rows if row.missed), key=str.casefold),
    )
