"""Which column of a list means what: guessed by the headings, changed by hand, and what is missing."""

from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask_babel import gettext as _

from crm.folding import fold
from crm.labels import Labelled

Meaning = TypeVar("Meaning", bound=Labelled)
Meanings = dict[Meaning, tuple[str, ...]]
# What the repair file of an earlier import added.
_OWN = ("Zeile", "Fehler", "Line", "Error")


@dataclass(frozen=True)
class Mapping(Generic[Meaning]):
    """The meaning of each column that has one, by its place; and the headings nobody knows.

    `remembered` tells that somebody chose for a list with these headings before.
    """

    header: tuple[str, ...]
    meanings: dict[int, Meaning]
    remembered: bool = False

    def place(self, meaning: Meaning) -> int | None:
        """Where the column of a meaning stands; None where the list has none."""
        return next((place for place, one in self.meanings.items() if one is meaning), None)

    def heading(self, meaning: Meaning) -> str:
        """What the column of a meaning is called in the list."""
        place = self.place(meaning)
        return self.header[place] if place is not None else str(meaning.label)

    def cell(self, cells: Sequence[str], meaning: Meaning) -> str:
        """What a row says under a meaning; empty where the list has no such column."""
        place = self.place(meaning)
        return cells[place] if place is not None else ""

    @property
    def left_out(self) -> list[str]:
        """The headings that are not taken over."""
        own = {fold(name) for name in _OWN}
        return [
            name
            for place, name in enumerate(self.header)
            if place not in self.meanings and fold(name) not in own
        ]


def guess(header: Sequence[str], known: Meanings[Meaning]) -> dict[int, Meaning]:
    """Tell the meanings by the headings, however they are written; a heading twice counts once."""
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        places.setdefault(_plain(name), place)
    found: dict[int, Meaning] = {}
    for meaning, names in known.items():
        here = [places[_plain(name)] for name in names if _plain(name) in places]
        free = [place for place in here if place not in found]
        if free:
            found[free[0]] = meaning
    return dict(sorted(found.items()))


def _plain(name: str) -> str:
    return fold(name.replace("_", " ")).replace(" ", "")


def mapped(
    header: Sequence[str], known: Meanings[Meaning], wishes: Map[int, Meaning | None] | None = None
) -> Mapping[Meaning]:
    """Take the guess and what was chosen by hand; None there means that a column is left out."""
    meanings: dict[int, Meaning] = guess(header, known)
    for place, meaning in (wishes or {}).items():
        meanings.pop(place, None)
        if meaning is not None and place < len(header):
            meanings[place] = meaning
    return Mapping(tuple(header), dict(sorted(meanings.items())))


def problems(mapping: Mapping[Meaning], needed: Sequence[Meaning | tuple[Meaning, ...]]) -> list[str]:
    """Say what keeps a list with this mapping from being read; of some meanings one is enough."""
    found = []
    taken = list(mapping.meanings.values())
    for meaning in dict.fromkeys(one for one in taken if taken.count(one) > 1):
        names = [mapping.header[place] for place, one in mapping.meanings.items() if one is meaning]
        said = _(
            "“%(meaning)s” can be one column only, not %(names)s. Choose another meaning for the others.",
            meaning=meaning.label, names=_(" and ").join(f"„{name}“" for name in names),
        )  # fmt: skip
        found.append(said)
    for wanted in needed:
        enough = wanted if isinstance(wanted, tuple) else (wanted,)
        meaning = enough[0]
        if not any(one in taken for one in enough):
            said = _(
                "No column says the %(meaning)s. The list has the columns %(names)s.",
                meaning=meaning.label, names=", ".join(mapping.header[:30]),
            )  # fmt: skip
            found.append(said)
    return found


def doubled(header: Sequence[str]) -> list[str]:
    """Say which headings stand twice; only the first of them is guessed."""
    plain = [_plain(name) for name in header]
    twice = dict.fromkeys(name for name in header if plain.count(_plain(name)) > 1)
    return [
        _("The heading “%(name)s” stands more than once; the first column of that name counts.", name=name)
        for name in twice
    ]
