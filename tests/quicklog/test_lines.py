"""How lines are read: a table of examples as an office writes them, the same on both databases."""

from datetime import date
from pathlib import Path

import pytest

from crm.db import db
from crm.quicklog.known import Known
from crm.quicklog.parts import PartKind
from crm.quicklog.reading import LONGEST, read
from tests import factories
from tests.quicklog.said import outline
from tests.statements import asked

TODAY = date(2026, 11, 24)
_TEXT = (Path(__file__).parent / "lines.txt").read_text(encoding="utf-8").splitlines()
# A line as typed, and below it how it is read; "~" is assumed, "?" asks, with what it may mean.
LINES = list(zip(_TEXT[::2], [text.strip() for text in _TEXT[1::2]], strict=True))


@pytest.fixture
def known(app):
    """What the table was written against: two colleagues and one cooperation."""
    with app.test_request_context():
        factories.member("anna"), factories.member("bert"), factories.member("mara")
        factories.cooperation("Cölbe", "Lahntal", title="Bauhof Nord")
        db.session.commit()
        yield Known(factories.member("anna"), TODAY)


def anew(known):
    """The same knowledge for another line; the register is not loaded once more."""
    other = Known(known.by, known.today)
    other.register, other.catalogue, other.colleagues = known.register, known.catalogue, known.colleagues
    return other


def test_the_table_is_long_enough():
    assert len({line for line, _said in LINES}) == len(LINES) >= 200


def test_every_line_is_read_as_the_table_says(known):
    read_otherwise = [
        f"{line}\n  read   {found}\n  wanted {said}"
        for line, said in LINES
        if (found := outline(read(line, anew(known)))) != said
    ]
    assert read_otherwise == []


def test_nothing_unclear_is_taken_without_an_answer(known):
    line = read("Tel. Homberg: Bauhoff", known)
    place, field = line.open
    assert [one.shown for one in place.choices] == ["Homberg (Efze)", "Homberg (Ohm)"]
    assert not line.first(field.kind)
    answers = {place.mark: place.choices[1].code, field.mark: field.choices[0].code}
    assert outline(read("Tel. Homberg: Bauhoff", known, answers)) == (
        "~Di, 24.11.2026 | Telefon | place Homberg (Ohm) | task-field Bauhof"
    )


def test_an_answer_nobody_offered_changes_nothing(known):
    place = read("Tel. Homberg: Bauhof", known).open[0]
    for code in ("place:1", "place:", "note", "user:1", "place:999999999999", "'; --"):
        assert read("Tel. Homberg: Bauhof", known, {place.mark: code}).open[0].choices == place.choices


def test_a_sure_part_may_be_left_as_words(known):
    field = read("Tel. Cölbe: Bauhof", known).parts[-1]
    again = read("Tel. Cölbe: Bauhof", known, {field.mark: "note:"})
    assert outline(again).endswith("place Cölbe | note Bauhof")
    assert again.parts[-1].mark == field.mark, "so that it can be taken back"


def test_a_line_without_a_note_keeps_what_it_was_about(known):
    assert read("Tel. Cölbe: gemeinsamer Bauhof", known).note == "Bauhof"
    assert read("Tel. Cölbe: Bauhof - will entscheiden", known).note == "will entscheiden"
    assert read("Tel. Cölbe", known).note is None


HOSTILE = (
    "", " ", ":", ":::", ",;,;", "WV", "WV WV WV", "%",
    "_", "\\", "*", "(", "[", "{{", "<b>", "'; --", "\u202e",
    "1" * 500, "99.99.9999", "KW 0",
    "in 999 Tagen Cölbe", "vor 999 Monaten Cölbe", "WV in 999 Monaten",
    "#", "@", "a" * (LONGEST + 10), "Cölbe, " * 200, "½", "24:00", "0 min", "-1 h", "1/0/0",
    "00.00.", "Tel. " * 300,
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_lines_are_read_without_a_fault(known, text):
    assert read(text, known).parts


def test_a_long_line_is_read_in_few_statements(known):
    known.register, known.catalogue, known.colleagues  # noqa: B018 loaded once for all
    with asked() as seen:
        read(
            "gestern Tel. Cölbe, Lahntal, Wetter, Münchhausen: Bauhof, Kasse, 30 min, WV 15.12. prüfen", known
        )
    assert len(seen) == 0


# Around the turn of the year: the day as it was typed, the day it is, and how it is read.
TURNS = (
    ("30.12. Tel. Cölbe: Bauhof", date(2026, 1, 5), "Di, 30.12.2025"),
    ("Mo Tel. Cölbe: Bauhof", date(2026, 1, 2), "Mo, 29.12.2025"),
    ("2.1. vor Ort Cölbe: Bauhof", date(2026, 12, 28), "Sa, 02.01.2027"),
    ("KW 52 Tel. Cölbe: Bauhof", date(2026, 1, 5), "Mo, 22.12.2025"),
    ("Ende Dezember Tel. Cölbe: Bauhof", date(2026, 1, 5), "Mi, 31.12.2025"),
    ("Tel. Cölbe: Bauhof, WV KW 1 anrufen", date(2026, 12, 28), "Mo, 04.01.2027"),
    ("Tel. Cölbe: Bauhof, WV 2.1. anrufen", date(2026, 12, 28), "Sa, 02.01.2027"),
    ("Tel. Cölbe: Bauhof, WV in 1 Monat", date(2026, 11, 30), "Mi, 30.12.2026"),
)


@pytest.mark.parametrize(("text", "day", "said"), TURNS)
def test_days_around_the_turn_of_the_year(known, text, day, said):
    line = read(text, Known(known.by, day))
    kind = PartKind.DUE if "WV" in text else PartKind.DAY
    part = next(one for one in line.parts if one.kind is kind)
    assert (part.shown or part.choices[0].shown) == said


def test_an_assumed_namesake_can_be_chosen_anew(known):
    text = "Tel. Homberg, Knüllwald: Bauhof"
    assumed = next(one for one in read(text, known).parts if one.namesakes)
    assert assumed.shown == "Homberg (Efze)"
    asked = read(text, known, {assumed.mark: "ask:"}).open[0]
    other = next(one for one in asked.choices if one.shown == "Homberg (Ohm)")
    assert read(text, known, {asked.mark: other.code}).parts[2].shown == "Homberg (Ohm)"


def test_many_unknown_names_ask_the_database_little(known):
    known.register, known.catalogue  # noqa: B018 loaded once for all
    with asked() as seen:
        read("Tel. " + ", ".join(f"Unbekanntburg {number}" for number in range(50)) + ": Bauhof", known)
    assert len(seen) <= 40


def test_partners_that_are_no_kommunen_come_with_their_group(known):
    body = factories.body("Abwasserverband Ohm")
    factories.cooperation("Cölbe", "Abwasserverband Ohm", title="Kanal")
    line = read("#Kanal: Tel.", Known(known.by, TODAY))
    assert [one.shown for one in line.of(PartKind.PLACE)] == ["Cölbe", body.name]
