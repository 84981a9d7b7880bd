"""What an action would do, record by record, before anything is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from crm.access import Permission
from crm.forms import mark_of


@dataclass(frozen=True)
class Line:
    """One record of a plan: what it says before and after, or the reason why it stays as it is."""

    id: int
    version: int
    name: str
    before: str = ""
    after: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """What an action would do; `missing` counts chosen numbers that do not exist for this user."""

    lines: Sequence[Line]
    missing: int = 0

    @property
    def changed(self) -> list[Line]:
        """The records that change."""
        return [one for one in self.lines if not one.reason]

    @property
    def kept(self) -> list[tuple[str, list[Line]]]:
        """The records that stay as they are, by reason."""
        found: dict[str, list[Line]] = {}
        for one in self.lines:
            if one.reason:
                found.setdefault(one.reason, []).append(one)
        return list(found.items())

    @property
    def mark(self) -> str:
        """A short mark that changes with anything the plan says, and with the records behind it."""
        return mark_of([[vars(one) for one in self.lines], self.missing])


@dataclass(frozen=True)
class Kind:
    """A kind of record that can be chosen: how it is loaded, where it is shown, and its words."""

    key: str
    model: Any
    visible_to: Callable[[Any], Select[Any]]
    options: tuple[Any, ...]
    list_endpoint: str
    endpoint: str
    argument: str
    counted: Callable[[int], str]
    named: Callable[[Any], str]


@dataclass(frozen=True)
class Action:
    """Something that can be done to many records.

    `look` gives a line for each record, `do` changes those that are to change and gives an entry for each,
    `take_back` undoes one entry on its record, which `undone` selects. `submit` and `said` are words for a
    number of records: what the button promises, and what was done.
    """

    key: str
    kind: Kind
    title: Any
    icon: str
    permission: Permission
    form: str
    look: Callable[[list[Any], dict[str, Any], Any], list[Line]]
    do: Callable[[list[Any], dict[str, Any], Any], list[dict[str, Any]]]
    undone: Callable[[Any], Select[Any]]
    take_back: Callable[[Any, dict[str, Any], Any], None]
    name_of: Callable[[Any], str]
    submit: Callable[[int], str]
    said: Callable[[int], str]
    lines_of: Kind | None = None

    @property
    def shown(self) -> Kind:
        """What the lines of a plan are about: the chosen records, unless others are meant by them."""
        return self.lines_of or self.kind


def entry(record: Any, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Note what is needed to take a change of a record back; its version must be flushed."""
    return {"id": record.id, "version": record.version, "before": before or {}}
