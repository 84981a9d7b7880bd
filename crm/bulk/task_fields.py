"""Give many talks or cooperations a task field more."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from crm.access import Permission
from crm.bulk.kinds import GROUPS, TALKS
from crm.bulk.plan import Action, Kind, Line, entry
from crm.closing import guard
from crm.closing.models import span_of
from crm.consultations.models import Consultation, ConsultationState
from crm.consultations.tagging import set_task_fields
from crm.cooperations.models import Cooperation
from crm.cooperations.services import change_cooperation
from crm.db import db
from crm.task_fields.models import TaskField


def _names(one: Any) -> list[str]:
    return [field.name for field in one.task_fields]


def _ids(one: Any) -> list[int]:
    return [field.id for field in one.task_fields]


def _line(kind: Kind, one: Any, field: TaskField, closed: str = "") -> Line:
    has = _("has this task field already") if field.id in _ids(one) else ""
    after = ", ".join(sorted([*_names(one), field.name]))
    before = ", ".join(_names(one)) or "–"
    return Line(one.id, one.version, kind.named(one), before, after, has or closed)


def _look_talks(rows: list[Consultation], values: dict[str, Any], _by: Any) -> list[Line]:
    """A talk that counts in a closed quarter changes only with a reason."""
    counted = [one for one in rows if one.state is ConsultationState.HELD]
    quarters = {one.span: one for one in guard.closed_on(one.held_on for one in counted)}
    closed = {
        one.id: guard.refusal(quarters[span_of(one.held_on)])
        for one in counted
        if not values["reason"] and span_of(one.held_on) in quarters
    }
    field = db.session.get_one(TaskField, values["task_field"])
    return [_line(TALKS, one, field, closed.get(one.id, "")) for one in rows]


def _tag_talks(rows: list[Consultation], values: dict[str, Any], by: Any) -> list[dict[str, Any]]:
    found = []
    for one in rows:
        before = {"task_fields": _ids(one)}
        set_task_fields(one, [*_ids(one), values["task_field"]], by)
        found.append(entry(one, before))
    return found


def _untag_talk(one: Consultation, before: dict[str, Any], by: Any) -> None:
    set_task_fields(one, before["task_fields"], by)


def _look_groups(rows: list[Cooperation], values: dict[str, Any], _by: Any) -> list[Line]:
    field = db.session.get_one(TaskField, values["task_field"])
    return [_line(GROUPS, one, field) for one in rows]


def _tag_groups(rows: list[Cooperation], values: dict[str, Any], by: Any) -> list[dict[str, Any]]:
    found = []
    for one in rows:
        before = {"task_fields": _ids(one)}
        change_cooperation(one, {"task_fields": [*_ids(one), values["task_field"]]}, by)
        found.append(entry(one, before))
    return found


def _untag_group(one: Cooperation, before: dict[str, Any], by: Any) -> None:
    change_cooperation(one, {"task_fields": before["task_fields"]}, by)


ACTIONS = (
    Action(
        "aufgabenfeld", TALKS, _l("Add a task field"), "tags", Permission.WRITE_CONSULTATIONS,
        "task-field-of-talks", _look_talks, _tag_talks,
        lambda user: TALKS.visible_to(user).options(*TALKS.options), _untag_talk, TALKS.named,
        lambda number: ngettext("Change %(num)s talk", "Change %(num)s talks", number),
        lambda number: ngettext("%(num)s talk changed.", "%(num)s talks changed.", number),
    ),
    Action(
        "aufgabenfeld", GROUPS, _l("Add a task field"), "tags", Permission.WRITE_COOPERATIONS, "task-field",
        _look_groups, _tag_groups, lambda user: GROUPS.visible_to(user).options(*GROUPS.options),
        _untag_group, GROUPS.named,
        lambda number: ngettext("Change %(num)s cooperation", "Change %(num)s cooperations", number),
        lambda number: ngettext("%(num)s cooperation changed.", "%(num)s cooperations changed.", number),
    ),
)  # fmt: skip
