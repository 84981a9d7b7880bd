"""Enums whose members have a name on screen."""

import enum
from collections.abc import Mapping
from typing import Any

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
