"""Groups with applications, costs and studies at random, and slow counts that share no line with reports."""

import random
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from crm.cooperations import services
from crm.cooperations.kinds import PartnerRole, Step, StepSource
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.cooperations.settling import settle
from crm.cooperations.standing import step_of
from crm.db import db
from crm.funding.kinds import StationKind
from crm.funding.models import Application, CostRow, Plan, Station
from crm.organisations.models import Level, Organisation
from crm.proceedings.models import Study
from crm.task_fields.models import TaskField
from tests import factories
from tests.reports.groups import _unit as unit_on
from tests.reports.talks import _area as area_of

FIRST = date(2012, 1, 1)
FAVOURITES = (
    "Hanau", "Cölbe", "Hünfeld", "Landkreis Fulda", "Kassel", "ekom21", "Beerfelden", "Rothenberg",
    "Oberzent", "Bromskirchen", "Allendorf (Eder)",
)  # fmt: skip
NOTES = (None, "Aus der Liste: 2014, erschlossen", "Bescheid von 2016 oder 2017", "ohne Jahr", "Nr. 120145")


def scatter(number=50, seed=3):
    """Store groups with none to three applications in every state, with days, without, and out of order."""
    dice = random.Random(seed)
    places = list(db.session.scalars(select(Organisation).order_by(Organisation.id)))
    known = [factories.place(name) for name in FAVOURITES]
    fields = list(db.session.scalars(select(TaskField).order_by(TaskField.id)))
    people = [factories.member(name) for name in ("anna", "bert")]
    for count in range(number):
        group = _group(dice, count, [*dice.sample(places, 4), *known], fields)
        group.adviser = dice.choice([None, *people])
        db.session.add(group)
        db.session.flush()
        settle(group)
        _money(dice, group)
        if dice.random() < 0.1:
            services.remove(group, people[0])
    db.session.commit()


def _group(dice, count, places, fields):
    chosen = dice.sample(list(dict.fromkeys(places)), dice.randrange(0, 6))
    evaluated = _day(dice) if dice.random() < 0.3 else None
    return Cooperation(
        title=f"Vorhaben {count}", sort_key=f"vorhaben {dice.randrange(1000):03}", search_text="vorhaben",
        task_fields=dice.sample(fields, dice.randrange(3)), evaluated_on=evaluated, term_unlimited=False,
        partners=[_partner(dice, place, number) for number, place in enumerate(chosen)],
    )  # fmt: skip


def _partner(dice, place, number):
    role = PartnerRole.LEAD if number == 0 else dice.choice([*[PartnerRole.MEMBER] * 4, *PartnerRole])
    made = Partner(organisation_id=place.id, organisation_name=place.name, role=role, steps=[])
    for step in dice.choice([[], [Step.SIGNED], [Step.INTERESTED, Step.ACTIVE], [Step.SIGNED, Step.LEFT]]):
        day = None if dice.random() < 0.3 else _day(dice)
        made.steps.append(PartnerStep(step=step, reached_on=day, source=StepSource.LETTER))
    return made


def _day(dice):
    return FIRST + timedelta(days=dice.randrange(5400))


def _sum(dice):
    return dice.choice([None, Decimal("75000"), Decimal("100000"), Decimal("33333.33"), Decimal("0.01")])


def _money(dice, group):
    for _one in range(dice.choice([0, 1, 1, 1, 2, 3])):
        db.session.add(_application(dice, group))
    if dice.random() < 0.3:
        begun = dice.choice([None, _day(dice)])
        db.session.add(Study(cooperation_id=group.id, title="Studie", grant=_sum(dice), begun_on=begun))
    if dice.random() < 0.3:
        db.session.add(Plan(cooperation_id=group.id, cost_after=dice.choice([None, Decimal("90000.5")])))
    entered = dice.random() < 0.7
    for partner in group.partners if entered else ():
        cost = [None if dice.random() < 0.08 else Decimal(dice.randrange(0, 90000, 500)) for _n in range(4)]
        if dice.random() < 0.95:
            db.session.add(
                CostRow(
                    partner_id=partner.id, staff_before=cost[0], material_before=cost[1],
                    staff_after=cost[2], material_after=cost[3],
                )
            )  # fmt: skip


