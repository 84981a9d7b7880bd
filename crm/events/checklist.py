"""What is to be done before and after an event: due that many days from it, ticked in one click."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm import audit
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.events.models import ChecklistItem, Event, EventKind
from crm.events.states import is_timed
from crm.i18n import in_all_languages
from crm.mail.models import MailKind

MOST = 100
_VENUE = _l("Agree on date and venue")
_LARGE = (
    (-120, _VENUE),
    (-84, _l("Send the save-the-date")),
    (-70, _l("Ask the speakers")),
    (-42, _l("Send the invitation")),
    (-14, _l("Remind those who have not answered")),
    (-7, _l("Confirm numbers with venue and catering")),
    (-3, _l("Print the sign-in sheet")),
    (-2, _l("Print name badges")),
    (3, _l("Send thanks with the slides")),
    (14, _l("Finish the documentation")),
)
_SMALL = (
    (-28, _VENUE),
    (-21, _l("Send the invitation")),
    (-7, _l("Remind those who have not answered")),
    (-3, _l("Print the sign-in sheet")),
    (3, _l("Send thanks with the slides")),
    (14, _l("Finish the documentation")),
)
_TALK = (
    (-14, _l("Agree on time and content with the host")),
    (-3, _l("Prepare slides")),
    (1, _l("Note the number of people")),
    (3, _l("Send the slides")),
)
_HANDOVER = (
    (-14, _l("Agree on the date with the ministry")),
    (-7, _l("Inform the press")),
    (-2, _l("Fetch the grant notice")),
    (1, _l("Note the hand-over at the application")),
)
STANDARD: dict[EventKind, tuple[tuple[int, Any], ...]] = {
    EventKind.CONGRESS: _LARGE,
    EventKind.CONFERENCE: _LARGE,
    EventKind.INFORMATION: _SMALL,
    EventKind.WORKSHOP: _SMALL,
    EventKind.LECTURE: _TALK,
    EventKind.ASSEMBLY: _TALK,
    EventKind.HANDOVER: _HANDOVER,
}


# What is done once a mailing of this kind went out.
SENT: dict[MailKind, Any] = {
    MailKind.SAVE_THE_DATE: _l("Send the save-the-date"),
    MailKind.INVITATION: _l("Send the invitation"),
    MailKind.REMINDER: _l("Remind those who have not answered"),
    MailKind.THANKS: _l("Send thanks with the slides"),
}


def _in_time(event: Event, days: int) -> int:
    """Give the distance to an event at which something is due, but not before today: no copy begins late."""
    ahead = (event.day - today()).days if event.day else -1
    return max(days, -ahead) if ahead >= 0 else days


def _agreed_at(event: Event) -> datetime | None:
    """Now where day and venue are known already, so that nobody need agree on them."""
    return now() if is_timed(event.precision) and (event.where or event.video_link) else None


def copied(items: Iterable[ChecklistItem], event: Event) -> list[ChecklistItem]:
    """Give what was to be done for another event anew for this one."""
    venue, agreed = in_all_languages(_VENUE), _agreed_at(event)
    return [
        ChecklistItem(
            days=_in_time(event, one.days), text=one.text, owner_id=one.owner_id,
            done_at=agreed if one.text in venue else None,
        )
        for one in items
    ]  # fmt: skip


def add_standard(event: Event) -> list[ChecklistItem]:
    """Add the usual list of this kind of event; what stands there in the same words is left as it is.

    Day and venue that are known already need not be agreed on any more.
    """
    known = {one.text for one in event.checklist}
    agreed = _agreed_at(event)
    made = [
        ChecklistItem(
            event_id=event.id,
            days=days,
            text=str(text),
            owner_id=event.responsible_id,
            done_at=agreed if text is _VENUE else None,
        )
        for days, text in STANDARD[event.kind]
        if str(text) not in known
    ]
    event.checklist = [*event.checklist, *made]
    db.session.flush()
    return made


def take_standard(event: Event, by: Any) -> None:
    """Add the usual list to an event that is planned already; the history says so."""
    if add_standard(event):
        audit.record("event.checklist-changed", event, by, checklist=(None, None))


def add(event: Event, values: dict[str, Any], by: Any) -> ChecklistItem:
    """Add something to be done; `values` holds `text`, `days` and `owner_id`."""
    if len(event.checklist) >= MOST:
        raise RuleBroken(_("A checklist has at most %(most)s entries.", most=MOST), "text")
    item = ChecklistItem(event_id=event.id, **values)
    db.session.add(item)
    db.session.flush()
    audit.record("event.checklist-changed", event, by, checklist=(None, None))
    return item


def change(event: Event, item: ChecklistItem, values: dict[str, Any], by: Any) -> None:
    """Change something to be done."""
    before = (item.text, item.days, item.owner_id)
    item.text, item.days, item.owner_id = values["text"], values["days"], values["owner_id"]
    if before != (item.text, item.days, item.owner_id):
        audit.record("event.checklist-changed", event, by, checklist=(None, None))


def drop(event: Event, item: ChecklistItem, by: Any) -> None:
    """Take something off the list."""
    db.session.delete(item)
    audit.record("event.checklist-changed", event, by, checklist=(None, None))


def tick(event: Event, item: ChecklistItem, done: bool, by: Any) -> None:
    """Note that something is done, or that it is not; ticking twice changes nothing."""
    if (item.done_at is not None) == done:
        return
    item.done_at, item.done_by_id = (now(), getattr(by, "id", None)) if done else (None, None)
    name = "event.checklist-done" if done else "event.checklist-reopened"
    audit.record(name, event, by, checklist=(None, None))


def tick_sent(event: Event, kind: MailKind, by: Any) -> None:
    """Tick what a mailing that went out has done."""
    texts = in_all_languages(SENT[kind]) if kind in SENT else set()
    for item in event.checklist:
        if item.text in texts:
            tick(event, item, True, by)
