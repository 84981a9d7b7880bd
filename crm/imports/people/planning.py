"""Compare a list of people with those who are known; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flask_babel import gettext as _

from crm.imports import bodies, runs
from crm.imports.answers import answers_of
from crm.imports.mapping import Mapping as Columns
from crm.imports.models import ImportedRecord
from crm.imports.people import alike, entries, states
from crm.imports.people.alike import Known
from crm.imports.people.columns import PersonField
from crm.imports.people.entries import PersonEntry
from crm.imports.plan import Action, Line
from crm.imports.questions import NOTHING, About, Question, mark_of
from crm.imports.tables import Table
from crm.imports.talks.lines import AskingPlan
from crm.imports.talks.naming import Names, without_land
from crm.imports.talks.understanding import Answers

KIND, ANOTHER = "people", "new"


@dataclass
class PersonLine(Line):
    """A row of a list of people; `fills` is what of a known person is filled in."""

    fills: int | None = None
    place: str = ""
    why_skipped: str = ""

    @property
    def questions(self) -> list[Question]:
        """What only people can decide about the row."""
        entry: PersonEntry = self.entry
        return entry.questions

    def as_json(self) -> dict[str, Any]:
        """Say the row as the command does; who it is stands in the list itself."""
        entry: PersonEntry = self.entry
        return {
            "line": entry.line, "source_id": entry.source_id, "id": self.record_id,
            "action": self.action.value, "place": self.place or None, "skipped": self.why_skipped,
            "fills": self.fills, "doubts": [one.text for one in self.doubts],
            "errors": [one.text for one in entry.errors],
        }  # fmt: skip


class PersonPlan(AskingPlan):
    """Every row of a list of people with what it would do."""

    marked_by: ClassVar[Any] = PersonField.SOURCE_ID


@dataclass(frozen=True)
class _House:
    names: Names
    known: dict[str, ImportedRecord]
    people: Known
    answers: Answers
    seen: dict[str, PersonEntry] = field(default_factory=dict)


def plan(table: Table, mapping: Columns[PersonField], choices: Mapping[str, str] | None = None) -> PersonPlan:
    """Say what every row means and would do; `choices` are answers that are not kept yet."""
    read = [entries.read(row, mapping) for row in table.rows]
    house = _house(read, choices or {})
    lines = [_line(entry, house) for entry in read]
    _compare([line for line in lines if line.known is not None and line.action is Action.NEW])
    return PersonPlan(table, mapping, lines, answered=house.answers.used)


def _house(read: Sequence[PersonEntry], choices: Mapping[str, str]) -> _House:
    # What a spelling of a body means holds for talks and people alike.
    spelt = {mark: answer for mark, answer in answers_of("talks").items() if mark.startswith("place-")}
    return _House(
        names=Names(bodies.load({without_land(entry.place) for entry in read if entry.place})),
        known=runs.known(KIND),
        people=alike.load(read),
        answers=Answers(spelt, answers_of(KIND), choices),
    )


def _line(entry: PersonEntry, house: _House) -> PersonLine:
    line = PersonLine(entry)
    if entry.errors:
        line.action = Action.ERROR
        return line
    line.known = house.known.get(entry.identity)
    line.record_id = line.known.record_id if line.known is not None else None
    place_id = _place(line, house)
    if not entry.questions:
        line.state = states.desired(entry, place_id)
        if line.known is None:
            _who(line, house)
    if any(question.blocks for question in entry.questions):
        is_taken = line.known is not None and line.known.after.get(states.CONTENT) == entry.content
        line.action = Action.UNCHANGED if is_taken else Action.DOUBTFUL
    return line


def _place(line: PersonLine, house: _House) -> int | None:
    entry: PersonEntry = line.entry
    if not entry.place:
        return None
    reading, mark = house.names.read(entry.place), mark_of(About.PLACE, entry.place)
    answer = house.answers.get(mark, "")
    chosen = house.names.register.places.get(int(answer)) if answer.isdigit() else None
    place = chosen or reading.clear
    if place is not None:
        line.place = place.name
        return place.id
    if answer != NOTHING:
        near = reading.namesakes or reading.near
        options = [(str(one.id), f"{one.name} ({one.note})" if one.note else one.name) for one in near]
        options.append((NOTHING, _("nobody: it stays in the note")))
        why = _("can mean several.") if reading.namesakes else _("is not written so in the register.")
        entry.ask(
            PersonField.PLACE, Question(About.PLACE, mark, entry.place, why, tuple(options), typed=True)
        )
    return None


def _who(line: PersonLine, house: _House) -> None:
    """Somebody of this name or address is known already, or stands in the list before: people decide."""
    entry: PersonEntry = line.entry
    mark = mark_of(About.PERSON, entry.identity, folded=False)
    found, first = house.people.like(entry), house.seen.setdefault(_person_of(entry), entry)
    for one in found:
        if not alike.missing(one, line.state) and not alike.differing(one, line.state):
            line.action, line.record_id = Action.UNCHANGED, one.id
            return
    if not found and first is entry:
        return
    answer = house.answers.get(mark, "")
    meant = next((one for one in found if str(one.id) == answer), None)
    if answer == NOTHING:
        line.action, line.why_skipped = Action.SKIPPED, _("left out by decision")
    elif meant is not None:
        _fill(line, meant)
    elif answer != ANOTHER:
        options = [(str(one.id), _("the same: %(who)s", who=alike.words(one))) for one in found]
        options += [(ANOTHER, _("somebody else of that name")), (NOTHING, _("leave the row out"))]
        why = _("may be known already.") if found else _("stands in line %(line)s, too.", line=first.line)
        text = "; ".join(filter(None, (entry.full, entry.function, entry.place, entry.mail)))
        entry.ask(PersonField.LAST_NAME, Question(About.PERSON, mark, text, why, tuple(options)))


def _person_of(entry: PersonEntry) -> str:
    return entry.sort_key


def _fill(line: PersonLine, person: Any) -> None:
    line.fills = line.record_id = person.id
    line.after = alike.missing(person, line.state)
    line.action = Action.CHANGED if line.after else Action.UNCHANGED
    for what in alike.differing(person, line.state):
        said = _("differs and stays as it is stored: %(what)s.", what=what)
        line.entry.doubt(PersonField.LAST_NAME, line.entry.title, said)


def _compare(lines: Sequence[PersonLine]) -> None:
    """Take over what the list changed since; what people changed stays theirs."""
    found = states.load(line.record_id for line in lines if line.record_id)
    for line in lines:
        assert line.known is not None  # noqa: S101 for the type checker
        person, written = found.get(line.record_id or 0), line.known.after
        if person is None:
            line.known = line.record_id = None
            continue
        line.action = Action.UNCHANGED
        if person.removed_at is not None or written.get(states.FILLED):
            continue
        now = states.stored(person, states.function_of(person, written.get(states.FUNCTION_ID)))
        _settle(line, now, written)


def _settle(line: PersonLine, now: dict[str, Any], written: dict[str, Any]) -> None:
    for key in states.KEYS:
        wanted, stands = line.state.get(key), now.get(key)
        if key not in now or states.same(written.get(key), wanted) or stands == wanted:
            continue
        if not states.same(written.get(key), stands):
            said = _("was changed by hand since and stays: %(what)s.", what=key.removeprefix("function."))
            line.entry.doubt(PersonField.LAST_NAME, line.entry.title, said)
            continue
        line.before[key], line.after[key] = stands, wanted
        line.action = Action.CHANGED
