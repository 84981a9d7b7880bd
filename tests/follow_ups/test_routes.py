"""Follow-ups on screen."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.dates import week_end
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from tests import factories


@pytest.fixture
def number(app):
    """Anna's follow-up about Lahntal, due in three days."""
    with app.app_context():
        found = factories.follow_up().id
        db.session.commit()
    return found


def stored(app, number):
    """The follow-up as it stands."""
    with app.app_context():
        found = db.session.get(FollowUp, number)
        return {
            "text": found.text, "due_on": found.due_on, "open": found.is_open, "owner": found.owner.name,
            "waiting_for": found.waiting_for,
        }  # fmt: skip


def noted(app, name):
    """Count events of a name."""
    with app.app_context():
        return db.session.scalar(select(func.count()).where(AuditEvent.name == name))


def place(app, name="Lahntal"):
    """Number of a place."""
    with app.app_context():
        return factories.place(name).id


def test_the_tabs_sort_by_owner_and_day(app, anna):
    with app.app_context():
        factories.follow_up("Meine"), factories.follow_up("Berts", by="bert")
        factories.follow_up("Versäumt", by="bert", in_days=-2)
        db.session.commit()
    mine, late, all_open = (
        anna.get(f"/wiedervorlagen?stand={tab}").main for tab in ("meine", "ueberfaellig", "offen")
    )
    assert "Meine" in mine
    assert "Berts" not in mine
    assert "Versäumt" in late
    assert "Berts" not in late
    assert all(text in all_open for text in ("Meine", "Berts", "Versäumt"))


def test_what_is_mine_this_week_ends_on_sunday_and_holds_what_is_late(app, anna):
    sunday = (week_end(today()) - today()).days
    with app.app_context():
        factories.follow_up("Versäumt", in_days=-2), factories.follow_up("Sonntag", in_days=sunday)
        factories.follow_up("Montag", in_days=sunday + 1), factories.follow_up("Berts", by="bert", in_days=0)
        db.session.commit()
    page = anna.get("/wiedervorlagen?stand=woche")
    assert [text for text in ("Versäumt", "Sonntag", "Montag", "Berts") if text in page.main] == [
        "Versäumt", "Sonntag",
    ]  # fmt: skip
    assert "Diese Woche 2" in page.main


def test_the_list_is_filtered_by_colleague_and_words(app, anna):
    with app.app_context():
        factories.follow_up("Anruf"), factories.follow_up("Brief", at="Cölbe", by="bert")
        bert = factories.member("bert").id
        db.session.commit()
    page = anna.get(f"/wiedervorlagen?stand=offen&zustaendig={bert}")
    assert "Brief" in page.main
    assert "Anruf" not in page.main
    assert "Brief" in anna.get("/wiedervorlagen?stand=offen&q=coelbe").main
    assert "Brief" not in anna.get("/wiedervorlagen?stand=offen&q=%25").main


@pytest.mark.parametrize(
    "query", ["stand=x", "seite=0", "seite=99999999999", "zustaendig=abc", "q=%00", "getan=x"]
)
def test_odd_addresses_show_a_list(rita, number, query):
    assert rita.get(f"/wiedervorlagen?{query}").status == 200


def test_an_adviser_makes_one_about_a_place(app, anna):
    url = f"/wiedervorlagen/neu?kommune={place(app)}"
    page = anna.submit(url, text="Satzung schicken", due_on="1.12.2099", waiting_for="Kämmerei", follow=True)
    assert "Satzung schicken" in page.main
    assert "Lahntal" in page.main
    assert noted(app, "follow-up.created") == 1


def test_its_day_may_be_written_as_it_is_said(app, anna):
    page = anna.submit(
        f"/wiedervorlagen/neu?kommune={place(app)}", text="Satzung", due_on="in 2 Wochen", follow=True
    )
    assert f"{today() + timedelta(days=14):%d.%m.%Y}" in page.main


