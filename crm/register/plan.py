"""What taking a file over would do: a list of changes to look at before anything is written."""

from dataclasses import dataclass, field
from datetime import date

from crm.importing import Finding, Summary
from crm.register.checking import HESSEN, OfficialFile
from crm.register.places import Place


@dataclass
class Change:
    """One body the file changes: how it is called there, its key, and each value as (what, before, after)."""

    place: Place
    name: str
    key: str
    details: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """Something that showed the register as it was on a day, and on which day its people were counted."""

    day: date
    population_on: date | None
    states: frozenset[str]


@dataclass(frozen=True)
class Looks:
    """What is known about the register beside this file: its own facts and the editions taken over."""

    sources: list[Source]

    def of(self, state: str) -> list[date]:
        """Give the other days on which somebody looked at a Land, in order."""
        return sorted({one.day for one in self.sources if state in one.states})

    def figures_from(self, state: str, counted_on: date) -> date:
        """Give the newest edition whose people were counted on a day."""
        found = (one.day for one in self.sources if state in one.states and one.population_on == counted_on)
        return max(found, default=date.min)

    def newest_with_figures(self, state: str) -> date:
        """Give the newest edition that had figures and postcodes."""
        found = (one.day for one in self.sources if state in one.states and one.population_on)
        return max(found, default=date.min)


@dataclass
class Plan:
    """Everything a file would change; nothing is written yet."""

    file: OfficialFile
    places: list[Place]
    looks: Looks
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    closed: list[Change] = field(default_factory=list)
    missing: list[Place] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)
    only_figures: int = 0
    unchanged: int = 0
    successions: list[tuple[Place, Place]] = field(default_factory=list)
    ended_earlier: list[tuple[Place, date]] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The day whose territory the file shows."""
        return self.file.territory_on

    def known_until(self, state: str) -> date | None:
        """The day up to which a Land is known, when that is later than the file."""
        newest = max(self.looks.of(state), default=None)
        return newest if newest and newest > self.day else None

    @property
    def older_than(self) -> date | None:
        """The same for Hessen; of a file without it, for the Land that is known longest."""
        states = {HESSEN} if HESSEN in self.file.states else self.file.states
        return max(filter(None, map(self.known_until, states)), default=None)

    @property
    def summary(self) -> Summary:
        """Count: lines; municipalities unchanged; bodies new, changed, closed and doubtful."""
        return Summary(
            rows=self.file.lines, new=len(self.new), changed=len(self.changed) + self.only_figures,
            unchanged=self.unchanged, closed=len(self.closed), doubtful=len(self.doubts),
        )  # fmt: skip

    @property
    def changes_nothing(self) -> bool:
        """Tell whether the register knows all of it already."""
        return not any(place.touched for place in self.places)
