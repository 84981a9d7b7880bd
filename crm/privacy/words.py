"""German words for columns and tables, for the record of processing and for what somebody is told."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.field_names import LABELS, OWN_LABELS
from crm.privacy import registry

_MORE: dict[str, Any] = {
    "called": _l("Name"), "recipient": _l("E-mail"), "recipient_name": _l("Name"), "subject": _l("Subject"),
    "body": _l("Text of the mail"), "calendar": _l("Calendar entry"), "reply_to": _l("Reply to"),
    "unsubscribe_url": _l("Link to unsubscribe"), "last_error": _l("Answer of the mail server"),
    "address_key": _l("Address as compared"), "organisation_text": _l("Organisation as typed"),
    "needs": _l("Needs"), "function_called": _l("Function of that day"), "speaker": _l("Speaker"),
    "sender_name": _l("Sender"), "sender_address": _l("E-mail"), "quoted": _l("Earlier mails"),
    "attachments": _l("Attachments"), "private_note": _l("Private note"), "about": _l("About"),
    "liked": _l("What was good"), "missed": _l("What was missing"), "fields": _l("Draft"),
    "plain": _l("Words of a document"), "file_name": _l("File name"), "reason": _l("Reason"),
    "result": _l("Result"), "companions": _l("Companions"), "seat": _l("Seat"), "origin": _l("Origin"),
    "registered_at": _l("Registered on"), "confirmed_at": _l("Confirmed on"), "came_at": _l("Came"),
    "signed_off_at": _l("Registration cancelled on"), "photos_allowed": _l("Photos allowed"),
    "privacy_version": _l("Version of the privacy notice"), "answered_at": _l("Answered on"),
    "mailed_at": _l("Mailed on"), "sent_at": _l("Sent on"), "event_id": _l("Event"),
    "before": _l("Taken from a list"),
    "after": _l("Taken from a list"), "source_id": _l("Row of a list"), "created_at": _l("Stored on"),
    "wants_talk": _l("Wishes a talk"), "participation_id": _l("Advisory talk"),
    "purpose": _l("Consented to"), "way": _l("How"),
    "asked_on": _l("Asked on"), "given_on": _l("Day of the consent"),
    "withdrawn_on": _l("Day of the withdrawal"), "proof": _l("Where the proof is kept"),
    "text_mark": _l("Version of the wording"), "answered_on": _l("Answered on"),
    "answer": _l("What was done"),
    "due_on": _l("Due on"),
}  # fmt: skip
TABLES: dict[str, Any] = {
    "people": _l("Contact"), "functions": _l("Functions"), "participation_people": _l("Talks taken part in"),
    "programme_items": _l("Parts of a programme"), "invitations": _l("Invitations"),
    "registrations": _l("Registrations"), "consents": _l("Consents"),
    "rights_requests": _l("Requests about rights"), "outputs": _l("Log of files with names"),
    "outgoing_mails": _l("Mails sent"),
    "consultations": _l("Talks"),
    "participations": _l("Municipalities in talks"), "follow_ups": _l("Follow-ups"),
    "cooperations": _l("Cooperations"), "inbox_items": _l("Mails received"), "documents": _l("Documents"),
    "document_texts": _l("Words of documents"), "imported_records": _l("Rows of imported lists"),
    "feedback": _l("Feedback"), "events": _l("Events"), "drafts": _l("Drafts"),
    "organisations": _l("Municipalities and bodies"),
    "resolutions": _l("Resolutions"), "users": _l("Accounts"), "audit_events": _l("Log"),
    "privacy_cases": _l("Cases of data protection"), "sealed_values": _l("Sealed values"),
    "merge_moves": _l("Memory of merges"), "waiting_files": _l("Waiting files"),
}  # fmt: skip


def column_label(table: str, column: str) -> str:
    """Name a column on screen; what has no word of its own is called as in the database."""
    found = OWN_LABELS.get((table, column)) or LABELS.get(column) or _MORE.get(column)
    return str(found) if found is not None else column


def table_label(table: str) -> str:
    """Name a table on screen; what has no word of its own is called after its activity."""
    if table in TABLES:
        return str(TABLES[table])
    for processing in registry.PROCESSINGS:
        if any(one.table == table for one in processing.entries):
            return _("%(area)s: %(table)s", area=processing.title, table=table)
    return table
