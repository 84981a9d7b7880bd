"""Three kinds of trouble, three answers; all of them German text for people."""

import logging
import secrets
from typing import Any

from flask import Flask, Response, current_app, flash, redirect, render_template, request
from flask.globals import request_ctx
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from crm import drafts, faults, security
from crm.db import SAFE_METHODS, db
from crm.faults import Fault

log = logging.getLogger("kikz")


class RuleBroken(Exception):
    """A rule of the office says no. `field` names the form field it belongs to, if any."""

    def __init__(self, message: Any, field: str | None = None):
        super().__init__(str(message))
        self.message = message
        self.field = field


TEXTS: dict[int, tuple[Any, Any]] = {
    400: (
        _l("Request not understood"),
        _l("The address or the form was incomplete. Go back, reload the page and try again."),
    ),
    403: (
        _l("No permission"),
        _l("You lack the permission for this. Whoever manages accounts (role Administration) can grant it."),
    ),
    404: (
        _l("Not found"),
        _l("This does not exist or no longer exists. Use the search at the top of the page."),
    ),
    405: (
        _l("Not possible here"),
        _l("This address does not take that kind of request. Go back to the overview."),
    ),
    409: (
        _l("Somebody was faster"),
        _l("A colleague saved this record at the same moment. Go back, reload it and save again."),
    ),
    410: (_l("No longer there"), _l("This record was removed or merged in the meantime.")),
    413: (
        _l("Too large"),
        _l("A form may hold at most %(limit)s MB and %(fields)s fields. Send less at a time."),
    ),
    415: (_l("Format not accepted"), _l("The server takes ordinary forms only.")),
    422: (_l("Not saved"), _l("The input breaks a rule. Go back and correct it.")),
    429: (_l("Please wait"), _l("Too many attempts. Wait a moment and try again.")),
    431: (_l("Too much in the header"), _l("The browser sent too much. Delete the cookies of this site.")),
    500: (
        _l("That did not work"),
        _l("The fault is ours and has been noted. What you typed stays in the browser: go back one page."),
    ),
    503: (
        _l("Busy at the moment"),
        _l("The database is busy. Nothing was saved. Go back and save again in a moment."),
    ),
}
# What to do depends on what the page can offer: the database is busy or gone, or there is no space.
SEND_AGAIN = {
    False: _l("The database is busy. Nothing was saved. Send it again from here in a moment."),
    True: _l(
        "The server has no space left. Nothing was saved. Tell the administration, then send it again from "
        "here."
    ),
}
SAVE_AGAIN = {
    False: TEXTS[503][1],
    True: _l(
        "The server has no space left. Nothing was saved. Tell the administration, then go back and save "
        "again."
    ),
}
LOAD_AGAIN = {
    False: _l("The database is busy. Load the page again in a moment."),
    True: _l("The server has no space left. Tell the administration, then load the page again."),
}
SAVED = _l("Saved. Only the page after it could not be shown. Do not send it again; go to the overview.")


def init_app(app: Flask) -> None:
    """Register one German page for every kind of trouble."""
    app.register_error_handler(RuleBroken, _rule_broken)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(CSRFError, stale_token)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(NoConnection, _database)
    app.register_error_handler(IntegrityError, _taken)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _ours)


def page(code: int, text: Any = None, reference: str = "", bare: bool = False) -> Response:
    """Render the page for an error code; a bare one does without frame, user and database."""
    if request_ctx.url_adapter is None:
        # A refused host left the request without addresses, but its answer names the way back.
        request_ctx.url_adapter = current_app.url_map.bind("localhost")
    if bare:
        current_app.login_manager._update_request_context_with_user()  # type: ignore[attr-defined]
    title, standard = TEXTS.get(code, TEXTS[500 if code >= 500 else 400])
    words = str(text or standard)
    if code == 413:
        megabytes = format_decimal((request.max_content_length or 0) / 1_000_000)
        words %= {"limit": megabytes, "fields": security.most_fields()}
    unsaved = _unsaved() if code == 503 and not faults.saved() else []
    shown = {"code": code, "title": title, "text": words, "reference": reference, "unsaved": unsaved}
    try:
        body = render_template("errors/error.html", **shown)
    except Exception as error:
        if bare:
            raise
        if faults.kind_of(error) is None:
            log.exception("fault in the page for code %s", code)
        # The frame asks the database; where that is what broke, the page does without.
        _roll_back()
        return page(code, text, reference, bare=True)
    return Response(body, status=code, mimetype="text/html")


