"""A report as plain values for programs: numbers as numbers, days as ISO text, nothing as null.

The keys are promised in docs/berichte.md; more may be added, none is renamed or taken away.
"""

from datetime import date
from typing import Any

from crm.reports.scope import Scope
from crm.reports.sheet import Number, Sheet, Table, plain

VERSION, PLAIN, MIXED = 1, "number", "mixed"


def as_json(slug: str, title: str, scope: Scope, sheet: Sheet) -> dict[str, Any]:
    """Give all a report says; the tables of the charts are among the tables."""
    return {
        "version": VERSION,
        "report": slug,
        "title": title,
        "period": {
            "from": f"{scope.period.since}", "to": f"{scope.period.until}", "cutoff": f"{scope.cutoff}",
        },
        "filters": scope.filters,
        "definition": [{"term": term, "text": text} for term, text in sheet.definition],
        "figures": [
            {"label": one.label, **_number(one.number), "note": one.note, "change": one.change}
            for one in sheet.figures
        ],
        "charts": [
            {"title": one.title, "text": one.text, "table": one.table.id} for one in sheet.charts
        ],
        "tables": [_table(one) for one in sheet.all_tables],
    }  # fmt: skip


def _number(number: Number) -> dict[str, Any]:
    return {"value": _value(number), "unit": number.unit or PLAIN}


def _value(cell: Any) -> Any:
    value = plain(cell)
    return f"{value}" if isinstance(value, date) else value


def _table(table: Table) -> dict[str, Any]:
    units = [_unit(table, place) for place in range(len(table.columns))]
    return {
        "id": table.id, "title": table.title,
        "columns": [{"name": name, "unit": unit} for name, unit in zip(table.columns, units, strict=True)],
        "rows": [_row(row, units) for row in table.rows],
        "total": _row(table.total, units) if table.total else None,
        "notes": list(table.notes),
    }  # fmt: skip


def _unit(table: Table, place: int) -> str | None:
    """The unit of a column of numbers; None where words or days stand."""
    found = {row[place].unit for row in (*table.rows, table.total) if row and isinstance(row[place], Number)}
    if len(found) > 1:
        return MIXED
    return next(iter(found)) or PLAIN if found else None


def _row(row: tuple[Any, ...], units: list[str | None]) -> list[Any]:
    """Bare values; where a column mixes units each number brings its own."""
    return [
        _number(cell) if unit == MIXED and isinstance(cell, Number) else _value(cell)
        for cell, unit in zip(row, units, strict=True)
    ]
