"""People and their functions on screen."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.consultations import queries as consultations
from crm.contacts import queries, services
from crm.contacts.forms import (
    EndForm,
    FunctionForm,
    NewFunctionForm,
    NewPersonForm,
    PersonForm,
    SearchForm,
    stored,
)
from crm.db import db
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.follow_ups import queries as follow_ups
from crm.history import last_editor, lines
from crm.organisations import queries as organisations
from crm.paging import page_of

contacts = Blueprint("contacts", __name__, url_prefix="/kontakte")


def _person(person_id):
    return queries.one(person_id) or abort(404)


def _function(person_id, function_id):
    found = [one for one in _person(person_id).functions if one.id == function_id]
    return found[0] if found else abort(404)


def _page_of(person_id):
    return url_for("contacts.show", person_id=person_id)


@contacts.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List people, found by name, function and place."""
    form = SearchForm(request.args)
    text = form.q.data if form.validate() else ""
    place = request.args.get("kommune", type=coerce_number)
    page = page_of(queries.listing(text or "", place))
    chosen = organisations.chip_source().chips([place]) if place else []
    return render_template("contacts/index.html", form=form, page=page, chosen=chosen)


@contacts.route("/suche")
@requires(Permission.READ_CONTENT)
def search():
    """Suggest people for a chips field; those of the named organisation come first."""
    place = request.args.get("organisation", type=coerce_number)
    found = queries.suggestions(request.args.get("q", "")[:200], place)
    return jsonify([chip.as_json() for chip in found])


@contacts.route("/<id:person_id>")
@requires(Permission.READ_CONTENT)
def show(person_id):
    """Show a person with functions over time, talks and history."""
    person = _person(person_id)
    return render_template(
        "contacts/show.html",
        person=person,
        functions=queries.functions_over_time(person),
        talks=consultations.of_person(current_user, person.id),
        follow_ups=follow_ups.of_person(current_user, person.id),
        events=lines(queries.history(person)),
    )


@contacts.route("/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def new():
    """Add a person with the first function; a namesake at the same place is shown first."""
    place = request.args.get("kommune", type=coerce_number)
    form = NewPersonForm(obj=SimpleNamespace(organisation=[place] if place else []))
    form.connect(organisations.chip_source())
    if form.validate_on_submit() and not _twins(form):
        try:
            person = services.create_person(form.person, form.function, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(_page_of(person.id))
            db.session.commit()
            flash(_("%(name)s saved.", name=person.name))
            return redirect(target, 303)
    return form.page("contacts/new.html")


def _twins(form):
    """Warn once of somebody with that name at that place."""
    if form.anyway.data == "1":
        return []
    form.twins = queries.namesakes(form.full_name, form.organisation.data[0])
    form.anyway.data = "1" if form.twins else ""
    return form.twins


@contacts.route("/<id:person_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def edit(person_id):
    """Change name, direct contact and note of a person."""
    person = _person(person_id)
    form = PersonForm(obj=person)
    if form.validate_on_submit():
        services.change_person(person, form.values, current_user)
        db.session.commit()
        flash(_("%(name)s saved.", name=person.name))
        return redirect(_page_of(person_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(person)
    return form.page("contacts/edit.html", person=person)


@contacts.route("/<id:person_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def remove(person_id):
    """Ask once more, then put a person with all functions into the trash."""
    person = _person(person_id)
    if request.method == "GET":
        return render_template("contacts/remove.html", person=person)
    services.remove_person(person, current_user)
    db.session.commit()
    flash(_("The person was removed. Talks keep the function of their day, without the name."))
    return redirect(url_for("contacts.restore", person_id=person_id), 303)


@contacts.route("/<id:person_id>/wiederherstellen", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def restore(person_id):
    """Take a removed person back with all functions."""
    person = queries.removed(person_id) or abort(404)
    if request.method == "GET":
        return render_template("contacts/restore.html", person=person)
    services.restore_person(person, current_user)
    db.session.commit()
    flash(_("The person is back."))
    return redirect(_page_of(person_id), 303)


@contacts.route("/<id:person_id>/funktionen/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def new_function(person_id):
    """Add a function to a person."""
    person = _person(person_id)
    form = NewFunctionForm().connect(organisations.chip_source())
    if form.validate_on_submit():
        try:
            services.add_function(person, form.function, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            target = form.settle(_page_of(person_id))
            db.session.commit()
            flash(_("Function saved."))
            return redirect(target, 303)
    return form.page("contacts/new_function.html", person=person)


@contacts.route("/<id:person_id>/funktionen/<id:function_id>", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def edit_function(person_id, function_id):
    """Change a function."""
    function = _function(person_id, function_id)
    form = FunctionForm(obj=stored(function, organisations.chip_source())).prepare()
    if form.validate_on_submit():
        try:
            services.change_function(function, form.function, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Function saved."))
            return redirect(_page_of(person_id), 303)
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
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("The function has ended."))
            return redirect(_page_of(person_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(function)
    return form.page("contacts/end_function.html", person=function.person, function=function)
