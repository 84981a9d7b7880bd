"""What is done with talks, and what is forbidden. Check, then change, then record."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit, records
from crm.accounts.models import User
from crm.consultations import attendance, groups, queries
from crm.consultations import counted as _counted  # noqa: F401 closed quarters watch over what counts
from crm.consultations import naming as _naming  # noqa: F401 who is named follows the texts
from crm.consultations.ahead import lies_ahead
from crm.consultations.groups import join
from crm.consultations.models import (
    Consultation,
    ConsultationKind,
    ConsultationState,
    Participation,
    Presence,
)
from crm.cooperations.kinds import Step
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.fields import NOTE
from crm.follow_ups import services as follow_ups
from crm.follow_ups.models import FollowUp
from crm.organisations import queries as organisations
from crm.organisations.existing import refuse_unless_existing
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField

COLUMNS = {
    "held_on", "starts_at", "kind", "channel", "place", "confidential", "file_reference", "note",
    "agreements", "next_step", "duration_minutes", "preparation_minutes", "travel_minutes", "follows_id",
    "cooperation_id",
}  # fmt: skip
__all__ = ["join"]


@dataclass
class Party:
    """One organisation of a talk as somebody typed it."""

    organisation_id: int
    presence: Presence = Presence.PRESENT
    represented_by: str | None = None
    role: str | None = None
    people: list[int] = field(default_factory=list)
    new_people: list[str] = field(default_factory=list)
    answers: dict[str, int | None] = field(default_factory=dict)
    private_note: str | None = None
    follow_up_on: date | None = None
    follow_up_text: str | None = None
    step: Step | None = None


def log_consultation(values: dict[str, Any], parties: list[Party], by: Any) -> Consultation:
    """Record a talk with its parties and follow-ups, and the steps its partners reported.

    `values` holds the columns plus `staff` and `task_fields` (numbers) and optionally `follow_up_on`,
    `follow_up_text`, `follow_up_owner`. What lies ahead is planned. Raises RuleBroken.
    """
    ahead = lies_ahead(values["held_on"], values.get("starts_at"))
    state = ConsultationState.PLANNED if ahead else ConsultationState.HELD
    named = _check(values, parties, by, None)
    groups.check(values, parties, state, None)
    consultation = Consultation(
        **{name: values.get(name) for name in COLUMNS if name != "confidential"},
        confidential=bool(values.get("confidential")),
        state=state,
        created_by_id=by.id,
    )
    db.session.add(consultation)
    _connect(consultation, values)
    _set_parties(consultation, parties, named, by)
    more = {
        "organisations": (None, list(named.values())),
        "staff": (None, [one.name for one in consultation.staff]),
    }
    audit.record("consultation.logged", consultation, by, **more)
    _plan_follow_ups(consultation, values, parties, by)
    groups.follow(consultation, parties, by)
    return consultation


def change_consultation(
    consultation: Consultation, values: dict[str, Any], parties: list[Party], by: Any
) -> None:
    """Change a talk and its parties; new follow-ups are added, existing ones stay."""
    values = values | {"cooperation_id": groups.kept_group(consultation, values)}
    parties = _who_came(consultation, values, parties)
    state, named = _state_after(consultation, values), _check(values, parties, by, consultation)
    groups.check(values, parties, state, consultation.cooperation_id)
    before, hidden = _outline(consultation), _personal(consultation)
    day_before, group_before = consultation.held_on, consultation.cooperation_id
    for name in COLUMNS & values.keys():
        if getattr(consultation, name) != values[name]:
            setattr(consultation, name, values[name])
    consultation.state = state
    changed = audit.difference(consultation)
    _connect(consultation, values)
    _set_parties(consultation, parties, named, by)
    if consultation.held_on != day_before or consultation.state is ConsultationState.PLANNED:
        attendance.call_anew(consultation)
    consultation.updated_at = now()
    after = _outline(consultation)
    more = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    touched = [place for place, held in _personal(consultation).items() if hidden.get(place, held) != held]
    more |= {"parties": [None, touched]} if touched else {}
    audit.record("consultation.changed", consultation, by, **(changed | more))
    groups.tell_follow_ups(consultation)
    groups.correct_days(consultation, day_before, by)
    _plan_follow_ups(consultation, values, parties, by)
    groups.follow(consultation, parties, by, group_before)


def add_to_note(consultation: Consultation, text: str, by: Any) -> None:
    """Write something below the note of a talk; nothing of it is replaced. Raises RuleBroken."""
    whole = "\n\n".join(part for part in (consultation.note, text) if part)
    if len(whole) > NOTE:
        raise RuleBroken(_("The note of this talk is full. Log the rest as a talk of its own."), "text")
    consultation.note = whole
    audit.record("consultation.changed", consultation, by)


def _state_after(consultation: Consultation, values: dict[str, Any]) -> ConsultationState:
    wanted: ConsultationState = values.get("state") or consultation.state
    if values["held_on"] > today() and wanted is ConsultationState.HELD:
        if consultation.state is ConsultationState.HELD and not values.get("state"):
            return ConsultationState.PLANNED
        raise RuleBroken(_("The day lies after today. Choose “planned” for a talk to come."), "held_on")
    return wanted


def _outline(consultation: Consultation) -> dict[str, Any]:
    return {
        "organisations": [
            f"{one.organisation_name}: {one.presence.label}" for one in consultation.participations
        ],
        "staff": [one.name for one in consultation.staff],
        "task_fields": [one.name for one in consultation.task_fields],
    }


def _personal(consultation: Consultation) -> dict[str, Any]:
    """What single organisations hold that the audit may name but never store."""
    return {
        one.organisation_name: (
            one.private_note, one.represented_by, one.role, sorted(who.person_id for who in one.people)
        )
        for one in consultation.participations
    }  # fmt: skip


def _check(values: dict[str, Any], parties: list[Party], by: Any, old: Consultation | None) -> dict[int, str]:
    """Refuse what cannot be; give the names of the organisations as on the day."""
    if not parties:
        raise RuleBroken(_("Add at least one municipality."), "organisations")
    if values["kind"] is ConsultationKind.SINGLE and len(parties) > 1:
        raise RuleBroken(
            _("A single talk has one municipality. Choose “Group talk” or remove the others."), "kind"
        )
    _check_thread(values.get("follows_id"), by, old)
    if bool(values.get("follow_up_on")) != bool(values.get("follow_up_text")):
        missing = "follow_up_text" if values.get("follow_up_on") else "follow_up_on"
        raise RuleBroken(_("A follow-up needs a day and a text."), missing)
    known = {one.id: one for one in queries.organisations_of([party.organisation_id for party in parties])}
    return {
        party.organisation_id: _name_that_day(party, known.get(party.organisation_id), values["held_on"])
        for party in parties
    }


def _check_thread(follows_id: int | None, by: Any, old: Consultation | None) -> None:
    """A talk follows one that its writer may see, and never itself, not even by way of others."""
    if not follows_id or (old is not None and old.follows_id == follows_id):
        return
    chain = queries.chain_before(follows_id)
    if not queries.sees(by, follows_id) or (old is not None and old.id in chain):
        raise RuleBroken(_("Choose an earlier talk from the list."), "follows_id")


def _name_that_day(party: Party, organisation: Organisation | None, day: date) -> str:
    if organisation is None:
        raise RuleBroken(_("This municipality is not in the register."), "organisations")
    refuse_unless_existing(organisation, day, "organisations")
    if party.presence is Presence.REPRESENTED and not (
        party.represented_by or party.people or party.new_people
    ):
        raise RuleBroken(_("Enter who represented %(name)s.", name=organisation.name), "organisations")
    if bool(party.follow_up_on) != bool(party.follow_up_text):
        message = _("The follow-up for %(name)s needs a day and a text.", name=organisation.name)
        raise RuleBroken(message, "organisations")
    return organisations.name_on(organisation, day)


def _connect(consultation: Consultation, values: dict[str, Any]) -> None:
    staff, fields = values.get("staff") or [], values.get("task_fields") or []
    consultation.staff = list(db.session.scalars(select(User).where(User.id.in_(staff)).order_by(User.name)))
    consultation.task_fields = list(
        db.session.scalars(select(TaskField).where(TaskField.id.in_(fields)).order_by(TaskField.name))
    )


def _set_parties(consultation: Consultation, parties: list[Party], named: dict[int, str], by: Any) -> None:
    old = {one.organisation_id: one for one in consultation.participations}
    for gone in [one for number, one in old.items() if number not in named]:
        if gone.private_note:
            message = _(
                "There is a private note about %(name)s. Empty it first.", name=gone.organisation_name
            )
            raise RuleBroken(message, "organisations")
        consultation.participations.remove(gone)
    for position, party in enumerate(parties):
        row = old.get(party.organisation_id)
        if row is None:
            row = Participation(organisation_id=party.organisation_id)
            consultation.participations.append(row)
        row.organisation_name, row.position = named[party.organisation_id], position
        row.presence, row.role = party.presence, party.role
        # Whoever was there, or excused, was not represented: a form that hides the field may still send it.
        row.represented_by = party.represented_by if party.presence is Presence.REPRESENTED else None
        row.private_note = party.private_note
        attendance.set_people(row, party, consultation.held_on, by)


def _plan_follow_ups(
    consultation: Consultation, values: dict[str, Any], parties: list[Party], by: Any
) -> None:
    common = {
        "consultation_id": consultation.id,
        "confidential": consultation.confidential,
        "about": consultation.about,
        "cooperation_id": consultation.cooperation_id,
    }
    owner = values.get("follow_up_owner") or by.id
    if values.get("follow_up_on"):
        due = {"text": values["follow_up_text"], "due_on": values["follow_up_on"], "owner_id": owner}
        follow_ups.create(common | due, by)
    for party in parties:
        if party.follow_up_on:
            due = {"text": party.follow_up_text, "due_on": party.follow_up_on, "owner_id": owner}
            follow_ups.create(common | due | {"organisation_id": party.organisation_id}, by)


def _who_came(consultation: Consultation, values: dict[str, Any], parties: list[Party]) -> list[Party]:
    """Who was invited counts as present once a planned talk took place, as `mark_held` has it."""
    was, wanted = consultation.state, values.get("state")
    if was is not ConsultationState.PLANNED or wanted is not ConsultationState.HELD:
        return parties
    came = {Presence.INVITED: Presence.PRESENT}
    return [replace(one, presence=came.get(one.presence, one.presence)) for one in parties]


def mark_held(consultation: Consultation, by: Any) -> None:
    """Say that a planned talk took place: it counts from now on, and who was invited counts as present."""
    if consultation.state is ConsultationState.HELD:
        return
    if consultation.held_on > today():
        raise RuleBroken(_("This talk lies ahead. Change its day first."))
    consultation.state = ConsultationState.HELD
    attendance.call_anew(consultation)
    for row in consultation.participations:
        row.presence = Presence.PRESENT if row.presence is Presence.INVITED else row.presence
    audit.record("consultation.held", consultation, by)
    groups.note_talks(consultation.cooperation_id)


def cancel(consultation: Consultation, by: Any) -> None:
    """Say that a talk did not take place; it stays on record and never counts."""
    if consultation.state is not ConsultationState.CANCELLED:
        consultation.state = ConsultationState.CANCELLED
        audit.record("consultation.cancelled", consultation, by)
        groups.note_talks(consultation.cooperation_id)


def remove(consultation: Consultation, by: Any) -> None:
    """Put a talk and its follow-ups into the trash together."""
    query = select(FollowUp).where(FollowUp.consultation_id == consultation.id)
    records.remove([consultation, *db.session.scalars(query)], by, "consultation.removed")
    groups.note_talks(consultation.cooperation_id)


def removed(consultation_id: int, by: Any) -> Consultation | None:
    """Find a removed talk that this user may see."""
    hidden = queries.visible_to(by).where(
        Consultation.id == consultation_id, Consultation.removed_at.is_not(None)
    )
    return db.session.scalar(hidden.execution_options(include_removed=True))


def restore(consultation: Consultation, by: Any) -> None:
    """Take a removed talk back with everything that went with it."""
    same = select(FollowUp).where(FollowUp.removal == consultation.removal)
    gone = list(db.session.scalars(same.execution_options(include_removed=True)))
    records.restore([consultation, *gone], by, "consultation.restored")
    groups.note_talks(consultation.cooperation_id)
