"""What Germans write as a day, a time, a number or a duration, and what they get told otherwise."""

from datetime import date, time
from decimal import Decimal

import pytest

from crm.reading import Misread, read_clock, read_day, read_edge, read_minutes, read_number, read_spoken

TODAY = date(2026, 11, 22)
FEBRUARY = date(2026, 2, 1)


pytestmark = pytest.mark.usefixtures("german")

DAYS = {
    "1.2.26": FEBRUARY,
    "01.02.2026": FEBRUARY,
    "2026-02-01": FEBRUARY,
    "2026-2-1": FEBRUARY,
    " 01.02.2026 ": FEBRUARY,
    "1. 2. 2026": FEBRUARY,
    "1. Februar 2026": FEBRUARY,
    "1 Feb. 2026": FEBRUARY,
    "So, 1.2.2026": FEBRUARY,
    "1.2.": FEBRUARY,
    "1.12.": date(2025, 12, 1),
    "29.02.2028": date(2028, 2, 29),
    "29.2.": date(2024, 2, 29),
    "01.01.1900": date(1900, 1, 1),
    "31.12.2100": date(2100, 12, 31),
    "1.2.99": date(2099, 2, 1),
    "heute": TODAY,
    "Gestern": date(2026, 11, 21),
    "übermorgen": date(2026, 11, 24),
    "12.11.2026": date(2026, 11, 12),
}
MISSING = "Dieses Datum gibt es nicht"
SHAPE = "Schreiben Sie den Tag so: 23.11.2026."
YEARS = "zwischen 1900 und 2100"
WRONG_DAYS = {
    "29.02.2027": MISSING,
    "31.04.2026": MISSING,
    "00.01.2026": MISSING,
    "32.01.2026": MISSING,
    "1.13.2026": MISSING,
    "2026-13-01": MISSING,
    "31.4.": MISSING,
    "12.31.2025": MISSING,
    "01.01.0001": YEARS,
    "31.12.1899": YEARS,
    "01.01.9999": YEARS,
    "01.01.10000": YEARS,
    "10000-01-01": YEARS,
    "12/31/2025": SHAPE,
    "31-12-2025": SHAPE,
    "20260201": SHAPE,
    "1.2.202": SHAPE,
    "bald": SHAPE,
    "1. Brumaire 2026": SHAPE,
    "\u0661.\u0662.\u0662\u0660\u0662\u0666": SHAPE,
    "\uff11.\uff12.\uff12\uff10\uff12\uff16": SHAPE,
    "1.2.2026; DROP TABLE users": SHAPE,
    "1_0.2.2026": SHAPE,
    "-1.2.2026": SHAPE,
    "9" * 5000: SHAPE,
    "1.2." + "9" * 5000: SHAPE,
}


@pytest.mark.parametrize("written", DAYS)
def test_a_day_is_read(written):
    assert read_day(written, TODAY) == DAYS[written]


@pytest.mark.parametrize("written", WRONG_DAYS, ids=lambda text: text[:20])
def test_a_wrong_day_is_explained(written):
    with pytest.raises(Misread) as told:
        read_day(written, TODAY)
    assert WRONG_DAYS[written] in str(told.value)


def test_a_day_without_a_year_leans_where_it_should():
    assert read_day("1.12.", TODAY, "past") == date(2025, 12, 1)
    assert read_day("1.12.", TODAY, "future") == date(2026, 12, 1)
    assert read_day("22.11.", TODAY, "past") == read_day("22.11.", TODAY, "future") == TODAY
    assert read_day("29.2.", TODAY, "future") == date(2028, 2, 29)


def test_a_talk_of_next_month_is_not_a_year_ago():
    assert read_day("10.12.", TODAY, "near") == date(2026, 12, 10)
    assert read_day("21.1.", TODAY, "near") == date(2027, 1, 21)
    assert read_day("22.1.", TODAY, "near") == date(2026, 1, 22)
    assert read_day("21.11.", TODAY, "near") == date(2026, 11, 21)
    assert read_day("22.11.", TODAY, "near") == TODAY


