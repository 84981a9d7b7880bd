"""What a talk does for its group: it moves the stage, and partners report in it how far they are."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from crm import audit
from crm.consultations import queries
from crm.consultations.models import Channel, Consultation, ConsultationState
from crm.cooperations import partners
from crm.cooperations import queries as cooperations
from crm.cooperations.kinds import Step, StepSource
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.cooperations.services import note
from crm.db import db, now
from crm.errors import RuleBroken
from crm.follow_ups import services as follow_ups

SOURCES = {Channel.PHONE: StepSource.CALL, Channel.MAIL: StepSource.MAIL}


def check(values: dict[str, Any], parties: list[Any], state: ConsultationState, old: int | None) -> None:
    """Refuse a group that is none, and a step that this talk cannot report; `old` is the group so far.

    A field named step-7 is that in the row of organisation 7.
    """
    number = values.get("cooperation_id")
    alive = bool(number) and _exists(number)
    if number and number != old and not alive:
        raise RuleBroken(_("Choose a cooperation from the suggestions."), "cooperation")
    told = [party for party in parties if party.step]
    if not told:
        return
    if not alive:
        raise RuleBroken(_("A step is to be reported. Choose the cooperation it belongs to."), "cooperation")
    reason = _why_not(state, bool(values.get("confidential")))
    if reason:
        raise RuleBroken(reason, f"step-{told[0].organisation_id}")


def _exists(number: Any) -> bool:
    return db.session.scalar(select(Cooperation.id).where(Cooperation.id == number)) is not None


def _why_not(state: ConsultationState, confidential: bool) -> str:
    """Everybody sees the step with its day; so what does not exist for everybody reports none."""
    if state is not ConsultationState.HELD:
        return _("A step is reported once the talk has taken place. Leave it empty until then.")
    if confidential:
        return _(
            "Everybody would see the step with its day and so the confidential talk. "
            "Report it on the page of the cooperation instead."
        )
    return ""


def follow(consultation: Consultation, parties: list[Any], by: Any, before: int | None = None) -> None:
    """Report the steps chosen in a talk, and let its group (and the one `before`) know of it."""
    _report(consultation, {party.organisation_id: party.step for party in parties if party.step}, by)
    note_talks(consultation.cooperation_id, before)


def note_talks(*cooperation_ids: int | None) -> None:
    """Let groups, removed ones too, know the day of their first held talk that everybody may see."""
    for number in sorted({one for one in cooperation_ids if one}):
        day = queries.first_open_day(number)
        known = select(Cooperation.talked_on).where(Cooperation.id == number)
        if db.session.scalar(known.execution_options(include_removed=True)) != day:
            note(_whole(number), talked_on=day)


def _whole(number: int) -> Cooperation:
    query = select(Cooperation).where(Cooperation.id == number).options(*cooperations.WHOLE)
    return db.session.scalars(query.execution_options(include_removed=True)).one()


def _report(consultation: Consultation, told: dict[int, Step], by: Any) -> None:
    if not told or not consultation.cooperation_id:
        return
    group = _whole(consultation.cooperation_id)
    known = {one.organisation_id: one for one in group.partners}
    for place, step in told.items():
        values = {
            "step": step,
            "reached_on": consultation.held_on,
            "source": SOURCES.get(consultation.channel, StepSource.TALK),
            "note": None,
        }
        if place not in known:
            joined = partners.add(group, values | {"organisations": [place]}, by)
            joined[0].steps[0].consultation_id = consultation.id
        elif not _is_told(known[place], consultation, step):
            partners.report_step(known[place], values | {"consultation_id": consultation.id}, by)
    db.session.flush()


def _is_told(partner: Partner, consultation: Consultation, step: Step) -> bool:
    """Tell whether this talk reported that step of that day before."""
    return any(
        one.consultation_id == consultation.id and one.step is step and one.reached_on == consultation.held_on
        for one in partner.steps
    )


def told_in(consultation_id: int) -> list[PartnerStep]:
    """The steps reported in a talk, with their partners, in the order they were told."""
    query = (
        select(PartnerStep)
        .join(PartnerStep.partner)
        .where(PartnerStep.consultation_id == consultation_id)
        .options(contains_eager(PartnerStep.partner))
        .order_by(PartnerStep.id)
    )
    return list(db.session.scalars(query))


def _is_open(consultation: Consultation) -> bool:
    """Tell whether everybody may know of a talk that took place."""
    return consultation.state is ConsultationState.HELD and not consultation.confidential


def loose(consultation: Consultation) -> dict[int, str]:
    """Name by number the steps told in a talk that it could not tell as it is now; their groups keep them."""
    gone = bool(consultation.removed_at) or not _is_open(consultation)
    inside = {one.organisation_id for one in consultation.participations}
    return {
        step.id: f"{step.partner.organisation_name} ({step.step.label})"
        for step in told_in(consultation.id)
        if gone
        or step.partner.cooperation_id != consultation.cooperation_id
        or step.partner.organisation_id not in inside
    }


def correct_days(consultation: Consultation, day_before: date, by: Any) -> None:
    """Let the steps reported in an open talk follow its day, where nobody gave them another."""
    if consultation.held_on == day_before or not _is_open(consultation):
        return
    inside = {one.organisation_id for one in consultation.participations}
    for number in sorted({one.partner.cooperation_id for one in told_in(consultation.id)}):
        steps = [
            step for one in _whole(number).partners if one.organisation_id in inside for step in one.steps
        ]
        for step in steps:
            if step.consultation_id == consultation.id and step.reached_on == day_before:
                kept = {"source": step.source, "note": step.note}
                partners.correct_step(step, kept | {"reached_on": consultation.held_on}, by)


def kept_group(consultation: Consultation, values: dict[str, Any]) -> int | None:
    """The group a changed talk belongs to; one in the trash cannot be seen in the form and stays."""
    wanted: int | None = values.get("cooperation_id", consultation.cooperation_id)
    before = consultation.cooperation_id
    return before if wanted is None and before and not _exists(before) else wanted


def join(consultation: Consultation, group: Cooperation, by: Any) -> None:
    """Let a talk belong to the group that was begun from it."""
    before = consultation.cooperation_id
    if before == group.id:
        return
    consultation.cooperation, consultation.updated_at = group, now()
    db.session.flush()
    audit.record("consultation.changed", consultation, by, cooperation_id=(before, group.id))
    tell_follow_ups(consultation)
    note_talks(before, group.id)


def tell_follow_ups(consultation: Consultation) -> None:
    """Let the follow-ups of a talk know what they need of it."""
    follow_ups.follow_talk(
        consultation.id,
        {
            "confidential": consultation.confidential,
            "about": consultation.about,
            "cooperation_id": consultation.cooperation_id,
        },
    )
