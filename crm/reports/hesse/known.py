"""What is known of the Kommunen for a report about all of them, read when first asked for."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crm.cooperations.on_day import Group, groups_on, standing
from crm.db import today
from crm.reports.groups import joined
from crm.reports.groups.joined import Joined
from crm.reports.hesse import of_place, touched
from crm.reports.hesse.touched import Grant, Sum, Visit
from crm.reports.records import Records
from crm.reports.scope import Scope
from crm.reports.territory import Territory


@dataclass(frozen=True)
class Known:
    """Talks somebody may see, events, cooperations and grants under one question."""

    user: Any
    scope: Scope
    land: Territory

    @cached_property
    def heads(self) -> dict[int, str]:
        """The group of every task field."""
        return joined.heads()

    @cached_property
    def _groups(self) -> list[Group]:
        return groups_on(today())

    @cached_property
    def joined(self) -> Joined:
        """Cooperations and their participations on the cut-off day."""
        return self.joined_on(self.scope)

    def joined_on(self, scope: Scope) -> Joined:
        """The same of another question, at the earliest of a later one."""
        there = standing(self._groups, scope.cutoff)
        return joined.among(there, self.heads, scope, self.land)

    @cached_property
    def groups_by_unit(self) -> dict[int, set[int]]:
        """The cooperations each Kommune takes part in."""
        found = defaultdict(set)
        for part in self.joined.parts:
            found[part.unit].add(part.group_id)
        return dict(found)

    @cached_property
    def grants(self) -> list[Grant]:
        """What was granted in the period."""
        return self.grants_of(self.scope)

    def grants_of(self, scope: Scope) -> list[Grant]:
        """What was granted in another period."""
        return touched.grants(scope, self.land, self._groups, self.heads)

    def talks(self, scope: Scope) -> dict[int, Sum]:
        """How often each Kommune took part in a talk, and when last."""
        return touched.talks_by_unit(self.user, scope, self.land)

    def visits(self, scope: Scope) -> list[Visit]:
        """Who came from where to events."""
        return touched.visits(scope, self.land)

    def of_place(self, args: Any) -> Records:
        """Find the list of one Kommune that an address asks for."""
        return of_place.find(self.user, self.scope, self.land, args, self)
