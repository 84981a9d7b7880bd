"""A whole import taken back: what it made, what it changed, and what people have worked on since."""

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent, history_of
from crm.cooperations.kinds import Stage, Step
from crm.cooperations.models import Cooperation
from crm.cooperations.services import change_cooperation, remove, restore
from crm.db import db
from crm.errors import RuleBroken
from crm.funding.models import Application
from crm.imports import runs, services
from crm.imports.runs import WorkedOn
from tests import factories
from tests.imports.lists import counts, plan, take, written

pytestmark = pytest.mark.usefixtures("context")
HEAD = ("Kennung", "Titel", "Kommunen", "Stand", "Fördersumme", "Aufgabenfeld")
BAUHOF = ("1", "Bauhof", "Cölbe; Lahntal", "bewilligt", "75.000", "Bauhof")
ARCHIV = ("2", "Archiv", "Lich; Laubach", "geplant", "", "Archiv")


def groups():
    """The groups that are not in the trash, by title."""
    return {one.title: one for one in db.session.scalars(select(Cooperation))}


def test_what_a_run_made_goes_into_the_trash_and_comes_back_from_there():
    _found, run = take(written(BAUHOF, ARCHIV, head=HEAD))
    made = groups()["Bauhof"]
    done = services.undo(run, factories.member("mara"))
    assert (sorted(done.removed), done.reset, done.left) == (["Archiv", "Bauhof"], [], [])
    assert groups() == {}
    assert run.undone_by_id == factories.member("mara").id
    assert history_of(made)[0].name == "import.undone"
    restore(made, factories.member("anna"))
    assert (list(groups()), len(made.partners)) == (["Bauhof"], 2)


def test_a_run_is_taken_back_once_and_the_list_is_new_again():
    content = written(BAUHOF, head=HEAD)
    _found, run = take(content)
    services.undo(run, None)
    with pytest.raises(RuleBroken, match="schon zurückgenommen"):
        services.undo(run, None)
    again, second = take(content)
    assert counts(again) == {"new": 1}
    assert second.id != run.id
    assert runs.known("cooperations")["id:1"].run_id == second.id


def test_what_a_run_changed_is_as_it_was():
    take(written(BAUHOF, head=HEAD))
    before = groups()["Bauhof"].note
    newer = ("1", "Bauhof Nord", "Cölbe; Wetter", "beendet", "", "Archiv")
    _found, run = take(written(newer, head=HEAD))
    assert groups()["Bauhof Nord"].stage is Stage.ENDED
    done = services.undo(run, None)
    assert (done.removed, done.reset) == ([], ["Bauhof"])
    made = groups()["Bauhof"]
    assert (made.stage, made.note, made.halt) == (Stage.CONTRACT, before, None)
    assert [one.name for one in made.task_fields] == ["Bauhof"]
    assert {(one.organisation_name, one.step) for one in made.partners} == {
        ("Cölbe", Step.SIGNED), ("Lahntal", Step.SIGNED),
    }  # fmt: skip
    assert db.session.scalars(select(Application)).one().granted == 75_000
    assert counts(plan(written(BAUHOF, head=HEAD))) == {"unchanged": 1}


def test_a_later_run_is_taken_back_first():
    _found, first = take(written(BAUHOF, head=HEAD))
    _found, second = take(written(("1", "Bauhof Nord", *BAUHOF[2:]), head=HEAD))
    with pytest.raises(WorkedOn) as refused:
        services.undo(first, None)
    assert refused.value.names == ["Bauhof Nord"]
    services.undo(second, None)
    assert services.undo(first, None).removed == ["Bauhof"]


WORK = {
    "a change": lambda group, anna: (
        change_cooperation(group, {"title": "Bauhof"}, anna)
        or change_cooperation(group, {"file_reference": "7"}, anna)
    ),
    "a step": lambda group, _anna: factories.step(group, "Lahntal", Step.ACTIVE),
    "a resolution": lambda group, _anna: factories.resolution(group, "Lahntal"),
    "a talk": lambda group, _anna: factories.talk("Cölbe", cooperation_id=group.id),
    "a follow-up": lambda group, _anna: factories.follow_up(cooperation_id=group.id),
    "a group below": lambda group, _anna: factories.cooperation("Lich", title="Unten", parent_id=group.id),
}


@pytest.mark.parametrize("work", WORK)
def test_what_people_worked_on_is_named_and_stays_if_they_say_so(work):
    _found, run = take(written(BAUHOF, ARCHIV, head=HEAD))
    WORK[work](groups()["Bauhof"], factories.member("anna"))
    db.session.commit()
    with pytest.raises(WorkedOn) as refused:
        services.undo(run, None)
    assert refused.value.names == ["Bauhof"]
    db.session.rollback()
    assert {"Bauhof", "Archiv"} <= set(groups())
    assert services.worked_on(run) == ["Bauhof"]
    done = services.undo(run, None, leave_worked_on=True)
    assert (done.removed, done.left) == (["Archiv"], ["Bauhof"])
    assert "Bauhof" in groups()


def test_a_group_below_from_the_same_run_is_no_work():
    head = ("Kennung", "Titel", "Kommunen", "Gehört zu")
    _found, run = take(written(("1", "Dach", "Lich", ""), ("2", "Kasse", "Lich", "Dach"), head=head))
    assert len(services.undo(run, None).removed) == 2


def test_what_lies_in_the_trash_already_stays_there():
    _found, run = take(written(BAUHOF, head=HEAD))
    made = groups()["Bauhof"]
    remove(made, factories.member("anna"))
    mark = made.removal
    done = services.undo(run, None)
    assert (done.removed, made.removal) == ([], mark)


def test_a_group_left_alone_is_told_when_the_list_comes_again():
    content = written(BAUHOF, head=HEAD)
    _found, run = take(content)
    factories.step(groups()["Bauhof"], "Lahntal", Step.ACTIVE)
    services.undo(run, None, leave_worked_on=True)
    again = plan(content)
    assert counts(again) == {"new": 1, "doubtful": 1}
    assert "ist schon der Titel einer gespeicherten Kooperation" in again.doubts[0].text


def test_every_change_of_an_import_stands_in_the_history():
    take(written(BAUHOF, head=HEAD))
    _found, run = take(written(("1", "Bauhof Nord", "Cölbe; Wetter", "umgesetzt", "", "Archiv"), head=HEAD))
    services.undo(run, None)
    names = [
        one.name
        for one in db.session.scalars(select(AuditEvent).where(AuditEvent.record_type == "cooperations"))
    ]
    assert names == ["import.taken-over", "import.taken-over", "import.undone"]
    changes = history_of(groups()["Bauhof"])[1].changes
    assert changes["title"] == ["Bauhof", "Bauhof Nord"]
    assert (
        changes["partners"]
        == [["Lahntal: unterzeichnet", "Cölbe: unterzeichnet"], ["Cölbe: aktiv", "Wetter (Hessen): aktiv"]]
        or changes["partners"]
    )
    assert (changes["task_fields"], changes["funding"]) == ([["Bauhof"], ["Archiv"]], ["75.000\u00a0€", None])
    assert changes["note"] == [None, None]
