"""Lists taken over: what a row becomes, what is doubtful, what is wrong, and all of it or nothing."""

import time
from datetime import date

import pytest
from sqlalchemy import event, select

from crm.audit import history_of
from crm.cooperations.kinds import LegalForm, Stage, Step
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.funding.models import Application
from crm.imports import services, taking
from crm.imports.models import ImportedRecord
from crm.imports.plan import Action
from crm.organisations.models import Organisation
from crm.proceedings.models import Study, StudyState
from tests import factories
from tests.everything import stored
from tests.imports.lists import counts, entry, plan, take, workbook, written

pytestmark = pytest.mark.usefixtures("context")


def made(**cells):
    """The group that a row becomes."""
    found, _run = take(entry(**cells))
    return db.session.get_one(Cooperation, found.lines[0].record_id)


@pytest.mark.parametrize(
    ("status", "step", "at"),
    [
        ("Idee", Step.CANDIDATE, Stage.IDEA),
        ("geplant", Step.INTERESTED, Stage.SEARCH),
        ("bewilligt", Step.SIGNED, Stage.CONTRACT),
        ("umgesetzt", Step.ACTIVE, Stage.RUNNING),
        ("läuft", Step.ACTIVE, Stage.RUNNING),
        ("beendet", Step.ACTIVE, Stage.ENDED),
        ("", Step.CANDIDATE, Stage.IDEA),
        ("schwebt", Step.CANDIDATE, Stage.IDEA),
    ],
)
def test_the_state_gives_every_partner_its_step(status, step, at):
    group = made(Kommunen="Cölbe; Lahntal; Wetter", Stand=status)
    assert (group.stage, {one.step for one in group.partners}) == (at, {step})
    assert [str(one.label) for one in history_of(group)] == ["Durch Import übernommen"]


def test_an_unknown_state_is_told():
    doubts = plan(entry(Stand="schwebt", Kommunen="Lich; Laubach")).lines[0].doubts
    assert doubts[0].text.startswith("Zeile 2, Spalte „Stand“: „schwebt“ ist kein bekannter Stand.")


def test_exact_days_are_kept_and_rough_ones_stay_words():
    exact = made(Stand="umgesetzt", Beginn="01.03.2020", Ende="28.02.2030", Titel="A")
    assert (exact.effective_on, exact.term_until, exact.planned_start) == (
        date(2020, 3, 1),
        date(2030, 2, 28),
        None,
    )
    rough = made(Stand="umgesetzt", Beginn="2013-10", Ende="2030", Titel="B")
    assert (rough.effective_on, rough.term_until) == (None, None)
    assert "- Beginn laut Quelle: Oktober 2013\n- Ende laut Quelle: 2030" in rough.note


def test_a_begin_to_come_is_planned_and_an_end_to_come_is_no_day_of_ending():
    group = made(Stand="bewilligt", Beginn="2099-01-01", Titel="A")
    assert (group.planned_start, group.effective_on) == (date(2099, 1, 1), None)
    ended = made(Stand="beendet", Ende="2099-12-31", Titel="B")
    assert (ended.halt, ended.halted_on, ended.halt_reason) == (Stage.ENDED, None, "Beendet laut Liste.")


def test_an_end_before_the_begin_warns():
    doubts = plan(entry(Beginn="2020-01-01", Ende="2019-01-01", Kommunen="Lich")).lines[0].doubts
    assert "liegt vor dem Beginn 01.01.2020." in doubts[0].text


@pytest.mark.parametrize(
    ("cells", "sums"),
    [
        ({"Stand": "bewilligt", "Fördersumme": "75.000"}, (None, 75_000)),
        ({"Fördersumme": "75.000", "Grundlage der Förderung": "granted, rounded in source"}, (None, 75_000)),
        ({"Fördersumme": "75.000", "Grundlage der Förderung": "in Aussicht gestellt"}, (75_000, None)),
        ({"Stand": "umgesetzt", "Fördersumme": "75.000"}, None),
        ({"Stand": "bewilligt"}, None),
    ],
)
def test_a_sum_makes_an_application_only_where_it_is_known_to_be_one(cells, sums):
    group = made(Kommunen="Lich; Laubach", **cells)
    found = db.session.scalars(select(Application).where(Application.cooperation_id == group.id)).all()
    assert [(one.requested, one.granted) for one in found] == ([sums] if sums else [])
    assert ("Förderung: 75.000" in (group.note or "")) is (sums is None and "Fördersumme" in cells)


