"""What a line is read against: the register, the catalogue of task fields, colleagues and groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from crm.accounts import queries as accounts
from crm.cooperations import queries as cooperations
from crm.db import db, today
from crm.folding import fold, without_addition
from crm.imports import bodies, places
from crm.imports.catalogue import Catalogue
from crm.organisations import finding
from crm.organisations.models import Organisation
from crm.task_fields import queries as task_fields

MOST_ASKED, MOST_GROUPS = 10, 3


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
        self._asked = 0

    @cached_property
    def register(self) -> places.Register:
        """All Kommunen and other bodies."""
        return bodies.load(())

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
        """Places outside Hessen that are called so; of many unknown names the first are looked for."""
        self._asked += 1
        if self._asked > MOST_ASKED:
            return []
        found = finding.resolve(text).organisations
        return [
            _spot(one) for one in found if fold(text) in (fold(one.name), fold(without_addition(one.name)))
        ]

    def everybody_in(self, text: str) -> list[Spot]:
        """All Kommunen of a Landkreis: alle Kommunen im Landkreis Fulda."""
        return [_spot(one) for one in finding.resolve(text).organisations]

    def spots(self, ids: Iterable[int]) -> list[places.Place | Spot]:
        """Organisations by their numbers, in their order."""
        known = self.register.places
        missing = [number for number in ids if number not in known]
        found = (
            db.session.scalars(select(Organisation).where(Organisation.id.in_(missing))) if missing else ()
        )
        others = {one.id: _spot(one) for one in found}
        both: dict[int, places.Place | Spot] = {**others, **known}
        return [both[number] for number in ids if number in both]

    def groups(self, title: str) -> list[Group]:
        """Cooperations a title may mean; one that is called so stands alone."""
        named = cooperations.named(title)
        same = [one for one in named if fold(one.title) == fold(title)]
        return [self._group(one.id, one.title) for one in (same if len(same) == 1 else named[:MOST_GROUPS])]

    def _group(self, number: int, title: str) -> Group:
        group = cooperations.one(number)
        partners = group.partners if group else ()
        here = [one.organisation_id for one in partners if not one.has_gone and one.organisation.exists]
        return Group(number, title, tuple(here))


def _spot(one: Organisation) -> Spot:
    return Spot(one.id, one.name, one.note)
