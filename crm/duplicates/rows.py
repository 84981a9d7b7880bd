"""Rows as plain values that a journal can keep and give back."""

import enum
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Enum, Time
from sqlalchemy.inspection import inspect

from crm.db import Euro, Moment


def packed(thing: Any) -> dict[str, Any]:
    """Give all columns of a record as plain values."""
    return {one.key: pack(getattr(thing, one.key)) for one in inspect(type(thing)).column_attrs}


def unpacked(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Give the values of a record's columns as they were packed."""
    attributes = inspect(model).column_attrs
    return {key: unpack(attributes[key].columns[0].type, value) for key, value in values.items()}


def witness(thing: Any, changing: Iterable[str]) -> dict[str, Any]:
    """Give what tells a row from another one of the same number: when it was made, else what it hangs on."""
    columns = thing.__table__.columns
    if "created_at" in columns:
        return {"created_at": pack(thing.created_at)}
    names = [one.key for one in columns if one.foreign_keys and one.key not in changing]
    return {name: pack(getattr(thing, name)) for name in names}


def is_the_one(thing: Any, said: dict[str, Any]) -> bool:
    """Tell whether a row is the one that a witness was written of."""
    return all(pack(getattr(thing, name)) == value for name, value in said.items())


def pack(value: Any) -> Any:
    """Write one value so that JSON can keep it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def unpack(kind: Any, value: Any) -> Any:
    """Read one value for a column of a type."""
    if value is None:
        return None
    if isinstance(kind, Enum) and kind.enum_class:
        return kind.enum_class(value)
    if isinstance(kind, Moment):
        return datetime.fromisoformat(value)
    if isinstance(kind, Euro):
        return Decimal(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return time.fromisoformat(value) if isinstance(kind, Time) else value