def test_the_day_of_the_grant_is_kept_if_it_is_one():
    for text, day in (("25.03.2024", date(2024, 3, 25)), ("2024-03", None)):
        group = made(Titel=text, Stand="bewilligt", Fördersumme="1", **{"Bewilligt am": text})
        application = db.session.scalars(
            select(Application).where(Application.cooperation_id == group.id)
        ).one()
        assert application.granted_on == day
    assert application.note == "Aus der Liste: bewilligt März 2024"


def test_a_study_by_its_title_or_its_task_field():
    by_title = made(Titel="Machbarkeitsstudie Bauhof", Kommunen="Lich; Laubach", Stand="umgesetzt")
    by_field = made(Titel="Zusammenschluss", Aufgabenfeld="Machbarkeitsstudie", Kommunen="Lich", Stand="Idee")
    studies = {one.cooperation_id: one for one in db.session.scalars(select(Study))}
    assert studies[by_title.id].state is StudyState.FINISHED
    assert {one.step for one in by_title.partners} == {Step.INTERESTED}
    assert studies[by_field.id].state is StudyState.PLANNED
    assert {one.step for one in by_field.partners} == {Step.CANDIDATE}


@pytest.mark.parametrize(
    ("label", "fields", "words"),
    [
        ("Bauhof", {"Bauhof"}, []),
        ("Wasser/Abwasser", {"Wasser", "Abwasser"}, []),
        ("Finanzverwaltung/Kasse/Steuern", {"Finanzverwaltung", "Kasse", "Steuern und Abgaben"}, []),
        ("Wohnen/Siedlungsentwicklung", {"Wohnen und Siedlungsentwicklung"}, []),
        ("Forst/Holzvermarktung", {"Forst"}, []),
        ("IT/Digitalisierung", {"IT und Digitalisierung"}, []),
        ("Bauhof/Raumfahrt", {"Bauhof"}, ["Raumfahrt"]),
        ("Raumfahrt", set(), ["Raumfahrt"]),
    ],
)
def test_task_fields_are_found_in_the_catalogue_or_stay_words(label, fields, words):
    found, _run = take(entry(Aufgabenfeld=label, Kommunen="Lich; Laubach"))
    group = db.session.get_one(Cooperation, found.lines[0].record_id)
    assert {one.name for one in group.task_fields} == fields
    assert [one.value for one in found.doubts] == words
    assert all(f"„{word}“" in group.note for word in words)


def test_a_form_that_is_none_keeps_its_words():
    group = made(Rechtsform="Kooperationsvereinbarung light")
    assert (group.legal_form, group.legal_form_note) == (None, "Kooperationsvereinbarung light")
    assert made(Titel="B", Rechtsform="Zweckverband").legal_form is LegalForm.ZWECKVERBAND


def test_further_partners_and_an_incomplete_list_stay_in_words():
    group = made(**{"Weitere Partner": "drei aus Thüringen", "Partner vollständig": "nein"})
    assert (
        "- Weitere Partner: drei aus Thüringen\n- Die Partner sind in der Quelle nicht vollständig"
        in group.note
    )


@pytest.mark.parametrize(
    ("url", "kept"), [("https://example.org/x", True), ("javascript:alert(1)", False), ("Akte 7", False)]
)
def test_only_addresses_of_pages_become_links(url, kept):
    group = made(Quelle=url)
    assert (group.source_url == url) is kept
    assert kept or f"- Quelle: {url}" in group.note


