"""What is done with the catalogue. Fields are ended, never deleted, because talks name them."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm import audit, folding, records
from crm.db import db
from crm.errors import RuleBroken
from crm.task_fields import queries
from crm.task_fields.models import TaskField
from crm.task_fields.standard import FUNDABLE_UNTIL, STANDARD


def create(values: dict[str, Any], by: Any) -> TaskField:
    """Add a field to a group, or a group."""
    _check(values)
    field: TaskField = records.create(TaskField, values | _searched(values), by, "task-field.created")
    return field


def change(field: TaskField, values: dict[str, Any], by: Any) -> None:
    """Change name, group or validity; talks keep pointing to the same field."""
    _check(values, field)
    records.change(field, values | _searched(values), by, "task-field.changed")


def close(field: TaskField, day: date, by: Any) -> None:
    """End a field with its last day; a group takes its fields along."""
    if field.valid_from and day < field.valid_from:
        raise RuleBroken(_("The last day lies before the first day."), "valid_to")
    inside = queries.members(field)
    late = [one for one in inside if one.valid_from and one.valid_from > day]
    if late:
        names = ", ".join(one.name for one in late[:3])
        raise RuleBroken(_("%(names)s starts after that day. Choose a later day.", names=names), "valid_to")
    for one in [field, *inside]:
        if one is field or one.valid_to is None or one.valid_to > day:
            records.change(one, {"valid_to": day}, by, "task-field.changed")


def load_standard(by: Any = None) -> int:
    """Fill an empty catalogue with the usual fields; give their number. A used catalogue stays as it is."""
    if queries.everything():
        return 0
    for group_name, names in STANDARD.items():
        group = _plain(group_name, None)
        audit.record("task-field.created", group, by)
        for name in names:
            audit.record("task-field.created", _plain(name, group.id), by)
    return sum(1 + len(names) for names in STANDARD.values())


def _plain(name: str, parent_id: int | None) -> TaskField:
    field = TaskField(name=name, parent_id=parent_id, search_text=folding.search_text(name)[:300])
    field.fundable_until = FUNDABLE_UNTIL.get(name)
    db.session.add(field)
    return field


def _searched(values: dict[str, Any]) -> dict[str, str]:
    return {"search_text": folding.search_text(values["name"])[:300]}


def _check(values: dict[str, Any], field: TaskField | None = None) -> None:
    first, last = values["valid_from"] or date.min, values["valid_to"] or date.max
    if last < first:
        raise RuleBroken(_("The last day lies before the first day."), "valid_to")
    _check_fundable(values)
    _check_group(values["parent_id"], first, last, field)
    for other in queries.namesakes(values["name"], values["parent_id"], field.id if field else None):
        if (other.valid_from or date.min) <= last and first <= (other.valid_to or date.max):
            raise RuleBroken(
                _("“%(name)s” stands in this group already. Choose another name.", name=other.name), "name"
            )


def _check_fundable(values: dict[str, Any]) -> None:
    first, last = values.get("fundable_from"), values.get("fundable_until")
    if first and last and last < first:
        raise RuleBroken(_("The last day lies before the first day."), "fundable_until")


def _check_group(parent_id: int | None, first: date, last: date, field: TaskField | None) -> None:
    if parent_id is None:
        if field is not None:
            _check_members(field, first, last)
        return
    group = db.session.get(TaskField, parent_id)
    if group is None or group.parent_id is not None or (field is not None and group.id == field.id):
        raise RuleBroken(_("Choose a group."), "parent_id")
    if field is not None and queries.members(field):
        raise RuleBroken(_("This group has task fields, so it cannot go into another group."), "parent_id")
    if (group.valid_from or date.min) > first or (group.valid_to or date.max) < last:
        raise RuleBroken(_("The group “%(name)s” does not hold all that time.", name=group.name), "parent_id")


def _check_members(group: TaskField, first: date, last: date) -> None:
    for field in queries.members(group):
        if (field.valid_from or date.min) < first or (field.valid_to or date.max) > last:
            raise RuleBroken(
                _("“%(name)s” in this group holds longer. End that task field first.", name=field.name),
                "valid_to",
            )
