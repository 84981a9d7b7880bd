"""What held when, known from single days: a value holds from the day it was seen until another one was seen.

The outcome does not depend on the order in which the days become known. Before the first day on which
anybody looked, the first value holds; a change whose day no source names begins with the first file that
shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

V = TypeVar("V")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch(Generic[V]):
    """A value and the days it holds, both included; None means open."""

    valid_from: date | None
    valid_to: date | None
    value: V

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


def on(stretches: Sequence[Stretch[V]], day: date) -> Stretch[V] | None:
    """Give the stretch that holds on a day."""
    return next((one for one in stretches if one.holds_on(day)), None)


def seen(stretches: Sequence[Stretch[V]], day: date, value: V, looked: Sequence[date]) -> list[Stretch[V]]:
    """Give the stretches after `value` was seen on `day`; `looked` are all other days somebody looked.

    The value replaces what was assumed from this day to the day before the next look or known change; when
    nobody looked earlier, also what was assumed before.
    """
    now = on(stretches, day)
    if now is not None and now.value == value:
        return list(stretches)
    # Neither its birth nor a look before it tells anything about a name: only what lies within its life.
    birth = _start(stretches[0]) if stretches else date.min
    known = {*looked, *(one.valid_from for one in stretches[1:] if one.valid_from)}
    looked_before = any(birth <= one < day for one in known)
    begin = day if looked_before else (stretches[0].valid_from if stretches else None)
    last = max((one.valid_to or date.max for one in stretches), default=date.max)
    end = min([last, *(one - DAY for one in known if one > day)])
    fresh = Stretch(begin, None if end == date.max else end, value)
    return _joined(sorted([*_outside(stretches, fresh), fresh], key=_start))


def closed(stretches: Sequence[Stretch[V]], last: date) -> list[Stretch[V]]:
    """Give the stretches of something that ended on a day."""
    kept = [one for one in stretches if _start(one) <= last]
    return [
        Stretch(one.valid_from, last if (one.valid_to or date.max) > last else one.valid_to, one.value)
        for one in kept
    ]


def _start(one: Stretch[V]) -> date:
    return one.valid_from or date.min


def _outside(stretches: Sequence[Stretch[V]], fresh: Stretch[V]) -> list[Stretch[V]]:
    """What is left of the stretches before and after the new one."""
    found = []
    begin, end = _start(fresh), fresh.valid_to or date.max
    for one in stretches:
        if _start(one) < begin:
            found.append(Stretch(one.valid_from, min(one.valid_to or date.max, begin - DAY), one.value))
        if (one.valid_to or date.max) > end:
            found.append(Stretch(max(_start(one), end + DAY), one.valid_to, one.value))
    return found


def _joined(stretches: list[Stretch[V]]) -> list[Stretch[V]]:
    """Make one of neighbours that say the same."""
    found: list[Stretch[V]] = []
    for one in stretches:
        last = found[-1] if found else None
        if last and last.value == one.value and last.valid_to and last.valid_to + DAY == one.valid_from:
            found[-1] = Stretch(last.valid_from, one.valid_to, one.value)
        else:
            found.append(one)
    return found
