"""Invented people in the offices of real municipalities."""

import random
import re
from datetime import date, timedelta
from zlib import crc32

from crm.accounts.models import User
from crm.contacts import services as contacts
from crm.contacts.models import FunctionRole, Person
from crm.db import today
from crm.operations.demo_words import MEN, NAMES, WOMEN
from crm.organisations.models import Kind, Level, Organisation

R = FunctionRole
OFFICES = (
    (R.OFFICE_MANAGER, "Büroleitung", "Büroleitung"),
    (R.FINANCE, "Leiterin der Kämmerei", "Leiter der Kämmerei"),
    (R.DEPARTMENT, "Leiterin des Bauamts", "Leiter des Bauamts"),
    (R.DEPUTY, "Erste Stadträtin", "Erster Stadtrat"),
    (R.STAFF, "Sachbearbeiterin Organisation", "Sachbearbeiter Organisation"),
)
ONCE_IN = 9
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ş": "s", "ı": "i"})
People = dict[int, list[Person]]


def fill(dice: random.Random, places: list[Organisation], by: User) -> People:
    """Give every place a head and one or two colleagues; give people by number of the place."""
    found: People = {}
    for place in places:
        since = _former_head(dice, place, by) if not dice.randrange(ONCE_IN) else None
        offices = dice.sample(OFFICES, dice.randrange(1, 3))
        found[place.id] = [
            _head(dice, place, by, since),
            *(_colleague(dice, place, one, by) for one in offices),
        ]
    return found


def title_of(place: Organisation, woman: bool) -> str:
    """Name the office of the head of a Kommune as its holder bears it."""
    if place.level is Level.COUNTY:
        return "Landrätin" if woman else "Landrat"
    cities = (Kind.COUNTY_FREE, Kind.SPECIAL_STATUS)
    grand = any(one.kind in cities for one in place.designations if one.holds_on(today()))
    return ("Oberbürgermeister" if grand else "Bürgermeister") + ("in" if woman else "")


def _head(dice: random.Random, place: Organisation, by: User, since: date | None) -> Person:
    woman = dice.random() < 0.4
    return _person(dice, place, by, woman, R.HEAD, title_of(place, woman), since=since)


def _former_head(dice: random.Random, place: Organisation, by: User) -> date:
    """Let somebody have left office; give the first day of the new term."""
    woman = dice.random() < 0.3
    left = today() - timedelta(days=dice.randrange(240, 400))
    _person(dice, place, by, woman, R.HEAD, title_of(place, woman), until=left)
    return left + timedelta(days=1)


def _colleague(dice: random.Random, place: Organisation, office: tuple[R, str, str], by: User) -> Person:
    role, of_her, of_him = office
    woman = dice.random() < 0.5
    title = of_her if woman else of_him
    if role is R.DEPUTY and not any(one.kind is Kind.TOWN for one in place.designations):
        title = "Erste Beigeordnete" if woman else "Erster Beigeordneter"
    return _person(dice, place, by, woman, role, title)


def in_mail(text: str) -> str:
    """Write a name as it stands in a mail address."""
    plain = text.lower().translate(LETTERS)
    return re.sub("[^a-z]+", "-", plain).strip("-")


def _phone(mail: str) -> str:
    """A number of the block that is reserved for films and the like, so that nobody is ever called."""
    return f"069 90009-{crc32(mail.encode()) % 1000:03d}"


def _person(dice, place, by, woman, role, title, since=None, until=None) -> Person:  # type: ignore[no-untyped-def]
    first, last = dice.choice(WOMEN if woman else MEN), dice.choice(NAMES)
    if not dice.randrange(12):
        last = f"{last}-{dice.choice(NAMES[:20])}"
    mail = f"{in_mail(first)}.{in_mail(last)}@{in_mail(place.name)}"
    values = {"first_name": first, "last_name": last, "academic_title": None if dice.randrange(15) else "Dr."}
    function = {
        "organisation_id": place.id,
        "role": role,
        "title": title,
        "email": f"{mail}.example",
        "phone": _phone(mail),
        "valid_from": since,
        "valid_to": until,
    }
    return contacts.create_person(values, function, by)
