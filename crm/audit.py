"""What changed, when, and who did it. Values of personal and free-text columns are named, never stored."""

import enum
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, ForeignKey, Index, String, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from crm.db import Model, db, now

EVENTS: dict[str, Any] = {
    "user.created": _l("Account created"),
    "user.changed": _l("Account changed"),
    "user.locked": _l("Account locked"),
    "user.unlocked": _l("Account unlocked"),
    "user.password-reset": _l("One-time password issued"),
    "user.password-changed": _l("Password changed"),
    "user.settings-changed": _l("Settings changed"),
    "user.password-renewed": _l("New password set by a link in a mail"),
    "mail.withdrawn": _l("Mail taken out of the outbox"),
    "mail.retried": _l("Mail tried once more"),
    "user.feeds-renewed": _l("New addresses for the calendars"),
    "person.created": _l("Person added"),
    "person.changed": _l("Person changed"),
    "person.removed": _l("Person removed"),
    "person.restored": _l("Person restored"),
    "person.disclosed": _l("Access given: all that is kept about the person"),
    "privacy.restricted": _l("Restricted: out of sight"),
    "privacy.lifted": _l("Restriction lifted"),
    "privacy.offered": _l("Offered to the archive"),
    "privacy.released": _l("Decision of the archive noted"),
    "privacy.erased": _l("Personal data erased"),
    "privacy.seen": _l("Restricted person looked at"),
    "privacy.guest-disclosed": _l("Access given to a guest"),
    "person.merged": _l("Merged with a double"),
    "person.unmerged": _l("Merge undone"),
    "person.told-apart": _l("Said to be somebody else than a namesake"),
    "person.doubted": _l("May be a double again"),
    "body.told-apart": _l("Said to be another body than one like it"),
    "body.doubted": _l("May be a double again"),
    "body.merged": _l("Merged with a double"),
    "body.unmerged": _l("Merge undone"),
    "function.created": _l("Function added"),
    "function.changed": _l("Function changed"),
    "function.handed-over": _l("Function handed over"),
    "function.removed": _l("Function removed"),
    "function.restored": _l("Function restored"),
    "boundary.loaded": _l("Boundary taken over"),
    "boundary.replaced": _l("Boundary replaced"),
    "organisation.register": _l("Official register taken over"),
    "organisation.added-elsewhere": _l("Place outside Hessen added"),
    "body.created": _l("Body added"),
    "body.changed": _l("Body changed"),
    "body.renamed": _l("Body renamed"),
    "body.supervised": _l("Supervisory authority set"),
    "body.unsupervised": _l("Computed authority holds again"),
    "body.members-added": _l("Members added"),
    "body.member-changed": _l("Membership changed"),
    "body.member-removed": _l("Mistaken membership removed"),
    "office.changed": _l("Settings of the office changed"),
    "task-field.created": _l("Task field added"),
    "task-field.changed": _l("Task field changed"),
    "cooperation.created": _l("Cooperation added"),
    "cooperation.changed": _l("Cooperation changed"),
    "cooperation.halted": _l("Cooperation set aside"),
    "cooperation.resumed": _l("Cooperation resumed"),
    "cooperation.removed": _l("Cooperation removed"),
    "cooperation.restored": _l("Cooperation restored"),
    "cooperation.partners-added": _l("Partners added"),
    "cooperation.partner-changed": _l("Role of a partner changed"),
    "cooperation.partner-removed": _l("Mistaken partner removed"),
    "partner.advanced": _l("Step of a partner reported"),
    "partner.corrected": _l("Step of a partner corrected"),
    "partner.step-taken-back": _l("Mistaken step taken back"),
    "resolution.recorded": _l("Resolution recorded"),
    "resolution.changed": _l("Resolution changed"),
    "resolution.removed": _l("Mistaken resolution removed"),
    "document.attached": _l("Document attached"),
    "document.removed": _l("Document removed"),
    "document.shown": _l("Document given to guests"),
    "document.hidden": _l("Document taken back from guests"),
    "study.recorded": _l("Study recorded"),
    "study.changed": _l("Study changed"),
    "study.removed": _l("Mistaken study removed"),
    "approval.recorded": _l("Approval or notice recorded"),
    "approval.changed": _l("Approval or notice changed"),
    "approval.removed": _l("Mistaken approval or notice removed"),
    "funding.rules-created": _l("Funding rules added"),
    "funding.rules-changed": _l("Funding rules changed"),
    "funding.judged": _l("Funding conditions judged"),
    "funding.costs-changed": _l("Cost table changed"),
    "funding.application-recorded": _l("Application recorded"),
    "funding.application-changed": _l("Application changed"),
    "funding.application-removed": _l("Mistaken application removed"),
    "funding.station-reported": _l("Station of the application reported"),
    "funding.station-removed": _l("Mistaken station removed"),
    "funding.paper-changed": _l("Paper of the application changed"),
    "funding.obligation-recorded": _l("Obligation recorded"),
    "funding.obligation-changed": _l("Obligation changed"),
    "funding.obligation-removed": _l("Mistaken obligation removed"),
    "import.taken-over": _l("Taken over by an import"),
    "import.undone": _l("Import undone"),
    "import.answered": _l("Question about a list decided"),
    "quarter.closed": _l("Quarter closed"),
    "quarter.reopened": _l("Quarter opened again"),
    "consultation.corrected": _l("Corrected after closing"),
    "event.corrected": _l("Corrected after closing"),
    "report.frozen": _l("Report frozen"),
    "consultation.logged": _l("Consultation logged"),
    "consultation.changed": _l("Consultation changed"),
    "consultation.held": _l("Marked as held"),
    "consultation.cancelled": _l("Consultation cancelled"),
    "consultation.removed": _l("Consultation removed"),
    "consultation.restored": _l("Consultation restored"),
    "event.created": _l("Event planned"),
    "event.changed": _l("Event changed"),
    "event.advanced": _l("State of the event changed"),
    "event.cancelled": _l("Event cancelled"),
    "event.removed": _l("Event removed"),
    "event.restored": _l("Event restored"),
    "event.programme-changed": _l("Programme changed"),
    "event.checklist-changed": _l("Checklist changed"),
    "event.checklist-done": _l("Checklist: something ticked off"),
    "event.checklist-reopened": _l("Checklist: a tick taken back"),
    "event.invited": _l("People invited"),
    "event.uninvited": _l("Mistaken invitation taken back"),
    "event.mailing-written": _l("Mailing written"),
    "event.mailing-changed": _l("Mailing changed"),
    "event.mailing-discarded": _l("Mailing thrown away"),
    "event.mailing-tried": _l("Test mail sent"),
    "event.mailed": _l("Mailing sent"),
    "invitation.answered": _l("Answer noted"),
    "person.objected": _l("Objected to mailings"),
    "registration.received": _l("Registered"),
    "registration.confirmed": _l("Registration confirmed"),
    "registration.changed": _l("Registration changed"),
    "registration.seat-offered": _l("Seat offered"),
    "registration.seat-taken": _l("Offered seat taken"),
    "registration.signed-off": _l("Signed off"),
    "registration.lapsed": _l("Registration lapsed"),
    "registration.came": _l("Guest ticked as there"),
    "registration.came-undone": _l("Mistaken tick taken back"),
    "registration.walked-in": _l("Came without registration"),
    "registration.wish-noted": _l("Wish for a talk noted"),
    "registration.wish-met": _l("Wish for a talk met"),
    "registration.linked": _l("Guest linked with a contact"),
    "event.list-taken": _l("Sign-in list taken over"),
    "event.heads-counted": _l("Heads without names noted"),
    "event.heads-changed": _l("Heads without names corrected"),
    "event.heads-removed": _l("Mistaken head count removed"),
    "event.handed-out": _l("Papers handed out noted"),
    "event.guests-forgotten": _l("Personal data of guests deleted"),
    "saved-report.created": _l("Report saved"),
    "saved-report.changed": _l("Saved report changed"),
    "saved-report.removed": _l("Saved report removed"),
    "saved-report.mailing-changed": _l("Mail of the saved report changed"),
    "saved-report.unsubscribed": _l("Somebody no longer gets the report by mail"),
    "view.saved": _l("View saved"),
    "view.changed": _l("View changed"),
    "view.removed": _l("View removed"),
    "view.pinned": _l("View pinned as a tab"),
    "view.unpinned": _l("View taken out of the tabs"),
    "election.planned": _l("Election entered"),
    "election.changed": _l("Election changed"),
    "election.started": _l("Checklist made"),
    "election.removed": _l("Election removed"),
    "election.restored": _l("Election restored"),
    "election.confirmed": _l("Function confirmed"),
    "election.replaced": _l("Function replaced"),
    "election.vacated": _l("Left office, successor open"),
    "election.taken-back": _l("Answer taken back"),
    "election.added": _l("Function added to the checklist"),
    "inbox.created": _l("Mail put into the inbox"),
    "inbox.assigned": _l("Mail assigned"),
    "inbox.dismissed": _l("Mail put aside"),
    "inbox.reopened": _l("Mail taken up again"),
    "inbox.emptied": _l("Texts of the mail deleted"),
    "follow-up.created": _l("Follow-up created"),
    "follow-up.changed": _l("Follow-up changed"),
    "follow-up.done": _l("Follow-up done"),
    "follow-up.reopened": _l("Follow-up reopened"),
    "follow-up.postponed": _l("Follow-up postponed"),
    "follow-up.handed-over": _l("Follow-up handed over"),
    "follow-up.removed": _l("Follow-up removed"),
    "follow-up.restored": _l("Follow-up restored"),
}


