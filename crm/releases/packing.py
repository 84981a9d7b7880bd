"""A sheet as plain values that can be stored for good, and back; numbers keep their kind to the last cent."""

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from crm.reports.sheet import Arguments, Chart, Figure, Linked, Number, Sheet, Table

LEVEL, SORT, VALUE = 6, "@", "v"
_PARTS: dict[str, Any] = {one.__name__: one for one in (Sheet, Figure, Chart, Table, Number, Linked)}


def squeeze(plain: Any) -> bytes:
    """Write plain values as compressed JSON; equal values give equal bytes."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(text.encode(), LEVEL)


def expand(stored: bytes) -> Any:
    """Read compressed JSON."""
    return json.loads(zlib.decompress(stored))


def numbers_of(sheet: Sheet) -> Iterator[Number]:
    """Every number of a sheet: the large ones, then those of the tables."""
    yield from (one.number for one in sheet.figures)
    for table in sheet.all_tables:
        for row in (*table.rows, table.total):
            yield from (cell for cell in row if isinstance(cell, Number))


def pack(value: Any) -> Any:
    """Say a sheet, or any part of one, in plain values, without what is as usual and what people typed."""
    if isinstance(value, Linked) and (value.typed or value.endpoint.startswith("contacts.")):
        value = replace(value, text=_("text not kept"), typed=False)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: getattr(value, one.name) for one in fields(value) if not _is_usual(one, value)}
        return {SORT: type(value).__name__, **{name: pack(part) for name, part in parts.items()}}
    if isinstance(value, dict):
        return {SORT: "link", VALUE: {name: pack(part) for name, part in value.items()}}
    if isinstance(value, tuple | list):
        return [pack(one) for one in value]
    if isinstance(value, Decimal):
        return {SORT: "decimal", VALUE: str(value)}
    return {SORT: "day", VALUE: value.isoformat()} if isinstance(value, date) else value


def _is_usual(part: Any, value: Any) -> bool:
    made = part.default_factory() if part.default_factory is not MISSING else part.default
    return made is not MISSING and getattr(value, part.name) == made


def _same(link: Arguments) -> Arguments:
    return link


def unpack(plain: Any, link: Callable[[Arguments], Arguments] = _same) -> Any:
    """Make a sheet, or any part of one, again; `link` says where a number leads now.

    What a later version of the program no longer knows of a part is left out.
    """
    if isinstance(plain, list):
        return tuple(unpack(one, link) for one in plain)
    if not isinstance(plain, dict):
        return plain
    sort = plain[SORT]
    if sort in _PARTS:
        known = {one.name for one in fields(_PARTS[sort])}
        parts = {name: unpack(part, link) for name, part in plain.items() if name in known}
        if sort == Number.__name__:
            parts["link"] = link(parts.get("link", {}))
        return _PARTS[sort](**parts)
    if sort == "link":
        return {name: unpack(part) for name, part in plain[VALUE].items()}
    return Decimal(plain[VALUE]) if sort == "decimal" else date.fromisoformat(plain[VALUE])


def without_moment(sheet: Sheet) -> Any:
    """What two readings of the same data say alike: all but the definition, which names the moment."""
    return pack(replace(sheet, definition=()))
