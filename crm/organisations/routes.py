"""The register on screen: list, page, suggestions."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import picks
from crm.access import Permission, requires
from crm.bodies import queries as bodies
from crm.consultations import queries as consultations
from crm.cooperations.of_place import of_place
from crm.db import db, today
from crm.export import download, to_csv, to_xlsx
from crm.filters import DayForm, wished_sort
from crm.geography import queries as geography
from crm.organisations import finding, listing, queries, visit
from crm.organisations.facts import SOURCE_LINE
from crm.organisations.forms import OrganisationFilterForm
from crm.organisations.listing import FOR_LINES, Filters, line
from crm.organisations.models import KOMMUNEN, PARTIES, Kind, Level, Organisation
from crm.paging import page_of

organisations = Blueprint("organisations", __name__, url_prefix="/kommunen")
COLUMNS = ("name", "kind", "county", "population", "last", "key")


@organisations.route("")
@requires(Permission.READ_REGISTER)
def index():
    """List Kommunen with filters; a word that means one Kommune can lead straight to it (?oeffnen=1)."""
    reads_talks = current_user.may(Permission.READ_CONTENT)
    form, sort, last, query = _asked()
    day = form.chosen("am")
    if "oeffnen" in request.args and (only := finding.only_one(form.chosen("q") or "")):
        return redirect(url_for("organisations.show", organisation_id=only.id, am=request.args.get("am")))
    page = page_of(query, FOR_LINES, lambda one: line(one, day))
    return render_template(
        "organisations/index.html",
        form=form, page=page, sort=sort, source=SOURCE_LINE, reads_talks=reads_talks,
        last=listing.last_days(last, [one.place.id for one in page.rows]) if reads_talks else {},
        counted_on=listing.date_of_figures(page.rows), day=day,
        existing=queries.count_existing(day or today()),
        near=finding.nearest(form.chosen("q") or "") if not page.total else [],
    )  # fmt: skip


def _asked():
    """What the address of the list asks for: filters, order, days of talks where they may be read, rows."""
    reads_talks = current_user.may(Permission.READ_CONTENT)
    form = OrganisationFilterForm(formdata=request.args)
    form.fill(queries.areas(), bodies.of_kind(Kind.ASSOCIATION, today()), reads_talks)
    sort = wished_sort(COLUMNS, "best" if form.chosen("q") else "name")
    last = consultations.last_held_on(current_user) if reads_talks else None
    day = form.chosen("am") or today()
    inside = bodies.member_ids(form.chosen("member"), day) if form.chosen("member") else None
    return form, sort, last, listing.listing(_filters(form, sort), last, inside)


picks.offer("kommunen", lambda: _asked()[-1])


@organisations.route("/liste.<ending>")
@requires(Permission.READ_REGISTER)
def export(ending):
    """Give the list as a file: all rows the screen would show."""
    if ending not in ("csv", "xlsx"):
        abort(404)
    form, _sort, last, query = _asked()
    asked = picks.narrowed(query, Organisation.id).options(*FOR_LINES)
    rows = [line(one, form.chosen("am")) for one in db.session.scalars(asked).unique()]
    days = listing.last_days(last, [one.place.id for one in rows]) if last is not None else {}
    head = [_("Key"), _("Name"), _("Kind"), _("Lies in"), _("Inhabitants"), _("Counted on"), _("Last talk")]
    cells = [listing.cells(one, days) for one in rows]
    content = to_csv(head, cells) if ending == "csv" else to_xlsx(_("Municipalities"), head, cells)
    return download(content, f"kommunen-{today():%Y-%m-%d}", ending)


@organisations.route("/<id:organisation_id>/vorschau")
@requires(Permission.READ_REGISTER)
def preview(organisation_id):
    """Show a Kommune in short, beside the list; talks and people only to those who read content."""
    place = queries.one(organisation_id) or abort(404)
    shown = visit.brief(current_user, place.id)
    return render_template("organisations/preview.html", line=line(place), **shown)


def _filters(form, sort):
    return Filters(
        text=form.chosen("q") or "", kind=form.chosen("kind"), county_id=form.chosen("county"),
        region_id=form.chosen("region"), size=form.chosen("size"), talk_since=form.chosen("since"),
        talk_before=form.chosen("before"), without_talk=bool(form.chosen("never")), day=form.chosen("am"),
        sort=sort.key, descending=sort.descending,
    )  # fmt: skip


@organisations.route("/suche")
@requires(Permission.READ_REGISTER)
def search():
    """Suggest Kommunen for a chips field; ?am= asks for those that existed on a day."""
    try:
        day = date.fromisoformat(request.args.get("am", ""))
    except ValueError:
        day = None
    return jsonify(finding.suggestions(request.args.get("q", "")[:200], day))


@organisations.route("/<id:organisation_id>")
@requires(Permission.READ_REGISTER)
def show(organisation_id):
    """Show what a visit needs to know about a body."""
    place = queries.one(organisation_id) or abort(404)
    if place.level is Level.BODY:
        return redirect(_page_of_body(place))
    form = DayForm.asked()
    asked = form.chosen("am")
    day = asked or min(place.valid_to or today(), today())
    key, called = queries.key_on(place, day), queries.designation_on(place, day)
    entries = min(max(request.args.get("eintraege", visit.SHOWN, type=int), 1), 500)
    members = [] if place.level is Level.MUNICIPALITY else listing.member_lines(place, day, asked)
    line_of = queries.lineage(place)
    return render_template(
        "organisations/show.html", place=place, source=SOURCE_LINE, stretches=listing.stretches(place),
        form=form, asked=asked, name=called.name if asked else place.name, designation=called,
        key=key.key if key else "", figure=queries.figure_on(place, asked),
        county=queries.county_on(place, day), region=queries.region_on(place, day),
        is_party=place.level in PARTIES, county_level=place.level is Level.COUNTY,
        memberships=bodies.bodies_of(place.id, day),
        predecessors=line_of.before, successors=line_of.after, members=members,
        around=geography.surroundings(place, day, [one.place for one in members]),
        groups=of_place(current_user, place.id, line_of.former),
        finder=place.level in KOMMUNEN and place.exists,
        **visit.gathered(current_user, place.id, entries, asked),
    )  # fmt: skip


def _page_of_body(place):
    """Address of the page of a body that is no Kommune, with all that was asked for."""
    url, query = url_for("bodies.show", body_id=place.id), urlencode(list(request.args.items(multi=True)))
    return f"{url}?{query}" if query else url
