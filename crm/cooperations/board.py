"""The board on screen; the column follows from the partners, nothing is dragged."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.calendars.coming import day_of
from crm.columns import as_table, chosen_columns
from crm.consultations import queries as consultations
from crm.consultations.narrowing import Filters as Narrowing
from crm.cooperations import listing, short
from crm.cooperations.forms import BoardForm, TableForm
from crm.cooperations.kinds import IN_PROGRESS, OVER, Stage
from crm.cooperations.listing import Filters, card
from crm.cooperations.models import Cooperation
from crm.cooperations.queries import FOR_LISTS
from crm.cooperations.routes import cooperations
from crm.cooperations.table import COLUMNS, SORTABLE, computed, known_by
from crm.db import db, today
from crm.export import download, to_csv, to_xlsx
from crm.fields import record_choices
from crm.filters import wished_sort
from crm.follow_ups import queries as follow_ups
from crm.organisations import queries as organisations
from crm.paging import page_of
from crm.resolutions import queries as resolutions
from crm.task_fields import queries as task_fields
from crm.views.models import ListName
from crm.views.tabs import arguments_of_file, views_of

TABS = {
    "arbeit": IN_PROGRESS, "laeuft": (Stage.RUNNING,), "ruht": (Stage.PAUSED,),
    "zu-ende": OVER, "alle": (),
}  # fmt: skip
MOST_ROWS = 5_000


def _filled(form):
    return form.fill(organisations.counties(), task_fields.names(), accounts.staff_ever())


def _filters(form, stages=()):
    return Filters(
        text=form.chosen("q") or "", county_id=form.chosen("landkreis"), task_field_id=form.chosen("feld"),
        adviser_id=form.chosen("zustaendig"), stages=stages, organisation_id=form.chosen("kommune"),
    )  # fmt: skip


@cooperations.route("")
@requires(Permission.READ_CONTENT)
def index():
    """Show all groups in progress by stage, and for whom each waits."""
    form = _filled(BoardForm(formdata=request.args))
    columns, counts = listing.board(current_user, _filters(form))
    kept = {field.name: request.args.get(field.name) for field in form if request.args.get(field.name)}
    return render_template(
        "cooperations/index.html", form=form, columns=columns, kept=kept,
        total=sum(counts[stage] for stage in IN_PROGRESS), tabs=_tabs(counts, kept),
    )  # fmt: skip


def _tabs(counts, kept):
    names = {
        "arbeit": _("In progress"), "laeuft": _("Running"), "ruht": _("Paused"), "zu-ende": _("Ended"),
        "alle": _("All"),
    }  # fmt: skip
    return [
        (key, names[key], sum(counts[one] for one in stages or Stage),
         url_for("cooperations.table", stand=key, **kept))
        for key, stages in TABS.items()
    ]  # fmt: skip


def _table_form(args=None, like=None):
    """Read the filters of the list from the address, or from `args` with the choices of the form at hand."""
    form = TableForm(formdata=request.args if args is None else args)
    found = organisations.chip_source().chips([form.kommune.data] if form.kommune.data else [])
    form.kommune.choices = record_choices(((one.value, one.text) for one in found), _("all"))
    return _filled(form) if like is None else form.share(like, but="kommune")


def _in_tab(args):
    """The tab the address names; a list begins with what is in progress."""
    tab = args.get("stand", "")
    return tab if tab in TABS else "arbeit"


def _table_filters(form, tab):
    stage = form.chosen("stufe")
    return _filters(form, (stage,) if stage else TABS[tab])


def _query(filters, sort):
    return listing.ordered(
        listing.listing(current_user, filters), sort.key, sort.descending, known_by(current_user, sort.key)
    )


def _views(form, tab, tabs):
    def select_for(args):
        return listing.listing(current_user, _table_filters(_table_form(args, form), _in_tab(args)))

    return views_of(ListName.COOPERATIONS, tabs, tab, select_for, form, ("stand",))


def _listed():
    return _query(_table_filters(_table_form(), _in_tab(request.args)), _sort())


def _sort():
    return wished_sort(SORTABLE, "title")


picks.offer("kooperationen", _listed)


@cooperations.route("/liste")
@requires(Permission.READ_CONTENT)
def table():
    """List groups with computed columns."""
    columns = chosen_columns(COLUMNS)
    if columns.wished_url:
        return redirect(columns.wished_url)
    tab, form, sort = _in_tab(request.args), _table_form(), _sort()
    filters = _table_filters(form, tab)
    counts = listing.counts(current_user, _filters(form))
    total = sum(counts[stage] for stage in filters.stages or Stage)
    page = page_of(_query(filters, sort).with_only_columns(Cooperation.id), total=total)
    ids = page.rows
    page.rows = [card(one) for one in short.groups(ids)]
    kept = {name: value for name, value in arguments_of_file(form).items() if name not in ("stufe", "stand")}
    return render_template(
        "cooperations/table.html", form=form, page=page, sort=sort, tab=tab, columns=columns,
        views=_views(form, tab, _tabs(counts, kept)), arguments=arguments_of_file(form) | {"stand": tab},
        more=computed(current_user, columns.keys, ids),
    )  # fmt: skip


@cooperations.route("/<id:cooperation_id>/vorschau")
@requires(Permission.READ_CONTENT)
def preview(cooperation_id):
    """Show a group in short, beside the list."""
    found = short.groups([cooperation_id]) or abort(404)
    talks = consultations.listing(current_user, Narrowing(cooperation_id=cooperation_id)).limit(1)
    return render_template(
        "cooperations/preview.html", group=found[0], card=card(found[0]),
        talks=list(db.session.scalars(talks.options(*consultations.FOR_LISTS))),
        session=resolutions.next_sessions([cooperation_id], today()).get(cooperation_id),
        follow_ups=follow_ups.open_for_cooperation(current_user, cooperation_id),
    )  # fmt: skip


@cooperations.route("/liste.<ending>")
@requires(Permission.READ_CONTENT)
def export(ending):
    """Give the list as a file: all rows the screen would show."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    columns = chosen_columns(COLUMNS)
    query = picks.narrowed(_listed(), Cooperation.id)
    groups = list(db.session.scalars(query.options(*FOR_LISTS).limit(MOST_ROWS)))
    more = computed(current_user, columns.in_file, [one.id for one in groups])
    head, rows = as_table(columns, _parts(more), [card(one) for one in groups])
    content = to_csv(head, rows) if ending == "csv" else to_xlsx(_("Cooperations"), head, rows)
    return download(content, f"kooperationen-{today():%Y-%m-%d}", ending)


def _parts(more):
    """What a file says of each column: its heads, and its cells of a group."""
    return {
        "title": ([_("Cooperation")], lambda one: [one.group.title]),
        "stage": ([_("Stage")], lambda one: [str(one.group.stage.label)]),
        "days": ([_("Days in the stage")], lambda one: [one.group.days_in_stage]),
        "waits": (
            [_("Waits for")], lambda one: [", ".join(who.organisation_name for who in one.waited_for)],
        ),
        "talk": ([_("Last talk")], lambda one: [more.talks.get(one.group.id)]),
        "session": ([_("Next session")], lambda one: [more.sessions.get(one.group.id)]),
        "adviser": ([_("Responsible")], lambda one: [one.group.adviser.name if one.group.adviser else ""]),
        "partners": ([_("Partners")], lambda one: [", ".join(one.group.places)]),
        "fields": ([_("Task fields")], lambda one: [", ".join(more.fields.get(one.group.id, ()))]),
        "next": ([_("Next date")], lambda one: [day_of(more.coming.get(one.group.id))]),
        "follow-ups": ([_("Open follow-ups")], lambda one: [more.follow_ups.get(one.group.id, 0)]),
    }  # fmt: skip
