"""A plan as the preview shows it: names to decide, changes in words, columns with what stands in them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from crm.cooperations.kinds import LegalForm, PartnerRole, Stage, Step
from crm.db import BERLIN
from crm.events.models import Event, EventKind, Precision
from crm.events.times import when
from crm.i18n import day, euros
from crm.importing import Finding
from crm.imports.events import label_of as event_label
from crm.imports.kinds import Sort
from crm.imports.known import label_of
from crm.imports.mapping import Mapping
from crm.imports.people.presenting import shown_people
from crm.imports.places import Place
from crm.imports.plan import Action, Line, Plan
from crm.imports.states import PARTNER
from crm.imports.tables import Table
from crm.imports.talks.presenting import shown_talks
from crm.labels import Labelled
from crm.proceedings.models import StudyState

MOST_CHOICES = 200
_DAYS = {"planned_start", "effective_on", "term_until", "halted_on"}
_EXAMPLES, _LONGEST = 3, 60


@dataclass
class Open:
    """A doubtful name with the rows it stands in and the places it may mean."""

    mark: str
    text: str
    why: str
    suggestions: tuple[Place, ...]
    lines: list[int] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def open_names(plan: Plan) -> list[Open]:
    """Doubtful and unknown names of all rows, each once where it means the same everywhere."""
    found: dict[str, Open] = {}
    for line in plan.lines:
        for one in line.open:
            known = found.setdefault(one.mark, Open(one.mark, one.text, one.why, one.suggestions))
            known.lines.append(line.entry.line)
            known.titles.append(line.entry.title)
    return list(found.values())


def other_doubts(plan: Plan) -> list[Finding]:
    """What else should be looked at."""
    names = {(line.entry.line, one.text) for line in plan.lines for one in line.open}
    return [one for one in plan.doubts if (one.line, one.value) not in names]


def shown(plan: Plan, most: int) -> dict[str, Any]:
    """Give the parts of a preview, each with its number and as many rows as a page shows."""
    fresh, changing = plan.having(Action.NEW), plan.having(Action.CHANGED, Action.CLOSED)
    return _findings(plan, most) | {
        "new": (len(fresh), [(line, status_of(line), money_of(line)) for line in fresh[:most]]),
        "changed": (len(changing), [(line, changes_of(line, plan)) for line in changing[:most]]),
    }


def _findings(plan: Plan, most: int) -> dict[str, Any]:
    opened, doubts = open_names(plan), other_doubts(plan)
    return {
        "errors": (len(plan.errors), plan.errors[:most]),
        "open": (len(opened), opened[:MOST_CHOICES]),
        "decidable": any(one.suggestions for one in opened),
        "doubts": (len(doubts), doubts[:most]),
    }


def shown_events(plan: Plan, most: int) -> dict[str, Any]:
    """Give the same parts for a list of events."""
    fresh, changing = plan.having(Action.NEW), plan.having(Action.CHANGED)
    return _findings(plan, most) | {
        "new": (len(fresh), [(line, *_event_words(line, plan)) for line in fresh[:most]]),
        "changed": (len(changing), [(line, _event_changes(line, plan)) for line in changing[:most]]),
    }


def _event_words(line: Line, plan: Plan) -> tuple[str, str, str]:
    """Say when and where an event was, and with whom."""
    place = plan.places.get(line.state["place_id"] or 0, "")
    where = ", ".join(part for part in (line.state["venue"], place) if part)
    hosts = ", ".join(name for _number, name in line.state["hosts"])
    return _day_words(line.state["day"], line.state["precision"]), where or "–", hosts or "–"


def _day_words(day: str | None, precision: str) -> str:
    moment = datetime.combine(date.fromisoformat(day), time(0), BERLIN) if day else None
    return when(Event(starts_at=moment, precision=Precision(precision)))


def _event_changes(line: Line, plan: Plan) -> list[tuple[str, str, str]]:
    return [
        (
            event_label(key),
            _event_value(key, line.before[key], plan),
            _event_value(key, line.after[key], plan),
        )
        for key in line.after
    ]


def _event_value(key: str, value: Any, plan: Plan) -> str:
    if value in (None, []):
        return "–"
    if key == "place_id":
        return plan.places.get(value, "")
    if key == "hosts":
        return ", ".join(name for _number, name in value)
    if key == "kind":
        return str(EventKind(value).label)
    if key == "precision":
        return str(Precision(value).label)
    if key == "day":
        return day(date.fromisoformat(value))
    return _words(key, value, plan) if key == "task_fields" else str(value)[:200]


SHOWN_BY = {
    Sort.COOPERATIONS: shown,
    Sort.EVENTS: shown_events,
    Sort.TALKS: shown_talks,
    Sort.PEOPLE: shown_people,
}


@dataclass(frozen=True)
class Column:
    """A column of the list: what it is called, what stands in it, what it means."""

    place: int
    name: str
    examples: str
    meaning: Labelled | None


def columns(table: Table, mapping: Mapping[Any]) -> list[Column]:
    """All columns with the first different contents."""
    return [
        Column(place, name, _examples(table, place), mapping.meanings.get(place))
        for place, name in enumerate(table.header)
    ]


def _examples(table: Table, place: int) -> str:
    cells = (row.cells[place] for row in table.rows[:200] if place < len(row.cells))
    found = list(dict.fromkeys(cell for cell in cells if cell))[:_EXAMPLES]
    return " · ".join(one if len(one) <= _LONGEST else one[: _LONGEST - 1] + "…" for one in found)


def status_of(line: Line) -> str:
    """Say the step all partners get, and whether the group is over."""
    if line.state.get("halt"):
        return str(Stage.ENDED.label)
    steps = {part[-1] for key, part in line.state.items() if key.startswith(PARTNER)}
    return ", ".join(str(Step(one).label) for one in sorted(steps)) or "–"


def money_of(line: Line) -> str:
    """Say the sum of a row, granted or expected."""
    return _money(line.state.get("application")) or _money(line.state.get("study")) or "–"


def _money(value: Any) -> str:
    amount = (value or {}).get("granted") or (value or {}).get("grant") or (value or {}).get("requested")
    if not amount:
        return ""
    said = euros(Decimal(amount))
    return _("%(sum)s expected", sum=said) if (value or {}).get("requested") else said


def changes_of(line: Line, plan: Plan) -> list[tuple[str, str, str]]:
    """Say every change of a row: what, before, after."""
    return [
        (label_of(key, plan.places), _words(key, line.before[key], plan), _words(key, line.after[key], plan))
        for key in line.after
    ]


def _words(key: str, value: Any, plan: Plan) -> str:
    if value is None or value == []:
        return "–"
    if key.startswith(PARTNER):
        return f"{PartnerRole(value[0]).label}, {Step(value[-1]).label}"
    if key in _DAYS:
        return day(date.fromisoformat(value))
    if key == "task_fields":
        return ", ".join(plan.fields.get(number, "") for number in value)
    if key == "study":
        return f"{value['title']}, {StudyState(value['state']).label}"
    return _plain_words(key, value)


def _plain_words(key: str, value: Any) -> str:
    if key == "legal_form":
        return str(LegalForm(value).label)
    if key == "halt":
        return str(Stage(value).label)
    if key == "application":
        return _money(value) or "–"
    if key == "parent_id":
        return _("chosen")
    text = str(value)
    return text if len(text) <= 200 else text[:199] + "…"
