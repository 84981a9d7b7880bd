"""What stands above every report: its days, its filters, what is counted by which rule."""

from collections.abc import Set as AbstractSet
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from crm.access import Permission
from crm.accounts.models import User
from crm.cooperations.models import Cooperation
from crm.db import db, now, today
from crm.i18n import day, moment, number
from crm.organisations.models import Organisation
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.sheet import EURO, Number
from crm.reports.territory import Territory
from crm.task_fields.models import TaskField

Definition = tuple[tuple[str, str], ...]


def definition(scope: Scope, unit: str, rule: str, *more: tuple[str, str]) -> Definition:
    """Say period, cut-off day, filters, unit and counting rule, then what a report adds."""
    filters = filter_words(scope)
    return (
        (_("Period"), span(scope.period)),
        (_("Cut-off day"), day(scope.cutoff)),
        (_("Data as of"), moment(now())),
        *(((_("Narrowed to"), " · ".join(filters)),) if filters else ()),
        *more,
        (_("Unit"), unit),
        (_("Counting rule"), rule),
    )


def span(period: Period) -> str:
    """First and last day."""
    return _("%(first)s to %(last)s", first=day(period.since), last=day(period.until))


def base(scope: Scope, land: Territory) -> tuple[str, str]:
    """The Kommunen that percentages compare with."""
    found = land.base(scope)
    towns = sum(1 for one in found if land.is_municipality(one))
    counties = len(found) - towns
    said = ngettext(
        "%(all)s municipalities on the cut-off day: %(towns)s towns and communities, %(shown)s county",
        "%(all)s municipalities on the cut-off day: %(towns)s towns and communities, %(shown)s counties",
        counties, all=number(len(found)), towns=number(towns), shown=number(counties),
    )  # fmt: skip
    return _("Base"), said


def former(gone: AbstractSet[int], land: Territory, scope: Scope) -> tuple[str, ...]:
    """Name Kommunen that were reached and no longer exist: they are in no percentage."""
    if not gone:
        return ()
    said = _("Reached but no longer existing on %(day)s, so not in the percentages:", day=day(scope.cutoff))
    return (f"{said} {', '.join(body.name for body in land.named(gone))}.",)


def change(now: Number, then: Number, scope: Scope) -> str:
    """Say how a number differs from that of the period before."""
    if now.value is None or then.value is None or scope.period.since > today():
        return ""
    # Money is counted in cents, the rest in tenths.
    difference = round(float(now.value) - float(then.value), 2 if now.unit == EURO else 1)
    sign = "+" if difference > 0 else "±" if difference == 0 else ""
    said = f"{sign}{Number(difference, unit=now.unit).text}"
    before = _short(scope.period.before)
    return _("%(change)s on %(span)s (%(then)s)", change=said, span=before, then=then.text)


def _short(period: Period) -> str:
    """A year by its number, else first and last day, the year only once."""
    first, last = period.since, period.until
    if first.year != last.year:
        return f"{day(first)}–{day(last)}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year)
    return f"{day(first).removesuffix(str(first.year)).strip()}–{day(last)}"


def talks_seen(user: Any) -> str:
    """Which talks are counted for somebody; on paper it is read by others, too."""
    if user.may(Permission.READ_CONFIDENTIAL):
        return _("All talks, confidential ones included.")
    return _("All talks but confidential ones.")


def filter_words(scope: Scope) -> list[str]:
    """What a report is narrowed to; of what was removed since only that is said."""
    named = (
        (_("County"), Organisation.name, scope.county_id),
        (_("Administrative region"), Organisation.name, scope.region_id),
        (_("Task field"), TaskField.name, scope.field_id),
        (_("Cooperation"), Cooperation.title, scope.cooperation_id),
        (_("Advised by"), User.name, scope.staff_id),
    )
    asked = [(label, column, key) for label, column, key in named if key is not None]
    names = _names([(column, key) for _label, column, key in asked])
    gone = _("removed")
    found = [f"{one[0]}: {name or gone}" for one, name in zip(asked, names, strict=True)]
    if scope.size is not None:
        found.append(f"{_('Inhabitants')}: {scope.size.label}")
    if scope.kind is not None:
        found.append(f"{_('Kind of talk')}: {scope.kind.label}")
    if scope.rolled_up:
        found.append(_("former municipalities count as what they are on the cut-off day"))
    return found


def _names(wanted: list[tuple[Any, int]]) -> list[str | None]:
    """Find the names of some records, of what was removed None: one statement."""
    queries = [select(column).where(column.class_.id == key).scalar_subquery() for column, key in wanted]
    return list(db.session.execute(select(*queries)).one()) if queries else []
