"""When a version appeared, as far as it is known, kept as 2016, 2016-12 or 2016-12-02."""

import re
from datetime import date
from typing import Any

from babel.dates import get_month_names
from flask_babel import gettext as _

from crm.db import today
from crm.fields import TextField
from crm.i18n import day, language
from crm.materials.kinds import YearBasis
from crm.reading import FIRST_YEAR, LAST_YEAR, MONTHS, Misread, read_day

_YEAR = re.compile(r"[0-9]{4}")
_MONTH = re.compile(r"([0-9]{1,2})\s?[./-]\s?([0-9]{4})|([0-9]{4})-([0-9]{2})|([^\W\d_]+)\.? ([0-9]{4})")


def read_issued(text: str) -> str:
    """Read 2016, 12/2016, Dezember 2016 or a day; raises Misread."""
    plain = text.strip()
    if _YEAR.fullmatch(plain):
        return _real(int(plain))
    if found := _MONTH.fullmatch(plain):
        month = found[1] or found[4] or MONTHS.get((found[5] or "").casefold())
        if month is None:
            raise _unread(text)
        return _real(int(found[2] or found[3] or found[6]), int(month), text)
    try:
        return read_day(plain, today(), "past").isoformat()
    except Misread:
        raise _unread(text) from None


def _real(year: int, month: int | None = None, text: str = "") -> str:
    if not FIRST_YEAR <= year <= LAST_YEAR or (month is not None and not 1 <= month <= 12):
        raise _unread(text or str(year))
    return f"{year:04}" if month is None else f"{year:04}-{month:02}"


def _unread(text: str) -> Misread:
    return Misread(
        _("“%(text)s” is no day, month or year. Write it like this: 2016, 12/2016.", text=text[:40])
    )


def shown(issued: str | None) -> str:
    """Say it in words: 2016, Dezember 2016, 02.12.2016."""
    if not issued:
        return ""
    if len(issued) == 4:
        return issued
    if len(issued) == 7:
        names: Any = get_month_names("wide", locale=language())
        return f"{names[int(issued[5:])]} {issued[:4]}"
    return day(date.fromisoformat(issued))


def in_words(issued: str | None, basis: YearBasis) -> str:
    """Say when it appeared, and that it was inferred or is not known."""
    if basis is YearBasis.UNKNOWN or not issued:
        return str(YearBasis.UNKNOWN.label)
    said = shown(issued)
    return said if basis is YearBasis.STATED else f"{said} ({basis.label})"


class IssuedField(TextField):
    """A year, a month or a day."""

    def read(self, text: str) -> str:
        return read_issued(text)

    def show(self, value: Any) -> str:
        # No names of months: they must be read again in either language.
        return f"{value[5:]}/{value[:4]}" if len(value) == 7 else shown(value)
