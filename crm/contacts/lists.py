"""Lists of people: on screen, as suggestions, as cards for address books."""

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.columns import as_table, chosen_columns
from crm.consultations import queries as consultations
from crm.contacts import naming, queries
from crm.contacts.forms import SearchForm
from crm.contacts.models import Person
from crm.contacts.routes import contacts
from crm.contacts.table import COLUMNS, SORTABLE, computed, current, ends_on, known_by, reached
from crm.contacts.vcards import file_name, to_vcards
from crm.db import today
from crm.export import download, to_csv, to_xlsx
from crm.fields import coerce_number
from crm.filters import wished_sort
from crm.follow_ups import queries as follow_ups
from crm.organisations import queries as organisations
from crm.outputs.models import Paper
from crm.outputs.noting import note
from crm.paging import page_of
from crm.views.models import ListName
from crm.views.tabs import arguments_of_file, filters_given, views_of

MOST_CARDS, MOST_PLACES = 50_000, 500


def _listing(form, place=None):
    """Whom the filters leave; `place` is that of the address where none is named."""
    right = form.validate()
    place = request.args.get("kommune", type=coerce_number) if place is None else place
    text = form.q.data if right or not form.q.errors else ""
    limited = bool(form.nur_gespeichert.data)
    return queries.listing(text or "", place, form.chosen("endet"), form.chosen("post"), limited), place


def _ordered(query):
    sort = _sort()
    return queries.ordered(query, sort.key, sort.descending, known_by(current_user, sort.key))


def _sort():
    # Terms that end soon come first where one asks for them, else the order of a register.
    return wished_sort(SORTABLE, "end-first" if request.args.get("endet") else "name")


def _views(form):
    def select_for(args):
        place = args.get("kommune", type=coerce_number)
        return _listing(SearchForm(args), place or 0)[0]

    built_in = [("all", _("All"), "", url_for("contacts.index"))]
    current = "" if filters_given() else "all"
    return views_of(ListName.CONTACTS, built_in, current, select_for, form, ("kommune",))


def _listed():
    return _ordered(_listing(SearchForm(request.args))[0])


picks.offer("kontakte", _listed)


@contacts.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List people, found by name, function and place, or by the end of a term."""
    columns = chosen_columns(COLUMNS)
    if columns.wished_url:
        return redirect(columns.wished_url)
    form = SearchForm(request.args)
    query, place = _listing(form)
    chosen = organisations.chip_source().chips([place]) if place else []
    page = page_of(_ordered(query), queries.WHOLE)
    return render_template(
        "contacts/index.html", form=form, page=page, chosen=chosen, columns=columns, sort=_sort(),
        views=_views(form), more=computed(current_user, columns.keys, [one.id for one in page.rows]),
        arguments=arguments_of_file(form, "kommune"), limited=queries.limited_count(),
    )  # fmt: skip


@contacts.route("/liste.<ending>")
@requires(Permission.READ_CONTENT)
def export(ending):
    """Give the list as a file: the rows the screen shows, all pages, no notes."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    columns = chosen_columns(COLUMNS)
    people = queries.with_functions(picks.narrowed(_listed(), Person.id).limit(MOST_CARDS))
    more = computed(current_user, columns.in_file, [one.id for one in people])
    head, rows = as_table(columns, _parts(more), people)
    content = to_csv(head, rows) if ending == "csv" else to_xlsx(_("Contacts"), head, rows)
    note(Paper.CONTACTS, ending, [one.id for one in people], len(people))
    return download(content, f"kontakte-{today():%Y-%m-%d}", ending)


def _parts(more):
    """What a file says of each column: its heads, and its cells of a person."""
    return {
        "name": (
            [_("Last name"), _("First name"), _("Academic title")],
            lambda one: [one.last_name, one.first_name, one.academic_title],
        ),
        "function": (
            [_("Function"), _("Municipality")],
            lambda one: [
                "; ".join(held.called for held in current(one)),
                "; ".join(held.organisation.name for held in current(one)),
            ],
        ),
        "phone": ([_("Phone")], lambda one: [", ".join(reached(one, "phone"))]),
        "mail": ([_("E-mail")], lambda one: [", ".join(reached(one, "email"))]),
        "last": ([_("Last talk")], lambda one: [more.last.get(one.id)]),
        "follow-ups": ([_("Open follow-ups")], lambda one: [more.follow_ups.get(one.id, 0)]),
        "ends": ([_("Term ends on")], lambda one: [ends_on(one)]),
        "basis": ([_("Mailings")], lambda one: [str(one.mail_basis.label)]),
    }


@contacts.route("/suche")
@requires(Permission.READ_CONTENT)
def search():
    """Suggest people for a chips field; those of the named organisation come first."""
    place = request.args.get("organisation", type=coerce_number)
    found = queries.suggestions(request.args.get("q", "")[:200], place)
    return jsonify([chip.as_json() for chip in found])


@contacts.route("/nennen")
@requires(Permission.READ_CONTENT)
def offered():
    """Suggest people to be named in a text; those of the organisations at hand come first."""
    texts = ",".join(request.args.getlist("kommune")).split(",")[:MOST_PLACES]
    places = [int(one) for one in texts if one.isascii() and one.isdigit() and len(one) < 10]
    found = naming.offered(request.args.get("q", "")[:200], places)
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
    if person.is_limited:
        abort(404)
    note(Paper.CARDS, "vcf", [person_id], 1)
    return download(to_vcards([person]), file_name(person.name), "vcf")


@contacts.route("/vcard")
@requires(Permission.READ_CONTENT)
def cards():
    """Give the ticked people as cards, or all that the filters leave."""
    people = queries.with_functions(picks.narrowed(_listed(), Person.id).limit(MOST_CARDS))
    note(Paper.CARDS, "vcf", [one.id for one in people], len(people))
    return download(to_vcards(people), f"kontakte-{today():%Y-%m-%d}", "vcf")
