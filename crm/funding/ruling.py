"""What is done with the rules of the programme. One set of rules holds at a time; a successor ends it."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _

from crm import audit, records
from crm.errors import RuleBroken
from crm.funding import queries, words
from crm.funding.models import RuleSet
from crm.i18n import day


def create_rules(values: dict[str, Any], by: Any) -> RuleSet:
    """Enter rules; those that hold on their first day end the day before. Raises RuleBroken."""
    _check(values)
    known = queries.rule_sets()
    before = queries.rules_on(values["valid_from"], known)
    if before is not None and before.valid_from == values["valid_from"]:
        text = _("“%(name)s” begins on this very day. Change those rules instead.", name=before.name)
        raise RuleBroken(text, "valid_from")
    _check_free(values, [one for one in known if one is not before])
    if before is not None:
        said = words.rules(before)
        before.valid_to = values["valid_from"] - timedelta(days=1)
        audit.record("funding.rules-changed", before, by, funding=(said, words.rules(before)))
    made: RuleSet = records.create(RuleSet, values, by, "funding.rules-created")
    return made


def change_rules(rules: RuleSet, values: dict[str, Any], by: Any) -> None:
    """Change rules; applications keep the standard grant that was worked out for them. Raises RuleBroken."""
    _check(values)
    _check_free(values, [one for one in queries.rule_sets() if one is not rules])
    records.change(rules, values, by, "funding.rules-changed")


def _check(values: dict[str, Any]) -> None:
    first, last = values.get("valid_from"), values.get("valid_to")
    if first is None:
        raise RuleBroken(_("Enter the first day on which they hold."), "valid_from")
    if last is not None and last < first:
        raise RuleBroken(_("The last day lies before the first day."), "valid_to")
    least, exceptional = values["least_partners"], values.get("exceptional_partners")
    if exceptional is not None and exceptional >= least:
        text = _("The exception must name fewer partners than the rule (%(num)s).", num=least)
        raise RuleBroken(text, "exceptional_partners")


def _check_free(values: dict[str, Any], others: list[RuleSet]) -> None:
    first, last = values["valid_from"], values.get("valid_to") or date.max
    for one in others:
        if (one.valid_from or date.min) <= last and first <= (one.valid_to or date.max):
            text = _(
                "“%(name)s” holds in that time as well (from %(first)s). Choose other days.",
                name=one.name, first=day(one.valid_from),
            )  # fmt: skip
            later = (one.valid_from or date.min) > first
            raise RuleBroken(text, "valid_to" if later else "valid_from")
