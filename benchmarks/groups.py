"""A thousand cooperations after ten years: partners with their steps, resolutions, studies, applications."""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from benchmarks.rows import Rows, columns_of, store
from crm.audit import AuditEvent
from crm.consultations.models import ConsultationState
from crm.cooperations.kinds import FORWARD, LegalForm, PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner, PartnerStep
from crm.cooperations.settling import describe, settle
from crm.db import BERLIN, db, today
from crm.funding.kinds import ObligationKind, PaperKind, PaperState, StationKind
from crm.funding.models import Application, CostRow, Obligation, Paper, Plan, RuleSet, Station
from crm.proceedings.models import Answer, Approval, ApprovalKind, Study, StudyState
from crm.resolutions.models import Body, Resolution, ResolutionKind, Result
from crm.task_fields.models import TaskField

YEARS, SIX, TWENTY, TALKS_OF_GROUPS, LANDMARK_TALKS, ONE_DAY = 10, 6, 20, 0.4, 30, timedelta(days=1)
# How many partners a group has, and how often: five on average.
PARTNERS = ((2, 4, 62), (5, 8, 27), (9, 20, 11))
# How many steps most partners took after the first, and how often: from an idea to the daily work.
COURSES = ((0, 8), (1, 22), (2, 12), (3, 8), (4, 50))
ENDS = ((None, 74), (Stage.PAUSED, 5), (Stage.ABANDONED, 21))
SOURCES = (StepSource.TALK, StepSource.CALL, StepSource.LETTER, StepSource.MAIL)
WAY = (StationKind.COUNTY, StationKind.REGION, StationKind.MINISTRY)
NO_VOTES = {"result": None, "votes_for": None, "votes_against": None, "abstentions": None}
REJECTED = {"result": Result.REJECTED, "votes_for": 9, "votes_against": 14, "abstentions": 1}
VOTES = {"result": Result.ADOPTED, "votes_for": 21, "votes_against": 3, "abstentions": 2}


