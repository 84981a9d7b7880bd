"""Who comes in by the sign-on service, as whom, and with what roles."""

import hmac
import secrets
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from config import OpenId
from crm import audit
from crm.access import Permission, Role
from crm.accounts import passwords
from crm.accounts import queries as accounts
from crm.accounts.models import User, UserSession
from crm.accounts.services import follow_roles, give_up_one_time_password
from crm.addresses import is_mail_address
from crm.db import db, now
from crm.errors import RuleBroken
from crm.sign_on import queries
from crm.sign_on.models import Identity, ProviderSession, SignOnStart, SpentLogout
from crm.text import Unreadable, clean_line
from crm.tokens import hash_of, new_token

LIFETIME = timedelta(minutes=10)
SPENT_FOR = timedelta(hours=1)


class Refused(Exception):
    """Somebody does not come in: a sentence for the screen, a status, a reason for the log.

    `ends` says that rights were taken away on the way, which must be kept.
    """

    def __init__(self, sentence: str, status: int, reason: str, ends: bool = False):
        super().__init__(reason)
        self.sentence, self.status, self.reason, self.ends = sentence, status, reason, ends


def sweep() -> int:
    """Delete ways nobody came back from, messages long obeyed, tokens of ended sessions; give how many."""
    ended = select(UserSession.id).where(UserSession.ended_at.is_not(None))
    old: list[Any] = [
        delete(SignOnStart).where(SignOnStart.begun_at < now() - LIFETIME),
        delete(SpentLogout).where(SpentLogout.at < now() - SPENT_FOR),
        delete(ProviderSession).where(ProviderSession.session_id.in_(ended)),
    ]
    found: list[Any] = [db.session.execute(one) for one in old]
    return sum(one.rowcount for one in found)


def begin(
    browser: str, target: str = "", user_id: int | None = None, sealed: str = "", confirms: bool = False
) -> tuple[Any, str]:
    """Note a way to the service for one browser; give it and its state. What is over is swept out.

    `confirms` says that `user_id` is signed in, is linked, and is to give the password there once more.
    """
    sweep()
    state = new_token()
    start = SignOnStart(
        state_hash=hash_of(state),
        browser_hash=hash_of(browser),
        nonce=new_token(),
        verifier=secrets.token_urlsafe(48),
        target=target[:2000],
        user_id=user_id,
        sealed=sealed,
        confirms=confirms,
    )
    db.session.add(start)
    db.session.flush()
    return start, state


def take(state: str, browser: str) -> SignOnStart:
    """Take a way up once, in the browser that began it; raises Refused for any other."""
    fresh = SignOnStart.begun_at > now() - LIFETIME
    start = db.session.scalar(select(SignOnStart).where(SignOnStart.state_hash == hash_of(state), fresh))
    if start is None or not same_browser(start, browser):
        raise _begin_again("state")
    db.session.expunge(start)
    gone = delete(SignOnStart).where(SignOnStart.id == start.id).returning(SignOnStart.id)
    if db.session.scalar(gone) is None:
        raise _begin_again("state taken twice")
    return start


def _begin_again(reason: str) -> Refused:
    return Refused(
        _("This sign-in was begun too long ago, in another browser, or was used already. Begin again."),
        400,
        reason,
    )


def same_browser(start: SignOnStart, browser: str) -> bool:
    """Tell whether this browser began the way."""
    return hmac.compare_digest(start.browser_hash, hash_of(browser))


def identify(settings: OpenId, claims: dict[str, Any], start: SignOnStart) -> Identity:
    """Find, link or make who has come back from the service; raises Refused who may not come in."""
    identity = queries.identity_of(settings.issuer, claims["sub"])
    roles = roles_in(settings, claims)
    if start.user_id is not None:
        _refuse_without_group(settings, roles)
        identity = _linked_by_oneself(settings, claims["sub"], start.user_id, identity)
    if identity is None:
        identity = _newcomer(settings, claims, roles)
    user = identity.user
    if not user.is_active:
        raise Refused(_("This account is locked. Turn to the administration."), 403, "locked")
    follow(settings, user, roles)
    give_up_one_time_password(user)
    identity.last_used_at = now()
    audit.record("user.signed-on", user, user)
    return identity


def confirm(settings: OpenId, claims: dict[str, Any], start: SignOnStart) -> User:
    """Give who has confirmed at the service that it is still they; raises Refused for anybody else."""
    identity = queries.identity_of(settings.issuer, claims["sub"])
    if identity is None or identity.user_id != start.user_id:
        sentence = _("You confirmed as somebody else at the sign-on service. Begin again.")
        raise Refused(sentence, 403, "confirmed as another")
    if not identity.user.is_active:
        raise Refused(_("This account is locked. Turn to the administration."), 403, "locked")
    return identity.user


