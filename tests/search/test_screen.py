"""The page of hits and the palette's answers: who sees what, and nothing that is typed breaks them."""

from urllib.parse import quote

import pytest
from sqlalchemy import select

from crm.db import db
from crm.search.models import SearchUse
from tests import factories

HOSTILE = [
    "%", "_", "\\", "*", "'", '"', '""', "a%b", "a_b", "\x00", "\x00mar", "AND", "OR NOT", 'NEAR("a b")',
    "folded:mar", "^mar", "mar*", '"mar" AND', "(", ")", "-", "--", "; DROP TABLE users", "x" * 10_000,
    "mar " * 2_500, "<script>alert(1)</script>", "{{7*7}}", "ß", "ſ", "İ", "👩‍👩‍👧", "ﬁ", "１２３", "\ud800",
    "von:%", "thema:_", "art:\\", "seit:99.99.9999", "am:0.0.0", "von:'", "bis:\x00", "a\u0308", "Ⅻ",
]  # fmt: skip


def fill(app):
    """A talk, a confidential one, follow-ups of both, a person, a group."""
    with app.app_context():
        factories.person()
        factories.talk("Lahntal", note="Der **Zweckverband** soll <b>wachsen</b>.")
        hidden = factories.talk("Cölbe", note="Zweckverband Stillschweigen", confidential=True)
        factories.follow_up("Zweckverband anrufen")
        factories.follow_up("Zweckverband beschwichtigen", consultation_id=hidden.id, confidential=True)
        factories.cooperation(title="Zweckverband Nordkreis")
        db.session.commit()
        return factories.place("Lahntal").id


def hits(client, question):
    """What the palette is told."""
    return ask(client, question).response.get_json()


def ask(client, question, url="/suche/treffer"):
    """Ask with a question that is put into the address as a browser does."""
    return client.get(f"{url}?q={quote(question.encode('utf-8', 'replace'))}")


@pytest.mark.parametrize("question", HOSTILE)
def test_whatever_is_typed_gets_an_answer(app, mara, question):
    for url in ("/suche", "/suche/treffer"):
        page = ask(mara, question, url)
        assert page.status == 200
        assert len(page.statements) <= 14


def test_hits_stand_under_their_kinds_with_the_word_marked(app, anna):
    fill(app)
    page = anna.get("/suche?q=zweckverband")
    heads = [head.get_text(" ", strip=True) for head in page.soup.select("main h2")]
    assert heads[0] == "Kooperationen 1"
    assert set(heads) >= {"Beratungen 2", "Wiedervorlagen 2"}
    assert {mark.get_text() for mark in page.soup.select(".hit mark")} == {"Zweckverband"}
    assert "<b>wachsen</b>" in page.main
    assert not page.soup.select(".hit b")


def test_confidential_hits_are_for_those_who_may_read_them(app, anna, rita, mara, emil):
    fill(app)
    for client, sees in ((anna, True), (mara, True), (rita, False), (emil, False)):
        page, told = client.get("/suche?q=zweckverband"), hits(client, "zweckverband")
        for text in (page.main, str(told)):
            assert ("beschwichtigen" in text) is sees
        assert ("Stillschweigen" in page.main) is sees
        shown = "Beratungen 2" if sees else "Beratungen 1"
        assert shown in page.main


def test_administrators_find_organisations_only(app, ada):
    fill(app)
    page = ada.get("/suche?q=zweckverband")
    assert "Nichts gefunden" in page.main
    told = hits(ada, "lahntal")
    assert {one["group"] for one in told} == {"Kommunen und Stellen"}
    assert {one["group"] for one in hits(ada, "")} == {"Befehle"}


def test_one_clear_place_is_opened_from_the_head_of_every_page(app, rita):
    number = fill(app)
    assert rita.get("/suche?q=lahntal&oeffnen=1").location == f"/kommunen/{number}"
    assert rita.get("/suche?q=zweckverband&oeffnen=1").status == 200
    assert rita.get("/suche?q=&oeffnen=1").status == 200
    assert rita.get("/suche?q=lahntal").status == 200
    form = rita.get("/").soup.select_one("form.find")
    assert form["action"] == "/suche"
    assert form.select_one("[name=oeffnen]")["value"] == "1"


def test_all_of_one_kind_stand_page_by_page(app, anna):
    with app.app_context():
        for number in range(60):
            factories.follow_up(f"Satzung {number}")
        db.session.commit()
    page = anna.get("/suche?q=satzung")
    link = page.soup.find("a", string="Alle 60")
    assert len(page.soup.select(".hit")) == 5
    page = anna.get(link["href"])
    assert len(page.soup.select(".hit")) == 50
    page = anna.get(page.soup.find("a", string="Weiter")["href"])
    assert len(page.soup.select(".hit")) == 10


