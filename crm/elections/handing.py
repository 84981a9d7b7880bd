"""The handover page for a new head: on screen with ticks to leave things out, to print, and as PDF."""

import re

from flask import Blueprint, abort, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _

from crm.access import Permission, requires
from crm.contacts import queries as contacts
from crm.db import db, today
from crm.elections import handover
from crm.export import download
from crm.i18n import day
from crm.office.queries import office
from crm.organisations import queries as organisations
from crm.organisations.models import KOMMUNEN, Kind
from crm.papers import Fact, Paper, Prose, Table, to_pdf

# It goes to a German administration, whatever the screen of the person speaks.
LANGUAGE, LEFT_OUT = "de", "ohne"
handovers = Blueprint("handovers", __name__, url_prefix="/kommunen")


def _place(organisation_id):
    place = organisations.named(organisation_id)
    if place is None or place.level not in KOMMUNEN or not place.exists:
        abort(404)
    return place


def _left_out():
    return set(request.args.getlist(LEFT_OUT))


@handovers.route("/<id:organisation_id>/uebergabe")
@requires(Permission.READ_CONTENT)
def show(organisation_id):
    """Show what a new head has to know, with ticks to leave things out."""
    place, issuer = _place(organisation_id), office()
    with force_locale(LANGUAGE):
        parts, paper = handover.parts_of(place), _paper_of(place, [], issuer)
    return render_template(
        "elections/handover.html", place=place, parts=parts, paper=paper, left_out=_left_out(),
        name=LEFT_OUT,
    )  # fmt: skip


@handovers.route("/<id:organisation_id>/uebergabe.pdf")
@requires(Permission.READ_CONTENT)
def pdf(organisation_id):
    """Give the handover page as tagged PDF, without what was ticked."""
    place, without, issuer = _place(organisation_id), _left_out(), office()
    with force_locale(LANGUAGE):
        kept = [_part(one, without) for one in handover.parts_of(place) if one.key not in without]
        paper = _paper_of(place, kept, issuer)
    file_name, base_address = _file_name(place), issuer.base_address
    # All words are read; typesetting takes its time, and nobody need wait for this connection meanwhile.
    db.session.rollback()
    return download(to_pdf(paper, base_address), file_name, "pdf")


def _file_name(place):
    name = re.sub(r"\W+", "-", place.name).strip("-")[:60]
    return f"Uebergabe-{name}-{today():%Y-%m-%d}"


def _part(part, without):
    rows = [one.cells for one in part.items if one.key not in without]
    return Table(part.title, part.columns, rows, part.widths) if rows else Prose(part.title, part.nothing)


def _paper_of(place, parts, issuer):
    facts = [
        Fact(_("Addressed to"), addressee(place)),
        Fact(_("From"), issuer.name or "Kompetenzzentrum für Interkommunale Zusammenarbeit"),
        Fact(_("As at"), day(today())),
        Fact(_("Not included"), not_included()),
    ]
    title = _("Handover: %(place)s", place=place.name)
    return Paper(LANGUAGE, title, title, facts, parts, issuer.letterhead, pages=_("Page {page} of {pages}"))


def not_included():
    """Say what never stands on the page."""
    return _(
        "confidential and internal talks with all that belongs to them, private and internal notes, and of "
        "other municipalities everything but name and public state"
    )


def addressee(place):
    """Address the head who comes or is there, in the person's own form; else both forms of the office."""
    heads = contacts.other_heads(place.id)
    if heads:
        title, name = heads[-1].title, heads[-1].person.name
        return f"{title} {name}" if title else name
    kind = organisations.designation_on(place, today()).kind
    if kind is Kind.COUNTY:
        return _("the new head of the county")
    if kind in contacts.OF_LORD_MAYORS:
        return _("the new lord mayor")
    return _("the new mayor")
