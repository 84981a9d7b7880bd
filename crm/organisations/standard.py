"""Read the built-in bodies that are no Kommunen: associations, authorities and others; no database."""

import csv
from dataclasses import dataclass
from functools import cache

from crm.organisations.facts import FOLDER
from crm.organisations.models import Kind


@dataclass(frozen=True, slots=True)
class BodyFact:
    """A body: its name and kind, the initials it is known by, and whether all Landkreise belong to it."""

    name: str
    kind: Kind
    initials: str | None
    has_all_counties: bool


@cache
def standard_bodies() -> tuple[BodyFact, ...]:
    """Read the bodies once per process."""
    with (FOLDER / "bodies.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    return tuple(
        BodyFact(row["name"], Kind(row["kind"]), row["initials"] or None, row["members"] == "counties")
        for row in rows
    )
