"""Free texts that name somebody and perhaps others: found over all tables, looked at before they are told."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Text, case, cast, false, literal, or_, select, union_all

from crm import naming as names
from crm.consultations import queries as consultations
from crm.consultations.models import Consultation, Participation
from crm.consultations.naming import TEXTS
from crm.db import db
from crm.privacy import registry
from crm.privacy.cleaning import texts_of
from crm.privacy.linking import Subject
from crm.privacy.needles import Needles
from crm.privacy.terms import Entry, Erase
from crm.privacy.words import column_label, table_label

# What somebody types and has not saved nobody else reads, and it goes after two weeks.
UNREAD = ("drafts",)
# Free texts of one's own rows that may name others.
_FREE = {
    ("people", "note"), ("invitations", "remark"), ("invitations", "represented_by"),
    ("outgoing_mails", "body"),
}  # fmt: skip
# Names of places in one's own rows are told as they are.
PLAIN = ("organisation_name",)
_MARK = 16


@dataclass(frozen=True)
class Passage:
    """One text: table, number of the row, column, and its words."""

    table: str
    row_id: int
    column: str
    text: str

    @property
    def place(self) -> str:
        """Name where it stands, whatever it says."""
        return f"{self.table}-{self.row_id}-{self.column}"

    @property
    def key(self) -> str:
        """Name it in a form: a choice holds for the very words it was made for."""
        return f"{self.place}-{hashlib.sha256(self.text.encode()).hexdigest()[:_MARK]}"

    @property
    def title(self) -> str:
        """Say where it stands."""
        return f"{table_label(self.table)} {self.row_id}: {column_label(self.table, self.column)}"


def is_free(entry: Entry, name: str) -> bool:
    """Tell whether a column of one's own row is free text that may name others."""
    return (entry.table, name) in _FREE or (name in entry.mention.split() and name not in PLAIN)


def own_texts(entry: Entry, row: dict[str, Any]) -> list[Passage]:
    """Give the free texts of a row about somebody."""
    return [
        Passage(entry.table, row["id"], name, row[name]) for name in row if is_free(entry, name) and row[name]
    ]


def naming(needles: Needles, who: Subject, own: dict[str, list[int]], name: str) -> list[Passage]:
    """Texts of all other rows that name the person: by number, or by its words, in one statement.

    Of rows that hang on the person by number also those that say no name. `name` is said for the number of
    one who is restricted.
    """
    found = {one.place: one for one in _by_number(who, name)}
    parts = [
        _in_column(needles, who, entry, column)
        for entry in registry.ENTRIES.values()
        if entry.table not in UNREAD
        for column in texts_of(entry, Erase.MENTION, Erase.FILE)
    ]
    for table, column, number, text, hung in db.session.execute(union_all(*parts)):
        if number in own.get(table, ()) or not text:
            continue
        words = _plain(text) if registry.is_json(table, column) else text
        if hung or needles.found_in(words):
            one = Passage(table, number, column, _said(table, words, who, name))
            found.setdefault(one.place, one)
    return list(found.values())


def _by_number(who: Subject, name: str) -> list[Passage]:
    """Texts of talks that name the person by number."""
    if not who.ids:
        return []
    query = select(Consultation.id, *(getattr(Consultation, column) for column in TEXTS))
    query = query.where(Consultation.id.in_(consultations.ids_naming(who.ids))).order_by(Consultation.id)
    rows = db.session.execute(query.execution_options(include_removed=True)).all()
    texts = [(row.id, column, getattr(row, column)) for row in rows for column in TEXTS]
    names.expect(*(text for _id, _column, text in texts))
    table = Consultation.__tablename__
    return [
        Passage(table, number, column, _said(table, text, who, name))
        for number, column, text in texts
        if names.numbers_in(text) & {*who.ids}
    ]


def _said(table: str, text: str, who: Subject, name: str) -> str:
    """Say a text of a talk with names; the person itself is called by name although restricted."""
    if table != Consultation.__tablename__:
        return text
    for number in who.ids:
        text = text.replace(names.token(number), name)
    return names.named(text)


def _in_column(needles: Needles, who: Subject, entry: Entry, name: str) -> Any:
    """Select (table, column, number of the row, text, whether it hangs on the person by number)."""
    table = registry.table_of(entry.table)
    key, column = next(iter(table.primary_key)), table.c[name]
    number = key if isinstance(key.type, Integer) else literal(0)
    is_hung = "person_id" in entry.people.split() and not (entry.blank or entry.name)
    hung = table.c.person_id.in_(who.ids) if is_hung else false()
    named = needles.in_column(column, registry.is_json(entry.table, name)) if needles else false()
    flag = case((hung, 1), else_=0) if is_hung else literal(0)
    words = literal(entry.table), literal(name), number, cast(column, Text), flag
    return select(*words).where(or_(named, hung))


def _plain(text: str) -> str:
    """Write stored JSON as one reads it."""
    return json.dumps(json.loads(text), ensure_ascii=False)


def confidential_talks(shown: Iterable[Passage]) -> set[int]:
    """Numbers of the confidential talks of which some passages are texts."""
    places = {(one.table, one.row_id) for one in shown}
    talks = {number for table, number in places if table == "consultations"}
    parts = {number for table, number in places if table == "participations"}
    if not talks and not parts:
        return set()
    of_parts = select(Participation.consultation_id).where(Participation.id.in_(parts))
    mine = Consultation.id.in_(talks) | Consultation.id.in_(of_parts)
    query = select(Consultation.id).where(mine, Consultation.confidential.is_(True))
    return set(db.session.scalars(query.execution_options(include_removed=True)))
