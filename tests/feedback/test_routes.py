"""Feedback over the web: anonymous, once, in its time, and shown only when nobody can be recognised."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.db import db, now, today
from crm.events.models import EventState
from crm.feedback import queries, services
from crm.feedback.models import Feedback
from tests import factories
from tests.everything import changed, stored


def held(app, hours_ago=2, state=EventState.OPEN, **over):
    """An event that began some hours ago and takes four; give its number and the address of its form."""
    with app.app_context():
        starts = now() - timedelta(hours=hours_ago)
        event = factories.event(starts_at=starts, ends_at=starts + timedelta(hours=4), state=state, **over)
        db.session.commit()
        return event.id, f"/rueckmeldung/{event.secret}"


def answers(app):
    """What came in."""
    with app.app_context():
        found = db.session.scalars(select(Feedback).order_by(Feedback.rating))
        return [(one.rating, one.liked, one.missed, one.given_on) for one in found]


def test_a_stranger_gives_feedback_without_a_name(app, stranger):
    _number, url = held(app)
    page = stranger.get(url)
    assert not page.soup.select("input[type=email], input[name*=name]")
    assert [one["value"] for one in page.soup.select("input[name=rating]")] == ["5", "4", "3", "2", "1"]
    assert "sehr hilfreich" in page.main
    page = stranger.submit(url, rating="4", liked="Die Beispiele", missed="Zeit", follow=True)
    assert "Danke für Ihre Rückmeldung" in page.main
    assert answers(app) == [(4, "Die Beispiele", "Zeit", today())]


def test_an_answer_says_neither_who_nor_when(app, anna):
    _number, url = held(app)
    before = stored(app, ())
    anna.submit(url, rating="5")
    after = stored(app, ())
    assert set(changed(before, after)) <= {"feedback", "public_posts", "user_sessions"}
    assert set(Feedback.__table__.columns.keys()) == {
        "id",
        "event_id",
        "given_on",
        "rating",
        "liked",
        "missed",
    }


def test_numbers_of_answers_are_drawn_by_lot(app, context):
    event = factories.event(in_days=-1)
    for number in range(12):
        services.give(event, {"rating": 5}, f"key-{number}")
        db.session.commit()
    found = list(db.session.scalars(select(Feedback.id)))
    assert len(set(found)) == 12
    assert max(found) > 1000


def test_a_second_press_of_the_button_is_no_second_answer(app, stranger):
    _number, url = held(app)
    fields = stranger.get(url).fields() | {"rating": "5"}
    assert [stranger.post(url, fields).status for _press in range(3)] == [303, 303, 303]
    assert len(answers(app)) == 1
    assert stranger.submit(url, rating="5").status == 303
    assert len(answers(app)) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "Wählen Sie eine der fünf Antworten."),
        ({"rating": "6"}, "Ungültige Auswahl"),
        ({"rating": "x"}, "Ungültige Auswahl"),
        ({"rating": "5", "missed": "x" * 2001}, "höchstens 2000 Zeichen"),
    ],
)
def test_an_answer_is_checked_and_kept(app, stranger, change, message):
    _number, url = held(app)
    page = stranger.submit(url, **({"liked": "Gut war <b>alles</b>"} | change))
    assert page.status == 422
    assert any(message in error for error in page.errors()), page.errors()
    assert page.fields()["liked"] == ["Gut war <b>alles</b>"]
    assert answers(app) == []


@pytest.mark.parametrize(
    ("hours_ago", "open_now"), [(-1, False), (0.01, True), (24 * 30, True), (24 * 62, False)]
)
def test_feedback_is_taken_from_the_begin_until_sixty_days_after(app, stranger, hours_ago, open_now):
    _number, url = held(app, hours_ago)
    page = stranger.get(url)
    assert page.status == 200
    assert bool(page.soup.select("form[method=post]")) is open_now
    answer = stranger.post(url, rating="5", key="k")
    assert answer.status == (303 if open_now else 409)
    assert len(answers(app)) == open_now


def test_the_last_day_counts_whole(app, context, monkeypatch):
    event = factories.event(in_days=-10)
    for days, taken in ((60, True), (61, False)):
        monkeypatch.setattr(services, "today", lambda days=days: event.last_day + timedelta(days=days))
        assert services.is_open(event) is taken


@pytest.mark.parametrize("state", [EventState.CANCELLED])
def test_a_cancelled_or_unknown_event_takes_none(app, stranger, state):
    _number, url = held(app, state=state)
    for address in (url, "/rueckmeldung/falsch", f"{url}x"):
        assert stranger.get(address).status == 404
        assert stranger.post(address, rating="5").status == 404


def test_a_flood_is_slowed_down(app, stranger, monkeypatch):
    monkeypatch.setitem(app.config, "PUBLIC_POSTS_PER_HOUR", 2)
    _number, url = held(app)
    assert [stranger.submit(url, rating="5").status for _press in range(3)] == [303, 303, 429]
    assert len(answers(app)) == 2


def test_the_form_speaks_english_on_demand(app, stranger):
    _number, url = held(app)
    page = stranger.get(f"{url}?sprache=en")
    assert "Your feedback" in page.main
    assert (
        stranger.post(f"{url}?sprache=en", page.fields() | {"rating": "5"}).location
        == f"{url}?danke=1&sprache=en"
    )


def test_a_summary_is_shown_from_three_answers_on(app, anna):
    number, _url = held(app)
    after = f"/veranstaltungen/{number}/nachbereitung"
    assert "Noch keine Antworten." in anna.get(after).main
    for rating, text in ((5, "Beispiele"), (4, None), (2, "Kaffee")):
        with app.app_context():
            shown = queries.summary(number)
            assert (shown.mean, shown.bars, shown.liked) == (None, [], [])
            db.session.add(Feedback(event_id=number, given_on=today(), rating=rating, liked=text))
            db.session.commit()
        if rating != 2:
            page = anna.get(after).main
            assert "Unter drei Antworten wird nicht mehr gezeigt" in page
            assert "Beispiele" not in page
    page = anna.get(after).main
    assert "Mittelwert 3,7 von 5 aus 3 Antworten" in page
    assert "sehr hilfreich 1 hilfreich 1 teils hilfreich 0 kaum hilfreich 1 nicht hilfreich 0" in page
    assert "Was geholfen hat Beispiele Kaffee" in page


def test_texts_of_guests_are_words_and_no_markup(app, rita):
    number, _url = held(app)
    with app.app_context():
        for _number in range(3):
            text = "<script>alert(1)</script> **fett**"
            db.session.add(Feedback(event_id=number, given_on=today(), rating=3, missed=text))
        db.session.commit()
    page = rita.get(f"/veranstaltungen/{number}/nachbereitung")
    assert "<script>alert" not in page.html
    assert "**fett**" in page.main
