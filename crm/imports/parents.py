"""Which group a row names as its programme: a stored one or another row, by its title."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select

from crm.cooperations.models import Cooperation
from crm.db import db
from crm.folding import fold
from crm.imports.plan import Line

ROW = "row:"
Token = int | str


@dataclass(frozen=True)
class Parent:
    """The programme of a row: a number, a row of the same file, or None with the words that stay."""

    target: Token | None = None
    words: str = ""
    doubt: str = ""


@dataclass
class Titles:
    """Stored groups by folded title, and the programme of each."""

    numbers: dict[str, list[int]] = field(default_factory=dict)
    above: dict[Token, Token] = field(default_factory=dict)

    def stored(self, title: str) -> list[int]:
        """Numbers of the stored groups of a title."""
        return self.numbers.get(fold(title), [])


def titles() -> Titles:
    """Read the titles of all groups that are not in the trash."""
    found = Titles()
    for number, title, parent in db.session.execute(
        select(Cooperation.id, Cooperation.title, Cooperation.parent_id)
    ):
        found.numbers.setdefault(fold(title), []).append(number)
        if parent:
            found.above[number] = parent
    return found


def token(line: Line) -> Token:
    """Name the group of a row: its number, or the row itself where it has none yet."""
    return line.record_id or f"{ROW}{line.entry.identity}"


def find(lines: Sequence[Line], known: Titles) -> dict[int, Parent]:
    """Give the programme of every row, by the identity of the line."""
    inside: dict[str, list[Token]] = {}
    for line in lines:
        inside.setdefault(fold(line.entry.title), []).append(token(line))
    above = dict(known.above)
    for line in lines:
        above.pop(token(line), None)
    found = {}
    for line in lines:
        parent = _find(line, known, inside, above)
        found[id(line)] = parent
        if parent.target is not None:
            above[token(line)] = parent.target
    return found


def _find(line: Line, known: Titles, inside: dict[str, list[Token]], above: dict[Token, Token]) -> Parent:
    text = line.entry.parent
    if not text:
        return Parent()
    meant = list(dict.fromkeys([*inside.get(fold(text), []), *known.stored(text)]))
    if not meant:
        return Parent(words=text, doubt=_("is not the title of a cooperation; it stands in the description."))
    if len(meant) > 1:
        return Parent(
            words=text, doubt=_("is the title of several cooperations; it stands in the description.")
        )
    if _leads_back(meant[0], token(line), above):
        return Parent(
            words=text, doubt=_("belongs to this cooperation itself; it stands in the description.")
        )
    return Parent(target=meant[0])


def _leads_back(start: Token, end: Token, above: dict[Token, Token]) -> bool:
    seen: set[Token] = set()
    at: Token | None = start
    while at is not None and at not in seen:
        if at == end:
            return True
        seen.add(at)
        at = above.get(at)
    return False
