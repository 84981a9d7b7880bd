"""Many talks at random, and a slow count that shares no line with the fast one."""

import random
from datetime import date, timedelta

from sqlalchemy import select

from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationState,
    Participation,
    Presence,
)
from crm.db import db
from crm.organisations.models import Level, Organisation
from tests import factories

FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)


def scatter(number=150, seed=7):
    """Store talks of every kind, state and presence in and around the period, some of them confidential."""
    dice = random.Random(seed)
    places = list(db.session.scalars(select(Organisation).order_by(Organisation.id)))
    favourites = [
        factories.place(name)
        for name in (
            "Hanau",
            "Cölbe",
            "Lahntal",
            "Landkreis Fulda",
            "Kassel",
            "ekom21",
            "Hessischer Städtetag",
        )
    ]
    people = [factories.member(name) for name in ("anna", "bert", "mara")]
    for _talk in range(number):
        _one(dice, [*dice.sample(places, 12), *favourites], people)
    db.session.commit()


def _one(dice, places, people):
    day = FIRST + timedelta(days=dice.randrange(-40, (LAST - FIRST).days + 40))
    times = [dice.choice([None, 30, 45, 60, 90, 125]) for _ in range(3)]
    consultation = Consultation(
        held_on=day,
        kind=dice.choice(list(ConsultationKind)),
        channel=dice.choice(list(Channel)),
        state=dice.choice(
            [*[ConsultationState.HELD] * 8, ConsultationState.PLANNED, ConsultationState.CANCELLED]
        ),
        confidential=dice.random() < 0.2,
        duration_minutes=times[0],
        preparation_minutes=times[1],
        travel_minutes=times[2],
        staff=dice.sample(people, dice.randrange(3)),
    )
    there = [one for one in dict.fromkeys(places) if one.holds_on(day)]
    if dice.random() < 0.1:
        there = [one for one in there if one.level is Level.BODY]
    for place in dice.sample(there, min(dice.randrange(7), len(there))):
        presence = dice.choice([*[Presence.PRESENT] * 4, *Presence])
        consultation.participations.append(
            Participation(organisation_id=place.id, organisation_name=place.name, presence=presence)
        )
    db.session.add(consultation)


def slow_count(user_sees_confidential, first=FIRST, last=LAST):
    """Count record by record: {area: [talks, participations, set of Kommunen]}; '' is everything."""
    found = {"": [0, 0, set()]}
    for talk in db.session.scalars(select(Consultation)):
        if talk.state is not ConsultationState.HELD or not first <= talk.held_on <= last:
            continue
        if talk.confidential and not user_sees_confidential:
            continue
        _add(found, talk)
    return found


def _add(found, talk):
    took_part = [
        one for one in talk.participations if one.presence in (Presence.PRESENT, Presence.REPRESENTED)
    ]
    counted = [one for one in took_part if one.organisation.level in (Level.MUNICIPALITY, Level.COUNTY)]
    for area in {"", *(_area(one.organisation, talk.held_on) for one in counted)}:
        here = [one for one in counted if not area or _area(one.organisation, talk.held_on) == area]
        row = found.setdefault(area, [0, 0, set()])
        row[0], row[1] = row[0] + 1, row[1] + len(here)
        row[2] |= {one.organisation_id for one in here}
    if not counted:
        found.setdefault("andere" if took_part else "ohne", [0, 0, set()])[0] += 1


def _area(organisation, day):
    for membership in organisation.memberships:
        if membership.holds_on(day) and membership.parent.level is Level.COUNTY:
            return str(membership.parent_id)
    return str(organisation.id)
