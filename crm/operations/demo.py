"""Believable demo data: real municipalities, invented people, talks and follow-ups; the same at every run."""

import random

from sqlalchemy import func, select

from crm import records
from crm.access import Role
from crm.accounts import passwords
from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.db import db, today
from crm.operations import demo_people, demo_promises, demo_talks
from crm.organisations.models import Level, Membership, Organisation

SEED, GROUPS = 442, 14
ACCOUNTS = (
    ("maria.sander@kikz.example", "Maria Sander", {Role.MANAGER, Role.ADVISER}, "Leitung und Beratung"),
    ("tom.brandt@kikz.example", "Tom Brandt", {Role.ADVISER}, "Beratung"),
    ("eva.lind@kikz.example", "Eva Lind", {Role.COORDINATOR}, "Veranstaltungen"),
    ("rolf.keller@kikz.example", "Rolf Keller", {Role.READER}, "nur lesen"),
    ("anna.admin@kikz.example", "Anna Admin", {Role.ADMINISTRATOR}, "Konten"),
)


class NotEmpty(Exception):
    """There are talks already; demo data would mix with real ones."""


def fill() -> tuple[str, dict[str, int]]:
    """Fill an empty database; give the password of all accounts and the numbers of what was made."""
    count = select(func.count(Consultation.id)).execution_options(include_removed=True)
    if db.session.scalar(count):
        raise NotEmpty("Hier sind schon Beratungen. Demodaten gibt es nur in einer leeren Datenbank.")
    dice = random.Random(SEED)  # noqa: S311 believable, not secret
    password = passwords.one_time()
    stored = passwords.hashed(password)
    users = [_user(email, name, roles, stored) for email, name, roles, _words in ACCOUNTS]
    groups = _groups(dice)
    people = demo_people.fill(dice, [place for group in groups for place in group], users[0])
    talks = demo_talks.fill(dice, groups, people, users[:2])
    promises = demo_promises.fill(dice, talks, users[:2])
    numbers = {"Beratungen": len(talks), "Wiedervorlagen": len(promises), "Konten": len(users)}
    return password, numbers | {"Kontakte": sum(map(len, people.values()))}


def _user(email: str, name: str, roles: set[Role], stored: str) -> User:
    values = {"email": email, "name": name, "roles": frozenset(roles), "password_hash": stored}
    user: User = records.create(User, values | {"must_change_password": False}, None, "user.created")
    return user


def _groups(dice: random.Random) -> list[list[Organisation]]:
    """Groups of neighbours, each in a county of its own."""
    counties = select(Organisation).where(Organisation.level == Level.COUNTY).order_by(Organisation.sort_key)
    chosen = dice.sample(list(db.session.scalars(counties)), GROUPS)
    return [_neighbours(dice, county) for county in chosen]


def _neighbours(dice: random.Random, county: Organisation) -> list[Organisation]:
    inside = list(
        db.session.scalars(
            select(Organisation)
            .join(Membership, Membership.organisation_id == Organisation.id)
            .where(Membership.parent_id == county.id, Membership.on(today()), Organisation.on(today()))
            .order_by(Organisation.sort_key)
        )
    )
    centre = dice.choice(inside)
    return sorted(inside, key=lambda place: _distance(centre, place))[: dice.randrange(3, 7)]


def _distance(one: Organisation, other: Organisation) -> float:
    """Compare how far apart two places lie; a degree of longitude is shorter than one of latitude."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return 0.0 if one is other else 99.0
    north, east = float(one.latitude) - float(other.latitude), float(one.longitude) - float(other.longitude)  # type: ignore[arg-type]
    return north**2 + (0.64 * east) ** 2
