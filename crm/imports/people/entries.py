"""One row of a list of people as it is understood: values, what is doubtful, what is wrong."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.addresses import is_mail_address
from crm.contacts.models import FunctionRole
from crm.contacts.names import full_name, read_name
from crm.folding import fold, name_key
from crm.imports import values
from crm.imports.mapping import Mapping
from crm.imports.people.columns import PersonField
from crm.imports.rows import Row
from crm.imports.understanding import LONGEST_NOTE, LONGEST_TITLE, AskingEntry
from crm.imports.values import When

_PHONE = re.compile(r"[0-9+()/ .\-–]{3,30}")
# What a function says about the role; who leads is never told by a title.
_ROLES = {
    FunctionRole.OFFICE_MANAGER: ("buroleit", "hauptamtsleit", "hal", "buroleitung"),
    FunctionRole.FINANCE: ("kammer", "finanz"),
    FunctionRole.DEPARTMENT: ("fachbereichsleit", "amtsleit", "fachdienstleit", "abteilungsleit"),
}


@dataclass
class PersonEntry(AskingEntry[PersonField]):
    """A row with its values; one with errors is not taken over."""

    whole: str = ""
    academic_title: str = ""
    first_name: str = ""
    last_name: str = ""
    function: str = ""
    place: str = ""
    phone: str = ""
    mobile: str = ""
    mail: str = ""
    since: When | None = None
    until: When | None = None
    note: str = ""
    why_skipped: str = ""

    @property
    def known_by(self) -> tuple[str, ...]:
        """Name, body and address."""
        return fold(self.full), fold(self.place), self.mail.casefold()

    @property
    def full(self) -> str:
        """First and last name."""
        return full_name(self.first_name, self.last_name)

    @property
    def sort_key(self) -> str:
        """The name as people are sorted and looked up."""
        return name_key(self.last_name, self.first_name)

    @property
    def role(self) -> FunctionRole:
        """The role that the words of the function name."""
        words = fold(self.function)
        return next((role for role, starts in _ROLES.items() if words.startswith(starts)), FunctionRole.OTHER)


_READ: tuple[tuple[str, PersonField, Callable[[str], Any]], ...] = (
    ("source_id", PersonField.SOURCE_ID, values.line),
    ("whole", PersonField.NAME, values.line),
    ("academic_title", PersonField.TITLE, values.line),
    ("first_name", PersonField.FIRST_NAME, values.line),
    ("last_name", PersonField.LAST_NAME, values.line),
    ("function", PersonField.FUNCTION, values.line),
    ("place", PersonField.PLACE, values.line),
    ("phone", PersonField.PHONE, values.line),
    ("mobile", PersonField.MOBILE, values.line),
    ("mail", PersonField.MAIL, values.line),
    ("since", PersonField.SINCE, values.when),
    ("until", PersonField.UNTIL, values.when),
    ("note", PersonField.NOTE, values.lines),
)
_LIMITS = (
    ("whole", PersonField.NAME, 400), ("academic_title", PersonField.TITLE, 50),
    ("first_name", PersonField.FIRST_NAME, 200),
    ("last_name", PersonField.LAST_NAME, 200), ("function", PersonField.FUNCTION, 200),
    ("mail", PersonField.MAIL, 254), ("note", PersonField.NOTE, LONGEST_NOTE),
    ("source_id", PersonField.SOURCE_ID, LONGEST_TITLE - 10), ("place", PersonField.PLACE, 500),
)  # fmt: skip


def read(row: Row, mapping: Mapping[PersonField]) -> PersonEntry:
    """Understand a row; everything that is wrong or doubtful is noted at once."""
    entry = PersonEntry(row, mapping, errors=list(row.problems))
    if entry.is_broken(PersonField.LAST_NAME, PersonField.SOURCE_ID):
        return entry
    entry.read_cells(_READ)
    _read_name(entry)
    entry.check_lengths((meaning, getattr(entry, name), most) for name, meaning, most in _LIMITS)
    _check(entry)
    entry.title = entry.full or entry.title
    return entry


def _read_name(entry: PersonEntry) -> None:
    """A name in one cell is taken apart; titles are kept, salutations are not."""
    if not entry.last_name and entry.whole:
        text = entry.whole
        if text.count(",") == 1 and not entry.function:
            last, first = (part.strip() for part in text.split(","))
            text = f"{first} {last}" if first and len(first.split()) < 3 else text
        name = read_name(text)
        entry.last_name, entry.first_name = name.last_name, entry.first_name or name.first_name or ""
        entry.academic_title = entry.academic_title or name.academic_title or ""
        entry.function = entry.function or name.function or ""
    title = read_name(f"{entry.academic_title} X").academic_title if entry.academic_title else None
    entry.academic_title = (title or "")[:50]


def _check(entry: PersonEntry) -> None:
    if not entry.last_name:
        entry.wrong(PersonField.LAST_NAME, entry.whole, _("the name is missing."))
    if entry.mail and not is_mail_address(entry.mail):
        entry.wrong(PersonField.MAIL, entry.mail, _("is no e-mail address. One address, nothing around it."))
    for text, meaning in ((entry.phone, PersonField.PHONE), (entry.mobile, PersonField.MOBILE)):
        if text and not (_PHONE.fullmatch(text) and any(one.isdigit() for one in text)):
            entry.wrong(meaning, text, _("is no phone number. It takes 3 to 30 digits and signs."))
    for found, meaning in ((entry.since, PersonField.SINCE), (entry.until, PersonField.UNTIL)):
        if found and not found.day:
            said = _("is not one exact day; it stands in the note.")
            entry.doubt(meaning, found.words, said)
    first, last = _day(entry.since), _day(entry.until)
    if first and last and last < first:
        entry.wrong(
            PersonField.UNTIL, str(entry.until and entry.until.words), _("lies before the first day.")
        )
    if not entry.place and (entry.function or entry.since or entry.until):
        entry.doubt(PersonField.FUNCTION, entry.function, _("has no body; it stands in the note."))


def _day(found: When | None) -> date | None:
    return found.day if found else None


def days_of(entry: PersonEntry) -> tuple[date | None, date | None]:
    """The first and the last day of the function, as far as they are exact."""
    return _day(entry.since), _day(entry.until)
