"""The first page, and the pages for everybody."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm.consultations.models import ConsultationState, Presence
from crm.db import db, now, today
from crm.events.models import ChecklistItem
from crm.home import queries
from crm.home.statement import ENFORCEMENT, ENFORCEMENT_URL, EVALUATED_ON, LIMITS
from tests import factories


def section(page, name):
    """Text of a section of the page."""
    found = page.soup.select_one(f"section[aria-labelledby={name}]")
    return found.get_text(" ", strip=True) if found else ""


def test_follow_ups_stand_in_groups_by_urgency(app, anna):
    with app.app_context():
        for text, days in (("Versäumt", -2), ("Jetzt", 0), ("Bald", 5), ("Irgendwann", 30)):
            factories.follow_up(text, in_days=days)
        factories.follow_up("Fremd", by="bert")
        db.session.commit()
    page = anna.get("/")
    heads = [one.get_text(" ", strip=True)[:-2] for one in page.soup.select(".due-head")]
    rows = [
        one.get_text(strip=True)
        for one in page.soup.select("section[aria-labelledby=follow-ups] .row-main > a")
    ]
    assert len(heads) == 4
    assert rows == ["Versäumt", "Jetzt", "Bald", "Irgendwann"]
    assert page.soup.select(".is-late")
    assert len(page.soup.select(".tick-btn")) == 4


def test_later_ones_are_cut_and_counted(app, anna):
    with app.app_context():
        for number in range(8):
            factories.follow_up(f"Sache {number}", in_days=30 + number)
        db.session.commit()
    page = anna.get("/")
    assert "Sache 4" in page.main
    assert "Sache 5" not in page.main


def test_a_deputy_sees_the_desk_of_the_absent(app, anna):
    with app.app_context():
        factories.follow_up("Von Bert", by="bert", waiting_for="Ministerium")
        bert = factories.member("bert")
        bert.absent_from, bert.deputy_id = today(), factories.member("anna").id
        db.session.commit()
    page = anna.get("/")
    assert "Von Bert" in section(page, "follow-ups")
    assert "Ministerium" in section(page, "waiting")


def test_talks_of_today_stand_by_the_clock(app, anna, rita):
    with app.app_context():
        factories.talk("Cölbe", starts_at=time(23, 59), held_on=today())
        factories.talk("Lahntal", starts_at=time(0, 1), held_on=today())
        factories.talk("Wetter (Hessen)", held_on=today(), confidential=True)
        db.session.commit()
    text = section(anna.get("/"), "today")
    assert text.index("Lahntal") < text.index("Cölbe") < text.index("Wetter (Hessen)")
    assert "Wetter" not in rita.get("/").main


def test_a_talk_of_somebody_else_says_whose_it_is(app, anna, bert):
    with app.app_context():
        factories.talk("Cölbe", starts_at=time(23, 59), held_on=today())
        late = factories.talk("Lahntal", held_on=today() + timedelta(days=1))
        late.held_on = today() - timedelta(days=1)
        name = factories.member("anna").name
        db.session.commit()
    for client, said in ((anna, False), (bert, True)):
        page = client.get("/")
        assert [name in section(page, one) for one in ("today", "asked")] == [said, said]


def test_the_next_talk_is_the_next_planned_one_of_today(app, monkeypatch):
    noon = datetime.combine(today(), time(12), ZoneInfo("Europe/Berlin"))
    monkeypatch.setattr(queries, "now", lambda: noon)
    with app.test_request_context("/"):
        for clock in (time(9), time(14), time(16)):
            talk = factories.talk("Cölbe", starts_at=clock, held_on=today())
            talk.state = ConsultationState.PLANNED
        db.session.flush()
        assert queries.talks(factories.member("anna")).next.starts_at == time(14)


def test_a_planned_talk_whose_day_has_come_asks(app, anna, rita):
    with app.app_context():
        talk = factories.talk("Lahntal", held_on=today() + timedelta(days=1))
        talk.held_on = today() - timedelta(days=1)
        number = talk.id
        db.session.commit()
    page = anna.get("/")
    actions = [form["action"] for form in page.soup.select("section[aria-labelledby=asked] form")]
    assert actions == [f"/beratungen/{number}/stattgefunden", f"/beratungen/{number}/absagen"]
    assert anna.post(actions[0]).status == 303
    assert section(anna.get("/"), "asked") == ""
    assert section(rita.get("/"), "asked") == ""


def test_a_talk_still_to_begin_today_is_not_asked_about(app, monkeypatch):
    noon = datetime.combine(today(), time(12), ZoneInfo("Europe/Berlin"))
    monkeypatch.setattr(queries, "now", lambda: noon)
    with app.test_request_context("/"):
        for clock in (time(9), time(14), None):
            factories.talk("Cölbe", starts_at=clock, held_on=today()).state = ConsultationState.PLANNED
        db.session.flush()
        due = queries.talks(factories.member("anna")).due
        assert [one.starts_at for one in due] == [time(9), None]


def test_what_lacks_a_note_and_what_was_worked_on_last_is_mine_only(app, anna, bert):
    with app.app_context():
        factories.talk("Lahntal", note=None, days_ago=3)
        factories.talk("Cölbe", days_ago=4, by="bert", staff=[factories.member("bert").id])
        db.session.commit()
    page = anna.get("/")
    assert "Lahntal" in section(page, "notes")
    assert "Cölbe" not in section(page, "recent")
    assert "Cölbe" in section(bert.get("/"), "recent")


def test_the_year_counts_talks_participations_and_kommunen(app, anna, rita):
    with app.app_context():
        factories.talk("Lahntal", "Cölbe")
        factories.talk("Lahntal", confidential=True)
        absent = [factories.Party(factories.place("Wetter (Hessen)").id, presence=Presence.ABSENT)]
        factories.talk(parties=absent)
        factories.talk("Lahntal", held_on=date(today().year - 1, 12, 31))
        factories.talk("Lahntal", held_on=today() + timedelta(days=1))
        db.session.commit()
        seen = {name: queries.year(factories.member(name)) for name in ("anna", "rita")}
    assert (seen["anna"].talks, seen["anna"].participations, seen["anna"].kommunen) == (3, 3, 2)
    assert (seen["rita"].talks, seen["rita"].participations, seen["rita"].kommunen) == (2, 2, 2)
    assert str(seen["rita"].base) in section(rita.get("/"), "year")


def test_a_full_first_page_stays_within_its_statements(app, anna):
    with app.app_context():
        for number in range(12):
            factories.talk("Lahntal", "Cölbe", days_ago=number, note=None if number % 2 else "Ja", by="anna")
            factories.talk("Cölbe", held_on=today() + timedelta(days=1)).held_on = today()
            factories.follow_up(
                f"Sache {number}", in_days=number - 5, waiting_for="Amt" if number % 3 else None
            )
        db.session.commit()
    assert len(anna.get("/").statements) <= 18


def test_an_administrator_is_led_to_the_users(ada):
    assert ada.get("/").location == "/benutzer" or ada.get("/").status == 302


def test_a_one_time_password_opens_nothing_but_its_change(app):
    from tests.pages import CarefulClient

    with app.app_context():
        factories.user("neu@kikz.test", must_change_password=True)
        db.session.commit()
    client = CarefulClient(app)
    client.sign_in("neu@kikz.test")
    assert client.get("/").location == "/konto/passwort"


@pytest.mark.parametrize("path", ["/barrierefreiheit", "/datenschutz"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_everybody_may_read_about_accessibility_and_privacy(stranger, path, language):
    page = stranger.get(f"{path}?sprache={language}")
    assert page.status == 200
    assert page.soup.html["lang"] == language
    assert len(page.soup.select("h1")) == 1


def test_the_statement_names_its_day_and_where_to_complain(stranger):
    page = stranger.get("/barrierefreiheit")
    assert f"{EVALUATED_ON:%d.%m.%Y}" in page.main
    assert ENFORCEMENT in page.main
    assert page.soup.select_one(f"main a[href='{ENFORCEMENT_URL}']")
    assert "/barrierefreiheit/melden" in [one["href"] for one in page.soup.select("main a")]
    assert len(page.soup.select("dl.limits dt")) == len(LIMITS)
    assert len(page.soup.select("dl.limits dd")) == 2 * len(LIMITS)


def test_the_page_about_privacy_names_who_is_responsible(app, stranger, ada):
    before = stranger.get("/datenschutz").main
    assert "teilt die Stelle auf Anfrage mit" in before
    assert "Fassung der Hinweise für Gäste" in before
    given = {
        "name": "Zentrum IKZ", "address": "Musterstraße 1\n35037 Marburg", "sender": "post@ikz.example.de",
        "officer": "Dr. Dana Schütz\ndatenschutz@ikz.example.de",
    }  # fmt: skip
    assert ada.submit("/einstellungen", **given).status == 303
    page = stranger.get("/datenschutz")
    assert "teilt die Stelle auf Anfrage mit" not in page.main
    for words in " ".join(given.values()).split():
        assert words in page.main
    links = [one["href"] for one in page.soup.select("main a")]
    assert "/impressum" in links
    assert "mailto:post@ikz.example.de" in links
    for said in (
        "Artikel 4 Nummer 7 DSGVO", "Datenschutzbeauftragte", "Artikel 6 Absatz 1 Buchstabe e", "HDSIG",
        "180 Tage",
        "Wer es sieht", "Artikel 15 bis 18 und 21", "Der Hessische Beauftragte für Datenschutz",
    ):  # fmt: skip
        assert said in page.main, said


def is_recent(evaluated_on, day):
    """Tell whether an evaluation is not older than twelve months and no promise for the future."""
    return timedelta(0) <= day - evaluated_on <= timedelta(days=366)


def test_the_evaluation_is_not_older_than_a_year():
    assert is_recent(EVALUATED_ON, today()), "evaluate accessibility anew, then change the day"
    assert not is_recent(EVALUATED_ON, EVALUATED_ON + timedelta(days=367))


def test_health_answers_without_the_database(stranger):
    page = stranger.get("/healthz")
    assert (page.status, page.data, page.statements) == (200, b"ok\n", [])


def test_the_year_counts_what_the_report_counts(app, anna):
    """A body takes part in a talk, but its part is no participation of a Kommune, here as in the report."""
    with app.app_context():
        factories.body("Abwasserverband Ohm")
        factories.talk("Lahntal", "Abwasserverband Ohm")
        db.session.commit()
    figures = anna.get("/").soup.select_one("#year").find_parent("section")
    shown = [one.get_text() for one in figures.select("dd a")]
    behind = [len(anna.get(one["href"]).soup.select("main tbody tr")) for one in figures.select("dd a")]
    assert shown == ["1", "1", "1"]
    assert behind == [1, 1, 1]


def test_what_is_to_be_done_for_events_stands_on_the_first_page(app, emil, rita):
    with app.app_context():
        event = factories.event(in_days=5, responsible_id=factories.member("emil").id)
        for text, days, done in (
            ("Schilder drucken", -2, None),
            ("Danken", 9, None),
            ("Einladen", -40, now()),
        ):
            event.checklist.append(ChecklistItem(text=text, days=days, done_at=done))
        db.session.commit()
    page = emil.get("/")
    assert "Schilder drucken" in page.main
    assert "Danken" not in page.main
    assert "Einladen" not in page.main
    assert "Schilder drucken" not in rita.get("/").main


def test_who_has_only_tasks_of_events_finds_them_where_others_have_follow_ups(app, emil):
    with app.app_context():
        event = factories.event(in_days=5, responsible_id=factories.member("emil").id)
        event.checklist.append(ChecklistItem(text="Schilder drucken", days=-2))
        db.session.commit()
    first, second = "main .cols > :first-child #tasks", "main .cols > :last-child #tasks"
    page = emil.get("/")
    assert [len(page.soup.select(one)) for one in (first, second)] == [1, 0]
    with app.app_context():
        factories.follow_up(by="emil", in_days=0)
        db.session.commit()
    page = emil.get("/")
    assert [len(page.soup.select(one)) for one in (first, second)] == [0, 1]
