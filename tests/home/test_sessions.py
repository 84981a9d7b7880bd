"""The first page knows the sessions of councils over all groups, and asks how they ended."""

from datetime import timedelta

from crm.cooperations.kinds import Step
from crm.cooperations.services import remove
from crm.db import db, today
from crm.resolutions.models import Result
from tests import factories


def rows(page):
    """Lines of the section: what the link says, and where it leads."""
    links = page.soup.select("section[aria-labelledby=sessions] .row-main > a")
    return [(one.get_text(), one["href"]) for one in links]


def test_sessions_of_the_next_fourteen_days_stand_there_the_next_first(app, anna, rita):
    with app.app_context():
        group = factories.cooperation(title="Bauhof Nord")
        numbers = [
            factories.resolution(group, name, in_days=days).id
            for name, days in (("Cölbe", 14), ("Wetter (Hessen)", 2), ("Lahntal", 15))
        ]
        factories.resolution(group, "Cölbe", in_days=-1, result=Result.ADOPTED)
        number = group.id
        db.session.commit()
    page = anna.get("/")
    assert rows(page) == [
        ("Wetter (Hessen), Stadtverordnetenversammlung", f"/kooperationen/{number}/beschluesse/{numbers[1]}"),
        ("Cölbe, Gemeindevertretung", f"/kooperationen/{number}/beschluesse/{numbers[0]}"),
    ]
    section = page.soup.select_one("section[aria-labelledby=sessions]")
    assert "in 2 Tagen" in section.get_text()
    assert section.select_one(".more")["href"] == "/kooperationen/sitzungen"
    assert section.select_one(f".row-main p a[href='/kooperationen/{number}']").get_text() == "Bauhof Nord"
    assert rows(rita.get("/")) == [], "a reader is led to the group, not to the form"
    assert "Stadtverordnetenversammlung" in rita.get("/").main


def test_a_session_whose_day_has_come_asks_for_its_result(app, anna):
    with app.app_context():
        group = factories.cooperation(title="Bauhof Nord")
        for name, days in (("Cölbe", -300), ("Lahntal", 0), ("Wetter (Hessen)", 1)):
            factories.resolution(group, name, in_days=days)
        old = factories.resolution(group, "Cölbe", in_days=-400)
        assert old.is_due
        db.session.commit()
    page = anna.get("/")
    assert [text.partition(",")[0] for text, _url in rows(page)] == ["Lahntal", "Cölbe", "Wetter (Hessen)"]
    asking = page.soup.select("section[aria-labelledby=sessions] li:has(.tag)")
    assert len(asking) == 2


def test_groups_in_the_trash_meet_no_more_and_an_empty_section_is_not_there(app, anna):
    with app.app_context():
        group = factories.cooperation()
        factories.resolution(group, "Cölbe", in_days=3)
        remove(group, factories.member("anna"))
        db.session.commit()
    assert anna.get("/").soup.select_one("#sessions") is None


def test_many_sessions_are_cut_and_ask_no_more_often(app, anna):
    plain = len(anna.get("/").statements)
    with app.app_context():
        for number in range(12):
            group = factories.cooperation(title=f"Gruppe {number}")
            for name in ("Cölbe", "Lahntal", "Wetter (Hessen)"):
                factories.resolution(group, name, in_days=number - 6)
        db.session.commit()
    page = anna.get("/")
    assert len(page.statements) <= plain + 1
    due = today() - timedelta(days=6)
    assert len(rows(page)) == 5 + 15
    assert f"{due:%d.%m.%Y}" not in page.main, "the latest are asked for first"


def test_many_sessions_far_ahead_push_out_neither_the_next_nor_the_open_question(app, anna):
    with app.app_context():
        group = factories.cooperation(title="Bauhof Nord")
        for _turn in range(61):
            factories.resolution(group, "Cölbe", in_days=14)
        factories.resolution(group, "Lahntal", in_days=1)
        factories.resolution(group, "Wetter (Hessen)", in_days=-1)
        db.session.commit()
    said = [text.split(",")[0] for text, _address in rows(anna.get("/"))]
    assert said.count("Wetter (Hessen)") == 1
    assert [one for one in said if one != "Wetter (Hessen)"] == ["Lahntal", *["Cölbe"] * 19]


def test_deadlines_of_the_next_three_months_are_counted_as_their_list_counts_them(app, anna, rita):
    assert "Fristen in den nächsten" not in anna.get("/").main
    with app.app_context():
        for days in (210, 240, 900):
            over = {"title": f"Bauhof {days}", "step": Step.ACTIVE, "notice_months": 6}
            factories.cooperation(term_until=today() + timedelta(days=days), **over)
        db.session.commit()
    for client in (anna, rita):
        link = client.get("/").soup.select_one("main a[href*='/fristen']")
        assert link.get_text() == "Fristen in den nächsten drei Monaten: 2"
        assert client.get(link["href"]).soup.select_one("h1 .count").get_text() == "2"
