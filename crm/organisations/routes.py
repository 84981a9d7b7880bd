"""The register on screen: page, suggestions."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask_login import current_user

from crm.access import Permission, requires
from crm.bodies import queries as bodies
from crm.cooperations.of_place import of_place
from crm.db import today
from crm.elections import queries as elections
from crm.filters import DayForm
from crm.geography import queries as geography
from crm.organisations import finding, listing, queries, visit
from crm.organisations.facts import SOURCE_LINE
from crm.organisations.models import KOMMUNEN, PARTIES, Level
from crm.timelines.kinds import Choice

organisations = Blueprint("organisations", __name__, url_prefix="/kommunen")


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
        to_check=elections.open_at(place.id) if current_user.may(Permission.READ_CONTENT) else [],
        finder=place.level in KOMMUNEN and place.exists,
        **visit.gathered(current_user, place.id, Choice.asked(request.args), asked),
    )  # fmt: skip


def _page_of_body(place):
    """Address of the page of a body that is no Kommune, with all that was asked for."""
    url, query = url_for("bodies.show", body_id=place.id), urlencode(list(request.args.items(multi=True)))
    return f"{url}?{query}" if query else url
