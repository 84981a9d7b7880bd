"""The calendar on screen."""

from datetime import date, datetime, time, timedelta

import pytest

from crm.calendars import queries
from crm.consultations.services import cancel, remove
from crm.db import BERLIN, db, today
from crm.events.models import ChecklistItem, EventState, Precision
from crm.follow_ups.models import FollowUpState
from tests import factories
from tests.factories import member

NOON = time(12, 0)


def store(app, *makers):
    """Make things in one transaction; give the number of the first."""
    with app.app_context():
        made = [make() for make in makers]
        db.session.commit()
        return made[0].id


def cell(page, day):
    """The cell of a day of the grid."""
    return next(one for one in page.soup.select("td.cal-cell") if one.select_one(f"time[datetime='{day}']"))


def titles(page):
    """What stands in the calendar, in order."""
    return [
        one.get_text(" ", strip=True) for one in page.soup.select(".cal-title, .cal-rows .row-main > p > a")
    ]


def task(text, days, owner, **over):
    """Something to be done for an event in two weeks."""
    event = factories.event(responsible_id=member(owner).id, **over)
    made = ChecklistItem(event_id=event.id, days=days, text=text, owner_id=member(owner).id)
    db.session.add(made)
    return made


def test_all_that_has_a_day_stands_on_it_and_leads_to_its_page(app, anna):
    with app.app_context():
        event = factories.event("Kongress", in_days=0, responsible_id=member("anna").id)
        talk = factories.talk("Cölbe", "Lahntal", starts_at=time(9, 15))
        group = factories.cooperation()
        group.adviser_id = member("anna").id
        session = factories.resolution(group, "Cölbe", in_days=0)
        follow_up = factories.follow_up("Anrufen", in_days=0)
        db.session.add(task("Raum bestellen", -14, "anna"))
        db.session.commit()
        wanted = [
            f"/kooperationen/{group.id}/beschluesse/{session.id}", f"/beratungen/{talk.id}",
            f"/veranstaltungen/{event.id}", f"/wiedervorlagen/{follow_up.id}",
        ]  # fmt: skip
    page = anna.get("/kalender?sicht=woche")
    here = cell(page, today())
    links = [one["href"] for one in here.select(".cal-item a")]
    assert links[:4] == wanted
    assert len(links) == 5, "and what is to be done for the event in two weeks"
    assert "09:15" in here.get_text()
    assert "Cölbe, Lahntal" in here.get_text(" ")
    signs = [one["aria-label"] for one in here.select(".cal-item > a > svg")]
    assert signs == ["Sitzung", "Beratung", "Veranstaltung", "Wiedervorlage", "Aufgabe"]


def test_a_month_is_a_table_of_weeks_with_heads(anna):
    page = anna.get("/kalender?tag=2026-11-25")
    table = page.soup.select_one("table.cal")
    assert [one.get_text(strip=True) for one in table.select("thead th")][1:] == [
        "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So",
    ]  # fmt: skip
    assert all(one["scope"] == "col" for one in table.select("thead th"))
    assert [one.get_text(" ", strip=True).split()[-1] for one in table.select("tbody th[scope=row]")] == [
        "44", "45", "46", "47", "48", "49",
    ]  # fmt: skip
    assert "November 2026" in table.caption.get_text()
    first = table.select_one("td a")
    assert (first["href"], first["aria-label"]) == (
        "/kalender?wer=ich&sicht=woche&tag=2026-10-26", "Mo, 26.10.2026",
    )  # fmt: skip
    steps = [one["href"] for one in page.soup.select(".cal-bar nav a")]
    assert steps == [
        "/kalender?wer=ich&sicht=monat&tag=2026-10-01", "/kalender?wer=ich&sicht=monat",
        "/kalender?wer=ich&sicht=monat&tag=2026-12-01",
    ]  # fmt: skip


