"""The tables by group of task fields and by size class, and what their rows are called."""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm.organisations.sizes import SizeClass
from crm.reports.scope import Scope
from crm.reports.sheet import Table, explained
from crm.reports.talks import numbers
from crm.reports.talks.counting import EMPTY, Counted, Selection
from crm.reports.territory import COUNTIES, NONE, OTHER
from crm.task_fields import queries as task_fields
from crm.task_fields.models import TaskField

# What was read is put into the list at hand; there is none where nobody asked for one.
_known: ContextVar[list[list[TaskField]] | None] = ContextVar("catalogue", default=None)


@contextmanager
def catalogue_at_hand() -> Iterator[None]:
    """Read the catalogue at most once for all that is asked inside."""
    token = _known.set([])
    try:
        yield
    finally:
        _known.reset(token)


def catalogue() -> list[TaskField]:
    """All task fields and groups, ended ones too, by name: those at hand, or read anew."""
    at_hand = _known.get()
    if at_hand is None:
        return task_fields.everything()
    if not at_hand:
        at_hand.append(task_fields.everything())
    return at_hand[0]


def by_field(counted: Counted, scope: Scope) -> Table:
    """Give a row for every group of task fields that holds on the cut-off day or was talked about."""
    heads = field_heads(scope.cutoff, counted.fields)
    rows = [(key, name, counted.fields.get(key, EMPTY)) for key, name in heads]
    rows.sort(key=lambda row: (row[0] == NONE, -len(row[2].talks)))
    return _table(
        "feld", _("By group of task fields"), _("Task fields"), counted,
        [(name, here, Selection(field=key)) for key, name, here in rows],
    )  # fmt: skip


def by_size(counted: Counted) -> Table:
    """Give a row for every size class, one for counties, and one where nobody knows the inhabitants."""
    keys = [
        *(one.value for one in SizeClass),
        COUNTIES,
        *(one for one in (NONE, OTHER) if one in counted.sizes),
    ]
    rows = [(size_name(key), counted.sizes.get(key, EMPTY), Selection(size=key)) for key in keys]
    return _table("klasse", _("By inhabitants"), _("Inhabitants"), counted, rows)


def _table(
    id: str, title: str, head: str, counted: Counted, rows: list[tuple[str, Counted, Selection]]
) -> Table:
    lines: tuple[Any, ...] = tuple((name, *numbers.three(here, one)) for name, here, one in rows)
    total = (_("Sum"), *numbers.three(counted))
    return explained(Table(id, title, (head, *numbers.heads()), lines, total))


def field_heads(on: date, also: Container[str] = ()) -> list[tuple[str, str]]:
    """The groups of task fields of a day and some others, as (key, name); at the end what has none."""
    heads = [one for one in catalogue() if one.parent_id is None]
    shown = [(str(one.id), one.name) for one in heads if one.holds_on(on) or str(one.id) in also]
    return [*shown, (NONE, _("Without task field"))]


def name(key: str, on: date) -> str:
    """Name a group of task fields, one that ended too."""
    return dict(field_heads(on, {key})).get(key, "")


def size_name(key: str) -> str:
    """Name a size class."""
    if key == COUNTIES:
        return _("Counties")
    if key == OTHER:
        return _("Without a municipality")
    return _("Not known") if key == NONE else str(SizeClass(key).label)
