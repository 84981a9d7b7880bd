"""Once a year: a link to a filled-in page, one answer without signing in, and what becomes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm import jobs
from crm.consents import services as consents
from crm.db import db, now, today
from crm.examples import inquiries
from crm.examples.duties import DUTY
from crm.examples.inquiries import LIFETIME
from crm.examples.models import Answer, ExampleInquiry, PracticeExample
from crm.mail.models import MailState, OutgoingMail
from crm.retention import doing
from tests import factories
from tests.examples import making

LINK = "/praxisbeispiele/bestaetigen/"


@pytest.fixture
def world(app):
    """An example nobody has confirmed for a year, and the end of the link its contact got."""
    with app.app_context():
        example = making.example(person=making.contact())
        example.confirmed_on = today() - timedelta(days=366)
        _question, secret = making.asked(example)
        db.session.commit()
        return example.id, LINK + secret, f"/kooperationen/{example.cooperation_id}/praxisbeispiel"


def stored(app, name="confirmed_on"):
    """What is stored of the example."""
    with app.app_context():
        return getattr(db.session.query(PracticeExample).one(), name)


def test_all_is_filled_in_and_one_press_confirms(world, app, stranger, anna):
    assert "zu bestätigen" in anna.get(world[2]).main
    page = stranger.get(world[1])
    assert page.fields()["summary"] == [making.SUMMARY]
    assert page.fields()["saving_euros"] == ["40000"]
    assert "Karla Kontakt, Büroleitung, Lahntal" in page.main
    assert "privat.kontakt" not in page.html
    assert stored(app) < today()
    answer = stranger.submit(world[1], answer="holds", follow=True)
    assert "Ihre Antwort ist angekommen." in answer.main
    assert stored(app) == today()
    assert "zu bestätigen" not in anna.get(world[2]).main


def dead(client, url):
    """What somebody gets of a link that is none."""
    page = client.get(url)
    assert page.status == 410
    assert making.SUMMARY not in page.html
    return page.main


def test_a_link_dies_when_used_and_tells_nothing_to_who_holds_a_wrong_one(world, app, stranger):
    wrong = dead(stranger, LINK + "x" * 43)
    stranger.submit(world[1], answer="holds")
    assert dead(stranger, world[1]) == wrong == dead(stranger, LINK + "kurz")
    assert stranger.post(world[1], {"answer": "ended"}).status == 410
    assert not stored(app, "is_withdrawn")


@pytest.mark.parametrize("why", ["old", "newer", "withdrawn", "no longer agreed", "somebody else"])
def test_a_link_dies_of_itself(world, app, stranger, why):
    with app.app_context():
        example = making.released(world[0])
        if why == "old":
            db.session.query(ExampleInquiry).one().expires_at = now() - timedelta(minutes=1)
        elif why == "newer":
            db.session.query(ExampleInquiry).one().created_at = now() - timedelta(minutes=10)
            making.asked(example)
        elif why == "withdrawn":
            example.withdrawn_at = now()
        elif why == "somebody else":
            example.person_id = making.contact("Anders").id
        else:
            making.held_by(example.person).person.restricted_on = today()
        db.session.commit()
    dead(stranger, world[1])


def test_the_mail_holds_the_only_copy_of_the_link(world, app):
    with app.app_context():
        question = db.session.query(ExampleInquiry).one()
        assert question.token_hash not in world[1]
        assert len(question.token_hash) == 64
        letter = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
        assert letter.recipient == "kontakt@amt.test"
        assert world[1] in letter.body
        assert question.expires_at - question.created_at < LIFETIME + timedelta(minutes=1)


def test_corrections_wait_until_the_office_takes_them_over(world, app, stranger, anna):
    wrong = stranger.submit(world[1], answer="changed", summary="", saving_euros="sehr viel")
    assert (wrong.status, len(wrong.errors()) > 0) == (422, True)
    stranger.submit(world[1], answer="changed", summary="Drei Orte inzwischen.", remark="Danke!")
    assert stored(app, "summary") == making.SUMMARY
    page = anna.get(world[2])
    assert "wartet auf das Zentrum" in page.main
    assert "Drei Orte inzwischen." in page.main
    assert "Antwort wartet" in anna.get(world[2].removesuffix("/praxisbeispiel")).main
    form = page.soup.find("form", action=lambda one: one and "/antworten/" in one)
    stale = anna.post(form["action"], {"uebernehmen": "1", "version": "1"}, follow=True)
    assert "inzwischen geändert" in stale.main
    assert stored(app, "summary") == making.SUMMARY
    version = form.select_one("[name=version]")["value"]
    taken = anna.post(form["action"], {"uebernehmen": "1", "version": version}, follow=True)
    assert "Korrekturen übernommen." in taken.main
    assert (stored(app, "summary"), stored(app)) == ("Drei Orte inzwischen.", today())
    assert "schon jemand bearbeitet" in anna.post(form["action"], follow=True).main


def test_what_was_typed_beside_all_of_it_still_holds_is_not_lost(world, app, stranger):
    page = stranger.submit(world[1], answer="holds", summary="Drei Orte inzwischen.")
    assert page.status == 422
    assert "Gilt mit Korrekturen" in page.errors()[0]
    assert page.fields()["summary"] == ["Drei Orte inzwischen."]
    assert stored(app) < today()


def test_who_was_slower_is_not_thanked(world, app, stranger, monkeypatch):
    monkeypatch.setattr(inquiries, "answer", lambda *_said: False)
    assert stranger.submit(world[1], answer="holds").status == 410


def mails(app):
    """The states of the mails in the outbox, the oldest first."""
    with app.app_context():
        return [one.state for one in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))]


def test_two_presses_write_once_and_a_newer_link_keeps_the_older_mail_back(world, app, anna):
    page = anna.post(f"{world[2]}/nachfragen", follow=True)
    assert "wurde eben erst gefragt" in page.main
    assert len(mails(app)) == 1
    with app.app_context():
        db.session.query(ExampleInquiry).one().created_at = now() - timedelta(minutes=10)
        db.session.commit()
    anna.post(f"{world[2]}/nachfragen")
    assert mails(app) == [MailState.DROPPED, MailState.WAITING]


def test_who_has_not_agreed_is_not_written_to(world, app, anna):
    with app.app_context():
        example = making.released(world[0])
        db.session.query(ExampleInquiry).one().created_at = now() - timedelta(minutes=10)
        consents.withdraw(consents.queries.holding(example.person_id)[0], None, factories.member("anna"))
        db.session.commit()
    assert "nicht zugestimmt" in anna.post(f"{world[2]}/nachfragen", follow=True).main
    assert len(mails(app)) == 1


def test_a_link_stays_dead_when_the_example_is_released_again(world, app, anna, stranger):
    anna.submit(f"{world[2]}/zurueckziehen")
    anna.post(f"{world[2]}/wieder-freigeben")
    dead(stranger, world[1])
    assert mails(app) == [MailState.DROPPED]


def test_who_wants_it_off_the_page_has_it_off_at_once(world, app, stranger):
    stranger.submit(world[1], answer="ended", remark="Gekündigt")
    assert stored(app, "is_withdrawn")


def test_no_answer_is_no_answer(world, app, stranger):
    page = stranger.submit(world[1])
    assert (page.status, page.errors()) == (422, ["Wählen Sie eine Antwort.", "Wählen Sie eine Antwort."])
    assert stored(app) < today()


def test_the_worker_asks_once_when_a_year_is_over(world, app):
    with app.app_context():
        jobs.run(DUTY)
        assert db.session.scalar(select(func.count(ExampleInquiry.id))) == 1
        db.session.query(ExampleInquiry).one().created_at = now() - 3 * LIFETIME
        fresh = making.example(making.running("Lich", "Laubach", title="Frisch"), making.contact("Frisch"))
        without = making.example(making.running("Hungen", "Pohlheim", title="Ohne"))
        without.confirmed_on = today() - timedelta(days=400)
        mute = making.contact("Postlos", email=None)
        making.example(
            making.running("Biebertal", "Wettenberg", title="Postlos"), mute
        ).confirmed_on = without.confirmed_on
        db.session.commit()
        for _time in range(2):
            jobs.run(DUTY)
        asked = db.session.scalars(select(ExampleInquiry.example_id)).all()
        assert (asked, fresh.id in asked) == ([world[0]] * 2, False)


def test_the_office_asks_or_confirms_by_a_button(world, app, anna, rita):
    with app.app_context():
        db.session.query(ExampleInquiry).one().created_at = now() - timedelta(minutes=10)
        db.session.commit()
    page = anna.post(f"{world[2]}/nachfragen", follow=True)
    assert "Die Mail mit dem Link ist unterwegs." in page.main
    assert rita.post(f"{world[2]}/nachfragen").status == 403
    anna.post(f"{world[2]}/bestaetigen")
    assert stored(app) == today()
    with app.app_context():
        making.released(world[0]).person_id = None
        db.session.commit()
    assert "niemanden zu fragen" in anna.post(f"{world[2]}/nachfragen", follow=True).main


def test_answered_questions_go_after_their_time_and_waiting_ones_stay(world, app, stranger):
    stranger.submit(world[1], answer="changed", summary="Neu")
    with app.app_context():
        question = db.session.query(ExampleInquiry).one()
        question.expires_at = now() - timedelta(days=400)
        db.session.commit()
        doing.run(keys=["example-inquiries"])
        waiting = db.session.query(ExampleInquiry).one()
        assert waiting.answer is Answer.CHANGED
        waiting.settled_at = now()
        db.session.commit()
        doing.run(keys=["example-inquiries"])
        assert db.session.query(ExampleInquiry).count() == 0


def test_guessing_is_slowed_down(world, app, stranger, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_POSTS_PER_HOUR", 1)
    stranger.submit(world[1], answer="holds")
    with app.app_context():
        _question, secret = making.asked(making.released(world[0]))
        db.session.commit()
    assert stranger.submit(LINK + secret, answer="ended").status == 429
    assert not stored(app, "is_withdrawn")
    assert factories.today() == stored(app)