class AuditEvent(Model):
    """One thing that happened to one record."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_record", "record_type", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(40))
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    @property
    def label(self) -> Any:
        """Say in words what happened."""
        return EVENTS[self.name]


_SILENT = {
    "id",
    "version",
    "created_at",
    "updated_at",
    "password_hash",
    "search_text",
    "sort_key",
    "form_key",
}


def record(name: str, thing: Any, by: Any, **more: Any) -> AuditEvent:
    """Flush and note one event with the old and new value of each changed column.

    `by` is the acting user or None for the command line; `more` adds plain values, each as [old, new].
    Raises KeyError for an event name that is not in EVENTS.
    """
    if name not in EVENTS:
        raise KeyError(name)
    changes = difference(thing) | {key: [_plain(old), _plain(new)] for key, (old, new) in more.items()}
    db.session.flush()
    event = AuditEvent(
        name=name,
        user_id=getattr(by, "id", None),
        record_type=thing.__tablename__,
        record_id=thing.id,
        changes=changes,
    )
    db.session.add(event)
    db.session.flush()
    return event


def difference(thing: Any) -> dict[str, list[Any]]:
    """Give {column: [old, new]} of what is unsaved on a record; personal columns give [None, None]."""
    found: dict[str, list[Any]] = {}
    state = inspect(thing)
    for column in state.mapper.column_attrs:
        if column.key in _SILENT:
            continue
        history = state.attrs[column.key].history
        if not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if old == new:
            continue
        info = column.columns[0].info
        if info.get("derived"):
            continue
        personal = info.get("personal")
        found[column.key] = [None, None] if personal else [_plain(old), _plain(new)]
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(_plain(one) for one in value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def history_of(thing: Any, limit: int = 50) -> list[AuditEvent]:
    """Give the newest events of a record, newest first."""
    found = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.record_type == thing.__tablename__, AuditEvent.record_id == thing.id)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return list(found)
