"""Questions about files that were handed out."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.db import db
from crm.mail.models import MailState, OutgoingMail
from crm.outputs.models import Output, OutputPerson

MOST = 50


def of_person(person_id: int) -> list[Output]:
    """Files somebody stands in, the newest first."""
    query = select(Output).join(OutputPerson, OutputPerson.output_id == Output.id)
    query = query.where(OutputPerson.person_id == person_id).options(joinedload(Output.user))
    return list(db.session.scalars(query.order_by(Output.id.desc()).limit(MOST)))


def mails_of(person_id: int) -> list[OutgoingMail]:
    """Mails to somebody that went or wait, the newest first."""
    query = select(OutgoingMail).where(
        OutgoingMail.person_id == person_id, OutgoingMail.state != MailState.DROPPED
    )
    return list(db.session.scalars(query.order_by(OutgoingMail.id.desc()).limit(MOST)))


def since() -> datetime | None:
    """From which moment on files are known: that of the oldest in the log."""
    return db.session.scalar(select(func.min(Output.at)))
