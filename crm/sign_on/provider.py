"""What the sign-on service is asked: its addresses, its keys, tokens for a code, and new tokens later."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from flask import current_app
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from config import OpenId
from crm import links
from crm.sign_on import channel
from crm.sign_on.models import SignOnStart
from crm.sign_on.refusals import TokenRefused, Unreachable

KEEP_SECONDS = 3600
# An unknown key makes us look again, but nobody may make us look all the time.
RELOAD_SECONDS = 30
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
CALLBACK = "sign_on.come_back"


@dataclass
class Known:
    """What one process remembers of the service."""

    document: dict[str, Any] = field(default_factory=dict)
    document_at: float = 0.0
    keys: KeySet | None = None
    keys_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


def clock() -> float:
    """Give seconds that only grow."""
    return time.monotonic()


def known() -> Known:
    """What this process remembers of the service."""
    return current_app.extensions.setdefault("sign_on_known", Known())


def addresses(settings: OpenId, client: OAuth2Session) -> dict[str, Any]:
    """Give the service's own description, at most an hour old; raises Unreachable."""
    memory = known()
    if not memory.document or clock() - memory.document_at > KEEP_SECONDS:
        url = f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        memory.document, memory.document_at = _sound(settings, channel.document(client, url)), clock()
    return memory.document


def names_itself(settings: OpenId) -> bool:
    """Tell whether the service says that each answer of it names it; raises Unreachable."""
    found = addresses(settings, channel.line(settings))
    return found.get("authorization_response_iss_parameter_supported") is True


def _sound(settings: OpenId, found: dict[str, Any]) -> dict[str, Any]:
    if found.get("issuer") != settings.issuer:
        raise Unreachable("the description is of another issuer")
    for name in NEEDED:
        address = found.get(name)
        if not isinstance(address, str) or channel.origin(address) != channel.origin(settings.issuer):
            raise Unreachable(f"{name} is not on the issuer's host")
    return found


def keys(settings: OpenId, anew: bool = False) -> KeySet:
    """Give the public keys of the service; `anew` looks again, but not more than twice a minute."""
    memory = known()
    with memory.lock:
        age = clock() - memory.keys_at
        if memory.keys is None or age > (RELOAD_SECONDS if anew else KEEP_SECONDS):
            client = channel.line(settings)
            found = channel.document(client, addresses(settings, client)["jwks_uri"])
            memory.keys, memory.keys_at = _usable(found), clock()
        return memory.keys


def _usable(found: dict[str, Any]) -> KeySet:
    """Keep the keys one can check a signature with: never a shared secret, never one for sealing."""
    listed = found.get("keys")
    good = []
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one.get("kty") in ("RSA", "EC") and one.get("use", "sig") == "sig":
            try:
                good += KeySet.import_key_set({"keys": [one]}).keys
            except (JoseError, ValueError, TypeError, KeyError):
                continue
    if not good:
        raise Unreachable("no usable key")
    return KeySet(good)


def authorization_url(settings: OpenId, start: SignOnStart, state: str) -> str:
    """Give the address at the service where the way begins; raises Unreachable."""
    client = channel.line(settings)
    found = addresses(settings, client)
    url, _state = client.create_authorization_url(
        found["authorization_endpoint"],
        state=state,
        code_verifier=start.verifier,
        nonce=start.nonce,
        redirect_uri=links.to(CALLBACK),
        **({"prompt": "login", "max_age": 0} if start.confirms else {}),
    )
    return url


def tokens_for(settings: OpenId, code: str, verifier: str) -> dict[str, Any]:
    """Change a code for tokens; raises Unreachable or TokenRefused."""
    client = channel.line(settings)
    return _asked(
        client.fetch_token,
        addresses(settings, client)["token_endpoint"],
        grant_type="authorization_code",
        code=code,
        code_verifier=verifier,
        redirect_uri=links.to(CALLBACK),
    )


def refreshed(settings: OpenId, refresh_token: str) -> dict[str, Any]:
    """Ask for new tokens, and so whether somebody still is who they were; raises like tokens_for."""
    client = channel.line(settings)
    client.token = {"refresh_token": refresh_token}
    url = addresses(settings, client)["token_endpoint"]
    return _asked(client.refresh_token, url, refresh_token=refresh_token)


def _asked(call: Any, url: str, **values: Any) -> dict[str, Any]:
    try:
        found = call(url, **values)
    except AuthlibBaseError as error:
        raise TokenRefused(f"the service says {str(error.error)[:60]!r}") from None
    except (requests.RequestException, OSError, ValueError, RecursionError) as error:
        raise Unreachable(type(error).__name__) from None
    if not isinstance(found.get("id_token"), str):
        raise TokenRefused("no ID token")
    return dict(found)
