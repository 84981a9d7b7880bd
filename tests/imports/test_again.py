"""The same list once more, a newer one, and what people changed in between."""

import threading

import pytest
from sqlalchemy import select

from crm.audit import history_of
from crm.cooperations import partners
from crm.cooperations.kinds import PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation
from crm.cooperations.services import change_cooperation, remove
from crm.db import db
from crm.funding.models import Application
from crm.imports import services
from crm.proceedings.models import Study
from tests import factories
from tests.imports.lists import counts, entry, plan, take, written

pytestmark = pytest.mark.usefixtures("context")
FIRST = {
    "Kennung": "A-1", "Titel": "Bauhof", "Kommunen": "Cölbe; Lahntal", "Stand": "bewilligt",
    "Fördersumme": "75.000", "Federführung": "Cölbe", "Aufgabenfeld": "Bauhof", "Bemerkung": "Erste Fassung",
}  # fmt: skip


def group():
    """The only group."""
    return db.session.scalars(select(Cooperation)).one()


def application():
    """The only application."""
    return db.session.scalars(select(Application)).one_or_none()


@pytest.fixture
def first():
    """A first list, taken over."""
    take(entry(**FIRST))
    return group()


def newer(**cells):
    """The same row with other cells."""
    return entry(**(FIRST | cells))


def test_twice_changes_nothing(first):
    again, run = take(newer())
    assert (counts(again), run) == ({"unchanged": 1}, None)
    assert len(history_of(first)) == 1


def test_another_order_of_columns_and_another_spelling_change_nothing(first):
    cells = dict(reversed((FIRST | {"Fördersumme": "75000,00", "Kommunen": "Cölbe, Lahntal"}).items()))
    assert counts(plan(entry(**cells))) == {"unchanged": 1}


def test_a_newer_list_changes_what_it_says_otherwise(first):
    found, _run = take(
        newer(Stand="umgesetzt", Kommunen="Cölbe; Wetter", Fördersumme="100.000", Federführung="Wetter",
              Aufgabenfeld="Archiv", Beginn="2024-01-01", Rechtsform="Zweckverband", Bemerkung="Zweite"),
    )  # fmt: skip
    assert counts(found) == {"changed": 1}
    made = group()
    assert {one.organisation_name: (one.role, one.step) for one in made.partners} == {
        "Cölbe": (PartnerRole.MEMBER, Step.ACTIVE), "Wetter (Hessen)": (PartnerRole.LEAD, Step.ACTIVE),
    }  # fmt: skip
    assert (made.stage, [one.name for one in made.task_fields]) == (Stage.RUNNING, ["Archiv"])
    assert made.note.startswith("Zweite")
    assert "- Förderung: 100.000" in made.note
    assert (application(), len(history_of(made))) == (None, 2)
    assert counts(plan(newer(Stand="umgesetzt", Kommunen="Cölbe; Wetter", Fördersumme="100.000",
                             Federführung="Wetter", Aufgabenfeld="Archiv", Beginn="2024-01-01",
                             Rechtsform="Zweckverband", Bemerkung="Zweite"))) == {"unchanged": 1}  # fmt: skip


def test_a_group_that_a_newer_list_ends_counts_as_closed(first):
    found, _run = take(newer(Stand="beendet", Ende="2023-12-31"))
    assert (counts(found), group().stage) == ({"closed": 1}, Stage.ENDED)
    assert counts(plan(newer(Stand="beendet", Ende="2023-12-31"))) == {"unchanged": 1}


def test_a_sum_or_a_study_may_come_later(first):
    take(newer(Fördersumme="100.000"))
    assert application().granted == 100_000
    take(newer(Fördersumme="100.000", Titel="Machbarkeitsstudie Bauhof"))
    assert (application(), db.session.scalars(select(Study)).one().grant) == (None, 100_000)


def test_what_was_changed_by_hand_stays_and_is_told(first):
    change_cooperation(first, {"title": "Unser Bauhof", "note": "Von Hand"}, factories.member("anna"))
    assert counts(plan(newer())) == {"unchanged": 1}
    found, _run = take(newer(Titel="Bauhof Nord", Bemerkung="Zweite", Aufgabenfeld="Archiv"))
    made = group()
    assert (made.title, made.note, [one.name for one in made.task_fields]) == (
        "Unser Bauhof",
        "Von Hand",
        ["Archiv"],
    )
    assert counts(found) == {"changed": 1, "doubtful": 1}
    assert [one.message for one in found.doubts] == [
        "wurde seither von Hand geändert und bleibt: Titel der Kooperation.",
        "wurde seither von Hand geändert und bleibt: Beschreibung.",
    ]
    again, run = take(newer(Titel="Bauhof Nord", Bemerkung="Zweite", Aufgabenfeld="Archiv"))
    assert (counts(again), run) == ({"unchanged": 1, "doubtful": 1}, None)


