"""One cleaner for everything people type or paste."""

import pytest

from crm.text import Unreadable, clean_line, clean_lines

DIN_91379 = "Đặng Żółć ĳ ŉ M\u0302 ǧ Ł Ø Þ ß ẞ ə ʒ ŧ Ĳ ķ\u0327 c\u0303 Œ æ ð ŋ ħ"


pytestmark = pytest.mark.usefixtures("german")

KEPT = [
    "O'Brien",
    "von der Höhe-Graf zu",
    "X",
    "x" * 200,
    "R2 D2",
    "<b>",
    "&amp;",
    "{{",
    "%s",
    "'; --",
    "\\",
    '"',
    "👍🏽",
    "👨\u200d👩\u200d👧",
    "🇩🇪",
    "❤\ufe0f",
    "a" + "\u0338" * 100,
    "Ω",
    "Łódź",
    "\u0646\u200c\u0647",
]
CLEANED = {
    "Mu\u0308ller": "Müller",
    "  Anna \t Adler ": "Anna Adler",
    "Anna\u00a0\u2003Adler": "Anna Adler",
    "An\u00adna": "Anna",
    "\ufeffAnna": "Anna",
    "An\u200bna": "Anna",
    "\u202eannA": "annA",
    "\u2066Anna\u2069": "Anna",
    "Anna\n": "Anna",
    "Anna\r\n": "Anna",
}
EMPTY = [
    "",
    " ",
    "\u00a0",
    "\t",
    "\n",
    "\r\n",
    "\u200b",
    "\u202e",
    "\u00ad\ufeff",
    "\u200d\u200c",
    "\u3000\u2003",
    "\u2028",
    "\u3164",
    "\u115f\u1160",
    "\uffa0",
    "\u2800",
    "\ufe0f",
    "\u034f",
    "\U000e0041",
    "\u206a\u206f",
    "\ufff9",
    "\u180b",
]
BROKEN = ["a\x00b", "\x00", "a\x1bb", "\x07", "a\x7fb", "\ud800", "a\udfffb", "a\x0bb", "a\x0cb"]


@pytest.mark.parametrize("text", KEPT)
def test_what_is_a_name_stays_as_it_is(text):
    assert clean_line(text) == text
    assert clean_lines(text) == text


def test_all_letters_of_the_register_offices_stay():
    assert clean_line(DIN_91379) == DIN_91379


@pytest.mark.parametrize("text", CLEANED)
def test_what_cannot_be_seen_is_taken_out(text):
    assert clean_line(text) == CLEANED[text]


@pytest.mark.parametrize("text", EMPTY, ids=ascii)
def test_what_shows_nothing_is_empty(text):
    assert clean_line(text) is None
    assert clean_lines(text) is None


@pytest.mark.parametrize("text", BROKEN, ids=ascii)
def test_fact_12_control_characters_are_refused_with_advice(text):
    for clean in (clean_line, clean_lines):
        with pytest.raises(Unreadable, match="Steuerzeichen"):
            clean(text)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\u2029", "\x85"], ids=ascii)
def test_a_line_break_belongs_into_long_texts_only(end):
    assert clean_lines(f"eins{end}zwei") == "eins\nzwei"
    with pytest.raises(Unreadable, match="eine Zeile"):
        clean_line(f"eins{end}zwei")


def test_long_texts_keep_their_shape():
    assert clean_lines("  - eins  \n\n    - zwei\t\n\n") == "  - eins\n\n    - zwei"
    assert clean_lines("x" * 1_000_000) == "x" * 1_000_000
