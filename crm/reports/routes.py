"""Reports on screen, as files, and the records behind every number."""

from functools import partial

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from crm import export
from crm.access import Permission, requires
from crm.consultations import corrected
from crm.db import db
from crm.definitions import queries as definitions
from crm.paging import page_of_list
from crm.reports import REPORTS, THEMES, paper, sheet
from crm.reports.asking import asked_scope, form_for, report_named
from crm.reports.records import NoSuchList
from crm.reports.shown import shown
from crm.reports.talks.topics import catalogue_at_hand
from crm.reports.words import filter_words
from crm.search.commands import Command, offer

reports = Blueprint("reports", __name__)


@reports.route("/berichte")
@requires(Permission.READ_CONTENT)
def index():
    """List the reports."""
    kept = definitions.listing(current_user)
    saved = [(one, REPORTS[one.slug], definitions.arguments(one)) for one in kept if one.slug in REPORTS]
    themes = [(title, [REPORTS[slug] for slug in slugs]) for title, slugs in THEMES]
    return render_template("reports/index.html", themes=themes, saved=saved)


@reports.route("/berichte/<string:slug>")
@requires(Permission.READ_CONTENT)
def show(slug):
    """Show a report for a period."""
    report = report_named(slug)
    with catalogue_at_hand():
        form = form_for(report)
        if not form.validate():
            return _misread(report, form)
        made = report.read(current_user, form.scope).sheet
    link = partial(url_for, "reports.records", slug=slug, **form.scope.arguments)
    period = form.scope.period
    corrections = corrected.count(current_user, period.since, period.until) if report.counts_talks else 0
    return _page(report, form, corrections=corrections, **shown(made, link))


@offer
def _by_name(user):
    """Reports as the palette finds them."""
    if not user.may(Permission.READ_CONTENT):
        return []
    named = [(one.title, url_for("reports.show", slug=one.slug)) for one in REPORTS.values()]
    return [Command(_("Go to %(page)s", page=title), url, "bar-chart") for title, url in named]


def _misread(report, form):
    return _page(report, form, sheet=None), 422


def _page(report, form, **context):
    given = {} if form.problems else form.scope.arguments
    address = partial(url_for, "reports.show", slug=report.slug)
    filters = {} if form.problems else form.scope.filters
    usual = [(one, name, "", address(**one.arguments, **filters)) for name, one in report.spans()]
    return render_template(
        "reports/show.html",
        report=report,
        form=form,
        presets=usual,
        current=None if form.problems else form.scope.period,
        file_arguments=given | {"slug": report.slug},
        **context,
    )


@reports.route("/berichte/<string:slug>.csv")
@requires(Permission.READ_CONTENT)
def csv(slug):
    """Give the report as CSV: all tables one after another."""
    title, made, name = _made(slug)
    return export.download(sheet.csv_of(title, made), name, "csv")


@reports.route("/berichte/<string:slug>.xlsx")
@requires(Permission.READ_CONTENT)
def xlsx(slug):
    """Give the report as XLSX: one leaf for the large numbers and one for each table."""
    title, made, name = _made(slug)
    return export.download(export.workbook_file(sheet.as_leaves(title, made)), name, "xlsx")


@reports.route("/berichte/<string:slug>.pdf")
@requires(Permission.READ_CONTENT)
def pdf(slug):
    """Give the report as tagged PDF; typesetting takes a moment, so no transaction is held meanwhile."""
    title, made, name = _made(slug)
    words = paper.words_of(title, made)
    db.session.rollback()
    return export.download(paper.to_pdf(words), name, "pdf")


def _made(slug):
    report, scope = _asked(slug)
    name = f"{report.slug}-{scope.period.since:%Y-%m-%d}-{scope.period.until:%Y-%m-%d}"
    return str(report.title), report.read(current_user, scope).sheet, name


def _asked(slug):
    report = report_named(slug)
    return report, asked_scope(report)


@reports.route("/berichte/<string:slug>/datensaetze")
@requires(Permission.READ_CONTENT)
def records(slug):
    """List the records behind a number."""
    report, scope = _asked(slug)
    found = _found(report, scope)
    page = page_of_list(found.ids)
    page.rows = found.load(page.rows)
    back = url_for("reports.show", slug=slug, **scope.arguments)
    arguments = {name: value for name, value in request.args.to_dict(flat=False).items() if name != "seite"}
    return render_template(
        "reports/records.html", report=report, report_url=back, found=found, page=page, arguments=arguments,
        corrected=_corrected(page.rows), asked=[*found.words, *filter_words(scope)],
    )  # fmt: skip


def _corrected(rows):
    """Of the talks and events of some rows those that were corrected after their quarter was closed."""
    wanted = {"consultations.show": set(), "events.show": set()}
    for cell in (cell for line in rows for cell in line.cells if isinstance(cell, sheet.Linked)):
        wanted.get(cell.endpoint, set()).add(cell.numbers[0][1])
    return corrected.among(*wanted.values()) if any(wanted.values()) else set()


@reports.route("/berichte/<string:slug>/datensaetze.<any(csv, xlsx):ending>")
@requires(Permission.READ_CONTENT)
def export_records(slug, ending):
    """Give all records behind a number as a file."""
    report, scope = _asked(slug)
    found = _found(report, scope)
    rows = ([sheet.plain(cell) for cell in line.cells] for line in found.lines())
    if ending == "csv":
        content = export.csv_file(found.columns, rows)
    else:
        notes = [found.title, *found.words, *filter_words(scope)]
        leaf = export.Leaf(str(report.title), found.columns, rows, notes)
        content = export.workbook_file([leaf])
    return export.download(content, f"{slug}-datensaetze", ending)


def _found(report, scope):
    try:
        return report.read(current_user, scope).records(request.args)
    except NoSuchList:
        abort(404)
