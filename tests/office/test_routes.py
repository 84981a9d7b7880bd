"""The settings of the office on screen."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import db, today
from crm.office import queries
from crm.office.models import Office
from tests import factories
from tests.pages import CarefulClient

URL = "/einstellungen"
GIVEN = {
    "name": "Kompetenzzentrum IKZ",
    "address": "Musterstraße 1\n35037 Marburg",
    "sender": "post@ikz.example.de",
    "base_address": "https://ikz.example.de",
    "file_reference": "IKZ-{nummer}/{jahr}",
    "print_head": "Land Hessen\nKompetenzzentrum IKZ",
    "officer": "Dr. Dana Schütz\ndatenschutz@ikz.example.de",
}


def stored(app):
    """The settings as they stand, or None."""
    with app.app_context():
        found = db.session.get(Office, 1)
        return {name: getattr(found, name) for name in GIVEN} if found else None


def events(app):
    """What was noted, oldest first."""
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.name == "office.changed").order_by(AuditEvent.id)
        return [event.changes for event in db.session.scalars(query)]


@pytest.fixture
def otto(app):
    """A second administrator."""
    with app.app_context():
        factories.user("otto@kikz.test", "Otto Ober", {factories.Role.ADMINISTRATOR})
        db.session.commit()
    client = CarefulClient(app)
    client.sign_in("otto@kikz.test")
    return client


def test_before_the_first_saving_the_usual_settings_stand_there(app, ada):
    page = ada.get(URL)
    assert page.fields()["file_reference"] == ["IKZ {jahr}/{nummer}"]
    assert page.fields()["name"] == [""]
    assert f"IKZ {today().year}/0042" in page.main
    assert stored(app) is None, "looking makes nothing"


def test_the_first_saving_makes_the_row_and_is_noted(app, ada):
    page = ada.submit(URL, **GIVEN, follow=True)
    assert stored(app) == GIVEN
    assert events(app) == [{name: [None, value] for name, value in GIVEN.items()}]
    assert f"IKZ-0042/{today().year}" in page.main
    assert "Einstellungen geändert" in page.main
    assert "Ada Amt" in page.main


def test_a_change_is_saved_and_its_difference_is_noted(app, ada):
    ada.submit(URL, **GIVEN)
    page = ada.submit(URL, name="Zentrum", print_head="", follow=True)
    assert stored(app) == GIVEN | {"name": "Zentrum", "print_head": ""}
    changes = events(app)[-1]
    assert changes == {"name": [GIVEN["name"], "Zentrum"], "print_head": [GIVEN["print_head"], ""]}
    history = page.soup.select_one(".history li").get_text(" ", strip=True)
    assert "Kompetenzzentrum IKZ → Zentrum" in history


def test_saving_without_a_change_notes_nothing(app, ada):
    ada.submit(URL, **GIVEN)
    assert ada.submit(URL).status == 303
    assert len(events(app)) == 1


@pytest.mark.parametrize("who", ["rita", "anna", "emil", "mara"])
def test_nobody_else_sees_or_changes_them(request, app, who):
    client = request.getfixturevalue(who)
    assert client.get(URL).status == 403
    assert client.post(URL, **GIVEN, version="0").status == 403
    assert stored(app) is None
    assert URL not in client.get("/kommunen").html


def test_the_navigation_leads_there(ada):
    link = ada.get("/kommunen").soup.select_one(f"nav a[href='{URL}']")
    assert link.get_text(strip=True) == "Einstellungen"
    assert ada.get(URL).soup.select_one("nav [aria-current]")["href"] == URL


def test_the_rarer_pages_stand_under_a_name(ada, mara):
    for client, names in ((ada, ["Nachschlagen", "Verwalten"]), (mara, ["Nachschlagen", "Verwalten"])):
        side = client.get("/kommunen").soup.select_one("nav.side")
        lists = side.select("ul[aria-labelledby]")
        assert [side.find(id=one["aria-labelledby"]).get_text() for one in lists] == names


WRONG = {
    "name": ["", " \u200b ", "x" * 201],
    "address": ["x" * 501, "a\x00b"],
    "sender": ["ikz", "a@b@c.de", "post@ikz example.de"],
    "base_address": [
        "ikz.example.de", "https://", "ftp://ikz.example.de", "https://ikz.example.de/beratungen",
        "https://ikz.example.de?x=1", "https://ikz.example.de#x", "https://ich:geheim@ikz.example.de",
        "javascript:alert(1)//https://a.de", "https://ikz..example.de", "https://-ikz.de", "https://a b.de",
        "https://ikz.example.de:99999", "https://ikz.example.de:0", "https://ikz.example.de//", "https://a_b.de/\\x",
        "https://" + "a." * 200,
    ],
    "file_reference": [
        "", "IKZ", "IKZ {jahr}", "{nummer} {monat}", "{nummer", "nummer}", "{{nummer}}", "{nummer} {}",
        "{NUMMER}", "{nummer!r}", "{nummer:>9}", "{nummer.real}", "x" * 100 + "{nummer}",
    ],
    "print_head": ["x" * 501],
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), [(name, one) for name, texts in WRONG.items() for one in texts])
def test_bad_input_is_refused_and_kept(app, ada, name, text):
    page = ada.submit(URL, **GIVEN | {name: text})
    assert page.status == 422
    assert page.soup.select_one(f"#{name}-error")
    others = {other: page.fields()[other][0] for other in GIVEN if other != name}
    assert others == {other: value for other, value in GIVEN.items() if other != name}
    # A page cannot hold a null: a browser reads a mark in its place.
    assert page.fields()[name][0].replace("\r", "") == text.replace("\x00", "\ufffd")
    assert stored(app) is None
    assert events(app) == []


RIGHT = {
    "base_address": [
        ("https://ikz.example.de/", "https://ikz.example.de"),
        ("http://localhost:5000", "http://localhost:5000"),
        ("HTTPS://IKZ.Example.de:8443/", "HTTPS://IKZ.Example.de:8443"),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]:443"),
        ("https://köln.example", "https://köln.example"),
        ("", ""),
    ],
    "file_reference": [
        ("{nummer}", "{nummer}"),
        (" AZ {nummer} ({jahr}/{jahr}) ", "AZ {nummer} ({jahr}/{jahr})"),
    ],
    "sender": [("", ""), ("ikz@amt.local", "ikz@amt.local")],
}


@pytest.mark.parametrize(
    ("name", "text", "kept"), [(name, *pair) for name, ps in RIGHT.items() for pair in ps]
)
def test_good_input_is_kept_clean(app, ada, name, text, kept):
    assert ada.submit(URL, **GIVEN | {name: text}).status == 303
    assert stored(app)[name] == kept


def test_edit_refuses_a_lost_update(app, ada, otto):
    ada.submit(URL, **GIVEN)
    form = ada.get(URL).fields()
    otto.submit(URL, name="Ottos Fassung", print_head="Ottos Kopf")
    page = ada.post(URL, form | {"name": ["Adas Fassung"]})
    assert page.status == 409
    assert "Ottos Fassung" in page.main
    assert "Otto Ober" in page.main
    assert page.fields()["name"] == ["Adas Fassung"]
    assert page.fields()["print_head"] == ["Ottos Kopf"], "what only Otto changed is taken over"
    assert stored(app)["name"] == "Ottos Fassung"
    assert ada.post(URL, page.fields()).status == 303
    assert stored(app) == GIVEN | {"name": "Adas Fassung", "print_head": "Ottos Kopf"}


def test_empty_fields_that_one_filled_are_no_conflict_for_the_other(app, ada, otto):
    ada.submit(URL, **GIVEN | {"sender": "", "address": ""})
    form = ada.get(URL).fields()
    otto.submit(URL, sender="otto@ikz.example.de")
    page = ada.post(URL, form | {"address": ["Neue Straße 2"]})
    assert "zusammengeführt" in page.main
    assert ada.post(URL, page.fields()).status == 303
    assert (stored(app)["sender"], stored(app)["address"]) == ("otto@ikz.example.de", "Neue Straße 2")


def test_the_second_of_two_first_savers_sees_both_versions(app, ada, otto):
    form = ada.get(URL).fields()
    assert otto.submit(URL, **GIVEN).status == 303
    page = ada.post(URL, form | GIVEN | {"name": ["Adas Fassung"]})
    assert page.status == 409
    assert "Kompetenzzentrum IKZ" in page.main
    assert ada.post(URL, page.fields()).status == 303
    assert stored(app) == GIVEN | {"name": "Adas Fassung"}


def test_first_savers_at_the_same_moment_make_one_row_and_no_fault(app, ada, otto):
    clients = {client: client.get(URL).fields() | GIVEN for client in (ada, otto)}
    cookies = {client: client.browser.get_cookie("kikz").value for client in clients}

    def send(number):
        client = (ada, otto)[number % 2]
        browser = app.test_client()
        browser.set_cookie("kikz", cookies[client])
        form = clients[client] | {"name": f"Fassung {number}"}
        return browser.post(URL, data=form).status_code

    with ThreadPoolExecutor(10) as pool:
        answers = sorted(pool.map(send, range(10)))
    assert answers == [303] + [409] * 9
    assert len(events(app)) == 1


def test_a_race_for_the_row_shows_the_others_version(app, ada, monkeypatch):
    """Otto saves between Ada's look at the empty place and her own saving."""
    form = ada.get(URL).fields() | GIVEN
    empty = Office(id=1, version=0, updated_at=None, file_reference="IKZ {jahr}/{nummer}")
    with app.app_context():
        db.session.add(Office(id=1, name="Ottos Fassung", file_reference="{nummer}"))
        db.session.commit()
    looked = iter([empty])
    office = queries.office
    monkeypatch.setattr(queries, "office", lambda: next(looked, None) or office())
    page = ada.post(URL, form)
    assert page.status == 409
    assert "Ottos Fassung" in page.main
    assert page.fields()["address"] == [GIVEN["address"]]


def test_what_was_typed_is_shown_as_text(ada):
    page = ada.submit(
        URL, **GIVEN | {"name": "<script>alert(1)</script>", "print_head": "{{7*7}}"}, follow=True
    )
    assert "<script>alert(1)</script>" in page.main
    assert page.fields()["print_head"] == ["{{7*7}}"]


def test_a_reference_has_year_and_four_digits():
    assert Office(file_reference="IKZ {jahr}/{nummer}").reference(2026, 42) == "IKZ 2026/0042"
    assert Office(file_reference="{nummer}-{nummer}").reference(2026, 12345) == "12345-12345"


def test_the_letterhead_is_its_own_or_name_and_address():
    own = Office(name="Stelle", address="Straße\nOrt", print_head="Zeile 1\n\nZeile 2")
    assert own.letterhead == ["Zeile 1", "Zeile 2"]
    assert Office(name="Stelle", address="Straße\nOrt", print_head="").letterhead == [
        "Stelle",
        "Straße",
        "Ort",
    ]
    assert Office(name="", address="", print_head="").letterhead == []
