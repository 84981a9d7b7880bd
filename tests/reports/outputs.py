"""One report on screen, as CSV and as XLSX, brought into one form so that they can be compared."""

import csv
import io
import re
from datetime import date, datetime

from openpyxl import load_workbook

MINUS = "\u2212"
_NUMBER = re.compile(rf"[-{MINUS}]?(\d+|\d{{1,3}}(\.\d{{3}})+)(,\d+)?")


def on_screen(page):
    """The tables of a page, cell by cell."""
    return [
        [[_read(cell) for cell in row.select("th, td")] for row in table.select("tr")]
        for table in page.soup.select("table[data-table]")
    ]


def _read(cell):
    for mark in cell.select("sup"):
        mark.extract()
    return plain(cell.get_text(" ", strip=True))


def plain(value):
    """Bring a cell of screen, CSV or XLSX into one form."""
    if value in (None, "", "–"):
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, int | float):
        return f"{value:.2f}"
    text = str(value).removesuffix("\u00a0€")
    if _NUMBER.fullmatch(text):
        return f"{float(text.replace('.', '').replace(',', '.').replace(MINUS, '-')):.2f}"
    return text


def in_csv(client, url, heads):
    """The rows that follow each head in the CSV, as many as the screen shows."""
    text = client.get(url).data.decode("utf-8-sig")
    lines = [
        [_unescaped(plain(cell)) for cell in line] for line in csv.reader(io.StringIO(text), delimiter=";")
    ]
    return [_after(lines, table) for table in heads]


def _unescaped(text):
    """An apostrophe keeps a spreadsheet from running what begins like a formula."""
    return text[1:] if text.startswith("'=") else text


def in_xlsx(client, url, heads):
    """The same of the workbook, in which every table has a leaf of its own."""
    book = load_workbook(io.BytesIO(client.get(url).data))
    lines = [
        [plain(cell) for cell in row] for leaf in book.worksheets for row in leaf.iter_rows(values_only=True)
    ]
    return [_after(lines, table) for table in heads]


def _after(lines, table):
    wide = len(table[0])
    cut = [line[:wide] for line in lines]
    place = next(at for at, line in enumerate(cut) if line == table[0] and cut[at + 1] == table[1])
    return cut[place : place + len(table)]
