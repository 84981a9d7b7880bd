"""Geometry of charts as plain numbers; colours live in charts.css, words in macros/charts.html."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from crm.reports.sheet import Chart

STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
MOST_LINES, GAP, BAR_SHARE = 5, 1.5, 0.64
# The colours of two bars side by side: the strongest and the quietest.
PAIR = (0, 4)


@dataclass(frozen=True)
class _Frame:
    """The drawing area and its scale: `most` units are as high as the area."""

    width: int
    height: int
    left: int
    top: int
    bottom: int
    most: int

    def length(self, number: int) -> float:
        return (self.height - self.bottom - self.top) * number / self.most

    def y(self, number: int) -> float:
        return self.height - self.bottom - self.length(number)


def draw(chart: Chart) -> dict[str, Any]:
    """Lay out the picture of a report."""
    return (paired if chart.paired else stacked)(chart.rows, chart.series)


def stacked(
    rows: Sequence[tuple[str, Sequence[int]]], series: Sequence[str], *, width: int = 640, height: int = 230
) -> dict[str, Any]:
    """Lay out stacked bars: `rows` are (label, one number per series); the highest sum sets a round scale."""
    peak = max((sum(numbers) for _label, numbers in rows), default=0)
    return _laid_out(rows, series, peak, _bar, width, height)


def paired(
    rows: Sequence[tuple[str, Sequence[int]]], series: Sequence[str], *, width: int = 640, height: int = 230
) -> dict[str, Any]:
    """Lay out the bars of two series side by side; the highest number sets a round scale."""
    peak = max((number for _label, numbers in rows for number in numbers), default=0)
    return _laid_out(rows, series, peak, _pair, width, height)


def _laid_out(
    rows: Sequence[tuple[str, Sequence[int]]],
    series: Sequence[str],
    peak: int,
    bar: Any,
    width: int,
    height: int,
) -> dict[str, Any]:
    step = next((step for step in STEPS if (peak or 1) / step <= MOST_LINES), STEPS[-1])
    frame = _Frame(width, height, left=34, top=16, bottom=24, most=math.ceil((peak or 1) / step) * step)
    band = (frame.width - frame.left) / max(len(rows), 1)
    bars = [bar(frame, frame.left + place * band, band, row, series) for place, row in enumerate(rows)]
    ticks = [{"n": number, "y": round(frame.y(number), 1)} for number in range(0, frame.most + 1, step)]
    base = round(frame.y(0), 1)
    return {"w": width, "h": height, "left": frame.left, "base": base, "bars": bars, "ticks": ticks}


def _pair(
    frame: _Frame, start: float, band: float, row: tuple[str, Sequence[int]], series: Sequence[str]
) -> dict[str, Any]:
    label, numbers = row
    wide = band * BAR_SHARE / len(numbers)
    first = start + band * (1 - BAR_SHARE) / 2
    parts = [
        {
            "s": PAIR[place], "n": number, "name": series[place],
            "x": round(first + place * wide, 1), "w": round(wide - GAP, 1),
            "y": round(frame.y(number), 1), "h": round(max(frame.length(number), 1), 1),
            "cx": round(first + (place + 0.5) * wide, 1),
        }
        for place, number in enumerate(numbers)
        if number
    ]  # fmt: skip
    return {"label": label, "sum": 0, "cx": round(start + band / 2, 1), "top": 0, "parts": parts}


def _bar(
    frame: _Frame, start: float, band: float, row: tuple[str, Sequence[int]], series: Sequence[str]
) -> dict[str, Any]:
    label, numbers = row
    x, wide = start + band * (1 - BAR_SHARE) / 2, band * BAR_SHARE
    parts = [
        {
            "s": place,
            "n": number,
            "name": series[place],
            "x": round(x, 1),
            "w": round(wide, 1),
            "y": round(frame.y(upto), 1),
            "h": round(max(frame.length(number) - GAP, 1), 1),
        }
        for place, (number, upto) in enumerate(zip(numbers, accumulate(numbers), strict=True))
        if number
    ]
    total = sum(numbers)
    centre, above = round(x + wide / 2, 1), round(frame.y(total) - 5, 1)
    return {"label": label, "sum": total, "cx": centre, "top": above, "parts": parts}
