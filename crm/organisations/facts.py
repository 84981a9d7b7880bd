"""Read the built-in register of Hessen: plain dated facts, no database.

All days are inclusive. An empty `valid_from` means "as far back as the register goes", an empty `valid_to`
means "until further notice". Where each figure comes from stands in `register/README.md`.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "register"
SOURCE_LINE = (
    "© Daten (im Auftrag der Herausgebergemeinschaft Statistische Ämter des Bundes und der Länder) "
    "Statistisches Bundesamt (Destatis), 2025. Vervielfältigung und Verbreitung, auch auszugsweise, "
    "mit Quellenangabe gestattet."
)
# The days for which the built-in names, keys and belonging are documented (see the folder's README).
OBSERVED = (
    date(2021, 12, 31), date(2022, 12, 31), date(2023, 11, 30), date(2025, 11, 30), date(2026, 6, 30),
)  # fmt: skip
# The edition from which the figures of a day were taken.
FIGURES_FROM = {date(2024, 12, 31): date(2025, 11, 30), date(2022, 12, 31): date(2022, 12, 31)}
AREA = "gemeindefreies Gebiet"
TOWN_TYPES = ("Gemeinde", "Stadt", "Sonderstatusstadt", "kreisfreie Stadt")
COUNTY, REGION = "Landkreis", "Regierungsbezirk"
KOMMUNE_TYPES = (*TOWN_TYPES, COUNTY)

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that holds from one day to another, both included."""

    valid_from: date | None
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on the day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class DesignationFact(Dated):
    """How a body is called: short name, name with official additions, and its type in German."""

    name: str
    official_name: str
    type: str


@dataclass(frozen=True, slots=True)
class KeyFact(Dated):
    """Official key (AGS): 8 digits for a municipality, 5 for a Landkreis, 3 for a Regierungsbezirk."""

    key: str


@dataclass(frozen=True, slots=True)
class MembershipFact(Dated):
    """Where a body belongs; `parent` is the code of the Landkreis or of the Regierungsbezirk."""

    parent: str


@dataclass(frozen=True, slots=True)
class PopulationFact:
    """Inhabitants on a day."""

    population: int
    counted_on: date


@dataclass(frozen=True, slots=True)
class BodyFact(Dated):
    """One body with all that is dated about it; `code` is its newest key and names it in the files.

    Area in square kilometres, coordinates in degrees (WGS 84); unknown values are None, never zero.
    """

    code: str
    designations: tuple[DesignationFact, ...]
    keys: tuple[KeyFact, ...]
    memberships: tuple[MembershipFact, ...]
    populations: tuple[PopulationFact, ...]
    area_km2: Decimal | None
    postcode: str | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    website: str | None = None
    seat: str | None = None
    initials: str | None = None

    @property
    def name(self) -> str:
        """Give the newest short name."""
        return self.designations[-1].name

    @property
    def type(self) -> str:
        """Give the newest type."""
        return self.designations[-1].type


@dataclass(frozen=True, slots=True)
class SuccessionFact:
    """One body went over into another; codes of both, the first day of the new state, and the manner."""

    predecessor: str
    successor: str
    effective_on: date
    manner: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The whole built-in register, parents before their members."""

    bodies: tuple[BodyFact, ...]
    successions: tuple[SuccessionFact, ...]

    def existing_on(self, day: date) -> list[BodyFact]:
        """Give the Kommunen (municipalities and Landkreise) that exist on the day."""
        return [body for body in self.bodies if body.type in KOMMUNE_TYPES and body.holds_on(day)]


@cache
def facts() -> Facts:
    """Read the register once per process."""
    former: dict[str, list[Row]] = defaultdict(list)
    for row in _rows("former.csv"):
        former[row["key"]].append(row)
    rows = [*_rows("districts.csv"), *_rows("municipalities.csv"), *_rows("areas.csv")]
    bodies = (_body(row, former[row["key"]]) for row in rows)
    return Facts(
        bodies=tuple(sorted(bodies, key=lambda body: (len(body.code), body.code))),
        successions=tuple(_succession(row) for row in _rows("successions.csv")),
    )


def _rows(name: str) -> Iterator[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def _body(row: Row, former: list[Row]) -> BodyFact:
    named = _stretches(row, former, "name", "official_name", "type")
    placed = _stretches(row, former, "parent")
    return BodyFact(
        valid_from=_day(row.get("valid_from")),
        valid_to=_day(row.get("valid_to")),
        code=row["key"],
        designations=tuple(DesignationFact(*s.span, s["name"], s["official_name"], s["type"]) for s in named),
        keys=tuple(KeyFact(*s.span, s["key"]) for s in _stretches(row, former, "key")),
        memberships=tuple(MembershipFact(*s.span, s["parent"]) for s in placed if s["parent"]),
        populations=_populations(row),
        area_km2=_decimal(row.get("area_km2")),
        latitude=_decimal(row.get("latitude")),
        longitude=_decimal(row.get("longitude")),
        **{column: row.get(column) or None for column in ("postcode", "website", "seat", "initials")},
    )


class _Stretch(dict[str, str]):
    """Values that held together, and the first and last day on which they did."""

    span: tuple[date | None, date | None]


def _stretches(row: Row, former: list[Row], *columns: str) -> list[_Stretch]:
    """Cut the life of a body where one of the columns changed; oldest stretch first."""
    changes = sorted((change for change in former if change["what"] in columns), key=lambda c: c["valid_to"])
    stretches, begin = [], _day(row.get("valid_from"))
    for end in [*sorted({change["valid_to"] for change in changes}), row.get("valid_to")]:
        stretch = _Stretch({column: row[column] for column in columns})
        for change in reversed(changes):
            if end and change["valid_to"] >= end:
                stretch[change["what"]] = change["value"]
        last = _day(end)
        stretch.span = (begin, last)
        stretches.append(stretch)
        begin = last and last + timedelta(days=1)
    return stretches


def _populations(row: Row) -> tuple[PopulationFact, ...]:
    if not row["population"]:
        return ()
    return (PopulationFact(int(row["population"]), date.fromisoformat(row["population_date"])),)


def _succession(row: Row) -> SuccessionFact:
    day = date.fromisoformat(row["effective_on"])
    return SuccessionFact(row["predecessor"], row["successor"], day, row["manner"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None
