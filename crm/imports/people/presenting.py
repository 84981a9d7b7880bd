"""A plan of people as the preview shows it."""

from typing import Any

from crm.field_names import LABELS
from crm.i18n import day
from crm.imports.people.entries import days_of
from crm.imports.people.states import FUNCTION, PERSON
from crm.imports.plan import Line, Plan
from crm.imports.shown import shown_asking


def shown_people(plan: Plan, most: int) -> dict[str, Any]:
    """Give the parts of a preview, each with its number and as many rows as a page shows."""
    return shown_asking(plan, most, _words, _changes)


def _words(line: Line) -> tuple[str, str, str]:
    """Say who somebody is, where, and how to reach them."""
    entry, place = line.entry, getattr(line, "place", "")
    first, last = days_of(entry)
    term = f" ({day(first) if first else ''}–{day(last) if last else ''})" if first or last else ""
    held = ", ".join(part for part in (entry.function, place) if part)
    reached = ", ".join(part for part in (entry.mail, entry.phone, entry.mobile) if part)
    return f"{entry.academic_title} {entry.full}".strip(), f"{held}{term}" or "–", reached or "–"


def _changes(line: Line) -> list[tuple[str, str, str]]:
    found = []
    for key, value in line.after.items():
        name = key.removeprefix("function.")
        if name in (*PERSON, *FUNCTION):
            found.append((str(LABELS[name]), str(line.before.get(key) or "–"), str(value or "–")))
    return found
