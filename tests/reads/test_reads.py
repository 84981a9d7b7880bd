"""Every answer that shows the text of a confidential talk leaves one row, and no other answer does."""

import io
import zipfile

import pytest
from sqlalchemy import select

from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.db import db
from crm.reads import noting
from crm.reads.models import ConfidentialRead, Way
from crm.search import duties
from tests import factories
from tests.everything import addresses, fill
from tests.pages import CarefulClient

URL = "/einsicht"
MARK = "Zwiebelturm"


@pytest.fixture
def numbers(app):
    """One of everything, where the talk is confidential, tells something, and belongs to a group."""
    found = fill(app)
    with app.app_context():
        talk = db.session.get(Consultation, found["consultation_id"])
        talk.confidential, talk.cooperation_id = True, found["cooperation_id"]
        who = db.session.get(Person, found["person_id"]).name
        talk.note, talk.agreements, talk.next_step = f"{MARK} eins, {who}", f"{MARK} zwei", f"{MARK} drei"
        for one in talk.participations:
            one.private_note = f"{MARK} vier, {who}"
        db.session.commit()
        duties.catch_up()
        db.session.commit()
    return found


def taken(app):
    """Reads since the last time, as (name of the reader, talk, way)."""
    with app.app_context():
        rows = [
            (one.user.email.partition("@")[0], one.consultation_id, one.way)
            for one in db.session.scalars(select(ConfidentialRead).order_by(ConfidentialRead.id))
        ]
        db.session.query(ConfidentialRead).delete()
        db.session.commit()
    return rows


def shows(page):
    """Whether the answer holds words of the talk, in a workbook as well."""
    if page.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(page.data)) as found:
            return any(MARK.encode() in found.read(name) for name in found.namelist())
    return MARK.encode() in page.data


def walked(app, client, numbers):
    """Addresses whose answer shows the text without a row, and those with a row without the text."""
    silent, idle = [], []
    words = [f"/suche?q={MARK}", f"/suche?q={MARK}&art=beratungen", f"/suche/treffer?q={MARK}"]
    for url in [*(one.url for one in addresses(app, numbers, safe=True)), *words]:
        page = client.get(url)
        rows, seen = taken(app), shows(page) or page.data.startswith(b"%PDF") and "vermerk" in url
        ours = [row for row in rows if row[1] == numbers["consultation_id"]]
        assert len(ours) <= 1, url
        if seen and not ours:
            silent.append(url)
        if ours and not seen:
            idle.append(url)
    return silent, idle


def test_every_page_that_shows_the_text_is_noted_and_no_other(app, mara, numbers):
    taken(app)
    assert walked(app, mara, numbers) == ([], [])


def test_without_noting_the_same_walk_finds_every_way(app, mara, numbers, monkeypatch):
    """The control: what shows the text, and how many addresses that is."""
    taken(app)
    monkeypatch.setattr(noting, "_wanted", dict)
    silent, idle = walked(app, mara, numbers)
    assert len(silent) >= 7
    assert idle == []


def test_who_read_which_talk_and_how(app, anna, mara, numbers):
    number = numbers["consultation_id"]
    url = f"/beratungen/{number}"
    taken(app)
    for more in ("", "/vorschau", "/vermerk", "/vermerk.pdf", "/bearbeiten"):
        assert anna.get(url + more).status == 200
    assert taken(app) == [
        ("anna", number, way) for way in (Way.PAGE, Way.PREVIEW, Way.PRINT, Way.PDF, Way.FORM)
    ]
    mara.get(f"/suche?q={MARK}")
    assert taken(app) == [("mara", number, Way.SEARCH)]


def test_access_given_to_a_contact_named_in_the_text_is_a_read(app, mara, numbers):
    url, talk = f"/personendaten/auskunft/personen/{numbers['person_id']}", numbers["consultation_id"]
    taken(app)
    page = mara.get(url)
    assert MARK in page.html
    assert taken(app) == [("mara", talk, Way.ACCESS)]
    assert MARK not in mara.post(url, als="json").response.get_data(as_text=True)
    assert taken(app) == []
    names = {one["name"] for one in page.soup.select("input[type=radio]")}
    assert MARK in mara.post(url, dict.fromkeys(names, "geben")).html
    assert taken(app) == [("mara", talk, Way.ACCESS)]


def test_a_form_that_comes_back_is_a_read_too(app, anna, numbers):
    url = f"/beratungen/{numbers['consultation_id']}/bearbeiten"
    fields = anna.get(url).fields()
    taken(app)
    page = anna.post(url, fields | {"held_on": "morgen früh um"})
    assert page.status == 422
    assert MARK in page.html
    assert [way for _who, _talk, way in taken(app)] == [Way.FORM]


def test_what_is_open_to_all_leaves_no_row(app, anna, rita, numbers):
    with app.app_context():
        db.session.get(Consultation, numbers["consultation_id"]).confidential = False
        db.session.commit()
        duties.catch_up()
        db.session.commit()
    for client in (anna, rita):
        assert client.get(f"/beratungen/{numbers['consultation_id']}").status == 200
    assert taken(app) == []


def test_who_may_not_see_it_leaves_no_row(app, rita, numbers):
    taken(app)
    assert rita.get(f"/beratungen/{numbers['consultation_id']}").status == 404
    assert taken(app) == []


def test_the_log_is_for_administrators_and_looking_at_it_is_noted(app, ada, anna, mara, numbers):
    taken(app)
    number = numbers["consultation_id"]
    anna.get(f"/beratungen/{number}")
    assert mara.get(URL).status == anna.get(URL).status == 403
    page = ada.get(URL)
    assert f"Nr. {number}" in page.main
    assert "Anna" in page.main
    assert MARK not in page.html
    again = ada.get(f"{URL}?beratung={number}").main
    assert "Anna" in again
    assert "dieses Protokoll angesehen" not in again
    assert "dieses Protokoll angesehen" in ada.get(f"{URL}?konto={_number_of(app, 'ada')}").main
    assert [row for row in taken(app) if row[2] is Way.LOG] == [("ada", None, Way.LOG)] * 3


def _number_of(app, name):
    with app.app_context():
        return factories.member(name).id


def test_where_the_row_cannot_be_written_the_text_is_not_handed_over(app, anna, numbers, monkeypatch):
    def fails():
        raise OSError("disk full")

    monkeypatch.setattr(noting, "short_write", fails)
    page = CarefulClient(app)
    page.browser = anna.browser
    answer = page.get(f"/beratungen/{numbers['consultation_id']}")
    assert answer.status == 500
    assert MARK not in answer.html
    monkeypatch.undo()
    assert anna.get(f"/beratungen/{numbers['consultation_id']}").status == 200
