"""Reading names as clerks type them: Frau Dr. Petra von der Au, Büroleitung. Pure functions."""

import re
from dataclasses import dataclass

SALUTATIONS = {"herr", "herrn", "frau", "hr", "hrn", "fr"}
TITLES = {
    "dr", "drs", "prof", "professor", "professorin", "dipl", "mag", "pd", "lic", "ing", "med", "iur", "jur",
    "phil", "rer", "nat", "pol", "oec", "h", "c", "hc", "habil", "vet", "dent", "mult",
}  # fmt: skip
STARTING = {"dr", "drs", "prof", "professor", "professorin", "dipl", "mag", "pd", "lic"}
PARTICLES = {
    "von", "vom", "van", "v", "der", "den", "dem", "de", "del", "della", "di", "da", "dos", "du", "la", "le",
    "zu", "zum", "zur", "ter", "ten", "te", "und", "el", "al", "bin", "ibn", "auf", "im", "in",
}  # fmt: skip
_FUNCTION = re.compile(r"\s*(?:,|;|\s[–—-]\s|\()\s*")


def full_name(*parts: str | None) -> str:
    """Say a name by those of its parts that are known: title, first name, last name."""
    return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Name:
    """The parts of a typed name; `function` is what stood after a comma, a dash or in brackets."""

    academic_title: str | None
    first_name: str | None
    last_name: str
    function: str | None

    @property
    def full(self) -> str:
        """First and last name."""
        return full_name(self.first_name, self.last_name)


def read_name(text: str) -> Name:
    """Take a typed name apart; what cannot be told apart becomes the last name."""
    name, *rest = _FUNCTION.split(text.strip(), maxsplit=1)
    function = rest[0].strip(" )") if rest else ""
    words = name.split()
    if len(words) > 1 and _bare(words[0]) in SALUTATIONS:
        words.pop(0)
    titles = _titles(words)
    words = words[len(titles) :] or words
    split = _where_the_last_name_begins(words)
    first = " ".join(words[:split])
    last = " ".join(words[split:]) or text.strip()
    return Name(" ".join(titles) or None, first or None, last, function or None)


def _titles(words: list[str]) -> list[str]:
    """Leading academic titles; at least one word stays for the name."""
    if len(words) < 2 or _first_part(words[0]) not in STARTING:
        return []
    count = 1
    while count < len(words) - 1 and _is_title(words[count]):
        count += 1
    return words[:count]


def _is_title(word: str) -> bool:
    return _first_part(word) in TITLES and ("." in word or _bare(word) in STARTING)


def _where_the_last_name_begins(words: list[str]) -> int:
    place = len(words) - 1
    while place > 0 and words[place - 1].casefold().strip(".") in PARTICLES and words[place - 1][0].islower():
        place -= 1
    return max(place, 0)


def _bare(word: str) -> str:
    return word.casefold().rstrip(".")


def _first_part(word: str) -> str:
    """Dipl.-Ing. begins with Dipl."""
    return re.split(r"[.-]", word.casefold(), maxsplit=1)[0]
