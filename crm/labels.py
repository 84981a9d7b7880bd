"""Enums whose members have a name on screen."""

import enum
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import case

from crm.folding import sort_key

_NAMES: dict[enum.Enum, Any] = {}


class Labelled(enum.Enum):
    """An enum with a `label` for each member; `name_members` says which."""

    @property
    def label(self) -> Any:
        """Name the value on screen."""
        return _NAMES[self]


def name_members(names: Mapping[Any, Any]) -> None:
    """Give members their names; those of lazy texts follow the language of the request."""
    _NAMES.update(names)


def in_order(column: Any, members: Iterable[Any]) -> Any:
    """Give the place of a column's value among members of its enum, to order by."""
    return case(*((column == member, place) for place, member in enumerate(members)))


def by_label(column: Any, kind: Iterable[Any]) -> Any:
    """Give what orders a column of an enum by the names on screen, in the language of the request."""
    return in_order(column, sorted(kind, key=lambda member: sort_key(str(member.label))))