def test_it_hangs_on_the_talk_or_person_of_the_address(app, anna, rita):
    with app.app_context():
        talk = factories.talk("Lahntal", confidential=True).id
        person = factories.person().id
        db.session.commit()
    made = anna.submit(f"/wiedervorlagen/neu?beratung={talk}", text="Geheimes klären")
    assert made.status == 303
    assert rita.get(made.location).status == 404, "what hangs on a confidential talk is confidential"
    page = anna.submit(f"/wiedervorlagen/neu?person={person}", text="Gratulieren", follow=True)
    assert "Petra Henkel" in page.main
    assert anna.get("/wiedervorlagen/neu?beratung=999999").status == 404
    assert anna.get("/wiedervorlagen/neu?person=999999").status == 404


@pytest.mark.parametrize("who", ["rita", "emil", "ada"])
def test_others_do_not_write(app, request, who, number):
    client, before = request.getfixturevalue(who), stored(app, number)
    for path in ("neu", f"{number}/bearbeiten"):
        assert client.get(f"/wiedervorlagen/{path}").status == 403
    for path in (
        "neu",
        *(f"{number}/{end}" for end in ("bearbeiten", "erledigt", "offen", "verschieben", "uebergeben")),
    ):
        assert client.post(f"/wiedervorlagen/{path}", due_on="1.1.2099").status == 403
    assert stored(app, number) == before


