"""Believable demo data: real municipalities, all else invented; the same at every run."""

import random
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select

from crm import records
from crm.access import Role
from crm.accounts import passwords
from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.db import db, today
from crm.operations import (
    demo_cooperations,
    demo_elections,
    demo_events,
    demo_mails,
    demo_minutes,
    demo_people,
    demo_promises,
    demo_shelf,
    demo_talks,
)
from crm.operations import demo_grants as grants
from crm.operations.demo_case import Setting, keep
from crm.organisations.models import Level, Membership, Organisation
from crm.task_fields.models import TaskField

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
    return password, _play(dice, users) | {"Konten": len(users)}


def _play(dice: random.Random, users: list[User]) -> dict[str, int]:
    """Let everything happen in the order of its days; give the numbers of what was made."""
    advisers, groups = users[:2], _groups(dice)
    grants.keep_rules(users[0])
    cases = demo_cooperations.cases(groups, advisers)
    people = demo_people.fill(dice, demo_cooperations.places(groups, cases), users[0])
    own = [entry for case in cases for entry in demo_cooperations.entries(case)]
    beside = demo_talks.plan(dice, groups, demo_cooperations.topics(groups, cases), advisers)
    fields = {one.name: one.id for one in db.session.scalars(select(TaskField))}
    entries = [*own, *beside]
    keep(entries, Setting(dice, people, fields))
    talks = _talks(entries)
    promises = demo_promises.fill(dice, talks, advisers)
    events = demo_events.fill(dice, people, users)
    elections = demo_elections.fill(people, users[0])
    return {
        "Beratungen": len(talks),
        "Kooperationen": len(cases),
        "Beschlüsse": sum(case.count("session") for case in cases),
        "Anträge": sum(case.count("application") for case in cases),
        "Wiedervorlagen": len(promises) + sum(case.count("promise") for case in cases),
        "Kontakte": sum(map(len, people.values())),
        "Veranstaltungen": len(events),
        "Wahlen": len(elections),
        "Mails im Posteingang": demo_mails.fill(people, advisers),
        "Protokolle": demo_minutes.fill(talks, advisers[0]),
    } | demo_shelf.fill(talks, advisers[0])


def _talks(entries: Iterable[Any]) -> list[Consultation]:
    """The talks among what was kept, some of them near to today and without a note."""
    talks = demo_talks.made(entries)
    demo_talks.bring_close(talks)
    demo_talks.leave_unwritten(talks)
    return talks


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
