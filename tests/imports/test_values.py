"""What cells say: days with the precision they have, sums, keys, several names; and what columns mean."""

from datetime import date
from decimal import Decimal

import pytest

from crm.imports import mapping, tables, values
from crm.imports.columns import MEANINGS, NEEDED, Field
from crm.reading import Misread
from tests.imports.lists import written

pytestmark = pytest.mark.usefixtures("words")


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("2024-03-25", "25.03.2024", date(2024, 3, 25)),
        ("2024-03-25T00:00:00", "25.03.2024", date(2024, 3, 25)),
        ("25.3.2024", "25.03.2024", date(2024, 3, 25)),
        ("25. März 2024", "25.03.2024", date(2024, 3, 25)),
        ("29.02.2024", "29.02.2024", date(2024, 2, 29)),
        ("2013-10", "Oktober 2013", None),
        ("10/2013", "Oktober 2013", None),
        ("10.2013", "Oktober 2013", None),
        ("Okt. 2013", "Oktober 2013", None),
        (" 2007 ", "2007", None),
    ],
)
def test_a_day_is_never_more_exact_than_it_was_written(text, words, day):
    assert values.when(text) == values.When(words, day)


@pytest.mark.parametrize("text", ["", " ", "-", "–", "k. A."])
def test_nothing_is_no_day_and_no_sum(text):
    assert values.when(text) is None
    assert values.money(text) is None


@pytest.mark.parametrize(
    "text",
    ["12/31/2025", "31.02.2025", "1.2.98", "bald", "2013-13", "13/2013", "1850", "2150-01-01", "heute",
     "ca. 2010", "2013-2014", "01.02.", "\x00", "9" * 5000],
)  # fmt: skip
def test_what_is_no_sure_day_is_not_guessed(text):
    with pytest.raises(Misread):
        values.when(text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("75000", 75000),
        ("75.000", 75000),
        ("75.000 €", 75000),
        ("1.234,56 Euro", "1234.56"),
        ("0", 0),
        ("€ 50.000,-", 50000),
    ],
)
def test_sums_are_read_as_germans_write_them(text, amount):
    assert values.money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["1,234.56", "75,5.3", "ca. 50000", "-1", "NaN", "1e9", "999999999999", "٧٥"]
)
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(Misread):
        values.money(text)


def test_names_are_parted_at_semicolons_or_line_ends_else_at_commas():
    assert values.parts("Cölbe; Lahntal ;") == ["Cölbe", "Lahntal"]
    assert values.parts("Cölbe, Lahntal") == ["Cölbe", "Lahntal"]
    assert values.parts("• Cölbe\n• Friedberg (Hessen), Stadt") == ["Cölbe", "Friedberg (Hessen), Stadt"]
    assert values.parts("–") == []


def test_keys_get_their_zero_back_and_stay_what_they_are_otherwise():
    assert values.keys("6411000; 06531; 6531") == ["06411000", "06531", "06531"]
    assert values.keys("6411000.0") == ["06411000"]
    assert values.keys("6,411E+06") == ["6,411E+06"]
    assert values.keys("") == []


def columns(*head):
    """The meanings by heading."""
    table = tables.read(written(["x"] * len(head), head=head))
    found = mapping.mapped(table.header, MEANINGS)
    meanings = {found.header[place]: meaning for place, meaning in found.meanings.items()}
    return meanings, mapping.problems(found, NEEDED), found


def test_headings_are_known_in_any_order_case_and_spelling():
    found, problems, rest = columns("STAND", " Beteiligte  Kommunen", "project_name", "Foerdersumme", "Laune")
    assert found == {
        "STAND": Field.STATUS, "Beteiligte Kommunen": Field.PARTNERS, "project_name": Field.TITLE,
        "Foerdersumme": Field.SUM,
    }  # fmt: skip
    assert (problems, rest.left_out) == ([], ["Laune"])


def test_a_missing_title_is_named_with_the_headings_there_are():
    assert columns("Stand", "Kommunen")[1] == [
        "Keine Spalte hat die Bedeutung „Titel“. Die Liste hat die Spalten Stand, Kommunen."
    ]


def test_a_heading_twice_is_told_and_the_first_counts():
    assert columns("Titel", "Titel", "Stand")[0] == {"Titel": Field.TITLE, "Stand": Field.STATUS}
    assert mapping.doubled(("Titel", "titel ", "Stand")) == [
        "Die Überschrift „Titel“ kommt mehrmals vor; es zählt die erste Spalte dieses Namens.",
        "Die Überschrift „titel “ kommt mehrmals vor; es zählt die erste Spalte dieses Namens.",
    ]


def test_one_meaning_for_two_columns_is_refused():
    found = mapping.mapped(("a", "b"), MEANINGS, {0: Field.TITLE, 1: Field.TITLE})
    [said] = mapping.problems(found, NEEDED)
    assert said.startswith("„Titel“ kann nur eine Spalte sein, nicht „a“ und „b“.")


def test_the_repair_file_of_an_earlier_import_is_understood():
    assert columns("Titel", "Zeile", "Fehler")[2].left_out == []


def test_all_headings_mean_one_thing():
    known = [fold for names in MEANINGS.values() for fold in {mapping._plain(name) for name in names}]
    assert len(known) == len(set(known))
    assert set(MEANINGS) == set(Field)
