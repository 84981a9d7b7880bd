"""The history of a record in words: who changed which field, and when."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Enum, Time, column, select, table

from crm.access import Role
from crm.audit import AuditEvent, history_of
from crm.db import Base, Euro, Moment, db
from crm.i18n import clock, day, euros, moment

LABELS: dict[str, Any] = {
    "held_on": _l("Day"),
    "starts_at": _l("Start"),
    "kind": _l("Kind"),
    "channel": _l("Channel"),
    "state": _l("State"),
    "place": _l("Place"),
    "confidential": _l("Confidential"),
    "file_reference": _l("File reference"),
    "note": _l("Note"),
    "agreements": _l("Agreements"),
    "next_step": _l("Next step"),
    "duration_minutes": _l("Talk"),
    "preparation_minutes": _l("Preparation"),
    "travel_minutes": _l("Travel"),
    "organisations": _l("Municipalities"),
    "parties": _l("Single municipalities"),
    "staff": _l("Advised by"),
    "task_fields": _l("Task fields"),
    "cooperation_id": _l("Cooperation"),
    "name": _l("Name"),
    "email": _l("E-mail"),
    "phone": _l("Phone"),
    "roles": _l("Roles"),
    "due_on": _l("Due on"),
    "answered_on": _l("Answered on"),
    "owner_id": _l("Responsible"),
    "takes_office_on": _l("New term begins on"),
    "organisation_id": _l("Municipality"),
    "parent_id": _l("Group"),
    "text": _l("What is to be done?"),
    "waiting_for": _l("Waiting for"),
    "address": _l("Address"),
    "website": _l("Website"),
    "sender": _l("Sender"),
    "base_address": _l("Address of the program"),
    "officer": _l("Data protection officer"),
    "print_head": _l("Head of papers"),
    "members": _l("Members"),
    "named_from": _l("Holds from"),
    "supervisor": _l("Supervisory authority"),
    "supervisor_reason": _l("Reason"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "academic_title": _l("Academic title"),
    "title": _l("Title"),
    "role": _l("Role"),
    "is_head": _l("Head of administration"),
    "valid_from": _l("From"),
    "valid_to": _l("To"),
    "partners": _l("Partners"),
    "resolutions": _l("Resolutions"),
    "studies": _l("Studies"),
    "approvals": _l("Approvals and notices"),
    "documents": _l("Documents"),
    "funding": _l("Funding"),
    "legal_form": _l("Legal form"),
    "legal_form_note": _l("Legal form in detail"),
    "planned_start": _l("Planned start"),
    "first_contact_on": _l("First contact"),
    "signed_on": _l("Contract signed"),
    "effective_on": _l("Contract in force"),
    "evaluated_on": _l("Evaluated"),
    "term_until": _l("Term until"),
    "term_unlimited": _l("Unlimited term"),
    "renewal_months": _l("Renewal in months"),
    "notice_months": _l("Notice in months"),
    "termination": _l("Clause on termination"),
    "adviser_id": _l("Responsible"),
    "halt": _l("Set aside"),
    "halted_on": _l("Since"),
    "halt_reason": _l("Reason"),
    "source_url": _l("Source"),
    "least_partners": _l("Least number of partners"),
    "exceptional_partners": _l("With a reason"),
    "least_years": _l("Least number of years"),
    "least_gain": _l("Least saving in percent"),
    "most_inhabitants": _l("At most inhabitants per municipality"),
    "counties": _l("Landkreise may take part"),
    "amount_two": _l("Two partners"),
    "amount_three": _l("Three partners"),
    "amount_more": _l("More than three partners"),
    "amount_joint": _l("Joint administration, per municipality"),
    "amount_brigade": _l("Merger of fire brigades, per brigade"),
    "source": _l("Source"),
    "fundable_from": _l("Fundable from"),
    "fundable_until": _l("Fundable until"),
    "language": _l("Language"),
    "theme": _l("Colours"),
    "density": _l("Line spacing of lists"),
    "hotkeys": _l("Single keys as shortcuts (N, T, /)"),
    "morning_mail": _l("Morning mail with what is due"),
    "deputy_id": _l("Deputy"),
    "absent_from": _l("Away from"),
    "absent_until": _l("Away until"),
    "ends_at": _l("End"),
    "precision": _l("How exactly the time is known"),
    "entrance": _l("Who can register?"),
    "venue": _l("Venue"),
    "place_id": _l("Municipality"),
    "video_link": _l("Link of the video meeting"),
    "capacity": _l("Seats"),
    "register_until": _l("Registration until"),
    "summary": _l("Text for guests"),
    "for_whom": _l("For whom"),
    "asks_needs": _l("Ask guests for what they need"),
    "handed_out": _l("Handed out"),
    "cancelled_because": _l("Reason"),
    "responsible_id": _l("Responsible"),
    "hosts": _l("Together with"),
    "programme": _l("Programme of the event"),
    "checklist": _l("Checklist"),
    "invitations": _l("Invitations"),
    "audience": _l("Audience"),
    "answer": _l("Answer"),
    "represented_by": _l("Represented by"),
    "remark": _l("Remark"),
    "mailing": _l("Mailing"),
    "recipients": _l("Recipients"),
    "mail_basis": _l("Mailings"),
    "restricted_on": _l("Restricted since (Art. 18)"),
    "objected_on": _l("Objected on (Art. 21)"),
    "mail_basis_on": _l("Mailings: since"),
    "heads": _l("Heads"),
    "guests": _l("Guests"),
    "opinions": _l("Texts of feedback"),
    "closed_quarter": _l("Closed quarter"),
    "span": _l("Period"),
    "since": _l("First day"),
    "until": _l("Last day"),
    "shared": _l("Colleagues see it in the list of reports"),
    "rhythm": _l("By mail"),
    "as_pdf": _l("PDF"),
    "as_xlsx": _l("Excel"),
    "period": _l("Retention period"),
    "stopped_at": _l("Stopped"),
    "reason": _l("Reason"),
    "occasion": _l("Occasion"),
    "situation": _l("State of affairs"),
    "results": _l("Results"),
    "next_meeting": _l("Next meeting"),
    "deadline_on": _l("Answers until"),
    "silence_agrees": _l("Silence counts as agreement"),
    "message": _l("Words to go with it"),
    "edition": _l("Version"),
}
# The same column under another name on screen.
OWN_LABELS: dict[tuple[str, str], Any] = {
    ("people", "note"): _l("Remark"),
    ("cooperations", "note"): _l("Description"),
    ("events", "note"): _l("Internal notes"),
    ("cooperations", "title"): _l("Title of the cooperation"),
    ("cooperations", "parent_id"): _l("Programme"),
    ("minutes", "agreements"): _l("Arrangements"),
    ("inbox_items", "text"): _l("Text of the mail"),
    ("office", "file_reference"): _l("Pattern of file references"),
}
# Guests change these by their personal links, and time does.
OF_GUESTS = ("registrations", "invitations", "barrier_reports", "minutes")
# What a new record holds is no change of anything.
BEGINNINGS = (".created", ".logged", ".reported", ".drafted")
# Tables whose records have a name, and the column it stands in.
_NAMED = {"users": "name", "organisations": "name", "task_fields": "name", "cooperations": "title"}


@dataclass(frozen=True)
class Line:
    """One event as the history macro shows it."""

    at: datetime
    by_name: str
    label: Any
    changes: list[tuple[str, Any, Any]]
    about: str = ""


def lines(
    events: list[AuditEvent], about: dict[tuple[str, int], str] | None = None, values: bool = True
) -> list[Line]:
    """Put names to events and words to values; values that were not stored stay unnamed.

    `about` says which of several records of a page an event is about, by (table, number). Without `values`
    nothing is said of what changed.
    """
    names, subjects = _all_names(events, values), about or {}
    return [
        Line(
            event.at,
            names.get(("users", event.user_id or 0), _nobody(event)),
            event.label,
            _changes(event, names) if values and not event.name.endswith(BEGINNINGS) else [],
            subjects.get((event.record_type, event.record_id), ""),
        )
        for event in events
    ]


def _nobody(event: AuditEvent) -> str:
    """Name who did something without an account."""
    by_guests = event.record_type in OF_GUESTS
    return _("Guest, or the program by itself") if by_guests else _("Command line")


def _changes(event: AuditEvent, names: "Names") -> list[tuple[str, Any, Any]]:
    return [
        (
            str(OWN_LABELS.get((event.record_type, key)) or LABELS[key]),
            _words(event, key, old, names),
            _words(event, key, new, names),
        )
        for key, (old, new) in event.changes.items()
        if key in LABELS
    ]


def _column(event: AuditEvent, key: str) -> Any:
    stored = Base.metadata.tables[event.record_type]
    return stored.c.get(key)


def _leads_to(stored: Any) -> str | None:
    """The table whose records have names that a number in this column stands for."""
    found = (link.target_fullname.partition(".")[0] for link in stored.foreign_keys)
    return next((name for name in found if name in _NAMED), None)


def _all_names(events: list[AuditEvent], values: bool) -> "Names":
    """Names for all numbers in values and of all who did something, in one statement for each table."""
    wanted: dict[str, set[int]] = {"users": {event.user_id for event in events if event.user_id}}
    for event in events if values else ():
        for key, pair in event.changes.items():
            stored = _column(event, key) if key in LABELS else None
            target = None if stored is None else _leads_to(stored)
            if target is not None:
                wanted.setdefault(target, set()).update(one for one in pair if isinstance(one, int))
    return {
        (name, number): text for name, ids in wanted.items() for number, text in _names(name, ids).items()
    }


def _words(event: AuditEvent, key: str, value: Any, names: "Names") -> Any:
    """Say a stored value as the screen does: labels of enums, German days, names instead of numbers."""
    if isinstance(value, list):
        return ", ".join(str(Role(one).label) if key == "roles" else str(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    stored = _column(event, key)
    if value is None or stored is None:
        return value
    if target := _leads_to(stored):
        return names.get((target, value), value)
    if isinstance(stored.type, Enum) and stored.type.enum_class:
        return str(stored.type.enum_class(value).label)  # type: ignore[attr-defined]
    if isinstance(stored.type, Euro):
        return euros(Decimal(value))
    if isinstance(stored.type, Time):
        return clock(time.fromisoformat(value))
    if isinstance(stored.type, Moment):
        return moment(datetime.fromisoformat(value))
    return day(date.fromisoformat(value)) if isinstance(stored.type, Date) else value


Names = dict[tuple[str, int], str]


def _names(name: str, ids: set[int]) -> dict[int, str]:
    called: Any = column(_NAMED[name])
    named = table(name, column("id"), called)
    query = select(named.c.id, called).where(named.c.id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(query)} if ids else {}


def last_editor(thing: Any) -> str:
    """Name who saved a record last."""
    found = lines(history_of(thing, limit=1))
    return found[0].by_name if found else ""
