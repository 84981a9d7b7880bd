"""One line of GV100AD: 220 characters of fixed width, read by the official record description of 14.06.2000.

Positions in comments are those of the description: from 1, both ends included.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from crm.importing import Finding

WIDTH = 220
FIRST_YEAR, MOST = 1950, 99_999_999
LAND, REGION, SUPER_REGION, COUNTY, UNION, MUNICIPALITY = 10, 20, 30, 40, 50, 60
# Digits of the key (11-18) by kind of record; the rest of the field is blank.
KEY_DIGITS = {LAND: 2, REGION: 3, SUPER_REGION: 4, COUNTY: 5, UNION: 5, MUNICIPALITY: 8}
UNINHABITED = ("65", "66")
COUNTY_FREE_MARKS = ("41", "42")
MARKS = {
    COUNTY: ("41", "42", "43", "44", "45"),
    UNION: ("50", "51", "52", "53", "54", "55", "56", "57", "58"),
    MUNICIPALITY: ("60", "61", "62", "63", "64", "65", "66", "67"),
}
# From 0: where each field of figures stands, and what it is called.
AREA, POPULATION, MALE = slice(128, 139), slice(139, 150), slice(150, 161)


@dataclass(frozen=True, slots=True)
class Row:
    """One record; figures only for municipalities: hectares, people, an empty postcode where none is."""

    line: int
    kind: int
    day: date
    key: str
    name: str
    mark: str
    hectares: int = 0
    population: int = 0
    male: int = 0
    postcode: str = ""

    @property
    def state(self) -> str:
        """Give the key of the Land, two digits."""
        return self.key[:2]

    @property
    def uninhabited(self) -> bool:
        """Tell whether this is an area without a municipality."""
        return self.mark in UNINHABITED


def read_row(line: int, text: str, wanted: str = "") -> Row | list[Finding]:
    """Read one line; give the record, or everything that is wrong with it.

    With `wanted`, the key of a Land, lines of other Länder are read for their shape, day and key only.

    A file written with letters and marks apart (NFD) is as wide as its letters, so it is joined first.
    """
    if len(text) > WIDTH:
        text = unicodedata.normalize("NFC", text)
    if found := _shape(line, text):
        return found
    kind = int(text[:2])
    day, key, name = _day(text[2:10]), _key(kind, text[10:18]), text[22:72].strip()
    mark = text[122:124].strip()
    wrong = []
    if day is None:
        wrong.append(Finding(line, _("Territorial status"), text[2:10], _("is not a day (YYYYMMDD).")))
    if key is None:
        wrong.append(
            Finding(
                line, _("Key"), text[10:18].rstrip(), _("is no key of %(num)s digits.", num=KEY_DIGITS[kind])
            )
        )
    if wanted and text[10:12] != wanted:
        return wrong or Row(line, kind, day, key, name, mark)  # type: ignore[arg-type]
    wrong += _wrong_name(line, name)
    if kind in MARKS and mark not in MARKS[kind]:
        wrong.append(Finding(line, _("Text mark"), mark, _("is no mark of this kind of record.")))
    figures = _figures(line, text, wrong) if kind == MUNICIPALITY else ()
    if wrong or day is None or key is None:
        return wrong
    return Row(line, kind, day, key, unicodedata.normalize("NFC", name), mark, *figures)


def _wrong_name(line: int, name: str) -> list[Finding]:
    if not name:
        return [Finding(line, _("Name"), "", _("The name is missing."))]
    if all(unicodedata.category(letter)[0] in "LMNPZ" for letter in name):
        return []
    said = _("has signs no name has. Save the file once more as UTF-8.")
    return [Finding(line, _("Name"), name, said)]


def _shape(line: int, text: str) -> list[Finding]:
    if "\x00" in text:
        return [Finding(line, "", "", _("There is a NUL character in the line."))]
    if len(text) != WIDTH:
        said = _("has %(num)s instead of 220 characters. The file is cut or damaged.", num=len(text))
        return [Finding(line, "", text[:30].rstrip(), said)]
    if "\t" in text:
        return [Finding(line, "", "", _("There is a tab in the line; the columns are shifted."))]
    if not (text[:2].isascii() and text[:2].isdigit()) or int(text[:2]) not in KEY_DIGITS:
        return [Finding(line, _("Record kind"), text[:2], _("is none of 10, 20, 30, 40, 50, 60."))]
    return []


def _day(text: str) -> date | None:
    if not (text.isascii() and text.isdigit()):
        return None
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return day if day.year >= FIRST_YEAR else None


def _key(kind: int, text: str) -> str | None:
    digits = KEY_DIGITS[kind]
    key, rest = text[:digits], text[digits:]
    return key if key.isascii() and key.isdigit() and not rest.strip() else None


def _figures(line: int, text: str, wrong: list[Finding]) -> tuple[int, int, int, str]:
    numbers = []
    for field in (AREA, POPULATION, MALE):
        plain = text[field]
        right = plain.isascii() and plain.isdigit() and int(plain) <= MOST
        if not right:
            wrong.append(Finding(line, _figure_name(field), plain.strip(), _said(plain)))
        numbers.append(int(plain) if right else 0)
    postcode = text[165:170].strip()
    if postcode and not (len(postcode) == 5 and postcode.isascii() and postcode.isdigit()):
        wrong.append(Finding(line, _("Postcode"), postcode, _("is no postcode of five digits.")))
    if not text[161:165].isspace():
        said = _("is longer than the 11 digits of the field.")
        wrong.append(Finding(line, _figure_name(MALE), text[150:165].strip(), said))
    return numbers[0], numbers[1], numbers[2], postcode


def _figure_name(field: slice) -> str:
    if field == AREA:
        return str(_("Area"))
    return str(_("Inhabitants") if field == POPULATION else _("Male"))


def _said(plain: str) -> str:
    if plain.isascii() and plain.isdigit():
        return str(_("is more than any municipality has."))
    return str(_("is not a whole number.") if plain.strip() else _("The figure is missing."))
