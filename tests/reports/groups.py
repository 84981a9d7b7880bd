"""Groups of every stage for report tests, and a slow count of them that shares nothing with the report."""

import random
from datetime import timedelta

from sqlalchemy import select

from crm.cooperations import services
from crm.cooperations.kinds import FORWARD, HALTS, PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.cooperations.settling import facts_of, settle
from crm.cooperations.standing import stage_of, step_of
from crm.db import db, today
from crm.organisations.models import Level, Organisation, Succession
from crm.task_fields.models import TaskField
from tests import factories

FAVOURITES = (
    "Hanau", "Cölbe", "Lahntal", "Landkreis Fulda", "Kassel", "ekom21", "Beerfelden", "Rothenberg",
    "Oberzent", "Bromskirchen",
)  # fmt: skip


def scatter(number=40, seed=11):
    """Store groups with partners at all steps, some without days, left, halted, removed."""
    dice = random.Random(seed)
    places = list(db.session.scalars(select(Organisation).order_by(Organisation.id)))
    known = [factories.place(name) for name in FAVOURITES]
    fields = list(db.session.scalars(select(TaskField).order_by(TaskField.id)))
    for count in range(number):
        group = _one(dice, count, [*dice.sample(places, 6), *known], fields)
        db.session.add(group)
        db.session.flush()
        settle(group)
        if dice.random() < 0.1:
            services.remove(group, factories.member("anna"))
    db.session.commit()


def _one(dice, count, places, fields):
    halt = dice.choice([*[None] * 5, *HALTS])
    start = today() - timedelta(days=dice.randrange(4000))
    chosen = dice.sample(list(dict.fromkeys(places)), dice.randrange(1, 7))
    return Cooperation(
        title=f"Vorhaben {count}", sort_key=f"vorhaben {count:03}", search_text="vorhaben",
        halt=halt, halt_reason="Grund" if halt else None,
        halted_on=today() - timedelta(days=dice.randrange(900)) if halt and dice.random() < 0.8 else None,
        first_contact_on=start if dice.random() < 0.7 else None, term_unlimited=False,
        study_since=dice.choice([None, None, start]), task_fields=dice.sample(fields, dice.randrange(3)),
        partners=[_partner(dice, place, start) for place in chosen],
    )  # fmt: skip


def _partner(dice, place, start):
    role = dice.choice([PartnerRole.LEAD, *[PartnerRole.MEMBER] * 5, *PartnerRole])
    made = Partner(organisation_id=place.id, organisation_name=place.name, role=role, steps=[])
    steps = list(FORWARD[: dice.randrange(6)])
    steps += [dice.choice([Step.LEFT, Step.DECLINED])] if dice.random() < 0.2 else []
    day = start
    for step in steps:
        day = min(day + timedelta(days=dice.randrange(200)), today())
        known = None if dice.random() < 0.2 else day
        made.steps.append(PartnerStep(step=step, reached_on=known, source=StepSource.TALK))
    return made


def slow_count(day):
    """Count record by record: stages of groups, (group, Kommune) pairs with repetition, undated ones."""
    stages, pairs, undated = [], [], 0
    for group in db.session.scalars(select(Cooperation)):
        if not _had_begun(group, day):
            continue
        stage = stage_of(facts_of(group, day)).stage
        stages.append(stage)
        for one in group.partners if stage not in (Stage.ENDED, Stage.ABANDONED) else ():
            at = step_of(one.steps, day)
            if one.role not in (PartnerRole.LEAD, PartnerRole.MEMBER):
                continue
            if at.step in (Step.CANDIDATE, Step.LEFT, Step.DECLINED):
                continue
            unit = _unit(one.organisation, day)
            if unit.level in (Level.MUNICIPALITY, Level.COUNTY) and unit.holds_on(day):
                pairs.append((group.id, unit.id))
                undated += at.came_to(Step.INTERESTED) is None
    return stages, pairs, undated


def _had_begun(group, day):
    steps = [step for one in group.partners for step in one.steps]
    if any(step.reached_on is None and step.step is not Step.CANDIDATE for step in steps):
        return True
    days = [step.reached_on for step in steps] + [group.first_contact_on, group.halted_on, group.study_since]
    return any(one is not None and one <= day for one in [*days, group.created_at.date()])


def _unit(place, day):
    query = select(Succession).where(Succession.predecessor_id == place.id, Succession.effective_on <= day)
    found = db.session.scalars(query).first()
    return _unit(found.successor, day) if found else place
