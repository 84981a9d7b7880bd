"""A frozen report as somebody reads it: its sheet, the list behind each number, and whether it is genuine."""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from crm.access import Permission
from crm.i18n import moment
from crm.releases.gathering import key_of
from crm.releases.models import FrozenReport
from crm.releases.packing import expand, unpack
from crm.reports.records import Line
from crm.reports.sheet import Arguments, Linked, Number, Sheet

LIST = "liste"
_SEALED = (
    "slug", "title", "purpose", "note", "scope", "language", "confidential", "staff", "released_by_id",
    "released_by_name",
)  # fmt: skip


def digest_of(frozen: FrozenReport) -> str:
    """The SHA-256 over everything a frozen report holds."""
    head = {name: getattr(frozen, name) for name in _SEALED}
    moments = [frozen.since.isoformat(), frozen.until.isoformat(), frozen.released_at.isoformat()]
    text = json.dumps([head, moments], ensure_ascii=False, sort_keys=True)
    parts = (text.encode(), frozen.sheet, frozen.lists)
    return hashlib.sha256(b"".join(b"%d:%s" % (len(one), one) for one in parts)).hexdigest()


@dataclass(frozen=True)
class Kept:
    """One list as it was: what this reader may see of it, and how many lines more it has."""

    kind: str
    title: str
    words: tuple[str, ...]
    columns: tuple[str, ...]
    head: int
    sum_text: str
    lines: tuple[Line, ...]
    hidden: int

    def is_number(self, place: int) -> bool:
        """Tell whether numbers stand in a column."""
        return any(isinstance(one.cells[place], Number) for one in self.lines)


@dataclass(frozen=True)
class Answer:
    """A frozen report for one reader."""

    frozen: FrozenReport
    user: Any

    @cached_property
    def is_genuine(self) -> bool:
        """Tell whether nothing was changed since the freezing, past the program."""
        return digest_of(self.frozen) == self.frozen.digest

    @cached_property
    def _lists(self) -> Any:
        return expand(self.frozen.lists)

    @cached_property
    def _sheet(self) -> Any:
        return expand(self.frozen.sheet)

    @cached_property
    def keys(self) -> list[str]:
        """What the lists were asked by, in their order."""
        return list(self._lists["lists"])

    @cached_property
    def raw(self) -> Sheet:
        """All it said that this reader may see, with the links of the day it was frozen."""
        return self._seen(unpack(self._sheet["sheet"]))

    @cached_property
    def sheet(self) -> Sheet:
        """The same; every number leads to its frozen list."""
        places = {key: place for place, key in enumerate(self.keys)}

        def link(asked: Arguments) -> Arguments:
            place = places.get(key_of(asked)) if asked else None
            return {} if place is None else {LIST: place}

        return self._seen(unpack(self._sheet["sheet"], link))

    def with_release(self) -> Sheet:
        """The same for a file, which says who released it, for whom, and the mark of its content."""
        frozen = self.frozen
        released = _(
            "%(moment)s by %(name)s", moment=moment(frozen.released_at), name=frozen.released_by_name
        )
        more = [(_("Answer to"), frozen.purpose), (_("Frozen on"), released), (_("Checksum"), frozen.digest)]
        if frozen.note:
            more.append((_("Remark"), frozen.note))
        return replace(self.sheet, definition=(*self.sheet.definition, *more))

    def _seen(self, sheet: Sheet) -> Sheet:
        if self.frozen.confidential and not self.user.may(Permission.READ_CONFIDENTIAL):
            sheet = _without_records(sheet)
        if self.user.may(Permission.READ_STAFF_FIGURES):
            return sheet
        closed = self._sheet["staff"]
        return replace(
            sheet,
            figures=tuple(one for one in sheet.figures if one.label not in closed["figures"]),
            tables=tuple(one for one in sheet.tables if one.id not in closed["tables"]),
        )

    def kept(self, key: str) -> Kept | None:
        """Give a list; none where there is none for this reader."""
        found = self._lists["lists"].get(key)
        if found is None or (found["staff"] and not self.user.may(Permission.READ_STAFF_FIGURES)):
            return None
        rows = found["rows"]
        if found["open"] is not None and not self.user.may(Permission.READ_CONFIDENTIAL):
            rows = found["open"]
        return Kept(
            found["kind"], found["title"], tuple(found["words"]), tuple(found["columns"]), found["head"],
            found["sum"], tuple(self._line(place) for place in rows), max(len(found["rows"]) - len(rows), 0),
        )  # fmt: skip

    def _line(self, place: int) -> Line:
        number, cells = self._lists["pool"][place]
        return Line(number, tuple(unpack(cell) for cell in cells))


def _without_records(sheet: Sheet) -> Sheet:
    """Leave out the tables whose rows are single records: they would tell of confidential talks."""

    def is_list(rows: Any) -> bool:
        return any(isinstance(row[0], Linked) for row in rows)

    kept = tuple(one for one in sheet.tables if not is_list(one.rows))
    if len(kept) == len(sheet.tables):
        return sheet
    said = _("Tables of single records, for they were made with confidential talks.")
    return replace(sheet, tables=kept, definition=(*sheet.definition, (_("Not shown"), said)))
