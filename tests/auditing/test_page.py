"""The audit on screen: who, what, when; no contents, and looking is noted."""

import re
from datetime import timedelta

import pytest

from crm import audit
from crm.audit import EVENTS, AuditEvent, sealing
from crm.auditing import kinds, queries
from crm.consultations import services as consultations
from crm.db import db, now, today
from tests import factories
from tests.auditing.conftest import grow_old, listening, seal

MARKER = "ZX-VERTRAULICH-7741"


def rows(page):
    return [re.sub(r"\s+", " ", row.get_text(" ")).strip() for row in page.soup.select("tbody tr")]


@pytest.fixture
def happened(app):
    """A confidential talk and a plain one, a person and an account: their numbers."""
    with app.app_context():
        anna, ada = factories.member("anna"), factories.member("ada")
        talks = [
            factories.talk("Lahntal", confidential=one, note=MARKER, place=MARKER) for one in (True, False)
        ]
        for one in talks:
            audit.record("consultation.changed", one, anna, place=[None, MARKER], confidential=[False, True])
            consultations.remove(one, anna)
        person = factories.person("Geheimer", "Gregor")
        audit.record("person.changed", person, anna, title=["Alt-7741", "Neu-7741"])
        user = factories.member("rita")
        user.name = "Rita Neu"
        user.roles = frozenset({*user.roles}) | frozenset({next(iter(ada.roles))})
        audit.record("user.changed", user, ada)
        db.session.commit()
        seal()
        return {"talks": [one.id for one in talks], "person": person.id, "user": user.id}


def test_it_tells_who_did_what_and_no_contents(app, ada, happened):
    with listening("kikz.security") as lines:
        page = ada.get("/protokoll")
    told = rows(page)
    assert page.status == 200
    assert lines.only()["event"] == "audit-read"
    assert "Konto geändert" in told[0]
    assert "Rollen" in told[0]
    assert "Administration" in told[0]
    person = next(row for row in told if "Person geändert" in row)
    assert "Anna" in person
    assert str(happened["person"]) in person
    for word in (MARKER, "7741", "Geheimer", "Vertraulich"):
        assert word not in " ".join(told), word


def test_a_confidential_talk_looks_like_any_other(app, ada, happened):
    page = ada.get("/protokoll?was=beratungen")
    of_talks = [
        [re.sub(r"\d+\. \w+ \d{4}|\d\d:\d\d|\d\d\.\d\d\.\d{4}", "", one).replace(f" {number} ", " N ")
         for one in rows(page) if f" {number} " in one]
        for number in happened["talks"]
    ]  # fmt: skip
    assert len(of_talks[0]) == 3
    assert of_talks[0] == of_talks[1]
    assert "ertraulich" not in page.main


def test_it_is_the_list_of_tables_that_keeps_contents_back(app, ada, happened, monkeypatch):
    """The control: were talks among what is shown, the place would stand there."""
    assert MARKER not in ada.get("/protokoll?was=beratungen").html
    monkeypatch.setattr(queries, "SHOWN", frozenset({"consultations"}))
    assert MARKER in ada.get("/protokoll?was=beratungen").main


def test_the_filters_narrow_it(app, ada, happened):
    with app.app_context():
        anna = factories.member("anna").id
        grow_old()
    assert {"Anna" in row for row in rows(ada.get(f"/protokoll?wer={anna}"))} == {True}
    assert all("Konto" in row for row in rows(ada.get("/protokoll?was=konten")))
    number = happened["user"]
    assert all(f" {number} " in row for row in rows(ada.get(f"/protokoll?nr={number}")))
    assert {"Kommandozeile" in row for row in rows(ada.get("/protokoll?wer=0"))} == {True}
    assert rows(ada.get(f"/protokoll?bis={today() - timedelta(days=2)}")) == []
    assert rows(ada.get(f"/protokoll?von={today()}&bis={today()}"))
    wrong = ada.get("/protokoll?von=gestern-oder-so&was=alles&wer=x&nr=-1")
    assert wrong.status == 200
    assert len(wrong.errors()) >= 3


def test_the_newest_hash_stands_below_to_be_noted(app, ada, happened):
    with app.app_context():
        newest = sealing.newest().hash
    assert newest in ada.get("/protokoll").main
    assert ada.get("/konten").soup.select_one("a[href='/protokoll']")


def test_what_was_emptied_is_said_to_be(app, ada, happened):
    with app.app_context():
        audit.redact("users", [happened["user"]])
        db.session.commit()
    assert (
        "mit den Daten einer Person gelöscht"
        in rows(ada.get(f"/protokoll?nr={happened['user']}&was=konten"))[0]
    )


def test_every_event_belongs_to_one_group_and_few_to_the_rest():
    groups = [kinds.events_of(name) for name, _text in kinds.choices()]
    assert sorted(name for group in groups for name in group) == sorted(EVENTS)
    assert kinds.group_of("funding.rules-changed") == "einstellungen"
    assert kinds.group_of("funding.judged") == "kooperationen"
    assert len(kinds.events_of(kinds.REST)) < len(EVENTS) / 10


def test_the_page_is_quick_over_years(app, ada):
    """Twenty statements at most, whatever is on the page: the careful client counts."""
    with app.app_context():
        person = factories.person("Viel", "Vera")
        many = [
            {
                "name": "person.changed",
                "record_type": "people",
                "record_id": person.id,
                "at": now(),
                "changes": {},
            }
            for _one in range(120)
        ]
        db.session.execute(AuditEvent.__table__.insert(), many)
        db.session.commit()
    page = ada.get("/protokoll")
    assert len(rows(page)) == 50
    assert page.soup.select_one("a[href*='seite=2']")
