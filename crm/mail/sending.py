"""Sending: one mail after the other is claimed, handed over and settled, each in a transaction of its own.

A mail is claimed before it goes and settled after the server has said that it has it. Between the two no
transaction is open. Who is killed in between leaves a claim; it lapses, and the mail goes once more under the
same Message-ID.
"""

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from crm import jobs
from crm.db import db, now
from crm.mail import carriers
from crm.mail.letters import Parcel, Sender, message, parcel_of, sender
from crm.mail.models import MailServer, MailState, OutgoingMail
from crm.mail.services import DUTY

LEASE = timedelta(minutes=10)
# Ten attempts in almost five hours.
GAPS = [timedelta(minutes=one) for one in (0.5, 1, 2, 5, 15, 30, 60, 60, 120)]
# While the server is down nobody's attempts are counted, but a mail of last week helps nobody.
TOO_OLD = timedelta(days=3)
BROKEN_IN_A_ROW = 3
log = logging.getLogger("kikz")


@jobs.duty(DUTY)
def send_due() -> None:
    """Send all that is due, until there is nothing more, the server fails, or the worker is to stop."""
    _note(last_run_at=now())
    carrier, by, broken = carriers.carrier(current_app.config), sender(), 0
    db.session.commit()
    try:
        while broken < BROKEN_IN_A_ROW and not jobs.stopping() and (parcel := claim()) is not None:
            broken = broken + 1 if _send(carrier, parcel, by) else 0
    except carriers.Unreachable as trouble:
        log.warning("mail server: %s", trouble)
    finally:
        carrier.close()


def claim() -> Parcel | None:
    """Take the next mail that is due; nobody else gets it as long as the claim holds."""
    # SQLite takes its lock with the first statement; PostgreSQL passes over what others are claiming.
    db.session.connection(execution_options={"write": True})
    mail = db.session.scalar(_due().with_for_update(skip_locked=True))
    if mail is None:
        db.session.rollback()
        return None
    mail.state, mail.claimed_at, mail.attempts = MailState.SENDING, now(), mail.attempts + 1
    parcel = parcel_of(mail)
    db.session.commit()
    return parcel


def _due() -> Any:
    """The next mail: what waits and is due, or was claimed by somebody who is no more; single ones first."""
    waits = and_(OutgoingMail.state == MailState.WAITING, OutgoingMail.due_at <= now())
    left = and_(OutgoingMail.state == MailState.SENDING, OutgoingMail.claimed_at <= now() - LEASE)
    order = (OutgoingMail.mailing_id.is_not(None), OutgoingMail.due_at, OutgoingMail.id)
    return select(OutgoingMail).where(or_(waits, left)).order_by(*order).limit(1)


def _send(carrier: carriers.Carrier, parcel: Parcel, by: Sender) -> bool:
    """Hand one mail over and settle it; tell whether the connection broke over it."""
    try:
        if parcel.attempts > len(GAPS) + 1:
            raise carriers.Refused(_("The sending broke off several times."))
        made = message(parcel, by)
        carrier.carry(made, by.address, made["To"].addresses[0].addr_spec)
    except carriers.Unreachable as trouble:
        _unreachable(parcel, str(trouble))
        raise
    except carriers.Later as trouble:
        _later(parcel, trouble)
        return trouble.lost
    except Exception as trouble:
        # One mail that cannot be written must not keep the others.
        if not isinstance(trouble, carriers.Refused):
            log.warning("mail %s cannot be written", parcel.id, exc_info=trouble)
        settle(parcel, state=MailState.REFUSED, last_error=str(trouble)[:500] or type(trouble).__name__)
    else:
        settle(parcel, state=MailState.SENT, sent_at=now(), last_error=None)
    return False


def settle(parcel: Parcel, **values: Any) -> None:
    """Commit what became of a mail; one that went tells also that the server works."""
    ours = update(OutgoingMail).where(OutgoingMail.id == parcel.id, OutgoingMail.state == MailState.SENDING)
    db.session.execute(ours.values(claimed_at=None, **values).execution_options(synchronize_session=False))
    if values["state"] is MailState.SENT:
        _note(down_since=None, last_error=None, last_sent_at=now())
    db.session.commit()


def _later(parcel: Parcel, trouble: carriers.Later) -> None:
    """Try again after a while that grows, and at last no more."""
    if parcel.attempts > len(GAPS):
        settle(parcel, state=MailState.REFUSED, last_error=str(trouble))
        return
    due = now() + GAPS[parcel.attempts - 1]
    settle(parcel, state=MailState.WAITING, due_at=due, last_error=str(trouble))


def _unreachable(parcel: Parcel, text: str) -> None:
    """Put the mail back as it was; note since when the server fails."""
    _note(down_since=func.coalesce(MailServer.down_since, now()), last_error=text)
    since = db.session.scalar(select(MailServer.down_since)) or now()
    if now() - max(parcel.created_at, since) > TOO_OLD:
        settle(parcel, state=MailState.REFUSED, last_error=text)
        return
    settle(
        parcel, state=MailState.WAITING, attempts=parcel.attempts - 1, due_at=_again(since), last_error=text
    )


def _again(since: datetime) -> datetime:
    """When to try a server once more that has failed since then: a quarter of that time, within bounds."""
    return now() + min(max((now() - since) / 4, GAPS[0]), timedelta(minutes=15))


def _note(**values: Any) -> None:
    """Keep the one row about the server."""
    with suppress(IntegrityError), db.session.begin_nested():
        if db.session.get(MailServer, 1) is None:
            db.session.add(MailServer(id=1))
    noted = update(MailServer).values(**values)
    db.session.execute(noted.execution_options(synchronize_session=False))
