"""Periods on screen: managers look at them, administrators set them, and every stop has its reason."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.access import Role
from crm.audit import AuditEvent
from crm.db import db, now
from crm.events.models import EventState
from crm.retention import doing, queries
from crm.retention.models import RetentionSetting
from tests import factories
from tests.pages import CarefulClient
from tests.retention.running import due_guests

URL, GUESTS = "/aufbewahrung", "/aufbewahrung/gaeste"
EDIT = f"{GUESTS}/aendern"


def events(app):
    """Names of what was noted about rules, oldest first."""
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.record_type == "retention_settings")
        return [(one.name, one.changes) for one in db.session.scalars(query.order_by(AuditEvent.id))]


def old_guest(app, days):
    """Somebody who came to an event that many days ago."""
    with app.app_context():
        ends = now() - timedelta(days=days)
        event = factories.event(starts_at=ends - timedelta(hours=1), ends_at=ends, state=EventState.HELD)
        factories.registration(event, "Petersen")
        db.session.commit()


def test_the_page_says_what_is_due_what_comes_and_what_went(app, mara):
    old_guest(app, 200)
    old_guest(app, 170)
    page = mara.get(URL)
    row = page.soup.find("a", string="Namen und Adressen von Teilnehmenden").find_parent("tr")
    assert row.get_text(" ", strip=True).endswith("wird anonym, Zahlen bleiben 1 1")
    assert "180 Tage nach dem Ende der Veranstaltung" in row.get_text(" ", strip=True)
    assert "Noch wurde nichts gelöscht" in page.main
    with app.app_context():
        doing.run()
    page = mara.get(URL)
    assert "Namen und Adressen von Teilnehmenden: 1" in page.main
    assert "Petersen" not in page.html
    day = mara.get(GUESTS).soup.select("#ahead")[0].find_parent("section").select("tbody tr")
    assert [row.select("td")[0].get_text(strip=True) for row in day] == ["1"]


def test_another_period_holds_at_once_and_is_noted(app, ada, mara):
    old_guest(app, 100)
    page = ada.submit(EDIT, period="90", follow=True)
    assert "90 Tage nach dem Ende der Veranstaltung" in page.main
    assert "Löschregel geändert" in page.main
    assert "Löschfrist" in page.soup.select_one(".history").get_text()
    with app.app_context():
        assert [one.rule.key for one in due_guests()] == ["guests"]
    assert "90 Tage" in mara.get("/aufbewahrung/antworten").main, "another rule follows"
    assert events(app) == [("retention.changed", {"key": [None, "guests"], "period": [None, 90]})]
    ada.submit(EDIT, period="180")
    with app.app_context():
        assert queries.setting("guests").period is None, "the usual period again"
    assert (
        "90 Tage" in ada.get("/aufbewahrung/antworten").main
        or mara.get("/aufbewahrung/antworten").status == 200
    )


def test_a_stop_needs_a_reason_and_ends_on_screen(app, ada, mara):
    old_guest(app, 200)
    page = ada.submit(EDIT, stopped="y")
    assert page.status == 422
    assert "Schreiben Sie, warum die Regel angehalten ist. Andere werden fragen." in page.errors()
    page = ada.submit(EDIT, stopped="y", reason="Prüfung bis 30. Juni", follow=True)
    assert "Prüfung bis 30. Juni" in page.main
    with app.app_context():
        assert due_guests() == []
    assert "angehalten" in mara.get(URL).main
    fields = ada.get(EDIT).fields()
    fields.pop("stopped")
    ada.post(EDIT, fields)
    with app.app_context():
        assert [one.rule.key for one in due_guests()] == ["guests"]
        assert queries.setting("guests").reason is None
    assert [name for name, _changes in events(app)] == ["retention.stopped", "retention.resumed"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("29", "Möglich sind 30 Tage bis 730 Tage."),
        ("731", "Möglich sind 30 Tage bis 730 Tage."),
        ("", "Geben Sie die Frist ein."),
        ("drei Monate", "Das ist keine Zahl."),
    ],
)
def test_bad_input_is_refused_and_kept(app, ada, typed, said):
    page = ada.submit(EDIT, period=typed, reason="Bleibt stehen")
    assert page.status == 422
    assert any(said in one for one in page.errors())
    assert page.fields()["period"] == [typed]
    assert page.fields()["reason"] == ["Bleibt stehen"]
    assert events(app) == []


def test_a_lost_update_is_refused(app, ada):
    old = ada.get(EDIT).fields()
    ada.submit(EDIT, period="90")
    page = ada.post(EDIT, old | {"period": "120"})
    assert page.status == 409
    assert "90" in page.main
    with app.app_context():
        assert queries.period("guests") == 90


def test_two_who_save_first_at_the_same_moment_make_one_row(app, ada):
    with app.app_context():
        factories.user("otto@kikz.test", "Otto Ober", {Role.ADMINISTRATOR})
        db.session.commit()
    otto = CarefulClient(app)
    otto.sign_in("otto@kikz.test")
    both = [(one, one.get(EDIT).fields() | {"period": days}) for one, days in ((ada, "90"), (otto, "120"))]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda pair: pair[0].browser.post(EDIT, data=pair[1]).status_code, both))
    assert 303 in answers
    with app.app_context():
        assert len(db.session.scalars(select(RetentionSetting)).all()) == 1


def test_a_fixed_period_is_no_field_and_cannot_be_smuggled_in(app, ada):
    url = "/aufbewahrung/entwuerfe/aendern"
    fields = ada.get(url).fields()
    assert "period" not in fields
    ada.post(url, fields | {"period": "1", "stopped": "y", "reason": "Prüfung"})
    with app.app_context():
        assert queries.setting("drafts").period is None
        assert queries.setting("drafts").is_stopped


def test_who_may_only_read_sets_nothing_and_others_see_nothing(mara, anna, ada):
    assert mara.get(EDIT).status == mara.post(EDIT).status == 403
    assert anna.get(URL).status == anna.get(GUESTS).status == 403
    assert ada.get(f"{URL}/gibt-es-nicht").status == 404
    assert ada.get(f"{URL}/vermerke/aendern").status == 404
    assert "nach dem Aktenplan" in ada.get(f"{URL}/vermerke").main


def test_the_page_says_that_the_operator_stopped_all(app, mara, monkeypatch):
    monkeypatch.setitem(app.config, "RETENTION", False)
    assert "RETENTION=off" in mara.get(URL).main
    assert "RETENTION=off" in mara.get(GUESTS).main


def test_a_form_saved_unchanged_makes_no_row_of_a_rule_nobody_set(app, ada):
    assert ada.submit(EDIT).status == 303
    with app.app_context():
        assert queries.settings() == {}
    assert events(app) == []
