"""Large reports as files: the writing holds next to nothing, whatever the number of rows."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
from openpyxl import load_workbook

from crm import export
from crm.export import workbook_file
from crm.reports.sheet import EURO, Linked, Number, Sheet, Table, as_leaves, as_lines, csv_of
from tests.test_export import BOUND, peak

COLUMNS = ("Kooperation", "Bewilligt am", "Summe", "Kommunen")


@pytest.fixture(scope="module")
def large():
    """A report with a table of fifty thousand rows."""
    rows = tuple(
        (Linked(f"Gruppe {one}", "x", ()), date(2026, 1, 1), Number(one, unit=EURO), Number(one % 7))
        for one in range(50_000)
    )
    table = Table("t", "Förderung", COLUMNS, rows, ("Summe", None, Number(7), Number(8)), ("1 Notiz",))
    return Sheet((("Zeitraum", "2026"),), (), None, (table,))


def test_a_large_report_is_written_line_by_line_as_csv(context, large):
    def work():
        with csv_of("Bericht", large) as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig")
            assert sum(1 for _line in csv.reader(text, delimiter=";")) == 50_008

    assert peak(work) < BOUND
    assert peak(lambda: list(as_lines("Bericht", large))) > BOUND, "the control"


def test_a_large_report_is_written_line_by_line_as_workbook(context, large, monkeypatch):
    part = replace(large, tables=(replace(large.tables[0], rows=large.tables[0].rows[:10_000]),))

    def work():
        with workbook_file(as_leaves("Bericht", part)) as file:
            assert file.seek(0, io.SEEK_END) > 100_000

    assert peak(work) < BOUND / 2
    whole = export.xlsxwriter.Workbook
    monkeypatch.setattr(
        export.xlsxwriter, "Workbook", lambda file, options: whole(file, options | {"constant_memory": False})
    )
    assert peak(work) > BOUND / 2, "the control"


def test_no_row_of_a_large_report_is_missing(context, large):
    with workbook_file(as_leaves("Bericht", large)) as file:
        leaf = load_workbook(file, read_only=True).worksheets[1]
        assert sum(1 for _row in leaf.iter_rows(min_row=5)) == 50_000 + 2 + 1
