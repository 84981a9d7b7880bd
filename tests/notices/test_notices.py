"""Whoever registers is told the same as is kept: word for word, once, with every registration."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from crm.db import db
from crm.notices import queries, services
from crm.notices.models import NoticeText
from crm.registrations.models import Registration
from tests import factories

GUEST = {"first_name": "Petra", "last_name": "Henkel", "email": "petra@lahntal.test"}
OFFICER = "Dr. Dana Schütz"


@pytest.fixture(autouse=True)
def quick(app, monkeypatch):
    """Let the form be sent at once."""
    monkeypatch.setitem(app.config, "PUBLIC_FORM_SECONDS", 0)


def public_form(app):
    """The address of an open event's form."""
    with app.app_context():
        event = factories.event()
        db.session.commit()
        return f"/anmeldung/{event.secret}"


def registrations(app):
    """Marks of what each guest was told, oldest first, and all texts kept."""
    with app.app_context():
        marks = list(db.session.scalars(select(Registration.privacy_version).order_by(Registration.id)))
        return marks, {one.mark: one.text for one in db.session.scalars(select(NoticeText))}


def test_each_registration_holds_the_very_words_that_were_shown(app, stranger, ada):
    url = public_form(app)
    shown = stranger.get("/datenschutz").soup.select_one(".prose")
    stranger.submit(url, **GUEST)
    ada.submit("/einstellungen", name="Zentrum IKZ", officer=OFFICER)
    stranger.submit(url, **(GUEST | {"email": "zwei@lahntal.test"}))
    stranger.submit(url, **(GUEST | {"email": "drei@lahntal.test"}))
    (first, second, third), texts = registrations(app)
    assert second == third != first
    assert set(texts) == {first, second}, "the same words are kept once"
    assert all(queries.mark_of(text) == mark for mark, text in texts.items())
    assert OFFICER in texts[second]
    assert OFFICER not in texts[first]
    told = [one.get_text("", strip=True) for one in shown.select("h2, ul, p:not(.muted)")]
    for words in (one for one in told if "\n" not in one):
        assert "".join(words.split())[:80] in "".join(texts[first].split()), words


def test_a_changed_period_is_another_notice(app, stranger, ada):
    url = public_form(app)
    stranger.submit(url, **GUEST)
    ada.submit("/aufbewahrung/gaeste/aendern", period="30")
    stranger.submit(url, **(GUEST | {"email": "zwei@lahntal.test"}))
    (first, second), texts = registrations(app)
    assert ("180 Tage" in texts[first], "30 Tage" in texts[second]) == (True, True)
    with app.app_context():
        said = {one.mark: one.promised for one in db.session.scalars(select(NoticeText))}
    assert (said[first]["guests"], said[second]["guests"]) == (180, 30)


def test_words_that_changed_since_they_were_shown_are_shown_again_first(app, stranger, ada):
    url = public_form(app)
    form = stranger.get(url).fields() | {name: [value] for name, value in GUEST.items()}
    ada.submit("/einstellungen", name="Zentrum IKZ", officer=OFFICER)
    page = stranger.post(url, form)
    assert page.status == 422
    assert "hat sich geändert" in " ".join(page.errors())
    assert (page.fields()["last_name"], registrations(app)) == (["Henkel"], ([], {}))
    assert stranger.post(url, page.fields()).status == 303
    (mark,), texts = registrations(app)
    assert OFFICER in texts[mark]


@pytest.mark.control
def test_without_the_mark_words_nobody_saw_would_be_kept(app, stranger, ada):
    url = public_form(app)
    form = stranger.get(url).fields() | {name: [value] for name, value in GUEST.items()}
    ada.submit("/einstellungen", name="Zentrum IKZ", officer=OFFICER)
    assert stranger.post(url, form | {"told": [""]}).status == 303
    (mark,), texts = registrations(app)
    assert OFFICER in texts[mark]


def test_every_public_form_leads_to_the_notice_before_its_button_and_ticks_nothing(app, stranger):
    page = stranger.get(public_form(app))
    form = next(one for one in page.soup.select("form[method=post]") if one.select_one("[name=email]"))
    html = str(form)
    assert 0 < html.index("/datenschutz") < html.index("Anmelden")
    assert form.select("input[type=checkbox][checked]") == []
    assert len(form.select("[required]")) <= 3


def test_the_proof_stands_with_the_guest_and_leads_to_the_words(app, stranger, anna, rita):
    url = public_form(app)
    stranger.submit(url, **GUEST)
    (mark,), texts = registrations(app)
    page = rita.get("/veranstaltungen/1/anwesenheit/gast/1")
    proof = page.soup.select_one("#proof").find_parent("section")
    assert f"/hinweise/{mark}" in [one["href"] for one in proof.select("a")]
    assert "diese Veranstaltung" in proof.get_text()
    words = anna.get(f"/hinweise/{mark}").main
    assert all(line in words for line in texts[mark].split("\n"))
    assert anna.get("/hinweise/gibt-es-nicht").status == 404


def test_nothing_says_from_which_computer_it_came(app, stranger):
    url = public_form(app)
    fields = stranger.get(url).fields() | GUEST
    stranger.post(url, fields)
    with app.app_context():
        rows = db.session.execute(select(Registration.__table__)).all()
    assert rows
    assert "127.0.0.1" not in repr(rows)


def test_two_who_keep_the_same_words_at_once_keep_them_once(app):
    def keep(_number):
        with app.app_context():
            mark = services.keep("Wir sagen Ihnen, was wir speichern.")
            db.session.commit()
            return mark

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(keep, range(4)))) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(NoticeText.id))) == 1
