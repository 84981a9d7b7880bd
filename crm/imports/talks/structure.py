"""Rows of an old list that are no talks: lines for a year, sums, comments, a second header."""

import re

from flask_babel import gettext as _

from crm.imports.mapping import Mapping
from crm.imports.rows import Row
from crm.imports.talks.columns import TalkField

_SUM = re.compile(
    r"(?:zwischen|gesamt|jahres)?summe\b|gesamt\b|insgesamt\b|übertrag\b|anzahl\b|∑|sum\b", re.IGNORECASE
)
_YEAR = re.compile(r"(?:jahr\s*)?(?:19|20)[0-9]{2}\s*:?", re.IGNORECASE)
_TELLING = (TalkField.KIND, TalkField.PLACES, TalkField.TOPIC, TalkField.RESULT, TalkField.PEOPLE)
_DIGITS = re.compile(r"[0-9]")


def why_no_talk(row: Row, mapping: Mapping[TalkField]) -> str:
    """Say why a row is no talk; empty if it may be one."""
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    if not filled:
        return _("empty")
    if _is_header(row, mapping):
        return _("the header once more")
    if any(_SUM.match(cell) for cell in filled) and not _has_day(row, mapping):
        return _("a sum")
    if any(mapping.cell(row.cells, one).strip() for one in _TELLING) and len(filled) > 1:
        return ""
    if len(filled) == 1 and _YEAR.fullmatch(filled[0]):
        return _("a line for a year")
    if len(filled) == 1 and (not _has_day(row, mapping) or len(filled[0]) > 30):
        return _("a comment")
    return ""


def _is_header(row: Row, mapping: Mapping[TalkField]) -> bool:
    pairs = [(cell, name) for cell, name in zip(row.cells, mapping.header, strict=False) if cell.strip()]
    same = sum(cell.strip().casefold() == name.casefold() for cell, name in pairs)
    return len(pairs) > 1 and same * 2 > len(pairs)


def _has_day(row: Row, mapping: Mapping[TalkField]) -> bool:
    text = mapping.cell(row.cells, TalkField.DATE).strip()
    return bool(_DIGITS.search(text)) and not _SUM.match(text)
