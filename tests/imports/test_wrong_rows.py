"""Rows that are left out: each with its sentence, all of them in a file that can be repaired."""

import pytest
from sqlalchemy import select

from crm.cooperations.models import Cooperation
from crm.db import db
from crm.imports import services
from tests import factories
from tests.imports.lists import counts, entry, plan, take, written

pytestmark = pytest.mark.usefixtures("context")

WRONG = [
    ({"Titel": ""}, "Zeile 2, Spalte „Titel“: der Titel fehlt."),
    ({"Titel": "x" * 201}, "hat 201 Zeichen; höchstens 200 passen hinein."),
    (
        {"Beginn": "12/31/2025"},
        "„12/31/2025“ ist kein Tag. Schreiben Sie ihn so: 23.11.2026, 11/2026 oder 2026.",
    ),
    ({"Beginn": "31.02.2025"}, "„31.02.2025“ Dieses Datum gibt es nicht."),
    ({"Fördersumme": "viel"}, "„viel“ ist kein Betrag. Schreiben Sie ihn so: 75.000 oder 1.234,56."),
    ({"Bemerkung": "a\x00b"}, "Der Text enthält Steuerzeichen."),
    ({"Kommunen": "Li\x07ch"}, "Der Text enthält Steuerzeichen."),
    ({"Bemerkung": "x" * 40_000}, "ist zu lang für eine Zelle."),
]


@pytest.mark.parametrize(("cells", "sentence"), WRONG, ids=[sentence for _cells, sentence in WRONG])
def test_a_wrong_row_is_left_out_with_a_sentence(cells, sentence):
    found, run = take(entry(**({"Stand": "Idee"} | cells)))
    assert (counts(found), run) == ({"errors": 1}, None)
    assert sentence in found.errors[0].text
    assert db.session.scalars(select(Cooperation)).all() == []


def test_all_errors_of_a_row_are_told_at_once():
    found = plan(entry(Titel="", Beginn="bald", Fördersumme="viel"))
    assert len(found.errors) == 3


LEAVE = "Lassen Sie nur eine der beiden stehen."


def test_one_mark_twice_with_other_content_leaves_both_out():
    content = written(("1", "Bauhof", "Lich", ""), ("1", "Archiv", "Laubach", ""), ("2", "Kasse", "Lich", ""))
    found, _run = take(content)
    assert counts(found) == {"new": 1, "errors": 2}
    assert [one.text for one in found.errors] == [
        f"Zeile {one}, Spalte „Kennung“: „1“ steht mit anderem Inhalt auch in Zeile {other}. {LEAVE}"
        for one, other in ((2, 3), (3, 2))
    ]


def test_the_same_row_twice_counts_once():
    row = ("1", "Bauhof", "Lich; Laubach", "")
    found, _run = take(written(row, row))
    assert counts(found) == {"new": 1, "errors": 1}
    assert "steht wortgleich schon in Zeile 2." in found.errors[0].text


def test_a_second_group_of_a_stored_title_is_told():
    factories.cooperation("Lich", "Laubach", title="Gemeinsamer Bauhof")
    found = plan(entry(Kommunen="Lich; Laubach"))
    assert "ist schon der Titel einer gespeicherten Kooperation" in found.doubts[0].text


def test_wrong_rows_come_back_as_a_file_that_can_be_taken_over_once_corrected():
    content = written(("1", "", "Lich; Laubach", "Idee"), ("2", "Kasse", "Lich", "Idee"))
    found, _run = take(content)
    repair = services.repair_file(found).decode("utf-8-sig")
    assert repair.splitlines() == [
        "Kennung;Titel;Kommunen;Stand;Zeile;Fehler",
        '1;;"Lich; Laubach";Idee;2;Zeile 2, Spalte „Titel“: der Titel fehlt.',
    ]
    again, _run = take(repair.replace("1;;", "1;Bauhof;").encode())
    assert counts(again) == {"new": 1}
    assert counts(
        plan(written(("1", "Bauhof", "Lich; Laubach", "Idee"), ("2", "Kasse", "Lich", "Idee")))
    ) == {"unchanged": 2}
