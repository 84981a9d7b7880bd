"""What taking a list over would do: every row with what it means, nothing written yet."""

import enum
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from crm.importing import Finding, Summary
from crm.imports.mapping import Mapping
from crm.imports.matching import Found, Named
from crm.imports.models import ImportedRecord
from crm.imports.questions import Question
from crm.imports.states import State
from crm.imports.tables import Table


class Action(enum.Enum):
    """What happens to the record of a row; a skipped row is none, a doubtful one waits for an answer."""

    NEW = "new"
    CHANGED = "changed"
    CLOSED = "closed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    DOUBTFUL = "doubtful"
    ERROR = "error"


@dataclass
class Line:
    """A row and what it would do; `before` and `after` hold the keys that change.

    `entry` is the row as its kind of list understands it, `record_id` the number of what it became.
    """

    entry: Any
    found: Found = field(default_factory=Found)
    state: State = field(default_factory=dict)
    action: Action = Action.NEW
    known: ImportedRecord | None = None
    before: State = field(default_factory=dict)
    after: State = field(default_factory=dict)
    record_id: int | None = None

    @property
    def number(self) -> int:
        """The number of what it became, once there is one."""
        assert self.record_id is not None  # noqa: S101 for the type checker
        return self.record_id

    @property
    def doubts(self) -> list[Finding]:
        """What should be looked at, in sentences."""
        found: list[Finding] = self.entry.doubts
        return found

    @property
    def questions(self) -> list[Question]:
        """What only people can decide about the row."""
        return []

    @property
    def reasons(self) -> list[str]:
        """Why the row is left out, in sentences."""
        found = [one.text for one in self.entry.errors]
        return found + [one.sentence for one in self.questions if one.blocks]

    @property
    def open(self) -> list[Named]:
        """The texts of which it is not sure what they mean."""
        return self.found.open

    def as_json(self) -> dict[str, Any]:
        """Say the row as the command does."""
        return {
            "line": self.entry.line,
            "source_id": self.entry.source_id,
            "cooperation": self.entry.title,
            "id": self.record_id,
            "action": self.action.value,
            "partners": [_named(one) for one in self.found.named],
            "doubts": [one.text for one in self.doubts],
            "errors": [one.text for one in self.entry.errors],
        }


def _named(one: Named) -> dict[str, Any]:
    said: dict[str, Any] = {"text": one.text, "ags": one.ags, "state": one.state.value}
    if one.place is None:
        said["suggestions"] = [place.name for place in one.suggestions]
    return said


@dataclass
class Plan:
    """Every row of a list with what it would do; names of places and task fields by their numbers.

    `places` names them as today, `names` as partners of a group are named for good.
    """

    table: Table
    mapping: Mapping[Any]
    lines: Sequence[Line]
    places: dict[int, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    fields: dict[int, str] = field(default_factory=dict)
    # The marks of questions that were answered before and count here.
    answered: set[str] = field(default_factory=set)
    # The meaning under which the repair file gives rows a mark, if the kind of list needs one.
    marked_by: ClassVar[Any] = None

    def having(self, *actions: Action) -> list[Line]:
        """The rows to which something happens."""
        return [line for line in self.lines if line.action in actions]

    @property
    def summary(self) -> Summary:
        """Count the rows by what happens to them; doubtful ones are counted there, too."""
        counts = Counter(line.action for line in self.lines)
        return Summary(
            rows=len(self.lines), new=counts[Action.NEW], changed=counts[Action.CHANGED],
            unchanged=counts[Action.UNCHANGED], closed=counts[Action.CLOSED], errors=counts[Action.ERROR],
            doubtful=sum(1 for line in self.lines if line.doubts and line.action is not Action.ERROR),
        )  # fmt: skip

    @property
    def changes_nothing(self) -> bool:
        """Tell whether there is nothing to write."""
        return not self.having(Action.NEW, Action.CHANGED, Action.CLOSED)

    @property
    def doubts(self) -> list[Finding]:
        """Everything to be looked at, in the order of the file."""
        return [one for line in self.lines if line.action is not Action.ERROR for one in line.doubts]

    @property
    def errors(self) -> list[Finding]:
        """Everything for which a row is left out."""
        return [one for line in self.lines for one in line.entry.errors]

    @property
    def left_out(self) -> list[Line]:
        """The rows that are not taken over until somebody corrects them or decides."""
        return self.having(Action.ERROR, Action.DOUBTFUL)

    def digest(self, content: bytes) -> str:
        """Make a mark of a list and what it would change, so that nothing else is done than shown."""
        rows = [
            (line.entry.line, line.entry.identity, line.action.value, line.state, line.before, line.after)
            for line in self.lines
        ]
        doubts = [one.text for one in (*self.doubts, *self.errors)]
        shown: Any = [hashlib.sha256(content).hexdigest(), self.table.sheet, rows, doubts]
        return hashlib.sha256(json.dumps(shown, default=str, sort_keys=True).encode()).hexdigest()[:16]
