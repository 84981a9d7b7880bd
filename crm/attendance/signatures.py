"""Reading a pasted sign-in list: what each line says of name, place and function. Pure functions."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from crm.contacts.names import SALUTATIONS, TITLES, full_name, read_name
from crm.folding import fold

LONGEST_NAME = 200
_NUMBERING = re.compile(r"^\s*(?:\d{1,4}\s*[.):]\s*|\d{1,4}(?:\t|\s{2,}|\s+(?=[^\W\d]))|[-–•*·]\s+)")
_MAIL = re.compile(r"<?\b[^\s<>;,|\"']+@[^\s<>;,|\"']+\b>?")
_NO_WORDS = re.compile(r"^[\W\d_]*$")
_TICKED = {"x", "ja", "nein", "ok", "anwesend", "da", "unterschrift", "v", "e"}
_HEADINGS = {
    "name": "name", "nachname": "last", "familienname": "last", "vorname": "first", "titel": "title",
    "anrede": "title", "kommune": "place", "gemeinde": "place", "stadt": "place", "organisation": "place",
    "institution": "place", "behorde": "place", "funktion": "function", "amt": "function",
    "e mail": "mail", "email": "mail", "mail": "mail", "unterschrift": "", "nr": "", "lfd nr": "",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a list: as it was pasted, and as it is read. `rest` is what stood beside the name."""

    number: int
    text: str
    first_name: str = ""
    last_name: str = ""
    rest: tuple[str, ...] = ()
    email: str = ""

    @property
    def name(self) -> str:
        """First and last name."""
        return full_name(self.first_name, self.last_name)

    @cached_property
    def name_words(self) -> frozenset[str]:
        """The folded words of the name."""
        return plain_words(self.name)


def plain_words(text: str) -> frozenset[str]:
    """Give the folded words of a name, without titles and salutations."""
    return frozenset(word for word in fold(text).split() if word not in TITLES and word not in SALUTATIONS)


def read_list(text: str) -> list[Line]:
    """Read a list line by line; empty lines and a line of headings are no guests."""
    found: list[Line] = []
    columns: list[str] = []
    separator = ""
    for number, raw in enumerate(text.split("\n"), start=1):
        if heading := _headings(raw):
            columns, separator = heading, _separator(raw)
        elif not _NO_WORDS.match(raw):
            found.append(_line(number, raw, columns if _separator(raw) == separator else []))
    return found


def _headings(raw: str) -> list[str]:
    """What the columns are called, if this is a line of nothing but headings."""
    cells = [fold(cell) for cell in _cells(raw)]
    words = [cell for cell in cells if cell]
    known = words and all(cell in _HEADINGS for cell in words)
    return [_HEADINGS.get(cell, "") for cell in cells] if known else []


def _line(number: int, raw: str, columns: list[str]) -> Line:
    shown = " ".join(raw.split())
    mail = _MAIL.search(raw)
    email = mail[0].strip("<>").rstrip(".") if mail else ""
    cells = _cells(raw)
    if len(columns) > 1 and len(cells) == len(columns):
        return _by_columns(number, shown, cells, columns, email)
    bare = _MAIL.sub("", _NUMBERING.sub("", raw))
    first, last, rest = _named(_parts(bare), _separator(bare) == ",")
    if not last and email:
        first, last = _from_mail(email)
    return Line(number, shown, first, last, tuple(rest), email)


def _cells(raw: str) -> list[str]:
    separator = _separator(raw)
    return [cell.strip() for cell in raw.split(separator)]


def _separator(raw: str) -> str:
    """The strongest mark in a line: what else there is stands inside its parts."""
    return next((one for one in "\t;|" if one in raw), ",")


def _by_columns(number: int, shown: str, cells: list[str], columns: list[str], email: str) -> Line:
    said: dict[str, list[str]] = {}
    for cell, meaning in zip(cells, columns, strict=False):
        if cell and meaning:
            said.setdefault(meaning, []).append(cell)
    first, last = " ".join(said.get("first", ())), " ".join(said.get("last", ()))
    if not last and "name" in said:
        # Beside a column of first names, “Name” is the last name.
        whole = said["name"][0]
        first, last = (first, whole) if first else _split(whole)
    return Line(number, shown, first, last, (*said.get("place", ()), *said.get("function", ())), email)


def _parts(text: str) -> list[str]:
    """Cut a line at its strongest separator; marks, clock times and numbers are no words."""
    parts = [part.strip(" \t.,;:|") for part in text.split(_separator(text))]
    return [part for part in parts if part and not _NO_WORDS.match(part) and fold(part) not in _TICKED]


def _named(parts: list[str], by_comma: bool) -> tuple[str, str, list[str]]:
    """Take the name off the front of a line: „Henkel, Petra“, „Petra Henkel“, or two cells of a table."""
    if not parts:
        return "", "", []
    head, *rest = parts
    if "," in head or len(head.split()) > 1 or not rest:
        return *_split(head), rest
    # One word, then another: last and first name, „Henkel, Petra“ or two cells; but „Henkel; Lahntal“.
    if (by_comma or len(rest) > 1) and len(rest[0].split()) <= 2:
        return rest[0], head, rest[1:]
    return "", head, rest


def _split(name: str) -> tuple[str, str]:
    """Tell first and last name apart; a title stays with the first name, as on a name badge."""
    if "," in name:
        last, _comma, first = name.partition(",")
        titled = read_name(last)
        first = " ".join(part for part in (titled.academic_title, first.strip()) if part)
        return first, titled.full
    read = read_name(name)
    first = " ".join(part for part in (read.academic_title, read.first_name) if part)
    return first, read.last_name


def _from_mail(email: str) -> tuple[str, str]:
    words = [word.capitalize() for word in re.split(r"[._]", email.partition("@")[0]) if word.isalpha()]
    return (" ".join(words[:-1]), words[-1]) if len(words) > 1 else ("", "")


def too_long(lines: Iterable[Line]) -> list[Line]:
    """Those whose name no field holds."""
    return [line for line in lines if max(len(line.first_name), len(line.last_name)) > LONGEST_NAME]
