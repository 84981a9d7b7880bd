"""The language of the box: a table of questions and what is read in them."""

from datetime import date

import pytest

from crm.search.asking import read
from crm.search.models import EntryKind as Kind

# A Thursday.
TODAY = date(2026, 11, 26)


def day(text):
    """23.11.2026 as a date."""
    first, month, year = map(int, text.split("."))
    return date(year, month, first)


def days(since, until):
    """What a question about these days is read as."""
    return {"since": day(since) if since else None, "until": day(until) if until else None}


WEEK = days("23.11.2026", "29.11.2026")
LAST_WEEK, NEXT_WEEK = days("16.11.2026", "22.11.2026"), days("30.11.2026", "6.12.2026")
MARCH = days("1.3.2026", "31.3.2026")

QUESTIONS = [
    ("", {}),
    ("   ", {}),
    ("bauhof", {"words": "bauhof"}),
    ("  gemeinsamer   Bauhof ", {"words": "gemeinsamer Bauhof"}),
    ("Groß-Gerau", {"words": "Groß-Gerau"}),
    ("Weimar b. Marburg", {"words": "Weimar b. Marburg"}),
    ("06534014", {"words": "06534014"}),
    ("9:30", {"words": "9:30"}),
    ('"gemeinsame Kasse"', {"phrases": ("gemeinsame Kasse",)}),
    ("„gemeinsame Kasse“", {"phrases": ("gemeinsame Kasse",)}),
    ("“gemeinsame Kasse”", {"phrases": ("gemeinsame Kasse",)}),
    ('bauhof "die Kosten" heute?', {"words": "bauhof heute?", "phrases": ("die Kosten",)}),
    ('""', {}),
    ('" % "', {}),
    ('"offen', {"words": '"offen'}),
    ("von:anna", {"staff": ("anna",)}),
    ("Von:Anna bauhof", {"staff": ("Anna",), "words": "bauhof"}),
    ("von: anna", {"staff": ("anna",)}),
    ('von:"Anna Adler"', {"staff": ("Anna Adler",)}),
    ("von:anna von:bert", {"staff": ("anna", "bert")}),
    ("thema:bauhof", {"fields": ("bauhof",)}),
    ("thema:IT/Digitalisierung", {"fields": ("IT/Digitalisierung",)}),
    ('thema:"Bauen und Technik" kasse', {"fields": ("Bauen und Technik",), "words": "kasse"}),
    ("art:beratung", {"kinds": (Kind.CONSULTATION,)}),
    ("art:Beratungen", {"kinds": (Kind.CONSULTATION,)}),
    ("art:kommune", {"kinds": (Kind.ORGANISATION,)}),
    ("art:kommunen", {"kinds": (Kind.ORGANISATION,)}),
    ("art:stelle", {"kinds": (Kind.ORGANISATION,)}),
    ("art:kontakt", {"kinds": (Kind.PERSON,)}),
    ("art:Kontakte", {"kinds": (Kind.PERSON,)}),
    ("art:person", {"kinds": (Kind.PERSON,)}),
    ("art:kooperation", {"kinds": (Kind.COOPERATION,)}),
    ("art:veranstaltungen", {"kinds": (Kind.EVENT,)}),
    ("art:dokumente", {"kinds": (Kind.DOCUMENT,)}),
    ("art:wiedervorlage", {"kinds": (Kind.FOLLOW_UP,)}),
    ("art:beratung art:kontakt", {"kinds": (Kind.CONSULTATION, Kind.PERSON)}),
    ("am:3.4.2026", days("3.4.2026", "3.4.2026")),
    ("am: 3.4.26", days("3.4.2026", "3.4.2026")),
    ("am:3.4.", days("3.4.2026", "3.4.2026")),
    ("am:2026-04-03", days("3.4.2026", "3.4.2026")),
    ("am:gestern", days("25.11.2026", "25.11.2026")),
    ("seit:1.3.2026", days("1.3.2026", None)),
    ("seit:letzte Woche", days("16.11.2026", None)),
    ("seit:2025", days("1.1.2025", None)),
    ("seit:März 2026 kasse", days("1.3.2026", None) | {"words": "kasse"}),
    ("bis:31.3.2026", days(None, "31.3.2026")),
    ("bis:gestern", days(None, "25.11.2026")),
    ("bis:2025", days(None, "31.12.2025")),
    ("seit:1.3.2026 bis:31.3.2026 kasse", MARCH | {"words": "kasse"}),
    ("heute", days("26.11.2026", "26.11.2026")),
    ("gestern bauhof", days("25.11.2026", "25.11.2026") | {"words": "bauhof"}),
    ("vorgestern", days("24.11.2026", "24.11.2026")),
    ("diese Woche", WEEK),
    ("letzte Woche", LAST_WEEK),
    ("Letzte  Woche kasse", LAST_WEEK | {"words": "kasse"}),
    ("in letzter Woche", LAST_WEEK | {"words": "in"}),
    ("vorige Woche", LAST_WEEK),
    ("vergangene Woche", LAST_WEEK),
    ("nächste Woche", NEXT_WEEK),
    ("kommende Woche", NEXT_WEEK),
    ("diesen Monat", days("1.11.2026", "30.11.2026")),
    ("letzten Monat", days("1.10.2026", "31.10.2026")),
    ("nächsten Monat", days("1.12.2026", "31.12.2026")),
    ("dieses Jahr", days("1.1.2026", "31.12.2026")),
    ("letztes Jahr", days("1.1.2025", "31.12.2025")),
    ("2025", days("1.1.2025", "31.12.2025")),
    ("bauhof 2025", days("1.1.2025", "31.12.2025") | {"words": "bauhof"}),
    ("2025/26", {"words": "2025/26"}),
    ("20255", {"words": "20255"}),
    ("März 2026", MARCH),
    ("maerz 2026", MARCH),
    ("im März 2026", MARCH),
    ("Mrz. 2026", MARCH),
    ("März", {"words": "März"}),
    ("3.4.2026", days("3.4.2026", "3.4.2026")),
    ("Wochenmarkt", {"words": "Wochenmarkt"}),
    ("heutenachmittag", {"words": "heutenachmittag"}),
    ("2026 bis:31.3.2026", days("1.1.2026", "31.3.2026")),
    ("https://beispiel.de/x", {"words": "https://beispiel.de/x"}),
]
NOTHING = {
    "words": "", "phrases": (), "staff": (), "fields": (), "kinds": (), "since": None, "until": None,
    "problems": (),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), QUESTIONS, ids=[text for text, _wanted in QUESTIONS])
