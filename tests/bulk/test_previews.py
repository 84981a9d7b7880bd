"""What stands beside a list shows no more than the page of the record would."""

from crm.consultations.services import Party
from crm.db import db
from tests import factories


def test_a_talk_in_short(app, rita):
    with app.app_context():
        parties = [Party(factories.place("Lahntal").id, private_note="Nur für uns.")]
        talk = factories.talk(parties=parties)
        number = talk.id
        factories.follow_up("Zahlen nachreichen", consultation_id=number)
        db.session.commit()
    page = rita.get(f"/beratungen/{number}/vorschau")
    assert "Lahntal" in page.text
    assert "Ein Gespräch." in page.text
    assert "Zahlen nachreichen" in page.text
    assert "Nur für uns." not in page.text
    assert "<html" not in page.html


def test_a_hidden_talk_has_no_preview_for_others(app, rita, anna):
    with app.app_context():
        hidden = factories.talk("Cölbe", confidential=True).id
        factories.follow_up("Still halten", at="Cölbe", consultation_id=hidden, confidential=True)
        place = factories.place("Cölbe").id
        db.session.commit()
    assert rita.get(f"/beratungen/{hidden}/vorschau").status == 404
    assert anna.get(f"/beratungen/{hidden}/vorschau").status == 200
    assert "noch kein" in rita.get(f"/kommunen/{place}/vorschau").text.casefold()
    assert "Still halten" not in rita.get(f"/kommunen/{place}/vorschau").text
    assert "Still halten" in anna.get(f"/kommunen/{place}/vorschau").text


def test_a_kommune_a_person_and_a_group_in_short(app, rita):
    with app.app_context():
        factories.talk("Lahntal")
        place = factories.place("Lahntal").id
        person = factories.person("Henkel", email="h@lahntal.test").id
        group = factories.cooperation(title="Kasse Nord").id
        factories.follow_up("Anrufen", cooperation_id=group)
        db.session.commit()
    page = rita.get(f"/kommunen/{place}/vorschau")
    assert "Landkreis Marburg-Biedenkopf" in page.text
    assert "Petra Henkel" in page.text
    assert page.soup.select("a[href^='/beratungen/']")
    assert "h@lahntal.test" in rita.get(f"/kontakte/{person}/vorschau").text
    assert "Anrufen" in rita.get(f"/kooperationen/{group}/vorschau").text
    for path in ("kommunen", "kontakte", "kooperationen", "beratungen"):
        assert rita.get(f"/{path}/99999/vorschau").status == 404


def test_an_administrator_sees_the_register_only(app, ada):
    with app.app_context():
        factories.talk("Lahntal", note="Vertraulich gesprochen")
        place = factories.place("Lahntal").id
        db.session.commit()
    page = ada.get(f"/kommunen/{place}/vorschau")
    assert page.status == 200
    assert "Letzte Beratung" not in page.text
    assert not page.soup.select("a[href^='/beratungen/']")
