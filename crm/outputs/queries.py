"""Questions about files that were handed out."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.db import db
from crm.mail.models import MailState, OutgoingMail
from crm.mail.queries import shown_to
from crm.outputs.models import Output, OutputPerson

MOST = 50


def of_person(person_id: int) -> list[Output]:
    """Files somebody stands in, the newest first."""
    query = select(Output).join(OutputPerson, OutputPerson.output_id == Output.id)
    query = query.where(OutputPerson.person_id == person_id).options(joinedload(Output.user))
    return list(db.session.scalars(query.order_by(Output.id.desc()).limit(MOST)))


def mails_of(user: Any, person_id: int) -> list[OutgoingMail]:
    """Mails to somebody that went or wait, as far as a user may know of them, the newest first."""
    query = select(OutgoingMail).where(
        OutgoingMail.person_id == person_id, OutgoingMail.state != MailState.DROPPED, shown_to(user)
    )
    return list(db.session.scalars(query.order_by(OutgoingMail.id.desc()).limit(MOST)))


def since() -> datetime | None:
    """From which moment on files are known: that of the oldest in the log."""
    return db.session.scalar(select(func.min(Output.at)))
