"""Lists of people: on screen, as suggestions, as cards for address books."""

from flask import abort, jsonify, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.consultations import queries as consultations
from crm.contacts import queries
from crm.contacts.forms import SearchForm
from crm.contacts.models import Person
from crm.contacts.routes import contacts
from crm.contacts.vcards import file_name, to_vcards
from crm.db import today
from crm.export import download, to_csv, to_xlsx
from crm.fields import coerce_number
from crm.follow_ups import queries as follow_ups
from crm.organisations import queries as organisations
from crm.paging import page_of

MOST_CARDS = 50_000


def _listing(form):
    """Whom the filters of the address leave."""
    right = form.validate()
    place = request.args.get("kommune", type=coerce_number)
    text = form.q.data if right or not form.q.errors else ""
    return queries.listing(text or "", place, form.chosen("endet"), form.chosen("post")), place


picks.offer("kontakte", lambda: _listing(SearchForm(request.args))[0])


@contacts.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List people, found by name, function and place, or by the end of a term."""
    form = SearchForm(request.args)
    query, place = _listing(form)
    chosen = organisations.chip_source().chips([place]) if place else []
    page = page_of(query, queries.WHOLE)
    return render_template("contacts/index.html", form=form, page=page, chosen=chosen)


@contacts.route("/suche")
@requires(Permission.READ_CONTENT)
def search():
    """Suggest people for a chips field; those of the named organisation come first."""
    place = request.args.get("organisation", type=coerce_number)
    found = queries.suggestions(request.args.get("q", "")[:200], place)
    return jsonify([chip.as_json() for chip in found])


@contacts.route("/<id:person_id>/vorschau")
@requires(Permission.READ_CONTENT)
def preview(person_id):
    """Show a person in short, beside the list."""
    person = queries.one(person_id) or abort(404)
    return render_template(
        "contacts/preview.html", person=person, talks=consultations.of_person(current_user, person.id),
        follow_ups=follow_ups.of_person(current_user, person.id),
    )  # fmt: skip


@contacts.route("/<id:person_id>/vcard")
@requires(Permission.READ_CONTENT)
def card(person_id):
    """Give one person as a card for an address book."""
    person = queries.one(person_id) or abort(404)
    return download(to_vcards([person]), file_name(person.name), "vcf")


@contacts.route("/vcard")
@requires(Permission.READ_CONTENT)
def cards():
    """Give the ticked people as cards, or all that the filters leave."""
    form = SearchForm(request.args)
    query, _place = _listing(form)
    people = queries.with_functions(picks.narrowed(query, Person.id).limit(MOST_CARDS))
    return download(to_vcards(people), f"kontakte-{today():%Y-%m-%d}", "vcf")


@contacts.route("/liste.<ending>")
@requires(Permission.READ_CONTENT)
def export(ending):
    """Give the ticked people, or all that the filters leave, as a table with the functions of today."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    query, _place = _listing(SearchForm(request.args))
    people = queries.with_functions(picks.narrowed(query, Person.id).limit(MOST_CARDS))
    head = [
        _("Title of address"), _("First name"), _("Last name"), _("Functions"), _("Municipalities"),
        _("Phone"), _("E-mail"), _("Mailings"),
    ]  # fmt: skip
    rows = [_cells(one) for one in people]
    content = to_csv(head, rows) if ending == "csv" else to_xlsx(_("Contacts"), head, rows)
    return download(content, f"kontakte-{today():%Y-%m-%d}", ending)


def _cells(person):
    held = [one for one in person.functions if one.is_current]
    phones = dict.fromkeys(one for one in (*(row.phone for row in held), person.phone) if one)
    mails = dict.fromkeys(one for one in (*(row.email for row in held), person.email) if one)
    return [
        person.academic_title, person.first_name, person.last_name,
        "; ".join(str(one.called) for one in held), "; ".join(one.organisation.name for one in held),
        ", ".join(phones), ", ".join(mails), str(person.mail_basis.label),
    ]  # fmt: skip
