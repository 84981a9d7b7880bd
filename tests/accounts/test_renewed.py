"""A form whose token has aged comes back renewed, with what was typed, to the one who typed it."""

import pytest

from crm.db import db
from tests import factories
from tests.accounts.unsaved import LONG, NEW, kept, talks, typed

STALE = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


def test_a_token_of_an_earlier_sign_in_keeps_the_text(app, anna):
    form = anna.get(NEW).fields() | typed(app)
    anna.sign_in("anna@kikz.test")
    back = anna.post(NEW, form, headers=STALE)
    assert (back.status, back.location) == (303, f"{NEW}?entwurf={form['draft'][0]}")
    page = anna.get(back.location)
    assert "Das Formular wurde erneuert" in page.main
    assert page.fields()["note"] == [LONG]
    assert talks(app) == 0
    assert anna.post(NEW, page.fields(), headers=STALE).status == 303
    assert (talks(app), kept(app)) == (1, [])


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_one_sign_of_our_own_page_is_enough(app, anna, headers):
    form = anna.get(NEW).fields() | typed(app) | {"csrf_token": "alt"}
    assert anna.post(NEW, form, headers=headers).status == 303


FOREIGN = [
    {},
    {"Origin": "https://boese.test"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://boese.test"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_foreign_page_plants_no_draft(app, anna, headers):
    page = anna.post(NEW, typed(app, csrf_token="x"), headers=headers)
    assert page.status == 400
    assert kept(app) == []


def test_a_form_of_a_colleague_stays_with_the_colleague(app, anna, bert):
    form = anna.get(NEW).fields() | typed(app)
    page = bert.post(NEW, form, headers=STALE)
    assert page.status == 400
    address = f"{NEW}?entwurf={form['draft'][0]}"
    assert bert.get(address).fields()["note"] == [""]
    assert anna.get(address).fields()["note"] == [LONG]


def test_a_button_without_a_page_is_not_kept(app, anna):
    with app.app_context():
        number = factories.follow_up().id
        db.session.commit()
    assert anna.post(f"/wiedervorlagen/{number}/erledigt", csrf_token="x", headers=STALE).status == 400
    assert kept(app) == []
