"""What the page of a report needs of its sheet, the same for a report of today and a frozen one."""

from collections.abc import Callable
from typing import Any

from crm.reports import charts
from crm.reports.sheet import Figure, Sheet


def shown(sheet: Sheet, link: Callable[..., str]) -> dict[str, Any]:
    """Give the sheet, its drawn pictures and large numbers; `link` makes addresses of arguments."""
    drawn = [charts.draw(one) for one in sheet.charts]
    return {
        "sheet": sheet,
        "drawn": drawn,
        "large": [_large(one, link) for one in sheet.figures],
        "link": link,
    }


def _large(figure: Figure, link: Callable[..., str]) -> dict[str, Any]:
    number = figure.number
    return {
        "label": figure.label,
        "value": number.spoken,
        "url": link(**number.link) if number.link and number.value else "",
        "note": figure.note,
        "delta": figure.change,
    }
