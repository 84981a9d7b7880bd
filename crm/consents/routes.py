"""Agreements on screen, and the page a link in a mail leads to."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import jobs, links
from crm.access import Permission, open_to_all, requires
from crm.consents import queries, services, texts
from crm.consents.forms import ConsentForm, WithdrawForm
from crm.consents.models import Purpose, Way
from crm.contacts import queries as contacts
from crm.db import db
from crm.errors import RuleBroken
from crm.history import last_editor
from crm.mail.services import DUTY
from crm.mailings.following import follow
from crm.notices import queries as notices

consents = Blueprint("consents", __name__)


def _page_of(person_id):
    return url_for("contacts.show", person_id=person_id, _anchor="consents")


@consents.route("/kontakte/<id:person_id>/einwilligungen/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def new(person_id):
    """Enter an agreement with its proof, or send the link by which the person agrees."""
    person = contacts.one(person_id) or abort(404)
    form = ConsentForm()
    if form.validate_on_submit():
        try:
            made = services.enter(person, form.values, current_user)
            follow(person)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(_page_of(person_id))
            db.session.commit()
            jobs.ring(DUTY)
            flash(_("A mail with the link is on its way.") if made.way is Way.LINK else _("Consent saved."))
            return redirect(target, 303)
    words = [(one, texts.usual(one)) for one in Purpose]
    return form.page("consents/new.html", person=person, words=words)


@consents.route("/kontakte/<id:person_id>/einwilligungen/<id:consent_id>/widerruf", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def withdraw(person_id, consent_id):
    """Note that an agreement was taken back."""
    consent = queries.one(person_id, consent_id) or abort(404)
    person = contacts.one(person_id) or abort(404)
    form = WithdrawForm(obj=consent)
    if form.validate_on_submit():
        try:
            services.withdraw(consent, form.withdrawn_on.data, current_user)
            follow(person)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Withdrawal saved. It holds at once."))
            return redirect(_page_of(person_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(consent)
    return form.page("consents/withdraw.html", person=person, consent=consent)


@consents.route("/einverstanden/<token>", methods=["GET", "POST"])
@open_to_all
def confirm(token):
    """Let somebody agree by one button; opening the page alone changes nothing."""
    found = links.read(services.LINK, token)
    consent = queries.waiting(found[0]) if found else None
    if consent is None or not links.holds(found[1], consent.address) or not queries.is_still_theirs(consent):
        abort(404)
    if request.method == "POST":
        services.confirm(consent)
        follow(consent.person)
        db.session.commit()
        return redirect(url_for("consents.confirm", token=token), 303)
    words = notices.by_mark(consent.text_mark)
    return render_template(
        "consents/confirm.html", consent=consent, words=words.text if words else "", token=token
    )
