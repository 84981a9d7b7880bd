"""People and their functions on screen."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.audit import history_of
from crm.consents import queries as consents
from crm.consents.services import settle
from crm.consultations import queries as consultations
from crm.contacts import queries, services
from crm.contacts.forms import (
    EndForm,
    FunctionForm,
    HandOverForm,
    NewFunctionForm,
    NewPersonForm,
    PersonForm,
    stored,
)
from crm.db import db
from crm.duplicates import alike, gone
from crm.duplicates import queries as merges
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.follow_ups import queries as follow_ups
from crm.history import last_editor, lines
from crm.i18n import day
from crm.mailings.following import follow
from crm.organisations import queries as organisations
from crm.privacy import queries as privacy

contacts = Blueprint("contacts", __name__, url_prefix="/kontakte")


def _person(person_id):
    return queries.one(person_id) or gone.refuse(person_id)


def _function(person_id, function_id):
    found = [one for one in _person(person_id).functions if one.id == function_id]
    return found[0] if found else abort(404)


def _page_of(person_id):
    return url_for("contacts.show", person_id=person_id)


def _events(person):
    return lines(queries.history(person), queries.subjects(person))


def _with_hint(form):
    """Say at the title who leads the chosen city, if that is a lord mayor."""
    place = form.organisation.data[0] if form.organisation.data else None
    form.led_by_lord_mayor = queries.led_by_lord_mayor(place, form.valid_from.data)
    return form


def _asks(form, twins=()):
    """Ask before saving about people likely to be known, and about a mayor who is no head."""
    return form.asks(twins, form.led_by_lord_mayor if form.calls_head_mayor else None)


def _follow(person, ends):
    """Let mails that wait follow the person, and the head whose term ended for this one."""
    follow(person)
    former = ends and queries.holder(ends)
    if former and former is not person:
        follow(former)


def _report(form, broken):
    """Show a broken rule; where somebody leads already, with the offer to end that term the day before."""
    db.session.rollback()
    form.predecessor = getattr(broken, "head", None)
    form.report(broken)


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
        named_in=consultations.naming(current_user, [person.id, *merges.doubles_of([person.id])]),
        follow_ups=follow_ups.of_person(current_user, person.id),
        events=_events(person),
        consents=consents.of_person(person.id),
    )


@contacts.route("/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def new():
    """Add a person with the first function; who is likely to be the same is shown first."""
    place = request.args.get("kommune", type=coerce_number)
    form = NewPersonForm(obj=SimpleNamespace(organisation=[place] if place else []))
    _with_hint(form.connect(organisations.chip_source()))
    if form.validate_on_submit() and not _asks(form, _twins(form)):
        try:
            person = services.create_person(form.person, form.function, current_user, form.ends)
            _follow(person, form.ends)
        except RuleBroken as broken:
            _report(form, broken)
        else:
            target = form.settle(_page_of(person.id))
            db.session.commit()
            flash(_("%(name)s saved.", name=person.name))
            return redirect(target, 303)
    return form.page("contacts/new.html")


def _twins(form):
    mail, phone, places = form.official_email.data, form.official_phone.data, form.organisation.data[:1]
    return alike.alike(form.full_name, [mail], [phone], places)


@contacts.route("/<id:person_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def edit(person_id):
    """Change name, direct contact and note of a person."""
    person = _person(person_id)
    form = PersonForm(obj=person)
    if form.validate_on_submit() and not form.asks(alike.newly(person, form.full_name, form.person)):
        services.change_person(person, form.person, current_user)
        settle(person)
        follow(person)
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
    follow(person)
    db.session.commit()
    flash(
        _(
            "The person was removed. Talks keep the function of their day, without the name. "
            "Take the person back here, or later under “Removed”."
        )
    )
    return redirect(url_for("contacts.restore", person_id=person_id), 303)


@contacts.route("/<id:person_id>/wiederherstellen", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def restore(person_id):
    """Take a removed person back with all functions."""
    person = queries.removed(person_id)
    if person is None or merges.merge_of(person_id) or privacy.case_of(person_id):
        gone.refuse(person_id)
    if request.method == "GET":
        return render_template("contacts/restore.html", person=person, events=_events(person))
    services.restore_person(person, current_user)
    db.session.commit()
    flash(_("The person is back."))
    return redirect(_page_of(person_id), 303)


@contacts.route("/<id:person_id>/funktionen/neu", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def new_function(person_id):
    """Add a function to a person."""
    person = _person(person_id)
    place = request.args.get("kommune", type=coerce_number)
    form = NewFunctionForm(obj=SimpleNamespace(organisation=[place] if place else []))
    _with_hint(form.connect(organisations.chip_source()))
    if form.validate_on_submit() and not _asks(form):
        try:
            services.add_function(person, form.function, current_user, form.ends)
            _follow(person, form.ends)
        except RuleBroken as broken:
            _report(form, broken)
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
    form = _with_hint(FunctionForm(obj=stored(function, organisations.chip_source())).prepare())
    if form.validate_on_submit() and not _asks(form):
        try:
            services.change_function(function, form.function, current_user, form.ends)
            _follow(function.person, form.ends)
        except RuleBroken as broken:
            _report(form, broken)
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
            follow(function.person)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            ahead = _("The function ends on %(day)s.", day=day(function.valid_to))
            flash(ahead if function.is_current else _("The function has ended."))
            return redirect(_page_of(person_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(function)
    return form.page("contacts/end_function.html", person=function.person, function=function)


@contacts.route("/<id:person_id>/funktionen/<id:function_id>/nachfolge", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def hand_over(person_id, function_id):
    """Enter who follows, after an election; the predecessor's function ends the day before."""
    function = _function(person_id, function_id)
    form = HandOverForm(obj=SimpleNamespace(title=function.title))
    form.connect(queries.people_source(function.organisation_id))
    if form.validate_on_submit():
        try:
            follows = services.hand_over(function, form.who, form.function, current_user)
            follow(function.person)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(_page_of(follows.person_id))
            since = day(follows.valid_from)
            done = _("%(name)s holds the function from %(day)s.", name=follows.person.name, day=since)
            db.session.commit()
            flash(done)
            return redirect(target, 303)
    left = follow_ups.of_person(current_user, person_id)
    return form.page("contacts/hand_over.html", person=function.person, function=function, follow_ups=left)


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
    return redirect(_page_of(person_id), 303)
