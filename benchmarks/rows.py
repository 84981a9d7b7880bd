"""Rows that are stored in bulk."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, inspect

from crm.db import db

AT_ONCE = 5000


def store(model: Any, rows: list[dict[str, Any]]) -> None:
    """Store rows of one table in bulk."""
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(model.__table__), rows[start : start + AT_ONCE])


def columns_of(thing: Any) -> dict[str, Any]:
    """Give the columns of a record, but for the moments nobody set."""
    found = {column.key: getattr(thing, column.key) for column in inspect(type(thing)).column_attrs}
    return {name: value for name, value in found.items() if value is not None or not name.endswith("ated_at")}


@dataclass
class Rows:
    """What is going to be stored, by model."""

    of: dict[Any, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, model: Any, **values: Any) -> int:
        """Take down a row; give its number."""
        self.of[model].append({"id": len(self.of[model]) + 1, "version": 1} | values)
        return len(self.of[model])

    def store(self, *models: Any) -> None:
        """Store the rows of some tables."""
        for model in models:
            store(model, self.of[model])
