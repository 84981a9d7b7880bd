"""Set the period of a rule, or stop it for the time being."""

from typing import Any

from flask_babel import gettext as _

from crm import audit
from crm.db import db, now
from crm.errors import RuleBroken
from crm.retention import queries
from crm.retention.models import RetentionSetting
from crm.retention.rules import Rule


def save(rule: Rule, setting: RetentionSetting, values: dict[str, Any], by: Any) -> None:
    """Set period, stop and its reason. The first saving makes the row.

    Raises RuleBroken for a period outside the bounds or a stop without a reason, IntegrityError when a
    colleague made the row since these were read.
    """
    period, stopped, reason = values.get("period"), bool(values["stopped"]), values.get("reason")
    _check(rule, period, stopped, reason)
    event = _event(setting, stopped)
    setting.period = period if rule.is_changeable and period != queries.usual(rule) else None
    if stopped != setting.is_stopped:
        setting.stopped_at = now() if stopped else None
    setting.reason = reason if stopped else None
    # A form saved unchanged makes no row of a rule that nobody set, which has its key and nothing else.
    if audit.difference(setting).keys() - {"key"}:
        db.session.add(setting)
        audit.record(event, setting, by)


def _check(rule: Rule, period: int | None, stopped: bool, reason: str | None) -> None:
    # The setting of the program may lie outside; who keeps it changes nothing.
    usual = period == queries.usual(rule)
    if rule.is_changeable and not usual and not rule.least <= (period or 0) <= rule.most:
        least, most = rule.in_words(rule.least), rule.in_words(rule.most)
        raise RuleBroken(_("From %(least)s to %(most)s are possible.", least=least, most=most), "period")
    if stopped and not reason:
        raise RuleBroken(_("Say why the rule is stopped. Others will ask."), "reason")


def _event(setting: RetentionSetting, stopped: bool) -> str:
    if stopped == setting.is_stopped:
        return "retention.changed"
    return "retention.stopped" if stopped else "retention.resumed"
