"""Contacts named in texts: who a number is, who a name is, and whom to offer while somebody types."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from crm import folding
from crm.chips import Chip
from crm.contacts.finding import MOST_CANDIDATES, MOST_SUGGESTIONS, WHOLE, answers, called, note
from crm.contacts.models import Function, Person
from crm.contacts.names import full_name, read_name
from crm.db import MOST_VALUES, chunks, db, today
from crm.named_text import as_typed
from crm.naming import ERASED, RESTRICTED, SOURCES, Named, Source

MOST_WORDS = 8
# Areas to the right say who stands for a record that was merged: {number: number}.
STAND_FOR: list[Callable[[Collection[int]], dict[int, int]]] = []
_NAME = (Person.id, Person.academic_title, Person.first_name, Person.last_name, Person.removed_at)


def by_number(numbers: Collection[int]) -> dict[int, Named]:
    """Say who some numbers are: who was merged, as the record that stayed; who is gone, neutrally."""
    rows = _rows(numbers)
    gone = [number for number, row in rows.items() if row.removed_at]
    stands = {number: other for find in STAND_FOR for number, other in find(gone).items()} if gone else {}
    rows |= _rows(set(stands.values()) - rows.keys())
    return {number: _named(rows[stands.get(number, number)]) for number in numbers if number in rows}


def _rows(numbers: Collection[int]) -> dict[int, Any]:
    query = select(*_NAME).execution_options(include_removed=True)
    found: dict[int, Any] = {}
    for chunk in chunks(sorted(numbers), MOST_VALUES):
        part = query.where(Person.id.in_(chunk))
        found |= {row.id: row for row in db.session.execute(part)}
    return found


def _named(row: Any) -> Named:
    if not row.removed_at:
        return Named(_whole(row), row.id)
    neutral = row.last_name if row.last_name in (ERASED, RESTRICTED) else _("removed person")
    return Named(neutral, row.id, in_sight=False)


def _whole(row: Any) -> str:
    return full_name(row.academic_title, row.first_name, row.last_name)


def by_name(names: Collection[str]) -> dict[str, set[int]]:
    """Say who is called so, with or without the title; of several those whose title is the same, too."""
    keys = {name: _keys(name) for name in names}
    wanted = sorted(key for some in keys.values() for key in some)
    query = select(*_NAME, Person.sort_key).where(Person.sort_key.in_(wanted))
    rows = list(db.session.execute(query)) if wanted else []
    return {name: _called([row for row in rows if row.sort_key in keys[name]], name) for name in names}


def _keys(name: str) -> set[str]:
    """What somebody of that name is sorted by: the last name first, wherever it may begin."""
    words = read_name(name).full.split()[:MOST_WORDS]
    turned = ((words[place:], words[:place]) for place in range(len(words)))
    return {folding.name_key(" ".join(last), " ".join(first)) for last, first in turned} - {""}


def _called(rows: list[Any], name: str) -> set[int]:
    plain = folding.fold(read_name(name).full)
    same = [row for row in rows if folding.fold(f"{row.first_name or ''} {row.last_name}") == plain]
    whole = {row.id for row in same if folding.fold(_whole(row)) == folding.fold(name)}
    return whole if len(whole) == 1 else {row.id for row in same}


def offered(text: str, organisation_ids: Iterable[int]) -> list[Chip]:
    """People to name in a text: those with a function in some organisations first, then all others.

    The text of a chip is what stands between the brackets.
    """
    name, places = text.strip(), set(organisation_ids)
    query = select(Person).options(*WHOLE).order_by(Person.sort_key, Person.id).limit(MOST_CANDIDATES)
    for word in folding.search_words(name):
        query = query.where(called(word))
    there = select(Function.person_id).where(Function.organisation_id.in_(places), Function.on(today()))
    here = db.session.scalars(query.where(Person.id.in_(there))) if places else ()
    found = [one for one in here if not name or answers(one, name)]
    if name and len(found) < MOST_SUGGESTIONS:
        others = db.session.scalars(query.where(Person.id.not_in(there)))
        found += [one for one in others if answers(one, name)]
    found = found[:MOST_SUGGESTIONS]
    said = as_typed({one.id: Named(one.name, one.id) for one in found})
    return [Chip(str(one.id), said[one.id][2:-1], _note(one, places)) for one in found]


def _note(person: Person, places: set[int]) -> str:
    held = [one for one in person.functions if one.organisation_id in places and one.is_current]
    return f"{held[0].called} · {held[0].organisation.name}" if held else note(person)


def _url_of(number: int) -> str:
    return url_for("contacts.show", person_id=number)


def _offers() -> str:
    return url_for("contacts.offered")


SOURCES.append(Source(by_number, by_name, _url_of, _offers))
