"""Events on screen: plan, show, change, copy, remove."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from crm import audit, jobs
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.closing import queries as closing
from crm.closing.guard import ReasonNeeded
from crm.cooperations import queries as cooperations
from crm.db import db, today
from crm.dispatches import panel as dispatches
from crm.documents import sources as documents
from crm.errors import RuleBroken
from crm.events import models, next_steps, panel, queries, services, states
from crm.events.copying import PARTS, copy_event
from crm.events.forms import CopyForm, EventForm, NewEventForm, stored
from crm.events.listing import is_rough
from crm.events.moves import moved_at
from crm.events.times import when, when_in_full, when_parts
from crm.fields import asked_day, coerce_number
from crm.forms import confirmed
from crm.history import last_editor, lines
from crm.mail.models import MailKind
from crm.mailings import queries as mailings
from crm.mailings import recipients
from crm.organisations import queries as organisations
from crm.registrations import services as registrations
from crm.task_fields import queries as task_fields

events = Blueprint("events", __name__, url_prefix="/veranstaltungen")
events.add_app_template_filter(when, "when")
events.add_app_template_filter(when_in_full, "when_in_full")
events.add_app_template_filter(when_parts, "when_parts")


def load(event_id) -> models.Event:
    """Give an event, or the page that says there is none."""
    return queries.one(event_id) or abort(404)


def page_of(event_id):
    """Address of the page of an event."""
    return url_for("events.show", event_id=event_id)


def planners(also=frozenset()):
    """Active users who may plan events, by name; `also` keeps named ones who left since."""
    return [one for one in accounts.everybody() if one.may(Permission.WRITE_EVENTS) or one.id in also]


def _sources(*people):
    """Where the chips and choices of the forms come from."""
    return {
        "organisations": organisations.chip_source(),
        "task_fields": task_fields.chip_source(),
        "cooperations": cooperations.chip_source(),
        "planners": planners({number for number in people if number}),
    }


@events.route("/<id:event_id>")
@requires(Permission.READ_CONTENT)
def show(event_id):
    """Show how full an event is, what is next, its programme and what is to be done."""
    event = queries.whole(event_id) or abort(404)
    numbers, steps = panel.of(event), states.steps_from(event)
    cancelled = event.state is models.EventState.CANCELLED
    told = mailings.called_off(event.id) if cancelled else None
    held = event.state is models.EventState.HELD
    thanks = mailings.last_sent(event.id, MailKind.THANKS) if held else None
    next_step = next_steps.next_step(event, numbers, told, _misled(event), thanks)
    return render_template(
        "events/show.html", event=event, numbers=numbers, steps=steps, next_step=next_step, today=today(),
        main_step=_main(event, steps, next_step), documents=documents.of_event(event.id),
        corrections=closing.of_event(event.id), handed=dispatches.of_event(event.id),
        draft=mailings.drafts(event_id).get("change") if next_step and next_step.key == "moved" else None,
    )  # fmt: skip


def _misled(event):
    """Count the guests and the invited people who know another date or place than the one that holds."""
    if event.state not in models.AHEAD or event.has_begun or moved_at(event.id) is None:
        return 0, 0
    found = recipients.find(event, MailKind.CHANGE).people
    guests = sum(one.registration_id is not None for one in found)
    return guests, len(found) - guests


def _main(event, steps, next_step):
    """The step at the head of the page, where it leads on and the notice does not offer it already."""
    leads_on = event.state in (
        models.EventState.PLANNED,
        models.EventState.SAVE_THE_DATE,
        models.EventState.HELD,
    )
    said = next_step is not None and next_step.key in ("held", "open")
    return steps[0] if steps and leads_on and not said else None


@events.route("/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def new():
    """Plan an event."""
    form = NewEventForm(obj=SimpleNamespace(**_wished()))
    form.connect(_sources())
    if form.validate_on_submit():
        try:
            event = services.plan_event(form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target, gone_by = form.settle(page_of(event.id)), event.is_over
            db.session.commit()
            flash(_("Event saved."))
            _warn_of_past(gone_by)
            return redirect(target, 303)
    return form.page("events/new.html")


def _wished():
    """What an address presets: ?tag=, ?kommune=, ?kooperation=; the title and fields of a cooperation."""
    found = {
        "responsible_id": current_user.id if current_user.may(Permission.WRITE_EVENTS) else None,
        "entrance": models.Entrance.UNLISTED, "asks_needs": True, "standard": True,
    }  # fmt: skip
    place = request.args.get("kommune", type=coerce_number)
    group = cooperations.one(request.args.get("kooperation", type=coerce_number) or 0)
    if (day := asked_day(request.args.get("tag"))) and day > today():
        found["day"] = day
    if place:
        found["place_id"] = [place]
    if group:
        found |= {"cooperation_id": [group.id], "task_fields": [one.id for one in group.task_fields]}
    return found


def _warn_of_past(gone_by):
    if gone_by:
        flash(_("The event lies in the past. Check the day, or say that it has taken place."), "wait")


@events.route("/<id:event_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def edit(event_id):
    """Change an event; more seats are offered to the waiting list at once."""
    event = load(event_id)
    rough = when(event) if is_rough(event) else ""
    form = EventForm(obj=stored(event, _sources(event.responsible_id), rough)).prepare()
    if form.validate_on_submit():
        seats, began = event.capacity, event.starts_at
        try:
            services.change_event(event, form.values, current_user)
            promoted = _promote(event, seats)
        except (RuleBroken, ReasonNeeded) as broken:
            db.session.rollback()
            form.report(broken)
        else:
            gone_by = event.is_over and event.state in models.AHEAD and event.starts_at != began
            db.session.commit()
            jobs.ring("mail")
            flash(_("Event saved."))
            _warn_of_past(gone_by)
            _tell_seats(event_id, promoted)
            return redirect(page_of(event_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(event)
    closed = closing.first_closed([event.day, event.last_day])
    return form.page("events/edit.html", event=event, closed=closed)


def _promote(event, seats):
    """Offer seats that were added; give (offers, seats taken, seats before and after)."""
    more = seats is not None and (event.capacity is None or event.capacity > seats)
    offers = registrations.promote(event, current_user) if more and event.state in models.AHEAD else 0
    return offers, panel.taken(event), seats, event.capacity


def _tell_seats(event_id, promoted):
    """Say what became of fewer or more seats."""
    offers, taken, before, after = promoted
    if offers:
        flash(
            ngettext(
                "%(num)s offer goes to the waiting list.", "%(num)s offers go to the waiting list.", offers
            )
        )
    if after is not None and after != before and taken > after:
        flash(
            _(
                "%(taken)s seats are taken, more than the %(seats)s there are now. Nobody loses a seat; "
                "new guests come onto the waiting list.",
                taken=taken, seats=after,
            ),
            "wait",
        )  # fmt: skip


@events.route("/<id:event_id>/kopieren", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def copy(event_id):
    """Plan a new event after the pattern of this one."""
    event = queries.whole(event_id) or abort(404)
    wished = dict.fromkeys(PARTS, True) | {"speakers": False}
    form = CopyForm(obj=SimpleNamespace(title=event.title, **wished))
    if form.validate_on_submit():
        try:
            made = copy_event(event, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(page_of(made.id))
            db.session.commit()
            flash(_("This is the copy, planned anew. Guests and invitations stayed with the other event."))
            return redirect(target, 303)
    return form.page("events/copy.html", event=event)


@events.route("/<id:event_id>/aenderungen")
@requires(Permission.READ_CONTENT)
def history(event_id):
    """Show who changed what of an event."""
    event = load(event_id)
    found = lines(audit.history_of(event, limit=300))
    return render_template("events/history.html", event=event, numbers=panel.of(event), events=found)


@events.route("/<id:event_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def remove(event_id):
    """Ask once more, then put an event into the trash."""
    event = load(event_id)
    if not confirmed(event):
        return render_template("events/remove.html", event=event, numbers=panel.of(event))
    services.remove(event, current_user)
    db.session.commit()
    flash(_("Event removed. Take it back here, or later under “Removed”."))
    return redirect(url_for("events.restore", event_id=event_id), 303)


@events.route("/<id:event_id>/wiederherstellen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def restore(event_id):
    """Take a removed event back."""
    gone = queries.removed(event_id) or abort(404)
    if request.method == "GET":
        return render_template("events/restore.html", event=gone, events=lines(audit.history_of(gone)))
    services.restore(gone, current_user)
    db.session.commit()
    flash(_("Event restored."))
    return redirect(page_of(event_id), 303)
