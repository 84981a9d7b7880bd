"""What a row of an old list asks for: its day, kind, bodies, people and topic, as far as they are clear."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.consultations.models import ConsultationKind
from crm.i18n import day as day_words
from crm.imports import parents
from crm.imports.catalogue import Catalogue
from crm.imports.models import ImportedRecord
from crm.imports.plan import Action
from crm.imports.questions import NOTHING, About, Question, mark_of
from crm.imports.talks import parties, staff
from crm.imports.talks.columns import TalkField
from crm.imports.talks.entries import TalkEntry
from crm.imports.talks.lines import TalkLine
from crm.imports.talks.naming import Names
from crm.imports.talks.parties import Above
from crm.imports.talks.states import CONTENT, Meant, desired
from crm.imports.talks.ways import BY_MARK, Way, is_event, kind_by, way_of

KIND = "talks"


@dataclass(frozen=True)
class House:
    """What the rows are read with."""

    names: Names
    catalogue: Catalogue
    staff: staff.House
    known: dict[str, ImportedRecord]
    titles: parents.Titles
    answers: "Answers"
    day: date


class Answers(dict[str, str]):
    """What people decided, by the mark of the question; it notes which decisions a list made use of."""

    def __init__(self, *kept: Mapping[str, str]):
        super().__init__({mark: answer for one in kept for mark, answer in one.items()})
        self.used: set[str] = set()

    def get(self, mark: str, default: Any = "") -> Any:
        """Give the answer to a question, empty where nobody decided."""
        if mark in self:
            self.used.add(mark)
        return super().get(mark, default)


class _LeftOut(Exception):
    """People decided that a row is not taken over."""


def understand(entry: TalkEntry, house: House, above: TalkLine | None) -> TalkLine:
    """Say what a row means; the state is there when nothing that blocks is open."""
    line = TalkLine(entry)
    if entry.errors:
        line.action = Action.ERROR
        return line
    if entry.why_no_talk:
        line.action, line.why_skipped = Action.SKIPPED, entry.why_no_talk
        return line
    line.known = house.known.get(entry.identity)
    line.record_id = line.known.record_id if line.known is not None else None
    try:
        _understand(line, house, above)
    except _LeftOut:
        line.action, line.why_skipped = Action.SKIPPED, _("left out by decision")
    if any(question.blocks for question in entry.questions) and line.action is Action.NEW:
        # What was taken over and still reads the same is not asked about again.
        is_taken = line.known is not None and line.known.after.get(CONTENT) == entry.content
        line.action = Action.UNCHANGED if is_taken else Action.DOUBTFUL
    return line


def _understand(line: TalkLine, house: House, above: TalkLine | None) -> None:
    entry: TalkEntry = line.entry
    day = _day(entry, house)
    over = Above(above.entry.line, tuple(above.parties.places)) if above else Above()
    line.parties = parties.find(entry, day, house.names, house.answers, over)
    if line.parties.without and not line.parties.named:
        raise _LeftOut
    way, kind = _way(entry, len(line.parties.places), house)
    minutes = _minutes(entry, house)
    fields, unknown = house.catalogue.read(entry.topic)
    if unknown:
        entry.doubt(
            TalkField.TOPIC, entry.topic, _("is no task field of the catalogue; it stands in the note.")
        )
    people, group = staff.find(entry, house.staff, house.answers), _group(entry, house)
    if entry.back.due and not people.ids:
        said = _("is to come, but nobody of the house is named for it; it stands under next step.")
        entry.doubt(TalkField.RETURN, entry.return_text, said)
    if day is None or way is None or kind is None:
        return
    meant = Meant(day, kind, way.channel, line.parties, people, [one.id for one in fields], minutes, group)
    line.state = desired(entry, meant)


def _day(entry: TalkEntry, house: House) -> date | None:
    if entry.day.day is not None:
        return entry.day.day
    mark = mark_of(About.DAY, entry.identity, folded=False)
    answer = house.answers.get(mark, "")
    if answer == NOTHING:
        raise _LeftOut
    if found := _date(answer):
        return found
    options = [(guess.isoformat(), day_words(guess)) for guess in entry.day.guesses]
    options.append((NOTHING, _("leave the row out")))
    question = Question(About.DAY, mark, entry.date_text, entry.day.why, tuple(options), typed=True)
    entry.ask(TalkField.DATE, question)
    return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _way(entry: TalkEntry, partners: int, house: House) -> tuple[Way | None, ConsultationKind | None]:
    way, why = way_of(entry.way_text), ""
    if way is Way.SINGLE and partners > 1:
        mark, why = mark_of(About.KIND, f"{entry.way_text} +"), _("with several municipalities.")
    elif way is None:
        mark, why = mark_of(About.KIND, entry.way_text or "–"), _("is no kind of talk the program knows.")
        if is_event(entry.way_text):
            why = _("is kept as an event in this program. Take it over as a talk all the same?")
    if not why:
        return way, kind_by(way, partners) if way else None
    answer = house.answers.get(mark, "")
    if answer == NOTHING:
        raise _LeftOut
    chosen = BY_MARK.get(answer)
    if chosen is not None and not (chosen is Way.SINGLE and partners > 1):
        return chosen, kind_by(chosen, partners)
    entry.ask(TalkField.KIND, Question(About.KIND, mark, entry.way_text, why, _ways(partners)))
    return None, None


def _ways(partners: int) -> tuple[tuple[str, str], ...]:
    found = [(way.mark, str(_words(way))) for way in Way if way is not Way.SINGLE or partners < 2]
    return (*found, (NOTHING, _("leave these rows out")))


def _words(way: Way) -> object:
    return way.kind.label if way.kind else way.channel.label


def _minutes(entry: TalkEntry, house: House) -> int | None:
    found = entry.minutes
    if not found.why:
        return found.minutes
    mark = mark_of(About.MINUTES, entry.duration_text)
    answer = house.answers.get(mark, "")
    if answer.isdigit():
        return int(answer)
    if answer != NOTHING:
        options = [(str(one), _("%(num)s minutes", num=one)) for one in found.guesses]
        options.append((NOTHING, _("no duration: it stays in the note")))
        question = Question(
            About.MINUTES, mark, entry.duration_text, found.why, tuple(options), blocks=False, typed=True
        )
        entry.ask(TalkField.DURATION, question)
    return None


def _group(entry: TalkEntry, house: House) -> int | None:
    if not entry.group:
        return None
    known = house.titles.stored(entry.group)
    if len(known) == 1:
        return known[0]
    said = _("is the title of several cooperations; it stands in the note.")
    if not known:
        said = _("is not the title of a cooperation; it stands in the note.")
    entry.doubt(TalkField.GROUP, entry.group, said)
    return None
