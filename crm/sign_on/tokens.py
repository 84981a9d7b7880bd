"""The checks of what the service signs: ID tokens, and its messages that somebody has signed out."""

import hmac
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from authlib.oidc.core.util import create_half_hash
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwt import JWTClaimsRegistry

from config import OpenId
from crm.sign_on import provider
from crm.sign_on.refusals import TokenRefused

ALGORITHMS = ("RS256", "PS256", "ES256")
LONGEST = 20_000
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_SECONDS = 300
SKEW_SECONDS = 60


def id_claims(settings: OpenId, answer: dict[str, Any], nonce: str | None) -> dict[str, Any]:
    """Give the claims of a good ID token, raise TokenRefused for any other.

    `answer` is what the token endpoint said; `nonce` is None for a token that was renewed later.
    """
    header, claims = signed(settings, answer["id_token"])
    check_claims(settings, claims, ("sub", "iat", "exp"))
    check_audience(settings, claims)
    if nonce is not None:
        check_nonce(claims, nonce)
    at_hash, access_token = claims.get("at_hash"), answer.get("access_token")
    if at_hash is not None:
        expected = create_half_hash(access_token or "", header["alg"]).decode()
        if not isinstance(at_hash, str) or not hmac.compare_digest(at_hash.encode(), expected.encode()):
            raise TokenRefused("at_hash")
    return claims


def logout_claims(settings: OpenId, text: str) -> dict[str, Any]:
    """Give the claims of a good logout token, raise TokenRefused for any other; replays are not noticed."""
    header, claims = signed(settings, text)
    check_claims(settings, claims, ("iat", "jti"))
    check_audience(settings, claims)
    events = claims.get("events")
    if header.get("typ", "JWT").lower() not in ("jwt", "logout+jwt", "application/logout+jwt"):
        raise TokenRefused("typ")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise TokenRefused("events")
    if "nonce" in claims:
        raise TokenRefused("a nonce in a logout token")
    if claims["iat"] < time.time() - LOGOUT_SECONDS:
        raise TokenRefused("an old logout token")
    if not _is_name(claims.get("sub")) and not _is_name(claims.get("sid")):
        raise TokenRefused("neither sub nor sid")
    return claims


def signed(settings: OpenId, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give header and claims of a token that a key of the service has signed."""
    if len(text) > LONGEST:
        raise TokenRefused("a token that is too long")
    try:
        try:
            found = jwt.decode(text, provider.keys(settings), algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            found = jwt.decode(text, provider.keys(settings, anew=True), algorithms=ALGORITHMS)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise TokenRefused(f"signature: {type(error).__name__}") from None
    return dict(found.header), found.claims


def check_claims(settings: OpenId, claims: dict[str, Any], needed: Iterable[str]) -> None:
    """Check issuer and times; a clock may go wrong by a minute."""
    rules: dict[str, Any] = {name: {"essential": True} for name in needed}
    rules["iss"] = {"essential": True, "value": settings.issuer}
    try:
        JWTClaimsRegistry(leeway=SKEW_SECONDS, **rules).validate(claims)
    except JoseError as error:
        raise TokenRefused(f"claims: {error}") from None
    if "sub" in needed and not _is_name(claims["sub"]):
        raise TokenRefused("sub")


def check_audience(settings: OpenId, claims: dict[str, Any]) -> None:
    """Check that the token is for this program: aud names it, and azp where it stands or must."""
    audience, party = claims.get("aud"), claims.get("azp")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or settings.client_id not in named:
        raise TokenRefused("aud")
    if (party is not None or len(named) > 1) and party != settings.client_id:
        raise TokenRefused("azp")


def check_nonce(claims: dict[str, Any], nonce: str) -> None:
    """Check that the token answers the way that this browser began."""
    found = claims.get("nonce")
    if not isinstance(found, str) or not hmac.compare_digest(found.encode(), nonce.encode()):
        raise TokenRefused("nonce")


def check_recent(claims: dict[str, Any], begun_at: datetime) -> None:
    """Check that the password was given at the service after somebody was sent there to give it."""
    at = claims.get("auth_time")
    if not isinstance(at, int) or isinstance(at, bool):
        raise TokenRefused("no auth_time")
    if not begun_at.timestamp() - SKEW_SECONDS <= at <= time.time() + SKEW_SECONDS:
        raise TokenRefused("auth_time")


def _is_name(found: Any) -> bool:
    return isinstance(found, str) and 0 < len(found) <= 255 and found.isprintable()
