"""What is done with events as a whole: plan, change, advance, cancel, remove."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit, records
from crm.accounts.models import User
from crm.db import db, now
from crm.errors import RuleBroken
from crm.events import checklist, states
from crm.events import counted as _counted  # noqa: F401 closed quarters watch over what counts
from crm.events.models import AHEAD, Event, EventHost, EventState
from crm.folding import search_text, sort_key
from crm.mail import services as mail
from crm.mail.models import MailKind
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField

COLUMNS = (
    "kind", "title", "starts_at", "ends_at", "precision", "entrance", "venue", "place_id", "video_link",
    "capacity", "register_until", "summary", "for_whom", "asks_needs", "note", "handed_out", "source",
    "responsible_id", "cooperation_id",
)  # fmt: skip
# What asks people to come to an event.
CALLS = (MailKind.SAVE_THE_DATE, MailKind.INVITATION, MailKind.REMINDER, MailKind.CHANGE)


def plan_event(values: dict[str, Any], by: Any) -> Event:
    """Make an event from columns, `task_fields` and `hosts` (numbers), `other_hosts` (names).

    `standard` adds the usual checklist of its kind. Raises RuleBroken.
    """
    _check(values, None)
    event = Event(title=values["title"], kind=values["kind"])
    _set(event, values)
    db.session.add(event)
    describe(event)
    db.session.flush()
    if values.get("standard"):
        checklist.add_standard(event)
    audit.record("event.created", event, by)
    return event


def change_event(event: Event, values: dict[str, Any], by: Any) -> None:
    """Change an event; nobody loses a seat when there become fewer of them."""
    _check(values, event)
    before = _lists(event)
    with db.session.no_autoflush:
        _set(event, values)
        changed = audit.difference(event)
    after = _lists(event)
    more = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
    describe(event)
    if changed or more:
        # The entry in calendars counts versions, and it says more than the columns of the event.
        event.updated_at = now()
        audit.record("event.changed", event, by, **(changed | more))


def _set(event: Event, values: dict[str, Any]) -> None:
    for name in COLUMNS:
        if name in values and getattr(event, name) != values[name]:
            setattr(event, name, values[name])
    if "task_fields" in values:
        query = select(TaskField).where(TaskField.id.in_(values["task_fields"]))
        event.task_fields = list(db.session.scalars(query.order_by(TaskField.name)))
    if "hosts" in values or "other_hosts" in values:
        set_hosts(event, values.get("hosts") or [], values.get("other_hosts") or [])


def set_hosts(event: Event, ids: list[int], names: list[str]) -> None:
    """Say with whom an event is given: organisations by number, in their order, then others by name."""
    query = select(Organisation).where(Organisation.id.in_(ids))
    known = {one.id: one for one in db.session.scalars(query)} if ids else {}
    wanted = [(number, known[number].name) for number in ids if number in known]
    taken = {name.casefold() for _number, name in wanted}
    for name in names:
        if name.casefold() not in taken:
            taken.add(name.casefold())
            wanted.append((None, name[:200]))  # type: ignore[arg-type]
    if wanted != [(one.organisation_id, one.name) for one in event.hosts]:
        event.hosts = [
            EventHost(organisation_id=number, name=name, position=place)
            for place, (number, name) in enumerate(wanted)
        ]


def _lists(event: Event) -> dict[str, list[str]]:
    fields, hosts = [one.name for one in event.task_fields], [one.name for one in event.hosts]
    return {"task_fields": fields, "hosts": hosts}


def describe(event: Event) -> None:
    """Keep what an event is found and sorted by."""
    texts = [event.title, event.venue or "", event.for_whom or "", *(one.name for one in event.hosts)]
    for name, value in (("sort_key", sort_key(event.title)[:400]), ("search_text", search_text(*texts))):
        if getattr(event, name) != value:
            setattr(event, name, value)


def _check(values: dict[str, Any], event: Event | None) -> None:
    if (number := values.get("responsible_id")) and (event is None or event.responsible_id != number):
        user = db.session.get(User, number)
        if user is None or not user.is_active:
            raise RuleBroken(_("This account is locked. Choose somebody else."), "responsible_id")
    if event is not None and event.state is EventState.OPEN and not _is_timed(values, event):
        message = _("Registration is open: guests need day and time. Close it first, or enter the time.")
        raise RuleBroken(message, "starts")


def _is_timed(values: dict[str, Any], event: Event) -> bool:
    return states.is_timed(values.get("precision", event.precision))


def advance(event: Event, state: EventState, by: Any) -> None:
    """Bring an event to the next state; raises RuleBroken for a step that does not follow."""
    if event.state is state:
        return
    if not states.may_follow(event, state):
        message = _("“%(now)s” cannot become “%(next)s” now.", now=event.state.label, next=state.label)
        raise RuleBroken(message)
    if states.lacks(event, state):
        raise RuleBroken(_("Guests need day and time. Enter them first, then open registration."))
    if event.state is EventState.CANCELLED:
        event.cancelled_because = None
    event.state = state
    audit.record("event.advanced", event, by)


def cancel(event: Event, because: str, by: Any) -> None:
    """Call an event off that lies ahead; guests, invitations and all else stay."""
    if event.state not in AHEAD:
        raise RuleBroken(_("Only an event that lies ahead can be cancelled."))
    event.state, event.cancelled_because = EventState.CANCELLED, because
    _call_nobody(event, _("the event was cancelled"))
    audit.record("event.cancelled", event, by)


def remove(event: Event, by: Any) -> None:
    """Put an event into the trash; its guests and invitations go out of sight with it."""
    records.remove([event], by, "event.removed")
    _call_nobody(event, _("the event was removed"))


def _call_nobody(event: Event, reason: str) -> None:
    """Take out of the queue what still asks people to come."""
    for kind in CALLS:
        mail.drop(reason, event_id=event.id, kind=kind)


def restore(event: Event, by: Any) -> None:
    """Take a removed event back."""
    records.restore([event], by, "event.restored")
