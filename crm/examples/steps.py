"""The example of one group on screen: release, change, ask whether it holds, take back."""

from dataclasses import replace
from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import audit, jobs
from crm.access import Permission, requires
from crm.cooperations import queries as cooperations
from crm.db import db, today
from crm.errors import RuleBroken
from crm.examples import inquiries, offices, queries, referring, services
from crm.examples.forms import ExampleForm, NewExampleForm, stored
from crm.examples.lists import why
from crm.examples.routes import examples
from crm.field_names import LABELS
from crm.forms import confirmed
from crm.history import last_editor, lines
from crm.mail import services as mail
from crm.office.queries import office
from crm.organisations import heirs

_OF = "/kooperationen/<id:cooperation_id>/praxisbeispiel"


def _group(cooperation_id):
    return cooperations.one(cooperation_id) or abort(404)


def _example(group):
    return queries.one(group.id) or abort(404)


def _page_of(cooperation_id):
    return url_for("examples.show", cooperation_id=cooperation_id)


@examples.route(_OF)
@requires(Permission.READ_CONTENT)
def show(cooperation_id):
    """Show what is released of a group, what its contact answered, and who was referred to it."""
    group = _group(cooperation_id)
    example = queries.one(group.id)
    public = bool(example and queries.public_among([example.id]))
    return render_template(
        "examples/show.html",
        group=group, example=example, public=public, is_open=office().shows_examples,
        reason=why(example, public) if example else "",
        may_release=services.may_be_released(group),
        asked=inquiries.of_example(example.id) if example else [],
        referrals=referring.to_group(current_user, group.id),
        events=_history(example) if example else [],
        held=offices.held(example, heirs.load()) if example else None,
    )  # fmt: skip


def _history(example):
    """What happened to an example; names of files only for those who may read confidential ones."""
    told = lines(audit.history_of(example))
    if current_user.may(Permission.READ_CONFIDENTIAL):
        return told
    files = str(LABELS["documents"])
    return [replace(one, changes=[part for part in one.changes if part[0] != files]) for one in told]


def _people(group, also=None):
    """Whom one can name: by number, with function and place; those first who have agreed."""
    found: dict[int, str] = {}
    known, own = heirs.load(), [one.organisation_id for one in group.partners]
    for one in queries.people_at({*own, *(known.unit_on(number, today()) for number in own)}):
        found.setdefault(one.person_id, f"{one.person.name}, {one.called}, {one.organisation.name}")
    if also is not None:
        found.setdefault(also.id, also.name)
    agreed = queries.who_agreed(found)
    said = {True: _("has agreed"), False: _("has not agreed yet")}
    first = sorted(found, key=lambda number: number not in agreed)
    return [(number, f"{found[number]} ({said[number in agreed]})") for number in first]


@examples.route(f"{_OF}/freigeben", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def new(cooperation_id):
    """Release a group as practice example, word by word."""
    group = _group(cooperation_id)
    if request.method == "GET" and queries.one(group.id):
        return redirect(url_for("examples.edit", cooperation_id=group.id), 303)
    form = NewExampleForm(obj=SimpleNamespace(title=group.title, legal_form=group.legal_form))
    form.offer(_people(group), queries.files_of(group.id))
    if form.validate_on_submit():
        try:
            services.release(group, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(_page_of(cooperation_id))
            db.session.commit()
            flash(_("Released as practice example."))
            return redirect(target, 303)
    return form.page("examples/edit.html", group=group, example=None)


@examples.route(f"{_OF}/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def edit(cooperation_id):
    """Change what is released."""
    group = _group(cooperation_id)
    example = _example(group)
    form = ExampleForm(
        obj=stored(example, _people(group, example.person), queries.files_of(group.id))
    ).prepare()
    if form.validate_on_submit():
        try:
            services.change(example, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Practice example saved."))
            return redirect(_page_of(cooperation_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(example)
    return form.page("examples/edit.html", group=group, example=example)


@examples.route(f"{_OF}/zurueckziehen", methods=["GET", "POST"])
@requires(Permission.WRITE_COOPERATIONS)
def withdraw(cooperation_id):
    """Ask once more, then take an example off the public page."""
    group = _group(cooperation_id)
    example = _example(group)
    if example.is_withdrawn or not confirmed(example):
        return render_template("examples/withdraw.html", group=group, example=example)
    services.withdraw(example, current_user)
    db.session.commit()
    flash(_("The example was taken back. It is not on the public page any more."))
    return redirect(_page_of(cooperation_id), 303)


def _done(cooperation_id, act, said):
    """Do one thing to an example by a button, say it, and go back to its page."""
    group = _group(cooperation_id)
    try:
        act(_example(group), current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "bad")
    else:
        db.session.commit()
        flash(said)
    return redirect(_page_of(cooperation_id), 303)


@examples.route(f"{_OF}/wieder-freigeben", methods=["POST"])
@requires(Permission.WRITE_COOPERATIONS)
def release_again(cooperation_id):
    """Release an example once more that was taken back."""
    return _done(cooperation_id, services.release_again, _("Released as practice example."))


@examples.route(f"{_OF}/bestaetigen", methods=["POST"])
@requires(Permission.WRITE_COOPERATIONS)
def confirm(cooperation_id):
    """Note that the office has asked and all of it still holds."""
    return _done(cooperation_id, services.confirm, _("Confirmed for another year."))


@examples.route(f"{_OF}/nachfragen", methods=["POST"])
@requires(Permission.WRITE_COOPERATIONS)
def ask(cooperation_id):
    """Send the contact the filled-in page."""
    answer = _done(cooperation_id, inquiries.ask, _("A mail with the link is on its way."))
    jobs.ring(mail.DUTY)
    return answer


@examples.route(f"{_OF}/antworten/<id:inquiry_id>", methods=["POST"])
@requires(Permission.WRITE_COOPERATIONS)
def settle(cooperation_id, inquiry_id):
    """Take over what a contact corrected, or note that it was seen."""
    takes = request.form.get("uebernehmen") == "1"
    if takes and not confirmed(_example(_group(cooperation_id))):
        return redirect(_page_of(cooperation_id), 303)

    def act(example, by):
        inquiry = inquiries.one(example.id, inquiry_id) or abort(404)
        inquiries.settle(inquiry, takes, by)

    return _done(cooperation_id, act, _("Corrections taken over.") if takes else _("Noted."))
