"""What every row of a list has in common: its cells read at once, and what is wrong or doubtful noted."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic

from flask_babel import gettext as _

from crm.importing import Finding
from crm.imports.mapping import Mapping, Meaning
from crm.imports.questions import Question
from crm.imports.rows import Row
from crm.reading import Misread

LONGEST_TITLE, LONGEST_NOTE = 200, 100_000


@dataclass
class RowEntry(Generic[Meaning]):
    """A row with its values; one with errors is not taken over."""

    row: Row
    mapping: Mapping[Meaning]
    source_id: str = ""
    title: str = ""
    doubts: list[Finding] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Where it begins in the file."""
        return self.row.line

    def doubt(self, meaning: Meaning, value: str, message: str) -> None:
        """Note something to be looked at; the row is taken over all the same."""
        self.doubts.append(Finding(self.line, self.mapping.heading(meaning), value, message))

    def wrong(self, meaning: Meaning, value: str, message: str) -> None:
        """Note something for which the row is not taken over."""
        self.errors.append(Finding(self.line, self.mapping.heading(meaning), value, message))

    def cell(self, meaning: Meaning) -> str:
        """What stands in the list."""
        return self.mapping.cell(self.row.cells, meaning)

    def is_broken(self, title: Meaning, source_id: Meaning) -> bool:
        """Tell whether the file itself is wrong here; title and mark then stay as they stand."""
        if self.errors:
            self.title, self.source_id = (self.cell(one)[:LONGEST_TITLE] for one in (title, source_id))
        return bool(self.errors)

    def read_cells(self, cells: Iterable[tuple[str, Meaning, Callable[[str], Any]]]) -> None:
        """Read cells into attributes: (attribute, meaning of the column, how it is read)."""
        for name, meaning, reader in cells:
            text = self.cell(meaning)
            try:
                setattr(self, name, reader(text))
            except Misread as wrong:
                self.wrong(meaning, text, str(wrong))

    def check_lengths(self, limits: Iterable[tuple[Meaning, str, int]]) -> None:
        """Note texts that do not fit: (meaning of the column, text, most characters)."""
        for meaning, text, most in limits:
            if len(text) > most:
                said = _("has %(n)s characters; at most %(limit)s fit.", n=len(text), limit=most)
                self.wrong(meaning, text, said)


# Begins the mark that the repair file gives a row without a mark of its own.
ROW = "zeile:"


@dataclass
class AskingEntry(RowEntry[Meaning]):
    """A row of a list in which people decide what is not plain."""

    questions: list[Question] = field(default_factory=list)

    @property
    def known_by(self) -> tuple[str, ...]:
        """What tells a row without a mark from all others."""
        raise NotImplementedError

    @property
    def identity(self) -> str:
        """What the row is known by from one import to the next: its mark, else what stands in it."""
        if self.source_id.startswith(ROW):
            return self.source_id[:200]
        if self.source_id:
            return f"id:{self.source_id}"[:200]
        return f"{ROW}{_mark(self.known_by)}"

    @property
    def content(self) -> str:
        """A mark of everything that stands in the row."""
        return _mark(self.row.cells[place] for place in sorted(self.mapping.meanings))

    def ask(self, meaning: Meaning, question: Question) -> None:
        """Note a question and, for reports, what is open about which cell."""
        self.questions.append(question)
        self.doubt(meaning, question.text, question.why)


def _mark(texts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:20]
