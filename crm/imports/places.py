"""The register as a list of names is matched against: loaded once, asked for every text of a file.

A name counts only when it is written as the register writes it or once wrote it: capitals, umlauts and usual
abbreviations make no difference, a letter or a hyphen does. What is merely like a name is a suggestion.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from crm import folding
from crm.folding import Match, fold, rank, search_words, sort_key, without_addition
from crm.organisations.finding import initials_of
from crm.organisations.models import KOMMUNEN, Level

MOST_SUGGESTIONS = 3
# First and last day, and the name or key of that time.
Spell = tuple[date | None, date | None, str]
_HYPHEN = re.compile(r"(?<=\w)\s?[-\u2010-\u2015]\s?(?=\w)")


def held(spells: Sequence[Spell], day: date) -> str | None:
    """What held on a day; the newest where nothing did."""
    for first, last, text in spells:
        if (first or date.min) <= day <= (last or date.max):
            return text
    return spells[-1][2] if spells else None


@dataclass(frozen=True)
class Place:
    """A body of the register: names new and old, its keys and those of its heirs, the counties it lies in."""

    id: int
    level: Level
    name: str
    named_until: str
    names: tuple[str, ...]
    keys: tuple[Spell, ...]
    counties: frozenset[int]
    note: str
    exists: bool
    search_text: str
    heirs: frozenset[int] = frozenset()
    span: tuple[date | None, date | None] = (None, None)
    called: tuple[Spell, ...] = ()

    @property
    def is_kommune(self) -> bool:
        """Tell whether it is a municipality or county of Hessen."""
        return self.level in KOMMUNEN

    @property
    def all_keys(self) -> list[str]:
        """Every key it had or has."""
        return [key for _first, _last, key in self.keys]

    def key_on(self, day: date) -> str | None:
        """Its key on a day; the newest one where none held."""
        return held(self.keys, day)

    def exists_on(self, day: date) -> bool:
        """Tell whether the body exists on a day."""
        return (self.span[0] or date.min) <= day <= (self.span[1] or date.max)

    def name_on(self, day: date) -> str:
        """What the body was called on a day."""
        for first, last, name in self.called:
            if (first or date.min) <= day <= (last or date.max):
                return name
        return self.name


@dataclass(frozen=True)
class Reading:
    """What a text means: one place clearly, or namesakes of which one is meant, or what is like it."""

    clear: Place | None = None
    namesakes: tuple[Place, ...] = ()
    near: tuple[Place, ...] = ()


@dataclass
class Register:
    """All Kommunen and other bodies, with what was read so far."""

    places: dict[int, Place]
    elsewhere: dict[str, list[Place]] = field(default_factory=dict)
    _readings: dict[str, Reading] = field(default_factory=dict)

    def read(self, text: str) -> Reading:
        """Say what a text means by itself."""
        if text not in self._readings:
            self._readings[text] = self._read(text)
        return self._readings[text]

    def county(self, text: str) -> Place | None:
        """Give the county a text names, with or without the word for it."""
        for name in (text, f"Landkreis {text}"):
            found = self.read(name).clear
            if found is not None and found.level is Level.COUNTY:
                return found
        return None

    def by_key(self, key: str) -> Place | None:
        """Give the place that has or had a key."""
        return next((place for place in self.places.values() if key in place.all_keys), None)

    def keys_of(self, place: Place) -> set[str]:
        """The keys of a place and of all that came after it."""
        found, open_ = set(place.all_keys), list(place.heirs)
        while open_:
            heir = self.places.get(open_.pop())
            if heir is not None and not found.issuperset(heir.all_keys):
                found.update(heir.all_keys)
                open_ += heir.heirs
        return found

    def unit_on(self, place: Place, day: date) -> list[Place]:
        """What a body was on a day: itself, what it has become until then, or what it came from."""
        if place.exists_on(day):
            return [place]
        late = place.span[1] is not None and day > place.span[1]
        before = [one.id for one in self.places.values() if place.id in one.heirs]
        near = [self.places[one] for one in (place.heirs if late else before) if one in self.places]
        found = [unit for one in near for unit in ([one] if one.exists_on(day) else self.unit_on(one, day))]
        return list(dict.fromkeys(sorted(found, key=lambda one: one.name)))

    def _read(self, text: str) -> Reading:
        hits = self._hits(text)
        called = _called(text, hits)
        outside = self.elsewhere.get(sort_key(text), [])
        exact = any(hit.match is Match.EXACT for hit in hits if hit.place in called)
        if called and outside and not exact:
            called = [*called, *outside]
        called = called or outside
        if len(called) == 1:
            return Reading(clear=called[0])
        if called:
            return Reading(namesakes=tuple(called[:MOST_SUGGESTIONS]))
        return Reading(near=tuple(self._near(text, hits)))

    def _hits(self, text: str) -> list["_Hit"]:
        words = search_words(text)
        found = []
        for place in self.places.values() if words else ():
            if all(word in place.search_text for word in words):
                hit = _hit(text, place)
                if hit is not None:
                    found.append(hit)
        return sorted(found, key=lambda hit: (hit.match, hit.former, not hit.place.exists, hit.place.name))

    def _near(self, text: str, hits: list["_Hit"]) -> list[Place]:
        found = [hit.place for hit in hits if hit.match <= Match.WITHOUT_ADDITION]
        if found:
            return found[:MOST_SUGGESTIONS]
        found = self._but_for_the_addition(text) + [hit.place for hit in hits if hit.match < Match.ANYWHERE]
        for name in folding.closest(text, [place.name for place in self.places.values()], MOST_SUGGESTIONS):
            found += [place for place in self.places.values() if place.name == name]
        return list(dict.fromkeys(found))[:MOST_SUGGESTIONS]

    def _but_for_the_addition(self, text: str) -> list[Place]:
        """What a name with a wrong addition may mean: Fürth of Fürth (Odenwald)."""
        short = without_addition(text)
        reading = self.read(short) if short not in (text, "") else Reading()
        return [reading.clear] if reading.clear else list(reading.namesakes)


@dataclass(frozen=True)
class _Hit:
    place: Place
    match: Match
    former: bool
    spelt: bool


def _hit(text: str, place: Place) -> _Hit | None:
    current = [place.name, *initials_of(place.names)]
    former = [name for name in place.names if name != place.name]
    score = rank(text, current, former=former, context=place.search_text)
    if score is None:
        return None
    return _Hit(place, score.match, score.former, any(_spelt(text, name) for name in (*current, *former)))


def _spelt(text: str, name: str) -> bool:
    """Tell whether a text ends with a name, or with it but for its addition, letter by letter."""
    written, hyphens = f" {fold(text)}", len(_HYPHEN.findall(text))
    forms = {name, without_addition(name)}
    return any(written.endswith(f" {fold(form)}") and hyphens == len(_HYPHEN.findall(form)) for form in forms)


def _called(text: str, hits: list[_Hit]) -> list[Place]:
    """Those whose whole name was written, else the name without its addition; Kommunen before others."""
    for kommunen in (True, False):
        own = [hit for hit in hits if hit.spelt and hit.place.is_kommune is kommunen]
        exact = [hit for hit in own if hit.match is Match.EXACT]
        for group in ([hit for hit in exact if not hit.former], exact):
            if group:
                living = [hit.place for hit in group if hit.place.exists]
                return living or [hit.place for hit in group]
        if short := [hit.place for hit in own if hit.match is Match.WITHOUT_ADDITION]:
            start = fold(text) + " "
            longer = [hit.place for hit in hits if fold(hit.place.name).startswith(start)]
            return list(dict.fromkeys([*short, *longer]))
    return []
