"""Which bodies took part in the talk of a row: those of the day, and questions about what is not clear."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from crm.imports.matching import Named, by_neighbours
from crm.imports.places import Place, Reading
from crm.imports.questions import NOTHING, About, Question, mark_of
from crm.imports.talks.cells import take_apart
from crm.imports.talks.columns import TalkField
from crm.imports.talks.entries import TalkEntry
from crm.imports.talks.naming import Names, remark_in

Answers = Mapping[str, str]


@dataclass
class Parties:
    """The names of a row with what they mean; `without` are those that people left out."""

    named: list[Named] = field(default_factory=list)
    without: list[str] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        """Who took part, in the order of the row, each once."""
        return list({one.place.id: one.place for one in self.named if one.place is not None}.values())


def find(entry: TalkEntry, day: date | None, names: Names, answers: Answers, above: "Above") -> Parties:
    """Say who took part; questions are noted at the row."""
    cell, found = take_apart(entry.places, names), Parties()
    context = _context(cell.names, names)
    if not cell.names or cell.is_above or not any(letter.isalnum() for letter in entry.places):
        _ask_row(entry, day, names, answers, above if cell.is_above else Above(), found)
        return found
    for text in cell.names:
        _one(text, entry, day, names, answers, context, found)
    if cell.others:
        said = _("says that others took part who are not named; they are not taken over.")
        entry.doubt(TalkField.PLACES, cell.others, said)
    return found


@dataclass(frozen=True)
class Above:
    """The row above: its line and who took part in it."""

    line: int = 0
    places: tuple[Place, ...] = ()


def _context(texts: Iterable[str], names: Names) -> frozenset[int]:
    clear = [names.read(text).clear for text in texts]
    return frozenset(county for place in clear if place is not None for county in place.counties)


def _one(
    text: str, entry: TalkEntry, day: date | None, names: Names, answers: Answers, context: frozenset[int],
    found: Parties,
) -> None:  # fmt: skip
    mark = mark_of(About.PLACE, text)
    answer = answers.get(mark, "")
    if answer:
        _answered(text, answer, entry, day, names, found)
        return
    reading = names.read(text)
    place = reading.clear or by_neighbours(reading.namesakes, context)
    units = names.register.unit_on(place, day) if place and day else [place] if place else []
    if len(units) == 1:
        found.named.append(_named(text, units[0], day))
        _tell_of_heir(entry, text, place, units[0])
        if remark := remark_in(text):
            entry.doubt(TalkField.PLACES, remark, _("is a remark and no name; it stands in the note."))
        return
    suggestions = tuple(units) or (place,) if place else reading.namesakes or reading.near
    why = _why(place, reading)
    found.named.append(Named(text, mark, suggestions=suggestions, why=why))
    options = [(str(one.id), f"{one.name} ({one.note})" if one.note else one.name) for one in suggestions]
    options += _all_of(text, names, day)
    options.append((NOTHING, _("nobody: it stays in the note")))
    entry.ask(TalkField.PLACES, Question(About.PLACE, mark, text, why, tuple(options), typed=True))


def _why(place: Place | None, reading: Reading) -> str:
    if place is not None:
        return _("did not exist on that day.")
    if reading.namesakes:
        return _("can mean several.")
    return _("is not written so in the register.") if reading.near else _("is not in the register.")


def _named(text: str, place: Place, day: date | None) -> Named:
    return Named(text, place=place, ags=place.key_on(day) if day else place.key_on(date.max))


def _all_of(text: str, names: Names, day: date | None) -> Iterator[tuple[str, str]]:
    county = names.whole_county(text)
    if county is None:
        return
    inside = [one for one in names.municipalities_of(county) if one.exists_on(day or date.max)]
    yield str(county.id), county.name
    ids = ",".join(str(one.id) for one in inside)
    yield ids, _("all %(num)s municipalities of %(county)s", num=len(inside), county=county.name)


def _tell_of_heir(entry: TalkEntry, text: str, place: Place | None, unit: Place) -> None:
    if place is not None and place != unit:
        said = _("was %(name)s on that day.", name=unit.name)
        entry.doubt(TalkField.PLACES, text, said)


def _answered(
    text: str, answer: str, entry: TalkEntry, day: date | None, names: Names, found: Parties
) -> None:
    places = [names.register.places.get(int(part)) for part in answer.split(",") if part.isdigit()]
    chosen = [one for one in (*places, *_outside(answer, names)) if one is not None]
    if not chosen:
        found.without.append(text)
    for place in chosen:
        units = names.register.unit_on(place, day) if day else [place]
        unit = units[0] if len(units) == 1 else place
        _tell_of_heir(entry, text, place, unit)
        found.named.append(_named(text, unit, day))


def _outside(answer: str, names: Names) -> list[Place]:
    wanted = {int(part) for part in answer.split(",") if part.isdigit()}
    return [one for found in names.register.elsewhere.values() for one in found if one.id in wanted]


def _ask_row(
    entry: TalkEntry, day: date | None, names: Names, answers: Answers, above: Above, found: Parties
) -> None:
    """Nobody is named, or only the row above: asked for this row alone."""
    mark = mark_of(About.PLACE, entry.identity, folded=False)
    if answer := answers.get(mark, ""):
        _answered(entry.places, answer, entry, day, names, found)
        return
    options: list[tuple[str, str]] = []
    if above.places:
        ids, called = ",".join(str(one.id) for one in above.places), _listed(above.places)
        options.append((ids, _("as in line %(line)s: %(names)s", line=above.line, names=called)))
    options.append((NOTHING, _("leave the row out")))
    why = _("refers to the row above.") if above.places and entry.places else _("no municipality is named.")
    found.named.append(Named(entry.places, mark, why=why))
    entry.ask(TalkField.PLACES, Question(About.PLACE, mark, entry.places, why, tuple(options), typed=True))


def _listed(places: Sequence[Place]) -> str:
    names = ", ".join(one.name for one in places[:4])
    return f"{names} …" if len(places) > 4 else names
