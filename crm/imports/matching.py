"""Which organisations the texts of a row mean. Whatever is not plainly one is left to people.

A name that several bear is decided by its neighbours in the row, when just one of them lies in a county in
which the others lie. Keys beside the names decide nothing: they only contradict.
"""

import enum
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from crm.folding import fold
from crm.imports.places import MOST_SUGGESTIONS, Place, Register
from crm.organisations.models import Level


class State(enum.Enum):
    """How sure it is what a text means."""

    MATCHED = "matched"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass
class Named:
    """A text of a row, what it means, and what it might mean; `mark` names the choice on screen."""

    text: str
    mark: str = ""
    place: Place | None = None
    suggestions: tuple[Place, ...] = ()
    why: str = ""
    ags: str | None = None
    is_lead: bool = False
    chosen: bool = False

    @property
    def state(self) -> State:
        """Tell how sure it is."""
        if self.place is not None:
            return State.MATCHED
        return State.DOUBTFUL if self.suggestions else State.UNKNOWN


@dataclass(frozen=True)
class Wanted:
    """What a row says about its partners: names, lead, counties, keys to check by, and its day."""

    line: int
    texts: Sequence[str]
    lead: str = ""
    counties: Sequence[str] = ()
    keys: Sequence[str] = ()
    lead_keys: Sequence[str] = ()
    day: date | None = None


@dataclass
class Found:
    """The partners of a row in their order, each place once, and the lead."""

    named: list[Named] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        """The places that are attached, the lead first."""
        order = sorted(self.named, key=lambda one: not one.is_lead)
        return list({one.place.id: one.place for one in order if one.place is not None}.values())

    @property
    def lead(self) -> Place | None:
        """The place that leads."""
        return next((one.place for one in self.named if one.is_lead and one.place is not None), None)

    @property
    def open(self) -> list[Named]:
        """The texts of which it is not sure what they mean."""
        return [one for one in self.named if one.place is None]


def match(wanted: Wanted, register: Register, choices: Mapping[str, int], today: date) -> Found:
    """Say what the texts of a row mean; `choices` holds what people decided, by mark or by text."""
    found = Found([Named(text) for text in _split(wanted.texts, register)])
    lead = Named(wanted.lead, is_lead=True) if wanted.lead else None
    everybody = [*found.named, *([lead] if lead else [])]
    context = _context(everybody, wanted.counties, register)
    for one in everybody:
        _decide(one, wanted.line, register, context, choices)
    _check_keys(found.named, wanted.keys, register)
    if lead:
        _check_keys([lead], [*wanted.lead_keys] or wanted.keys, register)
        _join_lead(found, lead)
    for one in found.named:
        if one.place is not None:
            one.ags = _key_of(one.place, wanted, today)
    found.doubled = _doubled(found.named)
    return found


def _split(texts: Sequence[str], register: Register) -> list[str]:
    """Part "Ottrau und Oberaula" where it is no name of its own."""
    found: list[str] = []
    for text in texts:
        halves = [half.strip() for half in text.split(" und ")]
        known = register.read(text)
        apart = len(halves) > 1 and known.clear is None and not known.namesakes
        found += halves if apart and all(_known(half, register) for half in halves) else [text]
    return found


def _known(text: str, register: Register) -> bool:
    reading = register.read(text)
    return reading.clear is not None or bool(reading.namesakes)


def _context(named: Iterable[Named], counties: Sequence[str], register: Register) -> frozenset[int]:
    """The counties in which the row plays: those of its clear names, and those it names itself."""
    clear = [register.read(one.text).clear for one in named] + [register.county(text) for text in counties]
    return frozenset(county for place in clear if place is not None for county in place.counties)


def _decide(
    one: Named, line: int, register: Register, context: frozenset[int], choices: Mapping[str, int]
) -> None:
    reading = register.read(one.text)
    one.place = reading.clear
    one.suggestions = reading.namesakes or reading.near
    one.mark = mark_of(one.text, line if reading.namesakes else None)
    if reading.namesakes:
        one.place = by_neighbours(reading.namesakes, context)
        one.why = _("can mean several.")
    elif reading.near:
        one.why = _("is not written so in the register.")
    elif one.place is None:
        one.why = _("is not in the register.")
    chosen = choices.get(one.mark, choices.get(one.text))
    place = next((place for place in one.suggestions if place.id == chosen), None)
    if place is not None and one.place is None:
        one.place, one.chosen = place, True


def by_neighbours(namesakes: Sequence[Place], context: frozenset[int]) -> Place | None:
    """Give the one of some namesakes that alone lies in a county in which the row plays; None if unsure."""
    if len({place.level for place in namesakes} - {Level.ELSEWHERE}) > 1:
        return None
    inside = [place for place in namesakes if place.counties & context]
    return inside[0] if len(inside) == 1 else None


def mark_of(text: str, line: int | None) -> str:
    """Name a choice: a misspelt name means the same wherever it stands, a namesake only in its row."""
    short = hashlib.sha256(fold(text).encode()).hexdigest()[:10]
    return f"{short}-{line}" if line else short


def _check_keys(named: Iterable[Named], keys: Sequence[str], register: Register) -> None:
    """Keys beside the names that belong to none of them contradict a match without a key of its own."""
    sure = [one.place for one in named if one.place is not None]
    left = [key for key in keys if not any(key in register.keys_of(place) for place in sure)]
    for one in named if left else ():
        if one.place is None or one.chosen or not one.place.keys:
            continue
        if register.keys_of(one.place).isdisjoint(keys):
            others = [place for key in left if (place := register.by_key(key)) is not None]
            one.suggestions = tuple(dict.fromkeys([one.place, *others]))[:MOST_SUGGESTIONS]
            one.why = _(
                "is %(name)s by its name, but the keys beside it say otherwise: %(keys)s.",
                name=one.place.name, keys=", ".join(left[:5]),
            )  # fmt: skip
            one.place = None


def _join_lead(found: Found, lead: Named) -> None:
    """Mark the partner that leads, or add the lead to the partners."""
    for one in found.named:
        same_place = lead.place is not None and one.place == lead.place
        if same_place or (one.place is None and fold(one.text) == fold(lead.text)):
            one.is_lead = True
            return
    found.named.append(lead)


def _key_of(place: Place, wanted: Wanted, today: date) -> str | None:
    """The official key of a place: the one the list knows it under, else that of the row's day."""
    own = [key for key in place.all_keys if key in (*wanted.keys, *wanted.lead_keys)]
    return own[0] if len(own) == 1 else place.key_on(wanted.day or today)


def _doubled(named: Sequence[Named]) -> list[str]:
    seen: set[int] = set()
    twice = []
    for one in named:
        if one.place is not None:
            if one.place.id in seen:
                twice.append(one.text)
            seen.add(one.place.id)
    return twice
