"""Frozen reports on screen: freeze, list, show, the records of a number, files, compare with today."""

from functools import partial

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from crm import export
from crm.access import Permission, requires
from crm.db import db
from crm.errors import RuleBroken
from crm.forms import mark_of
from crm.i18n import day, language
from crm.paging import page_of, page_of_list
from crm.releases import comparing, queries, services
from crm.releases.answers import LIST, Answer
from crm.releases.forms import LONGEST_TITLE, FreezeForm
from crm.releases.gathering import key_of
from crm.releases.packing import without_moment
from crm.releases.tracing import tell
from crm.reports import REPORTS, paper, sheet
from crm.reports.asking import asked_scope, report_named
from crm.reports.period import Period
from crm.reports.records import NoSuchList
from crm.reports.scope import from_filters
from crm.reports.sheet import Linked
from crm.reports.shown import shown

releases = Blueprint("releases", __name__)

MOST = 300


@releases.route("/berichte/<string:slug>/einfrieren", methods=["GET", "POST"])
@requires(Permission.RELEASE_REPORTS, fresh=True)
def freeze(slug):
    """Show a report once more, then freeze what it says."""
    report = report_named(slug)
    if not report.is_answer:
        abort(404)
    scope = asked_scope(report)
    reading = report.read(current_user, scope)
    form = FreezeForm(data={"title": _usual_title(report, scope, reading.sheet)})
    mark = mark_of(without_moment(reading.sheet))
    form.seen.data = form.seen.data or mark
    if form.validate_on_submit() and form.check_seen(mark):
        try:
            frozen = services.freeze(report, scope, reading, form.values, current_user, language())
            target = form.settle(url_for("releases.show", frozen_id=frozen.id))
        except RuleBroken as broken:
            db.session.rollback()
            form.report(broken)
        else:
            db.session.commit()
            flash(_("The report is frozen. Nobody can change it any more."))
            return redirect(target, 303)
    link = partial(url_for, "reports.records", slug=slug, **scope.arguments)
    back = url_for("reports.show", slug=slug, **scope.arguments)
    return form.page("releases/freeze.html", report=report, back=back, **shown(reading.sheet, link))


def _usual_title(report, scope, found):
    """The report, its days, and what it is narrowed to as its own page says it."""
    period = scope.period
    whole = (period.since.month, period.since.day, period.until.month, period.until.day) == (1, 1, 12, 31)
    years = whole and period.since.year == period.until.year
    said = str(period.since.year) if years else f"{day(period.since)}–{day(period.until)}"
    narrowed = dict(found.definition).get(_("Narrowed to"))
    return ", ".join(filter(None, [f"{report.title} {said}", narrowed]))[:LONGEST_TITLE]


@releases.route("/berichte/eingefroren")
@requires(Permission.READ_CONTENT)
def index():
    """List the frozen reports, the newest first."""
    page = page_of(queries.newest(current_user))
    names = {slug: report.title for slug, report in REPORTS.items()}
    return render_template("releases/index.html", page=page, names=names)


def _load(frozen_id):
    frozen = queries.one(current_user, frozen_id) or abort(404)
    return Answer(frozen, current_user._get_current_object())


def _genuine(frozen_id):
    """Give one whose numbers may be used."""
    answer = _load(frozen_id)
    if not answer.is_genuine:
        raise RuleBroken(_("This report was changed past the program. Its numbers must not be used."))
    return answer


@releases.route("/berichte/eingefroren/<id:frozen_id>")
@requires(Permission.READ_CONTENT)
def show(frozen_id):
    """Show a frozen report as it was, and whether it is genuine."""
    answer = _load(frozen_id)
    link = partial(url_for, "releases.records", frozen_id=frozen_id)
    return render_template(
        "releases/show.html",
        frozen=answer.frozen,
        report=REPORTS.get(answer.frozen.slug),
        today=_today(answer.frozen),
        **(shown(answer.sheet, link) if answer.is_genuine else {"sheet": None}),
    )


