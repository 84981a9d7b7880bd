"""Whom to invite: an audience is built in the address, looked at, and then taken over as it is by then."""

from flask import abort, flash, redirect, request, url_for
from flask_babel import force_locale, ngettext
from flask_login import current_user

from crm.access import Permission, requires
from crm.cooperations import queries as cooperations
from crm.db import db
from crm.errors import RuleBroken
from crm.events import panel
from crm.events import queries as events
from crm.invitations import audience, near, services, sources
from crm.invitations.forms import AddForm, AudienceForm
from crm.invitations.reasons import by_reason
from crm.invitations.routes import invitations
from crm.organisations import queries as organisations
from crm.organisations.models import Level

SAMPLE = 12


def _audience():
    form = AudienceForm(request.args)
    areas = sorted(organisations.areas(), key=lambda one: one.level is not Level.REGION)
    form.prepare(areas, cooperations.chip_source(), sources.people())
    form.validate()
    return form


@invitations.route("/<id:event_id>/einladungen/hinzufuegen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def add(event_id):
    """Show whom an audience is made of and why others are left out; then invite all of them."""
    event = events.one(event_id) or abort(404)
    asked, form = _audience(), AddForm()
    if form.validate_on_submit():
        try:
            with force_locale("de"):
                words = asked.words
            number = services.invite(event, asked.wanted, words, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(url_for("invitations.show", event_id=event_id))
            db.session.commit()
            flash(_said(number))
            return redirect(target, 303)
    return form.page("invitations/add.html", **_page(event, asked))


def _said(number):
    return ngettext(
        "%(num)s person is on the list of invitations now. Nothing has been sent.",
        "%(num)s people are on the list of invitations now. Nothing has been sent.",
        number,
    )


def _page(event, asked):
    """What the audience comes to today."""
    wanted = asked.wanted
    found = None if wanted.is_empty else audience.find(wanted, event.id)
    return {
        "event": event, "numbers": panel.of(event), "asked": asked, "found": found, "words": asked.words,
        "sample": found.people[:SAMPLE] if found else [],
        "skipped": by_reason((one.name, reason) for one, reason in found.skipped) if found else [],
        "near": near.around(current_user, event, found.kommunen) if found else [],
    }  # fmt: skip
