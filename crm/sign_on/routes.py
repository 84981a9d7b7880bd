"""The way to the sign-on service and back, and its messages that somebody has signed out there."""

import logging
from typing import Any

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from config import OpenId
from crm import drafts, security_log
from crm.access import open_to_all
from crm.accounts import proving, sealing, sessions
from crm.db import db
from crm.links import safe_path
from crm.security import csrf
from crm.sign_on import services, speaking, vouching
from crm.sign_on.forms import CarryForm
from crm.sign_on.refusals import TokenRefused, Unreachable
from crm.sign_on.services import Refused

log = logging.getLogger("kikz")
sign_on = Blueprint("sign_on", __name__)
LONGEST_CODE = 2000


def service() -> OpenId:
    """Give the settings of the service; without one its addresses do not exist."""
    settings = current_app.config["OIDC"]
    if settings is None:
        abort(404)
    return settings


@sign_on.route("/anmelden/oidc")
@open_to_all
def start():
    """Send the browser to the service; by GET, for a form may lead within this site only."""
    try:
        return redirect(address(safe_path(request.args.get("next")) or ""))
    except Unreachable as silent:
        return silence(silent)


def address(target: str = "", user_id: int | None = None, sealed: str = "", confirms: bool = False) -> str:
    """Begin a way for this browser and give its address at the service; commits, raises Unreachable."""
    settings = service()
    vouching.writing()
    way, state = services.begin(sessions.browser_token(), target, user_id, sealed, confirms)
    db.session.commit()
    return speaking.provider.authorization_url(settings, way, state)


@sign_on.route("/anmelden/oidc/mitnehmen", methods=["POST"])
@open_to_all
def carry():
    """Keep what an ended session had typed on the way through the service; a link leads on."""
    return onward("carried", *carried())


def carried() -> tuple[str, str]:
    """Give where a form leads afterwards, and what was typed, sealed."""
    service()
    form = CarryForm()
    if not form.validate_on_submit():
        abort(400)
    return safe_path(form.next.data) or "", form.sealed.data or ""


def onward(why: str, target: str = "", sealed: str = "", **way: Any) -> Any:
    """Show the link to the service, for a form may lead within this site only; `why` chooses the words."""
    try:
        url = address(target, sealed=sealed, **way)
    except Unreachable as silent:
        return silence(silent)
    return render_template("sign_on/onward.html", url=url, label=service().label, why=why)


@sign_on.route("/anmelden/oidc/antwort")
@open_to_all
def come_back():
    """Take up a way that was begun here, check what the service says, open a session."""
    settings = service()
    try:
        way = _taken(settings)
        answer, claims = _told(settings, way)
        vouching.writing()
        if way.confirms:
            return proving.go_on(services.confirm(settings, claims, way), way.target, way.sealed)
        identity = services.identify(settings, claims, way)
    except Unreachable as silent:
        return silence(silent)
    except Refused as refused:
        return refusal(refused)
    vouching.open_session(identity, claims, answer)
    target = _target(way, identity.user)
    db.session.commit()
    return redirect(target, 303)


def _taken(settings: OpenId) -> Any:
    """Take the way of this answer; raises Refused for one that is not ours or not from our service."""
    owner = current_user.id if current_user.is_authenticated else None
    vouching.writing()
    way = services.take(request.args.get("state", ""), sessions.browser_token())
    db.session.commit()
    issuer = request.args.get("iss")
    if (issuer is not None or speaking.provider.names_itself(settings)) and issuer != settings.issuer:
        raise Refused(_unsound(), 400, "iss of the answer")
    if way.user_id is not None and way.user_id != owner:
        raise Refused(_unsound(), 400, "linking without its session")
    if "error" in request.args:
        raise Refused(
            _("The sign-on service ended the sign-in. Begin again, or ask the administration."),
            403,
            f"error {request.args['error'][:60]!r}",
        )
    return way


def _told(settings: OpenId, way: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Change the code of this answer for tokens and give them with their claims."""
    code = request.args.get("code", "")
    if not 0 < len(code) <= LONGEST_CODE:
        raise Refused(_unsound(), 400, "no code")
    try:
        answer = speaking.provider.tokens_for(settings, code, way.verifier)
        claims = speaking.tokens.id_claims(settings, answer, way.nonce)
        if way.confirms:
            speaking.tokens.check_recent(claims, way.begun_at)
        return answer, claims
    except TokenRefused as error:
        raise Refused(_unsound(), 400, str(error)) from None


def _unsound() -> str:
    return _("The answer of the sign-on service was not accepted. Begin again.")


def _target(way: Any, user: Any) -> str:
    if kept := sealing.opened(way.sealed, user.id):
        return drafts.keep(user.id, *kept).url_take
    if way.user_id is not None:
        return url_for("accounts.profile")
    target = safe_path(way.target)
    return url_for("home.start") if target in (None, url_for("home.index")) else str(target)


def refusal(refused: Refused) -> Any:
    """Say in a sentence why somebody does not come in; what was taken away stays so."""
    security_log.note("sign-in", "refused", reason=refused.reason)
    if refused.ends:
        db.session.commit()
    db.session.rollback()
    return render_template("sign_on/refused.html", text=refused.sentence), refused.status


def silence(silent: Unreachable) -> Any:
    """Say that the service does not answer; passwords go on working."""
    db.session.rollback()
    log.warning("sign-on service silent: %s", silent)
    text = _("The sign-on service does not answer. Try again in a few minutes.")
    return render_template("sign_on/refused.html", text=text), 503, {"Retry-After": "60"}


@sign_on.route("/anmelden/oidc/abmeldung", methods=["POST"])
@csrf.exempt
@open_to_all
def sign_out_there():
    """End the sessions of somebody who has signed out at the service.

    The service itself calls here, without browser and cookie; its signature stands in for the form's token.
    """
    settings = current_app.config["OIDC"]
    if settings is None:
        abort(400)
    try:
        claims = speaking.tokens.logout_claims(settings, request.form.get("logout_token", ""))
        vouching.writing()
        number = services.sign_out_by_service(settings, claims)
        db.session.commit()
    except (TokenRefused, Refused, Unreachable, IntegrityError) as error:
        db.session.rollback()
        log.warning("sign-out by the service refused: %s", type(error).__name__)
        abort(400)
    log.info("sign-out by the service: %s sessions", number)
    answer = make_response("", 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer
