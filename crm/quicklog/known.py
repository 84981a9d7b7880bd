"""What a line is read against: the register, the catalogue of task fields, colleagues and groups."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from crm.accounts import queries as accounts
from crm.chips import Unknown
from crm.cooperations import queries as cooperations
from crm.db import today
from crm.folding import fold
from crm.imports import places
from crm.imports.catalogue import Catalogue
from crm.organisations import finding
from crm.task_fields import queries as task_fields


@dataclass(frozen=True)
class Spot:
    """An organisation a part means."""

    id: int
    name: str
    note: str = ""


@dataclass(frozen=True)
class Group:
    """A cooperation a part means, with the numbers of its partners that are still in it."""

    id: int
    name: str
    partners: tuple[int, ...]


@dataclass(frozen=True)
class Colleague:
    """Somebody who logs talks and owns follow-ups."""

    id: int
    name: str

    @property
    def called(self) -> set[str]:
        """Folded forms a colleague goes by: the whole name, the last name, the first name, the initials."""
        words = self.name.split()
        initials = "".join(word[0] for word in words)
        return {fold(form) for form in (self.name, words[-1], words[0], initials) if form}


class Known:
    """Everything is loaded once, when it is first asked for; `by` is whose line it is."""

    def __init__(self, by: Any = None, on: date | None = None):
        self.today = on or today()
        self.by = by

    @cached_property
    def register(self) -> places.Register:
        """All Kommunen and other bodies."""
        return places.load(())

    @cached_property
    def catalogue(self) -> Catalogue:
        """The task fields that hold on the day."""
        return Catalogue([one for one in task_fields.everything() if one.holds_on(self.today)])

    @cached_property
    def colleagues(self) -> list[Colleague]:
        """Colleagues by name."""
        return [Colleague(one.id, one.name) for one in accounts.staff_names()]

    @property
    def me(self) -> Colleague | None:
        """The colleague who types."""
        return Colleague(self.by.id, self.by.name) if self.by is not None else None

    def colleague(self, text: str) -> list[Colleague]:
        """Colleagues who go by a name."""
        wanted = fold(text)
        return [one for one in self.colleagues if wanted in one.called] if wanted else []

    def outside(self, text: str) -> list[Spot]:
        """Places outside Hessen that bear a name."""
        return [Spot(one.id, one.name, one.note) for one in finding.resolve(text).organisations]

    def group(self, text: str) -> Group | None:
        """The cooperation that bears a title, or the only one that has these words in it."""
        found = cooperations.read(text)
        group = None if isinstance(found, Unknown) else cooperations.one(int(found[0].value))
        if group is None:
            return None
        here = [one.organisation_id for one in group.partners if not one.has_gone and one.organisation.exists]
        return Group(group.id, group.title, tuple(here))
