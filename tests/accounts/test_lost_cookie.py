"""Signing out in another tab, or losing the cookie, does not lose what stands in a form."""

from tests.pages import CarefulClient


def test_a_form_without_any_session_comes_back_to_its_author(app, anna):
    fields = anna.get("/beratungen/neu").fields() | {"note": ["Langer Text"]}
    anna.post("/abmelden")
    door = anna.post("/beratungen/neu", fields)
    assert door.status == 401
    assert "Langer Text" not in door.html
    hidden = door.fields()
    back = anna.post("/anmelden", hidden | {"email": "anna@kikz.test", "password": "Sieben-Zwerge-42"})
    assert anna.get(back.location).fields()["note"] == ["Langer Text"]


def test_nobody_else_gets_it(app, anna, bert):
    fields = anna.get("/beratungen/neu").fields() | {"note": ["Langer Text"]}
    anna.post("/abmelden")
    hidden = anna.post("/beratungen/neu", fields).fields()
    other = CarefulClient(app)
    hidden.pop("csrf_token")
    back = other.post("/anmelden", hidden | {"email": "bert@kikz.test", "password": "Sieben-Zwerge-42"})
    assert "entwurf" not in back.location
    assert other.get(back.location).fields()["note"] == [""]


def test_a_forged_mark_is_worth_nothing(app, anna, stranger):
    fields = anna.get("/beratungen/neu").fields() | {"author": ["1.forged"], "note": ["x"]}
    door = stranger.post("/beratungen/neu", fields)
    assert door.soup.select_one("input[name=sealed]")["value"] == ""
