"""Look at what an action would do, do it, and take it back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from crm.access import Permission
from crm.accounts.models import User
from crm.audit import AuditEvent
from crm.bulk.actions import ALL
from crm.bulk.models import BulkAction
from crm.bulk.plan import Action, Line, Plan
from crm.db import db, now
from crm.errors import RuleBroken
from crm.picks import LISTS, MOST, Picks, too_many

LIFETIME = timedelta(days=30)


@dataclass(frozen=True)
class Chosen:
    """The records of a selection, and how many numbers led to none."""

    records: list[Any]
    missing: int = 0


def choose(action: Action, picks: Picks, user: Any) -> Chosen:
    """Load what was chosen, as far as this user may see it. Raises RuleBroken."""
    kind = action.kind
    if picks.is_empty:
        raise RuleBroken(_("Tick at least one row first."))
    if picks.numbers:
        query = kind.visible_to(user).where(kind.model.id.in_(picks.numbers)).order_by(kind.model.id)
    else:
        query = LISTS[kind.key]()
    found = list(db.session.scalars(query.options(*kind.options).limit(MOST + 1)).unique())
    if len(found) > MOST:
        raise too_many()
    place = {number: place for place, number in enumerate(picks.numbers)}
    return Chosen(sorted(found, key=lambda one: place.get(one.id, 0)), max(0, len(place) - len(found)))


def preview(action: Action, chosen: Chosen, values: dict[str, Any], by: Any) -> Plan:
    """Say record by record what the action would do."""
    return Plan(action.look(chosen.records, values, by), chosen.missing)


def carry_out(action: Action, chosen: Chosen, plan: Plan, values: dict[str, Any], by: Any) -> BulkAction:
    """Do to each record what the plan says, and keep what is needed to take it back. Raises RuleBroken."""
    wanted = {line.id for line in plan.changed}
    if not wanted:
        raise RuleBroken(_("Nothing would change."))
    own = action.lines_of is None
    rows = [one for one in chosen.records if one.id in wanted] if own else chosen.records
    entries = action.do(rows, values, by)
    done = BulkAction(kind=action.kind.key, action=action.key, user_id=by.id, entries=entries)
    db.session.add(done)
    db.session.flush()
    return done


def may_undo(done: BulkAction, user: Any) -> bool:
    """Tell whether this user may take an action back: who did it, or a manager, as far as the right goes."""
    action = ALL.get((done.kind, done.action))
    own = done.user_id == user.id or user.may(Permission.READ_STAFF_FIGURES)
    return action is not None and own and user.may(action.permission)


def undo_plan(done: BulkAction, user: Any) -> Plan:
    """Say which records go back to what they were, and which were changed since."""
    action = ALL[(done.kind, done.action)]
    records = _records(done, user)
    changers = _changers(_undone_model(action, user), list(records))
    lines = []
    for held in done.entries:
        record = records.get(held["id"])
        if record is not None:
            changed = record.version != held["version"]
            who = _("was changed since by %(name)s", name=changers.get(record.id, "–")) if changed else ""
            lines.append(Line(record.id, record.version, action.name_of(record), reason=who))
    return Plan(lines, len(done.entries) - len(lines))


def _records(done: BulkAction, user: Any) -> dict[int, Any]:
    action = ALL[(done.kind, done.action)]
    query, model = action.undone(user), _undone_model(action, user)
    numbers = [held["id"] for held in done.entries]
    return {one.id: one for one in db.session.scalars(query.where(model.id.in_(numbers))).unique()}


def _undone_model(action: Action, user: Any) -> Any:
    return action.undone(user).column_descriptions[0]["entity"]


def _changers(model: Any, numbers: list[int]) -> dict[int, str]:
    """Who was the last to change each of some records."""
    last = (
        select(func.max(AuditEvent.id))
        .where(AuditEvent.record_type == model.__tablename__, AuditEvent.record_id.in_(numbers))
        .group_by(AuditEvent.record_id)
    )
    query = select(AuditEvent.record_id, User.name).join(User, User.id == AuditEvent.user_id)
    return {number: name for number, name in db.session.execute(query.where(AuditEvent.id.in_(last)))}  # noqa: C416 mypy


def undo(done: BulkAction, user: Any) -> tuple[int, list[str]]:
    """Take back what was not changed since; give its number and, by name, what refused to go back."""
    action = ALL[(done.kind, done.action)]
    records, taken, refused = _records(done, user), 0, []
    for held in reversed(done.entries):
        record = records.get(held["id"])
        if record is None or record.version != held["version"]:
            continue
        try:
            with db.session.begin_nested():
                action.take_back(record, held["before"], user)
            taken += 1
        except RuleBroken as broken:
            refused.append(f"{action.name_of(record)}: {broken.message}")
    done.undone_at, done.undone_by_id = now(), user.id
    return taken, refused
