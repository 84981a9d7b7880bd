"""Data protection on screen: cases, what was erased, and the record of processing."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import audit
from crm.access import Permission, requires
from crm.db import db, today
from crm.errors import RuleBroken
from crm.export import download, to_csv
from crm.history import lines
from crm.outputs.models import Paper
from crm.outputs.noting import note
from crm.paging import page_of
from crm.privacy import archive, foreseeing, journal, queries, record, services
from crm.privacy.cleaning import hits
from crm.privacy.erasing import needles_for
from crm.privacy.forms import EraseForm, ReleaseForm, RestrictForm
from crm.privacy.linking import numbers_of, subject_of
from crm.privacy.models import CaseState
from crm.privacy.words import table_label

privacy = Blueprint("privacy", __name__, url_prefix="/personendaten")

TABS = {
    "eingeschraenkt": CaseState.RESTRICTED, "angeboten": CaseState.OFFERED, "geloescht": CaseState.ERASED,
    "aufgehoben": CaseState.LIFTED,
}  # fmt: skip


def _case(case_id):
    return queries.one(case_id) or abort(404)


def _page_of(case_id):
    return url_for("privacy.show", case_id=case_id)


def note_look(case_ids):
    """Write down who looks at a restricted person before anything is shown, in a transaction of its own."""
    db.session.rollback()
    db.session.connection(execution_options={"write": True})
    for number in case_ids:
        audit.record("privacy.seen", _case(number), current_user)
    db.session.commit()


@privacy.route("")
@requires(Permission.MANAGE_PRIVACY)
def index():
    """List cases by how far they are, without names; of erasures, numbers."""
    tab = request.args.get("stand", "eingeschraenkt")
    tab = tab if tab in TABS else "eingeschraenkt"
    page = page_of(queries.with_staff(queries.cases(TABS[tab])))
    return render_template(
        "privacy/index.html", page=page, tab=tab, tabs=TABS, numbers=queries.numbers(),
        silent_until=queries.silent_until, may_be_erased=queries.may_be_erased, table_label=table_label,
    )  # fmt: skip


@privacy.route("/faelle/<id:case_id>")
@requires(Permission.MANAGE_PRIVACY)
def show(case_id):
    """Show one case; of a restricted person also what is sealed, and this look is written down."""
    if _case(case_id).is_open:
        note_look([case_id])
    case = _case(case_id)
    return render_template(
        "privacy/show.html", case=case, sealed=archive.rows_of([case]), events=lines(audit.history_of(case)),
        silent_until=queries.silent_until(case), due=queries.may_be_erased(case), table_label=table_label,
    )  # fmt: skip


@privacy.route("/personen/<id:person_id>/einschraenken", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY, fresh=True)
def restrict(person_id):
    """Take somebody out of sight, with a reason."""
    person = queries.person(person_id) or abort(404)
    if (known := queries.case_of(person_id)) is not None:
        return redirect(_page_of(known.id), 303)
    form = RestrictForm()
    if form.validate_on_submit():
        try:
            case = services.restrict(person, form.because.data, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("The person is restricted: out of lists, search and mailings."))
            return redirect(_page_of(case.id), 303)
    ahead = foreseeing.warnings(subject_of(person_id))
    return form.page("privacy/restrict.html", person=person, warnings=ahead)


@privacy.route("/faelle/<id:case_id>/aufheben", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY, fresh=True)
def lift(case_id):
    """Ask once more, then put somebody back."""
    case = _case(case_id)
    if request.method == "GET":
        return render_template("privacy/lift.html", case=case)
    try:
        services.lift(case, current_user)
    except RuleBroken as broken:
        db.session.rollback()
        flash(str(broken.message), "bad")
        return redirect(_page_of(case_id), 303)
    db.session.commit()
    person = queries.person(case.person_id)
    if person is None or person.removed_at:
        flash(_("The restriction is lifted; the person lies in the trash, as before."))
        return redirect(_page_of(case_id), 303)
    flash(_("The restriction is lifted; the person is back."))
    return redirect(url_for("contacts.show", person_id=case.person_id), 303)


@privacy.route("/anbieten", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY)
def offer():
    """Offer all restricted people to the archive; the list is a file."""
    waiting = list(db.session.scalars(queries.cases(CaseState.RESTRICTED).limit(queries.MOST_OFFERED)))
    if request.method == "GET":
        return render_template("privacy/offer.html", cases=waiting)
    chosen = set(request.form.getlist("fall"))
    services.offer([one for one in waiting if str(one.id) in chosen], current_user)
    db.session.commit()
    flash(_("Offered to the archive. From today it has six months."))
    return redirect(url_for("privacy.index", stand="angeboten"), 303)


@privacy.route("/archivliste.csv")
@requires(Permission.MANAGE_PRIVACY, fresh=True)
def archive_list():
    """Give what is kept about restricted people as a file for the archive; each look is written down."""
    numbers = [one.id for one in db.session.scalars(queries.open_cases().limit(queries.MOST_OFFERED))]
    note_look(numbers)
    cases = list(db.session.scalars(queries.open_cases().limit(queries.MOST_OFFERED)))
    note(Paper.ARCHIVE, "csv", [one.person_id for one in cases], len(cases))
    head = [_("Case"), _("State"), _("Kind"), _("Number"), _("Field"), _("Value")]
    return download(to_csv(head, archive.lines_of(cases)), f"archivangebot-{today():%Y-%m-%d}", "csv")


@privacy.route("/faelle/<id:case_id>/entscheidung", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY, fresh=True)
def release(case_id):
    """Note what the archive has decided."""
    case = _case(case_id)
    form = ReleaseForm(obj=case)
    if form.validate_on_submit():
        try:
            services.release(case, form.decision.data, current_user)
        except RuleBroken as broken:
            form.report(broken)
        else:
            db.session.commit()
            flash(_("Decision noted. The person may be erased."))
            return redirect(_page_of(case_id), 303)
    return form.page("privacy/release.html", case=case)


@privacy.route("/faelle/<id:case_id>/loeschen", methods=["GET", "POST"])
@requires(Permission.MANAGE_PRIVACY, fresh=True)
def erase(case_id):
    """Erase somebody for good; what forbids it is said first."""
    case = _case(case_id)
    form = EraseForm(obj=case)
    if form.validate_on_submit():
        try:
            services.erase(case, form.last_name_too.data, form.because.data, current_user)
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            journal.write_missing()
            flash(_("Erased for good. The log has numbers, no names."))
            return redirect(_page_of(case_id), 303)
    return form.page("privacy/erase.html", case=case, **_foreseen(case, bool(form.last_name_too.data)))


def _foreseen(case, last_name_too):
    """Say what forbids an erasure, what it would change, and which files somebody must look at."""
    if not case.is_open:
        return {"obstacles": [], "hits": [], "naming": [], "unreadable": []}
    widest = needles_for(case, True)
    needles, found = widest if last_name_too or not widest.names else widest.in_full, hits(widest)
    naming = queries.documents_naming(needles)
    return {
        "obstacles": queries.obstacles(numbers_of(case.person_id), naming),
        "hits": [
            (table_label(one), found.in_full[one], found.alone[one])
            for one in sorted({*found.in_full, *found.alone})
        ],
        "naming": queries.documents(naming),
        "unreadable": queries.documents_without_text(),
    }


@privacy.route("/verzeichnis")
@requires(Permission.READ_PROCESSING)
def processing():
    """Show the record of processing, made from the registry."""
    return render_template(
        "privacy/processing.html", activities=record.activities(), measures=record.MEASURES
    )


@privacy.route("/verzeichnis.csv")
@requires(Permission.READ_PROCESSING)
def processing_file():
    """Give the record of processing as a file."""
    rows = [one.row for one in record.activities()]
    return download(
        to_csv([str(one) for one in record.HEAD], rows), f"verarbeitungen-{today():%Y-%m-%d}", "csv"
    )
