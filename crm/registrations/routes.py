"""Registrations on screen, for the office: the list, entering, correcting, signing off."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm import audit, jobs
from crm.access import Permission, requires
from crm.attendance import queries as attendance
from crm.contacts import queries as contacts
from crm.db import db
from crm.errors import RuleBroken
from crm.events import panel
from crm.events import queries as events
from crm.export import download, to_csv, to_xlsx
from crm.fields import coerce_number
from crm.filters import wished_sort
from crm.forms import confirmed
from crm.history import last_editor, lines
from crm.i18n import moment
from crm.mail import services as mail
from crm.organisations import finding
from crm.outputs.models import Paper
from crm.outputs.noting import note
from crm.paging import page_of
from crm.registrations import callers, queries, services
from crm.registrations.forms import ChangeForm, EntryForm, GuestFilters, stored
from crm.registrations.models import Seat
from crm.views.tabs import arguments_of_file

registrations = Blueprint("registrations", __name__, url_prefix="/veranstaltungen")

MOST_ROWS = 50_000
SORTABLE = ("seat", "name")


def _page_of(event_id):
    return url_for("registrations.show", event_id=event_id)


def _narrowed(event_id):
    form = GuestFilters(formdata=request.args)
    form.validate()
    chosen = {
        "text": form.chosen("q") or "",
        "seat": form.chosen("seat"),
        "unmatched": form.chosen("unmatched"),
        "needing": form.chosen("needing") and current_user.may(Permission.WRITE_EVENTS),
    }
    sort = wished_sort(SORTABLE, "seat")
    return form, queries.ordered(queries.narrowed(event_id, **chosen), sort.key, sort.descending), sort


@registrations.route("/<id:event_id>/anmeldungen")
@requires(Permission.READ_CONTENT)
def show(event_id):
    """List the guests: who has a seat, who waits at which place, who signed off."""
    event = events.one(event_id) or abort(404)
    form, query, sort = _narrowed(event_id)
    page, numbers = page_of(query), panel.of(event)
    places = queries.ranks(event_id) if numbers.seats.waiting else {}
    return render_template(
        "registrations/show.html", event=event, numbers=numbers, form=form, page=page, places=places,
        undeliverable=queries.undeliverable(event_id),
        missed={one.id for one in page.rows if attendance.is_no_show(one)},
        sort=sort, arguments=arguments_of_file(form),
    )  # fmt: skip


@registrations.route("/<id:event_id>/anmeldungen.<ending>")
@requires(Permission.READ_CONTENT)
def export(event_id, ending):
    """Give the list of guests as a file: all pages of what the screen shows."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    event = events.one(event_id) or abort(404)
    _form, query, _sort = _narrowed(event_id)
    guests = list(db.session.scalars(query.limit(MOST_ROWS)))
    rows = [_cells(one) for one in guests]
    note(Paper.GUESTS, ending, [one.person_id for one in guests], len(guests))
    head = [
        _("Last name"), _("First name"), _("Organisation"), _("Comes as"), _("E-mail"), _("Phone"),
        _("Further persons"), _("State"), _("Registered"), _("Confirmed"), _("Needs"),
    ]  # fmt: skip
    content = to_csv(head, rows) if ending == "csv" else to_xlsx(_("Registrations"), head, rows)
    return download(content, f"anmeldungen-{event.id}", ending)


def _cells(one):
    plans = current_user.may(Permission.WRITE_EVENTS)
    return [
        one.last_name, one.first_name, one.from_where, str(one.kind.label), one.email,
        one.phone if plans else None, one.companions, str(one.seat.label), moment(one.registered_at),
        moment(one.confirmed_at), one.needs if plans else None,
    ]  # fmt: skip


@registrations.route("/<id:event_id>/anmeldungen/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def enter(event_id):
    """Enter a guest who called or wrote; the next one can follow at once, from the same place."""
    event = events.one(event_id) or abort(404)
    place = request.args.get("kommune", type=coerce_number)
    preset = {"organisation": [place] if place else [], "last_name": request.args.get("name", "")[:200]}
    form = EntryForm(obj=SimpleNamespace(**preset))
    form.connect(finding.chip_source(), contacts.people_source(None))
    if form.validate_on_submit():
        try:
            person = callers.chosen(form.person.data)
            made = services.enter(event, form.guest, current_user, form.tell.data, person)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target, said = form.settle(_after(made)), _said(made, form.tell.data)
            db.session.commit()
            jobs.ring(mail.DUTY)
            flash(said)
            return redirect(target, 303)
    return form.page("registrations/enter.html", event=events.one(event_id))


def _after(registration):
    """Give the page that follows: the list, or the form for the next guest from the same place."""
    if "next" not in request.form:
        return _page_of(registration.event_id)
    place = registration.organisation_id
    return url_for("registrations.enter", event_id=registration.event_id, kommune=place)


def _said(registration, told):
    name, mailed = registration.name, registration.email if told else None
    if registration.seat is Seat.WAITING:
        said = _("%(name)s is on the waiting list: all seats are taken.", name=name)
    else:
        said = _("%(name)s has a seat.", name=name)
    post = _("A mail goes to %(email)s.", email=mailed) if mailed else _("No mail goes out.")
    return f"{said} {post}"


@registrations.route("/<id:event_id>/anmeldungen/<id:registration_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def edit(event_id, registration_id):
    """Correct a registration, or say which organisation of the register is meant."""
    found = _load(event_id, registration_id)
    form = ChangeForm(obj=stored(found))
    form.organisation.use(finding.chip_source())
    if form.validate_on_submit():
        try:
            services.change(found, form.guest, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            jobs.ring(mail.DUTY)
            flash(_("Registration saved."))
            return redirect(_page_of(event_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(found)
    events_of = lines(audit.history_of(found))
    return form.page(
        "registrations/edit.html", registration=_load(event_id, registration_id), events=events_of
    )


def _load(event_id, registration_id):
    if events.one(event_id) is None:
        abort(404)
    found = queries.one(event_id, registration_id)
    if found is None or found.forgotten_at:
        abort(404)
    return found


@registrations.route("/<id:event_id>/anmeldungen/<id:registration_id>/abmelden", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def sign_off(event_id, registration_id):
    """Ask once more, then sign a guest off; the next of the waiting list gets an offer."""
    found = _load(event_id, registration_id)
    if not confirmed(found):
        waiting = queries.numbers(event_id).waiting
        return render_template("registrations/sign_off.html", registration=found, waiting=waiting)
    offers, name = services.sign_off(found, current_user), found.name
    db.session.commit()
    jobs.ring(mail.DUTY)
    flash(_("The registration of %(name)s is cancelled.", name=name))
    _tell_offers(offers)
    return redirect(_page_of(event_id), 303)


def _tell_offers(offers):
    if offers:
        flash(
            ngettext(
                "%(num)s offer goes to the waiting list.", "%(num)s offers go to the waiting list.", offers
            )
        )
