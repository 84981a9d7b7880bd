"""Elections on screen: what comes, what runs, and the checklist by county."""

from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.accounts import queries as accounts
from crm.audit import history_of
from crm.db import db, today
from crm.elections import queries, services
from crm.elections.checklists import extent
from crm.elections.forms import ChecklistForm, ElectionForm, NewElectionForm, stored
from crm.elections.offices import PRIMARY
from crm.elections.queries import Progress
from crm.errors import RuleBroken
from crm.export import download, to_csv
from crm.fields import record_choices
from crm.forms import confirmed
from crm.history import last_editor, lines
from crm.organisations import queries as organisations
from crm.paging import page_of

elections = Blueprint("elections", __name__, url_prefix="/wahlen")


def load(election_id):
    """Give an election, or answer 404."""
    return queries.one(election_id) or abort(404)


def _page_of(election_id):
    return url_for("elections.show", election_id=election_id)


def _staff(*also):
    def able(user):
        return user.is_active and user.may(Permission.WRITE_PEOPLE)

    return [one for one in accounts.everybody() if able(one) or one.id in also]


@elections.route("")
@requires(Permission.READ_CONTENT)
def index():
    """List elections: those that run, those to come, those that are done."""
    found = queries.listing()
    progress = queries.progress([one.id for one in found if one.has_started])
    running = [one for one in found if one.has_started and progress.get(one.id, Progress()).left]
    coming = sorted((one for one in found if not one.has_started), key=lambda one: (one.held_on, one.id))
    done = [one for one in found if one.has_started and one not in running]
    return render_template(
        "elections/index.html", running=running, coming=coming, done=done, progress=progress,
        nothing=Progress(),
    )  # fmt: skip


@elections.route("/neu", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def new():
    """Enter an election."""
    form = NewElectionForm(data={"owner_id": current_user.id})
    form.connect(organisations.chip_source(), _staff())
    if form.validate_on_submit():
        try:
            election = services.plan(form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(_page_of(election.id))
            started = _started(election)
            db.session.commit()
            flash(started)
            return redirect(target, 303)
    return form.page("elections/new.html")


def _started(election):
    if election.has_started:
        return _("%(name)s saved; the checklist is made.", name=election.text)
    return _("%(name)s saved. The checklist is made on the day.", name=election.text)


@elections.route("/<id:election_id>")
@requires(Permission.READ_CONTENT)
def show(election_id):
    """Show the checklist of an election by county, or before its day what it will ask."""
    election = load(election_id)
    if not election.has_started:
        return render_template(
            "elections/ahead.html", election=election, extent=extent(election),
            office=PRIMARY[election.kind].label, events=lines(history_of(election)),
        )  # fmt: skip
    counties = queries.by_county(election_id)
    form = _filter(counties)
    county, only_open = form.chosen("kreis"), bool(form.chosen("offen"))
    page = page_of(queries.kommunen(election_id, county, only_open))
    return render_template(
        "elections/show.html", election=election, form=form, page=page, counties=counties, kept=kept(),
        parts=_by_county(election_id, page.rows, {number: name for number, name, _progress in counties}),
        progress=queries.progress([election_id]).get(election_id, Progress()),
        reminder=queries.follow_up_of(election_id), events=lines(history_of(election)),
    )  # fmt: skip


def _by_county(election_id, places, names):
    """Give the Kommunen of a page with what is asked there, under the name of their county."""
    checks = queries.checks_of(election_id, [one.id for one in places])
    asked = [checks[one.id] for one in places if checks[one.id]]
    return [
        (names.get(number or 0) or _("outside of counties"), list(lines))
        for number, lines in groupby(asked, key=lambda lines: lines[0].county_id)
    ]


def _filter(counties):
    form = ChecklistForm(formdata=request.args)
    named = [(number, name or _("outside of counties")) for number, name, _progress in counties]
    form.kreis.choices = record_choices(named, empty=_("all"))
    form.validate()
    return form


def kept():
    """What the address of a checklist says, for coming back to the same rows."""
    return {name: request.args[name] for name in ("kreis", "offen", "seite") if request.args.get(name)}


@elections.route("/<id:election_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def edit(election_id):
    """Change an election."""
    election = load(election_id)
    form = ElectionForm(
        obj=stored(election, organisations.chip_source(), _staff(election.owner_id))
    ).prepare()
    if form.validate_on_submit():
        try:
            services.change(election, form.values, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            started = _started(election)
            db.session.commit()
            flash(started)
            return redirect(_page_of(election_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(election)
    return form.page("elections/edit.html", election=election)


@elections.route("/<id:election_id>/entfernen", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def remove(election_id):
    """Ask once more, then put an election entered by mistake into the trash."""
    election = load(election_id)
    if not confirmed(election):
        return render_template("elections/remove.html", election=election)
    services.remove(election, current_user)
    db.session.commit()
    flash(_("The election was removed. Answers given so far stay. Take it back here, or under “Removed”."))
    return redirect(url_for("elections.restore", election_id=election_id), 303)


@elections.route("/<id:election_id>/wiederherstellen", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUES)
def restore(election_id):
    """Take a removed election back with its checklist."""
    election = queries.removed(election_id) or abort(404)
    if request.method == "GET":
        return render_template(
            "elections/restore.html", election=election, events=lines(history_of(election))
        )
    services.restore(election, current_user)
    db.session.commit()
    flash(_("The election is back."))
    return redirect(_page_of(election_id), 303)


@elections.route("/<id:election_id>/offen.csv")
@requires(Permission.READ_CONTENT)
def export(election_id):
    """Give what is still to be checked as a file."""
    election = load(election_id)
    form = _filter(queries.by_county(election_id))
    head = [
        _("County"), _("Municipality"), _("Function"), _("Person"), _("First day"), _("Last day"),
        _("E-mail"), _("Phone"),
    ]  # fmt: skip
    found = queries.open_checks(election.id, form.chosen("kreis"))
    rows = [_cells(check, name or "") for check, name in found]
    return download(to_csv(head, rows), f"wahl-{election.held_on:%Y-%m-%d}-offen-{today():%Y-%m-%d}", "csv")


def _cells(check, county):
    held = check.function
    who = held.person if held else None
    return [
        county, check.organisation_name, check.called, who.name if who else _("nobody known"),
        held.valid_from if held else None, held.valid_to if held else None,
        (held.email or who.email) if held else "", (held.phone or who.phone) if held else "",
    ]  # fmt: skip