def _today(frozen):
    """The address of the same report as it is now; none for a report the program no longer has."""
    known = frozen.slug in REPORTS
    return url_for("reports.show", slug=frozen.slug, **frozen.scope) if known else ""


@releases.route("/berichte/eingefroren/<id:frozen_id>/datensaetze")
@requires(Permission.READ_CONTENT)
def records(frozen_id):
    """List the records behind a frozen number, as they were."""
    answer = _genuine(frozen_id)
    place = request.args.get(LIST, "")
    keys = answer.keys
    if not (place.isascii() and place.isdigit() and len(place) < 7 and int(place) < len(keys)):
        abort(404)
    found = answer.kept(keys[int(place)]) or abort(404)
    page = page_of_list(list(found.lines))
    there = queries.existing(current_user, (cell for line in page.rows for cell in line.cells))
    page.rows = [
        line._replace(cells=tuple(_leading(cell, there) for cell in line.cells)) for line in page.rows
    ]
    return render_template("releases/records.html", frozen=answer.frozen, found=found, page=page)


def _leading(cell, there):
    """A cell that leads only to what is still there for this reader."""
    if not isinstance(cell, Linked):
        return cell
    target = queries.target_of(cell)
    return cell if target is None or target in there else cell.text


@releases.route("/berichte/eingefroren/<id:frozen_id>/bericht.<any(csv, xlsx, pdf):ending>")
@requires(Permission.READ_CONTENT)
def download(frozen_id, ending):
    """Give the frozen values as a file."""
    answer = _genuine(frozen_id)
    frozen, made = answer.frozen, answer.sheet
    title, name = frozen.title, f"eingefroren-{frozen.id}-{frozen.slug}"
    with force_locale(frozen.language):
        made = answer.with_release()
        if ending == "csv":
            return export.download(sheet.csv_of(title, made), name, ending)
        if ending == "xlsx":
            return export.download(export.workbook_file(sheet.as_leaves(title, made)), name, ending)
        words = paper.words_of(title, made)
    db.session.rollback()
    return export.download(paper.to_pdf(words), name, ending)


@releases.route("/berichte/eingefroren/<id:frozen_id>/vergleich")
@requires(Permission.READ_CONFIDENTIAL)
def compare(frozen_id):
    """Hold a frozen report against the same report today."""
    answer = _genuine(frozen_id)
    with force_locale(answer.frozen.language):
        found = comparing.compare(answer, _asked_again(answer.frozen))
    link = partial(url_for, "releases.causes", frozen_id=frozen_id)
    return render_template(
        "releases/compare.html",
        frozen=answer.frozen,
        found=found[:MOST],
        more=len(found),
        link=link,
        today=_today(answer.frozen),
    )


@releases.route("/berichte/eingefroren/<id:frozen_id>/vergleich/ursachen")
@requires(Permission.READ_CONFIDENTIAL)
def causes(frozen_id):
    """Show the records that made one number another than it was."""
    answer = _genuine(frozen_id)
    frozen = answer.frozen
    with force_locale(frozen.language):
        kept, now = answer.kept(key_of(request.args.to_dict(flat=False))), _list_today(frozen)
        if kept is None and now is None:
            abort(404)
        found = comparing.causes(kept, now)
    page = page_of_list(found)
    tell(page.rows, frozen.released_at)
    there = queries.existing(current_user, (cell for one in page.rows for cell in one.cells))
    for one in page.rows:
        one.cells = tuple(_leading(cell, there) for cell in one.cells)
    return render_template("releases/causes.html", frozen=frozen, shown=now or kept, page=page)


def _asked_again(frozen):
    """Read the same report about the same scope, as the person at the screen may see it."""
    report = REPORTS.get(frozen.slug) or abort(404)
    scope = from_filters(Period(frozen.since, frozen.until), frozen.scope)
    return report.read(current_user, scope)


def _list_today(frozen):
    try:
        return _asked_again(frozen).records(request.args)
    except NoSuchList:
        return None
