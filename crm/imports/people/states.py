"""What a row asks of a person, as plain values: compared with what is stored, kept by the run, set again.

Of what it wrote, a run keeps marks only: whoever is deleted for good must not live on in an import. What it
overwrote it keeps as it was, to set it back, until it is taken back or 90 days have passed
(`crm/imports/forgetting.py`).
"""

from collections.abc import Iterable
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from crm.contacts.models import Function, Person
from crm.imports import runs
from crm.imports.people.entries import PersonEntry, days_of

State = dict[str, Any]
TABLE = Person.__tablename__
PERSON = ("academic_title", "first_name", "last_name", "email", "phone", "note")
FUNCTION = ("title", "email", "phone", "valid_from", "valid_to")
KEYS = (*PERSON, *(f"function.{name}" for name in FUNCTION))
CONTENT, TITLE, FUNCTION_ID, FILLED = "_content", "_title", "_function_id", "_filled"


def desired(entry: PersonEntry, place_id: int | None) -> State:
    """Give the state a row asks for; a function stands under `function.…` and needs a body."""
    first, last = days_of(entry)
    direct = None if place_id else entry.phone or None
    person = {
        "academic_title": entry.academic_title or None, "first_name": entry.first_name or None,
        "last_name": entry.last_name, "email": None if place_id else entry.mail or None,
        "phone": entry.mobile or direct, "note": _note(entry, place_id),
    }  # fmt: skip
    function = {
        "organisation_id": place_id, "role": entry.role.value, "title": entry.function or None,
        "email": entry.mail or None, "phone": entry.phone or None,
        "valid_from": first.isoformat() if first else None, "valid_to": last.isoformat() if last else None,
    }  # fmt: skip
    held = {f"function.{name}": value for name, value in function.items()} if place_id else {}
    with force_locale("de"):
        title = _("Line %(line)s", line=entry.line)
    return person | held | {CONTENT: entry.content, TITLE: title}


def _note(entry: PersonEntry, place_id: int | None) -> str | None:
    with force_locale("de"):
        facts = []
        if entry.place and not place_id:
            facts.append(_("Body: %(name)s", name=entry.place))
        if entry.function and not place_id:
            facts.append(_("Function: %(title)s", title=entry.function))
        for found, said in ((entry.since, _("since")), (entry.until, _("until"))):
            if found and (not found.day or not place_id):
                facts.append(f"{said} {found.words}")
        listed = "\n".join([_("From the list:"), *(f"- {one}" for one in facts)]) if facts else ""
    return "\n\n".join(filter(None, (entry.note, listed))) or None


def load(ids: Iterable[int]) -> dict[int, Person]:
    """People by number, those in the trash too, with their functions."""
    return runs.records_by_number(Person, ids, selectinload(Person.functions))


def function_of(person: Person, number: int | None) -> Function | None:
    """A function of a person that is not in the trash."""
    return next((one for one in person.functions if one.id == number and one.removed_at is None), None)


def plain(value: Any) -> Any:
    """Give a value as a state holds it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def stored(person: Person, function: Function | None) -> State:
    """Give the state somebody is in, with the function an import made."""
    found: State = {name: getattr(person, name) for name in PERSON}
    if function is not None:
        found |= {f"function.{name}": plain(getattr(function, name)) for name in FUNCTION}
    return found


def kept(state: State) -> State:
    """What a run keeps of a state: all that is about somebody as marks."""
    return {
        key: runs.mark(value) if value and not key.startswith("_") and key in KEYS else value
        for key, value in state.items()
    }


def same(written: Any, value: Any) -> bool:
    """Tell whether a value is the one a run wrote."""
    return bool(written == (runs.mark(value) if value else value))