SPOKEN = {
    "Freitag": (date(2026, 11, 20), date(2026, 11, 27)),
    "am Fr.": (date(2026, 11, 20), date(2026, 11, 27)),
    "MONTAG": (date(2026, 11, 16), date(2026, 11, 23)),
    "Mittwoch": (date(2026, 11, 18), date(2026, 11, 25)),
    "Sonnabend": (date(2026, 11, 21), date(2026, 11, 28)),
    "in 4 Monaten": (date(2027, 3, 22), date(2027, 3, 22)),
    "vor einem Monat": (date(2026, 10, 22), date(2026, 10, 22)),
    "in 2 Wochen": (date(2026, 12, 6), date(2026, 12, 6)),
    "vor 3 Tagen": (date(2026, 11, 19), date(2026, 11, 19)),
    "in zwei Wochen": (date(2026, 12, 6), date(2026, 12, 6)),
    "vor einem Tag": (date(2026, 11, 21), date(2026, 11, 21)),
}


@pytest.mark.parametrize("said", SPOKEN)
def test_a_day_is_read_as_it_is_said(said):
    assert (read_spoken(said, TODAY, "past"), read_spoken(said, TODAY, "future")) == SPOKEN[said]


def test_months_from_now_stay_within_the_years():
    with pytest.raises(Misread, match=YEARS):
        read_spoken("in 999 Monaten", TODAY)


@pytest.mark.parametrize("said", ["", "heute", "22.11.", "Sonntagsrede", "in vielen Wochen", "mo, 23.11."])
def test_what_is_no_spoken_day_is_left_to_others(said):
    assert read_spoken(said, TODAY) is None


@pytest.mark.parametrize(
    ("said", "lean", "days"),
    [
        ("Freitag", "near", "20.11.2026 oder 27.11.2026"),
        ("Sonntag", "future", "22.11.2026 oder 29.11.2026"),
        ("Sonntag", "past", "15.11.2026 oder 22.11.2026"),
    ],
)
def test_a_weekday_that_may_be_two_days_is_asked_for(said, lean, days):
    with pytest.raises(Misread) as told:
        read_spoken(said, TODAY, lean)
    assert days in str(told.value)


CLOCKS = {
    "9:30": time(9, 30),
    "09.30": time(9, 30),
    "930": time(9, 30),
    "0930": time(9, 30),
    "9 Uhr": time(9),
    "9:30 Uhr": time(9, 30),
    "9": time(9),
    "0:00": time(0),
    "23:59": time(23, 59),
    " 9h30 ": time(9, 30),
    "2:30": time(2, 30),
}
WRONG_CLOCKS = {
    "24:00": "00:00 Uhr des nächsten Tages",
    "25:00": "Diese Uhrzeit gibt es nicht",
    "9:60": "Diese Uhrzeit gibt es nicht",
    "99": "Diese Uhrzeit gibt es nicht",
    "12345": "Schreiben Sie die Uhrzeit so: 09:30.",
    "9:5": "so: 09:30",
    "-1:00": "so: 09:30",
    "9;30": "so: 09:30",
    "\u0669:\u0663\u0660": "so: 09:30",
    "halb zehn": "so: 09:30",
    "9" * 5000: "so: 09:30",
}


@pytest.mark.parametrize("written", CLOCKS)
def test_a_time_is_read(written):
    assert read_clock(written) == CLOCKS[written]


@pytest.mark.parametrize("written", WRONG_CLOCKS, ids=lambda text: text[:20])
def test_a_wrong_time_is_explained(written):
    with pytest.raises(Misread) as told:
        read_clock(written)
    assert WRONG_CLOCKS[written] in str(told.value)


NUMBERS = {
    "1.234,56": "1234.56",
    "1234,56": "1234.56",
    "1.234": "1234",
    "1,5": "1.5",
    "1 234": "1234",
    "1\u00a0234": "1234",
    "1\u202f234": "1234",
    "1'234": "1234",
    "1.234.567,8": "1234567.8",
    "0": "0",
    "+5": "5",
    "-5": "-5",
    "\u22125": "-5",
    " 7 ": "7",
}
NO_NUMBER = [
    "1,234.56", ",5", "1.", "12 %", "NaN", "sNaN", "Infinity", "-Infinity", "1e400", "1e3", "1_000", "--1",
    "\u0661\u0662", "\uff11\uff12", "0x10", "5" * 5000, "1.23", "1.2345", "1.234 567", "1..234", "1,2,3",
    "1 2", "zwölf", "\u00b2", "½",
]  # fmt: skip


