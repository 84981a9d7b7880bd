"""After an event on screen: who came, who wants a talk, contacts from guests, papers, feedback."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.attendance import linking, queries, services
from crm.attendance.forms import HandedOutForm
from crm.attendance.queries import Standing, Wanted
from crm.attendance.routes import attendance, load, load_guest
from crm.db import db
from crm.errors import RuleBroken
from crm.events import panel
from crm.events.models import EventState
from crm.feedback import queries as feedback
from crm.fields import coerce_number
from crm.history import last_editor
from crm.mail.models import MailKind
from crm.mailings import queries as mailings
from crm.notices import queries as notices

MOST_WISHES = 100


@attendance.route("/<id:event_id>/nachbereitung")
@requires(Permission.READ_CONTENT)
def after(event_id):
    """Show what an event brought: participants by place and kind, wishes, papers, feedback."""
    event = load(event_id)
    wishes = queries.listing(event.id, Wanted(standing=Standing.TALK), MOST_WISHES)
    return render_template(
        "attendance/after.html",
        event=event, numbers=panel.of(event), tally=queries.tally(event.id), wishes=wishes,
        people=linking.candidates_of([one for one in wishes if one.person_id is None]),
        most_wishes=MOST_WISHES, is_over=queries.is_over(event), opinion=feedback.summary(event.id),
        feedback_url=url_for("feedback.give", secret=event.secret), drafts=mailings.drafts(event_id),
        thanked=mailings.last_sent(event_id, MailKind.THANKS),
        thanks=event.has_begun and event.state is not EventState.CANCELLED,
    )  # fmt: skip


@attendance.route("/<id:event_id>/anwesenheit/gast/<id:registration_id>")
@requires(Permission.READ_CONTENT)
def guest(event_id, registration_id):
    """Show what is known of a guest at this event, and what can be done next."""
    event, one = load(event_id), load_guest(event_id, registration_id)
    found = linking.candidates(one) if one.person_id is None else []
    return render_template(
        "attendance/guest.html", event=event, guest=one, people=found, is_no_show=queries.is_no_show(one),
        told=notices.by_mark(one.privacy_version) if one.privacy_version else None,
    )  # fmt: skip


def _back(event_id, registration_id):
    """Lead back to where the button was: the list of wishes, or the page of the guest."""
    if request.form.get("zurueck") == "nachbereitung":
        return redirect(url_for("attendance.after", event_id=event_id, _anchor="wishes"), 303)
    return redirect(url_for("attendance.guest", event_id=event_id, registration_id=registration_id), 303)


@attendance.route("/<id:event_id>/anwesenheit/gast/<id:registration_id>/gespraech", methods=["POST"])
@requires(Permission.WRITE_EVENTS)
def note_wish(event_id, registration_id):
    """Note that a guest wants a talk, or that the wish is met."""
    one, wants = load_guest(event_id, registration_id), request.form.get("wunsch") == "1"
    if services.note_wish(one, wants, current_user):
        db.session.commit()
        flash(_("Wish for a talk noted.") if wants else _("Wish for a talk met."))
    return _back(event_id, registration_id)


@attendance.route("/<id:event_id>/anwesenheit/gast/<id:registration_id>/kontakt", methods=["POST"])
@requires(Permission.WRITE_PEOPLE)
def link_contact(event_id, registration_id):
    """Say which contact a guest is, or enter a new one."""
    one, number = load_guest(event_id, registration_id), request.form.get("person", type=coerce_number)
    try:
        if number:
            person = linking.link(one, number, current_user)
        else:
            person = linking.make_contact(one, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "wait")
    else:
        db.session.commit()
        flash(_("%(name)s is linked with the contacts.", name=person.name))
    return _back(event_id, registration_id)


@attendance.route("/<id:event_id>/nachbereitung/unterlagen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def hand_out(event_id):
    """Note which papers the guests got."""
    event = load(event_id)
    form = HandedOutForm(obj=event)
    if form.validate_on_submit():
        services.note_handed_out(event, form.handed_out.data, current_user)
        db.session.commit()
        flash(_("Papers saved."))
        return redirect(url_for("attendance.after", event_id=event_id, _anchor="papers"), 303)
    if form.conflicts:
        form.conflict_by = last_editor(event)
    return form.page("attendance/hand_out.html", event=event)
