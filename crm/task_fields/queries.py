"""Questions about the catalogue of task fields."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from crm import folding
from crm.chips import Chip, ChipSource, Unknown
from crm.db import db, today
from crm.task_fields.models import TaskField
from crm.task_fields.other_names import STANDARD_NAMES, other_names

Tree = list[tuple[TaskField, list[TaskField]]]
MOST_SUGGESTIONS = 12


def everything() -> list[TaskField]:
    """All task fields and groups, ended ones too, by name."""
    found = list(db.session.scalars(select(TaskField)))
    known = {field.id: field for field in found}
    for field in found:
        set_committed_value(field, "parent", known.get(field.parent_id or 0))
    return sorted(found, key=lambda field: (folding.sort_key(field.name), field.id))


def under(field_id: int) -> Any:
    """The condition that a task field is this one, or lies in this group."""
    return (TaskField.id == field_id) | (TaskField.parent_id == field_id)


def current(on: date | None = None) -> list[TaskField]:
    """Task fields and groups that hold on a day (today if none is named), by name."""
    day = on or today()
    return [field for field in everything() if field.holds_on(day)]


def names() -> list[Any]:
    """Number and name of the task fields and groups that hold today, by name: what a filter offers."""
    query = select(TaskField.id, TaskField.name).where(TaskField.on(today()))
    return sorted(db.session.execute(query), key=lambda one: (folding.sort_key(one.name), one.id))


def tree(on: date | None = None) -> Tree:
    """The catalogue as groups with their fields: what holds on a day, or all of it."""
    found = everything()
    shown = [field for field in found if on is None or field.holds_on(on)]
    wanted = {field.id for field in shown} | {field.parent_id for field in shown}
    groups = [field for field in found if field.parent_id is None and field.id in wanted]
    return [(group, [field for field in shown if field.parent_id == group.id]) for group in groups]


def groups(also: int | None = None) -> list[TaskField]:
    """Groups that hold today; `also` keeps one that has ended."""
    day = today()
    return [
        field
        for field in everything()
        if field.parent_id is None and (field.holds_on(day) or field.id == also)
    ]


def members(group: TaskField) -> list[TaskField]:
    """Fields of a group, ended ones too."""
    return list(db.session.scalars(select(TaskField).where(TaskField.parent_id == group.id)))


def namesakes(name: str, parent_id: int | None, but: int | None = None) -> list[TaskField]:
    """Fields of the same group whose name is the same however it is written, ended ones too."""
    query = select(TaskField).where(TaskField.parent_id == parent_id, TaskField.id != (but or 0))
    return [field for field in db.session.scalars(query) if folding.fold(field.name) == folding.fold(name)]


def suggestions(text: str) -> list[Chip]:
    """Task fields that answer to what was typed, the best first; groups come after equal fields."""
    scored = [
        (score, field.parent_id is None, place, field)
        for place, field in enumerate(current())
        if (score := _rank(text, field))
    ]
    return [_chip(field) for _score, _group, _place, field in sorted(scored, key=lambda one: one[:3])][
        :MOST_SUGGESTIONS
    ]


def _called(folded: str, fields: list[TaskField]) -> list[TaskField]:
    return [field for field in fields if folding.fold(field.name) == folded]


def _rank(text: str, field: TaskField) -> folding.Score | None:
    group = field.parent.name if field.parent else ""
    return folding.rank(text, [field.name], former=other_names(field.name), context=group)


def chips(ids: list[int]) -> list[Chip]:
    """Chips for numbers, in their order; unknown numbers are left out."""
    query = select(TaskField).where(TaskField.id.in_(ids)).options(joinedload(TaskField.parent))
    found = {field.id: field for field in db.session.scalars(query)} if ids else {}
    return [_chip(found[number]) for number in ids if number in found]


def read(text: str) -> list[Chip] | Unknown:
    """Read a typed name: the field called so, or the only one that begins so."""
    fields = current()
    same = _called(folding.fold(text), fields) or _called(STANDARD_NAMES.get(folding.fold(text), ""), fields)
    found = sorted(same, key=lambda field: field.parent_id is None) or [
        field for field in fields if folding.rank(text, [field.name])
    ]
    if same or len(found) == 1:
        return [_chip(found[0])]
    close = [field.name for field in found[:3]] or folding.closest(text, [field.name for field in fields])
    if not close:
        return Unknown(_("“%(text)s” is no task field. Choose one of the suggestions.", text=text))
    return Unknown(
        _("“%(text)s” is no task field. Did you mean %(names)s?", text=text, names=_(" or ").join(close))
    )


def chip_source() -> ChipSource:
    """Where the chips of task fields come from."""
    return ChipSource(url=url_for("task_fields.search"), chips=chips, read=read)


def _chip(field: TaskField) -> Chip:
    return Chip(str(field.id), field.name, field.parent.name if field.parent else _("Group"))
