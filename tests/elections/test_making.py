"""What a checklist asks: by kind of election, as at the day, and made once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm import jobs
from crm.accounts.models import User
from crm.audit import AuditEvent
from crm.contacts.models import FunctionRole
from crm.db import db, now, today
from crm.elections import checklists, queries, services
from crm.elections.models import Election, ElectionCheck, ElectionKind
from crm.errors import RuleBroken
from crm.follow_ups.models import FollowUp
from tests import factories

COUNCIL, HEAD, SESSION = ElectionKind.COUNCIL, ElectionKind.HEAD, ElectionKind.SESSION
R = FunctionRole
WORKERS = 4

# Role, title, leads → the kinds of election after which the function is asked about.
TABLE = [
    (R.HEAD, "Bürgermeisterin", True, {HEAD}),
    (R.OTHER, "Beauftragter des Landes", True, {HEAD}),
    (R.DEPUTY, "Erster Stadtrat", False, {COUNCIL, SESSION}),
    # In a city with a lord mayor this is the deputy: the title alone makes nobody a head.
    (R.DEPUTY, "Bürgermeister", False, {COUNCIL, SESSION}),
    (R.OTHER, "Bürgermeister", False, set()),
    (R.COUNCIL_CHAIR, None, False, {COUNCIL, SESSION}),
    (R.COUNCILLOR, None, False, {COUNCIL}),
    (R.OTHER, "Fraktionsvorsitzende der SPD", False, {COUNCIL}),
    (R.OTHER, "Ehrenamtlicher Beigeordneter", False, {COUNCIL, SESSION}),
    (R.OTHER, "Stadträtin", False, {COUNCIL, SESSION}),
    (R.OTHER, "STADTRÄTIN", False, {COUNCIL, SESSION}),
    (R.OTHER, "Stadtverordnetenvorsteherin", False, {COUNCIL, SESSION}),
    (R.OTHER, "Gemeindevertreter", False, {COUNCIL}),
    (R.OTHER, "Ortsvorsteherin", False, {COUNCIL}),
    (R.OTHER, "Mitglied des Kreisausschusses", False, {COUNCIL}),
    (R.OTHER, "Büro der Stadtverordnetenversammlung", False, set()),
    (R.OTHER, "Fraktionsgeschäftsführer", False, set()),
    (R.OTHER, None, False, set()),
    (R.STAFF, "Gemeindevertretung, Protokoll", False, set()),
    (R.OFFICE_MANAGER, "Büroleitung", False, set()),
    (R.FINANCE, "Kämmerer", False, set()),
    (R.DEPARTMENT, "Bauamt", False, set()),
]


@pytest.mark.parametrize(("role", "title", "leads", "kinds"), TABLE)
def test_each_kind_of_election_asks_about_its_functions(context, role, title, leads, kinds):
    person = factories.person(role=role, title=title, is_head=leads)
    number = person.functions[0].id
    for kind in ElectionKind:
        election = factories.election(kind=kind)
        asked = {check.function_id for check in factories.checks(election)}
        assert (number in asked) == (kind in kinds), kind


@pytest.mark.parametrize(
    ("kind", "role"),
    [(COUNCIL, R.COUNCIL_CHAIR), (SESSION, R.COUNCIL_CHAIR), (HEAD, R.HEAD)],
)
def test_a_kommune_without_anybody_in_the_office_asks_for_somebody(context, kind, role):
    lines = factories.checks(factories.election(kind=kind))
    assert [(line.function_id, line.role) for line in lines] == [(None, role)]
    factories.person(role=role, is_head=role is R.HEAD)
    lines = factories.checks(factories.election(kind=kind))
    assert [line.function_id is None for line in lines] == [False]


def test_functions_of_the_day_are_asked_about(context):
    day = today() - timedelta(days=7)
    for name, first, last, asked in (
        ("Alt", None, day - timedelta(days=1), False),
        ("Bis", None, day, True),
        ("Neu", day, None, True),
        ("Spät", day + timedelta(days=1), None, False),
    ):
        factories.person(name, role=R.COUNCILLOR, valid_from=first, valid_to=last, title=f"{name} {asked}")
    found = factories.checks(factories.election(kind=COUNCIL))
    names = {check.function.title for check in found if check.function}
    assert names == {"Bis True", "Neu True"}


def test_kommunen_are_those_of_the_day(context):
    """Bromskirchen went up into Allendorf (Eder) on 1 January 2023."""
    before = Election(kind=COUNCIL, held_on=date(2021, 3, 14), owner_id=1)
    after = Election(kind=COUNCIL, held_on=date(2026, 3, 15), owner_id=1)
    old, new = (checklists.asked_by(one) for one in (before, after))
    assert (len(old), len(new)) == (443, 442)
    assert "Bromskirchen" in {one.name for one in old}
    assert "Bromskirchen" not in {one.name for one in new}


def test_an_election_in_a_kommune_that_is_gone_is_refused(context):
    with pytest.raises(RuleBroken, match="Allendorf"):
        factories.election("Bromskirchen", in_days=-7)


def test_counties_and_their_municipalities_stand_together(context):
    asked = {
        one.name: one for one in checklists.asked_by(Election(kind=COUNCIL, held_on=today(), owner_id=1))
    }
    county = asked["Landkreis Marburg-Biedenkopf"]
    assert asked["Lahntal"].county_id == county.organisation_id == county.county_id
    assert asked["Frankfurt am Main"].county_id is None


def test_the_day_starts_it_once(context):
    election = factories.election(None, COUNCIL, in_days=5)
    services.start(election.id)
    assert (election.has_started, factories.checks(election)) == (False, [])
    db.session.execute(db.update(Election).values(held_on=today()))
    db.session.commit()
    for _time in range(2):
        jobs.run("elections")
    db.session.expire_all()
    assert election.has_started
    assert len(factories.checks(election)) == 442
    events = select(func.count(AuditEvent.id)).where(AuditEvent.name == "election.started")
    assert db.session.scalar(events) == 1
    reminders = db.session.scalars(select(FollowUp).where(FollowUp.election_id == election.id)).all()
    assert [one.text.endswith("442 Kommunen prüfen") for one in reminders] == [True]
    assert reminders[0].owner_id == election.owner_id


def test_what_is_killed_between_is_made_whole_by_the_next(context, monkeypatch):
    election = factories.election(None, COUNCIL, in_days=5)
    db.session.execute(db.update(Election).values(held_on=today()))
    db.session.commit()
    with monkeypatch.context() as broken:
        broken.setattr(services, "_remind", lambda *_rest: 1 / 0)
        jobs.run("elections")
    db.session.expire_all()
    assert (election.has_started, factories.checks(election)) == (False, [])
    jobs.run("elections")
    assert len(factories.checks(election)) == 442


def test_an_election_in_the_trash_does_not_start(context):
    election = factories.election(in_days=5)
    services.remove(election, factories.member("mara"))
    db.session.execute(db.update(Election).values(held_on=today()))
    assert queries.to_start() == []
    db.session.commit()
    jobs.run("elections")
    assert db.session.scalar(select(func.count(ElectionCheck.id))) == 0
    services.restore(queries.removed(election.id), factories.member("mara"))
    assert len(factories.checks(election)) == 1


def test_the_follow_up_of_a_locked_account_goes_to_the_management(context):
    election = factories.election(in_days=5, by="anna")
    db.session.execute(db.update(User).where(User.id == election.owner_id).values(locked_at=now()))
    db.session.execute(db.update(Election).values(held_on=today()))
    db.session.commit()
    jobs.run("elections")
    assert queries.follow_up_of(election.id).owner_id == factories.member("mara").id


def test_what_the_checklist_was_made_of_stays(context):
    election, mara = factories.election(), factories.member("mara")
    values = {name: getattr(election, name) for name in ("kind", "held_on", "organisation_id", "owner_id")}
    services.change(election, values | {"title": "Stichwahl"}, mara)
    assert election.name == "Stichwahl"
    with pytest.raises(RuleBroken):
        services.change(election, values | {"held_on": today()}, mara)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"at": None, "kind": HEAD}, "organisation_id"),
        ({"takes_office_on": date(2000, 1, 1)}, "takes_office_on"),
    ],
)
def test_what_makes_no_election_is_refused(context, over, field):
    with pytest.raises(RuleBroken) as broken:
        factories.election(**over)
    assert broken.value.field == field


def test_only_kommunen_elect(context):
    with pytest.raises(RuleBroken):
        factories.election("Regierungsbezirk Gießen")


def test_two_workers_at_once_make_one_checklist(app, caplog):
    with app.app_context():
        number = factories.election(None, COUNCIL, in_days=5).id
        db.session.execute(db.update(Election).values(held_on=today()))
        db.session.commit()

    def work(_turn):
        with app.app_context():
            jobs.run("elections")
            db.session.remove()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    with app.app_context():
        assert len(factories.checks(db.session.get(Election, number))) == 442
        assert db.session.scalar(select(func.count(FollowUp.id)).where(FollowUp.election_id == number)) == 1
    assert "fault" not in caplog.text
