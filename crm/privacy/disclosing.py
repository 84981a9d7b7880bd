"""Access (Art. 15): everything about one person, over all areas, after a look for third parties."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Date, Enum, func, or_, select

from crm.audit import EVENTS, AuditEvent
from crm.db import Moment, db
from crm.i18n import day, moment
from crm.privacy import registry
from crm.privacy.explaining import Said, explained
from crm.privacy.linking import Subject, linked, rows_of, subject_of
from crm.privacy.models import Case
from crm.privacy.needles import needles_of
from crm.privacy.passages import PLAIN, Passage, is_free, naming, own_texts
from crm.privacy.terms import Entry, Erase, Export
from crm.privacy.words import column_label, table_label

MOST_TEXTS, MOST_EVENTS = 300, 500
BLACK = "█████"
GIVE, BLACKEN, LEAVE = "geben", "schwaerzen", "weglassen"
_NOTHING: Mapping[tuple[str, int], dict[str, Any]] = {}
# Not told: they say how the program finds the row.
_SILENT = {"version", "updated_at", "sort_key", "search_text", "removed_by_id", "removal"}


@dataclass
class Disclosure:
    """What is kept about somebody: rows by table, passages to look at, events of the protocol.

    Passages and events come in parts, the first of which is 1; `of_texts` and `of_events` say how many there
    are in all, `numbers` which rows were found, by table.
    """

    who: Subject
    name: str
    part: int = 1
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    of_texts: int = 0
    of_events: int = 0

    @property
    def parts(self) -> int:
        """In how many parts it is looked through."""
        return max(1, -(-self.of_texts // MOST_TEXTS), -(-self.of_events // MOST_EVENTS))

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all was found."""
        return not self.rows and not self.of_texts

    @property
    def reserves(self) -> list[str]:
        """Say what is not told here."""
        found = [_("Drafts that colleagues have not saved were not looked at: nobody else reads them.")]
        if self.parts > 1:
            found.append(
                _(
                    "This is part %(part)s of %(parts)s: %(texts)s texts and %(events)s events in all.",
                    part=self.part,
                    parts=self.parts,
                    texts=self.of_texts,
                    events=self.of_events,
                )  # fmt: skip
            )
        return found


def about_person(person_id: int, name: str, case: Case | None, part: int = 1) -> Disclosure:
    """Gather everything about a contact; of a restricted one with a case what is sealed, too."""
    sealed = {(one.table_name, one.row_id): one.sealed for one in case.values} if case else {}
    known = sealed.get(("people", person_id), {})
    name = " ".join(known[one] for one in ("first_name", "last_name") if known.get(one)) or name
    addresses = {one["email"] for one in sealed.values() if one.get("email")}
    return _gather(Disclosure(subject_of(person_id, addresses), name, part), sealed)


def about_guest(who: Subject, part: int = 1) -> Disclosure:
    """Gather everything about a guest who is no contact."""
    return _gather(Disclosure(who, ", ".join(sorted(who.addresses)), part))


def told_tables() -> list[Entry]:
    """Give the tables of which rows are told: linked to the person by number, or by a mail address."""
    return [*linked(), *_addressed()]


def _addressed() -> list[Entry]:
    return [one for one in registry.ENTRIES.values() if one.address and not one.link]


def _gather(found: Disclosure, sealed: Mapping[tuple[str, int], dict[str, Any]] = _NOTHING) -> Disclosure:
    tables = {entry.table: _rows(entry, found.who, sealed) for entry in told_tables()}
    texts: list[Passage] = []
    for name, rows in explained(tables).items():
        entry = registry.ENTRIES[name]
        found.numbers[name] = [row["id"] for row in rows]
        if told := [_told(entry, row) for row in rows]:
            found.rows[table_label(name)] = told
        texts += [one for row in rows for one in own_texts(entry, row)]
    needles = needles_of([row for rows in tables.values() for row in rows], last_name_too=True)
    texts += naming(needles, found.who, found.numbers, found.name)
    begin = (found.part - 1) * MOST_TEXTS
    found.of_texts, found.passages = len(texts), texts[begin : begin + MOST_TEXTS]
    _add_events(found)
    return found


