"""Colours of both themes by calculation: text at least 4.5 to 1, edges and signs at least 3 to 1."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parent.parent / "crm" / "static" / "src" / "css"
SURFACES = ("ground", "soft", "sunk")
MEANINGS = ("ok", "wait", "bad", "info")
TEXT = [
    *((ink, on) for ink in ("ink", "ink-2", "act", "act-2") for on in SURFACES),
    *((one, on) for one in MEANINGS for on in ("ground", "soft", f"{one}-bg")),
    *((ink, f"{one}-bg") for one in MEANINGS for ink in ("ink", "ink-2")),
    ("ink", "act-soft"), ("ink-2", "act-soft"), ("act", "act-soft"), ("on-act", "act"), ("on-act", "act-2"),
    # Numbers inside the bars of charts, as charts.css pairs them.
    ("ground", "s0c"), ("ground", "s2c"), ("ink", "s1c"), ("ink", "s3c"), ("ink", "s4c"),
]  # fmt: skip
EDGES = [
    *(("field", on) for on in SURFACES),
    *(("focus", on) for on in (*SURFACES, "act-soft", *(f"{one}-bg" for one in MEANINGS))),
    ("line-2", "ground"), ("s0c", "ground"), ("s1c", "ground"), ("s2c", "ground"), ("act", "ground"),
    ("map-self", "ground"), ("m3", "ground"), ("m4", "ground"), ("act", "sunk"),
]  # fmt: skip


def tokens(more=False):
    """Give {name: (light, dark)}; with `more` as they are where more contrast is asked for."""
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    usual, _at, asked = text.partition("@media (prefers-contrast: more)")
    pattern = r"--([\w-]+): light-dark\((#[0-9a-f]{3,6}), (#[0-9a-f]{3,6})\)"
    found = {name: (light, dark) for name, light, dark in re.findall(pattern, usual)}
    return found | {name: (light, dark) for name, light, dark in re.findall(pattern, asked if more else "")}


def luminance(colour):
    """Relative luminance as WCAG defines it."""
    digits = colour.lstrip("#")
    digits = "".join(one * 2 for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """Contrast of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def too_weak(found, pairs, least):
    """Pairs whose contrast is too weak, in either theme."""
    return [
        f"{front} on {back}, {theme}: {contrast(found[front][at], found[back][at]):.2f}"
        for front, back in pairs
        for at, theme in enumerate(("light", "dark"))
        if contrast(found[front][at], found[back][at]) < least
    ]


def test_the_calculation_knows_black_and_white():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777", "#fff") == pytest.approx(4.48, abs=0.01)
    assert too_weak({"a": ("#777", "#000"), "b": ("#fff", "#fff")}, [("a", "b")], 4.5) == [
        "a on b, light: 4.48"
    ]


def test_text_can_be_read_in_both_themes():
    assert too_weak(tokens(), TEXT, 4.5) == []


def test_edges_focus_and_charts_can_be_seen_in_both_themes():
    assert too_weak(tokens(), EDGES, 3) == []


def test_who_asks_for_more_contrast_gets_more():
    assert too_weak(tokens(more=True), [("ink-2", on) for on in SURFACES], 7) == []
    assert too_weak(tokens(more=True), [(one, on) for one in ("line", "field") for on in SURFACES], 4.5) == []


def test_what_is_grey_by_rule_is_grey_by_token():
    """Placeholders and what is switched off keep the second ink; no sheet but the tokens' names a colour."""
    for name in ("base.css", "controls.css"):
        text = (CSS / name).read_text(encoding="utf-8")
        for rule in re.findall(r"::placeholder \{([^}]*)\}", text):
            assert "var(--ink-2)" in rule or "opacity: 0" in rule, rule
    off = re.search(r'\.btn\[aria-disabled="true"\] \{([^}]*)\}', (CSS / "controls.css").read_text("utf-8"))
    assert off is not None
    assert "var(--ink-2)" in off[1]
    assert "opacity: 1" in off[1]
