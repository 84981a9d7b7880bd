"""What one name of an old list means by itself: as the register reads it, or with words cut short.

The same care as elsewhere: whatever is not plainly one place is several, or merely like some.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from crm.folding import Match, fold, rank, sort_key
from crm.imports.places import MOST_SUGGESTIONS, Place, Reading, Register
from crm.organisations.models import Level

_REMARK = re.compile(
    r"\s*\((?:video|viko|online|tel|telefon|mail|e-mail|vertreten|entsch)[^()]*\)$", re.IGNORECASE
)
_LAND = re.compile(
    r"\s*\((?:NI|Nds|NDS|NW|NRW|RLP|RP|BY|Bay|BW|TH|Thür|SL|Niedersachsen|Nordrhein-Westfalen|Rheinland-Pfalz"
    r"|Bayern|Baden-Württemberg|Thüringen)\.?\)$"
)
_CUT = re.compile(r"[^\W\d_]+\.?|[0-9]+")
# "an der", "am", "in", "vor", "bei" as the search key writes them.
_SMALL = {"a", "d", "i", "v", "b"}
_WHOLE_COUNTY = re.compile(
    r"alle\s+(?:kommunen|gemeinden|städte und gemeinden|städte u\.? gemeinden|bgm\.?|bürgermeister)\s+"
    r"(?:im|in|des|aus dem)\s+(?P<county>.+)",
    re.IGNORECASE,
)


@dataclass
class Names:
    """The names of the register with what was read so far."""

    register: Register
    _read: dict[str, Reading] = field(default_factory=dict)
    _words: list[tuple[Place, list[list[str]]]] = field(default_factory=list)

    def knows(self, text: str) -> bool:
        """Tell whether a text is a name, of one place or of several, or all of a county."""
        if "\n" in text:
            return False
        reading = self.read(text)
        return bool(reading.clear or reading.namesakes or self.whole_county(text))

    def read(self, text: str) -> Reading:
        """Say what a text means by itself: one place, several, or what is like it."""
        if text not in self._read:
            self._read[text] = self._reading(_REMARK.sub("", text).strip())
        return self._read[text]

    def whole_county(self, text: str) -> Place | None:
        """The county of which a text means all municipalities: alle Kommunen im Kreis Gießen."""
        match = _WHOLE_COUNTY.fullmatch(text.strip())
        return self.register.county(match["county"]) if match else None

    def municipalities_of(self, county: Place) -> list[Place]:
        """All municipalities that lie or lay in a county, by name."""
        found = [
            one
            for one in self.register.places.values()
            if one.level is Level.MUNICIPALITY and county.id in one.counties
        ]
        return sorted(found, key=lambda one: one.name)

    def _reading(self, text: str) -> Reading:
        if _LAND.search(text):
            return self._outside(without_land(text))
        reading = self.register.read(text)
        if reading.clear is None and not reading.namesakes and (cut := self._cut_short(text)):
            reading = Reading(clear=cut[0]) if len(cut) == 1 else Reading(namesakes=tuple(cut[:3]))
        if reading.clear is not None and reading.clear.level is Level.MUNICIPALITY:
            return self._or_its_county(text, reading.clear)
        if reading.clear is None and not reading.namesakes and (county := self.register.county(text)):
            return Reading(namesakes=(county,))
        return self._with_joined(text, reading) if reading.clear is None else reading

    def _outside(self, text: str) -> Reading:
        """Whoever lies in another Land is never one of Hessen; which one it is, is asked."""
        return Reading(near=tuple(self.register.elsewhere.get(sort_key(text), ())[:MOST_SUGGESTIONS]))

    def _or_its_county(self, text: str, town: Place) -> Reading:
        """Offenbach is the town or the county: only what is written out is clear."""
        county = self.register.county(text)
        score = rank(text, town.names)
        if county is None or (score is not None and score.match is Match.EXACT):
            return Reading(clear=town)
        return Reading(namesakes=(town, county))

    def _with_joined(self, text: str, reading: Reading) -> Reading:
        """Stadt Allendorf may be Stadtallendorf."""
        joined = self.register.read(text.replace(" ", "")).clear if " " in text else None
        if joined is None:
            return reading
        found = dict.fromkeys([joined, *(reading.namesakes or reading.near)])
        return Reading(near=tuple(found)[:MOST_SUGGESTIONS])

    def _cut_short(self, text: str) -> list[Place]:
        """Places whose name begins word by word like a text with dots: Mörfelden-W., Rotenburg a.d.F."""
        words = list(_words_of(text))
        if not any(is_cut for _word, is_cut in words) or not any(len(word) > 3 for word, _is_cut in words):
            return []
        self._words = self._words or [
            (place, [_large(fold(name)) for name in place.names])
            for place in self.register.places.values()
            if place.is_kommune
        ]
        found = [place for place, names in self._words if any(_fits(words, name) for name in names)]
        return [place for place in found if place.exists] or found


def remark_in(text: str) -> str:
    """What stands in brackets behind a name and is none: (Video!)."""
    match = _REMARK.search(text)
    return match[0].strip() if match else ""


def without_land(text: str) -> str:
    """A name without the Land behind it: Bodenfelde (NI)."""
    return _LAND.sub("", text)


@lru_cache(maxsize=4096)
def _words_of(text: str) -> tuple[tuple[str, bool], ...]:
    """The words of a text with whether a dot cuts them; small ones are left out."""
    return tuple(_cut_words(text))


def _cut_words(text: str) -> Iterator[tuple[str, bool]]:
    for word in _CUT.findall(text):
        plain = fold(word)
        if word.endswith(".") and (plain not in _SMALL or word[0].isupper()):
            yield fold(word.rstrip(".")) or word, True
        elif plain not in _SMALL:
            yield plain, False


def _large(folded: str) -> list[str]:
    return [word for word in folded.split() if word not in _SMALL]


def _fits(words: list[tuple[str, bool]], name: list[str]) -> bool:
    return len(name) == len(words) and all(
        part == word or (is_cut and part.startswith(word))
        for (word, is_cut), part in zip(words, name, strict=True)
    )
