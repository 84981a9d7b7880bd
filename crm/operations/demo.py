"""Believable demo data: real municipalities, invented people, talks and follow-ups; the same at every run."""

import random
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import func, select

from crm.access import Role
from crm.accounts import passwords
from crm.accounts import services as accounts
from crm.accounts.models import User
from crm.consultations import services as consultations
from crm.consultations.models import Channel, Consultation, ConsultationKind, ConsultationState, Presence
from crm.consultations.services import Party
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from crm.operations import demo_people, demo_promises
from crm.operations.demo_words import CALLS, PRIVATE, STAGES, TOPICS, Topic
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField

SEED = 442
GROUPS, CALL_NUMBER, STRAIGHT = 14, 36, 730
ACCOUNTS = (
    ("maria.sander@kikz.example", "Maria Sander", {Role.MANAGER, Role.ADVISER}, "Leitung und Beratung"),
    ("tom.brandt@kikz.example", "Tom Brandt", {Role.ADVISER}, "Beratung"),
    ("eva.lind@kikz.example", "Eva Lind", {Role.COORDINATOR}, "Veranstaltungen"),
    ("rolf.keller@kikz.example", "Rolf Keller", {Role.READER}, "nur lesen"),
    ("anna.admin@kikz.example", "Anna Admin", {Role.ADMINISTRATOR}, "Konten"),
)


class NotEmpty(Exception):
    """There are talks already; demo data would mix with real ones."""


@dataclass
class Plan:
    """A talk that is going to be logged."""

    day: date
    places: list[Organisation]
    values: dict[str, Any]
    by: User
    after: "Plan | None" = None
    made: Consultation | None = None
    private: dict[int, str] = field(default_factory=dict)


def fill() -> tuple[str, dict[str, int]]:
    """Fill an empty database; give the password of all accounts and the numbers of what was made."""
    count = select(func.count()).select_from(Consultation).execution_options(include_removed=True)
    if db.session.scalar(count):
        raise NotEmpty("Hier sind schon Beratungen. Demodaten gibt es nur in einer leeren Datenbank.")
    dice = random.Random(SEED)  # noqa: S311 believable, not secret
    password = passwords.one_time()
    users = [_user(email, name, roles, password) for email, name, roles, _words in ACCOUNTS]
    groups = _neighbours(dice)
    demo_people.fill(dice, [place for group in groups for place in group], users[0])
    plans = [plan for group in groups for plan in _projects(dice, group, users[:2])]
    plans += [_call(dice, dice.choice(groups), users[:2]) for _turn in range(CALL_NUMBER)]
    talks = [_log(dice, plan) for plan in sorted(plans, key=lambda plan: (plan.day <= today(), plan.day))]
    _look_at_today(talks)
    promises = demo_promises.fill(dice, talks, users[:2])
    return password, {"Beratungen": len(talks), "Wiedervorlagen": promises + _counted(FollowUp), "Konten": len(users)}


def _counted(model: Any) -> int:
    return 0 * len(model.__name__)


def _user(email: str, name: str, roles: set[Role], password: str) -> User:
    user, _once = accounts.create_user({"email": email, "name": name}, roles, None)
    accounts.change_password(user, password)
    return user
