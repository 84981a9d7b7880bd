"""All that is known about the funding of one group, gathered and judged once for every page that shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm.cooperations.kinds import EXITS, REQUIRED_ROLES, Step
from crm.cooperations.standing import step_of
from crm.funding import queries
from crm.funding.amounts import Amount, standard_amount
from crm.funding.facts import Condition, Facts, Remark, Share
from crm.funding.models import Application, Plan, RuleSet
from crm.funding.readiness import conditions, fulfilled
from crm.funding.remarks import remarks
from crm.organisations.models import KOMMUNEN, Level


@dataclass(frozen=True)
class Dossier:
    """A group's funding as a page shows it."""

    group: Any
    facts: Facts
    plan: Plan | None
    costs: Mapping[int, Any]
    applications: Sequence[Application]
    current: Application | None
    rule_sets: Sequence[RuleSet]
    conditions: Sequence[Condition]
    remarks: Sequence[Remark]
    standard: Amount
    partners: Sequence[Any]

    @property
    def fulfilled(self) -> int:
        """How many conditions hold."""
        return fulfilled(list(self.conditions))

    @property
    def ends_on(self) -> date | None:
        """The last day of the rules, where no others are entered that follow them."""
        rules = self.facts.rules
        return rules.valid_to if rules is not None and rules is self.rule_sets[0] else None

    @property
    def is_own(self) -> bool:
        """Tell whether somebody expects another sum than the standard grant."""
        return self.plan is not None and self.plan.amount is not None

    @property
    def granted(self) -> Decimal | None:
        """The sum the application at hand was granted."""
        return self.current.granted if self.current else None

    @property
    def expected(self) -> Decimal | None:
        """The sum to be expected: one's own, else the standard grant."""
        own = self.plan.amount if self.plan else None
        return own if own is not None else self.standard.sum


def current_of(applications: Sequence[Application]) -> Application | None:
    """The application a page is about: one under way, else a draft, else the newest."""
    under_way = (one for one in applications if one.is_under_way)
    drafts = (one for one in applications if not one.is_decided)
    return next(under_way, None) or next(drafts, None) or next(iter(applications), None)


def day_of(application: Application | None, today: date) -> date:
    """The day the conditions are asked for: that of the application, unless it came to nothing."""
    asked = _asked(application)
    return asked.submitted_on or today if asked else today


def _asked(application: Application | None) -> Application | None:
    """An application that was submitted and did not come to nothing."""
    if application is None or application.refused_on or application.withdrawn_on:
        return None
    return application if application.submitted_on else None


def dossier(group: Any, today: date, wanted: int | None = None) -> Dossier:
    """Gather everything for the page of a group; `wanted` names the application it is about."""
    known, applications = queries.rule_sets(), queries.applications_of(group.id)
    current = next((one for one in applications if one.id == wanted), None) or current_of(applications)
    return _gathered(group, known, applications, current, today)


def brief(group: Any, today: date) -> Dossier:
    """Gather what a summary needs, in four statements."""
    known, applications = queries.rule_sets(), queries.applications_of(group.id, brief=True)
    return _gathered(group, known, applications, current_of(applications), today, whole=False)


def _gathered(
    group: Any, known: list[RuleSet], applications: list[Application], current: Application | None,
    today: date, whole: bool = True,
) -> Dossier:  # fmt: skip
    day, asked = day_of(current, today), _asked(current)
    rules = (asked.rule_set if asked else None) or queries.rules_on(day, known)
    plan, costs = queries.plan_and_costs(group.id)
    partners = partners_on(group, day)
    facts = _facts(group, partners, day, rules, plan, costs, whole)
    return Dossier(
        group, facts, plan, costs, applications, current, known,
        conditions(facts), remarks(facts), standard_of(facts), partners,
    )  # fmt: skip


def facts_of(group: Any, day: date, rules: RuleSet | None, plan: Plan | None) -> Facts:
    """Collect the facts of a group on a day, as far as the standard grant follows from them."""
    return _facts(group, partners_on(group, day), day, rules, plan, {}, whole=False)


def _facts(
    group: Any, partners: Sequence[Any], day: date, rules: RuleSet | None, plan: Plan | None,
    costs: Mapping[int, Any], whole: bool,
) -> Facts:  # fmt: skip
    """Collect the facts of a group on a day; `whole` asks for approvals and inhabitants, too."""
    ids = [one.organisation_id for one in partners]
    counted = queries.inhabitants_on(ids, day) if whole and rules and rules.most_inhabitants else {}
    shares = [_share(one, day, costs.get(one.id), counted) for one in partners]
    judged = plan or Plan()
    return Facts(
        day=day, rules=rules, partners=shares, legal_form=group.legal_form, signed_on=group.signed_on,
        starts_on=group.effective_on or group.planned_start, term_until=group.term_until,
        term_unlimited=group.term_unlimited, renewal_months=group.renewal_months,
        termination=group.termination, substantial=judged.substantial,
        substantial_note=judged.substantial_note, few_reason=judged.few_partners_reason,
        brigades=judged.brigades, cost_after=judged.cost_after, task_fields=group.task_fields,
        approvals=queries.approvals_of(group.id) if whole else None,
        is_running=group.in_force,
    )  # fmt: skip


def partners_on(group: Any, day: date) -> list[Any]:
    """The required partners that had not left by a day."""
    return [
        one
        for one in group.partners
        if one.role in REQUIRED_ROLES and step_of(one.steps, day).step not in EXITS
    ]


def standard_of(facts: Facts) -> Amount:
    """The standard grant of a group by its facts."""
    return standard_amount(facts.rules, facts.legal_form, len(facts.kommunen), facts.brigades)


def _share(partner: Any, day: date, row: Any, counted: Mapping[int, int]) -> Share:
    days = [step.reached_on for step in partner.steps if step.reached_on]
    rank = max(partner.step.rank, step_of(partner.steps, day).rank)
    level = partner.organisation.level
    return Share(
        name=partner.organisation_name,
        is_kommune=level in KOMMUNEN,
        is_county=level is Level.COUNTY,
        has_resolved=rank >= Step.RESOLVED.rank,
        since=min(days, default=None),
        before=_total(row, "staff_before", "material_before"),
        after=_total(row, "staff_after", "material_after"),
        inhabitants=counted.get(partner.organisation_id),
    )


def _total(row: Any, *names: str) -> Decimal | None:
    """The sum of two costs; None as long as one of them is not known."""
    sums = [one for name in names if (one := getattr(row, name, None)) is not None]
    return sum(sums, Decimal(0)) if len(sums) == len(names) else None
