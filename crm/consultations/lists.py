"""Lists of talks on screen and as files: filters in the address, views as tabs."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.calendars.coming import day_of
from crm.columns import as_table, chosen_columns
from crm.consultations import queries
from crm.consultations.forms import ListForm
from crm.consultations.models import Consultation
from crm.consultations.narrowing import Filters
from crm.consultations.routes import consultations
from crm.consultations.table import COLUMNS, NEWEST_FIRST, SORTABLE, computed, options_for, ordered
from crm.cooperations import queries as cooperations
from crm.db import db, today
from crm.export import download, to_csv, to_xlsx
from crm.fields import record_choices
from crm.filters import wished_sort
from crm.follow_ups import queries as follow_ups
from crm.organisations import queries as organisations
from crm.paging import page_of
from crm.reads import noting
from crm.reads.models import Way
from crm.task_fields import queries as task_fields
from crm.views.models import ListName
from crm.views.tabs import arguments_of_file, filters_given, views_of

MOST_ROWS = 50_000
OFFERED = ("county", "task_field", "staff")


def _filter_form(args=None, like=None):
    """Read the filters of the address, or of `args`, where the choices of the form at hand serve as well."""
    args = request.args if args is None else args
    form = ListForm(formdata=args)
    for name in OFFERED:
        form[name].choices = like[name].choices if like else _offered(name)
    places = queries.organisations_of([form.place.data] if form.place.data else [])
    form.place.choices = record_choices(((one.id, one.name) for one in places), _("all"))
    groups = cooperations.chips([form.kooperation.data] if form.kooperation.data else [])
    form.kooperation.choices = record_choices(((one.id, one.name) for one in groups), _("all"))
    form.validate()
    return form


def _offered(name):
    if name == "county":
        return record_choices(organisations.counties(), _("all"))
    if name == "task_field":
        return record_choices(task_fields.names(), _("all"))
    return record_choices(((one.id, one.name) for one in _countable()), _("all"))


def _countable():
    """Whose talks may be listed apart: figures per person are for managers, everybody has their own."""
    if current_user.may(Permission.READ_STAFF_FIGURES):
        return accounts.staff_ever()
    return [one for one in accounts.staff_ever() if one.id == current_user.id]


def _filters(form):
    named = {"q": "text", "county": "county_id", "task_field": "task_field_id", "staff": "staff_id"}
    named |= {"open_note": "needs_note", "place": "organisation_id", "kooperation": "cooperation_id"}
    chosen = {named.get(field.name, field.name): form.chosen(field.name) for field in form}
    return Filters(**{name: value for name, value in chosen.items() if value})


def _views(form):
    """The tabs every list of talks has, and the saved views."""
    year = f"{today().year}"
    mine, whole = {"staff": current_user.id, "since": f"01.01.{year}"}, {"since": f"01.01.{year}"}
    wanted = [("all", _("All"), {}), ("year", _("This year"), whole)]
    if current_user.may(Permission.WRITE_CONSULTATIONS):
        quarter = {"staff": current_user.id, "since": "dieses Quartal"}
        wanted += [("quarter", _("Mine this quarter"), quarter), ("mine", _("Mine this year"), mine)]
        wanted += [("note", _("Note missing"), {"open_note": "y"})]
    found = [(key, text, "", url_for("consultations.index", **arguments)) for key, text, arguments in wanted]
    given = filters_given()
    current = next(
        (key for key, _text, arguments in wanted if {k: str(v) for k, v in arguments.items()} == given), ""
    )

    def select_for(args):
        return queries.listing(current_user, _filters(_filter_form(args, form)))

    return views_of(ListName.TALKS, found, current, select_for, form)


def _listed():
    return queries.listing(current_user, _filters(_filter_form()))


picks.offer("beratungen", _listed)


@consultations.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List talks with filters; wrong filters are named and left out."""
    columns = chosen_columns(COLUMNS)
    if columns.wished_url:
        return redirect(columns.wished_url)
    form, sort = _filter_form(), wished_sort(SORTABLE, NEWEST_FIRST)
    query = ordered(current_user, queries.listing(current_user, _filters(form)), sort)
    page = page_of(query, (*queries.FOR_LISTS, *options_for(columns)))
    return render_template(
        "consultations/index.html", form=form, page=page, views=_views(form), sort=sort, columns=columns,
        more=computed(current_user, columns, page.rows), arguments=arguments_of_file(form),
    )  # fmt: skip


@consultations.route("/<id:consultation_id>/vorschau")
@requires(Permission.READ_CONTENT)
def preview(consultation_id):
    """Show a talk in short, beside the list; nothing in it is private to one organisation."""
    talk = queries.one(current_user, consultation_id) or abort(404)
    noting.note(Way.PREVIEW, talk)
    promised = follow_ups.of_consultation(talk.id)
    return render_template("consultations/preview.html", talk=talk, follow_ups=promised)


@consultations.route("/liste.<ending>")
@requires(Permission.READ_CONTENT)
def export(ending):
    """Give the list as a file: the rows the screen shows, all pages, no private notes."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    columns, sort = chosen_columns(COLUMNS), wished_sort(SORTABLE, NEWEST_FIRST)
    query = picks.narrowed(ordered(current_user, _listed(), sort), Consultation.id)
    talks = list(db.session.scalars(query.options(*queries.COUNTABLE, queries.GROUP).limit(MOST_ROWS)))
    head, rows = as_table(columns, _parts(computed(current_user, columns, talks)), talks)
    content = to_csv(head, rows) if ending == "csv" else to_xlsx(_("Talks"), head, rows)
    return download(content, f"beratungen-{today():%Y-%m-%d}", ending)


def _parts(more):
    """What a file says of each column: its heads, and its cells of a talk."""
    return {
        "day": ([_("Day")], lambda talk: [talk.held_on]),
        "places": ([_("Municipalities")], lambda talk: [", ".join(talk.places)]),
        "kind": ([_("Kind"), _("Channel")], lambda talk: [str(talk.kind.label), str(talk.channel.label)]),
        "fields": ([_("Task fields")], lambda talk: [", ".join(one.name for one in talk.task_fields)]),
        "minutes": ([_("Minutes")], lambda talk: [talk.duration_minutes]),
        "state": ([_("State")], lambda talk: [str(talk.state.label)]),
        "staff": ([_("Advised by")], lambda talk: [", ".join(one.name for one in talk.staff)]),
        "participations": ([_("Participations")], lambda talk: [len(talk.counted)]),
        "group": ([_("Cooperation")], lambda talk: [talk.cooperation.title if talk.cooperation else ""]),
        "follow-ups": ([_("Open follow-ups")], lambda talk: [more.follow_ups.get(talk.id, 0)]),
        "next": ([_("Next date of the group")], lambda talk: [day_of(more.coming.get(talk.cooperation_id))]),
        "reference": ([_("File reference")], lambda talk: [talk.file_reference]),
    }
