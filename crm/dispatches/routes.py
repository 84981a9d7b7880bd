"""Handing out on screen: the log, one entry, a new one, the short form of a talk, taking back."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm import jobs
from crm.access import Permission, requires
from crm.consultations import queries as consultations
from crm.contacts import queries as contacts
from crm.contacts.finding import people_source
from crm.db import db, today
from crm.dispatches import queries, services
from crm.dispatches.forms import HandOutForm, LogForm, QuickForm
from crm.errors import RuleBroken
from crm.events import queries as events
from crm.fields import coerce_number
from crm.forms import confirmed
from crm.mail.services import DUTY
from crm.materials import queries as materials
from crm.organisations import queries as organisations
from crm.paging import page_of

dispatches = Blueprint("dispatches", __name__, url_prefix="/ausgaben")
# In an address: copies lay there, and nobody knows who took one.
LAID_OUT = "ausgelegt"


def _asked(name):
    """Read a number of the address; nothing where there is none."""
    return request.args.get(name, type=coerce_number) or None


@dispatches.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List what was handed out."""
    form = LogForm(formdata=request.args)
    form.validate()
    filters = queries.Filters(
        text=form.chosen("q") or "", way=form.chosen("weg"), since=form.chosen("von"),
        until=form.chosen("bis"), material_id=_asked("material"), version_id=_asked("fassung"),
        organisation_id=_asked("kommune"), person_id=_asked("kontakt"),
    )  # fmt: skip
    page = page_of(queries.listing(current_user, filters), queries.FOR_LISTS)
    return render_template(
        "dispatches/index.html", form=form, page=page, about=_about(filters),
        number=queries.recipients_in(current_user, filters),
    )  # fmt: skip


def _about(filters):
    """Name what the list is about where an address alone says it."""
    if filters.organisation_id:
        place = organisations.named(filters.organisation_id)
        return place.name if place else ""
    if filters.person_id:
        person = contacts.one(filters.person_id)
        return person.name if person else ""
    if filters.version_id:
        version = materials.version(filters.version_id)
        return version.text if version else ""
    material = materials.one(filters.material_id) if filters.material_id else None
    return material.title if material else ""


@dispatches.route("/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_MATERIALS)
def new():
    """Log that something was handed out; a talk or an event in the address presets day and recipients."""
    occasion = _occasion()
    form = HandOutForm(obj=SimpleNamespace(**occasion.preset))
    offered = materials.offered(_asked("fassung"))
    form.connect(offered, organisations.chip_source(), people_source(None))
    form.at_event = "event_id" in occasion.columns
    if form.at_event and request.args.get(LAID_OUT):
        form.lay_out()
    if form.validate_on_submit():
        version = materials.version(form.version_id.data) or abort(404)
        try:
            made = services.hand_out(version, form.values | occasion.columns, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target, said = form.settle(occasion.url or _page_of(made.id)), _said(made)
            db.session.commit()
            jobs.ring(DUTY)
            flash(said)
            return redirect(target, 303)
    return form.page("dispatches/new.html", occasion=_occasion(), offered=offered)


def _page_of(dispatch_id):
    return url_for("dispatches.show", dispatch_id=dispatch_id)


def _said(made):
    if not made.recipients:
        return ngettext("%(num)s copy laid out.", "%(num)s copies laid out.", made.copies)
    return ngettext(
        "Handed out to %(num)s recipient.", "Handed out to %(num)s recipients.", len(made.recipients)
    )


def _occasion():
    """What the address says about where it was handed out."""
    preset = {"handed_on": today(), "version_id": _asked("fassung")}
    places = [number for number in (_asked("kommune"),) if number]
    if number := _asked("beratung"):
        talk = consultations.one(current_user, number) or abort(404)
        known = services.in_talk(talk, None)
        preset |= {name: known[name] for name in ("handed_on", "organisations")}
        url = url_for("consultations.show", consultation_id=number)
        return SimpleNamespace(preset=preset, columns={"consultation_id": number}, url=url, text=talk.heading)
    if number := _asked("veranstaltung"):
        event = events.one(number) or abort(404)
        day = min(event.day or today(), today())
        guests = [] if request.args.get(LAID_OUT) else queries.places_of_guests(number)
        preset |= {"handed_on": day, "organisations": guests}
        url = url_for("events.show", event_id=number)
        return SimpleNamespace(preset=preset, columns={"event_id": number}, url=url, text=event.title)
    people = [number for number in (_asked("kontakt"),) if number]
    preset |= {"organisations": places, "people": people}
    return SimpleNamespace(preset=preset, columns={}, url="", text="")


@dispatches.route("/beratung/<id:consultation_id>", methods=["POST"])
@requires(Permission.WRITE_MATERIALS)
def hand_in_talk(consultation_id):
    """Log in one click that a material was handed over in a talk, to all who took part."""
    talk = consultations.one(current_user, consultation_id) or abort(404)
    back = url_for("consultations.show", consultation_id=consultation_id, _anchor="materials-out")
    form = QuickForm().connect(materials.offered())
    if form.validate_on_submit():
        version = materials.version(form.version_id.data) or abort(404)
        try:
            made = services.hand_out(version, services.in_talk(talk, form.copies.data), current_user)
        except RuleBroken as broken:
            db.session.rollback()
            flash(str(broken), "wait")
        else:
            target, said = form.settle(back), _said(made)
            db.session.commit()
            flash(said)
            return redirect(target, 303)
    for _field, message in form.problems:
        flash(message, "wait")
    return redirect(back, 303)


@dispatches.route("/<id:dispatch_id>")
@requires(Permission.READ_CONTENT)
def show(dispatch_id):
    """Show who got it, whether the mails went and the links were opened."""
    one = queries.one(current_user, dispatch_id) or abort(404)
    return render_template("dispatches/show.html", dispatch=one, mails=queries.mails_of(one.recipients))


@dispatches.route("/<id:dispatch_id>/zuruecknehmen", methods=["GET", "POST"])
@requires(Permission.WRITE_MATERIALS)
def take_back(dispatch_id):
    """Ask once more, then take an entry back that was a mistake."""
    one = queries.one(current_user, dispatch_id) or abort(404)
    if not confirmed(one):
        return render_template("dispatches/take_back.html", dispatch=one)
    target = url_for("materials.show", material_id=one.material_version.material_id)
    try:
        services.take_back(one, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken), "wait")
        return redirect(_page_of(dispatch_id), 303)
    db.session.commit()
    flash(_("Taken back. Copies lie in stock again."))
    return redirect(target, 303)
