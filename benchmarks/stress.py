"""A database as it looks after many busy years: 20,000 talks with some 80,000 participations."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import load_only

from crm.accounts.models import User
from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationStaff,
    ConsultationState,
    ConsultationTaskField,
    Participation,
    Presence,
)
from crm.db import db, today
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.organisations.models import KOMMUNEN, Organisation
from crm.task_fields.models import TaskField

TALKS, YEARS, BUSY = 20_000, 10, 500
NOTE = "Die Beteiligten berichten vom Stand. Offen sind die Kosten, der Zeitplan und die Federführung. " * 6


def fill(author: User, number: int = TALKS, seed: int = 1) -> int:
    """Store talks in bulk, `BUSY` of them with the first Kommune; give the number of that Kommune."""
    dice = random.Random(seed)
    places = list(
        db.session.scalars(
            select(Organisation)
            .where(Organisation.level.in_(KOMMUNEN), Organisation.valid_to.is_(None))
            .options(load_only(Organisation.id, Organisation.name))
            .order_by(Organisation.id)
        )
    )
    fields = list(db.session.scalars(select(TaskField.id).order_by(TaskField.id)))
    talks = [_talk(dice, one, author) for one in range(1, number + 1)]
    _store(Consultation, talks)
    parties = [row for talk in talks for row in _parties(dice, talk["id"], places)]
    _store(Participation, parties)
    _store(ConsultationStaff, [{"consultation_id": talk["id"], "user_id": author.id} for talk in talks])
    named = [{"consultation_id": talk["id"], "task_field_id": dice.choice(fields)} for talk in talks]
    _store(ConsultationTaskField, named)
    _store(FollowUp, [_promise(dice, talk, author) for talk in talks[::4]])
    return places[0].id


def _store(model: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 5000):
        db.session.execute(insert(model.__table__), rows[start : start + 5000])


def _talk(dice: random.Random, number: int, author: User) -> dict[str, Any]:
    return {
        "id": number,
        "version": 1,
        "held_on": today() - timedelta(days=dice.randrange(YEARS * 365)),
        "kind": dice.choice(list(ConsultationKind)),
        "channel": dice.choice(list(Channel)),
        "state": ConsultationState.HELD,
        "confidential": dice.random() < 0.03,
        "note": NOTE,
        "duration_minutes": dice.choice((None, 30, 60, 90, 120)),
        "preparation_minutes": dice.choice((None, 15, 30)),
        "travel_minutes": dice.choice((None, 60)),
        "created_by_id": author.id,
    }


def _parties(dice: random.Random, talk: int, places: list[Organisation]) -> list[dict[str, Any]]:
    chosen = dice.sample(places[1:], dice.randrange(1, 8))
    if talk <= BUSY:
        chosen[0] = places[0]
    return [
        {
            "version": 1,
            "consultation_id": talk,
            "organisation_id": place.id,
            "organisation_name": place.name,
            "position": position,
            "presence": dice.choice((*[Presence.PRESENT] * 4, *Presence)),
        }
        for position, place in enumerate(chosen)
    ]


def _promise(dice: random.Random, talk: dict[str, Any], author: User) -> dict[str, Any]:
    return {
        "version": 1,
        "text": "Kostentabelle anfragen",
        "due_on": talk["held_on"] + timedelta(days=dice.randrange(60)),
        "owner_id": author.id,
        "state": FollowUpState.DONE if dice.random() < 0.99 else FollowUpState.OPEN,
        "confidential": talk["confidential"],
        "consultation_id": talk["id"],
    }
