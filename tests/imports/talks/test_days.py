"""Days as offices write them: one exact day, or a question, never a first of the month."""

from datetime import date

import pytest

from crm.imports.talks.days import read_talk_day

pytestmark = pytest.mark.usefixtures("words")
TODAY = date(2026, 11, 26)
FIFTH = date(2010, 10, 5)
EXACT = {
    "5.10.2010": FIFTH, "05.10.2010": FIFTH, "5.10.10": FIFTH, "05.10.10": FIFTH, "5. 10. 2010": FIFTH,
    "2010-10-05": FIFTH, "2010-10-5": FIFTH, "5. Oktober 2010": FIFTH, "5 Oktober 2010": FIFTH,
    "5.Oktober 2010": FIFTH, "5. Okt. 2010": FIFTH, "5.Okt.2010": FIFTH, "5. Okt. 10": FIFTH,
    "5. okt 2010": FIFTH, "Di 5.10.10": FIFTH, "Di. 5.10.10": FIFTH, "Di, 5.10.2010": FIFTH,
    "Di., 5.10.2010": FIFTH, "Di.5.10.2010": FIFTH, "Dienstag, 5. Oktober 2010": FIFTH,
    "Dienstag 5.10.10": FIFTH, "5.10.10 (Di)": FIFTH, "5.10.2010 Di": FIFTH, "5.10.2010 ": FIFTH,
    " 5.10.2010": FIFTH, "5.10.2010,": FIFTH, "am 5.10.2010": FIFTH, "den 5.10.2010": FIFTH,
    "5.10.2010 14:30": FIFTH, "5.10.2010, 14 Uhr": FIFTH, "5.10.2010 um 9.30 Uhr": FIFTH,
    "2010-10-05T00:00:00": FIFTH, "2010-10-05 00:00:00": FIFTH, "19. Juli 2010": date(2010, 7, 19),
    "2010-09-07": date(2010, 9, 7), "08.03.2012": date(2012, 3, 8), "8. März 2012": date(2012, 3, 8),
    "8. Mrz. 12": date(2012, 3, 8), "29.2.2012": date(2012, 2, 29), "So 3.5.2015": date(2015, 5, 3),
    "Sa 31.12.1994": date(1994, 12, 31), "31.12.99": date(1999, 12, 31), "1.1.90": date(1990, 1, 1),
    "1.1.00": date(2000, 1, 1), "26.11.2026": TODAY,
}  # fmt: skip
ASKED = {
    "": "kein Tag", "?": "kein Tag", "–": "kein Tag", "k. A.": "genauer Tag", "k.A.": "kein Tag",
    "o.D.": "kein Tag", "unbekannt": "kein Tag", "Feb. 2014": "nur einen Monat",
    "Mai 2022": "nur einen Monat",
    "Mai '14": "nur einen Monat", "11/2011": "nur einen Monat", "03.2014": "nur einen Monat",
    "2014-03": "nur einen Monat", "Ende Mai 2014": "nur einen Monat", "Anfang Juni 2014": "nur einen Monat",
    "Frühjahr 2014": "kein genauer Tag", "Sommer 2014": "kein genauer Tag", "Q1 2014": "kein genauer Tag",
    "1. Quartal 2014": "kein genauer Tag", "KW 12 2014": "kein genauer Tag", "2014": "kein genauer Tag",
    "heute": "kein genauer Tag", "Sonntag": "kein genauer Tag", "12/31/2025": "kein genauer Tag",
    "05-10-2010": "kein genauer Tag", "20101005": "kein genauer Tag", "31.04.2012": "nicht gibt",
    "29.02.2011": "nicht gibt", "0.0.2000": "nicht gibt", "32.1.2012": "nicht gibt",
    "5.13.2012": "nicht gibt", "Mi 5.10.10": "ein Dienstag, kein Mittwoch",
    "Sonntag, 5. Oktober 2010": "ein Dienstag, kein Sonntag", "27.11.2026": "in der Zukunft",
    "1.1.49": "in der Zukunft", "31.12.1989": "vor 1990", "1.1.50": "vor 1990", "41061": "Zählung von Excel",
}  # fmt: skip
GUESSED = {
    "3./4.5.2013": ["2013-05-03", "2013-05-04"], "3.-4.5.2013": ["2013-05-03", "2013-05-04"],
    "3. und 4.5.2013": ["2013-05-03", "2013-05-04"], "3.+4.5.13": ["2013-05-03", "2013-05-04"],
    "16./17.6.15": ["2015-06-16", "2015-06-17"], "30.4./1.5.2013": ["2013-04-30", "2013-05-01"],
    "3.5.2013-4.5.2013": ["2013-05-03", "2013-05-04"], "09.12.": ["2014-12-09", "2015-12-09"],
    "9. Dezember": ["2014-12-09", "2015-12-09"], "Mi 5.10.10": ["2010-10-05"], "1.1.50": ["1950-01-01"],
    "41061": ["2012-06-01"], "Feb. 2014": [], "2014": [], "31.04.2012": [],
}  # fmt: skip


@pytest.mark.parametrize("text", EXACT)
def test_one_exact_day(text):
    assert read_talk_day(text, TODAY).day == EXACT[text]


@pytest.mark.parametrize("text", ASKED)
def test_what_is_not_one_exact_day_says_why(text):
    found = read_talk_day(text, TODAY)
    assert found.day is None
    assert ASKED[text] in found.why


@pytest.mark.parametrize("text", GUESSED)
def test_days_that_may_be_meant_are_offered(text):
    found = read_talk_day(text, TODAY, year=2014)
    assert found.day is None
    assert [day.isoformat() for day in found.guesses] == GUESSED[text]


def test_a_day_without_a_year_has_no_guess_where_no_row_above_has_one():
    assert read_talk_day("09.12.", TODAY).guesses == ()
