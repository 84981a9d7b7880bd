"""People as cards for address books, read back by a parser that is not ours."""

from datetime import timedelta

import pytest
import vobject

from crm.contacts import services, vcards
from crm.contacts.models import FunctionRole
from crm.db import db, today
from tests import factories

LAST, FIRST = "Đặng-Größler; gen. „Äbtissin“", "Ilse, Maria\\Anna"


@pytest.fixture
def people(app):
    """Numbers of three people; the second left office, the third was removed."""
    with app.app_context():
        first = factories.person(LAST, FIRST, title="Bürgermeisterin", is_head=True, phone="06423 1-2",
                                 email="buergermeisterin@lahntal.example")  # fmt: skip
        first.academic_title, first.email, first.note = "Dr.", "ilse@privat.example", "Ruft nie zurück"
        beside = {"organisation_id": factories.place("Cölbe").id, "role": FunctionRole.OTHER}
        services.add_function(first, beside | {"title": "Beirat; Kultur"}, None)
        ended = today() - timedelta(days=1)
        second = factories.person("Alt", title="Landrat", valid_to=ended, phone="0999 9")
        third = factories.person("Fort")
        services.remove_person(third, factories.member("anna"))
        db.session.commit()
        return first.id, second.id, third.id


def cards(page):
    """Cards of an answer as a parser sees them."""
    assert page.status == 200
    assert page.response.mimetype == "text/vcard"
    return list(vobject.readComponents(page.data.decode()))


def test_a_card_says_who_and_where_and_how_to_reach(rita, people):
    page = rita.get(f"/kontakte/{people[0]}/vcard")
    (card,) = cards(page)
    assert card.version.value == "3.0"
    assert card.fn.value == f"Dr. {FIRST} {LAST}"
    assert (card.n.value.family, card.n.value.given, card.n.value.prefix) == (LAST, FIRST, "Dr.")
    assert card.org.value == ["Lahntal"]
    assert card.title.value == "Bürgermeisterin"
    assert [one.value for one in card.tel_list] == ["06423 1-2"]
    mails = [one.value for one in card.email_list]
    assert mails == ["buergermeisterin@lahntal.example", "ilse@privat.example"]
    assert card.note.value == "Beirat; Kultur, Cölbe"
    assert "Ruft nie" not in page.data.decode()


def test_what_is_over_is_on_no_card(rita, people):
    (card,) = cards(rita.get(f"/kontakte/{people[1]}/vcard"))
    assert set(card.contents) == {"version", "n", "fn"}


def test_removed_people_are_on_no_card(rita, people):
    assert rita.get(f"/kontakte/{people[2]}/vcard").status == 404
    assert len(cards(rita.get("/kontakte/vcard"))) == 2
    assert cards(rita.get(f"/kontakte/vcard?auswahl=1&nummer={people[2]}")) == []


def test_the_ticked_ones_are_given_and_no_others(rita, people):
    found = cards(rita.get(f"/kontakte/vcard?auswahl=1&nummer={people[1]}&q=a"))
    assert [card.n.value.family for card in found] == ["Alt"]
    both = cards(rita.get(f"/kontakte/vcard?auswahl=1&nummer={people[0]}&nummer={people[1]}"))
    assert len(both) == 2


def test_all_that_the_filters_leave_are_given(app, rita, people):
    assert [card.n.value.family for card in cards(rita.get("/kontakte/vcard?q=alt"))] == ["Alt"]
    with app.app_context():
        place = factories.place("Cölbe").id
    assert [card.n.value.given for card in cards(rita.get(f"/kontakte/vcard?kommune={place}"))] == [FIRST]


def test_nobody_ticked_is_said(rita, people):
    page = rita.get("/kontakte/vcard?auswahl=1&q=henkel&seite=1")
    assert page.status == 422
    assert "mindestens eine Zeile" in page.main


def test_the_list_offers_the_ticks_to_a_plain_form(rita, people):
    soup = rita.get("/kontakte?q=alt").soup
    form, tick = soup.select_one("form#picks"), soup.select_one("input[name=nummer]")
    assert (form["method"], form["action"]) == ("get", "/kontakte/vcard")
    assert form.select_one("input[name=q]")["value"] == "alt"
    assert (tick["form"], tick["value"]) == ("picks", str(people[1]))
    assert "Alt" in tick["aria-label"]


def test_an_administrator_gets_no_card(ada, people):
    assert ada.get(f"/kontakte/{people[0]}/vcard").status == 403
    assert ada.get("/kontakte/vcard").status == 403


def test_file_names_are_plain(rita, people):
    header = rita.get(f"/kontakte/{people[0]}/vcard").headers["Content-Disposition"]
    assert header.isascii()
    assert 'filename="kontakt-dr-ilse-maria-anna-dang-grossler' in header
    assert vcards.file_name("Ящик") == "kontakt"
    listed = rita.get("/kontakte/vcard").headers["Content-Disposition"]
    assert f'filename="kontakte-{today():%Y-%m-%d}.vcf"' in listed


def test_lines_are_folded_between_letters_and_end_as_the_standard_wants(app, rita):
    with app.app_context():
        number = factories.person("ÄöüߧŻ" * 30, "🎉" * 30, title="Ü" * 200).id
        db.session.commit()
    raw = rita.get(f"/kontakte/{number}/vcard").data
    assert raw.count(b"\n") == raw.count(b"\r\n")
    lines = raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()
    (card,) = list(vobject.readComponents(raw.decode()))
    assert (card.n.value.family, card.n.value.given) == ("ÄöüߧŻ" * 30, "🎉" * 30)
    assert card.title.value == "Ü" * 200


def test_nothing_typed_can_begin_a_line_of_its_own():
    assert vcards._text("a\r\nTEL:1,2;3\\n") == "a\\nTEL:1\\,2\\;3\\\\n"


def test_many_cards_cost_no_more_statements(app, rita):
    with app.app_context():
        for number in range(60):
            factories.person(f"Person{number:02}", role=FunctionRole.STAFF)
        db.session.commit()
    page = rita.get("/kontakte/vcard")
    assert len(cards(page)) == 60
    assert len(page.statements) < 6