def test_a_step_reported_by_hand_stays(first):
    factories.step(first, "Lahntal", Step.ACTIVE)
    found, _run = take(newer(Stand="geplant", Fördersumme=""))
    steps = {one.organisation_name: one.step for one in group().partners}
    assert steps == {"Cölbe": Step.INTERESTED, "Lahntal": Step.ACTIVE}
    assert counts(found) == {"changed": 1, "doubtful": 1}


def test_a_lead_made_by_hand_goes_on_leading(first):
    lahntal = next(one for one in first.partners if one.organisation_name == "Lahntal")
    partners.change_role(lahntal, PartnerRole.LEAD, factories.member("anna"))
    take(newer(Kommunen="Cölbe; Lahntal; Wetter", Federführung="Wetter"))
    assert group().lead.organisation_name == "Lahntal"
    assert [one.role for one in group().partners].count(PartnerRole.LEAD) == 1


def test_a_partner_with_work_behind_it_is_not_taken_out(first):
    factories.resolution(first, "Lahntal")
    found, _run = take(newer(Kommunen="Cölbe"))
    assert {one.organisation_name for one in group().partners} == {"Cölbe", "Lahntal"}
    assert counts(found) == {"unchanged": 1, "doubtful": 1}


def test_a_group_in_the_trash_stays_there(first):
    remove(first, factories.member("anna"))
    found, run = take(newer(Titel="Neu"))
    assert (counts(found), run) == ({"unchanged": 1, "doubtful": 1}, None)
    assert "ist entfernt und bleibt es." in found.doubts[0].text


def test_a_mark_of_another_list_changes_nothing(first):
    found, run = take(entry(Kennung="A-1", Titel="Archivverbund", Kommunen="Lich; Laubach"))
    assert (counts(found), run) == ({"errors": 1}, None)
    assert "„A-1“ gehört schon zu einer anderen Kooperation: Bauhof." in found.errors[0].text


def test_a_list_without_marks_knows_its_rows_by_their_titles():
    content = written(("Bauhof", "Lich; Laubach"), head=("Titel", "Kommunen"))
    take(content)
    assert counts(plan(content)) == {"unchanged": 1}
    assert counts(plan(content.replace(b"Lich", b"Pohlheim"))) == {"changed": 1}


def test_a_choice_is_remembered_for_the_next_time():
    content = entry(Kennung="A-1", Kommunen="Krichheim; Bebra")
    one = plan(content).lines[0].open[0]
    take(content, choices={one.mark: one.suggestions[0].id})
    assert "Nicht zugeordnete" not in (group().note or "")
    assert counts(plan(content)) == {"unchanged": 1}


def test_a_name_left_open_can_be_decided_later():
    content = entry(Kennung="A-1", Kommunen="Krichheim; Bebra")
    take(content)
    one = plan(content).lines[0].open[0]
    found, _run = take(content, choices={one.mark: one.suggestions[0].id})
    assert counts(found) == {"changed": 1}
    assert {one.organisation_name for one in group().partners} == {"Kirchheim", "Bebra"}


def test_the_second_list_of_two_knows_the_first():
    take(written(("1", "Bauhof", "Lich", "")))
    found, _run = take(written(("1", "Bauhof", "Lich", ""), ("2", "Archiv", "Lich", "")))
    assert counts(found) == {"new": 1, "unchanged": 1}


def test_who_imports_does_not_change_the_words(app, mara):
    """The description is German whatever language somebody reads in."""
    mara_there = factories.member("mara")
    mara_there.language = "en"
    content = entry(Kennung="A-1", Kommunen="Krichheim", Stand="Idee", Bemerkung="Text")
    take(content, by=mara_there)
    assert "Nicht zugeordnete Partner" in group().note
    assert counts(plan(content)) == {"unchanged": 1, "doubtful": 1}


def test_two_who_take_the_same_list_at_once_make_it_once(app):
    db.session.remove()
    content, answers, together = entry(**FIRST), [], threading.Barrier(2)

    def work():
        with app.app_context():
            table = services.table_of(content)
            columns, _problems = services.mapping_of(table)
            # What was read so far must not keep the other one out.
            db.session.rollback()
            together.wait()
            found = services.locked_plan_of(table, columns)
            services.take_over(found, "liste.csv", None)
            db.session.commit()
            answers.append(counts(found))
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(answers, key=str) == [{"new": 1}, {"unchanged": 1}]
    assert len(db.session.scalars(select(Cooperation)).all()) == 1
