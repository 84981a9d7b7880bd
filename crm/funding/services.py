"""What is judged by hand about the funding of a group, and the costs of its partners."""

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from crm import audit
from crm.cooperations.models import Cooperation
from crm.db import db, now
from crm.errors import RuleBroken
from crm.funding import queries, words
from crm.funding.models import CostRow, Plan
from crm.records import set_different

JUDGED = (
    "substantial", "substantial_note", "few_partners_reason", "brigades", "amount", "amount_reason",
)  # fmt: skip
COSTS = ("staff_before", "material_before", "staff_after", "material_after")


def judge(group: Cooperation, values: dict[str, Any], by: Any) -> Plan:
    """Note what only a person can judge; raises RuleBroken."""
    if values.get("amount") is not None and not values.get("amount_reason"):
        raise RuleBroken(_("Enter why another sum than the standard grant is expected."), "amount_reason")
    if values.get("amount_reason") and values.get("amount") is None:
        raise RuleBroken(_("Enter the sum, or take out the reason: then the computed one holds."), "amount")
    plan = _plan(group)
    before, different = words.plan(plan), set_different(plan, JUDGED, values)
    if different:
        plan.updated_at = now()
        audit.record("funding.judged", group, by, funding=words.change(before, words.plan(plan)))
    return plan


def set_costs(
    group: Cooperation, rows: dict[int, dict[str, Decimal | None]], cost_after: Decimal | None, by: Any
) -> None:
    """Note the yearly costs of partners, by partner, and those of the joint unit.

    The version of the plan counts up, so that a colleague who fills in the same table is told.
    """
    plan, stored = _plan(group), queries.costs_of(group.id)
    before, after = [], []
    for partner in group.partners:
        if partner.id not in rows:
            continue
        row, name = stored.get(partner.id) or CostRow(partner_id=partner.id), partner.organisation_name
        old = words.costs(name, row)
        if set_different(row, COSTS, rows[partner.id]):
            db.session.add(row)
            before.append(old)
            after.append(words.costs(name, row))
    if plan.cost_after != cost_after:
        before.append(words.joint(plan.cost_after))
        plan.cost_after = cost_after
        after.append(words.joint(cost_after))
    if after:
        plan.updated_at = now()
        audit.record("funding.costs-changed", group, by, funding=("; ".join(before), "; ".join(after)))


def _plan(group: Cooperation) -> Plan:
    plan = queries.plan_of(group.id)
    if plan is None:
        plan = Plan(cooperation_id=group.id)
        db.session.add(plan)
    return plan