def test_a_reader_sees_no_buttons(rita, number):
    assert rita.get(f"/wiedervorlagen/{number}").soup.select("main form") == []
    assert rita.get("/wiedervorlagen").soup.select("main form[method=post]") == []


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("text", " \u200b"), ("text", "x" * 501), ("text", "a\x00b"), ("due_on", ""),
        ("due_on", "30.02.2027"),
        ("due_on", "1.1.1899"), ("owner_id", "999999"), ("owner_id", "x"), ("organisation", "999999"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_kept(app, anna, field, wrong):
    fields = {"text": "Anrufen", "waiting_for": "Kämmerei"} | {field: wrong}
    page = anna.submit(f"/wiedervorlagen/neu?kommune={place(app)}", **fields)
    assert page.status == 422
    assert page.errors()
    assert page.fields()["waiting_for"] == ["Kämmerei"]
    assert noted(app, "follow-up.created") == 0


def test_without_a_place_it_is_refused_at_the_field(anna):
    page = anna.submit("/wiedervorlagen/neu", text="Anrufen")
    assert page.status == 422
    assert page.soup.select_one("#organisation-error")


def test_a_form_sent_twice_makes_one(app, anna):
    form = anna.get(f"/wiedervorlagen/neu?kommune={place(app)}").fields() | {"text": ["Anrufen"]}
    answers = [anna.post("/wiedervorlagen/neu", form) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert noted(app, "follow-up.created") == 1


def test_a_change_is_saved_and_noted(app, anna, number):
    anna.submit(
        f"/wiedervorlagen/{number}/bearbeiten",
        text="Kosten klären",
        organisation__text="Cölbe",
        organisation=[],
    )
    assert stored(app, number)["text"] == "Kosten klären"
    assert "Cölbe" in anna.get(f"/wiedervorlagen/{number}").main
    assert noted(app, "follow-up.changed") == 1


def test_edit_refuses_a_lost_update(app, anna, bert, number):
    url = f"/wiedervorlagen/{number}/bearbeiten"
    form = anna.get(url).fields()
    bert.submit(url, text="Berts Fassung", waiting_for="Ministerium")
    page = anna.post(url, form | {"text": ["Annas Fassung"]})
    assert page.status == 409
    assert "Berts Fassung" in page.main
    assert page.fields()["text"] == ["Annas Fassung"]
    assert page.fields()["waiting_for"] == ["Ministerium"]
    assert stored(app, number)["text"] == "Berts Fassung"


def test_a_tick_leads_back_and_can_be_taken_back_there(app, anna, number):
    for back in ("/", "/wiedervorlagen?stand=offen"):
        page = anna.post(f"/wiedervorlagen/{number}/erledigt", next=back, follow=True)
        assert not stored(app, number)["open"]
        undo = page.soup.select_one(".notice form")
        assert undo["action"] == f"/wiedervorlagen/{number}/offen"
        page = anna.post(undo["action"], next=undo.select_one("[name=next]")["value"])
        assert page.location == ("/" if back == "/" else "/wiedervorlagen?stand=offen")
        assert stored(app, number)["open"]
    assert (noted(app, "follow-up.done"), noted(app, "follow-up.reopened")) == (2, 2)


def test_the_done_ones_can_be_taken_back_from_their_list(app, anna, number):
    anna.post(f"/wiedervorlagen/{number}/erledigt")
    page = anna.get("/wiedervorlagen?stand=erledigt")
    assert page.soup.select_one(f"form[action='/wiedervorlagen/{number}/offen']")
    assert "Kostentabelle" not in anna.get("/wiedervorlagen?stand=offen").main


@pytest.mark.parametrize(
    "path", ["https://boese.example/", "//boese.example", "/\\boese.example", "x", "/a\nb", ""]
)
def test_a_button_never_leads_to_a_foreign_site(anna, number, path):
    assert anna.post(f"/wiedervorlagen/{number}/erledigt", next=path).location == f"/wiedervorlagen/{number}"


def test_it_is_postponed_by_a_button_or_to_a_day(app, anna, number):
    page = anna.get(f"/wiedervorlagen/{number}")
    week = page.soup.select(f"form[action='/wiedervorlagen/{number}/verschieben']")[1]
    anna.post(f"/wiedervorlagen/{number}/verschieben", due_on=week.select_one("[name=due_on]")["value"])
    assert stored(app, number)["due_on"] == today() + timedelta(days=10)
    assert anna.post(f"/wiedervorlagen/{number}/verschieben", due_on="1.2.2099").status == 303
    assert f"{stored(app, number)['due_on']}" == "2099-02-01"
    assert noted(app, "follow-up.postponed") == 2


@pytest.mark.parametrize("day", ["", "gestern", "31.04.2099", "bald"])
def test_a_wrong_day_is_refused_and_kept(app, anna, number, day):
    page = anna.post(f"/wiedervorlagen/{number}/verschieben", due_on=day)
    assert page.status == 422
    assert page.soup.select_one("#due_on-error")
    assert page.soup.select_one("#due_on")["value"] == day
    assert noted(app, "follow-up.postponed") == 0


def test_it_is_handed_over(app, anna, number):
    with app.app_context():
        bert, rita = factories.member("bert").id, factories.member("rita").id
    assert anna.post(f"/wiedervorlagen/{number}/uebergeben", owner_id=str(rita)).status == 422
    assert anna.post(f"/wiedervorlagen/{number}/uebergeben").status == 422
    assert anna.post(f"/wiedervorlagen/{number}/uebergeben", owner_id=str(bert)).status == 303
    assert stored(app, number)["owner"] == "Bert Braun"
    assert noted(app, "follow-up.handed-over") == 1


def test_what_is_confidential_does_not_exist_for_readers(app, rita, emil, anna):
    with app.app_context():
        number = factories.follow_up("Geheimes klären", confidential=True, in_days=-1).id
        db.session.commit()
    assert "Geheimes klären" in anna.get(f"/wiedervorlagen/{number}").main
    for client in (rita, emil):
        hidden, missing = client.get(f"/wiedervorlagen/{number}"), client.get("/wiedervorlagen/999999")
        assert (hidden.status, hidden.seen) == (404, missing.seen)
        for url in (
            "/wiedervorlagen?stand=offen",
            "/wiedervorlagen?stand=ueberfaellig",
            "/",
            f"/?getan={number}",
        ):
            assert "Geheim" not in client.get(url).html


def test_a_long_list_costs_no_more_statements(app, anna):
    with app.app_context():
        for count in range(60):
            factories.follow_up(f"Sache {count}", by="bert" if count % 2 else "anna")
        db.session.commit()
    page = anna.get("/wiedervorlagen?stand=offen")
    assert len(page.soup.select("#results li")) >= 50
    assert len(page.statements) <= 14


def test_the_form_says_which_talk_it_belongs_to_and_begins_with_the_text(app, anna):
    with app.app_context():
        number = factories.talk("Lahntal", about="Gemeinsame Kasse").id
        db.session.commit()
    page = anna.get(f"/wiedervorlagen/neu?beratung={number}")
    assert page.soup.select_one(".page-sub").get_text(strip=True)
    assert page.soup.select_one("[autofocus]")["id"] == "text"
    assert not anna.get("/wiedervorlagen/neu").soup.select_one(".page-sub")
