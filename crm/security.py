"""What every answer carries: the header set, and the origin check of every unsafe request."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from crm import security_log
from crm.db import SAFE_METHODS

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
ENCODED = "application/x-www-form-urlencoded"
csrf = CSRFProtect()


def check_origin() -> None:
    """Refuse an unsafe request that a foreign page sent or that is no form of ours."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin is not None and not is_ours(origin):
        _foreign("origin")
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        _foreign("site")
    if request.mimetype not in (ENCODED, "multipart/form-data", ""):
        abort(415)
    # Counted before anything is read; the parts of the other encoding have their limit in the settings.
    if request.mimetype == ENCODED and request.get_data().count(b"&") >= most_fields():
        abort(413)
    # What a view that takes files was sent is read only after the gate has let its sender in.
    if most_bytes() is None and request.files:
        abort(400)


def _foreign(reason: str) -> None:
    security_log.note("csrf-refused", "400", reason=reason)
    abort(400)


def is_ours(origin: str) -> bool:
    """Tell whether an origin is the host of this request."""
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def most_fields() -> int:
    """Give the number of fields that the view at this address takes."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "most_fields", 1000)


def most_bytes() -> int | None:
    """Give the size of what the view at this address takes, None for one that takes no files."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "most_bytes", None)


def protect() -> None:
    """Check the token of every unsafe request that the gate let through."""
    if (limit := most_bytes()) is not None:
        request.max_content_length = limit
    if request.endpoint is None:
        return
    try:
        csrf.protect(apply_exemptions=True)
    except CSRFError:
        security_log.note("csrf-refused", "400", reason="token")
        raise


def set_headers(answer: Response) -> Response:
    """Put the header set on every answer, also on errors and static files."""
    answer.headers.setdefault("Content-Security-Policy", CSP)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if current_app.config["SECURE"]:
        answer.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    if "Cache-Control" not in answer.headers:
        answer.headers["Cache-Control"] = "no-store"
        answer.vary.add("Cookie")
    return answer


def init_app(app: Flask) -> None:
    """Register the checks; the origin comes before the gate, the token after it."""
    csrf.init_app(app)
    app.after_request(set_headers)
