"""The official file as a whole: every line right, one day, every parent there, nothing twice."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from crm.importing import Finding, Refused
from crm.register.layout import COUNTY, COUNTY_FREE_MARKS, MUNICIPALITY, REGION, Row, read_row
from crm.register.reading import lines_of

HESSEN = "06"
STATES = {
    "01": "Schleswig-Holstein", "02": "Hamburg", "03": "Niedersachsen", "04": "Bremen",
    "05": "Nordrhein-Westfalen", "06": "Hessen", "07": "Rheinland-Pfalz", "08": "Baden-Württemberg",
    "09": "Bayern", "10": "Saarland", "11": "Berlin", "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern", "14": "Sachsen", "15": "Sachsen-Anhalt", "16": "Thüringen",
}  # fmt: skip


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

    @property
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
    rows, wrong = _rows(lines)
    wrong += _days(rows) + _twice(rows) + _orphans(rows)
    if wrong:
        raise Refused(sorted(wrong, key=lambda finding: finding.line or 0))
    day = rows[0].day
    counted_on = population_on or last_new_years_eve(day)
    if counted_on > day:
        said = _(
            "The population cannot have been counted after %(day)s, the day of the file.", day=_said(day)
        )
        raise Refused.because(said)
    wanted = [row for row in rows if all_states or row.state == HESSEN]
    left_out = Counter(row.state for row in rows if row.kind == MUNICIPALITY) - Counter(
        row.state for row in wanted if row.kind == MUNICIPALITY
    )
    if not any(row.kind == MUNICIPALITY for row in wanted):
        raise _other_state(left_out)
    file = OfficialFile(
        day, counted_on, len(lines), _kind(wanted, REGION), _counties(wanted),
        _kind(wanted, MUNICIPALITY), all_states, left_out, _warnings(wanted),
    )  # fmt: skip
    _complete(file)
    return file


def _rows(lines: list[str]) -> tuple[list[Row], list[Finding]]:
    rows, wrong = [], []
    for number, line in enumerate(lines, 1):
        read = read_row(number, line)
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
    return [
        Finding(row.line, _("Key"), row.key, _("has no county record %(key)s.", key=row.key[:5]))
        for row in rows
        if row.kind == MUNICIPALITY and row.key[:5] not in counties
    ]


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


def _complete(file: OfficialFile) -> None:
    """Refuse a file in which a county has lost its municipalities."""
    members: dict[str, int] = defaultdict(int)
    for row in file.municipalities.values():
        members[row.key[:5]] += 1
    empty = [row for key, row in file.counties.items() if not members[key]]
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
    return (
        ngettext("Not taken over (other Länder): %(num)s", "Not taken over (other Länder): %(num)s", number)
        if number
        else ""
    )
