"""Talks, groups and follow-ups in the words of the index. Private notes of participations are not in it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm.consultations.models import (
    Consultation,
    ConsultationStaff,
    ConsultationState,
    ConsultationTaskField,
    Participation,
    ParticipationPerson,
)
from crm.consultations.short import Talk, Work
from crm.contacts.models import Person
from crm.contacts.names import full_name
from crm.cooperations.kinds import EXITS, IN_PROGRESS, Stage
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner
from crm.db import db
from crm.examples.models import PracticeExample
from crm.folding import fold
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.i18n import day as in_words
from crm.naming import expect, named
from crm.organisations.models import Organisation
from crm.search.making import Made, said
from crm.search.models import EntryKind
from crm.task_fields.models import TaskField

_TALK = (
    Consultation.id, Consultation.version, Consultation.held_on, Consultation.kind, Consultation.state,
    Consultation.confidential, Consultation.channel, Consultation.note, Consultation.agreements,
    Consultation.next_step, Consultation.place, Consultation.file_reference,
)  # fmt: skip
_GROUP = (
    Cooperation.id, Cooperation.version, Cooperation.title, Cooperation.sort_key, Cooperation.search_text,
    Cooperation.stage, Cooperation.stage_since, Cooperation.adviser_id, Cooperation.note,
    Cooperation.legal_form_note, Cooperation.termination, Cooperation.halt_reason,
    Cooperation.file_reference, PracticeExample.title.label("example"), PracticeExample.summary,
)  # fmt: skip
_PROMISE = (
    FollowUp.id, FollowUp.version, FollowUp.text, FollowUp.due_on, FollowUp.owner_id, FollowUp.state,
    FollowUp.waiting_for, FollowUp.about, FollowUp.confidential,
    Organisation.name.label("place"), Person.first_name, Person.last_name,
)  # fmt: skip


def talks(ids: Sequence[int]) -> list[Made]:
    """Describe talks: places, people, task fields, note, agreements, next step."""
    parties = _lists(
        select(
            Participation.consultation_id, Participation.organisation_name, Participation.role,
            Participation.represented_by,
        ).where(Participation.consultation_id.in_(ids))
        .order_by(Participation.position, Participation.id)
    )  # fmt: skip
    fields = _fields(ConsultationTaskField, ConsultationTaskField.consultation_id, ids)
    team = _lists(
        select(ConsultationStaff.consultation_id, ConsultationStaff.user_id)
        .where(ConsultationStaff.consultation_id.in_(ids))
        .order_by(ConsultationStaff.user_id)
    )
    there = _lists(
        select(Participation.consultation_id, Person.first_name, Person.last_name)
        .join(ParticipationPerson, ParticipationPerson.participation_id == Participation.id)
        .join(Person, Person.id == ParticipationPerson.person_id)
        .where(Participation.consultation_id.in_(ids))
        .order_by(ParticipationPerson.id)
    )
    rows = db.session.execute(select(*_TALK).where(Consultation.id.in_(ids))).all()
    expect(*(text for row in rows for text in (row.note, row.agreements, row.next_step)))
    return [_talk(row, parties[row.id], fields[row.id], team[row.id], there[row.id]) for row in rows]


def _talk(row: Any, parties: list[Any], fields: list[Any], team: list[Any], there: list[Any]) -> Made:
    talk = Talk(row.id, row.held_on, row.kind, row.state, row.confidential, row.note)
    talk.places = [one.organisation_name for one in parties]
    talk.task_fields = [Work(one.name) for one in fields]
    state = "" if row.state is ConsultationState.HELD else f" · {row.state.label}"
    people = [full_name(one.first_name, one.last_name) for one in there]
    details = [part for one in parties for part in (one.role, one.represented_by)]
    about = fold(" ".join([*(one.name for one in fields), str(row.kind.label), str(row.channel.label)]))
    return Made(
        EntryKind.CONSULTATION, row.id, row.version, talk.about or talk.heading,
        f"{talk.heading}{state}", row.held_on,
        weight=int(row.state is ConsultationState.CANCELLED), confidential=row.confidential,
        staff=[one.user_id for one in team], task_fields=[one.task_field_id for one in fields],
        names=talk.places or [talk.heading], keys=[row.file_reference] if row.file_reference else [],
        context=about,
        text=said(
            *(named(text) for text in (row.note, row.agreements, row.next_step)),
            row.place, ", ".join(people), *details,
        ),
    )  # fmt: skip


def groups(ids: Sequence[int]) -> list[Made]:
    """Describe groups with their partners and task fields."""
    partners = _lists(
        select(Partner.cooperation_id, Partner.organisation_name, Partner.step)
        .where(Partner.cooperation_id.in_(ids))
        .order_by(Partner.position, Partner.id)
    )
    fields = _fields(CooperationTaskField, CooperationTaskField.cooperation_id, ids)
    # What was released of a group is found with it, as long as it is not taken back.
    released = (PracticeExample.cooperation_id == Cooperation.id) & PracticeExample.withdrawn_at.is_(None)
    query = select(*_GROUP).select_from(Cooperation).outerjoin(PracticeExample, released)
    rows = db.session.execute(query.where(Cooperation.id.in_(ids)))
    return [_group(row, partners[row.id], fields[row.id]) for row in rows]


def _group(row: Any, partners: list[Any], fields: list[Any]) -> Made:
    places = [one.organisation_name for one in partners if one.step not in EXITS]
    shown = ", ".join(places[:4]) + (f" + {len(places) - 4}" if len(places) > 4 else "")
    lively = row.stage in IN_PROGRESS or row.stage is Stage.RUNNING
    return Made(
        EntryKind.COOPERATION, row.id, row.version, row.title,
        " · ".join(part for part in (shown, str(row.stage.label)) if part), row.stage_since,
        weight=int(not lively), staff=[row.adviser_id] if row.adviser_id else [],
        task_fields=[one.task_field_id for one in fields], names=[row.title],
        context=row.search_text, keys=[row.file_reference] if row.file_reference else [],
        text=said(
            row.note, row.legal_form_note, row.termination, row.halt_reason, row.example, row.summary,
        ),
        sort_key=row.sort_key,
    )  # fmt: skip


def promises(ids: Sequence[int]) -> list[Made]:
    """Describe follow-ups."""
    query = select(*_PROMISE).select_from(FollowUp).outerjoin(FollowUp.organisation)
    rows = db.session.execute(query.outerjoin(FollowUp.person).where(FollowUp.id.in_(ids)))
    return [_promise(row) for row in rows]


def _promise(row: Any) -> Made:
    person = full_name(row.first_name, row.last_name)
    about = list(dict.fromkeys(part for part in (row.about, row.place, person) if part))
    done = row.state is FollowUpState.DONE
    state = str(row.state.label) if done else _("due on %(day)s", day=in_words(row.due_on))
    return Made(
        EntryKind.FOLLOW_UP, row.id, row.version, row.text, " · ".join([*about, state]), row.due_on,
        weight=int(done), confidential=row.confidential, staff=[row.owner_id],
        names=[row.text], context=fold(" ".join(about)), text=row.waiting_for or "",
    )  # fmt: skip


def _lists(query: Any) -> dict[int, list[Any]]:
    """Rows by their first column."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row[0]].append(row)
    return found


def _fields(link: Any, owner: Any, ids: Sequence[int]) -> dict[int, list[Any]]:
    query = select(owner, link.task_field_id, TaskField.name)
    query = query.join(TaskField, TaskField.id == link.task_field_id).where(owner.in_(ids))
    return _lists(query.order_by(TaskField.name, TaskField.id))
