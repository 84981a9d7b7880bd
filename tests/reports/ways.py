"""Groups whose partners come, go and come again, with studies, applications and halts, at random."""

import random
from datetime import timedelta

from sqlalchemy import select

from crm.cooperations import services
from crm.cooperations.kinds import FORWARD, HALTS, PartnerRole, Step, StepSource
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.cooperations.settling import settle
from crm.db import db, today
from crm.funding.kinds import StationKind
from crm.funding.models import Application, Station
from crm.proceedings.models import Study, StudyState
from crm.task_fields.models import TaskField
from tests import factories

BACK = 500


def ago(days):
    """The day so many days before today."""
    return today() - timedelta(days=days)


def scatter(seed, number=14):
    """Store groups whose partners come, go and come again, with studies, applications and halts."""
    dice = random.Random(seed)
    names = ("Hanau", "Cölbe", "Lahntal", "Landkreis Fulda", "Kassel", "ekom21", "Marburg", "Fulda")
    places = [factories.place(name) for name in names]
    fields = list(db.session.scalars(select(TaskField).order_by(TaskField.id)))
    for count in range(number):
        group = _group(dice, count, dice.sample(places, dice.randrange(1, 5)))
        group.task_fields = dice.sample(fields, dice.randrange(3))
        db.session.add(group)
        db.session.flush()
        _records(dice, group)
        settle(group)
        if dice.random() < 0.1:
            services.remove(group, factories.member("anna"))
    db.session.commit()


def _group(dice, count, places):
    halt = dice.choice([*[None] * 5, *HALTS])
    days = [None, None, ago(dice.randrange(BACK)), ago(dice.randrange(BACK))]
    return Cooperation(
        title=f"Vorhaben {count}", sort_key=f"vorhaben {count:03}", search_text="vorhaben",
        halt=halt, halt_reason="Grund" if halt else None,
        halted_on=ago(dice.randrange(300)) if halt and dice.random() < 0.8 else None,
        first_contact_on=dice.choice(days), talked_on=dice.choice(days), resolving_since=dice.choice(days),
        partners=[_partner(dice, place) for place in places],
    )  # fmt: skip


def _partner(dice, place):
    role = dice.choice([PartnerRole.LEAD, *[PartnerRole.MEMBER] * 5, *PartnerRole])
    made = Partner(organisation_id=place.id, organisation_name=place.name, role=role, steps=[])
    steps = list(FORWARD[: dice.randrange(6)])
    steps += dice.choice([[], [], [], [Step.LEFT], [Step.DECLINED], [Step.LEFT, Step.INTERESTED]])
    day = ago(dice.randrange(BACK))
    for step in steps:
        day = min(day + timedelta(days=dice.randrange(80)), today())
        known = None if dice.random() < 0.08 else day
        made.steps.append(PartnerStep(step=step, reached_on=known, source=StepSource.TALK))
    return made


def _records(dice, group):
    """Studies and applications, over and under way; the group notes what lasts."""
    begun, sent = ago(dice.randrange(100, BACK)), ago(dice.randrange(100, BACK))
    if dice.random() < 0.5:
        over = dice.random() < 0.7
        db.session.add(
            Study(
                cooperation_id=group.id, title="Studie", begun_on=begun,
                state=StudyState.FINISHED if over else StudyState.BEGUN,
                finished_on=begun + timedelta(days=dice.randrange(90)) if over else None,
            )
        )  # fmt: skip
        group.study_since = None if over else begun
    if dice.random() < 0.5:
        over = dice.random() < 0.7
        one = Application(cooperation_id=group.id, submitted_on=sent)
        one.granted_on = sent + timedelta(days=dice.randrange(95)) if over else None
        kinds = dice.sample(list(StationKind), 3)
        one.stations = [
            Station(kind=kind, arrived_on=min(sent + timedelta(days=dice.randrange(120)), today()))
            for kind in kinds
        ]
        db.session.add(one)
        group.applied_on = None if over else sent
    db.session.flush()
