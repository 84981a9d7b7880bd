"""The list of events on screen and as a file: what comes first, what lies behind under its own tab."""

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from crm import picks
from crm.access import Permission, requires
from crm.db import db, today
from crm.events import listing
from crm.events.forms import ListForm
from crm.events.listing import Filters
from crm.events.models import Event
from crm.events.routes import events, planners
from crm.events.states import shown_state
from crm.events.times import when
from crm.export import download, to_csv, to_xlsx
from crm.filters import Sort, wished_sort
from crm.organisations import queries as organisations
from crm.paging import page_of
from crm.registrations import queries as registrations
from crm.registrations.models import TAKEN, Registration

COLUMNS = ("day", "title", "kind", "state", "responsible")
TABS = {"kommend": True, "vergangen": False, "alle": None}
MOST_ROWS = 5_000
_TAKEN = (
    select(func.coalesce(func.sum(1 + Registration.companions), 0))
    .where(Registration.event_id == Event.id, Registration.seat.in_(TAKEN))
    .correlate(Event)
    .scalar_subquery()
)


def _asked():
    """What the address asks for: tab, filters in a form and for the query, order."""
    tab = request.args.get("zeit", "")
    tab = tab if tab in TABS else "kommend"
    form = ListForm(formdata=request.args)
    form.fill(listing.years(), organisations.counties(), planners({_responsible()}))
    filters = Filters(
        text=form.chosen("q") or "", kind=form.chosen("art"), year=form.chosen("jahr"),
        county_id=form.chosen("landkreis"), responsible_id=form.chosen("zustaendig"),
    )  # fmt: skip
    sort = wished_sort(COLUMNS, "day")
    if "sortierung" not in request.args:
        # What comes begins with the next, what lies behind with the last.
        sort = Sort("day", descending=tab != "kommend")
    return tab, form, filters, sort


def _responsible():
    return request.args.get("zustaendig", type=int) or 0


def _query(form, filters, sort):
    query = listing.ordered(listing.listing(filters), sort.key, sort.descending)
    return _shown(query, form)


def _shown(query, form):
    state = form.chosen("stand")
    return query.where(listing.shown_as(state, _TAKEN)) if state else query


@events.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List events with their seats; wrong filters are named and left out."""
    tab, form, filters, sort = _asked()
    coming, past = listing.counts(filters, lambda query: _shown(query, form))
    totals = {"kommend": coming, "vergangen": past, "alle": coming + past}
    query = _query(form, _in_tab(filters, tab), sort)
    page = page_of(query, listing.FOR_LISTS, total=totals[tab])
    kept = {field.name: request.args.get(field.name) for field in form if request.args.get(field.name)}
    return render_template(
        "events/index.html", form=form, page=page, sort=sort, tab=tab, tabs=_tabs(totals, kept),
        arguments=kept | {"zeit": tab}, numbers=_numbers(page.rows), shown_state=shown_state,
    )  # fmt: skip


def _in_tab(filters, tab):
    return Filters(**{**vars(filters), "coming": TABS[tab]})


def _tabs(totals, kept):
    names = {"kommend": _("Coming"), "vergangen": _("Past"), "alle": _("All")}
    return [(key, names[key], totals[key], url_for("events.index", **(kept | {"zeit": key}))) for key in TABS]


def _numbers(rows):
    found = registrations.numbers_of([one.id for one in rows]) if rows else {}
    return {one.id: found.get(one.id) or registrations.Numbers() for one in rows}


@events.route("/liste.<ending>")
@requires(Permission.READ_CONTENT)
def export(ending):
    """Give the list as a file: all rows the screen would show."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    tab, form, filters, sort = _asked()
    query = picks.narrowed(_query(form, _in_tab(filters, tab), sort), Event.id)
    rows = list(db.session.scalars(query.options(*listing.FOR_LISTS).limit(MOST_ROWS)))
    numbers = _numbers(rows)
    head = [
        _("Day"), _("When"), _("Title"), _("Kind"), _("Venue"), _("Municipality"), _("State"), _("Seats"),
        _("Seats taken"), _("Waiting list"), _("Responsible"),
    ]  # fmt: skip
    cells = [_cells(one, numbers[one.id]) for one in rows]
    content = to_csv(head, cells) if ending == "csv" else to_xlsx(_("Events"), head, cells)
    return download(content, f"veranstaltungen-{today():%Y-%m-%d}", ending)


def _cells(one, seats):
    return [
        None if listing.is_rough(one) else one.day, when(one), one.title, str(one.kind.label), one.venue,
        one.place.name if one.place else "", str(shown_state(one, seats.taken).label), one.capacity,
        seats.taken, seats.waiting, one.responsible.name if one.responsible else "",
    ]  # fmt: skip
