"""Quarters on screen: managers close and open them; corrections are seen by whom they may concern."""

import threading

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.closing import guard
from crm.closing import services as closing
from crm.closing.models import Quarter, span_of
from crm.consultations import services
from crm.consultations.models import Consultation
from crm.db import db, today
from tests import factories
from tests.closing.test_guard import CLOSED, PAST, SPAN, WHY, close, corrections, edited, store

ADDRESS = f"/berichte/quartale/{SPAN.year}/{SPAN.number}"


def test_who_closes_a_quarter_can_look_at_its_report_first(mara):
    link = mara.get(f"{ADDRESS}/abschliessen").soup.select_one("main a[href*=taetigkeit]")
    page = mara.get(link["href"])
    said = [page.soup.select_one(f"#{name}")["value"] for name in ("von", "bis")]
    assert said == [f"{SPAN.first:%d.%m.%Y}", f"{SPAN.last:%d.%m.%Y}"]


def test_a_manager_closes_a_quarter_and_it_leaves_an_audit_event(app, mara):
    assert mara.submit(f"{ADDRESS}/abschliessen").status == 303
    page = mara.get("/berichte/quartale")
    assert "abgeschlossen" in page.main
    assert "Mara Marx" in page.main
    with app.test_request_context():
        event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event.name == "quarter.closed"


def test_the_same_quarter_is_closed_once(app, mara):
    fields = mara.get(f"{ADDRESS}/abschliessen").fields()
    first, second = (mara.post(f"{ADDRESS}/abschliessen", fields) for _ in range(2))
    assert first.status == second.status == 303
    assert "schon abgeschlossen" in mara.submit(f"{ADDRESS}/abschliessen").main
    with app.test_request_context():
        assert len(db.session.scalars(select(Quarter)).all()) == 1


def test_a_quarter_that_is_not_over_cannot_be_closed(mara):
    now = span_of(today())
    page = mara.submit(f"/berichte/quartale/{now.year}/{now.number}/abschliessen")
    assert page.status == 422
    assert "vergangenes Quartal" in page.main
    assert mara.get("/berichte/quartale/2025/5/abschliessen").status == 404
    assert mara.get("/berichte/quartale/9999/1/abschliessen").status == 404


def test_opening_again_takes_a_reason_and_sets_everything_free(app, mara, anna):
    number = store(app, lambda: factories.talk("Lahntal", held_on=PAST, duration_minutes=60))
    close(app)
    page = mara.submit(f"{ADDRESS}/oeffnen", reason="")
    assert page.status == 422
    assert mara.submit(f"{ADDRESS}/oeffnen", reason="Zahlen nachgereicht").status == 303
    assert "Zahlen nachgereicht" in mara.get("/berichte/quartale").main
    assert edited(anna, number, duration_minutes="90").status == 303
    assert corrections(app) == []
    assert "nicht abgeschlossen" in mara.submit(f"{ADDRESS}/oeffnen", reason="x").main
    close(app)
    assert edited(anna, number, duration_minutes="95").status == 422


def test_readers_see_the_quarters_but_close_none(app, rita):
    page = rita.get("/berichte/quartale")
    assert page.status == 200
    assert not page.soup.select_one("a[href$=abschliessen]")
    assert rita.get(f"{ADDRESS}/abschliessen").status == 403


def corrected_talk(app, anna, **values):
    number = store(app, lambda: factories.talk("Lahntal", held_on=PAST, duration_minutes=60, **values))
    close(app)
    assert edited(anna, number, duration_minutes="90", correction_reason=WHY).status == 303
    return number


YEAR = f"von=01.01.{PAST.year}&bis=31.12.{PAST.year}"


