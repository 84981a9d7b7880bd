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
class Looks:
    """The other days on which somebody looked at the register, in order, and when each source was made."""

    hessen: list[date]
    elsewhere: list[date]
    figures: dict[date, date]
    postcodes: date

    def of(self, state: str) -> list[date]:
        """Give the days that count for a Land."""
        return self.hessen if state == HESSEN else self.elsewhere


@dataclass
class Plan:
    """Everything a file would change; nothing is written yet."""

    file: OfficialFile
    places: list[Place]
    looks: Looks
    all_states: bool = False
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    closed: list[Change] = field(default_factory=list)
    missing: list[Place] = field(default_factory=list)
    doubts: list[Finding] = field(default_factory=list)
    only_figures: int = 0
    unchanged: int = 0
    successions: list[tuple[Place, Place]] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The day whose territory the file shows."""
        return self.file.territory_on

    @property
    def older_than(self) -> date | None:
        """The day up to which the register is known, when that is later than the file."""
        looks = self.looks.hessen if HESSEN in self.file.states else self.looks.elsewhere
        newest = max(looks, default=None)
        return newest if newest and newest > self.day else None

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
        return not (self.new or self.changed or self.closed or self.only_figures)
