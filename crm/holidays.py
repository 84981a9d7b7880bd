"""Public holidays in Hessen (Hessisches Feiertagsgesetz, § 1)."""

from datetime import date, timedelta

from dateutil.easter import easter
from flask_babel import lazy_gettext as _l

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
    return bool(_found(day))


def holiday(day: date | None) -> str:
    """Name the public holiday a day is; empty for any other day."""
    return str(_found(day)) if day else ""


def _found(day: date) -> object:
    moving = {easter(day.year) + timedelta(days=after): name for after, name in _AROUND_EASTER.items()}
    return _EVERY_YEAR.get((day.month, day.day)) or moving.get(day, "")