def _rule_broken(broken: RuleBroken) -> Response:
    _roll_back()
    return page(422, broken.message)


def _stale(_error: StaleDataError) -> Response:
    _roll_back()
    return page(409)


def _taken(error: IntegrityError) -> Response:
    """Answer when two made what there may be only one of; any other broken constraint is our fault."""
    if "unique" not in str(error.orig).casefold():
        return _ours(error)
    db.session.rollback()
    return page(409)


def stale_token(_error: CSRFError) -> Any:
    """Refuse a form of another sign-in; what one typed oneself comes back, renewed and unsaved."""
    db.session.rollback()
    author = None
    if _typed_here():
        author = drafts.author_of(request.form) or current_user.id
        target = drafts.keep(author, request.full_path, drafts.pairs(request.form)).url_take
        db.session.commit()
    if author is None or author != current_user.id:
        return page(
            400,
            _("The form was opened too long ago or on another sign-in. Go back, reload and send it again."),
        )
    flash(_("The form was renewed. What you typed is here, but not saved yet."))
    return redirect(target, 303)


def _typed_here() -> bool:
    """Tell whether somebody signed in sent a form that has a page from a page of ours."""
    fetched, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    ours = fetched == "same-origin" or (fetched is None and origin is not None and security.is_ours(origin))
    methods = request.url_rule.methods if request.url_rule else None
    return ours and bool(current_user.is_authenticated) and "GET" in (methods or ())


def _http(error: HTTPException) -> Response:
    _roll_back()
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if isinstance(broke := getattr(error, "original_exception", None), DBAPIError | NoConnection):
        # The database went away while the answer was being written.
        return _database(broke)
    answer = page(error.code or 500)
    for name in ("Allow", "Retry-After", "Location"):
        for key, value in error.get_headers(request.environ):
            if key == name:
                answer.headers[name] = value
    return answer


def _database(error: DBAPIError | NoConnection) -> Response:
    fault = faults.kind_of(error)
    if fault is None:
        return _ours(error)
    _roll_back()
    log.warning("database %s: %s", fault.value, type(getattr(error, "orig", error)).__name__)
    answer = page(503, _what_to_do(fault is Fault.FULL), bare=True)
    answer.headers["Retry-After"] = "60" if fault is Fault.FULL else "5"
    return answer


def _what_to_do(full: bool) -> Any:
    if request.method in SAFE_METHODS:
        return LOAD_AGAIN[full]
    if faults.saved():
        return SAVED
    return (SEND_AGAIN if _unsaved() else SAVE_AGAIN)[full]


def _unsaved() -> list[tuple[str, str]]:
    """Give what was sent and not saved, to be sent once more; neither files nor secrets."""
    # A form with files whose sender nobody has let in yet was not read, and is not read for this.
    unread = request.mimetype != security.ENCODED and "form" not in vars(request)
    if request.method in SAFE_METHODS or unread or any(file.filename for file in request.files.values()):
        return []
    sent = list(request.form.items(multi=True))
    return [] if any("password" in name or name == "code" for name, _value in sent) else sent


def _ours(error: Exception) -> Response:
    _roll_back()
    reference = secrets.token_hex(4)
    shown = error.orig if isinstance(error, DBAPIError) and error.orig else error
    log.error("fault %s at %s", reference, _address(), exc_info=(type(shown), shown, error.__traceback__))
    return page(500, reference=reference)


def _address() -> str:
    """Name the address for the log; in one that strangers open there is a secret, so its pattern must do."""
    view = current_app.view_functions.get(request.endpoint or "")
    public = getattr(view, "permission", None) is None and request.url_rule is not None
    return str(request.url_rule) if public else request.path


def _roll_back() -> None:
    """Give the transaction back even when the database has ended it already."""
    try:
        db.session.rollback()
    except DBAPIError:
        db.session.remove()
    faults.undo()