def _application(dice, group):
    submitted = dice.choice([None, _day(dice), _day(dice), _day(dice)])
    made = Application(cooperation_id=group.id, submitted_on=submitted, note=dice.choice(NOTES), papers=[])
    if group.partners and dice.random() < 0.7:
        made.applicant_id = dice.choice(group.partners).organisation_id
    later = submitted + timedelta(days=dice.randrange(-20, 500)) if submitted else _day(dice)
    fate = dice.choice(
        ["granted", "granted", "granted", "undated", "undated", "refused", "withdrawn", "open", "open"]
    )
    if fate in ("granted", "undated"):
        made.granted, made.granted_on = _sum(dice), later if fate == "granted" else None
        made.paid_on = later + timedelta(days=60) if dice.random() < 0.3 else None
    if fate == "refused":
        made.refused_on, made.refusal_reason = later, "Zu klein"
    if fate == "withdrawn" or dice.random() < 0.05:
        made.withdrawn_on = later + timedelta(days=dice.randrange(300))
    for kind in list(StationKind)[: dice.randrange(4)]:
        made.stations.append(Station(kind=kind, arrived_on=_day(dice)))
    return made


def grant(*places, sum="75000", on=date(2016, 5, 4), group=None, since=None, **over):
    """Make a group of partners that were there since a day, else always, and let it be granted."""
    made = group or factories.cooperation(*places, step=Step.SIGNED, reached_on=since)
    values = {"granted": None if sum is None else Decimal(sum), "granted_on": on} | over
    application = Application(cooperation_id=made.id, **values)
    db.session.add(application)
    db.session.flush()
    return made, application


def state(one, cutoff):
    """Say in a word what an application was on a day."""
    happened = {
        name: day
        for name in ("submitted_on", "granted_on", "refused_on", "withdrawn_on", "paid_on", "closed_on")
        if (day := getattr(one, name)) and day <= cutoff
    }
    if "refused_on" in happened:
        return "abgelehnt"
    if "withdrawn_on" in happened:
        return "zurueckgezogen"
    if "granted_on" in happened or (one.granted is not None and one.granted_on is None):
        return (
            "abgeschlossen"
            if "closed_on" in happened
            else "ausgezahlt"
            if "paid_on" in happened
            else "bewilligt"
        )
    if "submitted_on" not in happened:
        return "entwurf"
    arrived = sorted((one.arrived_on, one.id) for one in one.stations if one.arrived_on <= cutoff)
    last = next((at for at in one.stations if arrived and at.id == arrived[-1][1]), None)
    return last.kind.value if last else "eingereicht"


def decided_on(one, cutoff):
    """The day of the decision that held on a day."""
    days = {"abgelehnt": one.refused_on, "zurueckgezogen": one.withdrawn_on, "bewilligt": one.granted_on}
    found = state(one, cutoff)
    return days.get("bewilligt" if found in ("ausgezahlt", "abgeschlossen") else found)


def partners(group, day):
    """Who took part on a day."""
    mine = [one for one in group.partners if one.role in (PartnerRole.LEAD, PartnerRole.MEMBER)]
    come = []
    for one in mine:
        days = [step.reached_on for step in one.steps]
        if not days or None in days or min(days) <= day:
            come.append(one)
    return [one for one in come or mine if step_of(one.steps, day).step not in (Step.LEFT, Step.DECLINED)]


def kommunen(group, day):
    """The ids of the Kommunen that took part on a day, as they were then, and their areas."""
    units = [unit_on(one.organisation, day) for one in partners(group, day)]
    units = [one for one in units if one.level in (Level.MUNICIPALITY, Level.COUNTY)]
    return {one.id for one in units}, {area_of(one, day) for one in units}


def saving(group, day):
    """(before, after) of a group, or None where a figure is missing."""
    rows = {row.partner_id: row for row in db.session.scalars(select(CostRow))}
    plan = db.session.scalar(select(Plan).where(Plan.cooperation_id == group.id))
    joint = plan.cost_after if plan else None
    before = after = Decimal(0)
    for one in partners(group, day):
        row = rows.get(one.id)
        if row is None or row.staff_before is None or row.material_before is None:
            return None
        before += row.staff_before + row.material_before
        if row.staff_after is not None and row.material_after is not None:
            after += row.staff_after + row.material_after
        elif joint is None:
            return None
    return (before, after + (joint or 0)) if partners(group, day) else None


def heads(group):
    """The groups of task fields it works on."""
    return {str(one.parent_id or one.id) for one in group.task_fields}


def applications():
    """Every application whose cooperation is there, with it."""
    groups = {one.id: one for one in db.session.scalars(select(Cooperation))}
    found = db.session.scalars(select(Application).order_by(Application.id))
    return [(one, groups[one.cooperation_id]) for one in found if one.cooperation_id in groups]
