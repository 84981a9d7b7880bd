"""Cooperations with experience, read for the finder: narrowed by the database, few columns of each.

Six statements, however many groups there are: task fields, groups, their fields, their partners, all
Kommunen of today, and what went up into what.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, or_, select

from crm.cooperations.candidates import all_places
from crm.cooperations.kinds import EXITS, REQUIRED_ROLES, Stage, Step
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner
from crm.cooperations.queries import visible_to
from crm.cooperations.suggestions import Place
from crm.db import db, today
from crm.examples.likeness import Case, Field, Match, Question, best
from crm.examples.models import PracticeExample
from crm.examples.words import roots
from crm.organisations import heirs
from crm.organisations.heirs import Heirs
from crm.task_fields import queries as task_fields

SHOWN = 10
# Who signed has something to tell, even before it works.
AGREED = (Step.SIGNED, Step.ACTIVE)
WITH_EXPERIENCE = (Stage.RUNNING, Stage.ENDED, Stage.PAUSED)


@dataclass(frozen=True)
class Known:
    """What both sides of a comparison are said in: task fields, Kommunen of today, what they came from."""

    fields: dict[int, Field]
    places: dict[int, Place]
    heirs: Heirs

    def fields_of(self, ids: Iterable[int]) -> tuple[Field, ...]:
        """Task fields by number."""
        return tuple(self.fields[number] for number in ids if number in self.fields)

    def places_of(self, organisation_ids: Iterable[int]) -> tuple[Place, ...]:
        """Kommunen of today; those that went up into others are what they are now, each once."""
        day = today()
        units = dict.fromkeys(self.heirs.unit_on(number, day) for number in organisation_ids)
        return tuple(self.places[number] for number in units if number in self.places)


def known() -> Known:
    """Read it: three statements."""
    fields = {
        one.id: Field(one.id, one.name, one.parent_id, one.parent.name if one.parent else "")
        for one in task_fields.everything()
    }
    return Known(fields, all_places(), heirs.load())


def found(user: Any, question: Question, about: Known, but: int = 0, most: int = SHOWN) -> list[Match]:
    """Find the cooperations most like a question that this user may see; `but` is the one that asks."""
    return best(question, _cases(user, question, about, but), most)


def _cases(user: Any, question: Question, about: Known, but: int) -> list[Case]:
    chosen = _narrowed(user, question, about.fields).where(Cooperation.id != but)
    released = exists().where(
        PracticeExample.cooperation_id == Cooperation.id, PracticeExample.withdrawn_at.is_(None)
    )
    columns = Cooperation.id, Cooperation.title, Cooperation.stage, Cooperation.legal_form, released
    rows = db.session.execute(chosen.with_only_columns(*columns).order_by(Cooperation.id)).all()
    ids = [row.id for row in rows]
    tasks, partners = _tasks(ids), _partners(ids)
    return [
        Case(
            row.id, row.title, row.stage, row.legal_form, about.fields_of(tasks[row.id]),
            about.places_of(partners[row.id]), len(partners[row.id]), row[4],
        )
        for row in rows
    ]  # fmt: skip


def with_experience(query: Select[Cooperation]) -> Select[Cooperation]:
    """Narrow groups to those that run, pause or have ended, or whose contract is signed by somebody."""
    agreed = exists().where(Partner.cooperation_id == Cooperation.id, Partner.step.in_(AGREED))
    goes_on = Cooperation.halt.is_(None) & agreed
    return query.where(or_(Cooperation.stage.in_(WITH_EXPERIENCE), goes_on))


def _narrowed(user: Any, question: Question, fields: dict[int, Field]) -> Select[Cooperation]:
    """Leave to the database what cannot be about it: neither a field nearby nor a word akin."""
    query = with_experience(visible_to(user))
    if not question.is_narrow:
        return query
    own = question.field_ids
    near = [one.id for one in fields.values() if one.id in own or one.parent_id in own | question.group_ids]
    of_field = select(CooperationTaskField.cooperation_id).where(CooperationTaskField.task_field_id.in_(near))
    words = [Cooperation.search_text.contains(root, autoescape=True) for root in roots(question.said)]
    return query.where(or_(Cooperation.id.in_(of_field), *words))


def _tasks(ids: list[int]) -> dict[int, list[int]]:
    link = CooperationTaskField
    query = select(link.cooperation_id, link.task_field_id).where(link.cooperation_id.in_(ids))
    return _lists(query.order_by(link.task_field_id))


def _partners(ids: list[int]) -> dict[int, list[int]]:
    """Who works or worked together; observers and guests have no part in it, nor has who declined."""
    query = select(Partner.cooperation_id, Partner.organisation_id).where(
        Partner.cooperation_id.in_(ids), Partner.role.in_(REQUIRED_ROLES), Partner.step.not_in(EXITS)
    )
    return _lists(query.order_by(Partner.position, Partner.id))


def _lists(query: Any) -> dict[int, list[int]]:
    lists: dict[int, list[int]] = defaultdict(list)
    for number, value in db.session.execute(query):
        lists[number].append(value)
    return lists
