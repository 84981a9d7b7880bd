"""How long a talk took, as offices write it; a bare number is asked about, for it may be hours or minutes."""

import re
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from crm.reading import Misread, read_minutes

MOST = 1440
_HALVES = {"½": "1/2", "¼": "1/4", "¾": "3/4"}
_WORDS = {
    "eine stunde": 60, "1 stunde": 60, "halbe stunde": 30, "eine halbe stunde": 30, "viertelstunde": 15,
    "eine viertelstunde": 15, "dreiviertelstunde": 45, "anderthalb stunden": 90, "zwei stunden": 120,
    "drei stunden": 180,
}  # fmt: skip
_DAYS = {"1/2 tag": 240, "halber tag": 240, "ein halber tag": 240, "1 tag": 480, "ein tag": 480,
         "ganzer tag": 480, "ganztägig": 480}  # fmt: skip
_ABOUT = re.compile(r"^(?:ca\.?|etwa|rd\.?|rund|~|ungefähr|gut|knapp)\s*")
_UNIT = r"\s*(?:h|std\.?|stdn\.?|stunden?)"
_FRACTION = re.compile(rf"(?:([0-9]{{1,2}})\s+)?([0-9]{{1,2}})/([0-9]{{1,2}}){_UNIT}")
_BOTH = re.compile(rf"([0-9]{{1,2}}){_UNIT}\s*(?:u\.|und|,)?\s*([0-9]{{1,2}})\s*(?:min\.?|minuten|')?")
_POINT = re.compile(rf"([0-9]{{1,2}})\.([0-9]{{1,2}}){_UNIT}")
_BARE = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2}))?")
_QUOTES = str.maketrans({"’": "'", "′": "'", "´": "'", "`": "'"})


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes, or why what was written does not say how many, with those it may mean."""

    minutes: int | None = None
    why: str = ""
    guesses: tuple[int, ...] = ()


def read_duration(text: str) -> Minutes:
    """Read how long a talk took: 1,5 h, 1 1/2 Std., 120', 0:45, ca. 20 min."""
    plain = re.sub(r"\s+", " ", text.strip().casefold().translate(_QUOTES))
    for mark, fraction in _HALVES.items():
        plain = re.sub(rf"(?<=[0-9])\s*{mark}", f" {fraction}", plain).replace(mark, fraction)
    if not re.search("[^\\W_]", plain):
        return Minutes()
    plain = _ABOUT.sub("", plain).strip()
    if plain in _DAYS:
        return Minutes(None, _("has no fixed length."), (_DAYS[plain],))
    if match := _BARE.fullmatch(plain):
        return _bare(int(match[1]), match[2])
    found = _exact(plain)
    if found is None or not 0 < found <= MOST:
        return Minutes(None, _("is no duration."))
    return Minutes(found)


def _exact(plain: str) -> int | None:
    if plain in _WORDS:
        return _WORDS[plain]
    if match := _FRACTION.fullmatch(plain):
        if not int(match[3]):
            return None
        return round((int(match[1] or 0) + Fraction(int(match[2]), int(match[3]))) * 60)
    if match := _BOTH.fullmatch(plain):
        return int(match[1]) * 60 + int(match[2])
    if match := _POINT.fullmatch(plain):
        plain = f"{match[1]},{match[2]} h"
    try:
        return read_minutes(plain.replace("stdn", "std"))
    except Misread:
        return None


def _bare(number: int, decimals: str | None) -> Minutes:
    """Hours are small or broken, minutes are large: guessed, never taken."""
    hours = round(Fraction(f"{number}.{decimals or 0}") * 60)
    guesses = [hours] if decimals else [hours, number] if number <= 8 else [number]
    found = tuple(one for one in guesses if 0 < one <= MOST)
    return Minutes(None, _("names neither hours nor minutes."), found)