def test_today_is_marked_by_a_word(anna):
    for view in ("monat", "woche"):
        marked = anna.get(f"/kalender?sicht={view}").soup.select("[aria-current=date]")
        assert len(marked) == 1
        assert marked[0]["aria-label"].endswith(", heute")
        assert "heute" in marked[0].parent.get_text()
    assert "heute" not in anna.get("/kalender?tag=1999-12-01").soup.select_one("table.cal").get_text()


def test_mine_is_what_i_take_part_in_or_answer_for(app, anna, bert):
    store(
        app,
        lambda: factories.talk("Cölbe"),
        lambda: factories.talk("Hanau", by="bert"),
        lambda: factories.talk("Fulda", by="bert", staff=[member("bert").id, member("anna").id]),
        lambda: factories.event("Annas", in_days=0, responsible_id=member("anna").id),
        lambda: factories.event("Niemandes", in_days=0),
        lambda: factories.follow_up("Für Bert", by="bert", in_days=0),
        lambda: factories.follow_up("Für Anna", in_days=0),
        lambda: factories.resolution(factories.cooperation(), "Lahntal", in_days=0),
    )
    assert titles(anna.get("/kalender?sicht=woche")) == ["Cölbe", "Fulda", "Annas", "Für Anna"]
    team = titles(anna.get("/kalender?sicht=woche&wer=team"))
    assert len(team) == 8
    assert titles(bert.get("/kalender?sicht=woche&wer=team")) == team
    assert titles(bert.get("/kalender?sicht=woche")) == ["Fulda", "Hanau", "Für Bert"]


def test_who_only_reads_sees_the_team_first(app, rita, anna):
    store(app, lambda: factories.talk("Cölbe"))
    assert titles(rita.get("/kalender")) == ["Cölbe"]
    assert rita.get("/kalender").soup.select_one("option[selected]")["value"] == "team"
    assert not rita.get("/kalender?sicht=woche").soup.select(".cal-new")
    assert anna.get("/kalender").soup.select_one("select[name=wer] option[selected]")["value"] == "ich"


def test_what_is_confidential_is_seen_by_its_circle_only(app, rita, emil, bert):
    store(
        app,
        lambda: factories.talk("Kassel", confidential=True, note="ZX-VERTRAULICH-7741"),
        lambda: factories.follow_up("Heikel", in_days=0, confidential=True),
    )
    for view in ("monat", "woche", "liste"):
        for client in (rita, emil):
            page = client.get(f"/kalender?wer=team&sicht={view}")
            assert titles(page) == []
        page = bert.get(f"/kalender?wer=team&sicht={view}")
        assert [one.split()[0] for one in titles(page)] == ["Kassel", "Heikel"]
        assert len(page.soup.select("main svg[aria-label=vertraulich]")) == 2
        assert "7741" not in page.html


def test_cancelled_is_struck_through_and_said_and_removed_is_gone(app, anna):
    with app.app_context():
        by = member("anna")
        cancel(factories.talk("Cölbe"), by)
        remove(factories.talk("Hanau"), by)
        factories.event("Abgesagt", in_days=0, state=EventState.CANCELLED)
        factories.follow_up("Erledigt", in_days=0, state=FollowUpState.DONE)
        db.session.commit()
    for view in ("monat", "woche", "liste"):
        page = anna.get(f"/kalender?wer=team&sicht={view}")
        assert titles(page) == ["Cölbe", "Abgesagt"]
        assert len(page.soup.select("s")) == 2
        assert page.soup.select_one("#results").get_text().count("abgesagt") == 2


def test_an_event_of_several_days_is_on_all_of_them(app, anna):
    first = datetime.combine(date(2026, 11, 26), time(9), BERLIN)
    store(app, lambda: factories.event("Forum", starts_at=first, ends_at=first + timedelta(days=5, hours=15)))
    page = anna.get("/kalender?wer=team&tag=2026-11-01")
    parts = [
        cell(page, f"2026-{day}").get_text(" ", strip=True) for day in ("11-26", "11-27", "11-30", "12-01")
    ]
    assert ["Forum" in one for one in parts] == [True] * 4
    assert [one.partition("Tag ")[2] for one in parts] == ["", "2 von 6", "5 von 6", "6 von 6"]
    assert "Forum" not in cell(page, "2026-12-02").get_text(), "it ends at midnight"
    assert "bis 01.12.2026" in anna.get("/kalender?wer=team&sicht=liste&tag=2026-11-25").main
    assert titles(anna.get("/kalender?wer=team&sicht=liste&tag=2026-12-01")) == ["Forum"]
    assert titles(anna.get("/kalender?wer=team&sicht=liste&tag=2026-12-02")) == []


