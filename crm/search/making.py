"""What stands in the index about one record, and its folded form."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.folding import fold, search_text, sort_key
from crm.search.models import EntryKind

# Of longer texts the beginning is searched.
MOST_TEXT = 100_000
SHOWN = 500
FORMER_KEY = "-"


@dataclass(frozen=True)
class Made:
    """A record in the words of the index; what it is not told is empty.

    `words` and `context` are folded: what it is called besides, and what parts it from namesakes. A key
    with a dash before it is no longer its own.
    """

    kind: EntryKind
    record_id: int
    version: int
    title: str
    note: str = ""
    day: date | None = None
    weight: int = 0
    confidential: bool = False
    staff: Sequence[int] = ()
    task_fields: Sequence[int] = ()
    names: Sequence[str] = ()
    former: Sequence[str] = ()
    keys: Sequence[str] = ()
    words: str = ""
    context: str = ""
    text: str = ""
    sort_key: str = ""
    renew_on: date | None = None

    @property
    def title_folded(self) -> str:
        """All it is called, folded."""
        own = search_text(*self.names, *self.former, *(key.lstrip(FORMER_KEY) for key in self.keys))
        return " | ".join(part for part in (own, self.words) if part)

    def entry(self) -> dict[str, Any]:
        """The columns of its entry."""
        return {
            "kind": self.kind, "record_id": self.record_id, "record_version": self.version,
            "title": self.title[:SHOWN], "note": self.note[:SHOWN], "day": self.day, "weight": self.weight,
            "confidential": self.confidential, "staff": numbers(self.staff),
            "task_fields": numbers(self.task_fields), "names": lines(self.names),
            "former": lines(self.former), "keys": lines(self.keys), "title_folded": self.title_folded,
            "context": self.context,
            "sort_key": (self.sort_key or sort_key(self.title))[:400], "renew_on": self.renew_on,
        }  # fmt: skip

    def texts(self) -> dict[str, str]:
        """The columns of its text."""
        plain = self.text[:MOST_TEXT]
        folded = " | ".join(part for part in (self.title_folded, self.context, fold(plain)) if part)
        return {"plain": plain, "folded": folded}


def lines(texts: Iterable[str]) -> str:
    """One a line, each once."""
    return "\n".join(dict.fromkeys(texts))


def numbers(ids: Iterable[int]) -> str:
    """Numbers such that each can be found between its blanks; of a crowd the first."""
    found = " "
    for number in ids:
        found += f"{number} " if len(found) < SHOWN - 12 else ""
    return found if found.strip() else ""


def said(*texts: str | None) -> str:
    """Join texts as paragraphs, without what stands there for bold letters."""
    return "\n".join(text.replace("**", "") for text in texts if text)


def turning(today: date, firsts: Iterable[date | None], lasts: Iterable[date | None]) -> date | None:
    """The next day on which something begins, or has ended the day before."""
    days = [day for day in firsts if day and day > today]
    days += [day + timedelta(days=1) for day in lasts if day and today <= day < date.max]
    return min(days, default=None)
