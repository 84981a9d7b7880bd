"""Questions about official files: what was taken over, what waits."""

from sqlalchemy import select

from crm.accounts.models import User
from crm.db import db, now
from crm.register.models import LIFETIME, Edition, WaitingFile


def editions() -> list[tuple[Edition, str | None]]:
    """All editions that were taken over with the name of who did it, the newest day first."""
    query = select(Edition, User.name).outerjoin(User, User.id == Edition.loaded_by_id)
    found = db.session.execute(query.order_by(Edition.territory_on.desc()))
    return [(edition, name) for edition, name in found]


def waiting(user_id: int, purpose: str) -> WaitingFile | None:
    """The checked file of a user that waits for a decision."""
    query = select(WaitingFile).where(WaitingFile.user_id == user_id, WaitingFile.purpose == purpose)
    query = query.where(WaitingFile.at > now() - LIFETIME)
    return db.session.scalars(query.order_by(WaitingFile.id.desc())).first()
