"""The line to the sign-on service: one host, no redirects, five seconds, little text."""

import io
import json
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from config import OpenId
from crm.sign_on.refusals import Unreachable

SECONDS = 5.0
MOST_BYTES = 500_000
CHUNK = 16_384


class _OneHost(HTTPAdapter):
    """Speaks to the host of the issuer only, within the time left, and reads only so much."""

    def __init__(self, host: tuple[str, str]):
        super().__init__(max_retries=0)
        self.host, self.until = host, time.monotonic() + SECONDS

    def send(self, request: Any, *_more: Any, **more: Any) -> Any:
        """Send one request; raises Unreachable if it leads elsewhere, takes too long, brings too much."""
        if origin(request.url) != self.host:
            raise Unreachable("an address on a foreign host")
        left = self.until - time.monotonic()
        if left <= 0:
            raise Unreachable("no time left")
        answer = super().send(request, **(more | {"stream": True, "timeout": left}))
        if 300 <= answer.status_code < 400:
            raise Unreachable("a redirect")
        answer.raw = io.BytesIO(self._read(answer))
        return answer

    def _read(self, answer: Any) -> bytes:
        found = b""
        # One piece at a time: a service that drips would keep a reader of whole blocks for ever.
        while piece := _piece(answer.raw):
            found += piece
            if len(found) > MOST_BYTES:
                raise Unreachable("an answer that is too long")
            if time.monotonic() > self.until:
                raise Unreachable("an answer that takes too long")
        answer.raw.close()
        return found


def _piece(raw: Any) -> bytes:
    try:
        return raw.read1(CHUNK)
    except HTTPError as error:
        raise Unreachable(type(error).__name__) from None


def origin(url: str) -> tuple[str, str]:
    """Give scheme and host with port, the part of an address that must be the issuer's."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        return "", ""
    return parts.scheme, f"{parts.hostname}:{port}"


def line(settings: OpenId) -> OAuth2Session:
    """Open a line with the client's name and secret; all that goes over it shares five seconds."""
    client = OAuth2Session(
        settings.client_id,
        settings.client_secret,
        scope=settings.scope,
        code_challenge_method="S256",
    )
    client.adapters.clear()
    client.mount("http", _OneHost(origin(settings.issuer)))
    # Proxies and passwords lying about on the machine are none of its business.
    client.trust_env = False
    client.verify = settings.ca_file or True
    client.headers["Accept-Encoding"] = "identity"
    return client


def document(client: OAuth2Session, url: str) -> dict[str, Any]:
    """Fetch an open JSON document; raises Unreachable for anything else."""
    try:
        answer = client.get(url, withhold_token=True)
        if answer.status_code != 200:
            raise Unreachable(f"status {answer.status_code}")
        found = json.loads(answer.content)
    except (requests.RequestException, OSError, ValueError, RecursionError) as error:
        raise Unreachable(type(error).__name__) from None
    if not isinstance(found, dict):
        raise Unreachable("no JSON object")
    return found
