"""Lists of people: on screen, as suggestions, as cards for address books."""

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from crm.access import Permission, requires
from crm.contacts import queries
from crm.contacts.forms import SearchForm
from crm.contacts.routes import contacts
from crm.contacts.vcards import file_name, to_vcards
from crm.db import today
from crm.export import download
from crm.fields import coerce_number
from crm.organisations import queries as organisations
from crm.paging import page_of

MOST_CARDS = 50_000
SELECTED = "auswahl"


def _listing(form):
    """Whom the filters of the address leave."""
    right = form.validate()
    place = request.args.get("kommune", type=coerce_number)
    text = form.q.data if right or not form.q.errors else ""
    return queries.listing(text or "", place, form.chosen("endet"), form.chosen("post")), place


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
    if SELECTED in request.args:
        numbers = {number for number in request.args.getlist("person", type=coerce_number) if number}
        query = queries.among(numbers)
    people = queries.with_functions(query.limit(MOST_CARDS))
    if not people:
        flash(_("Tick at least one person first."), "wait")
        return redirect(url_for("contacts.index", **_kept()), 303)
    return download(to_vcards(people), f"kontakte-{today():%Y-%m-%d}", "vcf")


def _kept():
    """The filters of the list, without what was ticked."""
    names = ("q", "kommune", "endet", "post", "seite")
    return {name: value for name, value in request.args.items() if name in names}
