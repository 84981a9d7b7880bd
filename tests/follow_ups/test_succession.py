"""What is still open with a mayor goes on with who follows, on one tick."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.contacts.models import FunctionRole, Person
from crm.db import db, today
from crm.elections.models import ElectionCheck
from crm.follow_ups import queries, services
from crm.follow_ups.models import FollowUp
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
    return person.submit(
        f"/kontakte/{head[0]}/funktionen/{head[1]}/nachfolge",
        successor="+Jan Nord", valid_from=f"{today():%d.%m.%Y}", **more,
    )  # fmt: skip


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


def test_an_election_passes_on_and_taking_the_answer_back_gives_back(app, anna, head, check):
    values = {"successor": "+Jan Nord", "valid_from": f"{today():%d.%m.%Y}"}
    assert anna.submit(f"{check}/nachfolge", **values).status == 303
    assert with_whom(app) == PASSED
    with app.app_context():
        version = db.session.scalars(select(ElectionCheck.version)).one()
    assert anna.post(f"{check}/zuruecknehmen", version=str(version)).status == 303
    assert with_whom(app) == STAYED


def test_what_was_worked_on_since_stays_with_the_new_one(app, anna, head, check):
    anna.submit(f"{check}/nachfolge", successor="+Jan Nord", valid_from=f"{today():%d.%m.%Y}")
    with app.app_context():
        new = db.session.scalars(select(Person).where(Person.last_name == "Nord")).one()
        touched = queries.of_person(factories.member("anna"), new.id)[0]
        services.postpone(touched, today() + timedelta(days=30), factories.member("anna"))
        db.session.commit()
        version = db.session.scalars(select(ElectionCheck.version)).one()
        text = touched.text
    anna.post(f"{check}/zuruecknehmen", version=str(version))
    with app.app_context():
        kept = db.session.scalars(select(FollowUp).where(FollowUp.text == text)).one()
        assert kept.person_id == new.id
