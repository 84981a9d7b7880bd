"""One form makes one record, however often and however fast it is sent."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from crm import once
from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.contacts.models import Function, Person
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from crm.once import Submission
from crm.task_fields.models import TaskField
from tests import factories
from tests.everything import chief
from tests.retention.running import forget

TIMES = 20


def fields(app):
    """What a right form of each kind sends, and what it makes."""
    with app.app_context():
        place, person = [str(factories.place("Lahntal").id)], factories.person()
        db.session.commit()
        functions = f"/kontakte/{person.id}/funktionen/neu"
    talk = {"organisations": place, "held_on": f"{today():%d.%m.%Y}", "kind": "single", "channel": "phone"}
    function = {"organisation": place, "role": "other"}
    return {
        "a talk": ("/beratungen/neu", talk | {"anyway": "1"}, Consultation),
        "a person": ("/kontakte/neu", function | {"last_name": "Neu", "anyway": "1"}, Person),
        "a function": (functions, function, Function),
        "a follow-up": (
            "/wiedervorlagen/neu",
            {"organisation": place, "text": "x", "due_on": "1.1.2090"},
            FollowUp,
        ),
        "a task field": ("/aufgabenfelder/neu", {"name": "Neues Feld"}, TaskField),
        "an account": ("/konten/neu", {"name": "N", "email": "neu@kikz.test", "roles": ["reader"]}, User),
    }


KINDS = ["a talk", "a person", "a function", "a follow-up", "a task field", "an account"]


def count(app, model):
    """How many there are."""
    with app.app_context():
        return db.session.scalar(select(func.count(model.id)))


def at_once(client, url, form):
    """Send a form twenty times at the same time; give the answers."""
    cookie = client.browser.get_cookie("kikz").value

    def send(_number):
        browser = client.app.test_client()
        browser.set_cookie("kikz", cookie)
        answer = browser.post(url, data=form)
        return answer.status_code, answer.headers.get("Location")

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(send, range(TIMES)))


@pytest.mark.parametrize("kind", KINDS)
def test_twenty_times_the_same_form_makes_one_record(app, kind):
    client = chief(app)
    url, sent, model = fields(app)[kind]
    form, before = client.get(url).fields() | sent, count(app, model)
    answers = at_once(client, url, form)
    assert count(app, model) == before + 1
    first = [answer for answer in answers if answer[0] == 200]
    assert len(first) == (1 if kind == "an account" else 0), "only a one-time password is shown on the answer"
    assert len(set(answers) - set(first)) == 1, answers
    assert {status for status, _location in answers} <= {200, 303}


@pytest.mark.control
def test_without_the_marks_it_would_make_more(app, monkeypatch):
    client = chief(app)
    url, sent, model = fields(app)["a talk"]
    form = client.get(url).fields() | sent
    for name in ("check", "claim", "settle"):
        monkeypatch.setattr(once, name, lambda *_args: None)
    at_once(client, url, form)
    assert count(app, model) == TIMES


def test_going_back_and_sending_again_leads_to_the_same_record(app, anna):
    url, sent, model = fields(app)["a talk"]
    form = anna.get(url).fields() | sent
    first, again = anna.post(url, form), anna.post(url, form)
    assert (again.status, again.location) == (303, first.location)
    assert count(app, model) == 1


def test_going_back_and_changing_something_asks_before_it_makes_a_second_record(app, anna):
    url, sent, model = fields(app)["a talk"]
    form = anna.get(url).fields() | sent
    anna.post(url, form)
    asked = anna.post(url, form | {"note": ["Nachgetragen"]})
    assert asked.status == 422
    assert asked.fields()["note"] == ["Nachgetragen"]
    assert count(app, model) == 1
    assert anna.post(url, asked.fields()).status == 303
    assert count(app, model) == 2


def test_a_form_opened_twice_makes_two_records(app, anna):
    url, sent, model = fields(app)["a follow-up"]
    forms = [anna.get(url).fields() | sent for _ in range(2)]
    assert len({anna.post(url, form).location for form in forms}) == 2
    assert count(app, model) == 2


def test_a_mistake_does_not_use_the_form_up(app, anna):
    url, sent, model = fields(app)["a talk"]
    form = anna.get(url).fields() | sent
    wrong = anna.post(url, form | {"held_on": ["31.4.2026"]})
    assert wrong.fields()["once"] == form["once"]
    assert anna.post(url, form | {"follow_up_text": ["ohne Tag"]}).status == 422
    assert anna.post(url, form).status == 303
    assert count(app, model) == 1


def test_the_mark_of_a_colleague_is_no_way_to_the_record(app, anna, bert):
    url, sent, model = fields(app)["a talk"]
    form = anna.get(url).fields() | sent
    anna.post(url, form)
    own = bert.get(url).fields() | sent | {"once": form["once"]}
    answer = bert.browser.post(url, data=own)
    assert answer.status_code in (303, 409, 422)
    with app.app_context():
        assert db.session.scalar(select(func.count(Submission.key))) <= 2


def test_marks_go_after_thirty_days(app, anna):
    url, sent, _model = fields(app)["a talk"]
    anna.post(url, anna.get(url).fields() | sent)
    with app.app_context():
        assert forget("submissions") == 0
        db.session.scalars(select(Submission)).one().at -= once.LIFETIME
        assert forget("submissions") == 1
