"""What somebody ticked in a list: numbers in the address, or “all of this list” by its filters.

The form around a list sends its filters along, so the address of what is done with a selection reads like
that of the list itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_babel import gettext as _
from sqlalchemy import Select

from crm.errors import RuleBroken
from crm.fields import coerce_number

NUMBER, WHOLE, MARK = "nummer", "alle", "auswahl"
MOST = 500

# How each list that can be picked from selects what its address asks for, by the name of the list.
LISTS: dict[str, Callable[[], Select[Any]]] = {}


@dataclass(frozen=True)
class Picks:
    """The ticked numbers; or how many the whole list had when it was looked at."""

    numbers: tuple[int, ...] = ()
    whole: int | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was chosen."""
        return not self.numbers and self.whole is None


def offer(name: str, listing: Callable[[], Select[Any]]) -> None:
    """Say how a list selects what its address asks for, in its order."""
    LISTS[name] = listing


def asked() -> Picks:
    """Read the selection from the address; raises RuleBroken for one that is unreadable or too large."""
    given = request.args.getlist(NUMBER)
    if len(given) > MOST:
        raise too_many()
    numbers = [_number(one) for one in given]
    if whole := request.args.get(WHOLE):
        return Picks(whole=_number(whole))
    return Picks(tuple(dict.fromkeys(numbers)))


def _number(text: str) -> int:
    try:
        number = coerce_number(text)
    except ValueError:
        number = None
    if not number:
        raise RuleBroken(_("This selection cannot be read. Go back to the list and tick again."))
    return number


def too_many() -> RuleBroken:
    """Say that a selection is larger than what is done at once."""
    return RuleBroken(_("At most %(most)s at a time. Narrow the list and go in steps.", most=MOST))


def narrowed(query: Select[Any], column: Any) -> Select[Any]:
    """Leave of a list what is ticked, for a file of the selection; raises RuleBroken when nothing is."""
    if MARK not in request.args:
        return query
    picks = asked()
    if picks.is_empty:
        raise RuleBroken(_("Tick at least one row first."))
    return query.where(column.in_(picks.numbers)) if picks.numbers else query


def list_query() -> str:
    """Give the filters of the list without what is ticked, as a query."""
    own = (NUMBER, WHOLE, MARK)
    return urlencode([pair for pair in request.args.items(multi=True) if pair[0] not in own])
