"""What a cooperation is expected to save in a year, worked out as on its page, or why nobody can say."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from flask_babel import gettext as _

from crm.cooperations.on_day import Group
from crm.db import BERLIN
from crm.funding.facts import Share
from crm.funding.gains import Gain, gain_of
from crm.reports.money.funded import Files, members_on

_BEFORE, _AFTER = ("staff_before", "material_before"), ("staff_after", "material_after")


@dataclass(frozen=True)
class Expected:
    """The yearly costs of all partners before and after; `missing` says what keeps the saving from a sum."""

    gain: Gain
    missing: str

    @property
    def amount(self) -> Decimal | None:
        """Euros a year; less than nothing where the costs rise."""
        gain = self.gain
        return gain.before - gain.after if gain.is_complete and gain.after is not None else None

    @property
    def percent(self) -> Decimal | None:
        """Of the former costs, never more than it is."""
        if self.amount is None or self.gain.share is None:
            return None
        return (self.gain.share * 100).quantize(Decimal("0.1"), ROUND_DOWN)


def expected(files: Files, group: Group, day: date) -> Expected:
    """Compare the costs of those who took part on a day."""
    rows = [files.table[one.id] for one in members_on(group, day) if one.id in files.table]
    shares = [
        Share(row.organisation_name, before=_total(row, _BEFORE), after=_total(row, _AFTER)) for row in rows
    ]
    gain = gain_of(shares, rows[0].cost_after if rows else None)
    return Expected(gain, "" if gain.is_complete else _missing(gain, rows))


def has_table(files: Files, group: Group, day: date) -> bool:
    """Tell whether costs of the group were entered by a day."""
    rows = [files.table[one.id] for one in group.partners if one.id in files.table]
    return any(_entered(row) for row in rows if row.created_at and _on(row.created_at) <= day)


def _on(moment: Any) -> date:
    found: date = moment.astimezone(BERLIN).date()
    return found


def _entered(row: Any) -> bool:
    return any(getattr(row, name) is not None for name in (*_BEFORE, *_AFTER))


def _total(row: Any, names: tuple[str, ...]) -> Decimal | None:
    """Staff and material; None as long as one of them is not known."""
    found = [value for name in names if (value := getattr(row, name)) is not None]
    return sum(found, Decimal(0)) if len(found) == len(names) else None


def _missing(gain: Gain, rows: list[Any]) -> str:
    if not rows:
        return _("No partners")
    if not any(_entered(row) for row in rows) and rows[0].cost_after is None:
        return _("No table of costs")
    lacking = []
    if gain.without_before:
        names = ", ".join(one.name for one in gain.without_before)
        lacking.append(_("Costs before are missing: %(names)s", names=names))
    if gain.without_after:
        lacking.append(_("Costs after are missing"))
    return "; ".join(lacking)