def test_programmes_are_other_rows_or_stored_groups():
    head = ("ID", "Titel", "Kommunen", "Gehört zu")
    above = factories.cooperation("Lich", "Laubach", title="Programm Ost")
    content = written(
        ("1", "Kasse", "Lich", "Dach"), ("2", "Dach", "Lich", "Programm Ost"),
        ("3", "Archiv", "Lich", "Nirgends"),
        ("4", "Eins", "Lich", "Zwei"), ("5", "Zwei", "Lich", "Eins"), ("6", "Selbst", "Lich", "Selbst"),
        head=head,
    )  # fmt: skip
    found, _run = take(content)
    groups = {one.title: one for one in db.session.scalars(select(Cooperation))}
    assert groups["Kasse"].parent_id == groups["Dach"].id
    assert groups["Dach"].parent_id == above.id
    assert [line.entry.title for line in found.lines if line.doubts] == ["Archiv", "Zwei", "Selbst"]
    assert "Übergeordnetes Vorhaben laut Quelle: Nirgends" in groups["Archiv"].note
    assert counts(plan(content)) == {"unchanged": 6, "doubtful": 3}


def test_a_fault_in_the_middle_leaves_nothing(app, monkeypatch):
    db.session.rollback()
    before = stored(app)
    rows = [(str(number), f"Bauhof {number}", "Lich; Laubach", "Idee") for number in range(450)]
    found, broken = plan(written(*rows)), []

    def breaks(*_chunk):
        broken.append(1)
        if len(broken) == 3:
            raise RuntimeError
        return make(*_chunk)

    make = taking._make
    monkeypatch.setattr(taking, "_make", breaks)
    with pytest.raises(RuntimeError):
        services.take_over(found, "liste.csv", None)
    db.session.rollback()
    assert stored(app) == before


def test_a_workbook_with_days_and_keys_as_numbers_is_the_same_list():
    head = ("Kennung", "Titel", "Kommunen", "AGS", "Beginn", "Fördersumme", "Stand")

    def fill(book, sheet):
        sheet.write_row(1, 0, ["1", "Bauhof", "Cölbe"])
        sheet.write_number(1, 3, 6534006)
        sheet.write_datetime(1, 4, today(), book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(1, 5, 75000)
        sheet.write(1, 6, "bewilligt")

    found, _run = take(workbook(fill, head=head), "liste.xlsx")
    text = written(("1", "Bauhof", "Cölbe", "06534006", str(today()), "75.000", "bewilligt"), head=head)
    assert counts(found) == {"new": 1}
    assert found.lines[0].state["application"]["granted"] == "75000"
    assert counts(plan(text)) == {"unchanged": 1}


def test_what_came_from_which_row_is_kept():
    found, run = take(entry(Kennung="A-1", Kommunen="Lich; Laubach"), by=factories.member("mara"))
    kept = db.session.scalars(select(ImportedRecord)).one()
    assert (kept.run_id, kept.source_id, kept.record_type, kept.before) == (
        run.id,
        "id:A-1",
        "cooperations",
        {},
    )
    assert (kept.record_id, run.by_id) == (found.lines[0].record_id, factories.member("mara").id)
    assert run.counts["new"] == 1
    assert found.lines[0].action is Action.NEW


def test_the_number_of_statements_does_not_follow_the_number_of_rows():
    rows = [(str(number), f"Bauhof {number}", "Lich; Laubach; Krichheim", "Idee") for number in range(300)]
    few, many = counted(lambda: plan(written(*rows[:3]))), counted(lambda: plan(written(*rows)))
    assert many <= few
    assert many < 15


def counted(work):
    """How many statements some work takes."""
    seen = []

    def note(*_what):
        seen.append(1)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.stress
def test_five_thousand_rows_are_checked_in_ten_seconds():
    names = [place.name for place in db.session.scalars(select(Organisation).limit(400))]
    rows = [
        (str(number), f"Vorhaben {number}", "; ".join(names[number % 380 : number % 380 + 12]), "geplant")
        for number in range(5000)
    ]
    begin = time.monotonic()
    assert plan(written(*rows)).summary.new == 5000
    assert time.monotonic() - begin < 10
