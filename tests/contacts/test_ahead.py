"""An office that begins later: nobody is told that it has ended."""

from datetime import timedelta

from crm.db import db, today
from tests import factories


def test_an_office_to_come_is_no_office_that_ended(app, anna, mara):
    begins = today() + timedelta(days=40)
    with app.app_context():
        number = factories.person("Groß", "Lena", at="Cölbe", valid_from=begins).id
        town = factories.place("Cölbe").id
        factories.person("Groß", "Lena", at="Lahntal", phone="06421 4711", email="gross@lahntal.test")
        db.session.commit()
    shown = anna.get(f"/kontakte/{number}").main
    assert "noch nicht: Die Funktion beginnt erst" in shown
    assert f"ab {begins:%d.%m.%Y}" in shown
    said = f"ab {begins:%d.%m.%Y}"
    assert said in anna.get(f"/kommunen/{town}").soup.select_one("[aria-labelledby=people]").get_text()
    listed = anna.get("/kontakte?q=Groß").soup.select_one("#results").get_text()
    assert said in listed
    assert "ohne aktuelle Funktion" not in listed
    pairs = mara.get("/doppelte").main
    assert f"Cölbe, ab {begins:%d.%m.%Y}" in pairs
    assert "ohne aktuelle Funktion" not in pairs


def test_two_who_may_be_one_are_compared_with_their_addresses(app, mara):
    with app.app_context():
        one = factories.person("Groß", "Lena", at="Cölbe", email="lena@coelbe.test").id
        other = factories.person("Groß", "Lena", at="Lahntal", phone="06421 4711").id
        db.session.commit()
    shown = mara.get(f"/doppelte/kontakte/{one}/{other}").main
    assert "lena@coelbe.test" in shown
    assert "06421 4711" in shown
