"""The map of public examples: the picture of the reports, with a link on every municipality that has one."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.db import today
from crm.examples.models import PracticeExample
from crm.i18n import number
from crm.reports import territory
from crm.reports.hesse.pictured import Pictured, pictured


class Spot(NamedTuple):
    """A municipality with examples: its number, its name, its tile, and where they are."""

    id: int
    name: str
    path: str
    examples: list[PracticeExample]

    @property
    def words(self) -> str:
        """Say what a press leads to."""
        if len(self.examples) == 1:
            return self.examples[0].title
        return ngettext("%(num)s practice example", "%(num)s practice examples", len(self.examples))


@dataclass(frozen=True)
class Map:
    """All the public map shows."""

    made: Pictured
    spots: list[Spot]
    rest: str

    @property
    def text(self) -> str:
        """Say what the picture shows to who does not see it."""
        return _("%(num)s municipalities with practice examples.", num=number(len(self.spots)))


def map_of(examples: list[PracticeExample], units: dict[int, set[int]]) -> Map:
    """Put examples on the map; what lies nowhere on it stands in the list."""
    land, found = territory.load(), {}  # type: ignore[var-annotated]
    made = pictured(land, today())
    for example in examples:
        for unit in units[example.id]:
            found.setdefault(unit, []).append(example)
    tiles: dict[int, Any] = made.picture.tiles
    spots = [
        Spot(unit, land.bodies[unit].name, tiles[unit].path, mine)
        for unit, mine in found.items()
        if unit in tiles
    ]
    rest = "".join(tile.path for unit, tile in tiles.items() if unit not in found)
    return Map(made, sorted(spots, key=lambda one: one.name), rest)
