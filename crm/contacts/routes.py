"""People on screen."""

from types import SimpleNamespace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.consents import queries as consents
from crm.consents.services import settle
from crm.consultations import queries as consultations
from crm.contacts import queries, services
from crm.contacts.forms import NewPersonForm, PersonForm
from crm.db import db
from crm.duplicates import alike, gone
from crm.duplicates import queries as merges
from crm.errors import RuleBroken
from crm.fields import coerce_number
from crm.follow_ups import queries as follow_ups
from crm.history import last_editor, lines
from crm.links import safe_path
from crm.mailings.following import follow
from crm.organisations import queries as organisations
from crm.privacy import queries as privacy

contacts = Blueprint("contacts", __name__, url_prefix="/kontakte")


def load(person_id):
    """Give a person, or say where somebody merged or erased went."""
    return queries.one(person_id) or gone.refuse(person_id)


def page_of_person(person_id):
    """Lead back to the page of a person."""
    return url_for("contacts.show", person_id=person_id)


def _events(person):
    return lines(queries.history(person), queries.subjects(person))


def with_hint(form):
    """Say at the title who leads the chosen city, if that is a lord mayor."""
    place = form.organisation.data[0] if form.organisation.data else None
    form.led_by_lord_mayor = queries.led_by_lord_mayor(place, form.valid_from.data)
    return form


def asks(form, twins=()):
    """Ask before saving about people likely to be known, and about a mayor who is no head."""
    return form.asks(twins, form.led_by_lord_mayor if form.calls_head_mayor else None)


def follow_both(person, ends):
    """Let mails that wait follow the person, and the head whose term ended for this one."""
    follow(person)
    former = ends and queries.holder(ends)
    if former and former is not person:
        follow(former)


def report(form, broken):
    """Show a broken rule; where somebody leads already, with the offer to end that term the day before."""
    db.session.rollback()
    form.predecessor = getattr(broken, "head", None)
    form.report(broken)


@contacts.route("/<id:person_id>")
@requires(Permission.READ_CONTENT)
def show(person_id):
    """Show a person with functions over time, talks and history."""
    person = load(person_id)
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
    with_hint(form.connect(organisations.chip_source()))
    if form.validate_on_submit() and not asks(form, _twins(form)):
        try:
            person = services.create_person(form.person, form.function, current_user, form.ends)
            follow_both(person, form.ends)
        except RuleBroken as broken:
            report(form, broken)
        else:
            target = form.settle(page_of_person(person.id))
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
    """Change name, direct contact and note of a person; ?next= leads back to what asked for it."""
    person = load(person_id)
    form = PersonForm(obj=person)
    if form.validate_on_submit() and not form.asks(alike.newly(person, form.full_name, form.person)):
        services.change_person(person, form.person, current_user)
        settle(person)
        follow(person)
        db.session.commit()
        flash(_("%(name)s saved.", name=person.name))
        return redirect(safe_path(request.args.get("next")) or page_of_person(person_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(person)
    return form.page("contacts/edit.html", person=person)


@contacts.route("/<id:person_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def remove(person_id):
    """Ask once more, then put a person with all functions into the trash."""
    person = load(person_id)
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
    return redirect(page_of_person(person_id), 303)