def test_filters_are_named_and_can_be_taken_away(app, anna):
    fill(app)
    page = anna.get("/suche?q=zweckverband+von%3Aanna+art%3Aberatung+quatsch%3Ax")
    assert "Beratungen 2" in page.main
    assert "quatsch:x" in page.main
    chips = [chip.get_text(" ", strip=True) for chip in page.soup.select("main .chip")]
    assert chips == ["Beraten durch anna", "Art Beratungen"]
    links = [link["href"] for link in page.soup.select("main .chip-x")]
    assert "von:" not in links[0]
    assert "art:" in links[0]
    assert "niemand" in anna.get("/suche?q=von%3Axaver+zweckverband").main


def test_the_palette_offers_what_one_may_do(app, anna, rita, emil, ada):
    assert "Beratung erfassen" in [one["text"] for one in hits(anna, "")]
    assert "Beratung erfassen" not in [one["text"] for one in hits(rita, "")]
    assert "Veranstaltung anlegen" in [one["text"] for one in hits(emil, "neu")]
    assert hits(anna, "wiedervorlage anle")[0]["text"] == "Wiedervorlage anlegen"
    assert "Gehe zu Wiedervorlagen" in [one["text"] for one in hits(rita, "wiedervor")]
    assert "Gehe zu Weiße Flecken" in [one["text"] for one in hits(rita, "weisse flecken")]
    assert "Konto anlegen" in [one["text"] for one in hits(ada, "konto anlegen")]
    assert "Konto anlegen" not in [one["text"] for one in hits(anna, "konto anlegen")]
    assert "Gehe zu Benutzer" not in [one["text"] for one in hits(anna, "benutzer")]


def test_the_palette_logs_a_talk_with_the_place_that_was_found(app, anna, rita):
    number = fill(app)
    told = hits(anna, "lahntal")
    assert told[0]["text"] == "Lahntal"
    assert told[-1]["text"] == "Beratung erfassen mit Lahntal"
    assert told[-1]["url"] == f"/beratungen/neu?kommune={number}"
    assert "Lahntal" in anna.get(told[-1]["url"]).main
    assert all(one["group"] != "Befehle" for one in hits(rita, "lahntal"))


def test_the_palette_never_gets_more_than_twelve_hits(app, anna):
    told = hits(anna, "a")
    assert len([one for one in told if "kind" in one]) <= 12


def test_what_was_opened_last_is_offered_first(app, anna, bert):
    number = fill(app)
    for sent in ({"kind": "person", "number": 1}, {"kind": "organisation", "number": number}):
        assert anna.post("/suche/geoeffnet", sent).status == 204
    told = hits(anna, "")
    assert [one["text"] for one in told if one["group"] == "Zuletzt geöffnet"] == ["Lahntal", "Petra Henkel"]
    assert anna.post("/suche/geoeffnet", {"kind": "person", "number": 1}).status == 204
    assert hits(anna, "")[0]["text"] == "Petra Henkel"
    assert all(one["group"] == "Befehle" for one in hits(bert, ""))


@pytest.mark.parametrize(
    "sent",
    [{}, {"kind": "person"}, {"kind": "quatsch", "number": 1}, {"kind": "person", "number": 99},
     {"kind": "person", "number": "x"}, {"kind": "person", "number": "99999999999"}],
)  # fmt: skip
def test_only_what_exists_is_noted_as_opened(app, anna, sent):
    fill(app)
    assert anna.post("/suche/geoeffnet", sent).status == 404


def test_what_one_may_not_see_is_neither_noted_nor_offered(app, anna, rita):
    fill(app)
    with app.app_context():
        talk = factories.talk("Buseck", confidential=True).id
        db.session.commit()
    sent = {"kind": "consultation", "number": talk}
    assert rita.post("/suche/geoeffnet", sent).status == 404
    assert anna.post("/suche/geoeffnet", sent).status == 204
    assert hits(anna, "")[0]["text"] == "Buseck"
    with app.app_context():
        use = db.session.scalar(select(SearchUse))
        use.user_id = factories.member("rita").id
        db.session.commit()
    assert all(one["group"] == "Befehle" for one in hits(rita, ""))


def test_only_the_last_fifty_are_kept(app, anna):
    with app.app_context():
        numbers = [factories.follow_up(f"Nr. {number}").id for number in range(52)]
        db.session.commit()
    for number in numbers:
        anna.post("/suche/geoeffnet", {"kind": "follow-up", "number": number})
    with app.app_context():
        kept = set(db.session.scalars(select(SearchUse.record_id)))
    assert kept == set(numbers[2:])


def test_an_empty_question_explains_itself(app, rita):
    page = rita.get("/suche")
    assert "Alles durchsuchen" in page.main
    assert "Nichts gefunden" in rita.get("/suche?q=xqzyw").main
