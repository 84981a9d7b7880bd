"""What is done with mails: put in, made a talk or a follow-up, put aside, emptied."""

import re
from dataclasses import asdict
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from crm import audit
from crm.consultations import services as consultations
from crm.consultations.models import Channel, Consultation, ConsultationKind
from crm.consultations.services import Party
from crm.contacts import queries as contacts
from crm.contacts import services as contact_services
from crm.db import BERLIN, db, now, today
from crm.errors import RuleBroken
from crm.fields import NOTE
from crm.folding import fold
from crm.follow_ups import services as follow_ups
from crm.follow_ups.models import FollowUp
from crm.i18n import day
from crm.inbox import queries
from crm.inbox.models import InboxItem, MailItemState
from crm.inbox.reading import read_mail

_ANSWER = re.compile(r"^\s*(?:(?:aw|re|wg|fwd?|antwort|antw)\s*(?:\[[0-9]+\])?\s*:\s*)+", re.IGNORECASE)
_TEXTS = (
    "sent_text", "sender_name", "sender_address", "recipients", "subject", "text", "quoted", "fingerprint",
)  # fmt: skip


def take_in(content: bytes, by: Any) -> tuple[InboxItem, bool]:
    """Read a mail and put it into the inbox; give it and whether it is new. Raises RuleBroken.

    Of two who put in the same mail at the same moment the second gets that of the first.
    """
    read = asdict(read_mail(content))
    if known := queries.twin(read["fingerprint"]):
        return known, False
    columns = {name: value or None for name, value in read.items() if name not in ("attachments", "remarks")}
    lists = {"attachments": read["attachments"], "remarks": read["remarks"]}
    made = InboxItem(**columns, **lists, uploaded_by_id=getattr(by, "id", None))
    try:
        with db.session.begin_nested():
            db.session.add(made)
            audit.record("inbox.created", made, by)
    except IntegrityError:
        if (known := queries.twin(read["fingerprint"])) is None:
            raise
        return known, False
    return made, True


def plain_subject(item: InboxItem) -> str:
    """The subject without what answering and forwarding put before it."""
    return _ANSWER.sub("", item.subject or "") or (item.subject or "")


def day_of(item: InboxItem) -> date:
    """The day a talk of it took place: when it was written, as far as that is known and not ahead."""
    return min(item.sent_on or received_on(item), today())


def received_on(item: InboxItem) -> date:
    """The day it was put in."""
    return item.received_at.astimezone(BERLIN).date()


def note_of(item: InboxItem) -> str:
    """The note a talk of it begins with: the subject and what was written."""
    return "\n\n".join(part for part in (item.subject, item.text) if part)


def check_open(item: InboxItem) -> None:
    """Refuse what a colleague has settled meanwhile."""
    if item.emptied_at is not None:
        raise RuleBroken(_("The texts of this mail were deleted meanwhile."))
    if not item.is_open:
        raise RuleBroken(_("A colleague has settled this mail meanwhile. What you typed is still here."))


def assign(item: InboxItem, values: dict[str, Any], by: Any) -> Consultation:
    """Make a talk of a mail, with its follow-up. Raises RuleBroken.

    `values` hold `organisations`, `people`, `task_fields`, `new_people`, `answers`, `held_on`, `note`,
    `with_thread`, `confidential`, `follow_up_on` and `follow_up_text`.
    """
    check_open(item)
    places = values["organisations"]
    columns = {
        name: values[name]
        for name in ("held_on", "confidential", "task_fields", "follow_up_on", "follow_up_text")
    } | {
        "kind": ConsultationKind.SINGLE if len(places) == 1 else ConsultationKind.GROUP,
        "channel": Channel.MAIL,
        "staff": [by.id],
        "note": whole_note(item, values["note"], values["with_thread"]),
    }
    talk = consultations.log_consultation(columns, _parties(values), by)
    _keep_address(item, talk, values, by)
    settle(item, by, consultation_id=talk.id)
    return talk


