"""Sessions from the service: it is asked every two minutes whether they still stand, every five at most."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from flask import current_app
from sqlalchemy import delete, or_, select, update

from config import OpenId
from crm.accounts import sealing, sessions
from crm.accounts.models import User, UserSession
from crm.db import db, now
from crm.sign_on import queries, services, speaking
from crm.sign_on.models import Identity, ProviderSession
from crm.sign_on.refusals import TokenRefused, Unreachable
from crm.sign_on.services import Refused

log = logging.getLogger("kikz")
ASK_AFTER = timedelta(minutes=2)
LONGEST = timedelta(minutes=5)
TRY_AGAIN = timedelta(seconds=30)
ASKING = timedelta(seconds=15)
PURPOSE = "refresh-token"


def _sealed(token: Any) -> str:
    return sealing.box(PURPOSE).encrypt(token.encode()).decode() if isinstance(token, str) and token else ""


def _opened(sealed: str) -> str:
    try:
        return sealing.box(PURPOSE).decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        return ""


def writing() -> None:
    """Begin a transaction that writes, also in a request that came by GET; nothing may be unsaved."""
    db.session.rollback()
    db.session.connection(execution_options={"write": True})


def open_session(identity: Identity, claims: dict[str, Any], answer: dict[str, Any]) -> None:
    """Open a session for who came from the service, in place of the one at hand; the caller commits."""
    before = sessions.current_row()
    if before is not None and before.ended_at is None:
        before.ended_at = now()
    row = sessions.begin(identity.user, elsewhere=True)
    token, sid = _sealed(answer.get("refresh_token")), claims.get("sid")
    # Without a refresh token nobody can be asked later: then the session is as long as it may be unasked.
    row.vouched_until = now() + (ASK_AFTER if token else LONGEST)
    sid = sid[:255] if isinstance(sid, str) else None
    db.session.add(ProviderSession(session_id=row.id, identity=identity, sid=sid, sealed_token=token))


def enters_elsewhere(user: User) -> bool:
    """Tell whether an account comes in by the service only, because its roles follow the groups there."""
    settings = current_app.config["OIDC"]
    return bool(settings and settings.roles and queries.is_linked(user, settings.issuer))


def vouch_again(row: UserSession) -> bool:
    """Ask the service whether a session still stands; roles follow what it says. Commits.

    While the service is silent a session lives on, but never longer than five minutes after the last answer.
    """
    settings, number = current_app.config["OIDC"], row.id
    kept = db.session.get(ProviderSession, number)
    if settings is None or kept is None or kept.identity.issuer != settings.issuer:
        return False
    answered, token = kept.checked_at, _opened(kept.sealed_token)
    until = answered + LONGEST
    if not _mine_to_ask(number, answered):
        return now() < until or _answered_meanwhile(number)
    try:
        answer = speaking.provider.refreshed(settings, token) if token else _nothing_to_show()
        claims = speaking.tokens.id_claims(settings, answer, None)
    except Unreachable as error:
        return _silent(number, until, str(error))
    except TokenRefused as error:
        return _over(number, str(error))
    return _renew(settings, number, claims, answer)


def _nothing_to_show() -> dict[str, Any]:
    raise TokenRefused("no refresh token")


def _mine_to_ask(number: int, answered: datetime) -> bool:
    """Let one of several requests ask: a refresh token may be good only once.

    `answered` is when the service answered last as far as this request knows; whoever knows an older
    answer than there is holds a token that is used up.
    """
    writing()
    free = or_(ProviderSession.asked_at.is_(None), ProviderSession.asked_at < now() - ASKING)
    claim = update(ProviderSession).where(
        ProviderSession.session_id == number, ProviderSession.checked_at == answered, free
    )
    claim = claim.values(asked_at=now()).execution_options(synchronize_session=False)
    mine = db.session.scalar(claim.returning(ProviderSession.session_id)) is not None
    db.session.commit()
    return mine


def _answered_meanwhile(number: int) -> bool:
    query = select(UserSession.vouched_until, UserSession.ended_at).where(UserSession.id == number)
    for _turn in range(50):
        db.session.rollback()
        until, ended = db.session.execute(query).one()
        if ended is not None or until is None or until > now():
            return ended is None
        time.sleep(0.1)
    return False


def _silent(number: int, until: Any, reason: str) -> bool:
    if now() >= until:
        return _over(number, f"no answer: {reason}")
    log.warning("sign-on service silent: %s", reason)
    writing()
    _set(number, vouched_until=min(now() + TRY_AGAIN, until))
    kept = update(ProviderSession).where(ProviderSession.session_id == number)
    db.session.execute(kept.values(asked_at=None))
    db.session.commit()
    return True


def _over(number: int, reason: str) -> bool:
    log.warning("sign-on session ended: %s", reason)
    writing()
    _set(number, ended_at=now())
    db.session.execute(delete(ProviderSession).where(ProviderSession.session_id == number))
    db.session.commit()
    return False


def _set(number: int, **values: Any) -> None:
    living = update(UserSession).where(UserSession.id == number, UserSession.ended_at.is_(None))
    db.session.execute(living.values(**values))


def _renew(settings: OpenId, number: int, claims: dict[str, Any], answer: dict[str, Any]) -> bool:
    writing()
    kept = db.session.get(ProviderSession, number)
    if kept is None or kept.identity.subject != claims["sub"]:
        return _over(number, "another subject")
    try:
        services.follow(settings, kept.identity.user, services.roles_in(settings, claims))
    except Refused as refused:
        db.session.commit()
        return _over(number, refused.reason)
    kept.sealed_token = _sealed(answer.get("refresh_token")) or kept.sealed_token
    kept.checked_at, kept.asked_at = now(), None
    _set(number, vouched_until=now() + ASK_AFTER)
    db.session.commit()
    return True
