"""What everybody sees without signing in: the released examples, their feed, and a contact's own answer."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from crm import links
from crm.access import open_to_all
from crm.db import db
from crm.errors import page
from crm.examples import inquiries, offices, published
from crm.examples.forms import AnswerForm, PublicForm
from crm.examples.panel import map_of
from crm.export import stored_file
from crm.fields import coerce_number
from crm.office.queries import issuer, office
from crm.organisations import heirs
from crm.registrations import floods

practice = Blueprint("practice", __name__)
_OF = "/praxisbeispiele/<id:example_id>"


@practice.context_processor
def _issuer():
    """Say on every page whose examples these are."""
    return {"issuer": issuer()}


def _open():
    """Go on only where the office has opened the page."""
    if not office().shows_examples:
        abort(404)


@practice.route("/praxisbeispiele")
@open_to_all
def index():
    """List the released examples, with filters, by county, and on a map."""
    _open()
    everything = published.listed()
    units = published.units_of(everything, heirs.load())
    counties = published.counties_of(units)
    form = PublicForm(request.args).offer(everything, counties)
    field, legal_form, county = (form.chosen(name) for name in ("feld", "form", "kreis"))
    place = request.args.get("ort", type=coerce_number)
    found = [
        one for one in everything
        if (not field or field in {part.id for part in one.task_fields})
        and (not legal_form or legal_form is one.legal_form)
        and (not county or county in {number for number, _name in counties[one.id]})
        and (not place or place in units[one.id])
    ]  # fmt: skip
    return render_template(
        "examples/public_index.html",
        form=form, found=found, counties=counties, by_county=_by_county(found, counties),
        map=map_of(found, units),
    )  # fmt: skip


def _by_county(found, counties):
    """Examples under the name of each of their counties."""
    groups: dict[str, list] = {}
    for one in found:
        for _number, name in counties.get(one.id) or [(0, _("outside of counties"))]:
            groups.setdefault(name, []).append(one)
    return sorted(groups.items())


@practice.route(_OF)
@open_to_all
def show(example_id):
    """Show a released example."""
    _open()
    example, known = published.one(example_id) or abort(404), heirs.load()
    counties = published.counties_of(published.units_of([example], known))
    return render_template(
        "examples/public_show.html",
        example=example, documents=published.files_of(example_id),
        counties=counties[example_id], held=offices.held(example, known),
    )  # fmt: skip


@practice.route(f"{_OF}/unterlagen/<id:document_id>")
@open_to_all
def document(example_id, document_id):
    """Give a released file to save."""
    _open()
    found = published.file(example_id, document_id) or abort(404)
    return stored_file(found.content, found.media_type, found.file_name)


@practice.route("/praxisbeispiele.atom")
@open_to_all
def feed():
    """Tell news readers of released and changed examples."""
    _open()
    found = published.everything()
    entries = [(one, links.to("practice.show", example_id=one.id)) for one in found]
    text = render_template(
        "examples/feed.xml", entries=entries, own=links.to("practice.feed"), page=links.to("practice.index")
    )
    return Response(text, mimetype="application/atom+xml")


@practice.route("/praxisbeispiele/bestaetigen/<secret>", methods=["GET", "POST"])
@open_to_all
def confirm(secret):
    """Let a contact say whether an example still holds; whatever is wrong with a link, the answer is one."""
    inquiry = inquiries.by_secret(secret)
    if inquiry is None:
        return _dead()
    form = AnswerForm(obj=inquiry.example)
    if form.validate_on_submit():
        floods.note(request.remote_addr or "")
        if not inquiries.answer(inquiry, form.values):
            db.session.rollback()
            return _dead()
        db.session.commit()
        return redirect(url_for("practice.thanks"), 303)
    held = offices.held(inquiry.example, heirs.load())
    return form.page("examples/answer.html", inquiry=inquiry, example=inquiry.example, held=held)


def _dead():
    return page(410, _("This link is no longer valid. If you want to tell us something, write to us."))


@practice.route("/praxisbeispiele/danke")
@open_to_all
def thanks():
    """Thank a contact for the answer."""
    return render_template("examples/thanks.html")
