"""What is done with invitations: people invited, answers noted, mistaken ones taken back."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert

from crm import audit
from crm.db import db, now
from crm.errors import RuleBroken
from crm.events import queries as events
from crm.events.models import Event
from crm.invitations import audience
from crm.invitations.models import Answer, Invitation
from crm.invitations.narrowing import Wanted
from crm.mail import services as mail
from crm.mail.models import MailKind


def invite(event: Event, wanted: Wanted, words: str, by: Any) -> int:
    """Invite everybody an audience is made of now, in one go; `words` say what was asked for."""
    # Held before it is asked who is invited: a colleague who does the same at once comes first or after.
    event = events.hold(event.id)
    found = audience.find(wanted, event.id)
    if not found.people:
        raise RuleBroken(_("Nobody is left to invite. Choose another audience."))
    rows = [
        {
            "version": 1, "event_id": event.id, "person_id": one.person_id, "called": one.called[:200],
            "email": one.email, "organisation_id": one.organisation_id, "answer": Answer.NONE,
            "organisation_name": one.organisation_name,
        }
        for one in found.people
    ]  # fmt: skip
    db.session.execute(insert(Invitation), rows)
    audit.record("event.invited", event, by, invitations=(None, len(rows)), audience=(None, words[:500]))
    return len(rows)


def note_answer(
    invitation: Invitation,
    answer: Answer,
    by: Any = None,
    represented_by: str | None = None,
    remark: str | None = None,
) -> None:
    """Note what an invited person answered; a reminder that waits is not needed any more.

    `by` is None where the person answered alone. A remark of None stays as it is, an empty one goes.
    """
    if answer is not Answer.REPRESENTED:
        represented_by = None
    elif by is not None and not represented_by:
        raise RuleBroken(_("Enter who comes instead."), "represented_by")
    if invitation.answer is not answer:
        invitation.answer, invitation.answered_at = answer, None if answer is Answer.NONE else now()
    invitation.represented_by = represented_by
    if remark is not None:
        invitation.remark = remark or None
    if audit.difference(invitation):
        audit.record("invitation.answered", invitation, by)
    if answer is not Answer.NONE:
        waiting = {"event_id": invitation.event_id, "person_id": invitation.person_id}
        mail.drop(_("answered meanwhile"), kind=MailKind.REMINDER, **waiting)


def remove_invitation(invitation: Invitation, by: Any) -> None:
    """Take a mistaken invitation back; once mailed, it was said and stays."""
    if invitation.mailed_at is not None:
        raise RuleBroken(_("This invitation was sent already and stays. Note an answer instead."))
    audit.record("event.uninvited", invitation.event, by, invitations=(1, 0))
    db.session.delete(invitation)
    db.session.flush()
