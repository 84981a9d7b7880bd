"""Access (Art. 15): everything about one person, over all areas, after a look for third parties."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Date, Enum, Integer, Text, cast, literal, or_, select, union_all

from crm import naming
from crm.audit import EVENTS, AuditEvent
from crm.consultations import queries as consultations
from crm.consultations.models import Consultation
from crm.consultations.naming import TEXTS
from crm.db import Moment, db
from crm.i18n import day, moment
from crm.privacy import queries, registry
from crm.privacy.cleaning import texts_of
from crm.privacy.linking import Subject, linked, rows_of, subject_of
from crm.privacy.needles import Needles, needles_of
from crm.privacy.terms import Entry, Erase, Export
from crm.privacy.words import column_label, table_label

MOST_TEXTS, MOST_EVENTS = 300, 500
BLACK = "█████"
GIVE, BLACKEN, LEAVE = "geben", "schwaerzen", "weglassen"
_NOTHING: Mapping[tuple[str, int], dict[str, Any]] = {}
# Not told: they say how the program finds the row.
_SILENT = {"version", "updated_at", "sort_key", "search_text", "removed_by_id", "removal"}


@dataclass(frozen=True)
class Passage:
    """A free text that names the person and perhaps others: table, number of the row, column, text."""

    table: str
    row_id: int
    column: str
    text: str

    @property
    def key(self) -> str:
        """Name it in a form."""
        return f"{self.table}-{self.row_id}-{self.column}"

    @property
    def title(self) -> str:
        """Say where it stands."""
        return f"{table_label(self.table)} {self.row_id}: {column_label(self.table, self.column)}"


@dataclass
class Disclosure:
    """What is kept about somebody: rows by table, passages to look at, events of the protocol."""

    who: Subject
    name: str
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    passages: list[Passage] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    more: int = 0


def about_person(person_id: int, name: str) -> Disclosure:
    """Gather everything about a contact; of a restricted one what is sealed, too."""
    case = queries.case_of(person_id)
    sealed = {(one.table_name, one.row_id): one.sealed for one in case.values} if case else {}
    known = sealed.get(("people", person_id), {})
    name = " ".join(known[one] for one in ("first_name", "last_name") if known.get(one)) or name
    addresses = {one["email"] for one in sealed.values() if one.get("email")}
    return _gather(Disclosure(subject_of(person_id, addresses), name), sealed)


def about_guest(who: Subject) -> Disclosure:
    """Gather everything about a guest who is no contact."""
    return _gather(Disclosure(who, ", ".join(sorted(who.addresses))))


def _gather(found: Disclosure, sealed: Mapping[tuple[str, int], dict[str, Any]] = _NOTHING) -> Disclosure:
    raw: list[dict[str, Any]] = []
    numbers: dict[str, list[int]] = {}
    for entry in linked():
        numbers[entry.table] = [number for table, number in sealed if table == entry.table]
        plain = rows_of(entry, found.who, numbers[entry.table])
        rows = [row | sealed.get((entry.table, row["id"]), {}) for row in plain]
        raw += rows
        numbers[entry.table] = [row["id"] for row in rows]
        if told := [_told(entry, row) for row in rows]:
            found.rows[table_label(entry.table)] = told
        found.passages += [one for row in rows for one in _own_texts(entry, row)]
    found.passages += _passages(needles_of(raw, last_name_too=True), numbers, found)
    found.more = max(0, len(found.passages) - MOST_TEXTS)
    found.passages = found.passages[:MOST_TEXTS]
    found.events = _events(numbers)
    return found


def _told(entry: Entry, row: dict[str, Any]) -> dict[str, str]:
    """What is told of a row as it is: personal values and facts, with words for their names."""
    plain = [one.name for one in entry.columns if one.export is Export.PLAIN and one.erase is not Erase.LINK]
    names = [*plain, *entry.facts.split(), "created_at"]
    table = registry.table_of(entry.table)
    return {
        column_label(entry.table, name): _said(table.c[name], row[name])
        for name in names
        if name in row and row[name] not in (None, "") and name not in _SILENT and not _is_free(entry, name)
    }


def _is_free(entry: Entry, name: str) -> bool:
    """Tell whether a column of one's own row is free text that may name others."""
    return (entry.table, name) in (("people", "note"), ("invitations", "remark"), ("outgoing_mails", "body"))


