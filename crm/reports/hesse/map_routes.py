"""The map of Hessen on screen: one measure at a time, every Kommune a link, the same numbers beside it."""

from functools import partial

from flask import abort, render_template, request, url_for
from flask_login import current_user

from crm.access import Permission, requires
from crm.reports.asking import form_for, report_named
from crm.reports.hesse import mapping
from crm.reports.hesse.layers import MapMeasure
from crm.reports.hesse.mapped import mapped
from crm.reports.routes import reports

SLUG = "karte"


@reports.route("/berichte/karte")
@requires(Permission.READ_CONTENT)
def hesse():
    """Show the map of a measure for a period."""
    report, measure = report_named(SLUG), _measure()
    form = form_for(report)
    if not form.validate():
        return _page(report, form, measure, view=None), 422
    atlas = mapping.read(current_user, form.scope)
    layer = atlas.layer(measure)
    link = partial(url_for, "reports.records", slug=SLUG, **form.scope.arguments)
    return _page(
        report, form, measure, view=mapped(atlas, layer), link=link,
        definition=mapping.definition(atlas.known, layer),
    )  # fmt: skip


def _measure():
    try:
        return MapMeasure(request.args.get(mapping.MEASURE) or MapMeasure.TALKS.value)
    except ValueError:
        abort(404)


def _page(report, form, measure, **context):
    asked = {} if form.problems else form.scope.arguments
    filters = {} if form.problems else form.scope.filters
    address = partial(url_for, "reports.hesse", mass=measure.value)
    chosen = None if form.problems else form.scope.period
    return render_template(
        "reports/map.html",
        report=report,
        form=form,
        measure=measure,
        measures=[
            (one, one.label, "", url_for("reports.hesse", mass=one.value, **asked)) for one in MapMeasure
        ],
        spans=[(name, one == chosen, address(**one.arguments, **filters)) for name, one in report.spans()],
        asked=asked,
        **context,
    )
