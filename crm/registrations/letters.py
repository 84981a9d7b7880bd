"""The mails a guest gets. Each goes into the outbox in the transaction of what it tells of."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import current_app, has_request_context
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from crm import ics, links
from crm.db import now
from crm.events.calendar_entry import entry_of, in_calendar
from crm.events.models import EventState
from crm.events.times import when_in_full
from crm.i18n import moment
from crm.mail import services as mail
from crm.mail.models import MailKind
from crm.office.queries import office
from crm.registrations import floods, queries
from crm.registrations.models import GONE, Registration, Seat

PURPOSE = "registration"
# What a mail says of a place, and what may change before it goes.
OF_PLACES = (MailKind.TO_CONFIRM, MailKind.KNOWN, MailKind.WAITING, MailKind.OFFER, MailKind.CONFIRMED)
AT_ONCE = timedelta(minutes=1)


def path_to(registration: Registration) -> str:
    """Make the personal path of a registration; it dies when the mail address changes."""
    token = links.make(PURPOSE, registration.id, registration.address_key)
    return links.path("guests.manage", token=token)


def link_to(registration: Registration) -> str:
    """Make it a whole address."""
    return links.address(path_to(registration))


def _in_their_language(letter: Callable[[Registration], None]) -> Callable[[Registration], None]:
    """Write in the language of the page a guest sends; what others cause is German."""

    @wraps(letter)
    def written(registration: Registration) -> None:
        if has_request_context() and not current_user.is_authenticated:
            letter(registration)
            return
        with force_locale("de"):
            letter(registration)

    return written


@_in_their_language
def ask_to_confirm(registration: Registration) -> None:
    """Ask whether the address is right; until then the seat is kept for a while."""
    hours = current_app.config["CONFIRM_HOURS"]
    lines = [
        _("somebody registered you with this address. Please confirm it with this link:"),
        link_to(registration),
        ngettext(
            "Your registration is kept for %(num)s hour. Without a confirmation it lapses by itself.",
            "Your registration is kept for %(num)s hours. Without a confirmation it lapses by itself.",
            hours,
        ),
        _("If it was not you, do nothing: you get no further mail."),
    ]
    _post(MailKind.TO_CONFIRM, registration, _("Please confirm: %(title)s"), lines)


@_in_their_language
def say_known(registration: Registration) -> None:
    """Tell an address that it is registered already; a form sent twice at once gets one mail."""
    if now() - registration.registered_at < AT_ONCE:
        return
    if not registration.is_confirmed:
        ask_to_confirm(registration)
        return
    lines = [
        _("you are registered already. Your registration, and a way to cancel it:"),
        link_to(registration),
    ]
    _post(MailKind.KNOWN, registration, _("You are registered: %(title)s"), lines)


@_in_their_language
def say_place(registration: Registration) -> None:
    """Tell whether a guest has a seat or waits."""
    if registration.seat is Seat.WAITING:
        before = queries.before(registration)
        lines = [
            _("all seats are taken. You are on the waiting list."),
            said_before(before),
            _("When a seat becomes free, we write to you. Your registration, and a way to cancel it:"),
            link_to(registration),
        ]  # fmt: skip
        _post(MailKind.WAITING, registration, _("Waiting list: %(title)s"), lines)
        return
    lines = [_("your seat is confirmed. We look forward to seeing you.")]
    if registration.companions:
        companions = registration.companions
        lines += [ngettext("With you comes %(num)s person.", "With you come %(num)s persons.", companions)]
    if registration.event.video_link:
        lines += [_("Video meeting: %(link)s", link=registration.event.video_link)]
    lines += [_("If you cannot come, please cancel here, so that others can come:"), link_to(registration)]
    _post(MailKind.CONFIRMED, registration, _("Confirmed: %(title)s"), lines, **_entry(registration))


def said_before(number: int) -> str:
    """Say how many stand before somebody on the waiting list."""
    if not number:
        return _("Nobody waits before you.")
    return ngettext(
        "%(num)s registration waits before you.", "%(num)s registrations wait before you.", number
    )


def _entry(registration: Registration) -> dict[str, str]:
    event = registration.event
    if not in_calendar(event):
        return {}
    return {"calendar": ics.calendar([entry_of(event)]), "calendar_method": "PUBLISH"}


@force_locale("de")
def offer(registration: Registration) -> None:
    """Offer a seat that became free, for a while."""
    until = moment(registration.offered_until)
    lines = [
        _("a seat has become free. It is kept for you until %(until)s. Take it here:", until=until),
        link_to(registration),
        _("Without an answer the seat then goes to the next on the list."),
    ]
    _post(MailKind.OFFER, registration, _("A seat is free: %(title)s"), lines)


@_in_their_language
def say_signed_off(registration: Registration) -> None:
    """Tell that signing off has arrived."""
    lines = [
        _("your registration is cancelled. Should that be a mistake, register again here:"),
        link_to(registration),
    ]
    _post(MailKind.SIGNED_OFF, registration, _("Registration cancelled: %(title)s"), lines)


@force_locale("de")
def say_lapsed(registration: Registration) -> None:
    """Tell a guest who had confirmed that the offer has ended; who never confirmed gets no mail."""
    forget_waiting(registration, _("lapsed"))
    event = registration.event
    if registration.is_confirmed and event.state is not EventState.CANCELLED and not event.has_begun:
        lines = [
            _("the seat was kept for you in vain and went to the next on the list."),
            _("You can register again here:"),
            link_to(registration),
        ]
        _post(MailKind.NOTICE, registration, _("Offer ended: %(title)s"), lines)


def forget_waiting(registration: Registration, reason: str) -> None:
    """Take back what waits in the outbox and is no longer true of a place."""
    for kind in OF_PLACES:
        mail.drop(reason, registration_id=registration.id, kind=kind)


def say_anew(registration: Registration) -> None:
    """Write to a corrected address what the old one was told in vain; its links are dead."""
    forget_waiting(registration, _("address corrected"))
    if not registration.is_confirmed:
        ask_to_confirm(registration)
    elif registration.seat is Seat.OFFERED:
        offer(registration)
    elif registration.seat not in GONE:
        say_place(registration)


def _post(kind: MailKind, registration: Registration, subject: str, lines: list[str], **more: Any) -> None:
    """Write the mail. To an address nobody has confirmed, no words of whoever typed it are sent."""
    by_strangers = kind in floods.CAUSED_BY_STRANGERS
    if not registration.email or (by_strangers and not floods.may_write_to(registration.address_key)):
        return
    event, issuer = registration.event, office()
    facts = [event.title, when_in_full(event), *([event.where] if event.where else [])]
    greeting = _("Good day,") if by_strangers else _("Good day %(name)s,", name=registration.name)
    parts = [greeting, *lines, "\n".join(facts), issuer.name or "KIKZ"]
    mail.post(
        kind, registration.email, subject % {"title": event.title}, "\n\n".join(parts),
        recipient_name="" if by_strangers else registration.name, event_id=event.id,
        registration_id=registration.id, **more,
    )  # fmt: skip
