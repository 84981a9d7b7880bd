"""What the handover page says of talks: the last ones, what was agreed, what is promised.

Everything is asked in the name of an outsider; notes, private or not, are read nowhere here. Internal talks
stay in the house with what hangs on them.
"""

from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlalchemy.orm import selectinload

from crm.consultations import queries as consultations
from crm.consultations.models import (
    COUNTED,
    Consultation,
    ConsultationKind,
    ConsultationState,
    Participation,
    ParticipationPerson,
)
from crm.db import db
from crm.elections.handover.items import Item, Known, Part
from crm.elections.outside import OUTSIDE
from crm.follow_ups import queries as follow_ups
from crm.i18n import day
from crm.naming import named

TALKS = 5


def _took_part(organisation_id: int) -> ColumnElement[bool]:
    return Participation.presence.in_(COUNTED) & (Participation.organisation_id == organisation_id)


def last(organisation_id: int) -> list[Consultation]:
    """The last talks an outsider may hear of, with the people of this Kommune only."""
    took_part = _took_part(organisation_id)
    query = (
        consultations.visible_to(OUTSIDE)
        .where(
            Consultation.state == ConsultationState.HELD,
            Consultation.kind != ConsultationKind.INTERNAL,
            Consultation.participations.any(took_part),
        )
        .order_by(Consultation.held_on.desc(), Consultation.id.desc())
        .options(
            selectinload(Consultation.task_fields), selectinload(Consultation.staff),
            selectinload(Consultation.participations.and_(took_part))
            .load_only(Participation.organisation_id, Participation.presence)
            .joinedload(Participation.people).joinedload(ParticipationPerson.person),
        )
    )  # fmt: skip
    return list(db.session.scalars(query.limit(TALKS)))


def promises(known: Known) -> Part:
    """Open follow-ups that concern the Kommune."""
    talks = consultations.ids_of_organisation(OUTSIDE, known.place.id)
    found = follow_ups.open_for_organisation(OUTSIDE, known.place.id, talks)
    own = [one.consultation_id for one in found if one.consultation_id and one.organisation_id]
    common = [one.consultation_id for one in found if one.consultation_id and not one.organisation_id]
    # What was promised to all of a talk is told to who was there.
    heard, there = _told(own), _told(common, _took_part(known.place.id))
    items = [
        Item(f"zusage-{one.id}", [one.text, day(one.due_on)])
        for one in found
        if one.election_id is None
        and (one.consultation_id is None or one.consultation_id in (heard if one.organisation_id else there))
    ]
    columns = [_("What is to be done?"), _("Until")]
    return Part("zusage", _("Open promises"), columns, [6, 2], items, _("Nothing is open."))


def _told(talk_ids: list[int], took_part: ColumnElement[bool] | None = None) -> set[int]:
    """Those of some talks an outsider may hear of: what hangs on others stays in the house with them."""
    query = consultations.visible_to(OUTSIDE).where(
        Consultation.id.in_(talk_ids), Consultation.kind != ConsultationKind.INTERNAL
    )
    if took_part is not None:
        query = query.where(Consultation.participations.any(took_part))
    return set(db.session.scalars(query.with_only_columns(Consultation.id))) if talk_ids else set()


def agreements(known: Known) -> Part:
    """What was agreed in the last talks."""
    items = []
    for talk in known.talks:
        said = ((_("Agreed"), talk.agreements), (_("Next step"), talk.next_step))
        if texts := [f"{label}: {named(text)}" for label, text in said if text]:
            cells = [f"{day(talk.held_on)}\n{talk.heading}", "\n".join(texts)]
            items.append(Item(f"absprache-{talk.id}", cells))
    columns = [_("Talk"), _("What was agreed")]
    return Part("absprache", _("Agreements of the last talks"), columns, [2, 5], items, _("None was noted."))


def held(known: Known) -> Part:
    """The last talks: day, topic, and who was there for the Kommune."""
    items = [
        Item(
            f"gespraech-{talk.id}",
            [day(talk.held_on), talk.heading, "\n".join(_people(talk, known.place.id)) or "–"],
        )
        for talk in known.talks
    ]
    columns = [_("Day"), _("Topic"), _("Who took part for you")]
    return Part("gespraech", _("The last talks"), columns, [2, 4, 4], items, _("There was none yet."))


def _people(talk: Consultation, organisation_id: int) -> list[str]:
    """Who was there for this Kommune, in the function of that day.

    A talk the session knows already may hold the others, too: what was loaded is not what may be told.
    """
    found = []
    for row in talk.participations:
        if row.organisation_id != organisation_id:
            continue
        for who in row.people:
            name = who.person.name if who.person and not who.person.removed_at else _("removed person")
            found.append(f"{name} ({who.function_called})" if who.function_called else name)
    return found