@pytest.mark.parametrize("written", NUMBERS)
def test_a_number_is_read_the_german_way(written):
    assert read_number(written, places=2) == Decimal(NUMBERS[written])


@pytest.mark.parametrize(
    "written", [one for one in NO_NUMBER if one.strip() != "1"], ids=lambda text: text[:20]
)
def test_fact_12_what_is_no_number_is_explained(written):
    with pytest.raises(Misread) as told:
        read_number(written, places=2)
    assert "Das ist keine Zahl. Schreiben Sie sie so: 1.234,56." in str(told.value)


def test_nothing_has_no_sign():
    for written in ("-0", "-0,00", "\u22120"):
        with pytest.raises(Misread, match="Das ist keine Zahl"):
            read_number(written, places=2)


def test_decimals_are_limited():
    with pytest.raises(Misread, match="nur ganze Zahlen"):
        read_number("1,5")
    with pytest.raises(Misread, match="höchstens 2"):
        read_number("0,001", places=2)


MINUTES = {
    "90": 90,
    "90 min": 90,
    "90 Minuten": 90,
    "90'": 90,
    "1:30": 90,
    "1:30 h": 90,
    "1,5 h": 90,
    "1,5 Std.": 90,
    "2 Stunden": 120,
    "0,25 h": 15,
    "0": 0,
    "1440": 1440,
}
WRONG_MINUTES = {
    "1441": "1440",
    "25 h": "1440",
    "1:75": "90 oder 1,5 h",
    "-5": "90 oder 1,5 h",
    "1.5 h": "90 oder 1,5 h",
    "1,5": "90 oder 1,5 h",
    "lang": "90 oder 1,5 h",
    "1e3": "90 oder 1,5 h",
    "\u0669\u0660": "90 oder 1,5 h",
    "9" * 5000: "90 oder 1,5 h",
}


@pytest.mark.parametrize("written", MINUTES)
def test_a_duration_is_read(written):
    assert read_minutes(written) == MINUTES[written]


@pytest.mark.parametrize("written", WRONG_MINUTES, ids=lambda text: text[:20])
def test_a_wrong_duration_is_explained(written):
    with pytest.raises(Misread) as told:
        read_minutes(written)
    assert WRONG_MINUTES[written] in str(told.value)


# Sunday, 22 November 2026 → (first day, last day).
STRETCHES = {
    "diese Woche": (date(2026, 11, 16), TODAY),
    "letzte  Woche": (date(2026, 11, 9), date(2026, 11, 15)),
    "nächste Woche": (date(2026, 11, 23), date(2026, 11, 29)),
    "Dieser Monat": (date(2026, 11, 1), date(2026, 11, 30)),
    "letzten Monat": (date(2026, 10, 1), date(2026, 10, 31)),
    "naechster Monat": (date(2026, 12, 1), date(2026, 12, 31)),
    "dieses Quartal": (date(2026, 10, 1), date(2026, 12, 31)),
    "nächstes Quartal": (date(2027, 1, 1), date(2027, 3, 31)),
    "letztes Quartal": (date(2026, 7, 1), date(2026, 9, 30)),
    "dieses Jahr": (date(2026, 1, 1), date(2026, 12, 31)),
    "letztes Jahr": (date(2025, 1, 1), date(2025, 12, 31)),
    "nächstes Jahr": (date(2027, 1, 1), date(2027, 12, 31)),
    "2019": (date(2019, 1, 1), date(2019, 12, 31)),
    "vor 30 Tagen": (date(2026, 10, 23),) * 2,
    "in 2 Wochen": (date(2026, 12, 6),) * 2,
    "in 1 Tag": (date(2026, 11, 23),) * 2,
}


@pytest.mark.parametrize(("text", "days"), STRETCHES.items())
def test_a_stretch_of_days_has_a_first_and_a_last_one(text, days):
    assert (read_edge(text, TODAY, "first"), read_edge(text, TODAY, "last")) == days


@pytest.mark.parametrize(
    "text", ["", "heute", "1.2.2026", "Woche", "diese", "in 9999 Tagen", "vor -1 Tagen", "dieses Jahrzehnt"]
)
def test_what_is_no_stretch_of_days_is_left_to_others(text):
    assert read_edge(text, TODAY, "first") is None
