"""Rights of persons on screen: one page for each person, one list for the office."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.consents import queries as consents
from crm.contacts import queries as contacts
from crm.db import db
from crm.errors import RuleBroken
from crm.history import last_editor
from crm.mailings.following import follow
from crm.outputs import queries as outputs
from crm.paging import page_of
from crm.rights import queries, services
from crm.rights.forms import AnswerForm, RequestForm
from crm.rights.models import Right

rights = Blueprint("rights", __name__)


def _person(person_id):
    return contacts.one(person_id) or abort(404)


def _page_of(person_id):
    return url_for("rights.show", person_id=person_id)


@rights.route("/kontakte/<id:person_id>/rechte")
@requires(Permission.WRITE_PEOPLE)
def show(person_id):
    """Show what somebody asked for and agreed to, and to whom the data went."""
    person = _person(person_id)
    return render_template(
        "rights/show.html", person=person, requests=queries.of_person(person_id), kinds=Right,
        consents=consents.of_person(person_id), photos=queries.photos_of(person_id),
        outputs=outputs.of_person(person_id), mails=outputs.mails_of(current_user, person_id),
        since=outputs.since(),
    )  # fmt: skip


@rights.route("/kontakte/<id:person_id>/rechte/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def new(person_id):
    """Enter what somebody asks for; a restriction or objection holds at once."""
    person = _person(person_id)
    wanted = [one for one in Right if one.value == request.args.get("art")]
    form = RequestForm(obj=SimpleNamespace(kind=(wanted or [Right.ACCESS])[0]))
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
            flash(_("Saved. It holds at once.") if made.limits else _("Saved. The answer is due in a month."))
            return redirect(target, 303)
    return form.page("rights/new.html", person=person)


@rights.route("/kontakte/<id:person_id>/rechte/<id:request_id>/erledigen", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY)
def answer(person_id, request_id):
    """Note what was done; a restriction or objection is lifted by it."""
    person, asked = _person(person_id), queries.one(person_id, request_id) or abort(404)
    form = AnswerForm(obj=asked)
    if form.validate_on_submit():
        try:
            services.answer(asked, form.values, current_user)
            follow(person)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Lifted.") if asked.limits else _("Request answered."))
            return redirect(_page_of(person_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(asked)
    return form.page("rights/answer.html", person=person, asked=asked)


@rights.route("/personendaten/anliegen")
@requires(Permission.MANAGE_PRIVACY)
def index():
    """List open requests of all persons by their term, or those answered."""
    done = request.args.get("stand") == "erledigt"
    return render_template("rights/index.html", page=page_of(queries.listing(done)), done=done)
