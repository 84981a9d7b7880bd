"""A row of an old list and what it would do, and all rows together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.importing import Finding, Summary
from crm.imports.plan import Action, Line, Plan
from crm.imports.questions import Question
from crm.imports.talks.columns import TalkField
from crm.imports.talks.entries import TalkEntry
from crm.imports.talks.parties import Parties


@dataclass(frozen=True, slots=True)
class Counts(Summary):
    """Counts of a list with rows that are no records; a row is counted once."""

    skipped: int = 0


def counted(lines: Sequence[Line]) -> Counts:
    """Count each row once, by what happens to it."""
    counts = Counter(line.action for line in lines)
    return Counts(
        rows=len(lines), new=counts[Action.NEW], changed=counts[Action.CHANGED],
        unchanged=counts[Action.UNCHANGED], skipped=counts[Action.SKIPPED],
        doubtful=counts[Action.DOUBTFUL], errors=counts[Action.ERROR],
    )  # fmt: skip


@dataclass
class TalkLine(Line):
    """A row of an old list of talks and what it would do; `why_skipped` says why it is none."""

    parties: Parties = field(default_factory=Parties)
    why_skipped: str = ""

    @property
    def questions(self) -> list[Question]:
        """What only people can decide about the row."""
        entry: TalkEntry = self.entry
        return entry.questions

    def as_json(self) -> dict[str, Any]:
        """Say the row as the command does."""
        entry: TalkEntry = self.entry
        state = self.state
        day = state.get("held_on") or (entry.day.day.isoformat() if entry.day.day else None)
        return {
            "line": entry.line, "source_id": entry.source_id, "id": self.record_id,
            "action": self.action.value, "day": day, "day_text": entry.date_text,
            "kind": state.get("kind"), "channel": state.get("channel"), "kind_text": entry.way_text,
            "minutes": state.get("duration_minutes", entry.minutes.minutes),
            "partners": [
                {"text": one.text, "ags": one.ags, "state": one.state.value}
                | ({} if one.place else {"suggestions": [place.name for place in one.suggestions]})
                for one in self.parties.named
            ],
            "skipped": self.why_skipped, "doubts": [one.text for one in self.doubts],
            "errors": [one.text for one in entry.errors],
        }  # fmt: skip


class AskingPlan(Plan):
    """Every row of a list with rows that are no records, with what it would do."""

    @property
    def summary(self) -> Counts:
        """Count each row once, by what happens to it."""
        return counted(self.lines)

    @property
    def doubts(self) -> list[Finding]:
        """Everything to be looked at, in the order of the file; skipped and known rows say nothing."""
        quiet = (Action.ERROR, Action.SKIPPED, Action.UNCHANGED)
        return [one for line in self.lines if line.action not in quiet for one in line.doubts]


class TalkPlan(AskingPlan):
    """Every row of an old list of talks with what it would do."""

    marked_by = TalkField.SOURCE_ID

    @property
    def skipped(self) -> list[Line]:
        """The rows that are no talks, or are talks already."""
        return self.having(Action.SKIPPED)
