"""What is still open with a mayor goes on with who follows, on one tick."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.contacts.models import Function, FunctionRole, Person
from crm.db import db, today
from crm.elections.models import ElectionCheck
from crm.follow_ups import services
from crm.follow_ups.models import FollowUp, FollowUpState
from tests import factories


@pytest.fixture
def head(app):
    """Give person and function of the head of Lahntal; one follow-up there, one of no place, one done."""
    with app.app_context():
        ida = factories.person("Kranz", "Ida", role=FunctionRole.HEAD, is_head=True, title="Bürgermeisterin")
        for text, at in (("Satzung schicken", "Lahntal"), ("Anrufen", None), ("Längst getan", "Lahntal")):
            values = {
                "text": text, "due_on": today() + timedelta(days=3), "owner_id": factories.member("anna").id,
                "organisation_id": factories.place(at).id if at else None, "person_id": ida.id,
            }  # fmt: skip
            made = services.create(values, factories.member("anna"))
        services.finish(made, factories.member("anna"))
        elsewhere = {"text": "Im Verband", "organisation_id": factories.place("Cölbe").id}
        services.create(values | elsewhere, factories.member("anna"))
        db.session.commit()
        return ida.id, ida.functions[0].id


def with_whom(app):
    """Say with whom each follow-up is."""
    with app.app_context():
        found = db.session.scalars(select(FollowUp).where(FollowUp.person_id.is_not(None)))
        return {one.text: one.person.last_name for one in found}


def succeed(person, head, **more):
    """Enter Jan Nord as who follows, from today on."""
    values = {"successor": "+Jan Nord", "valid_from": f"{today():%d.%m.%Y}"} | more
    return person.submit(f"/kontakte/{head[0]}/funktionen/{head[1]}/nachfolge", **values)


PASSED = {"Satzung schicken": "Nord", "Anrufen": "Nord", "Längst getan": "Kranz", "Im Verband": "Kranz"}
STAYED = dict.fromkeys(PASSED, "Kranz")


def test_what_is_open_goes_on_with_who_follows(app, anna, head):
    page = anna.get(f"/kontakte/{head[0]}/funktionen/{head[1]}/nachfolge")
    assert "takes_over" in page.fields()
    assert "Satzung schicken" in page.main
    assert "Im Verband" not in page.main
    assert succeed(anna, head).status == 303
    assert with_whom(app) == PASSED


def test_without_the_tick_everything_stays(app, anna, head):
    assert succeed(anna, head, takes_over=[]).status == 303
    assert with_whom(app) == STAYED


def test_nothing_open_is_not_asked_about(app, anna):
    with app.app_context():
        ida = factories.person("Kranz", "Ida", role=FunctionRole.HEAD, is_head=True)
        db.session.commit()
        address = f"/kontakte/{ida.id}/funktionen/{ida.functions[0].id}/nachfolge"
    assert "takes_over" not in anna.get(address).fields()
    again = anna.submit(address, valid_from=f"{today():%d.%m.%Y}", successor="+Jan Nord", takes_over="y")
    assert again.status == 303


def test_who_may_not_change_follow_ups_passes_none_on(app, emil, head):
    page = emil.get(f"/kontakte/{head[0]}/funktionen/{head[1]}/nachfolge")
    assert "takes_over" not in page.fields()
    assert succeed(emil, head, takes_over="y").status == 303
    assert with_whom(app) == STAYED


def test_a_refused_succession_passes_nothing_on(app, anna, head):
    assert succeed(anna, head, official_email="keine Adresse").status == 422
    assert with_whom(app) == STAYED


def test_the_history_says_who_was_meant_before(app, anna, head):
    succeed(anna, head)
    with app.app_context():
        number = db.session.scalars(select(FollowUp.id).where(FollowUp.text == "Anrufen")).one()
    assert "Wiedervorlage an die Nachfolge im Amt übertragen" in anna.get(f"/wiedervorlagen/{number}").main


@pytest.fixture
def check(app, head):
    """Give the address under which the election of a head in Lahntal asks who follows."""
    with app.app_context():
        election = factories.election()
        found = factories.checks(election)[0]
        db.session.commit()
        return f"/wahlen/{election.id}/pruefungen/{found.id}"


def hold(number, at="Cölbe"):
    """Let somebody hold one more function; give it."""
    values = {"person_id": number, "organisation_id": factories.place(at).id}
    made = Function(role=FunctionRole.OFFICE_MANAGER, **values)
    db.session.add(made)
    db.session.commit()
    return made.id


def replace(person, check, who="+Jan Nord", days=0):
    """Answer who follows."""
    first = today() + timedelta(days=days)
    return person.submit(f"{check}/nachfolge", successor=who, valid_from=f"{first:%d.%m.%Y}")


def take_back(app, person, check):
    """Take that answer back."""
    with app.app_context():
        version = db.session.scalars(select(ElectionCheck.version).order_by(ElectionCheck.id)).first()
    return person.post(f"{check}/zuruecknehmen", version=str(version))


def change(app, **columns):
    """Change columns of „Anrufen“."""
    with app.app_context():
        one = db.session.scalars(select(FollowUp).where(FollowUp.text == "Anrufen")).one()
        for name, value in columns.items():
            setattr(one, name, value)
        db.session.commit()
        return one.id


def test_an_election_passes_on_and_taking_the_answer_back_gives_back(app, anna, head, check):
    assert replace(anna, check).status == 303
    assert with_whom(app) == PASSED
    assert take_back(app, anna, check).status == 303
    assert with_whom(app) == STAYED


def test_what_was_postponed_done_or_removed_since_comes_back_too(app, anna, head, check):
    replace(anna, check)
    number = change(app, due_on=today() + timedelta(days=30), state=FollowUpState.DONE)
    anna.submit(f"/wiedervorlagen/{number}/entfernen")
    take_back(app, anna, check)
    assert anna.submit(f"/wiedervorlagen/{number}/wiederherstellen").status == 303
    assert with_whom(app) == STAYED


def test_whoever_takes_back_leaves_nothing_behind(app, anna, emil, head, check):
    change(app, confidential=True)
    replace(anna, check)
    assert take_back(app, emil, check).status == 303
    assert with_whom(app) == STAYED


def test_somebody_with_something_to_do_is_not_removed_with_the_answer(app, anna, head, check):
    replace(anna, check)
    with app.app_context():
        jan = db.session.scalars(select(Person).where(Person.last_name == "Nord")).one()
        values = {"text": "Glückwunsch", "due_on": today(), "owner_id": factories.member("anna").id}
        services.create(values | {"person_id": jan.id}, factories.member("anna"))
        db.session.commit()
    assert take_back(app, anna, check).status == 303
    assert with_whom(app) == STAYED | {"Glückwunsch": "Nord"}


def test_a_merged_predecessor_has_everything_back(app, anna, head, check):
    replace(anna, check)
    with app.app_context():
        kept = factories.person("Kranz", "Ida Maria", at="Cölbe")
        factories.merge(kept, db.session.get(Person, head[0]))
        db.session.commit()
    take_back(app, anna, check)
    assert with_whom(app) == STAYED


def test_another_office_keeps_what_belongs_to_no_place(app, anna, head):
    with app.app_context():
        hold(head[0])
    succeed(anna, head)
    assert with_whom(app) == PASSED | {"Anrufen": "Kranz"}


def test_one_answer_taken_back_leaves_another_office_alone(app, anna, head, check):
    with app.app_context():
        second = hold(head[0])
    replace(anna, check)
    with app.app_context():
        jan = db.session.scalars(select(Person).where(Person.last_name == "Nord")).one().id
    succeed(anna, (head[0], second), successor=str(jan))
    assert with_whom(app)["Im Verband"] == "Nord"
    take_back(app, anna, check)
    assert with_whom(app) == STAYED | {"Im Verband": "Nord", "Anrufen": "Nord"}


def test_what_is_due_before_a_first_day_to_come_stays(app, anna, head, check):
    change(app, due_on=today() + timedelta(days=60))
    replace(anna, check, days=40)
    assert with_whom(app) == STAYED | {"Anrufen": "Nord"}


def test_a_rule_that_says_no_passes_nothing_on(app, anna, head, check):
    assert replace(anna, check, who=str(head[0])).status == 422
    assert with_whom(app) == STAYED


def test_sending_twice_passes_on_once(app, anna, head):
    address = f"/kontakte/{head[0]}/funktionen/{head[1]}/nachfolge"
    fields = anna.get(address).fields() | {"successor": "+Jan Nord", "valid_from": f"{today():%d.%m.%Y}"}
    assert [anna.post(address, fields).status for _ in range(2)] == [303, 303]
    assert with_whom(app) == PASSED


def many(app, head):
    """Sixty more to do."""
    with app.app_context():
        for number in range(60):
            values = {"text": f"Nummer {number}", "due_on": today(), "owner_id": factories.member("anna").id}
            services.create(values | {"person_id": head[0]}, factories.member("anna"))
        db.session.commit()


def test_many_are_all_passed_on(app, anna, head):
    many(app, head)
    succeed(anna, head)
    assert sum(name == "Nord" for name in with_whom(app).values()) == 62


def test_a_refused_form_asks_for_many_at_once(app, anna, head):
    few = len(succeed(anna, head, successor=str(head[0])).statements)
    many(app, head)
    assert len(succeed(anna, head, successor=str(head[0])).statements) <= few
