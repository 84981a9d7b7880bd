"""Which guest a line of a sign-in list means: titles are ignored, slips forgiven, the place helps. Pure."""

import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from crm.addresses import comparable
from crm.attendance.signatures import Line, plain_words


class Fit(enum.Enum):
    """How clear it is who is meant."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    NEW = "new"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Known:
    """A guest as lists are compared with it."""

    number: int
    first: frozenset[str]
    last: frozenset[str]
    place: frozenset[str]
    address: str

    @classmethod
    def of(cls, number: int, first: str, last: str, place: str, address: str | None) -> "Known":
        """Fold a guest once, for all lines."""
        return cls(number, plain_words(first), plain_words(last), plain_words(place), address or "")


@dataclass
class Match:
    """What was found for a line: guests, the likeliest first, and which answer is taken unasked."""

    line: Line
    fit: Fit
    guests: list[int] = field(default_factory=list)
    usual: str = ""
    again: int = 0


SKIP, NEW = "nichts", "neu"


def answer_of(number: int) -> str:
    """Write that a guest is meant; negative numbers are those of invitations."""
    return f"gast-{number}" if number > 0 else f"einladung-{-number}"


def match(lines: Sequence[Line], guests: Iterable[Known]) -> list[Match]:
    """Find for each line who is meant; a guest or a new name that stands there twice is taken once."""
    known = list(guests)
    by_address = {one.address: one for one in known if one.address}
    by_sound = defaultdict(set)
    for place, guest in enumerate(known):
        for word in guest.last:
            for spelling in _spellings(word):
                by_sound[spelling].add(place)
    found = []
    for line in lines:
        sounds = {spelling for word in line.name_words for spelling in _spellings(word)}
        possible = set().union(*(by_sound[one] for one in sounds if one in by_sound))
        found.append(_match(line, [known[place] for place in sorted(possible)], by_address))
    _mark_repeated(found)
    return found


def _spellings(word: str) -> set[str]:
    """A word with as many letters left out as slips are forgiven: two that are alike share one of them."""
    found = {word}
    for _slip in range(_forgiven(len(word))):
        found |= {one[:place] + one[place + 1 :] for one in found for place in range(len(one))}
    return found


def _forgiven(length: int) -> int:
    return 0 if length < 4 else 1 if length < 8 else 2


def _match(line: Line, known: list[Known], by_address: dict[str, Known]) -> Match:
    if line.email and (same := by_address.get(comparable(line.email))):
        return _sure(line, same)
    if not line.name_words:
        return Match(line, Fit.UNREADABLE, usual=SKIP)
    ranked = defaultdict(list)
    # Who bears the very name leaves no room for slips.
    for guest in [one for one in known if _is_called(line, one)] or known:
        closeness = _closeness(line, guest)
        if closeness:
            ranked[closeness].append(guest)
    return _judged(line, ranked)


EXACT, ALIKE, LAST_ONLY = 3, 2, 1


def _judged(line: Line, ranked: dict[int, list[Known]]) -> Match:
    exact, here = ranked[EXACT], [one for one in ranked[EXACT] if _place(line, one)]
    if len(exact) == 1 and _place(line, exact[0]) is not False:
        return _sure(line, exact[0])
    if len(here) == 1:
        return _sure(line, here[0])
    if exact:
        return _doubtful(line, exact)
    alike = [one for one in ranked[ALIKE] if _place(line, one)]
    if len(alike) == 1:
        return _sure(line, alike[0])
    possible = ranked[ALIKE] + [one for one in ranked[LAST_ONLY] if _place(line, one) is not False]
    if not possible:
        return Match(line, Fit.NEW, usual=NEW)
    found = _doubtful(line, possible)
    if len(possible) == 1 and _place(line, possible[0]) is not False:
        found.usual = answer_of(possible[0].number)
    return found


def _sure(line: Line, guest: Known) -> Match:
    return Match(line, Fit.SURE, [guest.number], answer_of(guest.number))


def _doubtful(line: Line, guests: list[Known]) -> Match:
    likeliest = sorted(guests, key=lambda one: (not _place(line, one), one.number < 0, one.number))
    return Match(line, Fit.DOUBTFUL, [one.number for one in likeliest[:8]])


def _place(line: Line, guest: Known) -> bool | None:
    """Tell whether a line names the place of a guest; None where one of them names none."""
    said = plain_words(" ".join(line.rest)) or line.name_words - guest.last
    if not said or not guest.place or (not line.rest and not said & guest.place):
        return None
    return any(_similar(max(guest.place, key=len), one) for one in said) or guest.place <= said


def _closeness(line: Line, guest: Known) -> int:
    """Say how well the name of a line is that of a guest; 0 for not at all."""
    words = line.name_words
    if _is_called(line, guest):
        return EXACT if guest.first or len(words) == len(guest.last) else ALIKE
    if not guest.last:
        return 0
    last = all(any(_similar(one, other) for other in words) for one in guest.last)
    rest = {word for word in words if not any(_similar(word, one) for one in guest.last)}
    if last and any(_short_for(one, other) for one in guest.first for other in rest):
        return ALIKE
    # „Henkel, Lahntal“ names no first name but a place.
    return LAST_ONLY if guest.last <= words and (not rest or not line.rest and rest <= guest.place) else 0


def _is_called(line: Line, guest: Known) -> bool:
    words = line.name_words
    return bool(guest.last) and guest.last <= words and bool(guest.first & words or not guest.first)


def _short_for(one: str, other: str) -> bool:
    """The same first name, misspelt, or one of the two only an initial."""
    return _similar(one, other) or (min(len(one), len(other)) == 1 and one[0] == other[0])


@lru_cache(maxsize=65536)
def _similar(one: str, other: str) -> bool:
    """Tell whether two words differ by a slip of the pen at most: one in short words, two in long ones."""
    if one == other:
        return True
    slips = _forgiven(min(len(one), len(other)))
    if abs(len(one) - len(other)) > slips:
        return False
    return bool(slips) and _slips(one, other, slips) <= slips


def _slips(one: str, other: str, most: int) -> int:
    """Count letters left out, added, exchanged or swapped with their neighbour; stops above `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        older, before, row = before, row, [place]
        for column, wanted in enumerate(other, start=1):
            cost = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != wanted))
            swapped = place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == wanted
            row.append(min(cost, older[column - 2] + 1) if swapped else cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _mark_repeated(found: list[Match]) -> None:
    """Whoever stands on the list twice is taken the first time; the second line says so."""
    seen: dict[object, int] = {}
    for one in found:
        key: object = one.guests[0] if one.fit is Fit.SURE else None
        if one.fit is Fit.NEW:
            key = (one.line.name_words, plain_words(" ".join(one.line.rest)))
        if key is None:
            continue
        if key in seen:
            one.again, one.usual, one.fit = seen[key], SKIP, Fit.DOUBTFUL
        else:
            seen[key] = one.line.number
