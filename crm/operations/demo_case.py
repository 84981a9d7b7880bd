"""A cooperation of the demo while its file is written, and entries that bear their own day."""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from sqlalchemy import event

from crm.accounts.models import User
from crm.audit import AuditEvent
from crm.contacts.models import Person
from crm.cooperations.models import Cooperation, Partner
from crm.db import BERLIN, Record, db, now, today
from crm.holidays import is_holiday
from crm.organisations.models import Organisation

COUNTY = "L"


@dataclass
class Setting:
    """What everybody who writes needs: the dice, people by number of their place, task fields by name."""

    dice: random.Random
    people: dict[int, list[Person]]
    fields: dict[str, int]


class Entry(Protocol):
    """Something that is written down on a day."""

    @property
    def day(self) -> date:
        """When."""

    def write(self, setting: Setting) -> None:
        """Write it through the services."""


@dataclass
class Case:
    """One group: its script, its places by letter (L is their Landkreis), and what was made of it so far."""

    script: dict[str, Any]
    places: dict[str, Organisation]
    by: User
    parent: "Case | None" = None
    group: Cooperation | None = None
    made: dict[Any, Any] = field(default_factory=dict)

    def count(self, kind: str) -> int:
        """How many sessions, promises or applications it has."""
        return sum(kind == (key[0] if isinstance(key, tuple) else key) for key in self.made)

    @property
    def whole(self) -> Cooperation:
        """The group, once its first entry is written."""
        assert self.group is not None  # noqa: S101 the first entry of every script makes it
        return self.group

    def partner(self, letter: str) -> Partner:
        """The part a place has in the group."""
        number = self.places[letter].id
        return next(one for one in self.whole.partners if one.organisation_id == number)

    def say(self, text: str) -> str:
        """Put the names of the places into a text."""
        return text.format(**{letter: place.name for letter, place in self.places.items()})


def workday(ago: int) -> date:
    """The day that many days ago (below zero: ahead); or the last day of work before it."""
    day = today() - timedelta(days=ago)
    while day.weekday() > 4 or is_holiday(day):
        day -= timedelta(days=1)
    return day


def keep(entries: Iterable[Entry], setting: Setting) -> None:
    """Write everything in the order of its days; what lies ahead was written on one of the last days."""
    for entry in sorted(entries, key=lambda one: one.day):
        ahead = entry.day > today()
        with written_on(workday(setting.dice.randrange(2, 9)) if ahead else entry.day):
            entry.write(setting)


@contextmanager
def written_on(day: date) -> Iterator[None]:
    """Let all that is written meanwhile look as if it had been on a day."""
    moment = min(datetime.combine(day, time(16, 30), BERLIN), now())

    def date_back(session: Any, *_rest: Any) -> None:
        for one in session.new:
            if isinstance(one, Record):
                one.created_at = one.updated_at = moment
            elif isinstance(one, AuditEvent):
                one.at = moment
        for one in session.dirty:
            if isinstance(one, Record) and session.is_modified(one):
                one.updated_at = moment

    db.session.flush()
    event.listen(db.session, "before_flush", date_back)
    try:
        yield
        db.session.flush()
    finally:
        event.remove(db.session, "before_flush", date_back)
