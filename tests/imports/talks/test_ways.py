"""Kinds of talks and the words for coming back to something."""

from datetime import date

import pytest

from crm.imports.talks.returns import read_return
from crm.imports.talks.ways import Way, is_event, kind_by, way_of

TODAY = date(2026, 11, 26)
WAYS = {
    "Tel.": Way.PHONE, "tel": Way.PHONE, "TEL": Way.PHONE, "Telefonat": Way.PHONE, "Telefon": Way.PHONE,
    "telefonisch": Way.PHONE, "Anruf": Way.PHONE, "E-Mail": Way.MAIL, "e-mail": Way.MAIL, "Mail": Way.MAIL,
    "Video": Way.VIDEO, "ViKo": Way.VIDEO, "Videokonferenz": Way.VIDEO, "Ortstermin": Way.ON_SITE,
    "vor Ort": Way.ON_SITE, "Gespräch": Way.ON_SITE, "Besuch": Way.ON_SITE, "Einzelgespräch": Way.SINGLE,
    "Gruppe": Way.GROUP, "Gruppengespr.": Way.GROUP, "Gruppengespräch": Way.GROUP,
    "Init.-Gespräch": Way.INITIATION, "Initialgespräch": Way.INITIATION, "Erstgespräch": Way.INITIATION,
    "StvV": Way.COUNCIL, "Gemeindevertretung": Way.COUNCIL, "HFA": Way.COMMITTEE,
    "Bürgerversammlung": Way.ASSEMBLY, "intern": Way.INTERNAL, "VA": None, "Vortrag": None, "": None,
    "xyz": None,
}  # fmt: skip


@pytest.mark.parametrize("text", WAYS)
def test_words_of_lists(text):
    assert way_of(text) is WAYS[text]


def test_events_are_told_from_words_nobody_knows():
    assert [is_event(text) for text in ("VA", "Vortrag", "Veranstaltung", "Tel.", "xyz", "")] == [
        True
    ] * 3 + [False] * 3


def test_the_number_of_partners_decides_where_the_word_does_not():
    assert [kind_by(Way.PHONE, number).value for number in (1, 2)] == ["single", "group"]
    assert [kind_by(Way.INITIATION, number).value for number in (1, 2)] == ["initiation", "initiation"]


@pytest.mark.parametrize(
    ("text", "due", "is_over"),
    [
        ("", None, False), ("erl.", None, True), ("x", None, True), ("07.09.2011 erl.", None, True),
        ("1.12.2026 erl.", None, True), ("WV 20.5.12", None, True), ("27.03.2013", None, True),
        ("1.12.2026", date(2026, 12, 1), False), ("WV 1.12.26", date(2026, 12, 1), False),
        ("2026-12-01", date(2026, 12, 1), False), ("11/2011", None, True), ("11/2026", None, False),
        ("Q2", None, False), ("jährl.", None, False), ("n. Sommerpause", None, False),
        ("31.4.2030", None, False),
    ],
)  # fmt: skip
def test_when_to_come_back(text, due, is_over):
    found = read_return(text, TODAY)
    assert (found.words, found.due, found.is_over) == (text, due, is_over)
