"""Questions about links with the sign-on service."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm.access import Permission
from crm.accounts import queries as accounts
from crm.accounts.models import User
from crm.db import db
from crm.sign_on.models import Identity, ProviderSession


def identity_of(issuer: str, subject: str) -> Identity | None:
    """Find the link of somebody at a service."""
    query = select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    return db.session.scalar(query.options(joinedload(Identity.user)))


def identities_of(user: User) -> list[Identity]:
    """Give the links of an account, oldest first."""
    query = select(Identity).where(Identity.user_id == user.id).order_by(Identity.id).limit(20)
    return list(db.session.scalars(query))


def is_linked(user: User, issuer: str) -> bool:
    """Tell whether an account is linked with a service."""
    query = select(Identity.id).where(Identity.user_id == user.id, Identity.issuer == issuer).limit(1)
    return db.session.scalar(query) is not None


def emergency_accounts(issuer: str, without: User) -> list[User]:
    """Give the active administrators who come in by password, apart from one."""
    linked = set(db.session.scalars(select(Identity.user_id).where(Identity.issuer == issuer)))
    found = (one for one in accounts.everybody() if one.is_active and one.may(Permission.MANAGE_USERS))
    return [one for one in found if one.id not in linked and one.id != without.id]


def sessions_of(issuer: str, subject: str | None, sid: str | None) -> list[ProviderSession]:
    """Give the living sessions that a sign-out at the service means: by its session, else by its person."""
    query = select(ProviderSession).join(ProviderSession.identity).where(Identity.issuer == issuer)
    query = query.options(joinedload(ProviderSession.session)).order_by(ProviderSession.session_id)
    if subject is not None:
        query = query.where(Identity.subject == subject)
    if sid is not None:
        query = query.where(ProviderSession.sid == sid)
    return [one for one in db.session.scalars(query.limit(1000)) if one.session.ended_at is None]
