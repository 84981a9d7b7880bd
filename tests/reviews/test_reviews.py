"""Silent contacts are put before somebody: who is, who is not, and what the decisions do."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.consultations.models import ParticipationPerson
from crm.contacts.models import Function, Person
from crm.db import db, now, today
from crm.naming import token
from crm.privacy.queries import case_of
from crm.privacy.queries import person as anybody
from crm.retention import doing
from crm.reviews import queries, services
from crm.reviews.models import ContactReview, Decision
from crm.rights.models import RightsRequest
from tests import factories

RULE, LONG_AGO = queries.RULE, 900


def due():
    """Last names of those the rule would put forward now."""
    numbers = [number for one in doing.due(keys={RULE}) for number in one.numbers]
    return sorted(db.session.scalars(select(Person.last_name).where(Person.id.in_(numbers))))


def _talk(person):
    talk = factories.talk("Lahntal", days_ago=10)
    talk.participations[0].people.append(ParticipationPerson(person_id=person.id, function_called="Amt"))


def _named(person):
    factories.talk("Lahntal", days_ago=10).next_step = f"{token(person.id)} fragen"


def _leads(person):
    db.session.scalars(select(Function).where(Function.person_id == person.id)).one().is_head = True


def _begins(person):
    held = db.session.scalars(select(Function).where(Function.person_id == person.id)).one()
    held.valid_from = today() - timedelta(days=30)


def _limit(person):
    person.objected_on = today()


SIGNS = {
    "talk": _talk,
    "named in a note": _named,
    "registration": lambda one: factories.registration(factories.event(), person_id=one.id),
    "answer": lambda one: factories.invitation(factories.event(), one, answered_at=now()),
    "follow-up": lambda one: factories.follow_up("Anrufen", person_id=one.id),
    "head": _leads,
    "new function": _begins,
    "kept": lambda one: db.session.add(
        ContactReview(person_id=one.id, decision=Decision.KEEP, decided_on=today() - timedelta(days=9))
    ),
    "limited": _limit,
}


def test_who_was_heard_of_or_is_needed_is_not_put_forward(context):
    for name, give in SIGNS.items():
        person = factories.silent_person(name)
        assert due() == [name], "the control: without a sign everybody is"
        give(person)
        db.session.flush()
        assert due() == [], name
    factories.person("Neu")
    assert due() == []


def test_the_rule_puts_forward_once_and_a_kept_one_comes_back(context):
    factories.silent_person()
    db.session.commit()
    for _run in range(2):
        doing.run(keys={RULE})
    (one,) = db.session.scalars(select(ContactReview)).all()
    assert one.put_on == today()
    services.decide([one.id], Decision.KEEP, factories.member("mara"))
    db.session.commit()
    assert doing.run(now() + timedelta(days=729), {RULE}) == []
    assert [done.numbers for done in doing.run(now() + timedelta(days=731), {RULE})] == [(one.person_id,)]


@pytest.fixture
def three(app):
    """Numbers of three silent contacts' reviews."""
    with app.app_context():
        services.put_forward([factories.silent_person(f"Still{n}").id for n in range(3)])
        db.session.commit()
        return list(db.session.scalars(select(ContactReview.id).order_by(ContactReview.id)))


URL = "/personendaten/durchsicht"


def test_each_decision_does_what_it_says_and_is_noted(app, mara, three):
    for number, decision in zip(three, Decision, strict=True):
        assert mara.submit(URL, kontakt=str(number), decision=decision.value).status == 303
    assert "Niemand durchzusehen" in mara.get(URL).main
    with app.app_context():
        kept, limited, gone = (anybody(one.person_id) for one in db.session.scalars(
            select(ContactReview).order_by(ContactReview.id)))  # fmt: skip
        assert (kept.is_limited, kept.removed_at) == (False, None)
        assert (limited.restricted_on, limited.removed_at) == (today(), None)
        assert db.session.scalar(select(RightsRequest.person_id)) == limited.id
        assert gone.removed_at
        assert case_of(gone.id).is_open
        query = select(AuditEvent).where(AuditEvent.name == "contact.reviewed")
        found = db.session.scalars(query).all()
        assert {one.user_id for one in found} == {factories.member("mara").id}
        assert "Still" not in str([one.changes for one in found])


def test_wrong_entries_are_refused_and_the_ticks_stay(app, mara, anna, three):
    page = mara.submit(URL, decision="keep")
    assert (page.status, "Kreuzen Sie mindestens einen Kontakt an." in page.html) == (422, True)
    page = mara.submit(URL, decision="quatsch", kontakt=str(three[0]))
    assert page.status == 422
    assert page.fields()["kontakt"] == [str(three[0])]
    assert mara.submit(URL, decision="keep", kontakt="x" * 50).status == 422
    assert [anna.get(URL).status, anna.post(URL, decision="erase", kontakt=str(three[0])).status] == [
        403,
        403,
    ]
    with app.app_context():
        assert db.session.scalars(select(ContactReview.decision)).all() == [None] * 3


def test_what_a_colleague_decided_or_was_heard_of_since_stays(app, mara, three):
    fields = mara.get(URL).fields() | {"kontakt": [str(one) for one in three], "decision": "erase"}
    with app.app_context():
        first, second = db.session.scalars(select(ContactReview).order_by(ContactReview.id).limit(2))
        services.decide([first.id], Decision.KEEP, factories.member("mara"))
        _talk(second.person)
        db.session.commit()
    assert mara.post(URL, fields).status == 303
    assert "Über die anderen war schon entschieden" in mara.get("/personendaten").main
    with app.app_context():
        decisions = db.session.scalars(select(ContactReview.decision).order_by(ContactReview.id)).all()
        assert decisions == [Decision.KEEP, None, Decision.ERASE]
