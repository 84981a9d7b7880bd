"""What a list leaves open, as questions: each once, however many rows wait for its answer."""

import enum
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from crm.folding import fold

NOTHING = "-"


class About(enum.Enum):
    """What a question is about; its value begins the mark; they are asked in this order."""

    KIND = "kind"
    PLACE = "place"
    DAY = "day"
    DOUBLE = "double"
    STAFF = "staff"
    MINUTES = "minutes"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Question:
    """Something only people can decide; `options` are answers with their words.

    A row with a question that blocks is not taken over before it is answered; the others are taken over with
    the words of the list. With `typed` another answer than the offered ones can be typed.
    """

    about: About
    mark: str
    text: str
    why: str
    options: tuple[tuple[str, str], ...] = ()
    blocks: bool = True
    typed: bool = False

    @property
    def sentence(self) -> str:
        """Say what is open."""
        return f"„{self.text}“ {self.why}" if self.text else self.why


@lru_cache(maxsize=8192)
def mark_of(about: About, text: str, *, folded: bool = True) -> str:
    """Name a question: about a spelling, wherever it stands, or (not folded) about one row."""
    plain = fold(text) or text if folded else text
    return f"{about.value}-{hashlib.sha256(plain.encode()).hexdigest()[:16]}"
