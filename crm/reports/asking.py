"""Read from an address what a report is asked about."""

from typing import Any

from flask import abort, request
from flask_login import current_user

from crm.access import Permission
from crm.accounts import queries as accounts
from crm.cooperations import queries as cooperations
from crm.db import today
from crm.errors import RuleBroken
from crm.organisations import queries as organisations
from crm.reports import REPORTS, Report
from crm.reports.forms import ScopeForm
from crm.reports.scope import FIELD, IN_ADDRESS, PLACES, STAFF, Scope
from crm.reports.talks.topics import catalogue


def report_named(slug: str) -> Report:
    """Give a report, or the page that says there is none."""
    return REPORTS.get(slug) or abort(404)


def form_for(report: Report, formdata: Any = None) -> ScopeForm:
    """Give the form of a report with its filters; figures of single colleagues are for managers alone."""
    wanted = report.filters
    if not current_user.may(Permission.READ_STAFF_FIGURES):
        if request.args.get(IN_ADDRESS[STAFF]) and STAFF in wanted:
            abort(403)
        wanted = wanted - {STAFF}
    form = ScopeForm(request.args if formdata is None else formdata).keep(wanted)
    form.usual = report.spans()[0][1]
    return form.offer(
        organisations.areas() if PLACES & wanted else (),
        [one for one in catalogue() if one.holds_on(today())] if FIELD in wanted else (),
        _staff() if STAFF in wanted else (),
        cooperations.chip_source(),
    )


def asked_scope(report: Report) -> Scope:
    """The question in the address; raises RuleBroken with the first sentence where it cannot be read."""
    form = form_for(report)
    if not form.validate():
        raise RuleBroken(form.problems[0][1])
    return form.scope


def _staff() -> Any:
    """Colleagues who log talks or did, and the one asked about, who may not do so any more."""
    asked = request.args.get(IN_ADDRESS[STAFF], "")
    also = {int(asked)} if asked.isascii() and asked.isdigit() and len(asked) < 10 else set()
    return accounts.staff_ever(also)