@dataclass
class Life:
    """How one group goes: since when, how far, with how much of everything."""

    number: int
    partners: int
    begun: date
    course: int
    end: Stage | None
    is_landmark: bool

    @property
    def days(self) -> int:
        """Days between two steps, so that all of them are over by now."""
        return max((today() - self.begun).days // (self.course + 2), 1)

    def day(self, step: int) -> date:
        """The day most partners took a step."""
        return self.begun + timedelta(days=step * self.days)


class Groups:
    """Rolls the dice for all groups; the last two are looked at: one with six partners, one with twenty."""

    def __init__(self, seed: int, count: int, places: dict[int, str], staff: list[int]):
        self.dice, self.count, self.places, self.staff = random.Random(seed), count, places, staff
        self.fields = list(db.session.scalars(select(TaskField).where(TaskField.parent_id.is_not(None))))
        self.rules = db.session.scalar(select(RuleSet.id).order_by(RuleSet.valid_from.desc()))
        self.rows, self.events = Rows(), list[dict[str, Any]]()
        self.talks: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.lives = [self._life(number) for number in range(1, count + 1)]

    @property
    def six(self) -> int:
        """The number of the group with six partners."""
        return self.count - 1

    @property
    def twenty(self) -> int:
        """The number of the group with twenty partners."""
        return self.count

    def take(self, talks: list[dict[str, Any]]) -> None:
        """Let two of five talks belong to groups that talk; the two that are looked at get many."""
        talking = [life.number for life in self.lives if life.course]
        chosen = self.dice.sample(talks, round(len(talks) * TALKS_OF_GROUPS))
        marked = [self.six, self.twenty] * min(LANDMARK_TALKS, len(chosen) // 4)
        for talk in talks:
            talk["cooperation_id"] = None
        for position, talk in enumerate(chosen):
            mine = marked[position] if position < len(marked) else self.dice.choice(talking)
            talk["cooperation_id"] = mine
            self.talks[mine].append(talk)

    def make(self) -> None:
        """Make all groups and store them; the rest waits for the talks it points to."""
        for life in self.lives:
            self._group(life)
        self.rows.store(Cooperation, CooperationTaskField)

    def finish(self) -> None:
        """Store what hangs on groups and talks."""
        self.rows.store(Partner, Resolution, PartnerStep, Study, Approval, Plan, CostRow)
        self.rows.store(Application, Station, Paper, Obligation)
        store(AuditEvent, self.events)

    def _life(self, number: int) -> Life:
        dice, marked = self.dice, number in (self.six, self.twenty)
        course = 3 if marked else _weighed(dice, COURSES)
        end = None if marked else _weighed(dice, ENDS)
        if end is Stage.ABANDONED and course == len(FORWARD) - 1:
            end = Stage.ENDED
        is_old = course == len(FORWARD) - 1 or end is not None
        ago = dice.randrange(400, YEARS * 365) if is_old else dice.randrange(30, 1200)
        least, most, _often = dice.choices(PARTNERS, [often for *_sizes, often in PARTNERS])[0]
        partners = {self.six: SIX, self.twenty: TWENTY}.get(number, dice.randint(least, most))
        return Life(number, partners, today() - timedelta(days=ago), course, end, marked)

    def _group(self, life: Life) -> None:
        """Make one group and what belongs to it, and let the program itself say where it stands."""
        fields = self.dice.sample(self.fields, self.dice.choice((1, 1, 2)))
        chosen = self.dice.sample(list(self.places), life.partners)
        title = f"{fields[0].name} {self.places[chosen[0]]} und {self.places[chosen[1]]} ({life.number})"
        moment = datetime.combine(life.begun, time(9, 30), BERLIN)
        group = Cooperation(
            id=life.number, version=1, title=title, created_at=moment, updated_at=moment,
            term_unlimited=False, task_fields=fields, adviser_id=self.dice.choice(self.staff),
            legal_form=self.dice.choice(list(LegalForm)[:8]) if life.course > 1 else None,
            first_contact_on=life.begun, **self._contract(life),
        )  # fmt: skip
        for place in chosen:
            group.partners.append(self._partner(life, place, len(group.partners)))
        group.talked_on = self._first_talk(life)
        group.resolving_since = self._resolutions(life, group)
        group.study_since, group.applied_on = self._study(life), self._application(life, chosen[0])
        self._papers(life, group)
        self._events(life)
        describe(group)
        settle(group)
        self._keep(group)

    def _contract(self, life: Life) -> dict[str, Any]:
        dice = self.dice
        signed = life.day(3) if life.course > 2 else None
        begins = signed + timedelta(days=30) if signed else None
        halted = {"halt": life.end, "halted_on": life.day(life.course + 1), "halt_reason": "Ohne Mehrheit."}
        return {
            "signed_on": signed, "effective_on": begins,
            "term_until": begins + timedelta(days=365 * dice.choice((5, 6, 8, 10))) if begins else None,
            "renewal_months": dice.choice((None, 12, 36, 60)), "notice_months": dice.choice((6, 12)),
            **(halted if life.end else {}),
        }  # fmt: skip

    def _partner(self, life: Life, place: int, position: int) -> Partner:
        """One partner: most came as far as the group, some are behind, a few declined or left."""
        dice, number = self.dice, self.rows.add(Partner)
        made = Partner(
            id=number, version=1, cooperation_id=life.number, organisation_id=place, position=position,
            organisation_name=self.places[place],
            role=PartnerRole.LEAD if position == 0 else PartnerRole.MEMBER,
        )  # fmt: skip
        gone, course = position > 1 and dice.random() < 0.07, life.course
        behind = 0 < course < len(FORWARD) - 1 and dice.random() < 0.25
        reached = min(course, 3) if gone else course - behind
        for step in FORWARD[: reached + 1]:
            made.steps.append(self._step(life, number, step, life.day(step.rank)))
        if gone:
            out = Step.LEFT if reached > 2 else Step.DECLINED
            made.steps.append(self._step(life, number, out, life.day(reached) + ONE_DAY * (life.days // 2)))
        return made

    def _step(self, life: Life, partner: int, step: Step, day: date) -> PartnerStep:
        talk = self.dice.choice(self.talks[life.number])["id"] if self.talks[life.number] else None
        told = step is Step.INTERESTED and talk is not None and self.dice.random() < 0.5
        return PartnerStep(
            id=self.rows.add(PartnerStep), version=1, partner_id=partner, step=step,
            reached_on=day + timedelta(days=self.dice.randrange(max(life.days // 3, 1))),
            source=StepSource.TALK if told else self.dice.choice(SOURCES),
            consultation_id=talk if told else None,
        )  # fmt: skip

    def _first_talk(self, life: Life) -> date | None:
        open_ones = [
            talk["held_on"]
            for talk in self.talks[life.number]
            if talk["state"] is ConsultationState.HELD and not talk["confidential"]
        ]
        return min(open_ones, default=None)

    def _resolutions(self, life: Life, group: Cooperation) -> date | None:
        """Resolutions of some partners, and some to come; give the first day known."""
        if not life.course:
            return None
        asks = life.end is None and (life.course > 1 or self.dice.random() < 0.25)
        many = life.partners if life.is_landmark else min(self.dice.randrange(8), life.partners)
        known = [self._resolution(one, asks) for one in self.dice.sample(group.partners, many)]
        return min(filter(None, known), default=None)

    def _resolution(self, one: Partner, asks: bool) -> date | None:
        """What the council of a partner decided, or is asked soon; give the day it was noted."""
        taken = next((step for step in one.steps if step.step is Step.RESOLVED), None)
        last = one.steps[-1]
        if taken is None and last.step is not Step.DECLINED and not asks:
            return None
        said = VOTES if taken else REJECTED if last.step is Step.DECLINED else NO_VOTES
        ahead = today() + ONE_DAY * self.dice.randrange(-10, 120)
        session = (taken or last).reached_on if said["result"] else ahead
        assert session
        noted = min(session, today()) - ONE_DAY * 28
        number = self.rows.add(
            Resolution, partner_id=one.id, body=Body.COUNCIL, kind=ResolutionKind.FINAL, session_on=session,
            paper_number=f"VL {self.dice.randrange(300)}/{session:%Y}" if said["result"] else None,
            created_at=datetime.combine(noted, time(9, 30), BERLIN), **said,
        )  # fmt: skip
        if taken:
            taken.resolution_id, taken.source = number, StepSource.RESOLUTION
        return noted

    def _study(self, life: Life) -> date | None:
        """A study for every tenth group; give since when it is under way."""
        if not life.is_landmark and self.dice.random() > 0.1:
            return None
        under_way, begun = life.course == 1, life.day(1)
        owed = today() + ONE_DAY * self.dice.randrange(-5, 400) if life.end is Stage.ABANDONED else None
        self.rows.add(
            Study, cooperation_id=life.number, title="Machbarkeit", contractor="Büro Lindenhof",
            state=StudyState.BEGUN if under_way else StudyState.FINISHED, cost=Decimal(60_000),
            grant=Decimal(50_000), begun_on=begun, finished_on=None if under_way else begun + ONE_DAY * 120,
            repay_due_on=owed,
        )  # fmt: skip
        return begun if under_way else None

    def _application(self, life: Life, applicant: int) -> date | None:
        """An application for a third of the groups; give since when it waits."""
        if life.course < 3 or (not life.is_landmark and self.dice.random() > 0.58):
            return None
        day, waits = life.day(3) + ONE_DAY * 10, life.course == 3
        granted = (None, None) if waits else (day + ONE_DAY * 90, Decimal(75_000))
        number = self.rows.add(
            Application, cooperation_id=life.number, rule_set_id=self.rules, applicant_id=applicant,
            submitted_on=day, requested=Decimal(75_000), standard=Decimal(75_000),
            granted_on=granted[0], granted=granted[1],
        )  # fmt: skip
        for turn, kind in enumerate(WAY):
            self.rows.add(Station, application_id=number, kind=kind, arrived_on=day + ONE_DAY * 20 * turn)
        for paper in PaperKind:
            state = self.dice.choice((PaperState.PRESENT, PaperState.PRESENT, PaperState.MISSING))
            self.rows.add(Paper, application_id=number, kind=paper, state=state)
        for duty, days in ((ObligationKind.PROOF, 460), (ObligationKind.REPORT, 1190)):
            due = day + ONE_DAY * days
            done = due - ONE_DAY if due < today() and self.dice.random() < 0.97 else None
            if not waits:
                self.rows.add(Obligation, application_id=number, kind=duty, due_on=due, done_on=done)
        return day if waits else None

    def _papers(self, life: Life, group: Cooperation) -> None:
        """Approvals, and what was judged and counted for a third of the groups."""
        if life.course > 2 and self.dice.random() < 0.6:
            sent = life.day(3) + ONE_DAY
            self.rows.add(
                Approval, cooperation_id=life.number, kind=self.dice.choice(list(ApprovalKind)), sent_on=sent,
                answered_on=sent + ONE_DAY * 20, answer=Answer.NOTED, authority="Landrat",
            )  # fmt: skip
        if not life.is_landmark and self.dice.random() > 1 / 3:
            return
        self.rows.add(
            Plan, cooperation_id=life.number, substantial=True, cost_after=Decimal(100_000 * life.partners)
        )
        for one in group.partners:
            before = {"staff_before": Decimal(90_000), "material_before": Decimal(40_000)}
            self.rows.add(CostRow, partner_id=one.id, **before)

    def _events(self, life: Life) -> None:
        """The history: made once, changed some times."""
        names = ["cooperation.created", *["partner.advanced"] * (60 if life.is_landmark else 4)]
        for turn, name in enumerate(names):
            moment = datetime.combine(life.begun + ONE_DAY * turn, time(9, 30), BERLIN)
            self.events.append({
                "at": moment, "user_id": self.dice.choice(self.staff), "name": name,
                "record_type": Cooperation.__tablename__, "record_id": life.number,
                "changes": {"partners": [None, "Cölbe: interessiert 03.03.2026"]},
            })  # fmt: skip

    def _keep(self, group: Cooperation) -> None:
        """Take down what is settled now."""
        self.rows.of[Cooperation].append(columns_of(group))
        links = [{"cooperation_id": group.id, "task_field_id": one.id} for one in group.task_fields]
        self.rows.of[CooperationTaskField] += links
        for one in group.partners:
            self.rows.of[Partner][one.id - 1] = columns_of(one)
            for step in one.steps:
                self.rows.of[PartnerStep][step.id - 1] = columns_of(step)


def _weighed(dice: random.Random, table: tuple[tuple[Any, int], ...]) -> Any:
    return dice.choices([value for value, _often in table], [often for _value, often in table])[0]
