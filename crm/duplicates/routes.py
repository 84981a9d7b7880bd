"""Doubles on screen: the list of pairs, what was decided, and what is known while somebody types."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.contacts import queries as contacts
from crm.db import db
from crm.duplicates import alike, gone, queries, services
from crm.duplicates.forms import WithForm
from crm.duplicates.kinds import PEOPLE
from crm.duplicates.scoring import Level, in_words
from crm.fields import coerce_number
from crm.paging import page_of, page_of_list

duplicates = Blueprint("duplicates", __name__, url_prefix="/doppelte")
TABS = {"sicher": Level.SURE, "wahrscheinlich": Level.LIKELY, "moeglich": Level.POSSIBLE}
DECIDED, MERGED = "entschieden", "zusammengefuehrt"


@duplicates.route("")
@requires(Permission.WRITE_PEOPLE)
def index():
    """List pairs likely to be one, the surest first, and what was decided about others."""
    found = queries.pairs()
    numbers = {tab: sum(pair.verdict.level is level for pair in found) for tab, level in TABS.items()}
    tab = request.args.get("stufe", next((one for one in TABS if numbers[one]), "sicher"))
    numbers |= queries.numbers()
    if tab in (DECIDED, MERGED):
        page = page_of(queries.decisions() if tab == DECIDED else queries.merges(), total=numbers[tab])
    else:
        tab = tab if tab in TABS else "sicher"
        page = page_of_list([pair for pair in found if pair.verdict.level is TABS[tab]])
    people = queries.people(queries.ids_of(page.rows))
    shown = {"tab": tab, "numbers": numbers, "page": page, "people": people}
    if tab in TABS:
        return render_template("duplicates/index.html", in_words=in_words, **shown)
    return render_template("duplicates/settled.html", **shown)


@duplicates.route("/entschieden/<id:pair_id>/aufheben", methods=["GET", "POST"])
@requires(Permission.WRITE_PEOPLE)
def doubt_again(pair_id):
    """Ask once more, then forget that two people are two, and why."""
    pair = queries.decision(pair_id) or abort(404)
    listed = url_for("duplicates.index", stufe=DECIDED)
    if request.method == "GET":
        names = queries.names_of(PEOPLE, queries.ids_of([pair]))
        return render_template("duplicates/doubt.html", pair=pair, names=names, list_url=listed)
    services.doubt_again(pair, current_user)
    db.session.commit()
    flash(_("The pair is proposed again where it looks alike."))
    return redirect(listed, 303)


@duplicates.route("/kontakte/<id:person_id>/mit")
@requires(Permission.WRITE_PEOPLE)
def choose(person_id):
    """Let one choose with whom somebody is merged; who is likely stands first."""
    person = contacts.one(person_id) or gone.refuse(person_id)
    form = WithForm(request.args).connect(contacts.people_source(None))
    if form.person.data and not form.problems:
        low, high = sorted((person_id, form.person.data[0]))
        if low != high:
            return redirect(url_for("duplicates.merge", low_id=low, high_id=high), 303)
        form.person.errors = [_("Choose another person: nobody is merged with the same record.")]
    return render_template("duplicates/choose.html", form=form, person=person, alike=alike.of_person(person))


@duplicates.route("/bekannt")
@requires(Permission.WRITE_PEOPLE)
def known():
    """Say who is known already, as a piece of a page, while somebody types."""
    words = {name: request.args.get(name, "")[:254] for name in ("first_name", "last_name", "email", "phone")}
    name = f"{words['first_name']} {words['last_name']}".strip()
    place, but = (request.args.get(one, type=coerce_number) for one in ("organisation", "person"))
    found = alike.alike(name, [words["email"]], [words["phone"]], {place} - {None}, but)
    return render_template("duplicates/known.html", found=found, place=place, but=but)


def tab_sent():
    """The list a decision was made in."""
    tab = request.form.get("stufe")
    return tab if tab in TABS else None
