"""The functions of a person on screen: add, change, end, hand over to who follows, remove and take back."""

from types import SimpleNamespace

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.audit import history_of
from crm.contacts import queries, services
from crm.contacts.forms import EndForm, FunctionForm, HandOverForm, NewFunctionForm, stored
from crm.contacts.routes import asks, contacts, follow_both, load, page_of_person, report, with_hint
from crm.db import db
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.follow_ups import succession
from crm.history import last_editor, lines
from crm.i18n import day
from crm.mailings.following import follow
from crm.organisations import queries as organisations


def _function(person_id, function_id):
    found = [one for one in load(person_id).functions if one.id == function_id]
    return found[0] if found else abort(404)


@contacts.route("/<id:person_id>/funktionen/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def new_function(person_id):
    """Add a function to a person."""
    person = load(person_id)
    place = request.args.get("kommune", type=coerce_number)
    form = NewFunctionForm(obj=SimpleNamespace(organisation=[place] if place else []))
    with_hint(form.connect(organisations.chip_source()))
    if form.validate_on_submit() and not asks(form):
        try:
            services.add_function(person, form.function, current_user, form.ends)
            follow_both(person, form.ends)
        except RuleBroken as broken:
            report(form, broken)
        else:
            target = form.settle(page_of_person(person_id))
            db.session.commit()
            flash(_("Function saved."))
            return redirect(target, 303)
    return form.page("contacts/new_function.html", person=person)


@contacts.route("/<id:person_id>/funktionen/<id:function_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def edit_function(person_id, function_id):
    """Change a function."""
    function = _function(person_id, function_id)
    form = with_hint(FunctionForm(obj=stored(function, organisations.chip_source())).prepare())
    if form.validate_on_submit() and not asks(form):
        try:
            services.change_function(function, form.function, current_user, form.ends)
            follow_both(function.person, form.ends)
        except RuleBroken as broken:
            report(form, broken)
        else:
            db.session.commit()
            flash(_("Function saved."))
            return redirect(page_of_person(person_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(function)
    return form.page("contacts/edit_function.html", person=function.person, function=function)


@contacts.route("/<id:person_id>/funktionen/<id:function_id>/beenden", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def end_function(person_id, function_id):
    """End a function with its last day."""
    function = _function(person_id, function_id)
    form = EndForm(obj=function)
    if form.validate_on_submit():
        try:
            services.end_function(function, form.values["valid_to"], current_user)
            follow(function.person)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            ahead = _("The function ends on %(day)s.", day=day(function.valid_to))
            flash(ahead if function.is_current else _("The function has ended."))
            return redirect(page_of_person(person_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(function)
    return form.page("contacts/end_function.html", person=function.person, function=function)


@contacts.route("/<id:person_id>/funktionen/<id:function_id>/nachfolge", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def hand_over(person_id, function_id):
    """Enter who follows, after an election; the predecessor's function ends the day before."""
    function = _function(person_id, function_id)
    form = HandOverForm(obj=SimpleNamespace(title=function.title))
    left = succession.left_open(current_user, function)
    form.connect(queries.people_source(function.organisation_id)).offer(left, current_user)
    if form.validate_on_submit():
        try:
            follows = services.hand_over(function, form.who, form.function, current_user)
            follow(function.person)
            if form.passes_on:
                succession.pass_on(function, follows, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
            left = succession.left_open(current_user, function)
        else:
            target = form.settle(page_of_person(follows.person_id))
            since = day(follows.valid_from)
            done = _("%(name)s holds the function from %(day)s.", name=follows.person.name, day=since)
            db.session.commit()
            flash(done)
            return redirect(target, 303)
    return form.page("contacts/hand_over.html", person=function.person, function=function, left=left)


@contacts.route("/<id:person_id>/funktionen/<id:function_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def remove_function(person_id, function_id):
    """Ask once more, then put a function entered by mistake into the trash."""
    function = _function(person_id, function_id)
    if request.method == "GET":
        return render_template("contacts/remove_function.html", person=function.person, function=function)
    services.remove_function(function, current_user)
    follow(function.person)
    db.session.commit()
    flash(_("The function was removed. Talks keep what was said of their day."))
    target = url_for("contacts.restore_function", person_id=person_id, function_id=function_id)
    return redirect(target, 303)


@contacts.route("/<id:person_id>/funktionen/<id:function_id>/wiederherstellen", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def restore_function(person_id, function_id):
    """Take a removed function back."""
    function = queries.gone_function(person_id, function_id) or abort(404)
    if request.method == "GET":
        return render_template(
            "contacts/restore_function.html",
            person=function.person,
            function=function,
            events=lines(history_of(function)),
        )
    services.restore_function(function, current_user)
    db.session.commit()
    flash(_("The function is back."))
    return redirect(page_of_person(person_id), 303)