def _rows(
    entry: Entry, who: Subject, sealed: Mapping[tuple[str, int], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Give the rows of a table about somebody, with what is sealed of them."""
    if not entry.link:
        table = registry.table_of(entry.table)
        query = select(table).where(func.lower(table.c[entry.address]).in_(who.addresses))
        return [dict(row) for row in db.session.execute(query.order_by(table.c.id)).mappings()]
    plain = rows_of(entry, who, [number for table, number in sealed if table == entry.table])
    return [row | sealed.get((entry.table, row["id"]), {}) for row in plain]


def _told(entry: Entry, row: dict[str, Any]) -> dict[str, str]:
    """What is told of a row as it is: personal values and facts, with words for their names."""
    plain = [one.name for one in entry.columns if one.export is Export.PLAIN and one.erase is not Erase.LINK]
    names = [*plain, *PLAIN, *entry.facts.split(), "created_at"]
    table = registry.table_of(entry.table)
    return {
        column_label(entry.table, name): _said(table.c[name], row[name])
        for name in names
        if name in row and row[name] not in (None, "") and name not in _SILENT and not is_free(entry, name)
    }


def _said(column: Any, value: Any) -> str:
    if isinstance(value, Said):
        return value
    if isinstance(column.type, Enum) and hasattr(value, "label"):
        return str(value.label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(column.type, Moment):
        return moment(value)
    return day(value) if isinstance(column.type, Date) else str(value)


def _add_events(found: Disclosure) -> None:
    """What happened to the rows and when; who did it are data of the staff."""
    mine = [
        (AuditEvent.record_type == name) & AuditEvent.record_id.in_(ids)
        for name, ids in found.numbers.items()
        if ids
    ]
    if not mine:
        return
    query = select(AuditEvent).where(or_(*mine))
    page = query.order_by(AuditEvent.id).limit(MOST_EVENTS).offset((found.part - 1) * MOST_EVENTS)
    found.events = [
        {"am": moment(one.at), "was": str(EVENTS[one.name]), "woran": table_label(one.record_type)}
        for one in db.session.scalars(page)
    ]
    found.of_events = len(found.events)
    if found.part > 1 or found.of_events == MOST_EVENTS:
        found.of_events = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def chosen(found: Disclosure, choices: Mapping[str, str]) -> list[tuple[Passage, str]]:
    """Give the passages that may be told, each with GIVE or BLACKEN.

    What nobody has chosen for is left out, and so is a text that was changed since somebody looked at it.
    """
    wanted = [(one, choices.get(one.key, LEAVE)) for one in found.passages]
    return [(one, choice) for one, choice in wanted if choice in (GIVE, BLACKEN)]


def changed(found: Disclosure, choices: Mapping[str, str]) -> int:
    """Count texts somebody has chosen for that say something else by now."""
    keys = {one.key for one in found.passages}
    places = {one.place for one in found.passages}
    picked = [key for key, choice in choices.items() if choice in (GIVE, BLACKEN) and key not in keys]
    return sum(key.rpartition("-")[0] in places for key in picked)


def released(texts: list[tuple[Passage, str]], words: list[str]) -> list[dict[str, str]]:
    """Give what is told of passages: as they are but for some words, or blackened."""
    return [
        {"wo": one.title, "text": blackened(one.text, words) if choice == GIVE else BLACK}
        for one, choice in texts
    ]


def rows_without(found: Disclosure, words: list[str]) -> dict[str, list[dict[str, str]]]:
    """Give the rows with some words blackened."""
    return {
        title: [{name: blackened(value, words) for name, value in row.items()} for row in rows]
        for title, rows in found.rows.items()
    }


def blackened(text: str, words: list[str]) -> str:
    """Blacken some words wherever they stand."""
    for one in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", BLACK, text, flags=re.IGNORECASE)
    return text