def test_a_state_depends_on_the_seats(app, anna):
    with app.app_context():
        event = factories.event("Voll", in_days=1, capacity=1)
        factories.registration(event)
        factories.event("Frei", in_days=1, capacity=1)
        db.session.commit()
    rows = anna.get("/kalender?wer=team&sicht=liste").soup.select(".cal-rows .tag")
    assert sorted(one.get_text(strip=True) for one in rows) == ["Anmeldung offen", "ausgebucht"]


def test_what_has_no_day_yet_is_named_above(app, anna):
    day = datetime.combine(date(2026, 12, 1), time(0), BERLIN)
    store(
        app,
        lambda: factories.event("Nur der Monat", starts_at=day, ends_at=day, precision=Precision.MONTH),
        lambda: factories.event("Nur das Jahr", starts_at=day, ends_at=day, precision=Precision.YEAR),
        lambda: factories.event("Der Tag", starts_at=day, ends_at=day, precision=Precision.DAY),
    )
    page = anna.get("/kalender?wer=team&tag=2026-12-24")
    assert page.soup.select_one(".cal-vague").get_text(" ", strip=True) == "Tag noch offen: Nur der Monat"
    assert titles(page) == ["Der Tag"]
    assert "00:00" not in page.soup.select_one("#results").get_text()


def test_kinds_are_chosen_and_stay_chosen_on_every_way(app, anna):
    store(app, lambda: factories.talk("Cölbe"), lambda: factories.event("Forum", in_days=0))
    page = anna.get("/kalender?wer=team&art=beratungen&art=sitzungen")
    assert titles(page) == ["Cölbe"]
    ticked = [one["value"] for one in page.soup.select("input[name=art][checked]")]
    assert ticked == ["beratungen", "sitzungen"]
    for link in page.soup.select(".cal-bar nav a, #views a, .cal-date a"):
        assert "wer=team&art=beratungen&art=sitzungen" in link["href"]
    assert page.soup.select_one("details[open]")
    assert titles(anna.get("/kalender?wer=team&art=quatsch")) == ["Cölbe", "Forum"], "nothing ticked is all"


def test_more_than_four_lead_to_the_week(app, anna):
    store(app, *(lambda: factories.talk("Cölbe") for _ in range(6)))
    link = anna.get("/kalender").soup.select_one(".cal-more")
    assert link.get_text(" ", strip=True).startswith("+ 2 weitere")
    assert len(titles(anna.get(link["href"]))) == 6


@pytest.mark.parametrize("days", [-400, -21, -1, 0, 1, 35])
def test_a_task_stands_on_its_day_however_far_from_its_event(app, anna, days):
    with app.app_context():
        db.session.add(task("Erledigen", days, "anna", in_days=-days))
        db.session.add(task("Anders", days + 1, "anna", in_days=-days + 5))
        db.session.add(task("Weit weg", 2_000_000, "anna", in_days=-days))
        db.session.commit()
    page = anna.get("/kalender?sicht=woche&art=aufgaben")
    assert "Erledigen" in cell(page, today()).get_text()
    day = today() + timedelta(days=6)
    page = anna.get(f"/kalender?sicht=woche&art=aufgaben&tag={day}")
    assert "Anders" in cell(page, day).get_text()
    assert "Weit weg" not in page.html


def test_what_is_late_says_so(app, anna):
    store(app, lambda: factories.follow_up("Versäumt", in_days=-1))
    page = anna.get(f"/kalender?tag={today() - timedelta(days=1)}")
    assert page.soup.select_one(".is-overdue svg")["aria-label"] == "Wiedervorlage, überfällig"


