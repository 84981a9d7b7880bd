"""Elections for the demo: the local elections of 2026 answered in part, one head elected, one to come.

The days of the local elections and of the term that followed are real (statistik.hessen.de, FAQ on the
Kommunalwahlen 2026: 15 March 2026 in 421 municipalities and 21 counties); all else is invented.
"""

import random
from datetime import date, timedelta
from itertools import islice

from crm.accounts.models import User
from crm.contacts import services as contacts
from crm.contacts.models import FunctionRole
from crm.db import db, today
from crm.elections import answers, services
from crm.elections.models import Election, ElectionCheck, ElectionKind
from crm.elections.queries import checks_of
from crm.operations.demo_people import People, title_of
from crm.operations.demo_words import NAMES, WOMEN
from crm.organisations.models import Level, Organisation

LOCAL_ELECTIONS, NEW_TERM = date(2026, 3, 15), date(2026, 4, 1)
SEED, CHAIRS = 442, 9


def fill(people: People, manager: User) -> list[Election]:
    """Hold three elections; give them. They have a die of their own: all else stays as it was."""
    dice = random.Random(SEED)  # noqa: S311 believable, not secret
    places = [db.session.get_one(Organisation, number) for number in islice(people, CHAIRS + 3)]
    places = [one for one in places if one.level is Level.MUNICIPALITY]
    for place in places[:CHAIRS]:
        _chair(dice, place, manager)
    councils = _plan(ElectionKind.COUNCIL, LOCAL_ELECTIONS, None, manager, NEW_TERM)
    _answer(dice, councils, [one.id for one in places[:CHAIRS]], manager)
    elected = _plan(ElectionKind.HEAD, _sunday(-25), places[0], manager, _in_days(40))
    for check in checks_of(elected.id, [places[0].id])[places[0].id]:
        _replace(dice, check, manager, _in_days(40), title_of(places[0], woman=True))
    answers.settle(elected, manager)
    coming = _plan(ElectionKind.HEAD, _sunday(66), places[1], manager, _in_days(150))
    return [councils, elected, coming]


def _sunday(number: int) -> date:
    """The Sunday on or before the day in so many days; nobody is elected on another."""
    day = _in_days(number)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def _in_days(number: int) -> date:
    return today() + timedelta(days=number)


def _plan(kind: ElectionKind, day: date, place: Organisation | None, by: User, begins: date) -> Election:
    values = {
        "kind": kind, "held_on": day, "takes_office_on": begins, "title": None, "note": None,
        "organisation_id": place.id if place else None, "owner_id": by.id,
    }  # fmt: skip
    return services.plan(values, by)


def _chair(dice: random.Random, place: Organisation, by: User) -> None:
    function = {
        "organisation_id": place.id,
        "role": FunctionRole.COUNCIL_CHAIR,
        "title": "Vorsitz der Vertretung",
    }
    name = {"first_name": dice.choice(WOMEN), "last_name": dice.choice(NAMES), "academic_title": None}
    contacts.create_person(name, function | {"valid_from": date(2021, 4, 1)}, by)


def _answer(dice: random.Random, election: Election, place_ids: list[int], by: User) -> None:
    """Confirm most, replace every third chair, and leave the last places open."""
    found = checks_of(election.id, place_ids)
    for turn, number in enumerate(place_ids[:-3]):
        for check in found[number]:
            if check.role is FunctionRole.COUNCIL_CHAIR and not turn % 3:
                _replace(dice, check, by, NEW_TERM, check.called)
            else:
                answers.confirm([check], by)
    answers.settle(election, by)


def _replace(dice: random.Random, check: ElectionCheck, by: User, first: date, title: str) -> None:
    name = f"{dice.choice(WOMEN)} {dice.choice(NAMES)}"
    values = {"valid_from": first, "last_day": None, "title": title, "email": None, "phone": None}
    answers.replace(check, name, values, by)
