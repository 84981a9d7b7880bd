"""Invitations on screen: the list of an event, answers noted by hand, mistaken ones taken back."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.audit import history_of
from crm.db import db, today
from crm.errors import RuleBroken
from crm.events import panel
from crm.events import queries as events
from crm.filters import wished_sort
from crm.forms import confirmed
from crm.history import last_editor, lines
from crm.invitations import queries, services
from crm.invitations.forms import AnswerForm, ListForm
from crm.mailings import queries as mailings
from crm.organisations import queries as organisations
from crm.paging import page_of

invitations = Blueprint("invitations", __name__, url_prefix="/veranstaltungen")


def _invitation(event_id, invitation_id):
    return queries.one(event_id, invitation_id) or abort(404)


@invitations.route("/<id:event_id>/einladungen")
@requires(Permission.READ_CONTENT)
def show(event_id):
    """List who is invited and what they answered."""
    event = events.one(event_id) or abort(404)
    form = ListForm(request.args).fill((one.id, one.name) for one in organisations.counties())
    form.validate()
    sort = wished_sort(queries.SORTS, "place")
    filters = queries.Filters(
        text=form.chosen("q") or "", county_id=form.chosen("county"), answer=form.chosen("answer") or "",
        sort=sort.key, descending=sort.descending,
    )  # fmt: skip
    page = page_of(queries.listing(event_id, filters), queries.FOR_LISTS)
    return render_template(
        "invitations/show.html",
        event=event, numbers=panel.of(event), form=form, page=page, sort=sort,
        drafts=mailings.drafts(event_id), undeliverable=queries.undeliverable(page.rows),
        counties={one.id: organisations.county_on(one.organisation, today())
                  for one in page.rows if one.organisation},
    )  # fmt: skip


@invitations.route("/<id:event_id>/einladungen/<id:invitation_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def answer(event_id, invitation_id):
    """Note what somebody answered by phone or letter."""
    invitation = _invitation(event_id, invitation_id)
    form = AnswerForm(obj=invitation)
    if form.validate_on_submit():
        try:
            given = form.values | {"remark": form.remark.data or ""}
            services.note_answer(invitation, by=current_user, **given)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Answer of %(name)s noted.", name=invitation.person.name))
            return redirect(url_for("invitations.show", event_id=event_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(invitation)
    return form.page("invitations/answer.html", invitation=invitation, events=lines(history_of(invitation)))


@invitations.route("/<id:event_id>/einladungen/<id:invitation_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_EVENTS)
def remove(event_id, invitation_id):
    """Ask once more, then take an invitation back that was made by mistake."""
    invitation = _invitation(event_id, invitation_id)
    if not confirmed(invitation):
        return render_template("invitations/remove.html", invitation=invitation)
    name = invitation.person.name
    services.remove_invitation(invitation, current_user)
    db.session.commit()
    flash(_("%(name)s is not invited any more.", name=name))
    return redirect(url_for("invitations.show", event_id=event_id), 303)
