"""A report as tagged PDF, made of the same sheet as screen, CSV and XLSX."""

import re
from itertools import islice
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from crm.i18n import number
from crm.office.queries import office
from crm.papers import typeset
from crm.reports import charts
from crm.reports.sheet import Chart, Number, Sheet, Table, in_words

LAYOUT = "report.typ"
# Sizes of type that are tried, and how wide a page is upright and lying, in points.
UPRIGHT, LYING = 482, 728
TRIED = ((9.5, UPRIGHT), (8.5, UPRIGHT), (9, LYING), (8, LYING), (7, LYING))
SIGN, BOLD_SIGN, GAP = 0.5, 0.65, 8
# A column of words is as wide as most of its words need; a long sentence goes over several lines.
# Tags cost memory, 26 KB a cell: 25,000 cells take 0.7 GB and three seconds. Spreadsheets have no such end.
MOST_CELLS, LEAST_ROWS = 25_000, 50
LOOKED_AT, LONGEST_HEAD, LEAST_BROKEN, LONGEST_WORD, LONGEST_LINE = 200, 15, 6, 24, 34


def to_pdf(words: dict[str, Any]) -> bytes:
    """Typeset the words of a report; hold no transaction meanwhile."""
    return typeset(LAYOUT, words)


def words_of(title: str, sheet: Sheet, mark: str = "") -> dict[str, Any]:
    """Say all that stands in the PDF of a report, in the language at hand."""
    locale = get_locale()
    period = sheet.definition[0][1] if sheet.definition else ""
    figures = [
        {"label": one.label, "value": one.number.spoken, "note": one.note, "change": one.change}
        for one in sheet.figures
    ]
    return {
        "language": locale.language if locale else "de", "title": title, "mark": mark,
        "head": office().letterhead, "reference": " · ".join(filter(None, (title, period))),
        "pages": _("Page {page} of {pages}"), "definition": [list(pair) for pair in sheet.definition],
        "figures": figures, "charts": [_chart(one) for one in sheet.charts], "tables": _tables(sheet),
        "words": {
            "contents": _("Contents"), "figures": _("Most important numbers"),
            "nothing": _("Nothing in this period."), "table": _("As a table"),
        },
    }  # fmt: skip


def _chart(chart: Chart) -> dict[str, Any]:
    hues = charts.PAIR if chart.paired else range(len(chart.series))
    legend = [{"s": hue, "name": name} for hue, name in zip(hues, chart.series, strict=True)]
    return charts.draw(chart) | {
        "title": chart.title, "text": chart.text, "legend": legend, "table": _table(chart.table),
    }  # fmt: skip


def _tables(sheet: Sheet) -> list[dict[str, Any]]:
    made, left = [], MOST_CELLS
    for one in sheet.tables:
        most = max(left // len(one.columns), LEAST_ROWS)
        made.append(_table(one, most))
        left -= min(len(one.rows), most) * len(one.columns)
    return made


def _table(table: Table, most: int = MOST_CELLS) -> dict[str, Any]:
    signs = [_signs(table, place) for place in range(len(table.columns))]
    size, room = next((one for one in TRIED if _needed(signs, one[0]) <= one[1]), TRIED[-1])
    return {
        "title": table.title, "count": table.count, "columns": list(table.columns),
        "numeric": list(table.is_number), "size": size, "wide": room == LYING,
        "unbroken": LONGEST_HEAD if _needed(signs, size) <= room else LEAST_BROKEN,
        "widths": [round(one * size + GAP, 1) for one in signs],
        "rows": [[_cell(cell) for cell in row] for row in table.rows[:most]],
        "total": [_cell(cell) for cell in table.total], "notes": [*_left_out(table, most), *table.notes],
    }  # fmt: skip


def _left_out(table: Table, most: int) -> list[str]:
    """Say that a table is longer than a PDF can hold; nothing is left out in silence."""
    if len(table.rows) <= most:
        return []
    said = _(
        "Here are the first %(shown)s of %(all)s rows. The files for Excel and CSV hold all of them, and so "
        "does the sum.", shown=number(most), all=number(len(table.rows)),
    )  # fmt: skip
    return [said]


def _needed(signs: list[float], size: float) -> float:
    return sum(one * size + GAP for one in signs)


def _cell(cell: Any) -> Any:
    """A text, or a text with the mark of its note."""
    if isinstance(cell, Number) and cell.mark:
        return {"text": cell.text, "mark": cell.mark}
    return in_words(cell)


def _signs(table: Table, place: int) -> float:
    """How wide a column is in sizes of its type: numbers on one line, words on as few as is sensible."""
    rows = (*islice(table.rows, LOOKED_AT), *((table.total,) if table.total else ()))
    texts = [in_words(row[place]) for row in rows]
    head = BOLD_SIGN * min(_longest_word(table.columns[place]), LONGEST_HEAD)
    if table.is_number[place]:
        return max(head, BOLD_SIGN * max(map(len, texts), default=0))
    word = min(max(map(_longest_word, texts), default=0), LONGEST_WORD)
    line = min(sorted(map(len, texts))[len(texts) * 9 // 10] if texts else 0, LONGEST_LINE)
    return max(head, SIGN * max(word, line))


def _longest_word(text: str) -> int:
    return max(map(len, re.split(r"[\s-]+", text)))