def _keep_address(item: InboxItem, talk: Consultation, values: dict[str, Any], by: Any) -> None:
    """Who is new in the talk and bears the name of the sender is known by the address from now on."""
    row, wanted = talk.participations[0], sorted(fold(item.sender_name or "").split())
    if not values["new_people"] or not item.sender_address or not wanted:
        return
    for who in row.people:
        person = who.person
        name = f"{person.first_name or ''} {person.last_name}"
        if person.id not in values["people"] and sorted(fold(name).split()) == wanted:
            contact_services.keep_address(person, row.organisation_id, item.sender_address, by)


def first_note(item: InboxItem) -> str:
    """The note the whole form begins with; a forwarded mail with the earlier mails, as far as they fit."""
    below = item.quoted if item.is_forwarded else None
    return "\n\n".join(part for part in (note_of(item), below) if part)[:NOTE]


def whole_note(item: InboxItem, note: str | None, with_thread: bool) -> str | None:
    """A note with the earlier mails below it, if they are wanted."""
    if not with_thread or not item.quoted:
        return note
    parts = (note, f"**{_('Earlier mails')}**", item.quoted)
    whole = "\n\n".join(part for part in parts if part)
    if len(whole) > NOTE:
        raise RuleBroken(_("With the earlier mails the note is too long. Leave them out."), "with_thread")
    return whole


def _parties(values: dict[str, Any]) -> list[Party]:
    """The organisations, each with its people; who has no function at one of them stands at the first."""
    found = {number: Party(organisation_id=number) for number in values["organisations"]}
    if not found:
        raise RuleBroken(_("Add at least one municipality."), "organisations")
    if values["new_people"] and len(found) > 1:
        message = _("A new person needs one municipality. Use the whole form for several.")
        raise RuleBroken(message, "people")
    for person, place in contacts.places_among(values["people"], list(found), values["held_on"]).items():
        found[place].people.append(person)
    first = next(iter(found.values()))
    first.new_people, first.answers = values["new_people"], values["answers"]
    return list(found.values())


def append(item: InboxItem, talk: Consultation, text: str, by: Any) -> None:
    """Write the text of a mail below the note of a talk that is there already. Raises RuleBroken."""
    check_open(item)
    heading = _("Mail of %(day)s, %(sender)s", day=day(day_of(item)), sender=item.sender)
    consultations.add_to_note(talk, f"**{heading}**\n\n{text}", by)
    settle(item, by, consultation_id=talk.id)


def remind(item: InboxItem, values: dict[str, Any], by: Any) -> FollowUp:
    """Make nothing but a follow-up of a mail; `values` are columns of it. Raises RuleBroken."""
    check_open(item)
    made = follow_ups.create(values, by)
    settle(item, by, follow_up_id=made.id)
    return made


def settle(item: InboxItem, by: Any, **became: int) -> None:
    """Note what a mail became: `consultation_id` or `follow_up_id`."""
    check_open(item)
    item.state, item.settled_at, item.settled_by_id = MailItemState.LOGGED, now(), by.id
    item.consultation_id, item.follow_up_id = became.get("consultation_id"), became.get("follow_up_id")
    audit.record("inbox.assigned", item, by)
    db.session.expire(item, ["consultation", "follow_up"])


def dismiss(item: InboxItem, by: Any) -> None:
    """Put a mail aside that is nothing to be kept."""
    check_open(item)
    item.state, item.settled_at, item.settled_by_id = MailItemState.DISMISSED, now(), by.id
    item.consultation_id = item.follow_up_id = None
    audit.record("inbox.dismissed", item, by)


def reopen(item: InboxItem, by: Any) -> None:
    """Take a mail up again that was put aside; a second time changes nothing."""
    if item.emptied_at is not None or item.state is not MailItemState.DISMISSED:
        return
    item.state, item.settled_at, item.settled_by_id = MailItemState.OPEN, None, None
    audit.record("inbox.reopened", item, by)


def empty(item: InboxItem, by: Any) -> None:
    """Delete all that a mail says; what was taken over into a talk stays there."""
    if item.emptied_at is not None:
        return
    if item.state is MailItemState.OPEN:
        item.state, item.settled_at, item.settled_by_id = (
            MailItemState.DISMISSED,
            now(),
            getattr(by, "id", None),
        )
    for name in _TEXTS:
        setattr(item, name, None)
    item.attachments, item.remarks, item.emptied_at = [], [], now()
    audit.record("inbox.emptied", item, by)
