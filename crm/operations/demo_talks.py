"""Invented talks: projects that go through their stages, calls in between, some still to come."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from crm.accounts.models import User
from crm.consultations import services
from crm.consultations.ahead import lies_ahead
from crm.consultations.models import Channel, Consultation, ConsultationKind, ConsultationState, Presence
from crm.consultations.services import Party
from crm.cooperations.kinds import Step
from crm.db import db, today
from crm.operations.demo_case import Case, Setting, workday
from crm.operations.demo_words import CALLS, PRIVATE, STAGES, TOPICS, Stage, Topic
from crm.organisations.models import Organisation

CALL_NUMBER, COMING, LONGEST_AGO, AHEAD, UNWRITTEN = 60, 9, 720, 26, 2
CALL = Stage(ConsultationKind.SINGLE, ("phone", "phone", "mail"), 15)
CLOCK = {ConsultationKind.COUNCIL: (18, 19, 20), ConsultationKind.COMMITTEE: (17, 18, 19)}
OFTEN = (
    (Presence.PRESENT,) * 16 + (Presence.REPRESENTED,) * 2 + (Presence.APOLOGISED,) * 2 + (Presence.ABSENT,)
)
Texts = tuple[str | None, str | None, str | None]


@dataclass
class Plan:
    """A talk that is going to be logged; `steps` are what partners of its group report in it, by place."""

    day: date
    places: list[Organisation]
    stage: Stage
    texts: Texts
    by: User
    topic: str | None = None
    after: "Plan | None" = None
    case: Case | None = None
    steps: dict[int, Step] = field(default_factory=dict)
    made: Consultation | None = None

    def write(self, setting: Setting) -> None:
        """Log the talk."""
        self.made = _log(setting, self)


def plan(
    dice: random.Random, groups: list[list[Organisation]], taken: list[list[str]], advisers: list[User]
) -> list[Plan]:
    """Plan what is said beside the talks of cooperations, whose topics are `taken` in each group."""
    pairs = zip(groups, taken, strict=True)
    plans = [made for group, topics in pairs for made in _projects(dice, group, topics, advisers)]
    plans += [_call(dice, dice.choice(groups), advisers) for _turn in range(CALL_NUMBER)]
    return plans + [_coming(dice, group, advisers) for group in groups[:COMING]]


def _projects(
    dice: random.Random, group: list[Organisation], taken: list[str], advisers: list[User]
) -> list[Plan]:
    """Let each group have two topics; those that no cooperation has yet are talked about only."""
    free = [topic for topic in TOPICS if topic.field not in taken]
    topics = dice.sample(free, max(0, 2 - len(taken)))
    return [made for topic in topics for made in _project(dice, group, topic, dice.choice(advisers))]


def _project(dice: random.Random, group: list[Organisation], topic: Topic, by: User) -> list[Plan]:
    """Walk through the stages from a day in the past until the next weeks."""
    plans: list[Plan] = []
    ago = dice.randrange(40, LONGEST_AGO)
    for stage, texts in zip(STAGES, topic.stages, strict=True):
        if ago < -AHEAD:
            break
        places = group if stage.is_together else [dice.choice(group)]
        named = said(texts, group, places[0])
        plans.append(Plan(workday(ago), places, stage, named, by, topic.field, plans[-1] if plans else None))
        ago -= dice.randrange(18, 75)
    return plans


def said(texts: tuple[str, str, str], group: list[Organisation], caller: Organisation) -> Texts:
    """Put the names of a group, and of the one that calls, into note, agreement and next step."""
    names = dict(zip("abc", (place.name for place in group), strict=False))
    note, agreed, then = (text.format(**names, x=caller.name) for text in texts)
    return note, agreed, then


def _call(dice: random.Random, group: list[Organisation], advisers: list[User]) -> Plan:
    day = workday(dice.randrange(1, LONGEST_AGO))
    return Plan(day, [dice.choice(group)], CALL, (dice.choice(CALLS), None, None), dice.choice(advisers))


def _coming(dice: random.Random, group: list[Organisation], advisers: list[User]) -> Plan:
    day = workday(-dice.randrange(4, AHEAD + 14))
    return Plan(day, group, STAGES[1], ("", None, None), dice.choice(advisers), dice.choice(TOPICS).field)


def _log(setting: Setting, plan: Plan) -> Consultation:
    dice, channel = setting.dice, Channel(setting.dice.choice(plan.stage.channels))
    held = plan.day <= today()
    starts = time(dice.choice(CLOCK.get(plan.stage.kind, (9, 10, 11, 13, 14, 15))), dice.choice((0, 30)))
    values = {
        "held_on": plan.day,
        # What was held today has no start that is still to come, whenever the demo is filled.
        "starts_at": None if held and lies_ahead(plan.day, starts) else starts,
        "kind": plan.stage.kind,
        "channel": channel,
        "staff": [plan.by.id],
        "task_fields": [setting.fields[plan.topic]] if plan.topic in setting.fields else [],
        "confidential": dice.random() < 0.06 and plan.case is None,
        "follows_id": plan.after.made.id if plan.after and plan.after.made else None,
        "cooperation_id": plan.case.whole.id if plan.case else None,
        "place": f"Rathaus {plan.places[0].name}" if channel is Channel.ON_SITE else None,
        **(_outcome(dice, plan, channel) if held else {}),
    }
    parties = [_party(setting, plan, place, first, held) for first, place in enumerate(plan.places)]
    return services.log_consultation(values, parties, plan.by)


def _outcome(dice: random.Random, plan: Plan, channel: Channel) -> dict[str, Any]:
    """Texts and times."""
    note, agreements, next_step = plan.texts
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


def _party(setting: Setting, plan: Plan, place: Organisation, position: int, held: bool) -> Party:
    if not held:
        return Party(place.id, presence=Presence.INVITED)
    dice, step = setting.dice, plan.steps.get(place.id)
    presence = dice.choice(OFTEN) if position and step is None else Presence.PRESENT
    there = [one.id for one in setting.people[place.id]]
    party = Party(place.id, presence=presence, step=step)
    if presence is Presence.PRESENT:
        party.people = dice.sample(there, dice.randrange(1, len(there) + 1))
    elif presence is Presence.REPRESENTED:
        party.represented_by = setting.people[place.id][-1].name
    if dice.random() < 0.06:
        party.private_note = dice.choice(PRIVATE)
    return party


def made(entries: Iterable[Any]) -> list[Consultation]:
    """The talks among what was written, in the order of their days."""
    plans = [one for one in entries if isinstance(one, Plan)]
    return [one.made for one in sorted(plans, key=lambda one: one.day) if one.made]


def bring_close(talks: list[Consultation]) -> None:
    """Move the next talks so that there is always something today, and one that waits for an answer."""
    planned = [talk for talk in talks if talk.state is ConsultationState.PLANNED]
    days = (today(), today(), workday(1))
    for talk, day, hour in zip(planned, days, (10, 14, 15), strict=False):
        talk.held_on, talk.starts_at = day, time(hour, 30)
    db.session.flush()


def leave_unwritten(talks: list[Consultation]) -> None:
    """Take the texts from the newest talks that were held: on every day some still have to be written up."""
    held = [talk for talk in talks if talk.state is ConsultationState.HELD]
    for talk in held[-UNWRITTEN:]:
        talk.note = talk.agreements = talk.next_step = None
    db.session.flush()
