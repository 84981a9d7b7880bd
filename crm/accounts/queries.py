"""Questions about users."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm.util import identity_key

from crm.access import Permission, allowed
from crm.accounts.models import SignInAttempt, User, UserSession
from crm.db import db, now
from crm.folding import sort_key
from crm.labels import in_order

WINDOW = timedelta(hours=12)


def by_email(email: str) -> User | None:
    """Find the account of an address, however it is written."""
    return db.session.scalar(select(User).where(User.email == email.strip().casefold()))


def everybody() -> list[User]:
    """All users by name, locked ones last."""
    return list(db.session.scalars(select(User).order_by(User.locked_at.is_not(None), User.name)))


def staff(also: set[int] | None = None) -> list[User]:
    """Active users who may log talks, by name; `also` keeps named ones who left since."""
    return [user for user in everybody() if _may_log(user) or user.id in (also or ())]


def staff_names() -> list[Any]:
    """Number, name and roles of the active users who may log talks, by name."""
    return [one for one in staff_ever() if one.locked_at is None]


def staff_ever(also: Iterable[int] = ()) -> list[Any]:
    """The same with those who left, at the end: what a filter offers, for what they did is still there.

    `also` keeps who may not log talks any more.
    """
    query = select(User.id, User.name, User.roles, User.locked_at)
    found = db.session.execute(query.order_by(User.locked_at.is_not(None), User.name))
    may = Permission.WRITE_CONSULTATIONS
    return [one for one in found if allowed(one.roles, may) or one.id in also]


def in_order_of_names(column: Any) -> Any:
    """Give what orders a column of users by their names as a German register does; nobody has no place."""
    found = sorted(
        db.session.execute(select(User.id, User.name)), key=lambda one: (sort_key(one.name), one.id)
    )
    return in_order(column, [one.id for one in found])


def staff_among(ids: Iterable[int], also: set[int]) -> list[User]:
    """Those of some users who may log talks or are named in `also`; who is at hand is not read again."""
    wanted = list(ids)
    at_hand = (db.session.identity_map.get(identity_key(User, number)) for number in wanted)
    known: dict[int, User] = {one.id: one for one in at_hand if one is not None}
    missing = [number for number in wanted if number not in known]
    others = db.session.scalars(select(User).where(User.id.in_(missing))) if missing else ()
    known |= {one.id: one for one in others}
    found = [known[number] for number in wanted if number in known]
    return [one for one in found if one.id in also or _may_log(one)]


def _may_log(user: User) -> bool:
    return user.is_active and user.may(Permission.WRITE_CONSULTATIONS)


def living_sessions(user: User, idle: timedelta, absolute: timedelta) -> list[UserSession]:
    """Give the sessions of a user that still open something, the one used last first; at most 50."""
    living = select(UserSession).where(
        UserSession.user_id == user.id,
        UserSession.ended_at.is_(None),
        UserSession.last_used_at >= now() - idle,
        UserSession.created_at >= now() - absolute,
    )
    return list(
        db.session.scalars(living.order_by(UserSession.last_used_at.desc(), UserSession.id).limit(50))
    )


def administrators() -> int:
    """Count active administrators."""
    return sum(1 for user in everybody() if user.is_active and user.may(Permission.MANAGE_USERS))


def absent_with_deputy(deputy_id: Any, day: Any) -> Any:
    """The condition that a user is away on a day and that this is the deputy."""
    there_again = or_(User.absent_until.is_(None), User.absent_until >= day)
    return and_(User.deputy_id == deputy_id, User.absent_from <= day, there_again)


def failures(account: str) -> tuple[int, float]:
    """Count failures of an account since its last success; give (count, seconds since the last one)."""
    last_ok = (
        select(func.coalesce(func.max(SignInAttempt.id), 0))
        .where(SignInAttempt.account == account, SignInAttempt.ok)
        .scalar_subquery()
    )
    return _failures(SignInAttempt.account == account, SignInAttempt.id > last_ok)


def failures_of_source(source: str) -> tuple[int, float]:
    """Count failures from one address within the window."""
    return _failures(SignInAttempt.source == source)


def _failures(*conditions: Any) -> tuple[int, float]:
    count, last = db.session.execute(
        select(func.count(), func.max(SignInAttempt.at)).where(
            *conditions, SignInAttempt.ok.is_(False), SignInAttempt.at > now() - WINDOW
        )
    ).one()
    return count, (now() - last).total_seconds() if last else 0.0
