"""Attendance on screen: the list at the door, guests without registration, head counts."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.attendance import inviting, queries, services
from crm.attendance.forms import HeadsForm, NewHeadsForm, SearchForm, WalkInForm
from crm.attendance.models import Certainty
from crm.db import BERLIN, db, today
from crm.errors import RuleBroken
from crm.events import panel
from crm.events import queries as events
from crm.fields import coerce_number, record_choices
from crm.forms import confirmed
from crm.history import last_editor
from crm.invitations import queries as invitations
from crm.organisations import queries as organisations
from crm.registrations import queries as registrations
from crm.registrations.models import GuestKind, Seat

attendance = Blueprint("attendance", __name__, url_prefix="/veranstaltungen")

# Arguments of the list that a tick must not lose.
KEPT = ("q", "wer", "art", "kommune", "ohne")


def load(event_id):
    """Give an event, or say that there is none."""
    return events.one(event_id) or abort(404)


def load_guest(event_id, registration_id):
    """Give a guest of an event."""
    return registrations.one(event_id, registration_id) or abort(404)


@attendance.route("/<id:event_id>/anwesenheit")
@requires(Permission.READ_CONTENT)
def show(event_id):
    """Show the list at the door, the numbers of the day and the heads without names."""
    event = load(event_id)
    tally = queries.tally(event.id)
    form = SearchForm(formdata=request.args)
    named = [(row.key, row.text) for row in tally.places if row.key]
    form.kommune.choices = record_choices(named, empty=_("all"))
    form.validate()
    found = queries.listing(event.id, form.wanted)
    return render_template(
        "attendance/show.html",
        event=event, numbers=panel.of(event), form=form, guests=found, tally=tally, most=queries.MOST,
        head_counts=queries.head_counts(event.id), is_over=queries.is_over(event), here=_kept(request.args),
        since=_since(event), first=_first(found), today=today(), ranks=_ranks(event, found),
    )  # fmt: skip


def _ranks(event, found):
    """The places on the waiting list as the other list says them, if somebody shown waits."""
    return registrations.ranks(event.id) if any(one.seat is Seat.WAITING for one in found) else {}


def _since(event):
    """Give the clock time of an arrival as the list shows it; who was entered afterwards has none."""

    def clock_of(guest):
        local = guest.came_at and guest.came_at.astimezone(BERLIN)
        during = local and (event.day is None or event.day <= local.date() <= event.last_day)
        seen = during and guest.came_at != event.starts_at
        return f"{local:%H:%M}" if seen else ""

    return clock_of


def _first(found):
    """Whose button gets the focus: the one pressed last, else the first hit of a search."""
    if number := request.args.get("zuletzt", type=coerce_number):
        return number
    return found[0].id if found and request.args.get("q") else None


def _kept(values):
    return {name: values[name] for name in KEPT if values.get(name)}


@attendance.route("/<id:event_id>/anwesenheit", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def tick(event_id):
    """Note that a guest came, or take it back; the list stays as it was searched."""
    if number := request.form.get("eingeladen", type=coerce_number):
        return _come_invited(load(event_id), number)
    coming, leaving = (request.form.get(name, type=coerce_number) for name in ("da", "weg"))
    guest = load_guest(event_id, coming or leaving or abort(400))
    try:
        done = services.come(guest, current_user) if coming else services.take_back(guest, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "bad")
    else:
        db.session.commit() if done else db.session.rollback()
        if done and coming and guest.seat is Seat.WAITING:
            flash(_("%(name)s was on the waiting list and is there now.", name=guest.name), "wait")
    number = coming or leaving
    if request.form.get("zurueck") == "gast":
        return redirect(url_for("attendance.guest", event_id=event_id, registration_id=number), 303)
    target = url_for("attendance.show", event_id=event_id, zuletzt=number, **_kept(request.form))
    return redirect(f"{target}#gast-{number}", 303)


def _come_invited(event, number):
    """Enter an invited person without a registration as there."""
    invitation = invitations.one(event.id, number) or abort(404)
    try:
        guest = inviting.come(event, invitation, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "bad")
        return redirect(url_for("attendance.show", event_id=event.id), 303)
    db.session.commit()
    flash(_("%(name)s is there.", name=guest.name))
    return redirect(url_for("attendance.show", event_id=event.id, zuletzt=guest.id), 303)


@attendance.route("/<id:event_id>/anwesenheit/ohne-anmeldung", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def walk_in(event_id):
    """Enter somebody who came without registration; whoever is on the list is offered instead."""
    event, typed = load(event_id), request.args.get("q", "")[:100]
    if event.is_ahead and request.method == "GET":
        # Nobody comes before the day: who asks then wants to register.
        return redirect(url_for("registrations.enter", event_id=event_id, name=typed or None))
    form = WalkInForm(last_name=typed)
    form.organisation.use(organisations.chip_source())
    known = []
    if form.validate_on_submit() and not (known := _known(event, form)):
        try:
            guest = services.walk_in(event, form.guest, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(url_for("attendance.show", event_id=event_id, zuletzt=guest.id))
            db.session.commit()
            flash(_("%(name)s is there.", name=guest.name))
            return redirect(target, 303)
    return form.page("attendance/walk_in.html", event=event, known=known)


def _known(event, form):
    """Who may be meant, registered or invited; asked once, and the mark of the form is given back."""
    if form.anyway.data == "1":
        return []
    found = [*services.known_guests(event.id, form.guest), *inviting.same(event.id, form.guest)]
    form.anyway.data = "1" if found else ""
    if found:
        db.session.rollback()
    return found


@attendance.route("/<id:event_id>/anwesenheit/zaehlung", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def count_heads(event_id):
    """Note heads without names."""
    event = load(event_id)
    form = NewHeadsForm(obj=SimpleNamespace(certainty=Certainty.COUNTED, kind=GuestKind.CITIZEN))
    form.organisation.use(organisations.chip_source())
    if form.validate_on_submit():
        try:
            services.count_heads(event, form.columns, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(_page_of(event_id))
            db.session.commit()
            flash(_("People saved."))
            return redirect(target, 303)
    return form.page("attendance/count_heads.html", event=event)


def _page_of(event_id):
    return url_for("attendance.show", event_id=event_id, _anchor="heads")


@attendance.route("/<id:event_id>/anwesenheit/zaehlung/<id:head_count_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def change_heads(event_id, head_count_id):
    """Correct heads without names."""
    event = load(event_id)
    row = queries.head_count(event_id, head_count_id) or abort(404)
    form = HeadsForm(obj=_shown(row)).prepare()
    if form.validate_on_submit():
        services.change_heads(row, form.columns, current_user)
        db.session.commit()
        flash(_("People saved."))
        return redirect(_page_of(event_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(event)
    return form.page("attendance/change_heads.html", event=event, row=row)


def _shown(row):
    """A head count as the form sees it."""
    chosen = [row.organisation_id] if row.organisation_id else []
    return SimpleNamespace(
        heads=row.heads, certainty=row.certainty, kind=row.kind, organisation=chosen, version=row.version,
        updated_at=row.updated_at, places=organisations.chip_source(),
    )  # fmt: skip


@attendance.route("/<id:event_id>/anwesenheit/zaehlung/<id:head_count_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def remove_heads(event_id, head_count_id):
    """Take a mistaken head count away, after a question."""
    event = load(event_id)
    row = queries.head_count(event_id, head_count_id) or abort(404)
    if confirmed(row):
        services.remove_heads(row, current_user)
        db.session.commit()
        flash(_("Count removed."))
        return redirect(_page_of(event_id), 303)
    return render_template("attendance/remove_heads.html", event=event, row=row)
