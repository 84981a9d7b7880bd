"""Invented talks: projects that go through their stages, calls in between, some still to come."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update

from crm.accounts.models import User
from crm.audit import AuditEvent
from crm.consultations import services
from crm.consultations.models import Channel, Consultation, ConsultationKind, ConsultationState, Presence
from crm.consultations.services import Party
from crm.db import BERLIN, db, now, today
from crm.operations.demo_people import People
from crm.operations.demo_words import CALLS, PRIVATE, STAGES, TOPICS, Stage, Topic
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField

CALL_NUMBER, COMING, LONGEST_AGO, AHEAD = 40, 9, 720, 26
CLOCK = {ConsultationKind.COUNCIL: (18, 19, 20), ConsultationKind.COMMITTEE: (17, 18, 19)}
OFTEN = (
    (Presence.PRESENT,) * 16 + (Presence.REPRESENTED,) * 2 + (Presence.APOLOGISED,) * 2 + (Presence.ABSENT,)
)


@dataclass
class Plan:
    """A talk that is going to be logged."""

    day: date
    places: list[Organisation]
    stage: Stage
    texts: tuple[str, str | None, str | None]
    by: User
    topic: str | None = None
    after: "Plan | None" = None
    made: Consultation | None = None
    values: dict[str, Any] = field(default_factory=dict)


def fill(
    dice: random.Random, groups: list[list[Organisation]], people: People, advisers: list[User]
) -> list[Consultation]:
    """Log everything in the order of its days; give the talks."""
    fields = {one.name: one.id for one in db.session.scalars(select(TaskField))}
    plans = [plan for group in groups for plan in _projects(dice, group, advisers)]
    plans += [_call(dice, dice.choice(groups), advisers) for _turn in range(CALL_NUMBER)]
    plans += [_coming(dice, group, advisers) for group in groups[:COMING]]
    talks = [_log(dice, plan, people, fields) for plan in sorted(plans, key=lambda plan: plan.day)]
    _bring_close([talk for talk in talks if talk.state is ConsultationState.PLANNED])
    return talks


def _projects(dice: random.Random, group: list[Organisation], advisers: list[User]) -> list[Plan]:
    return [
        plan
        for topic in dice.sample(TOPICS, 2)
        for plan in _project(dice, group, topic, dice.choice(advisers))
    ]


def _project(dice: random.Random, group: list[Organisation], topic: Topic, by: User) -> list[Plan]:
    """Walk through the stages from a day in the past until the next weeks."""
    plans: list[Plan] = []
    day = today() - timedelta(days=dice.randrange(40, LONGEST_AGO))
    for stage, texts in zip(STAGES, topic.stages, strict=True):
        if day > today() + timedelta(days=AHEAD):
            break
        together = stage.kind in (ConsultationKind.INITIATION, ConsultationKind.GROUP)
        places = group if together else [dice.choice(group)]
        named = tuple(_named(text, group, places[0]) for text in texts)
        plans.append(Plan(_workday(day), places, stage, named, by, topic.field, plans[-1] if plans else None))  # type: ignore[arg-type]
        day += timedelta(days=dice.randrange(18, 75))
    return plans


def _named(text: str, group: list[Organisation], caller: Organisation) -> str:
    names = [place.name for place in group]
    return text.format(a=names[0], b=names[1], c=names[2], x=caller.name)


def _call(dice: random.Random, group: list[Organisation], advisers: list[User]) -> Plan:
    day = _workday(today() - timedelta(days=dice.randrange(1, LONGEST_AGO)))
    stage = Stage(ConsultationKind.SINGLE, ("phone", "phone", "mail"), 15)
    return Plan(day, [dice.choice(group)], stage, (dice.choice(CALLS), None, None), dice.choice(advisers))


def _coming(dice: random.Random, group: list[Organisation], advisers: list[User]) -> Plan:
    day = _workday(today() + timedelta(days=dice.randrange(4, AHEAD + 14)))
    return Plan(day, group, STAGES[1], ("", None, None), dice.choice(advisers), dice.choice(TOPICS).field)


def _workday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _log(dice: random.Random, plan: Plan, people: People, fields: dict[str, int]) -> Consultation:
    channel = Channel(dice.choice(plan.stage.channels))
    held = plan.day <= today()
    values = {
        "held_on": plan.day,
        "starts_at": time(
            dice.choice(CLOCK.get(plan.stage.kind, (9, 10, 11, 13, 14, 15))), dice.choice((0, 30))
        ),
        "kind": plan.stage.kind,
        "channel": channel,
        "staff": [plan.by.id],
        "task_fields": [fields[plan.topic]] if plan.topic in fields else [],
        "confidential": dice.random() < 0.04,
        "follows_id": plan.after.made.id if plan.after and plan.after.made else None,
        "place": f"Rathaus {plan.places[0].name}" if channel is Channel.ON_SITE else None,
        **(_outcome(dice, plan, channel) if held else {}),
    }
    parties = [_party(dice, place, first, people, held) for first, place in enumerate(plan.places)]
    plan.made = services.log_consultation(values, parties, plan.by)
    _date_back(plan.made, plan.day if held else today() - timedelta(days=dice.randrange(2, 9)))
    return plan.made


def _outcome(dice: random.Random, plan: Plan, channel: Channel) -> dict[str, Any]:
    """Texts and times; of the last weeks some notes are still missing."""
    written = plan.day < today() - timedelta(days=14) or dice.random() < 0.7
    note, agreements, next_step = plan.texts if written else (None, None, None)
    minutes = plan.stage.minutes + 15 * dice.randrange(-1, 3)
    return {
        "note": note,
        "agreements": agreements,
        "next_step": next_step,
        "duration_minutes": max(minutes, 10) if dice.random() < 0.93 else None,
        "preparation_minutes": dice.choice((None, 15, 30, 60)),
        "travel_minutes": dice.choice((45, 60, 90, 120)) if channel is Channel.ON_SITE else None,
        "file_reference": f"IKZ-{plan.day:%Y}-{dice.randrange(100, 999)}" if dice.random() < 0.2 else None,
    }


def _party(dice: random.Random, place: Organisation, position: int, people: People, held: bool) -> Party:
    if not held:
        return Party(place.id, presence=Presence.INVITED)
    presence = dice.choice(OFTEN) if position else Presence.PRESENT
    there = [one.id for one in people[place.id]]
    party = Party(place.id, presence=presence)
    if presence is Presence.PRESENT:
        party.people = dice.sample(there, dice.randrange(1, len(there) + 1))
    elif presence is Presence.REPRESENTED:
        party.represented_by = people[place.id][-1].name
    if dice.random() < 0.06:
        party.private_note = dice.choice(PRIVATE)
    return party


def _date_back(talk: Consultation, day: date) -> None:
    """Pretend that the talk was written down on its day."""
    moment = min(datetime.combine(day, time(16, 30), BERLIN), now())
    talk.created_at = talk.updated_at = moment
    db.session.flush()
    mine = (AuditEvent.record_type == Consultation.__tablename__, AuditEvent.record_id == talk.id)
    db.session.execute(update(AuditEvent).where(*mine).values(at=moment))


def _bring_close(planned: list[Consultation]) -> None:
    """Move the next talks so that there is always something today, and one that waits for an answer."""
    days = (today(), today(), _workday(today() - timedelta(days=1)))
    for talk, day, hour in zip(planned, days, (10, 14, 15), strict=False):
        talk.held_on, talk.starts_at = day, time(hour, 30)
    db.session.flush()
