"""What guests see without signing in and without a script: the dates, the registration, their own place."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from crm import jobs, links
from crm.access import Permission, open_to_all, requires
from crm.db import db
from crm.documents.queries import for_guests, one_for_guests
from crm.errors import RuleBroken, page
from crm.events import queries as events
from crm.events.models import UNOPENED, Entrance, EventState
from crm.events.states import shown_state
from crm.export import stored_file
from crm.invitations import queries as invitations
from crm.mail import services as mail
from crm.office.queries import issuer
from crm.organisations import finding
from crm.organisations import queries as organisations
from crm.registrations import floods, letters, notice, queries, seats, services
from crm.registrations.forms import PublicForm
from crm.registrations.models import Seat

guests = Blueprint("guests", __name__)

SHOWN, KEPT = "gesendet", ("sprache", "einladung")
HIDDEN = (EventState.PLANNED,)


@guests.context_processor
def _issuer():
    """Say on every page of guests whose events these are."""
    return {"issuer": issuer()}


@guests.route("/termine")
@open_to_all
def dates():
    """List the events everybody may come to."""
    found = events.listed()
    numbers = queries.numbers_of([one.id for one in found])
    taken = {number: one.taken for number, one in numbers.items()}
    states = {one.id: shown_state(one, taken.get(one.id, 0)) for one in found}
    return render_template("registrations/dates.html", events=found, states=states)


@guests.route("/anmeldung/<secret>", methods=["GET", "POST"])
@open_to_all
def register(secret):
    """Show an event and take a registration; the answer is the same whoever writes."""
    event, invitation = _event(secret)
    if request.method == "POST" and "absagen" in request.form:
        return _decline(event, invitation)
    form = _form(invitation)
    if event.takes_registrations and form.validate_on_submit():
        floods.note(request.remote_addr or "")
        try:
            made = None if form.is_trapped else _register(event, form, invitation)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = letters.path_to(made) if made else _thanks(event)
            db.session.commit()
            jobs.ring(mail.DUTY)
            return redirect(target, 303)
    known = notice.parts()
    if event.takes_registrations:
        form.told.data = notice.mark(known)
    return form.page("registrations/register.html", **_page(event, invitation, known["kept"]))


def _event(secret):
    """Find the event and the invitation of the address; where only invited guests come, both are needed."""
    event = events.by_secret(secret) or abort(404)
    if event.state in HIDDEN:
        abort(404)
    token = request.args.get("einladung", "")
    invitation = invitations.by_token(token) if token else None
    if invitation is not None and invitation.event_id != event.id:
        invitation = None
    if event.entrance is Entrance.INVITED and invitation is None:
        abort(404)
    return event, invitation


def _form(invitation):
    """Fill in what the invitation knows."""
    known = {}
    if invitation is not None:
        person = invitation.person
        known = {
            "first_name": person.first_name, "last_name": person.last_name, "email": invitation.email,
            "organisation": invitation.organisation_name,
        }  # fmt: skip
    return PublicForm(**known)


def _register(event, form, invitation):
    typed = form.organisation.data
    place = finding.only_one(typed) if typed else None
    from_where = {
        "organisation_id": place.id if place else None,
        "organisation_text": None if place else typed,
    }
    values = form.guest | from_where | {"photos_allowed": form.photos_allowed.data}
    return services.register(event.id, values, notice.keep(form.told.data), invitation)


def _thanks(event):
    kept: dict[str, Any] = {name: request.args[name] for name in KEPT if name in request.args}
    return url_for("guests.register", secret=event.secret, **(kept | {SHOWN: 1}))


def _decline(event, invitation):
    """Note that an invited person does not come."""
    if invitation is None:
        abort(404)
    floods.note(request.remote_addr or "")
    services.decline(invitation)
    db.session.commit()
    jobs.ring(mail.DUTY)
    return redirect(request.full_path.rstrip("?"), 303)


def _page(event, invitation, kept):
    left = seats.free(event)
    full = left is not None and (left < 1 or seats.next_waiting(event.id, left) is not None)
    return {
        "event": event, "invitation": invitation, "is_full": full,
        "waiting": queries.numbers(event.id).waiting if full else 0,
        "sent": SHOWN in request.args, "documents": for_guests(event.id),
        "keep_days": kept["guests"], "needs_days": kept["needs"],
        "places": organisations.names_on_offer() if event.takes_registrations else [],
        "preview": False,
    }  # fmt: skip


@guests.route("/veranstaltungen/<id:event_id>/vorschau")
@requires(Permission.WRITE_EVENTS)
def preview(event_id):
    """Show whoever plans an event what guests will see once registration is open; nobody registers here."""
    event = events.one(event_id) or abort(404)
    if event.state not in UNOPENED:
        return redirect(url_for("guests.register", secret=event.secret))
    places = organisations.names_on_offer()
    page = _page(event, None, notice.parts()["kept"]) | {"preview": True, "sent": False, "places": places}
    return _form(None).page("registrations/register.html", **page)


@guests.route("/meine-anmeldung/<token>", methods=["GET", "POST"])
@open_to_all
def manage(token):
    """Show guests their own registration: confirm it, take an offered seat, sign off."""
    number, mark = links.read(letters.PURPOSE, token) or (0, "")
    found = queries.by_number(number) or abort(404)
    if found.event is None or found.forgotten_at or not links.holds(mark, found.address_key):
        return page(410, _("This link is no longer valid. Register again, or write to us."))
    if request.method == "GET":
        return _own_page(found)
    try:
        ANSWERS.get(request.form.get("antwort", ""), _refuse)(found)
    except RuleBroken as broken:
        db.session.rollback()
        return _own_page(found, str(broken.message)), 422
    db.session.commit()
    jobs.ring(mail.DUTY)
    return redirect(request.full_path.rstrip("?"), 303)


def _own_page(registration, said=""):
    before = queries.before(registration) if registration.seat is Seat.WAITING else 0
    return render_template(
        "registrations/manage.html", registration=registration, event=registration.event, before=before,
        documents=for_guests(registration.event_id), said=said,
    )  # fmt: skip


ANSWERS: dict[str, Callable[[Any], Any]] = {
    "bestaetigen": services.confirm, "annehmen": services.accept, "abmelden": services.sign_off,
}  # fmt: skip


def _refuse(_registration):
    abort(400)


@guests.route("/anmeldung/<secret>/unterlagen/<id:document_id>")
@open_to_all
def document(secret, document_id):
    """Give a paper that the guests of an event may have."""
    event = events.by_secret(secret) or abort(404)
    if event.state in HIDDEN:
        abort(404)
    found = one_for_guests(event.id, document_id) or abort(404)
    return stored_file(found.content, found.media_type, found.file_name)
