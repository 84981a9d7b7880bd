"""Questions about periods and about what went."""

from datetime import datetime, time, timedelta

from flask import current_app
from sqlalchemy import select

from crm.db import BERLIN, db, now
from crm.retention.models import RetentionRun, RetentionSetting
from crm.retention.rules import RULES, Rule, Unit

UNSAVED = 0


def settings() -> dict[str, RetentionSetting]:
    """What was set, by rule."""
    return {one.key: one for one in db.session.scalars(select(RetentionSetting))}


def setting(key: str) -> RetentionSetting:
    """What was set about a rule, or a row without content, unsaved, as long as nobody set anything."""
    found = db.session.scalars(select(RetentionSetting).where(RetentionSetting.key == key)).first()
    return found or RetentionSetting(key=key, version=UNSAVED, period=None, stopped_at=None, reason=None)


def usual(rule: Rule) -> int:
    """The period that holds while nobody set another."""
    return int(current_app.config[rule.setting]) if rule.setting else rule.period


def period(key: str, known: dict[str, RetentionSetting] | None = None) -> int:
    """How long a rule keeps, in its unit; `known` are the settings where they were read already."""
    rule = RULES[RULES[key].period_of or key]
    chosen = (settings() if known is None else known).get(rule.key)
    return chosen.period if chosen and chosen.period is not None else usual(rule)


def periods() -> dict[str, int]:
    """The period of every rule, each in its unit, in one statement."""
    known = settings()
    return {key: period(key, known) for key in RULES}


def limit(key: str, at: datetime | None = None, known: dict[str, RetentionSetting] | None = None) -> datetime:
    """The moment before which something must lie for its period to be over.

    Days end at midnight in Hessen: what happened on a day counts as having happened at its end.
    """
    at, length = at or now(), period(key, known)
    if RULES[RULES[key].period_of or key].unit is Unit.HOURS:
        return at - timedelta(hours=length)
    day = at.astimezone(BERLIN).date() - timedelta(days=length)
    return datetime.combine(day + timedelta(days=1), time(0), BERLIN)


def later(limit: datetime, days: int) -> datetime:
    """The limit of a period that is so many days shorter."""
    return datetime.combine(limit.astimezone(BERLIN).date() + timedelta(days=days), time(0), BERLIN)


def is_switched_on() -> bool:
    """Tell whether anything goes by itself; the operator's RETENTION=off stops all."""
    return bool(current_app.config["RETENTION"])


def is_on(key: str, known: dict[str, RetentionSetting] | None = None) -> bool:
    """Tell whether a rule acts; the screen stops each."""
    chosen = (settings() if known is None else known).get(key)
    return is_switched_on() and not (chosen and chosen.is_stopped)


def runs(number: int = 50) -> list[RetentionRun]:
    """The last runs in which something went, newest first."""
    query = select(RetentionRun).where(RetentionRun.records > 0)
    return list(
        db.session.scalars(query.order_by(RetentionRun.at.desc(), RetentionRun.id.desc()).limit(number))
    )


def last_run() -> RetentionRun | None:
    """The newest run, whether anything went or not."""
    return db.session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(1)).first()
