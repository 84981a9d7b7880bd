"""The official file as a whole: every line right, one day, every parent there, nothing twice."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from flask_babel import format_date
from flask_babel import gettext as _

from crm.db import today
from crm.importing import Finding, Refused
from crm.organisations.elsewhere import STATES
from crm.register.layout import COUNTY, COUNTY_FREE_MARKS, MUNICIPALITY, REGION, Row, read_row
from crm.register.reading import lines_of

HESSEN = "06"
AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class OfficialFile:
    """A file without errors: its day and its records by key; regions and counties apart."""

    territory_on: date
    population_on: date
    lines: int
    regions: dict[str, Row]
    counties: dict[str, Row]
    municipalities: dict[str, Row]
    all_states: bool = False
    left_out: Counter[str] = field(default_factory=Counter)
    warnings: list[Finding] = field(default_factory=list)

    @cached_property
    def states(self) -> set[str]:
        """Keys of the Länder whose municipalities are taken over."""
        return {row.state for row in self.municipalities.values()}

    def parent_of(self, row: Row) -> str:
        """Key of what a record lies in: county, else region, else nothing."""
        for digits, known in ((5, self.counties), (3, self.regions)):
            if len(row.key) > digits and row.key[:digits] in known:
                return row.key[:digits]
        return ""


def last_new_years_eve(day: date) -> date:
    """Give the last 31 December on or before a day: when the figures of an edition were counted."""
    return day if (day.month, day.day) == (12, 31) else date(day.year - 1, 12, 31)


def check(content: bytes, all_states: bool = False, population_on: date | None = None) -> OfficialFile:
    """Read a file completely; raises Refused with every error that was found."""
    lines = lines_of(content)
    rows, wrong = _rows(lines, "" if all_states else HESSEN)
    ours = [row for row in rows if all_states or row.state == HESSEN]
    wrong += _days(rows) + _twice(ours) + _orphans(ours)
    if wrong:
        raise Refused(sorted(wrong, key=lambda finding: finding.line or 0))
    day = _plausible(rows[0].day)
    counted_on = population_on or last_new_years_eve(day)
    if counted_on > day:
        said = _(
            "The population cannot have been counted after %(day)s, the day of the file.", day=_said(day)
        )
        raise Refused.because(said)
    left_out = Counter(row.state for row in rows if row.kind == MUNICIPALITY) - Counter(
        row.state for row in ours if row.kind == MUNICIPALITY
    )
    if not any(row.kind == MUNICIPALITY for row in ours):
        raise _other_state(left_out)
    file = OfficialFile(
        day, counted_on, len(lines), _kind(ours, REGION), _counties(ours),
        _kind(ours, MUNICIPALITY), all_states, left_out, _warnings(ours),
    )  # fmt: skip
    _complete(ours)
    return file


def _plausible(day: date) -> date:
    if day > today() + AHEAD:
        raise Refused.because(_("The file shows %(day)s, more than a year ahead.", day=_said(day)))
    return day


def _rows(lines: list[str], wanted: str) -> tuple[list[Row], list[Finding]]:
    rows, wrong = [], []
    for number, line in enumerate(lines, 1):
        read = read_row(number, line, wanted)
        if isinstance(read, Row):
            rows.append(read)
        else:
            wrong += read
    return rows, wrong


def _days(rows: list[Row]) -> list[Finding]:
    days = Counter(row.day for row in rows)
    if len(days) < 2:
        return []
    usual = days.most_common(1)[0][0]
    other = next(row for row in rows if row.day != usual)
    said = _(
        "All lines must show the same day; most show %(day)s. Do not join files.",
        day=_said(usual),
    )
    return [Finding(other.line, _("Territorial status"), f"{other.day:%Y%m%d}", said)]


def _said(day: date) -> str:
    return str(format_date(day, "dd.MM.yyyy"))


def _twice(rows: list[Row]) -> list[Finding]:
    first: dict[tuple[int, str], int] = {}
    found = []
    for row in rows:
        if row.kind not in (REGION, COUNTY, MUNICIPALITY):
            continue
        before = first.setdefault((row.kind, row.key), row.line)
        if before != row.line:
            said = _("stands in line %(line)s already.", line=before)
            found.append(Finding(row.line, _("Key"), row.key, said))
    return found


def _orphans(rows: list[Row]) -> list[Finding]:
    counties = {row.key for row in rows if row.kind == COUNTY}
    regions = {row.key for row in rows if row.kind == REGION}
    found = []
    for row in rows:
        if row.kind == MUNICIPALITY and row.key[:5] not in counties:
            said = _("has no county record %(key)s.", key=row.key[:5])
            found.append(Finding(row.line, _("Key"), row.key, said))
        if row.kind == COUNTY and row.state == HESSEN and row.key[:3] not in regions:
            said = _("has no record %(key)s of its administrative region.", key=row.key[:3])
            found.append(Finding(row.line, _("Key"), row.key, said))
    return found


def _kind(rows: Iterable[Row], kind: int) -> dict[str, Row]:
    return {row.key: row for row in rows if row.kind == kind}


def _counties(rows: Iterable[Row]) -> dict[str, Row]:
    """Counties proper; a county-free city is a municipality and stands among those."""
    return {key: row for key, row in _kind(rows, COUNTY).items() if row.mark not in COUNTY_FREE_MARKS}


def _other_state(left_out: Counter[str]) -> Refused:
    if not left_out:
        return Refused.because(_("There is no municipality in this file. Nothing was taken over."))
    names = ", ".join(f"{STATES.get(state, state)}: {number}" for state, number in sorted(left_out.items()))
    return Refused.because(
        _("Only municipalities of other Länder (%(names)s). Nothing was taken over.", names=names)
    )


def _complete(rows: list[Row]) -> None:
    """Refuse a file in which a county or county-free city has lost its municipalities."""
    members = {row.key[:5] for row in rows if row.kind == MUNICIPALITY}
    empty = [row for row in rows if row.kind == COUNTY and row.key not in members]
    if empty:
        said = _("has no municipality in this file. The file is not complete; nothing was taken over.")
        raise Refused([Finding(row.line, _("County"), row.name, said) for row in empty])


def _warnings(rows: list[Row]) -> list[Finding]:
    return [
        Finding(row.line, _("Male"), str(row.male), _("is more than there are inhabitants."))
        for row in rows
        if row.kind == MUNICIPALITY and row.male > row.population
    ]


def left_out_text(left_out: Counter[str]) -> str:
    """Say how many municipalities of other Länder were not taken over; empty when none."""
    number = sum(left_out.values())
    return _("Not taken over (other Länder): %(num)s", num=number) if number else ""
