"""Lists made for tests: invented cooperations as CSV and as workbooks, and the real one if it is here."""

import csv
import io
from pathlib import Path

import pytest
import xlsxwriter

from crm.imports import services
from crm.imports.plan import Plan

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "cooperations_he.csv"
HEAD = ("Kennung", "Titel", "Kommunen", "Stand")


def real():
    """The bytes of the real list, or skip."""
    if not REAL.is_file():
        pytest.skip("the real list of cooperations is not beside the project")
    return REAL.read_bytes()


def written(*rows, head=HEAD, mark=";", encoding="utf-8"):
    """A list as CSV; a row is a tuple in the order of the head."""
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows([head, *rows])
    return out.getvalue().encode(encoding)


def entry(**cells):
    """A list of one row with headings and cells by name, and a title if none is given."""
    cells = {"Titel": "Gemeinsamer Bauhof"} | cells
    return written(tuple(cells.values()), head=tuple(cells))


def workbook(fill=None, rows=(), head=HEAD, **options):
    """A list as a workbook; `fill` may add to the book and its first leaf."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("Liste")
        for line, row in enumerate([head, *rows]):
            for column, cell in enumerate(row):
                sheet.write(line, column, cell)
        if fill:
            fill(book, sheet)
    return out.getvalue()


def plan(content, name="liste.csv", wishes=None, choices=None, **options) -> Plan:
    """Compare a list with what is stored."""
    table = services.table_of(content, name, **options)
    columns, problems = services.mapping_of(table, wishes)
    assert not problems, problems
    return services.plan_of(table, columns, choices)


def take(content, name="liste.csv", by=None, **options):
    """Take a list over; give the plan and the run."""
    found = plan(content, name, **options)
    return found, services.take_over(found, name, by)


def counts(found):
    """The counts that are not zero, without the rows."""
    return {key: value for key, value in found.summary.as_json().items() if value and key != "rows"}
