"""Freeze a report: what it says now and the records behind it, once and for good."""

from typing import Any

from flask_babel import gettext as _

from crm import audit
from crm.access import Role
from crm.db import db, now
from crm.errors import RuleBroken
from crm.releases.answers import digest_of
from crm.releases.gathering import Onlooker, for_staff_figures, gather
from crm.releases.models import FrozenReport
from crm.releases.packing import pack, squeeze, without_moment
from crm.reports import Report
from crm.reports.records import Reading
from crm.reports.scope import IN_ADDRESS, STAFF, Scope

MOST_BYTES = 16_000_000


def freeze(
    report: Report, scope: Scope, reading: Reading, values: dict[str, Any], by: Any, language: str
) -> FrozenReport:
    """Store what a report says now. `values` are title, purpose and note. Raises RuleBroken."""
    of_adviser, of_reader = (report.read(Onlooker(role), scope) for role in (Role.ADVISER, Role.READER))
    sheet = {"sheet": pack(reading.sheet), "staff": for_staff_figures(reading, of_adviser)}
    frozen = FrozenReport(
        slug=report.slug,
        title=values["title"],
        purpose=values["purpose"],
        note=values.get("note"),
        scope=scope.arguments,
        since=scope.period.since,
        until=scope.period.until,
        language=language,
        confidential=without_moment(of_adviser.sheet) != without_moment(of_reader.sheet),
        staff=IN_ADDRESS[STAFF] in scope.filters,
        released_at=now(),
        released_by_id=by.id,
        released_by_name=by.name,
        sheet=squeeze(sheet),
        lists=_lists(reading, of_adviser, of_reader),
    )
    frozen.digest = digest_of(frozen)
    db.session.add(frozen)
    audit.record("report.frozen", frozen, by)
    return frozen


def _lists(reading: Reading, of_adviser: Reading, of_reader: Reading) -> bytes:
    lists = squeeze(gather(reading, of_adviser, of_reader))
    if len(lists) > MOST_BYTES:
        raise RuleBroken(_("This report has too many records to be frozen. Choose a shorter period."))
    return lists
