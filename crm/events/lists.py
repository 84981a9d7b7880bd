"""The list of events on screen and as a file: what comes first, what lies behind under its own tab."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _

from crm import picks
from crm.access import Permission, requires
from crm.columns import as_table, chosen_columns
from crm.db import db, today
from crm.events import listing
from crm.events.forms import ListForm
from crm.events.listing import Filters
from crm.events.models import Event
from crm.events.routes import events, planners
from crm.events.states import shown_state
from crm.events.table import COLUMNS, SORTABLE, TAKEN_OF_EVENT, computed, options_for
from crm.events.times import when
from crm.export import download, to_csv, to_xlsx
from crm.filters import wished_sort
from crm.organisations import queries as organisations
from crm.paging import page_of
from crm.views.models import ListName
from crm.views.tabs import arguments_of_file, views_of

TABS = {"kommend": True, "vergangen": False, "alle": None}
MOST_ROWS = 5_000


def _form(args=None, like=None):
    """Read the filters of the address, or of `args` with the choices of the form at hand."""
    form = ListForm(formdata=request.args if args is None else args)
    if like is not None:
        return form.share(like)
    return form.fill(listing.years(), organisations.counties(), planners({_responsible()}))


def _responsible():
    return request.args.get("zustaendig", type=int) or 0


def _in_tab(args):
    tab = args.get("zeit", "")
    return tab if tab in TABS else "kommend"


def _filters(form, tab="alle"):
    return Filters(
        text=form.chosen("q") or "", kind=form.chosen("art"), year=form.chosen("jahr"),
        county_id=form.chosen("landkreis"), responsible_id=form.chosen("zustaendig"), coming=TABS[tab],
    )  # fmt: skip


def _narrowed(form, tab):
    return _shown(listing.listing(_filters(form, tab)), form)


def _shown(query, form):
    state = form.chosen("stand")
    return query.where(listing.shown_as(state, TAKEN_OF_EVENT)) if state else query


def _query(form, tab, sort):
    return listing.ordered(_narrowed(form, tab), sort.key, sort.descending, TAKEN_OF_EVENT)


def _sort(tab):
    # What comes begins with the next, what lies behind with the last.
    return wished_sort(SORTABLE, "day" if tab == "kommend" else "-day")


def _views(form, tab, totals):
    names = {"kommend": _("Coming"), "vergangen": _("Past"), "alle": _("All")}
    kept = {name: value for name, value in arguments_of_file(form).items() if name != "sortierung"}
    built_in = [
        (key, names[key], totals[key], url_for("events.index", **(kept | {"zeit": key}))) for key in TABS
    ]

    def select_for(args):
        return _narrowed(_form(args, form), _in_tab(args))

    return views_of(ListName.EVENTS, built_in, tab, select_for, form, ("zeit",))


@events.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List events with their seats; wrong filters are named and left out."""
    columns = chosen_columns(COLUMNS)
    if columns.wished_url:
        return redirect(columns.wished_url)
    tab, form = _in_tab(request.args), _form()
    sort = _sort(tab)
    coming, past = listing.counts(_filters(form), lambda query: _shown(query, form))
    totals = {"kommend": coming, "vergangen": past, "alle": coming + past}
    options = (*listing.FOR_LISTS, *options_for(columns.keys))
    page = page_of(_query(form, tab, sort), options, total=totals[tab])
    return render_template(
        "events/index.html", form=form, page=page, sort=sort, tab=tab, columns=columns,
        views=_views(form, tab, totals), arguments=arguments_of_file(form) | {"zeit": tab},
        more=computed(columns.keys, page.rows), shown_state=shown_state,
    )  # fmt: skip


@events.route("/liste.<ending>")
@requires(Permission.READ_CONTENT)
def export(ending):
    """Give the list as a file: all rows the screen would show."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    columns, tab, form = chosen_columns(COLUMNS), _in_tab(request.args), _form()
    options = (*listing.FOR_LISTS, *options_for(columns.in_file))
    query = picks.narrowed(_query(form, tab, _sort(tab)), Event.id).options(*options)
    found = list(db.session.scalars(query.limit(MOST_ROWS)))
    head, rows = as_table(columns, _parts(computed(columns.in_file, found).numbers), found)
    content = to_csv(head, rows) if ending == "csv" else to_xlsx(_("Events"), head, rows)
    return download(content, f"veranstaltungen-{today():%Y-%m-%d}", ending)


def _parts(numbers):
    """What a file says of each column: its heads, and its cells of an event."""
    return {
        "day": ([_("Day"), _("When")], lambda one: [None if listing.is_rough(one) else one.day, when(one)]),
        "title": ([_("Title")], lambda one: [one.title]),
        "kind": ([_("Kind")], lambda one: [str(one.kind.label)]),
        "place": (
            [_("Venue"), _("Municipality")], lambda one: [one.venue, one.place.name if one.place else ""]
        ),
        "state": ([_("State")], lambda one: [str(shown_state(one, numbers[one.id].taken).label)]),
        "seats": (
            [_("Seats"), _("Seats taken"), _("Waiting list")],
            lambda one: [one.capacity, numbers[one.id].taken, numbers[one.id].waiting],
        ),
        "responsible": ([_("Responsible")], lambda one: [one.responsible.name if one.responsible else ""]),
        "fields": ([_("Task fields")], lambda one: [", ".join(field.name for field in one.task_fields)]),
        "group": ([_("Cooperation")], lambda one: [one.cooperation.title if one.cooperation else ""]),
        "came": ([_("Came")], lambda one: [numbers[one.id].came]),
        "kommunen": ([_("Municipalities of guests")], lambda one: [numbers[one.id].kommunen]),
    }  # fmt: skip
