"""The cooperations of the demo: in every stage, with all that a file of such a group holds."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.consultations.models import Consultation
from crm.cooperations import checks
from crm.cooperations import queries as cooperations
from crm.cooperations.kinds import Stage, Step, StepSource
from crm.cooperations.models import Cooperation, PartnerStep
from crm.cooperations.settling import facts_of
from crm.cooperations.standing import stage_of
from crm.cooperations.terms import notice_of
from crm.db import BERLIN, db, today
from crm.follow_ups.models import FollowUp
from crm.funding.dossier import dossier
from crm.funding.kinds import Light, StationKind
from crm.funding.models import Application, Obligation
from crm.funding.stations import stays
from crm.proceedings import queries as proceedings
from crm.proceedings.models import Approval, Study
from crm.resolutions import queries as resolutions
from crm.resolutions.models import Resolution, Result
from tests.operations.conftest import run
from tests.pages import CarefulClient

TABS = ("", "/foerderung", "/verfahren", "/partnersuche", "/aenderungen")
VOTED = (Result.ADOPTED, Result.AMENDED, Result.REJECTED)


@pytest.fixture(scope="module")
def played(stage, one_app):
    """A database with demo data that all tests here look at, and the password of its accounts."""
    stage.reset()
    done = run(one_app, "demo", "fill")
    assert done.exit_code == 0, done.output
    yield one_app, re.search(r"Passwort aller Konten der Demo: (\S+)", done.output)[1]
    with one_app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def file(played):
    """A context to look into that database."""
    with played[0].test_request_context("/", base_url="http://localhost"):
        yield


def number(model, *conditions):
    return db.session.scalar(select(func.count(model.id)).where(*conditions))


def everything_of(groups):
    """The whole groups with their resolutions and approvals."""
    whole = [cooperations.one(group.id) for group in groups]
    return [(one, resolutions.of_cooperation(one.id), proceedings.approvals(one.id)) for one in whole]


def stored(column):
    """All that is stored in a column."""
    return {one for one in db.session.scalars(select(column)) if one is not None}


def test_the_demo_has_cooperations_in_every_stage_and_nothing_odd_about_them(file):
    groups = list(db.session.scalars(select(Cooperation)))
    assert len(groups) == 20
    assert {group.stage for group in groups} == set(Stage)
    for group, decided, asked in everything_of(groups):
        assert (group.stage, group.stage_since) == tuple(vars(stage_of(facts_of(group))).values())
        assert checks.warnings(group, decided, asked, today()) == []
        assert group.created_at.astimezone(BERLIN).date() == group.first_contact_on


def test_the_partners_of_the_demo_take_their_steps_in_talks_letters_and_councils(file):
    assert stored(PartnerStep.step) == set(Step)
    assert stored(PartnerStep.source) >= {*StepSource} - {StepSource.IMPORT}
    told = select(PartnerStep).join(Consultation, Consultation.id == PartnerStep.consultation_id)
    assert len(list(db.session.scalars(told.where(Consultation.held_on == PartnerStep.reached_on)))) > 30
    assert number(Consultation, Consultation.cooperation_id.is_not(None)) > 60
    gone = select(PartnerStep.note).where(PartnerStep.step.in_((Step.LEFT, Step.DECLINED)))
    assert all(db.session.scalars(gone))
    assert stored(Resolution.result) == set(Result)
    planned = list(db.session.scalars(select(Resolution).where(Resolution.result.is_(None))))
    assert [one.is_due for one in planned].count(True) == 1
    assert sum(today() < one.session_on < today() + timedelta(days=40) for one in planned) >= 4
    voted = list(db.session.scalars(select(Resolution).where(Resolution.result.in_(VOTED))))
    assert all(one.paper_number and one.votes for one in voted)
    assert number(FollowUp, FollowUp.cooperation_id.is_not(None), FollowUp.consultation_id.is_(None)) > 8


def test_the_demo_shows_every_light_and_applications_wherever_they_may_lie(file):
    groups = list(db.session.scalars(select(Cooperation)))
    found = [dossier(cooperations.one(group.id), today()) for group in groups]
    assert {one.light for each in found for one in each.conditions} == set(Light)
    sent = list(db.session.scalars(select(Application)))
    lying = [stays(one, today())[-1].station.kind for one in sent if one.is_under_way]
    assert sorted(lying, key=str) == [StationKind.COUNTY, StationKind.REGION]
    assert any(one.granted and one.obligations for one in sent)
    assert any(one.refusal_reason for one in sent)
    assert any(one.amount_reason for one in sent)
    assert any(one.done_on is None for one in db.session.scalars(select(Obligation)))
    assert any(one.cost and one.grant and one.repay_due_on for one in db.session.scalars(select(Study)))
    assert {one.is_open for one in db.session.scalars(select(Approval))} == {True, False}
    notices = [notice_of(group, today()) for group in groups if group.stage is Stage.RUNNING]
    assert any(one and (one.due_on - today()).days < 120 for one in notices)


def test_every_page_of_every_cooperation_of_the_demo_opens(played):
    app, password = played
    with app.app_context():
        numbers = list(db.session.scalars(select(Cooperation.id)))
        talk = db.session.scalar(select(Consultation.id).where(Consultation.cooperation_id == numbers[0]))
    client = CarefulClient(app)
    client.sign_in("tom.brandt@kikz.example", password)
    for one in numbers:
        for tab in TABS:
            assert client.get(f"/kooperationen/{one}{tab}").status == 200
    assert client.get(f"/beratungen/{talk}").status == 200
