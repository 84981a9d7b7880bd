"""Free texts that name somebody and perhaps others: found over all tables, looked at before they are told."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Text, case, cast, false, literal, or_, select, union_all

from crm.consultations.models import Consultation, Participation
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


def naming(needles: Needles, who: Subject, own: dict[str, list[int]]) -> list[Passage]:
    """Texts of all other rows that name the person, in one statement over all tables.

    Of rows that hang on the person by number also those that say no name.
    """
    parts = [
        _in_column(needles, who, entry, name)
        for entry in registry.ENTRIES.values()
        if entry.table not in UNREAD
        for name in texts_of(entry, Erase.MENTION)
    ]
    found = []
    for table, name, number, text, hung in db.session.execute(union_all(*parts)):
        if number in own.get(table, ()) or not text:
            continue
        words = _plain(text) if registry.is_json(table, name) else text
        if hung or needles.found_in(words):
            found.append(Passage(table, number, name, words))
    return found


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
