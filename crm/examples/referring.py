"""Referred (Verwiesen): a talk named who has done it before. Seen on both sides, and counted."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload

from crm import audit
from crm.consultations.models import Consultation, Participation
from crm.consultations.queries import visible_to
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.errors import RuleBroken
from crm.examples.models import Referral

MOST = 100


def refer(talk: Consultation, group: Cooperation, by: Any) -> bool:
    """Note that who asked in a talk was referred to a group; tell whether that is new.

    Raises RuleBroken where the talk is about that very group, for nobody is referred to oneself.
    """
    if talk.cooperation_id == group.id:
        raise RuleBroken(_("This talk is about that very cooperation."))
    made = Referral(consultation_id=talk.id, cooperation_id=group.id, made_by_id=getattr(by, "id", None))
    made.consultation = talk
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return False
    audit.record("consultation.referred", talk, by, referrals=(None, group.title))
    return True


def take_back(referral: Referral, by: Any) -> None:
    """Take a referral out that was noted by mistake; the history of the talk keeps it."""
    talk, title = referral.consultation, referral.cooperation.title
    db.session.delete(referral)
    db.session.flush()
    audit.record("consultation.referral-taken-back", talk, by, referrals=(title, None))


def one(user: Any, referral_id: int) -> Referral | None:
    """Load a referral of a talk this user may see, to a group that is not in the trash."""
    talks = visible_to(user).with_only_columns(Consultation.id)
    query = select(Referral).join(Referral.cooperation)
    query = query.where(Referral.id == referral_id, Referral.consultation_id.in_(talks))
    return db.session.scalar(
        query.options(joinedload(Referral.consultation), contains_eager(Referral.cooperation))
    )


def of_talk(consultation_id: int) -> list[Any]:
    """Whom a talk named: number of the referral, number and title of the group, the oldest first."""
    query = select(Referral.id, Cooperation.id.label("group_id"), Cooperation.title, Cooperation.stage)
    query = query.join(Referral.cooperation).where(
        Referral.consultation_id == consultation_id, Cooperation.removed_at.is_(None)
    )
    return list(db.session.execute(query.order_by(Referral.id).limit(MOST)))


def to_group(user: Any, cooperation_id: int) -> list[Referral]:
    """Who was referred to a group, as far as this user may see the talks; the newest first."""
    talks = visible_to(user).with_only_columns(Consultation.id)
    query = (
        select(Referral)
        .join(Referral.consultation)
        .where(Referral.cooperation_id == cooperation_id, Consultation.id.in_(talks))
        .options(
            contains_eager(Referral.consultation)
            .selectinload(Consultation.participations)
            .load_only(
                Participation.organisation_id, Participation.organisation_name, Participation.position
            ),
            contains_eager(Referral.consultation).selectinload(Consultation.task_fields),
        )
        .order_by(Consultation.held_on.desc(), Referral.id.desc())
    )
    return list(db.session.scalars(query.limit(MOST)))