def roles_in(settings: OpenId, claims: dict[str, Any]) -> frozenset[Role]:
    """Give the roles that the groups in a token stand for."""
    found = claims.get(settings.groups_claim)
    groups = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    named = (settings.roles.get(one, frozenset()) for one in groups if isinstance(one, str))
    return frozenset(Role(value) for values in named for value in values)


def follow(settings: OpenId, user: User, roles: frozenset[Role]) -> None:
    """Let roles follow the groups, where that is set up; raises Refused when none is left."""
    if settings.roles:
        follow_roles(user, roles)
    _refuse_without_group(settings, roles, ends=True)


def _refuse_without_group(settings: OpenId, roles: frozenset[Role], ends: bool = False) -> None:
    if settings.roles and not roles:
        sentence = _("You belong to no group that may use this program. Turn to the administration.")
        raise Refused(sentence, 403, "no group", ends)


def _linked_by_oneself(
    settings: OpenId, subject: str, user_id: int, identity: Identity | None
) -> Identity | None:
    if identity is not None and identity.user_id != user_id:
        raise Refused(
            _("This sign-in is linked with another account already. Nothing was changed."), 409, "linked"
        )
    user = db.session.get(User, user_id)
    if identity is None and user is not None and user.is_active:
        try:
            return link(settings, user, subject, user)
        except RuleBroken as broken:
            raise Refused(str(broken.message), 409, "no emergency account") from None
    return identity


def link(settings: OpenId, user: User, subject: str, by: Any) -> Identity:
    """Link somebody at the service with an account; one administrator must go on coming in by password."""
    if queries.identity_of(settings.issuer, subject) is not None:
        raise RuleBroken(_("This identifier is linked with an account already."), "subject")
    administers = user.may(Permission.MANAGE_USERS)
    if settings.roles and administers and not queries.emergency_accounts(settings.issuer, user):
        raise RuleBroken(
            _(
                "One administrator must be able to sign in by password when the service is down. "
                "Make another such account first."
            )
        )
    identity = Identity(issuer=settings.issuer, subject=subject, user=user)
    db.session.add(identity)
    audit.record("user.identity-linked", user, by)
    return identity


def unlink(identity: Identity, by: Any) -> None:
    """Part somebody at the service from an account; sessions that came from there end."""
    for one in queries.sessions_of(identity.issuer, identity.subject, None):
        one.session.ended_at = now()
    user = identity.user
    db.session.delete(identity)
    audit.record("user.identity-removed", user, by)


def _newcomer(settings: OpenId, claims: dict[str, Any], roles: frozenset[Role]) -> Identity:
    if not settings.create:
        raise Refused(
            _(
                "Your sign-in is not linked with an account yet. Give the administration this identifier: "
                "%(subject)s",
                subject=claims["sub"],
            ),
            403,
            "not linked",
        )
    _refuse_without_group(settings, roles)
    email, name = _mail_and_name(claims)
    if accounts.by_email(email):
        raise Refused(
            _(
                "There is an account with your address already. The administration can link it with "
                "this identifier: %(subject)s",
                subject=claims["sub"],
            ),
            409,
            "address taken",
        )
    return _created(settings, claims["sub"], email, name, roles)


def _mail_and_name(claims: dict[str, Any]) -> tuple[str, str]:
    email, name = claims.get("email"), claims.get("name")
    try:
        shown = clean_line(name) if isinstance(name, str) else None
    except Unreadable:
        shown = None
    sound = isinstance(email, str) and len(email) <= 254 and is_mail_address(email)
    if not sound or not shown or claims.get("email_verified") is False:
        raise Refused(
            _("The service names no confirmed address or no name for you. Turn to the administration."),
            403,
            "no address or name",
        )
    return str(email).strip().casefold(), shown[:200]


def _created(settings: OpenId, subject: str, email: str, name: str, roles: frozenset[Role]) -> Identity:
    user = User(
        email=email,
        name=name,
        roles=roles,
        password_hash=passwords.hash_of_nothing(),
        must_change_password=False,
    )
    db.session.add(user)
    audit.record("user.created", user, None)
    return link(settings, user, subject, None)


def sign_out_by_service(settings: OpenId, claims: dict[str, Any]) -> int:
    """Obey a message of the service that somebody has signed out; give how many sessions ended."""
    sweep()
    mark = hash_of(str(claims["jti"]))
    if db.session.get(SpentLogout, mark) is not None:
        raise Refused("", 400, "logout token replayed")
    db.session.add(SpentLogout(jti_hash=mark))
    db.session.flush()
    found = queries.sessions_of(settings.issuer, claims.get("sub"), claims.get("sid"))
    for one in found:
        one.session.ended_at = now()
        one.sealed_token = ""
    return len(found)
