"""What the conditions are judged by, as plain values: the group on a day, its partners and their costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.cooperations.kinds import LegalForm
from crm.funding.kinds import Light
from crm.funding.models import RuleSet
from crm.proceedings.models import Approval
from crm.task_fields.models import TaskField


@dataclass(frozen=True)
class Share:
    """One required partner; `since` is when it came into the group, None where nobody knows.

    `before` and `after` are the yearly costs of staff and material, None as long as one of the two is not
    known.
    """

    name: str
    is_kommune: bool = True
    is_county: bool = False
    has_resolved: bool = False
    since: date | None = None
    before: Decimal | None = None
    after: Decimal | None = None
    inhabitants: int | None = None


@dataclass(frozen=True)
class Facts:
    """A group on the day it applies; `approvals` is None where nobody asked for them."""

    day: date
    rules: RuleSet | None
    partners: Sequence[Share] = ()
    legal_form: LegalForm | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    term_until: date | None = None
    term_unlimited: bool = False
    renewal_months: int | None = None
    termination: str | None = None
    substantial: bool | None = None
    substantial_note: str | None = None
    few_reason: str | None = None
    brigades: int | None = None
    cost_after: Decimal | None = None
    task_fields: Sequence[TaskField] = ()
    approvals: Sequence[Approval] | None = None
    is_running: bool = False

    @property
    def kommunen(self) -> list[Share]:
        """The partners that count: Kommunen of Hessen."""
        return [one for one in self.partners if one.is_kommune]

    @property
    def merges_brigades(self) -> bool:
        """Tell whether fire brigades inside one municipality merge, where one partner is enough."""
        return self.legal_form is LegalForm.FIRE_BRIGADES


@dataclass(frozen=True)
class Missing:
    """What is missing, at whom (empty: at the group), and since when."""

    who: str
    what: str
    since: date | None = None


@dataclass(frozen=True)
class Lacking:
    """The same thing missing at several: at whom, together with those that came on the same day."""

    what: str
    places: tuple[tuple[date | None, str], ...] = ()


@dataclass(frozen=True)
class Condition:
    """One condition of the programme: its light, what is known, and what is missing."""

    key: str
    title: str
    light: Light
    known: str = ""
    missing: tuple[Missing, ...] = ()

    @property
    def lacking(self) -> list[Lacking]:
        """What is missing, each thing once, with all at whom it is missing."""
        found: dict[str, dict[date | None, list[str]]] = {}
        for one in self.missing:
            days = found.setdefault(one.what, {})
            if one.who:
                days.setdefault(one.since, []).append(one.who)
        return [
            Lacking(what, tuple((day, ", ".join(names)) for day, names in days.items()))
            for what, days in found.items()
        ]


@dataclass(frozen=True)
class Remark:
    """What is to be looked at besides the conditions."""

    light: Light
    text: str
