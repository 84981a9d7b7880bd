"""Lists of talks on screen and as files: filters in the address, views as tabs."""

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.consultations import queries
from crm.consultations.forms import ListForm
from crm.consultations.models import Consultation
from crm.consultations.narrowing import Filters
from crm.consultations.routes import consultations
from crm.cooperations import queries as cooperations
from crm.db import db, today
from crm.export import download, to_csv, to_xlsx
from crm.fields import record_choices
from crm.follow_ups import queries as follow_ups
from crm.organisations import queries as organisations
from crm.paging import page_of
from crm.task_fields import queries as task_fields

MOST_ROWS = 50_000


def _filter_form():
    form = ListForm(formdata=request.args)
    form.county.choices = record_choices(organisations.counties(), _("all"))
    form.task_field.choices = record_choices(task_fields.names(), _("all"))
    form.staff.choices = record_choices(((one.id, one.name) for one in _countable()), _("all"))
    places = queries.organisations_of([form.place.data] if form.place.data else [])
    form.place.choices = record_choices(((one.id, one.name) for one in places), _("all"))
    groups = cooperations.chips([form.kooperation.data] if form.kooperation.data else [])
    form.kooperation.choices = record_choices(((one.id, one.name) for one in groups), _("all"))
    form.validate()
    return form


def _countable():
    """Whose talks may be listed apart: figures per person are for managers, everybody has their own."""
    if current_user.may(Permission.READ_STAFF_FIGURES):
        return accounts.staff_names()
    return [one for one in accounts.staff_names() if one.id == current_user.id]


def _filters(form):
    named = {"q": "text", "county": "county_id", "task_field": "task_field_id", "staff": "staff_id"}
    named |= {"open_note": "needs_note", "place": "organisation_id", "kooperation": "cooperation_id"}
    chosen = {named.get(field.name, field.name): form.chosen(field.name) for field in form}
    return Filters(**{name: value for name, value in chosen.items() if value})


def _views():
    year = f"{today().year}"
    mine, whole = {"staff": current_user.id, "since": f"01.01.{year}"}, {"since": f"01.01.{year}"}
    wanted = [("all", _("All"), {}), ("year", _("This year"), whole)]
    if current_user.may(Permission.WRITE_CONSULTATIONS):
        wanted += [("mine", _("Mine this year"), mine), ("note", _("Note missing"), {"open_note": "y"})]
    found = [(key, text, "", url_for("consultations.index", **arguments)) for key, text, arguments in wanted]
    given = {key: value for key, value in request.args.items() if value and key != "seite"}
    current = next(
        (key for key, _text, arguments in wanted if {k: str(v) for k, v in arguments.items()} == given), ""
    )
    return found, current


def _listed():
    return queries.listing(current_user, _filters(_filter_form()))


picks.offer("beratungen", _listed)


@consultations.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List talks with filters; wrong filters are named and left out."""
    form = _filter_form()
    page = page_of(queries.listing(current_user, _filters(form)), queries.FOR_LISTS)
    views, view = _views()
    arguments = {key: value for key, value in request.args.items() if key in form}
    return render_template(
        "consultations/index.html",
        form=form,
        page=page,
        views=views,
        view=view,
        arguments=arguments,
    )


@consultations.route("/<id:consultation_id>/vorschau")
@requires(Permission.READ_CONTENT)
def preview(consultation_id):
    """Show a talk in short, beside the list; nothing in it is private to one organisation."""
    talk = queries.one(current_user, consultation_id) or abort(404)
    promised = follow_ups.of_consultation(talk.id)
    return render_template("consultations/preview.html", talk=talk, follow_ups=promised)


@consultations.route("/liste.<ending>")
@requires(Permission.READ_CONTENT)
def export(ending):
    """Give the list as a file: the rows the screen shows, all pages, no private notes."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    query = picks.narrowed(_listed(), Consultation.id).options(*queries.COUNTABLE, queries.GROUP)
    rows = [_cells(talk) for talk in db.session.scalars(query.limit(MOST_ROWS))]
    head = [
        _("Day"), _("Municipalities"), _("Kind"), _("Channel"), _("Task fields"), _("Minutes"), _("State"),
        _("Advised by"), _("Participations"), _("Cooperation"),
    ]  # fmt: skip
    content = to_csv(head, rows) if ending == "csv" else to_xlsx(_("Consultations"), head, rows)
    return download(content, f"beratungen-{today():%Y-%m-%d}", ending)


def _cells(talk):
    return [
        talk.held_on, ", ".join(talk.places), str(talk.kind.label), str(talk.channel.label),
        ", ".join(one.name for one in talk.task_fields), talk.duration_minutes, str(talk.state.label),
        ", ".join(one.name for one in talk.staff), len(talk.counted),
        talk.cooperation.title if talk.cooperation else "",
    ]  # fmt: skip
