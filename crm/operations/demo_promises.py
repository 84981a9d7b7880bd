"""Invented follow-ups: overdue, today, this week, waiting for others, done."""

import random
from datetime import timedelta

from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.db import today
from crm.follow_ups import services
from crm.follow_ups.models import FollowUp
from crm.operations.demo_words import WAITING

DUE = (
    -16,
    -9,
    -4,
    -2,
    0,
    0,
    0,
    1,
    1,
    2,
    3,
    4,
    5,
    6,
    6,
    8,
    9,
    12,
    14,
    15,
    20,
    21,
    25,
    28,
    30,
    35,
    42,
    50,
    60,
    90,
)
DONE = (-80, -61, -47, -33, -30, -22, -15, -11, -7, -3)


def fill(dice: random.Random, talks: list[Consultation], advisers: list[User]) -> list[FollowUp]:
    """Hang follow-ups on the latest talks that left something to do."""
    open_ends = [talk for talk in talks if talk.next_step]
    latest = open_ends[-len(DUE) - len(DONE) :]
    finished = [_promise(dice, talk, days, advisers) for talk, days in zip(latest, DONE, strict=False)]
    for follow_up in finished:
        services.finish(follow_up, follow_up.owner)
    waiting = [
        _promise(dice, talk, days, advisers) for talk, days in zip(latest[len(DONE) :], DUE, strict=False)
    ]
    for follow_up in waiting[3::6]:
        services.change(follow_up, _as_is(follow_up) | {"waiting_for": dice.choice(WAITING)}, follow_up.owner)
    return finished + waiting


def _as_is(follow_up: FollowUp) -> dict[str, object]:
    return {"text": follow_up.text, "due_on": follow_up.due_on, "owner_id": follow_up.owner_id}


def _promise(dice: random.Random, talk: Consultation, days: int, advisers: list[User]) -> FollowUp:
    owner = talk.staff[0] if dice.random() < 0.85 else dice.choice(advisers)
    place = dice.choice(talk.participations).organisation_id if dice.random() < 0.5 else None
    values = {
        "text": talk.next_step,
        "due_on": today() + timedelta(days=days),
        "owner_id": owner.id,
        "consultation_id": talk.id,
        "cooperation_id": talk.cooperation_id,
        "about": talk.about,
        "organisation_id": place,
        "confidential": talk.confidential,
    }
    return services.create(values, owner)
