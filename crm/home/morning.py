"""The morning mail: what is due for one person, in headings and numbers, never in confidential words."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm import jobs, links
from crm.access import Permission
from crm.accounts import queries as accounts
from crm.accounts.models import User
from crm.addresses import is_mail_address
from crm.consultations.models import ConsultationState
from crm.db import BERLIN, count, db, now, today
from crm.events import queries as events
from crm.events.models import ChecklistItem, Event, EventState, Precision
from crm.home import queries
from crm.i18n import clock
from crm.mail.models import MailKind, MailServer
from crm.mail.services import DUTY, drop_older, post
from crm.office.queries import office
from crm.resolutions import queries as resolutions

FIRST, LAST, FRIDAY = time(6, 30), time(12, 0), 4
MOST = 500


@jobs.duty("morning")
def send_mornings() -> None:
    """Write the morning mails of today, once, on working days between half past six and noon."""
    moment = now().astimezone(BERLIN)
    if moment.weekday() > FRIDAY or not FIRST <= moment.time() < LAST:
        return
    done = db.session.scalar(select(MailServer.morning_on).order_by(MailServer.id).limit(1))
    if done is not None and done >= moment.date():
        db.session.rollback()
        return
    # What could not be sent on its day helps nobody on the next.
    drop_older(MailKind.MORNING, datetime.combine(moment.date(), time(), BERLIN))
    for number in [one.id for one in accounts.everybody() if _wants(one)]:
        if jobs.stopping():
            return
        write(number)
        db.session.commit()
    _settle(moment.date())
    db.session.commit()
    jobs.ring(DUTY)


def _wants(user: User) -> bool:
    staff = user.may(Permission.WRITE_FOLLOW_UPS) or user.may(Permission.WRITE_EVENTS)
    there = user.is_active and not user.is_absent and user.morning_mail
    return there and staff and is_mail_address(user.email)


def _settle(day: date) -> None:
    row = db.session.get(MailServer, 1) or MailServer(id=1)
    row.morning_on = day
    db.session.add(row)


@force_locale("de")
def write(user_id: int) -> None:
    """Write the mail of one person, unless nothing is due; a second one of the same day is never written."""
    user = db.session.get_one(User, user_id)
    if not (parts := list(_parts(user))):
        return
    day = format_date(today(), "full")
    body = "\n\n".join(
        [
            _("Good morning %(name)s,", name=user.name),
            _("this is due on %(day)s:", day=day),
            *parts,
            _("You can switch this mail off under “Your account”: %(url)s", url=links.to("accounts.profile")),
            office().name or "IKZ-Beratung",
        ]
    )
    key = f"morning-{today():%Y-%m-%d}-{user.id}"
    subject = _("Due today: %(day)s", day=day)
    post(MailKind.MORNING, user.email, subject, body, once_key=key, user_id=user.id)


def _parts(user: User) -> Iterator[str]:
    """Each thing that is due, as a heading with its number and the page where it stands."""
    desk = queries.desk(user)
    late, due = len(desk.late), len(desk.today)
    if late or due:
        numbers = _("Follow-ups: %(late)s overdue, %(due)s due today", late=late, due=due)
        yield _line(numbers, "follow_ups.index")
    if talks := sum(1 for one in queries.talks(user).today if _is_own(one, user)):
        yield _line(_("Talks today: %(num)s", num=talks), "home.index")
    yield from _events()
    if sessions := count(resolutions.planned(today(), today())):
        yield _line(_("Sessions of councils today: %(num)s", num=sessions), "resolutions.calendar")
    yield from _checklists(user)


def _is_own(talk: Any, user: User) -> bool:
    own = talk.created_by_id == user.id or user in talk.staff
    return own and talk.state is ConsultationState.PLANNED


def _events() -> Iterator[str]:
    begin = datetime.combine(today(), time(), BERLIN)
    end = datetime.combine(today() + timedelta(days=1), time(), BERLIN)
    for one in db.session.scalars(events.between(begin, end).limit(MOST)):
        if one.state is EventState.CANCELLED or one.precision not in (Precision.TIME, Precision.DAY):
            continue
        starts = one.starts_at.astimezone(BERLIN) if one.starts_at else begin
        at = f", {clock(starts.time())}" if one.precision is Precision.TIME and starts > begin else ""
        yield _line(_("Event today: %(title)s", title=one.title) + at, "events.show", event_id=one.id)


def _checklists(user: User) -> Iterator[str]:
    """What one has to do for events, one line an event."""
    query = (
        select(ChecklistItem)
        .join(ChecklistItem.event)
        .options(joinedload(ChecklistItem.event))
        .where(
            ChecklistItem.owner_id == user.id,
            ChecklistItem.done_at.is_(None),
            Event.state != EventState.CANCELLED,
        )
        .order_by(Event.starts_at, ChecklistItem.id)
    )
    numbers: dict[Event, int] = {}
    for item in db.session.scalars(query.limit(MOST)):
        if item.due_on is not None and item.due_on <= today():
            numbers[item.event] = numbers.get(item.event, 0) + 1
    for event, number in numbers.items():
        text = _("To do for “%(title)s”: %(num)s", title=event.title, num=number)
        yield _line(text, "events.show", event_id=event.id)


def _line(text: str, endpoint: str, **values: Any) -> str:
    return f"- {text}\n  {links.to(endpoint, **values)}"