def test_a_question_is_read_as_it_is_meant(context, text, wanted):
    asked = read(text, TODAY)
    found = {name: getattr(asked, name) for name in NOTHING}
    assert found == NOTHING | wanted


def test_there_are_enough_questions():
    assert len(QUESTIONS) >= 60


MISREAD = [
    ("art:quatsch kasse", "art:quatsch", "kasse"),
    ("seit:32.13.2026 kasse", "seit:32.13.2026", "kasse"),
    ("am:irgendwann kasse", "am:irgendwann", "kasse"),
    ("wer:anna kasse", "wer:anna", "kasse"),
    ("kasse von:", "von:", "kasse"),
    ("kasse seit:", "seit:", "kasse"),
    ("2025 2026 kasse", "Zeiträumen", "kasse"),
    ("seit:1.5.2026 bis:1.4.2026 kasse", "Zeiträumen", "kasse"),
]


@pytest.mark.parametrize(("text", "named", "words"), MISREAD)
def test_what_is_not_understood_is_named_and_left_out(context, text, named, words):
    asked = read(text, TODAY)
    assert len(asked.problems) == 1
    assert named in asked.problems[0]
    assert (asked.words, asked.staff, asked.since, asked.until) == (words, (), None, None)


def test_a_filter_knows_the_question_without_it(context):
    asked = read("kasse von:anna letzte Woche bauhof", TODAY)
    assert [(one.key, one.value, one.rest) for one in asked.filters] == [
        ("von", "anna", "kasse letzte Woche bauhof"),
        ("zeit", "16.11.2026–22.11.2026", "kasse von:anna bauhof"),
    ]


@pytest.mark.parametrize(
    "text", ["x" * 10_000, "\x00\x01\n", "von:" * 3000, '"' * 9_999, "\ud800", "art:" * 50]
)
def test_hostile_questions_are_read(context, text):
    assert len(read(text, TODAY).text) <= 200
