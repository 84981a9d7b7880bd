"""Contacts of all four ways at random, and a slow count of them that shares no line with the reports."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from crm.attendance.models import HeadCount
from crm.consultations.models import Consultation, ConsultationState, Presence
from crm.cooperations.kinds import Stage
from crm.cooperations.models import Cooperation
from crm.cooperations.settling import facts_of
from crm.cooperations.standing import stage_of, step_of
from crm.db import BERLIN, db, today
from crm.events.models import Event, EventKind, EventState
from crm.organisations.models import Level, Organisation
from crm.registrations.models import Registration
from tests import factories
from tests.reports import funds, groups, talks
from tests.reports.groups import _had_begun, _unit

WAYS = ("beratungen", "veranstaltungen", "kooperationen", "foerderungen")
KOMMUNEN = (Level.MUNICIPALITY, Level.COUNTY)


def scatter(seed=5):
    """Store talks, events, groups and grants, with places that came and went among them."""
    talks.scatter(120, seed)
    groups.scatter(25, seed)
    funds.scatter(25, seed)
    events(seed=seed)


def usual():
    """The usual contacts, for `prepared`."""
    scatter()


def first():
    """Others."""
    scatter(1)


def second():
    """And others again."""
    scatter(2)


def events(number=40, seed=5):
    """Store events of every state with guests who came and who did not, and heads counted."""
    dice = random.Random(seed)
    places = list(db.session.scalars(select(Organisation).order_by(Organisation.id)))
    known = [factories.place(name) for name in talks_places()]
    states = [*[EventState.HELD] * 3, EventState.DOCUMENTED, EventState.OPEN, EventState.CANCELLED]
    for count in range(number):
        starts = datetime(2025, 6, 1, 23, 30, tzinfo=BERLIN) + timedelta(days=dice.randrange(420))
        event = Event(
            title=f"Tagung {count}", kind=dice.choice(list(EventKind)),
            state=dice.choice(states), starts_at=starts,
            ends_at=starts + timedelta(hours=2), capacity=90, place_id=dice.choice([None, known[0].id]),
        )  # fmt: skip
        db.session.add(event)
        db.session.flush()
        for guest, place in enumerate(dice.sample([*dice.sample(places, 8), *known], 6)):
            at = None if dice.random() < 0.1 else place.name
            came = datetime(2026, 1, 1, tzinfo=UTC) if dice.random() < 0.6 else None
            made = factories.registration(event, f"Gast{count}", f"Vor{guest}", at=None, came_at=came)
            made.organisation_id = place.id if at else None
        for place in dice.sample(known, 2):
            factories.heads(event, dice.randrange(1, 20), organisation_id=dice.choice([None, place.id]))
    db.session.commit()


def talks_places():
    """Places that take part often."""
    return ("Hanau", "Cölbe", "Landkreis Fulda", "ekom21", "Lahntal", "Oberzent")


def slow_count(sees_confidential, first, until):
    """Count record by record: {way: [unit of every contact]}."""
    cutoff = min(until, today())
    found = defaultdict(list)
    for talk in db.session.scalars(select(Consultation)):
        seen = sees_confidential or not talk.confidential
        if seen and talk.state is ConsultationState.HELD and first <= talk.held_on <= until:
            found["beratungen"] += [one.organisation_id for one in talk.participations if _counts(one)]
    for event in db.session.scalars(select(Event)):
        day = event.starts_at.astimezone(BERLIN).date()
        if event.state in (EventState.HELD, EventState.DOCUMENTED) and first <= day <= until:
            found["veranstaltungen"] += _came(event)
    found["kooperationen"] = _joined(cutoff)
    for one, group in funds.applications():
        in_time = one.granted_on and first <= one.granted_on <= cutoff
        if in_time and funds.state(one, cutoff) in ("bewilligt", "ausgezahlt", "abgeschlossen"):
            found["foerderungen"] += funds.kommunen(group, one.granted_on)[0]
    return found


def _counts(part):
    return part.presence in (Presence.PRESENT, Presence.REPRESENTED) and part.organisation.level in KOMMUNEN


def _came(event):
    named = select(Registration).where(Registration.event_id == event.id)
    places = {one.organisation_id for one in db.session.scalars(named) if one.came_at}
    heads = select(HeadCount).where(HeadCount.event_id == event.id)
    places |= {one.organisation_id for one in db.session.scalars(heads)}
    return [one for one in places if one and db.session.get(Organisation, one).level in KOMMUNEN]


def _joined(cutoff):
    found = []
    for group in db.session.scalars(select(Cooperation)):
        if not _had_begun(group, cutoff):
            continue
        if stage_of(facts_of(group, cutoff)).stage in (Stage.ENDED, Stage.ABANDONED):
            continue
        for one in group.partners:
            if one.role.value not in ("lead", "member") or step_of(one.steps, cutoff).rank < 1:
                continue
            unit = _unit(one.organisation, cutoff)
            if unit.level in KOMMUNEN and unit.holds_on(cutoff):
                found.append(unit.id)
    return found


def existing(day):
    """The Kommunen of a day."""
    every = db.session.scalars(select(Organisation).where(Organisation.level.in_(KOMMUNEN)))
    return {one.id for one in every if one.holds_on(day)}
