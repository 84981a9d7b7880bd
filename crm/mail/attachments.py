"""Files that go with mails: each content is stored once, and goes when no mail needs it any more."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from crm.db import db
from crm.mail import checks
from crm.mail.models import MailAttachment, MailFile, OutgoingMail


@dataclass(frozen=True)
class Attachment:
    """A file by its name, its kind and its bytes."""

    name: str
    media_type: str
    content: bytes


def attach(mail: OutgoingMail, files: Iterable[Attachment]) -> None:
    """Hang files on a mail, in the transaction it is written in."""
    for one in files:
        stored = _stored(one)
        name = checks.line(one.name, MailAttachment.name.type.length)
        db.session.add(MailAttachment(mail_id=mail.id, file_id=stored.id, name=name))
    db.session.flush()


def _stored(one: Attachment) -> MailFile:
    """Give the row of a content, a new one where there is none; another transaction may be writing it too."""
    digest = hashlib.sha256(one.media_type.encode() + b"\0" + one.content).hexdigest()
    # Held against the sweeper, which takes away what hangs on no mail.
    query = select(MailFile).where(MailFile.digest == digest).with_for_update(read=True)
    if (found := db.session.scalar(query)) is not None:
        return found
    made = MailFile(digest=digest, media_type=one.media_type, content=one.content)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(query).one()
    return made


def of(mail_id: int) -> tuple[Attachment, ...]:
    """Give the files of a mail."""
    query = (
        select(MailAttachment.name, MailFile.media_type, MailFile.content)
        .join(MailAttachment.file)
        .where(MailAttachment.mail_id == mail_id)
        .order_by(MailAttachment.id)
    )
    return tuple(Attachment(*row) for row in db.session.execute(query))


def names_of(mail_id: int) -> list[str]:
    """Give the names of the files of a mail, without their bytes."""
    query = select(MailAttachment.name).where(MailAttachment.mail_id == mail_id)
    return list(db.session.scalars(query.order_by(MailAttachment.id)))


def drop_of_emptied() -> None:
    """Take the files from mails whose text is gone, and away what hangs on no mail any more."""
    emptied = select(OutgoingMail.id).where(OutgoingMail.recipient == "")
    db.session.execute(
        delete(MailAttachment)
        .where(MailAttachment.mail_id.in_(emptied))
        .execution_options(synchronize_session=False)
    )
    hung = select(MailAttachment.file_id)
    db.session.execute(
        delete(MailFile).where(MailFile.id.not_in(hung)).execution_options(synchronize_session=False)
    )
