"""Demo data: believable, complete, only in an empty database."""

import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.accounts.models import User
from crm.consultations.models import Consultation, ConsultationState, Participation
from crm.contacts.models import Person
from crm.cooperations import queries as cooperations
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from crm.funding.dossier import dossier
from crm.funding.kinds import Light
from crm.funding.models import RuleSet
from crm.minutes.kinds import MinutesState
from crm.minutes.models import Minutes
from crm.operations import demo
from crm.resolutions import queries as resolutions
from tests import factories
from tests.operations.conftest import run
from tests.pages import CarefulClient

PAGES = (
    "/beratungen", "/berichte/taetigkeit", "/wiedervorlagen", "/kontakte", "/kooperationen",
    "/kooperationen/liste?stand=alle", "/kooperationen/sitzungen", "/fristen",
)  # fmt: skip


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
        assert set(db.session.scalars(select(Minutes.state))) == {MinutesState.DRAFT, MinutesState.RELEASED}
        assert len(set(db.session.scalars(select(Participation.organisation_id)))) >= 50
        due = list(db.session.scalars(select(FollowUp)))
        assert 50 <= len(due) <= 64
        assert any(one.is_open and one.due_on < today() for one in due)
        assert any(one.is_open and one.due_on == today() for one in due)
        assert any(one.waiting_for for one in due)
        assert any(not one.is_open for one in due)
    for email, _name, _roles, _words in demo.ACCOUNTS:
        client = CarefulClient(filled)
        client.sign_in(email, filled.config["DEMO_PASSWORD"])
        status = 403 if email.startswith("anna") else 200
        assert {client.get(page).status for page in PAGES} == {status}


def outline():
    """What a demo holds, without numbers."""
    texts = []
    for group in db.session.scalars(select(Cooperation).order_by(Cooperation.id)).all():
        texts.append(f"{group.title} {group.stage.value} {group.stage_since} {group.created_at}")
        texts += [f"{one.organisation_name} {one.step.value} {one.step_on}" for one in group.partners]
        decided = resolutions.of_cooperation(group.id)
        texts += [f"{one.session_on} {one.paper_number} {one.votes}" for one in decided]
    talks = db.session.scalars(select(Consultation).order_by(Consultation.id))
    return texts + [f"{one.held_on} {one.starts_at} {one.about} {one.note}" for one in talks]


def test_the_demo_is_the_same_every_time(context):
    demo.fill()
    first = outline()
    db.session.rollback()
    demo.fill()
    assert outline() == first
    db.session.rollback()


def test_the_demo_goes_on_when_the_rules_have_run_out(context):
    for rules in db.session.scalars(select(RuleSet)):
        rules.valid_to = min(rules.valid_to or today(), today() - timedelta(days=1))
    db.session.flush()
    demo.fill()
    groups = db.session.scalars(select(Cooperation))
    found = [dossier(cooperations.one(group.id), today()) for group in groups]
    assert {one.light for each in found for one in each.conditions} == set(Light)
    db.session.rollback()


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
