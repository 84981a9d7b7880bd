"""What is done with groups. The stage is never set: it is settled after every change from what is known."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit, records
from crm.accounts.models import User
from crm.cooperations import partners, queries
from crm.cooperations.kinds import HALTS
from crm.cooperations.models import Cooperation
from crm.cooperations.settling import describe, note, settle
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.follow_ups.models import FollowUp
from crm.task_fields.models import TaskField

COLUMNS = (
    "title", "legal_form", "legal_form_note", "planned_start", "first_contact_on", "signed_on",
    "effective_on", "evaluated_on", "term_until", "term_unlimited", "renewal_months", "notice_months",
    "termination", "note",
    "file_reference", "source_url", "adviser_id", "parent_id",
)  # fmt: skip
__all__ = ["note", "settle"]


def create_cooperation(values: dict[str, Any], by: Any) -> Cooperation:
    """Make a group with its partners.

    `values` holds columns, `task_fields` (numbers), and for the partners `organisations`, `lead`, `step`,
    `reached_on` and `source` as `partners.add` takes them. Raises RuleBroken.
    """
    _check(values, None)
    group = Cooperation(sort_key="", search_text="", term_unlimited=False)
    _set_columns(group, values)
    group.task_fields = _fields(values.get("task_fields") or [])
    db.session.add(group)
    db.session.flush()
    # The note describes the group; nothing of it belongs to the first step of each partner.
    joined = partners.added(group, values | {"note": None})
    describe(group)
    settle(group)
    names = [one.organisation_name for one in joined]
    audit.record("cooperation.created", group, by, partners=(None, names))
    return group


def change_cooperation(group: Cooperation, values: dict[str, Any], by: Any) -> None:
    """Change the columns and task fields of a group."""
    _check(values, group)
    before = [one.name for one in group.task_fields]
    _set_columns(group, values)
    changed = audit.difference(group)
    if "task_fields" in values:
        group.task_fields = _fields(values["task_fields"])
    after = [one.name for one in group.task_fields]
    more = {"task_fields": [before, after]} if before != after else {}
    describe(group)
    settle(group)
    if changed or more:
        group.updated_at = now()
        audit.record("cooperation.changed", group, by, **(changed | more))
        _rename_follow_ups(group)


def _set_columns(group: Cooperation, values: dict[str, Any]) -> None:
    for name in COLUMNS:
        if name in values and getattr(group, name) != values[name]:
            setattr(group, name, values[name])


def _fields(ids: list[int]) -> list[TaskField]:
    query = select(TaskField).where(TaskField.id.in_(ids)).order_by(TaskField.name)
    return list(db.session.scalars(query))


def _check(values: dict[str, Any], group: Cooperation | None) -> None:
    if (adviser := values.get("adviser_id")) and (group is None or group.adviser_id != adviser):
        user = db.session.get(User, adviser)
        if user is None or not user.is_active:
            raise RuleBroken(_("This account is locked. Choose somebody else."), "adviser_id")
    _check_programme(values.get("parent_id"), group)


def _check_programme(parent_id: int | None, group: Cooperation | None) -> None:
    """A group belongs to a programme, and never to itself, not even by way of others."""
    if not parent_id or (group is not None and group.parent_id == parent_id):
        return
    parent = db.session.get(Cooperation, parent_id)
    if parent is None:
        raise RuleBroken(_("Choose a programme from the suggestions."), "parent_id")
    if group is not None and group.id in queries.chain_above(parent_id):
        message = _(
            "“%(name)s” belongs to this cooperation itself. A programme cannot stand above itself.",
            name=parent.title,
        )
        raise RuleBroken(message, "parent_id")


def _rename_follow_ups(group: Cooperation) -> None:
    """Lists of follow-ups show the title without asking for the group."""
    mine = select(FollowUp).where(FollowUp.cooperation_id == group.id, FollowUp.consultation_id.is_(None))
    for follow_up in db.session.scalars(mine.execution_options(include_removed=True)):
        follow_up.about = group.title[:200]


def halt(group: Cooperation, values: dict[str, Any], by: Any) -> None:
    """Pause, abandon or end a group; `values` holds `halt`, `halted_on` and `halt_reason`."""
    if values["halt"] not in HALTS:
        raise RuleBroken(_("Choose paused, abandoned or ended."), "halt")
    if not values.get("halt_reason"):
        raise RuleBroken(_("Enter the reason."), "halt_reason")
    if values["halted_on"] and values["halted_on"] > today():
        raise RuleBroken(_("The day lies after today."), "halted_on")
    for name in ("halt", "halted_on", "halt_reason"):
        setattr(group, name, values[name])
    settle(group)
    audit.record("cooperation.halted", group, by)


def resume(group: Cooperation, by: Any) -> None:
    """Let a group go on; its stage follows from the partners again."""
    if group.halt is None:
        return
    group.halt = group.halted_on = group.halt_reason = None
    settle(group)
    audit.record("cooperation.resumed", group, by)


def remove(group: Cooperation, by: Any) -> None:
    """Put a group and the follow-ups that hang on nothing else into the trash together; its talks stay."""
    query = select(FollowUp).where(FollowUp.cooperation_id == group.id, FollowUp.consultation_id.is_(None))
    records.remove([group, *db.session.scalars(query)], by, "cooperation.removed")


def restore(group: Cooperation, by: Any) -> None:
    """Take a removed group back with everything that went with it."""
    same = select(FollowUp).where(FollowUp.removal == group.removal)
    gone = list(db.session.scalars(same.execution_options(include_removed=True)))
    records.restore([group, *gone], by, "cooperation.restored")
