"""Demo data: believable, complete, only in an empty database."""

import re
from collections import Counter

import pytest
from sqlalchemy import func, select

from crm.accounts.models import User
from crm.consultations.models import Consultation, ConsultationState, Participation
from crm.contacts.models import Person
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from crm.operations import demo
from tests import factories
from tests.operations.conftest import run
from tests.pages import CarefulClient

PAGES = ("/beratungen", "/berichte/taetigkeit", "/wiedervorlagen", "/kontakte")


@pytest.fixture
def filled(app):
    """The suite's database with demo data in it."""
    done = run(app, "demo", "fill")
    assert done.exit_code == 0, done.output
    app.config["DEMO_PASSWORD"] = re.search(r"Passwort aller Konten der Demo: (\S+)", done.output)[1]
    return app


def number(model, *conditions):
    return db.session.scalar(select(func.count(model.id)).where(*conditions))


def test_demo_data_show_every_situation(filled):
    with filled.test_request_context():
        talks = list(db.session.scalars(select(Consultation)))
        states = Counter(talk.state for talk in talks)
        assert 180 <= len(talks) <= 260
        assert states[ConsultationState.PLANNED] >= 6
        assert sum(talk.is_due for talk in talks) >= 1
        assert sum(talk.needs_note for talk in talks) >= 2
        assert sum(talk.confidential for talk in talks) >= 3
        assert number(Participation, Participation.private_note.is_not(None)) >= 10
        assert number(Person) >= 100
        assert len(set(db.session.scalars(select(Participation.organisation_id)))) >= 50
        due = list(db.session.scalars(select(FollowUp)))
        assert 36 <= len(due) <= 44
        assert any(one.is_open and one.due_on < today() for one in due)
        assert any(one.is_open and one.due_on == today() for one in due)
        assert any(one.waiting_for for one in due)
        assert any(not one.is_open for one in due)
    for email, _name, _roles, _words in demo.ACCOUNTS:
        client = CarefulClient(filled)
        client.sign_in(email, filled.config["DEMO_PASSWORD"])
        status = 403 if email.startswith("anna") else 200
        assert {client.get(page).status for page in PAGES} == {status}


def test_groups_are_neighbours_of_one_county(context):
    groups = demo._groups(demo.random.Random(1))
    assert len(groups) == demo.GROUPS
    for group in groups:
        assert 3 <= len(group) <= 6
        assert len({place.memberships[-1].parent_id for place in group}) == 1


def test_demo_data_refuse_to_mix_with_real_talks(app):
    with app.test_request_context():
        factories.talk("Cölbe")
        db.session.commit()
        db.session.remove()
    done = run(app, "demo", "fill")
    assert done.exit_code == 1
    assert "schon Beratungen" in done.output
    with app.test_request_context():
        assert number(User, User.email == "maria.sander@kikz.example") == 0
