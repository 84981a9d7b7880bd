"""The list of Kommunen on screen and as a file."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.bodies import queries as bodies
from crm.calendars.coming import day_of
from crm.columns import as_table, chosen_columns
from crm.consultations import queries as consultations
from crm.db import db, today
from crm.export import download, to_csv, to_xlsx
from crm.filters import Sort, wished_sort
from crm.organisations import finding, listing, queries, visit
from crm.organisations.facts import SOURCE_LINE
from crm.organisations.forms import OrganisationFilterForm
from crm.organisations.listing import FOR_LINES, Filters, line
from crm.organisations.models import Kind, Organisation
from crm.organisations.routes import organisations
from crm.organisations.table import columns_for, computed, known_by
from crm.paging import page_of
from crm.views.models import ListName
from crm.views.tabs import arguments_of_file, filters_given, views_of

# Nothing has so many Kommunen; the register of all of Germany has 11,000.
MOST_ROWS = 20_000


def _filter_form(args=None, like=None):
    """Read the filters of the address, or of `args`, where the choices of the form at hand serve as well."""
    form = OrganisationFilterForm(formdata=request.args if args is None else args)
    if like is not None:
        return form.share(like)
    return form.fill(queries.areas(), bodies.of_kind(Kind.ASSOCIATION, today()), _reads_content())


def _reads_content():
    return current_user.may(Permission.READ_CONTENT)


def _query(form, sort):
    """The Kommunen the filters leave, in the order asked for."""
    day = form.chosen("am") or today()
    last = consultations.last_held_on(current_user) if _reads_content() else None
    inside = bodies.member_ids(form.chosen("member"), day) if form.chosen("member") else None
    # The more days, the earlier the last talk.
    descending = sort.descending != (sort.key == "days")
    filters = Filters(
        text=form.chosen("q") or "", kind=form.chosen("kind"), county_id=form.chosen("county"),
        region_id=form.chosen("region"), size=form.chosen("size"), talk_since=form.chosen("since"),
        talk_before=form.chosen("before"), without_talk=bool(form.chosen("never")), day=form.chosen("am"),
        sort=sort.key, descending=descending,
    )  # fmt: skip
    return listing.listing(filters, last, inside, known_by(current_user, sort.key))


def _sort(form, columns):
    keys = [one.key for one in columns.columns if one.sort]
    return wished_sort(keys, "best" if form.chosen("q") else "name")


def _views(form):
    def select_for(args):
        return _query(_filter_form(args, form), Sort("name"))

    built_in = [("all", _("All"), "", url_for("organisations.index"))]
    return views_of(ListName.KOMMUNEN, built_in, "" if filters_given() else "all", select_for, form)


def _listed():
    form = _filter_form()
    return _query(form, _sort(form, chosen_columns(columns_for(_reads_content()))))


picks.offer("kommunen", _listed)


@organisations.route("")
@requires(Permission.READ_REGISTER)
def index():
    """List Kommunen with filters; a word that means one Kommune can lead straight to it (?oeffnen=1)."""
    columns = chosen_columns(columns_for(_reads_content()))
    if columns.wished_url:
        return redirect(columns.wished_url)
    form = _filter_form()
    day, words = form.chosen("am"), form.chosen("q") or ""
    if "oeffnen" in request.args and (only := finding.only_one(words)):
        return redirect(url_for("organisations.show", organisation_id=only.id, am=request.args.get("am")))
    sort = _sort(form, columns)
    page = page_of(_query(form, sort), FOR_LINES, lambda one: line(one, day))
    return render_template(
        "organisations/index.html",
        form=form, page=page, sort=sort, source=SOURCE_LINE, columns=columns, views=_views(form),
        more=computed(current_user, columns, [one.place.id for one in page.rows]),
        counted_on=listing.date_of_figures(page.rows), day=day,
        existing=queries.count_existing(day or today()), arguments=arguments_of_file(form),
        near=finding.nearest(words) if not page.total else [],
    )  # fmt: skip


@organisations.route("/liste.<ending>")
@requires(Permission.READ_REGISTER)
def export(ending):
    """Give the list as a file: the rows the screen shows, all pages."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    columns, form = chosen_columns(columns_for(_reads_content())), _filter_form()
    query = picks.narrowed(_query(form, _sort(form, columns)), Organisation.id)
    found = db.session.scalars(query.options(*FOR_LINES).limit(MOST_ROWS)).unique()
    lines = [line(place, form.chosen("am")) for place in found]
    more = computed(current_user, columns, [one.place.id for one in lines])
    head, rows = as_table(columns, _parts(more), lines)
    content = to_csv(head, rows) if ending == "csv" else to_xlsx(_("Municipalities"), head, rows)
    return download(content, f"kommunen-{today():%Y-%m-%d}", ending)


@organisations.route("/<id:organisation_id>/vorschau")
@requires(Permission.READ_REGISTER)
def preview(organisation_id):
    """Show a Kommune in short, beside the list; talks and people only to those who read content."""
    place = queries.one(organisation_id) or abort(404)
    shown = visit.brief(current_user, place.id)
    return render_template("organisations/preview.html", line=line(place), **shown)


def _parts(more):
    """What a file says of each column: its heads, and its cells of a line."""
    return {
        "name": ([_("Name")], lambda one: [one.name]),
        "kind": ([_("Kind")], lambda one: [str(one.kind.label)]),
        "county": ([_("Lies in")], lambda one: [one.parent.name if one.parent else ""]),
        "population": (
            [_("Inhabitants"), _("Counted on")],
            lambda one: [one.figure.population, one.figure.counted_on] if one.figure else [None, None],
        ),
        "last": ([_("Last talk")], lambda one: [more.last.get(one.place.id)]),
        "key": ([_("Key")], lambda one: [one.key]),
        "days": ([_("Days since the last talk")], lambda one: [more.days(one.place.id)]),
        "follow-ups": ([_("Open follow-ups")], lambda one: [more.follow_ups.get(one.place.id, 0)]),
        "next": ([_("Next date")], lambda one: [day_of(more.coming.get(one.place.id))]),
        "groups": ([_("Running cooperations")], lambda one: [more.groups.get(one.place.id, 0)]),
    }
