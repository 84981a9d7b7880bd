"""What went up into what, over all generations: the unit of a day for a body, and all a body came from."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from crm.db import db
from crm.organisations.models import Succession

Links = dict[int, list[tuple[date, int]]]


@dataclass(frozen=True)
class Heirs:
    """Successors by predecessor with the day it took effect, the earliest first."""

    after: Links

    def unit_on(self, number: int, day: date) -> int:
        """Give what a body has become by a day; itself where it went up into nothing."""
        seen = {number}
        while True:
            ahead = [heir for effective_on, heir in self.after.get(number, ()) if effective_on <= day]
            if not ahead or ahead[0] in seen:
                return number
            number = ahead[0]
            seen.add(number)


def load() -> Heirs:
    """Read all successions: one statement, for there are few."""
    columns = (Succession.predecessor_id, Succession.effective_on, Succession.successor_id)
    found: Links = {}
    order = (Succession.effective_on, Succession.successor_id)
    for old, day, new in db.session.execute(select(*columns).order_by(*order)):
        found.setdefault(old, []).append((day, new))
    return Heirs(found)
