"""The index of all that can be found, and what everybody opened last.

An entry says in words what a record is; it follows from the record and can be made anew at any time. Whatever
is searched in is folded, so that both databases answer alike.
"""

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Model, now
from crm.labels import Labelled, name_members


class EntryKind(Labelled):
    """What kind of record was found, in the order in which equal hits stand."""

    ORGANISATION = "organisation"
    PERSON = "person"
    COOPERATION = "cooperation"
    EVENT = "event"
    CONSULTATION = "consultation"
    FOLLOW_UP = "follow-up"
    DOCUMENT = "document"
    MATERIAL = "material"


name_members(
    {
        EntryKind.ORGANISATION: _l("Municipalities and bodies"),
        EntryKind.PERSON: _l("Contacts"),
        EntryKind.COOPERATION: _l("Cooperations"),
        EntryKind.EVENT: _l("Events"),
        EntryKind.CONSULTATION: _l("Talks"),
        EntryKind.FOLLOW_UP: _l("Follow-ups"),
        EntryKind.DOCUMENT: _l("Documents"),
        EntryKind.MATERIAL: _l("Materials"),
    }
)

PERSONAL = {"personal": True}


class SearchEntry(Model):
    """A record as it is found and shown: small, for every search looks through all of them.

    `names`, `former` and `keys` hold one a line, `title_folded` all of them; `context` is what parts
    namesakes (county, kind). `staff` and `task_fields` hold numbers as " 3 17 ".
    `weight` parts what stands first (0) from what stands behind equals. `record_version` is that of the
    record the entry was made from; `renew_on` is the day from which time itself makes it wrong.
    """

    __tablename__ = "search_entries"
    __table_args__ = (
        UniqueConstraint("kind", "record_id"),
        Index("ix_search_entries_renew_on", "renew_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind]
    record_id: Mapped[int]
    record_version: Mapped[int]
    title: Mapped[str] = mapped_column(String(500), info=PERSONAL)
    note: Mapped[str] = mapped_column(String(500), info=PERSONAL)
    day: Mapped[date | None]
    weight: Mapped[int]
    confidential: Mapped[bool]
    staff: Mapped[str] = mapped_column(String(500))
    task_fields: Mapped[str] = mapped_column(String(500))
    names: Mapped[str] = mapped_column(Text, info=PERSONAL)
    former: Mapped[str] = mapped_column(Text, info=PERSONAL)
    keys: Mapped[str] = mapped_column(Text, info=PERSONAL)
    sort_key: Mapped[str] = mapped_column(String(400), info=PERSONAL)
    title_folded: Mapped[str] = mapped_column(Text, info=PERSONAL)
    context: Mapped[str] = mapped_column(Text, info=PERSONAL)
    renew_on: Mapped[date | None]


class SearchText(Model):
    """The long texts of a record: `plain` to quote from, `folded` (with names and keys) to search in."""

    __tablename__ = "search_texts"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("search_entries.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    plain: Mapped[str] = mapped_column(Text, info=PERSONAL)
    folded: Mapped[str] = mapped_column(Text, info=PERSONAL)


class DocumentText(Model):
    """The words of an attachment, read once by the worker; of a file without readable words it is empty."""

    __tablename__ = "document_texts"

    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    plain: Mapped[str] = mapped_column(Text, info=PERSONAL)
    read_at: Mapped[datetime] = mapped_column(default=now)


class SearchUse(Model):
    """Somebody chose a hit; the last of them are what an empty palette offers."""

    __tablename__ = "search_uses"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "record_id"),
        Index("ix_search_uses_user_id_used_at", "user_id", "used_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[EntryKind]
    record_id: Mapped[int]
    used_at: Mapped[datetime] = mapped_column(default=now)
