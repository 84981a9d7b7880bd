"""Public holidays in Hessen (Hessisches Feiertagsgesetz, § 1)."""

from datetime import date

from dateutil.easter import easter
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

_EVERY_YEAR = {
    (1, 1): _l("New Year’s Day"),
    (5, 1): _l("Labour Day"),
    (10, 3): _l("Day of German Unity"),
    (12, 25): _l("Christmas Day"),
    (12, 26): _l("Boxing Day"),
}
# Days after Easter Sunday. Sundays that are holidays by law, too, are not named.
_AROUND_EASTER = {
    -2: _l("Good Friday"), 1: _l("Easter Monday"), 39: _l("Ascension Day"), 50: _l("Whit Monday"),
    60: _l("Corpus Christi"),
}  # fmt: skip


def is_holiday(day: date) -> bool:
    """Tell whether a day is a public holiday."""
    return _found(day) is not None


def holiday(day: date | None) -> str:
    """Name the public holiday a day is; empty for any other day."""
    return str(_found(day) or "") if day else ""


def _found(day: date) -> LazyString | None:
    fixed = _EVERY_YEAR.get((day.month, day.day))
    return fixed or _AROUND_EASTER.get((day - easter(day.year)).days)
