"""The words of the registry: whose data, what for, and what an erasure does with them."""

import enum
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.labels import Labelled, name_members
from crm.privacy.prose import PROSE


class Whom(Labelled):
    """Whose data a table holds."""

    CONTACT = "contact"
    GUEST = "guest"
    SENDER = "sender"
    STAFF = "staff"
    ANYONE = "anyone"


class Erase(enum.Enum):
    """What an erasure does with a column: of the rows of the person, or wherever the person is named."""

    BLANK = "blank"
    NAME = "name"
    MENTION = "mention"
    FILE = "file"
    REMADE = "remade"
    EMPTIED = "emptied"
    KEPT = "kept"
    STAFF = "staff"
    LINK = "link"


class Export(enum.Enum):
    """How a column gets into an access: as it is, after a look for others named in it, or not at all."""

    PLAIN = "plain"
    REVIEWED = "reviewed"
    NOT = "not"


EXPORTS = {
    Erase.BLANK: Export.PLAIN,
    Erase.NAME: Export.PLAIN,
    Erase.LINK: Export.PLAIN,
    Erase.MENTION: Export.REVIEWED,
    Erase.FILE: Export.REVIEWED,
    Erase.REMADE: Export.NOT,
    Erase.EMPTIED: Export.NOT,
    Erase.KEPT: Export.NOT,
    Erase.STAFF: Export.NOT,
}
# Why some columns are not part of an access, by what an erasure does with them.
NOT_EXPORTED = {
    Erase.REMADE: _l("A copy made by the program itself from what is told already."),
    Erase.EMPTIED: _l("Told as a list of what happened and when."),
    Erase.STAFF: _l("Data of the staff, not of the person who asks."),
}
REASONS = {
    Erase.STAFF: _l("Who was responsible belongs to the record; the account itself can be locked."),
    Erase.FILE: _l("It follows from a file: while one names the person, nothing is erased."),
    Erase.LINK: _l("The number of an emptied row: it lets counts stay as they were and names nobody."),
}

name_members(
    {
        Whom.CONTACT: _l("contacts in municipalities and bodies"),
        Whom.GUEST: _l("guests of events"),
        Whom.SENDER: _l("senders and recipients of mails"),
        Whom.STAFF: _l("staff of the centre"),
        Whom.ANYONE: _l("anybody named in a text"),
    }
)


@dataclass(frozen=True)
class Column:
    """A personal column and what is done with it; `reason` says why it stays or is not told."""

    table: str
    name: str
    erase: Erase
    reason: Any = ""

    @property
    def prose(self) -> bool:
        """Tell whether it is running text, in which anybody may be named."""
        return self.name in PROSE.get(self.table, "").split()

    @property
    def export(self) -> Export:
        """Say how it gets into an access."""
        return EXPORTS[self.erase]

    @property
    def why_not_exported(self) -> Any:
        """Say why it is no part of an access."""
        return self.reason if self.erase is Erase.KEPT else NOT_EXPORTED.get(self.erase, "")


@dataclass(frozen=True)
class Entry:
    """What the registry says of a table; columns are written as words with blanks between.

    `link` is the column with the number of the person, `address` the one with a mail address that names the
    person in its place. `file` follows from a file, `facts` are not personal for the reason `why`.
    """

    table: str
    of: tuple[Whom, ...] = ()
    link: str = ""
    address: str = ""
    blank: str = ""
    name: str = ""
    mention: str = ""
    file: str = ""
    remade: str = ""
    emptied: str = ""
    staff: str = ""
    people: str = ""
    kept: tuple[tuple[str, Any], ...] = ()
    facts: str = ""

    @property
    def columns(self) -> list[Column]:
        """Every personal column."""
        rules = (
            (Erase.BLANK, self.blank), (Erase.NAME, self.name), (Erase.MENTION, self.mention),
            (Erase.FILE, self.file), (Erase.REMADE, self.remade), (Erase.EMPTIED, self.emptied),
            (Erase.STAFF, self.staff), (Erase.LINK, self.people),
        )  # fmt: skip
        found = [
            Column(self.table, name, rule, REASONS.get(rule, ""))
            for rule, words in rules
            for name in words.split()
        ]
        return found + [Column(self.table, name, Erase.KEPT, reason) for name, reason in self.kept]


@dataclass(frozen=True)
class Processing:
    """An activity of the record of processing (Art. 30): why, on what basis, who gets it, for how long.

    `facts_are` says why the other columns of its tables are not personal.
    """

    slug: str
    title: Any
    purpose: Any
    basis: Any
    recipients: Any
    period: Any
    rule: str
    facts_are: Any
    entries: tuple[Entry, ...]