def _own_texts(entry: Entry, row: dict[str, Any]) -> list[Passage]:
    return [
        Passage(entry.table, row["id"], name, row[name])
        for name in row
        if _is_free(entry, name) and row[name]
    ]


def _said(column: Any, value: Any) -> str:
    if isinstance(column.type, Enum) and hasattr(value, "label"):
        return str(value.label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(column.type, Moment):
        return moment(value)
    return day(value) if isinstance(column.type, Date) else str(value)


def _passages(needles: Needles, own: dict[str, list[int]], found: Disclosure) -> list[Passage]:
    """Texts of all other rows about the person: that name it by number, or by one of its words."""
    passages = {one.key: one for one in _by_number(found)}
    if not needles:
        return list(passages.values())
    parts = [
        _in_column(needles, entry.table, name)
        for entry in registry.ENTRIES.values()
        for name in texts_of(entry, Erase.MENTION, Erase.FILE)
    ]
    for table, name, number, text in db.session.execute(union_all(*parts)):
        words = _plain(text) if registry.is_json(table, name) else text
        if number not in own.get(table, ()) and needles.found_in(words):
            one = Passage(table, number, name, _said_in(table, words, found))
            passages.setdefault(one.key, one)
    return list(passages.values())


def _by_number(found: Disclosure) -> list[Passage]:
    """Texts of talks that name the person by number."""
    query = select(Consultation.id, *(getattr(Consultation, name) for name in TEXTS)).order_by(
        Consultation.id
    )
    query = query.where(Consultation.id.in_(consultations.ids_naming(found.who.ids))).limit(MOST_TEXTS)
    rows = db.session.execute(query.execution_options(include_removed=True)).all() if found.who.ids else []
    texts = [(row.id, name, getattr(row, name)) for row in rows for name in TEXTS]
    naming.expect(*(text for _id, _name, text in texts))
    table = Consultation.__tablename__
    return [
        Passage(table, number, name, _said_in(table, text, found))
        for number, name, text in texts
        if naming.numbers_in(text) & {*found.who.ids}
    ]


def _said_in(table: str, text: str, found: Disclosure) -> str:
    """Say a text of a talk with names; the person itself is called by name although restricted."""
    if table != Consultation.__tablename__:
        return text
    for number in found.who.ids:
        text = text.replace(naming.token(number), found.name)
    return naming.named(text)


def _in_column(needles: Needles, name: str, column: str) -> Any:
    """Select (table, column, number of the row, text) where a column may name the person."""
    table = registry.table_of(name)
    key = next(iter(table.primary_key))
    number = key if isinstance(key.type, Integer) else literal(0)
    words = literal(name), literal(column), number, cast(table.c[column], Text)
    return select(*words).where(needles.in_column(table.c[column], registry.is_json(name, column)))


def _plain(text: str) -> str:
    """Write stored JSON as one reads it."""
    return json.dumps(json.loads(text), ensure_ascii=False)


def _events(numbers: dict[str, list[int]]) -> list[dict[str, str]]:
    """What happened to the rows and when; who did it are data of the staff."""
    mine = [
        (AuditEvent.record_type == name) & AuditEvent.record_id.in_(ids)
        for name, ids in numbers.items()
        if ids
    ]
    query = select(AuditEvent).where(or_(*mine) if mine else False).order_by(AuditEvent.id)  # type: ignore[arg-type]
    return [
        {"am": moment(one.at), "was": str(EVENTS[one.name]), "woran": table_label(one.record_type)}
        for one in db.session.scalars(query.limit(MOST_EVENTS))
    ]


def released(found: Disclosure, choices: dict[str, str], words: list[str]) -> list[dict[str, str]]:
    """Give the passages that may be told: as they are, with some words blackened, blackened, or not at all.

    What nobody has chosen for is left out.
    """
    told = []
    for one in found.passages:
        choice = choices.get(one.key, LEAVE)
        if choice == GIVE:
            told.append({"wo": one.title, "text": blackened(one.text, words)})
        elif choice == BLACKEN:
            told.append({"wo": one.title, "text": BLACK})
    return told


def blackened(text: str, words: list[str]) -> str:
    """Blacken some words wherever they stand."""
    for one in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", BLACK, text, flags=re.IGNORECASE)
    return text
