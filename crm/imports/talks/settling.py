"""Rows that are clear, against what is stored: there already, changed, changed by hand, closed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm.closing import guard
from crm.closing.models import span_of
from crm.consultations.models import Consultation, Participation
from crm.db import db
from crm.field_names import LABELS
from crm.importing import Finding
from crm.imports.plan import Action
from crm.imports.questions import NOTHING, About, Question, mark_of
from crm.imports.talks import states
from crm.imports.talks.columns import TalkField
from crm.imports.talks.entries import TalkEntry
from crm.imports.talks.lines import TalkLine
from crm.imports.talks.states import State
from crm.imports.talks.understanding import House

# What reports count of a talk.
COUNTED = {"held_on", "kind", "parties", "staff", "task_fields", "duration_minutes", "cooperation_id"}
Alike = tuple[str, str, frozenset[int]]


def settle(lines: Sequence[TalkLine], house: House) -> None:
    """Say for rows without open questions whether they are new, changed, unchanged, doubles or refused."""
    again = [line for line in lines if line.known is not None and not _is_as_before(line)]
    numbers = [line.record_id for line in again if line.record_id]
    found, links = states.load(numbers), states.links_of(numbers)
    for line in again:
        talk = found.get(line.record_id or 0)
        if talk is None:
            line.known = line.record_id = None
        elif talk.removed_at is not None:
            line.action = Action.UNCHANGED
            _doubt(line, _("lies in the trash and stays there."))
        else:
            _compare(line, states.stored(talk, links))
    _ask_doubles([line for line in lines if line.action is Action.NEW], house)
    _refuse_closed(lines, found)


def _is_as_before(line: TalkLine) -> bool:
    """The row asks for what it asked for last time: unchanged, whatever people did since."""
    assert line.known is not None  # noqa: S101 for the type checker
    written = line.known.after
    if all(states.same(key, written.get(key), line.state.get(key)) for key in states.KEYS):
        line.action = Action.UNCHANGED
    return line.action is Action.UNCHANGED


def _doubt(line: TalkLine, said: str) -> None:
    entry: TalkEntry = line.entry
    heading = entry.mapping.heading(TalkField.DATE)
    entry.doubts.append(Finding(entry.line, heading, entry.title, said))


def _compare(line: TalkLine, now: State) -> None:
    """Take over what the list changed since; what people changed stays theirs."""
    assert line.known is not None  # noqa: S101 for the type checker
    written, line.action = line.known.after, Action.UNCHANGED
    for key in states.KEYS:
        wanted, stands = line.state.get(key), now.get(key)
        if states.same(key, written.get(key), wanted) or stands == wanted:
            continue
        if not states.same(key, written.get(key), stands):
            _doubt(line, _("was changed by hand since and stays: %(what)s.", what=label_of(key)))
            continue
        line.before[key], line.after[key] = stands, wanted
        line.action = Action.CHANGED


def label_of(key: str) -> str:
    """Name what a key of a state is about."""
    return str(LABELS["organisations" if key == "parties" else key])


def _alike(state: State) -> Alike:
    return state["held_on"], state["channel"], frozenset(one[0] for one in state["parties"])


def _ask_doubles(lines: Sequence[TalkLine], house: House) -> None:
    """A talk of the same day with the same bodies in the same way may be the same one."""
    known, above = _stored_alike({line.state["held_on"] for line in lines}), dict[Alike, int]()
    for line in lines:
        alike = _alike(line.state)
        there, first = alike in known, above.setdefault(alike, line.entry.line)
        if not there and first == line.entry.line:
            continue
        mark = mark_of(About.DOUBLE, line.entry.identity, folded=False)
        answer = house.answers.get(mark, "")
        if answer == NOTHING:
            line.action, line.why_skipped = Action.SKIPPED, _("left out by decision")
        elif answer != "take":
            _ask(line, mark, there, first)


def _ask(line: TalkLine, mark: str, there: bool, first: int) -> None:
    why = _("is there already: a talk of this day with the same municipalities.")
    if not there:
        why = _("stands in line %(line)s, too: a talk of this day with the same municipalities.", line=first)
    options = ((NOTHING, _("leave the row out")), ("take", _("take it over all the same")))
    line.entry.ask(TalkField.DATE, Question(About.DOUBLE, mark, line.entry.title, why, options))
    line.action = Action.DOUBTFUL


def _stored_alike(days: Iterable[str]) -> set[Alike]:
    """What is stored of some days. A confidential talk is none of it: nobody learns of one by asking."""
    wanted = {date.fromisoformat(one) for one in days}
    if not wanted:
        return set()
    query = (
        select(Consultation.id, Consultation.held_on, Consultation.channel, Participation.organisation_id)
        .join(Participation, Participation.consultation_id == Consultation.id)
        .where(Consultation.held_on.between(min(wanted), max(wanted)))
        .where(Consultation.removed_at.is_(None), Consultation.confidential.is_(False))
    )
    found: dict[int, tuple[str, str, set[int]]] = {}
    for number, day, channel, place in db.session.execute(query):
        if day in wanted:
            found.setdefault(number, (day.isoformat(), channel.value, set()))[2].add(place)
    return {(day, channel, frozenset(places)) for day, channel, places in found.values()}


def _refuse_closed(lines: Iterable[TalkLine], found: dict[int, Consultation]) -> None:
    """Note as wrong what would change figures of a closed quarter: one small statement for the whole list."""
    touching = [(line, days) for line in lines if (days := _days(line, found))]
    closed = {
        quarter.span: quarter
        for quarter in guard.closed_on({day for _line, days in touching for day in days})
    }
    for line, days in touching:
        quarter = next((closed[span_of(day)] for day in sorted(days) if span_of(day) in closed), None)
        if quarter is not None:
            said = _("%(quarter)s is closed. Enter this by hand, with a reason.", quarter=quarter.span.name)
            line.entry.wrong(TalkField.DATE, line.entry.date_text, said)
            line.action = Action.ERROR


def _days(line: TalkLine, found: dict[int, Consultation]) -> set[date]:
    """The days on which a row counts before and after it is taken over; none if figures stay as they are."""
    if line.action is Action.NEW:
        return {date.fromisoformat(line.state["held_on"])}
    if line.action is Action.CHANGED and COUNTED & line.after.keys():
        now: Any = found[line.record_id or 0].held_on
        return {now, date.fromisoformat(line.after.get("held_on", now.isoformat()))}
    return set()
