"""Minutes on screen: listed, begun, shown with what was remarked, changed, thrown away."""

from types import SimpleNamespace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm.access import Permission, requires
from crm.consultations import queries as consultations
from crm.db import db
from crm.errors import RuleBroken
from crm.export import download
from crm.forms import confirmed
from crm.history import last_editor, lines
from crm.minutes import checking, people, queries, releasing, services
from crm.minutes.drafting import COLUMNS, draft
from crm.minutes.facts import public_part
from crm.minutes.forms import ListForm, MinutesForm, NewMinutesForm, with_lines
from crm.minutes.kinds import MinutesState, Part
from crm.minutes.sheets import content_of, sheet_of
from crm.office.queries import office
from crm.paging import page_of
from crm.papers import to_pdf
from crm.reads import noting
from crm.reads.models import Way

minutes = Blueprint("minutes", __name__)
# Papers are German.
DRAFT = "ENTWURF"


def load(minutes_id, hold=False):
    """Give minutes of a talk this user may see, or answer 404; held where something is to be done once."""
    found = queries.one(current_user, minutes_id) or abort(404)
    return queries.hold(minutes_id) if hold else found


def page_of_minutes(minutes_id):
    """The address of minutes."""
    return url_for("minutes.show", minutes_id=minutes_id)


def whole_talk(found, way):
    """The talk of minutes with all who took part; where it is confidential, that it is shown is noted."""
    talk = consultations.one(current_user, found.consultation_id) or abort(404)
    noting.note(way, talk)
    return talk


def sheet(found, talk, checks, editions):
    """Minutes as they stand: the last release word for word, or what is being worked on."""
    if found.state is MinutesState.RELEASED:
        return sheet_of(editions[0].content)
    more = releasing.about(found, checks, editions[0].edition + 1 if editions else 1)
    return sheet_of(content_of(found, public_part(talk, office()), more, kept=False))


@minutes.route("/protokolle")
@requires(Permission.READ_CONTENT)
def index():
    """List the minutes: those being checked first."""
    form = ListForm(request.args)
    form.validate()
    page = page_of(queries.listing(current_user, form.chosen("stand")), queries.FOR_LISTS)
    return render_template("minutes/index.html", page=page, form=form)


@minutes.route("/beratungen/<id:consultation_id>/protokoll", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def new(consultation_id):
    """Begin the minutes of a talk with the texts of its kind."""
    talk = consultations.one(current_user, consultation_id) or abort(404)
    if request.method == "GET" and (known := queries.of_talk(talk.id)):
        return redirect(page_of_minutes(known.id))
    public = public_part(talk, office())
    form = with_lines(NewMinutesForm, 0, request.form, obj=draft(public, queries.texts(talk.kind)))
    if form.validate_on_submit():
        try:
            made = services.draft(talk, form.texts, form.agreements, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            target = form.settle(page_of_minutes(made.id))
            db.session.commit()
            flash(_("Minutes saved as a draft."))
            return redirect(target, 303)
    return form.page("minutes/new.html", talk=talk, public=public)


def _by_part(checks):
    """What was remarked on each part, with who said so."""
    said = [(check, one) for check in checks for one in check.remarks]
    return {part: [pair for pair in said if pair[1].part is part] for part in Part}


@minutes.route("/protokolle/<id:minutes_id>")
@requires(Permission.READ_CONTENT)
def show(minutes_id):
    """Show minutes as they stand, what was remarked beside each part, and what is to be done next."""
    found = load(minutes_id)
    talk = whole_talk(found, Way.PAGE)
    checks, editions = queries.checks(found), queries.releases(found.id)
    asked = {one.person_id for one in checks}
    return render_template(
        "minutes/show.html", minutes=found, talk=talk, sheet=sheet(found, talk, checks, editions),
        checks=checks, remarks=_by_part(checks), editions=editions, events=lines(queries.history(found)),
        unasked=[one for one in people.readers(talk) if one.person_id not in asked] if checks else [],
        sent_to=queries.sent_to(editions), ticked=checking.only_ticked(found, checks),
        genuine=all(releasing.digest_of(one) == one.digest for one in editions),
    )  # fmt: skip


def _stored(found):
    """Minutes as the form shows them."""
    texts = {name: getattr(found, name) for name in ("title", *COLUMNS)}
    rows = {}
    for place, one in enumerate(found.agreements):
        rows |= {f"what_{place}": one.text, f"who_{place}": one.responsible, f"when_{place}": one.due_on}
    return SimpleNamespace(version=found.version, updated_at=found.updated_at, **texts, **rows)


@minutes.route("/protokolle/<id:minutes_id>/bearbeiten", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def edit(minutes_id):
    """Change minutes; remarks stand beside the part they are about."""
    found = load(minutes_id)
    form = with_lines(MinutesForm, len(found.agreements), request.form, obj=_stored(found))
    if form.validate_on_submit():
        try:
            services.change(found, form.texts, form.agreements, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Minutes saved."))
            return redirect(page_of_minutes(minutes_id), 303)
    if form.conflicts:
        form.conflict_by = last_editor(found)
    talk = whole_talk(found, Way.FORM)
    return form.page(
        "minutes/edit.html", minutes=found, talk=talk, public=public_part(talk, office()),
        remarks=_by_part(queries.checks(found)),
    )  # fmt: skip


@minutes.route("/protokolle/<id:minutes_id>/verwerfen", methods=["GET", "POST"])
@requires(Permission.WRITE_CONSULTATIONS)
def remove(minutes_id):
    """Ask once more, then throw minutes away that were never released."""
    found = load(minutes_id)
    if not confirmed(found):
        return render_template("minutes/remove.html", minutes=found)
    number = found.consultation_id
    try:
        services.remove(found, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "wait")
        return redirect(page_of_minutes(minutes_id), 303)
    db.session.commit()
    flash(_("The minutes were thrown away."))
    return redirect(url_for("consultations.show", consultation_id=number), 303)


@minutes.route("/protokolle/<id:minutes_id>/protokoll.pdf")
@requires(Permission.READ_CONTENT)
def pdf(minutes_id):
    """Give minutes that are not released as a paper that says so; the released one is filed with the talk."""
    found = load(minutes_id)
    editions = queries.releases(minutes_id)
    if found.state is MinutesState.RELEASED:
        return redirect(url_for("documents.download", document_id=editions[0].document_id))
    talk, issuer = whole_talk(found, Way.PDF), office()
    words = sheet(found, talk, queries.checks(found), editions)
    paper, name = words.paper(issuer, mark=DRAFT), releasing.file_name(talk, 1)
    base_address = issuer.base_address
    db.session.rollback()
    return download(to_pdf(paper, base_address), f"Entwurf-{name.removesuffix('.pdf')}", "pdf")
