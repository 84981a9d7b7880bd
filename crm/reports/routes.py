"""Reports on screen, as files, and the records behind every number."""

from functools import partial

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import current_user

from crm import export
from crm.access import Permission, requires
from crm.errors import RuleBroken
from crm.i18n import number
from crm.paging import page_of_list
from crm.reports import REPORTS, behind, charts, sheet
from crm.reports.forms import PeriodForm
from crm.reports.period import presets

reports = Blueprint("reports", __name__)


@reports.route("/berichte")
@requires(Permission.READ_CONTENT)
def index():
    """List the reports."""
    return render_template("reports/index.html", reports=REPORTS.values())


@reports.route("/berichte/<string:slug>")
@requires(Permission.READ_CONTENT)
def show(slug):
    """Show a report for a period."""
    report, form = _report(slug), PeriodForm(request.args)
    if not form.validate():
        return _misread(report, form)
    made = report.make(current_user, form.period)
    chart = charts.stacked(made.chart.rows, made.chart.series) if made.chart else None
    link = partial(url_for, "reports.records", slug=slug, **form.period.arguments)
    large = [_large(figure, link) for figure in made.figures]
    return _page(report, form, sheet=made, chart=chart, large=large, link=link)


def _report(slug):
    return REPORTS.get(slug) or abort(404)


def _misread(report, form):
    return _page(report, form, sheet=None), 422


def _page(report, form, **context):
    given = form.period.arguments
    address = partial(url_for, "reports.show", slug=report.slug)
    usual = [(one, name, "", address(**one.arguments)) for name, one in presets()]
    return render_template(
        "reports/show.html",
        report=report,
        form=form,
        presets=usual,
        current=None if form.problems else form.period,
        file_arguments=given | {"slug": report.slug},
        **context,
    )


def _large(figure, link):
    return {
        "label": figure.label,
        "value": number(figure.number.value),
        "url": link(**figure.number.link) if figure.number.value else "",
        "note": figure.note,
    }


@reports.route("/berichte/<string:slug>.csv")
@requires(Permission.READ_CONTENT)
def csv(slug):
    """Give the report as CSV: all tables one after another."""
    title, made, name = _made(slug)
    head, *rows = sheet.as_lines(title, made)
    return export.download(export.to_csv(head, rows), name, "csv")


@reports.route("/berichte/<string:slug>.xlsx")
@requires(Permission.READ_CONTENT)
def xlsx(slug):
    """Give the report as XLSX: one leaf for the large numbers and one for each table."""
    title, made, name = _made(slug)
    return export.download(export.to_workbook(sheet.as_leaves(title, made)), name, "xlsx")


def _made(slug):
    report, form = _report(slug), PeriodForm(request.args)
    if not form.validate():
        raise RuleBroken(form.problems[0][1])
    period = form.period
    name = f"{report.slug}-{period.since:%Y-%m-%d}-{period.until:%Y-%m-%d}"
    return str(report.title), report.make(current_user, period), name


@reports.route("/berichte/<string:slug>/datensaetze")
@requires(Permission.READ_CONTENT)
def records(slug):
    """List the records behind a number."""
    report, form = _report(slug), PeriodForm(request.args)
    if not form.validate():
        return _misread(report, form)
    try:
        found, words, load = report.records(current_user, form.period, request.args)
    except behind.NoSuchList:
        abort(404)
    page = page_of_list(found.ids)
    page.rows = load(page.rows)
    back = url_for("reports.show", slug=slug, **form.period.arguments)
    return render_template(
        "reports/records.html", report=report, report_url=back, found=found, page=page, words=words
    )