def test_a_report_of_the_quarter_says_so_and_its_list_marks_the_talk(app, anna, rita):
    corrected_talk(app, anna)
    page = rita.get(f"/berichte/taetigkeit?{YEAR}")
    link = page.soup.select_one('a[href*="berichtigungen"]')
    assert link.get_text() == "1 Berichtigung nach Abschluss"
    assert WHY in rita.get(link["href"]).main
    without_talks = rita.get(f"/berichte/kooperationen?{YEAR}")
    assert not without_talks.soup.select_one('a[href*="berichtigungen"]'), "no talk counts there"
    listed = rita.get(f"/berichte/taetigkeit/datensaetze?was=beratungen&{YEAR}")
    assert "berichtigt" in listed.soup.select_one("main tbody").get_text()
    other = rita.get(f"/berichte/taetigkeit?von=01.01.{today().year}&bis=31.12.{today().year}")
    assert not other.soup.select_one('a[href*="berichtigungen"]')


def test_corrections_of_confidential_talks_do_not_exist_for_readers(app, anna, rita):
    corrected_talk(app, anna, confidential=True)
    assert not rita.get(f"/berichte/taetigkeit?{YEAR}").soup.select_one('a[href*="berichtigungen"]')
    assert WHY not in rita.get(ADDRESS).main
    assert not rita.get("/berichte/quartale").soup.select_one(f'a[href="{ADDRESS}"]')
    assert WHY in anna.get(ADDRESS).main


def test_a_removed_talk_stays_among_the_corrections(app, anna, rita):
    number = store(app, lambda: factories.talk("Lahntal", held_on=PAST))
    close(app)
    assert anna.post(f"/beratungen/{number}/entfernen", correction_reason=WHY).status == 303
    page = rita.get(ADDRESS)
    assert WHY in page.main
    assert "nicht mehr gibt" in page.main


def test_in_what_order_two_people_act_does_not_matter(app, anna, mara):
    number = store(app, lambda: factories.talk("Lahntal", held_on=PAST, duration_minutes=60))
    form = anna.get(f"/beratungen/{number}/bearbeiten").fields() | {"duration_minutes": "75"}
    assert mara.submit(f"{ADDRESS}/abschliessen").status == 303
    page = anna.post(f"/beratungen/{number}/bearbeiten", form)
    assert page.status == 422
    assert CLOSED in page.main


def _saving(app, number, begun, go, result):
    """Change a talk and wait with the commit."""
    with app.test_request_context(method="POST"):
        talk, author = db.session.get(Consultation, number), factories.member("anna")
        parties = [services.Party(one.organisation_id, one.presence) for one in talk.participations]
        values = {name: getattr(talk, name) for name in services.COLUMNS} | {"staff": [], "task_fields": []}
        try:
            services.change_consultation(talk, values | {"duration_minutes": 75}, parties, author)
            begun.set()
            go.wait(10)
            db.session.commit()
            result.append("saved")
        except guard.ReasonNeeded:
            begun.set()
            result.append("asked")
        finally:
            db.session.remove()


def _closing(app, done):
    with app.test_request_context(method="POST"):
        closing.close(SPAN, factories.member("mara"))
        db.session.commit()
        done.append("closed")
        db.session.remove()


@pytest.mark.parametrize("with_lock", [True, False])
def test_closing_waits_for_whoever_is_saving(app, monkeypatch, with_lock):
    """The control: without the lock a quarter is closed beneath a saving that is under way."""
    number = store(app, lambda: factories.talk("Lahntal", held_on=PAST, duration_minutes=60))
    with app.app_context():
        if db.engine.dialect.name == "sqlite" and not with_lock:
            pytest.skip("SQLite lets only one write at a time")
    if not with_lock:
        monkeypatch.setattr(closing, "take_turn", lambda _turn: None)
    begun, go, saved, closed = threading.Event(), threading.Event(), [], []
    saver = threading.Thread(target=_saving, args=(app, number, begun, go, saved))
    saver.start()
    assert begun.wait(10)
    closer = threading.Thread(target=_closing, args=(app, closed))
    closer.start()
    closer.join(1)
    assert closed == ([] if with_lock else ["closed"])
    go.set()
    saver.join(10)
    closer.join(10)
    assert (saved, closed) == (["saved"], ["closed"])


def test_saving_after_closing_is_asked_for_a_reason(app):
    number = store(app, lambda: factories.talk("Lahntal", held_on=PAST, duration_minutes=60))
    close(app)
    result = []
    _saving(app, number, threading.Event(), threading.Event(), result)
    assert result == ["asked"]