@pytest.mark.parametrize(
    "query",
    [
        "tag=bald", "tag=31.02.2026", "tag=", "tag=0001-01-01", "tag=99999-01-01", "tag=1900-01-01",
        "tag=2100-12-31", "tag=%00", "tag=9223372036854775808", "tag=2026-11-25&tag=2027-01-01",
        "tag=١٢.١٢.2026", "sicht=jahr", "sicht=", "sicht=%00", "sicht[]=woche", "sicht=monat&sicht=woche",
        "sicht=woche&tag=1900-01-01", "sicht=liste&tag=2100-12-31", "wer=alle", "wer=1", "art=%00",
        "art=" + "x" * 3000,
    ],
)  # fmt: skip
def test_odd_addresses_are_answered_with_a_calendar(anna, query):
    page = anna.get(f"/kalender?{query}")
    assert page.status == 200
    assert page.soup.select_one("#results h2")


def test_a_day_that_is_none_is_named_and_today_is_shown(anna):
    page = anna.get("/kalender?tag=31.02.2026")
    assert "Dieses Datum gibt es nicht" in page.errors()[0]
    assert page.soup.select_one("[aria-current=date]")
    assert page.soup.select_one("input[name=tag]")["value"] == "31.02.2026"


def test_an_empty_calendar_says_what_will_stand_there(anna, rita):
    page = anna.get("/kalender?sicht=liste")
    assert "Keine Einträge in diesem Zeitraum" in page.main
    assert "wer=team" in page.soup.select_one(".empty a")["href"]
    assert not rita.get("/kalender?sicht=liste").soup.select(".empty a")


def test_a_new_talk_begins_on_the_day_of_its_sign(app, anna):
    sign = cell(anna.get("/kalender?sicht=woche&tag=2027-01-04"), "2027-01-06").select_one(".cal-new")
    assert "06.01.2027" in sign.get_text()
    form = anna.get(sign["href"])
    assert form.fields()["held_on"] == ["06.01.2027"]
    assert anna.get("/beratungen/neu?tag=31.02.2026").fields()["held_on"] == [f"{today():%d.%m.%Y}"]


def test_many_entries_cost_no_more_statements(app, anna):
    with app.app_context():
        group = factories.cooperation()
        for number in range(12):
            factories.talk("Cölbe", "Lahntal", days_ago=number % 5)
            factories.event(f"Forum {number}", in_days=number % 5)
            factories.follow_up(f"Sache {number}", in_days=number % 5)
            factories.resolution(group, "Cölbe", in_days=number % 5)
            db.session.add(task(f"Aufgabe {number}", -14, "anna"))
        db.session.commit()
    for view in ("monat", "woche", "liste"):
        page = anna.get(f"/kalender?wer=team&sicht={view}&tag={today() - timedelta(days=5)}")
        assert len(page.statements) <= 15, "\n".join(page.statements)


def test_each_kind_has_a_limit_and_the_page_says_so(app, anna, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 3)
    store(app, *(lambda: factories.talk("Cölbe") for _ in range(4)), lambda: factories.event(in_days=0))
    page = anna.get("/kalender?wer=team&sicht=woche")
    assert len(titles(page)) == 4
    assert "Es gibt mehr, als hier Platz hat" in page.main
    assert "Es gibt mehr" not in anna.get("/kalender?wer=team&sicht=woche&art=veranstaltungen").main


def test_the_calendar_has_its_place_in_the_navigation_and_sessions_stand_under_it(anna, ada):
    for path in ("/kalender", "/kalender/abonnieren", "/kooperationen/sitzungen"):
        current = anna.get(path).soup.select(".side [aria-current]")
        assert [one["href"] for one in current] == ["/kalender"]
    assert anna.get("/kalender").soup.select_one("a.btn[href='/kooperationen/sitzungen']")
    assert not ada.get("/konto").soup.select(".side a[href='/kalender']")
