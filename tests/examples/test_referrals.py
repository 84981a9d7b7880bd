"""Referred: one click in a talk, seen on both sides, counted in a report whose figures open their records."""

import pytest
from sqlalchemy import func, select

from crm.closing.models import Span, span_of
from crm.closing.services import close
from crm.db import db, now, today
from crm.examples.models import Referral
from crm.reports import REPORTS
from crm.reports.period import Period
from crm.reports.scope import Scope
from tests import factories
from tests.examples import making
from tests.reports.walking import check_all

REPORT = "/berichte/verweisungen"


@pytest.fixture
def world(app):
    """A talk that asks and a group that has done it."""
    with app.app_context():
        group = making.running("Freigericht", "Hasselroth", title="Bauhöfe Kinzig")
        talk = factories.talk("Rauschenberg", "Wohratal", task_fields=[making.task_field("Bauhof").id])
        db.session.commit()
        return talk.id, group.id


def refer(client, world, **over):
    """Press the button of the finder."""
    return client.post("/erfahrung/verweisen", {"beratung": world[0], "gruppe": world[1]} | over)


def number_of(app):
    """How many referrals there are."""
    with app.app_context():
        return db.session.scalar(select(func.count(Referral.id)))


def test_one_click_is_seen_on_both_sides(world, app, anna):
    button = anna.get(f"/erfahrung?beratung={world[0]}").soup.select_one("main td form")
    fields = {one["name"]: one["value"] for one in button.select("input") if one["name"] != "csrf_token"}
    page = anna.post(button["action"], fields, follow=True)
    assert "Vermerkt: verwiesen an Bauhöfe Kinzig." in page.main
    assert page.soup.select_one("main td form") is None
    talk = anna.get(f"/beratungen/{world[0]}")
    assert "Verwiesen an Bauhöfe Kinzig" in talk.main
    assert "Verwiesen an eine Kooperation" in talk.main
    assert "Einmal hierher verwiesen." in anna.get(f"/kooperationen/{world[1]}").main
    assert "Rauschenberg, Wohratal" in anna.get(f"/kooperationen/{world[1]}/praxisbeispiel").main


def test_a_second_press_notes_nothing_more(world, app, anna, bert):
    refer(anna, world)
    assert "Das war schon vermerkt." in bert.get(refer(bert, world).location).main
    assert number_of(app) == 1


def test_nobody_is_referred_to_oneself_and_readers_refer_nobody(world, app, anna, rita):
    with app.app_context():
        own = factories.talk("Freigericht", cooperation_id=world[1])
        db.session.commit()
        own_id = own.id
    page = anna.post("/erfahrung/verweisen", {"beratung": own_id, "gruppe": world[1]}, follow=True)
    assert "eben diese Kooperation" in page.main
    assert refer(rita, world).status == 403
    assert refer(anna, world, gruppe="4711").status == refer(anna, world, beratung="x").status == 404
    assert number_of(app) == 0


def test_taken_back_it_is_gone_and_the_history_keeps_it(world, app, anna):
    refer(anna, world)
    form = anna.get(f"/beratungen/{world[0]}").soup.find(
        "form", action=lambda one: one and "verweisen" in one
    )
    page = anna.post(form["action"], follow=True)
    assert "Die Verweisung wurde zurückgenommen." in page.main
    assert "Verweisung zurückgenommen" in page.main
    assert number_of(app) == 0


def test_of_a_group_in_the_trash_nothing_is_taken_back_nor_counted(world, app, anna):
    refer(anna, world)
    with app.app_context():
        number = db.session.query(Referral).one().id
        db.session.query(Referral).one().cooperation.removed_at = now()
        db.session.commit()
    assert anna.post(f"/erfahrung/verweisen/{number}/zuruecknehmen").status == 404
    assert refer(anna, world).status == 404
    # The history of the talk keeps what was said; nothing leads to the group any more.
    assert not anna.get(f"/beratungen/{world[0]}").soup.select(f"main a[href='/kooperationen/{world[1]}']")
    assert "Bauhöfe Kinzig" not in anna.get(f"/erfahrung?beratung={world[0]}").main
    assert "0 Verweisungen" in anna.get(f"{REPORT}/datensaetze?was=verweisungen").main


def test_a_confidential_talk_is_told_only_to_its_circle(world, app, anna, rita):
    with app.app_context():
        hidden = factories.talk("Marburg", confidential=True)
        making.referral(hidden, db.session.get(Referral.cooperation.property.entity.class_, world[1]))
        db.session.commit()
    url = f"/kooperationen/{world[1]}"
    assert "Einmal hierher verwiesen." in anna.get(url).main
    assert "Marburg" in anna.get(f"{url}/praxisbeispiel").main
    assert "hierher verwiesen" not in rita.get(url).main
    assert "Marburg" not in rita.get(f"{url}/praxisbeispiel").main
    assert "1 Verweisung" in anna.get(f"{REPORT}/datensaetze?was=verweisungen").main
    assert "0 Verweisungen" in rita.get(f"{REPORT}/datensaetze?was=verweisungen").main


def test_every_figure_of_the_report_opens_its_records(world, app, anna):
    refer(anna, world)
    with app.app_context():
        planned = factories.talk("Lahntal", days_ago=-3)
        making.referral(planned, planned_group := making.running("Lich", "Laubach", title="Zweite"))
        second = factories.talk("Rauschenberg", days_ago=1)
        making.referral(second, planned_group)
        db.session.commit()
    with app.test_request_context():
        first = today().replace(month=1, day=1)
        reading = REPORTS["verweisungen"].read(
            factories.member("anna"), Scope(Period(first, today().replace(month=12, day=31)))
        )
        figures = {one.label: one.number.value for one in reading.sheet.figures}
        # The planned talk does not count: nobody was told anything yet.
        assert list(figures.values()) == [2, 2]
        check_all(reading)
    page = anna.get(REPORT)
    assert "Verweisungen" in page.main
    assert "Bauhöfe Kinzig" in page.main


def test_in_a_closed_quarter_a_referral_needs_a_reason(world, app, anna):
    with app.app_context():
        old = factories.talk("Rauschenberg", days_ago=200)
        span = span_of(old.held_on)
        close(Span(span.year, span.number), factories.member("mara"))
        db.session.commit()
        old_id = old.id
    page = refer(anna, world, beratung=old_id)
    assert page.status == 422
    assert "Grund der Berichtigung" in page.main
    assert number_of(app) == 0
    answer = refer(anna, world, beratung=old_id, correction_reason="Nachgetragen")
    assert (answer.status, number_of(app)) == (303, 1)
