"""Addresses, pages, choices and forms that no page of ours sends: an answer in German, nothing changed."""

import io

import pytest

from crm.db import db, today
from tests import factories
from tests.everything import addresses, changed, chief, one_of_everything, planned, stored

TALK = "/beratungen/neu"
ENCODED = "application/x-www-form-urlencoded"
ODD_NUMBERS = [
    "0", "-1", "1.5", "2147483648", "9223372036854775808", "1" + "0" * 30, "abc", "%00", "1%20", "%201",
    "\u0661", "+1", "1e3", "0x1", "01", "1_0", "%2e%2e", "NaN", "1%0a", "\uff11", "1;2", "1%00",
]  # fmt: skip
NUMBERED = [
    "/beratungen/{}",
    "/beratungen/{}/bearbeiten",
    "/kommunen/{}",
    "/kontakte/{}",
    "/wiedervorlagen/{}",
]
NUMBERED += ["/kontakte/1/funktionen/{}", "/aufgabenfelder/{}/bearbeiten", "/konten/{}", "/konten/{}/sperren"]


@pytest.fixture
def filled(prepared):
    """One of everything; its numbers by argument name."""
    return prepared(one_of_everything)


@pytest.fixture
def right(app):
    """A talk form that would be saved."""
    with app.app_context():
        place = [str(factories.place("Lahntal").id)]
    return {
        "organisations": place,
        "held_on": f"{today():%d.%m.%Y}",
        "kind": "single",
        "channel": "phone",
        "anyway": "1",
    }


@pytest.mark.parametrize("path", NUMBERED)
def test_what_is_no_number_of_a_record_is_not_found(filled, app, path):
    client = chief(app)
    for number in ODD_NUMBERS:
        page = client.get(path.format(number))
        assert page.status == 404, (number, page.status)
        assert "Nicht gefunden" in page.main


PAGES = ["0", "-1", "abc", "1" + "0" * 21, "", "1.5", "\u0662", "%00", "999999", "+1", "1e9", "9" * 5000]


@pytest.mark.parametrize("url", ["/beratungen", "/kommunen", "/kontakte", "/wiedervorlagen"])
def test_any_page_number_gives_a_page(filled, anna, url):
    for number in PAGES:
        page = anna.get(f"{url}?seite={number}&per_page=1000000&limit=1000000")
        assert page.status == 200, number
        assert len(page.soup.select("main tbody tr")) <= 100


NOT_OFFERED = ["koenig", "999999", "-1", "1' or 1=1", "", "\u0661", "a\x00", "9" * 5000, "None"]
CHOICES = ["kind", "channel", "parties-0-presence", "follow_up_owner", "follows_id", "task_fields"]


@pytest.mark.parametrize("field", CHOICES)
def test_a_choice_that_was_not_offered_is_refused(app, anna, right, field):
    before, row = stored(app), {"parties-0-organisation": right["organisations"][0]}
    for value in NOT_OFFERED:
        page = anna.submit(TALK, **right | row | {field: value, "note": "Bleibt."})
        if page.status == 303 and value in ("", "None"):
            # Nothing chosen is a choice where the field is free.
            before = stored(app)
            continue
        told = " ".join(page.errors())
        assert page.status == 422, (value, page.status)
        assert "Auswahl" in told or "Wählen" in told, (value, told)
        assert page.fields()["note"] == ["Bleibt."]
    assert changed(before, stored(app)) == []


def test_an_option_of_another_record_is_refused(filled, app, anna, right):
    with app.app_context():
        hidden = factories.member("rita").id
        secret = factories.talk("Cölbe", confidential=True).id
        db.session.commit()
    before = stored(app)
    for field, value in (
        ("follow_up_owner", hidden),
        ("staff", hidden),
        ("follows_id", filled["consultation_id"]),
    ):
        page = anna.submit(TALK, **right | {field: str(value)})
        assert page.status in (303, 422)
        if field != "follows_id":
            assert page.status == 422, field
    assert secret
    assert "users" not in changed(before, stored(app))


def test_missing_extra_and_double_fields(app, anna, right):
    before = stored(app)
    missing = anna.post(TALK, {"note": "x"})
    assert missing.status == 422
    assert len(missing.soup.select(".err-sum li")) >= 2
    assert changed(before, stored(app)) == []
    extra = {
        "note[]": "x",
        "note[0]": "x",
        "__proto__": "x",
        "parties": "x",
        "parties-": "x",
        "parties-x-y": "x",
    }
    twice = {"held_on": [right["held_on"], "31.4.2026"], "channel": ["phone", "koenig"]}
    page = anna.submit(TALK, **right | extra | twice)
    assert page.status == 303, "the first value of a field counts"


ROWS = ["\u00b2", "9" * 5000, "-1", "1.5", "\u0661", "99999", "0x1", "", "1e3", "a\x00"]


@pytest.mark.parametrize("index", ROWS, ids=ascii)
def test_rows_with_odd_numbers_are_no_rows(app, anna, right, index):
    row = {f"parties-{index}-organisation": right["organisations"][0], f"parties-{index}-presence": "koenig"}
    assert anna.submit(TALK, **right | row).status == 303


HIDDEN = ["once", "author", "anyway", "parties-0-organisation", "next"]


@pytest.mark.parametrize("name", HIDDEN)
def test_hidden_fields_hold_anything_without_harm(app, anna, right, name):
    for value in ("a\x00", "x" * 100_000, "\u0661", "[" * 5000, "' or 1=1", "", "{}"):
        page = anna.submit(TALK, **right | {name: value})
        assert page.status in (200, 303, 422), (name, value[:9], page.status)


@pytest.mark.parametrize(
    "base", ["[" * 5000, "null", "[]", "1", '{"note": {}}', "{", "a\x00", "x" * 100_000, '"\ud83d"']
)
def test_the_memory_of_an_edited_form_may_be_broken(filled, anna, bert, base):
    url = f"/beratungen/{filled['consultation_id']}/bearbeiten"
    form = anna.get(url).fields()
    bert.submit(url, note="Von Bert.")
    page = anna.post(url, form | {"base": [base.encode("utf-8", "replace").decode()], "note": ["Von Anna."]})
    assert page.status in (409, 422)
    assert page.fields()["note"] == ["Von Anna."]


def test_a_file_in_any_field_is_refused(app, anna, right):
    before = stored(app)
    for name in anna.get(TALK).fields():
        if name != "csrf_token":
            fields = anna.get(TALK).fields() | {key: value for key, value in right.items() if key != name}
            fields[name] = (io.BytesIO(b"MZ\x00"), "note.txt")
            page = anna.post(TALK, fields)
            assert page.status == 400, (name, page.status)
            assert "Anfrage nicht verstanden" in page.main
    assert changed(before, stored(app)) == []


def test_too_many_fields_and_files(app, anna):
    token = anna.token()
    many = {f"feld{number}": "x" for number in range(1001)}
    for url in ("/wiedervorlagen/neu", "/konto", "/kontakte/neu", "/anmelden"):
        assert anna.post(url, many | {"csrf_token": token}).status == 413
        files = {f"f{number}": (io.BytesIO(b""), "x.txt") for number in range(100)}
        assert anna.post(url, files | {"csrf_token": token}).status == 400
    parts = {f"feld{number}": "x" for number in range(1001)} | {"x": (io.BytesIO(b"x"), "x")}
    assert anna.post("/konto", parts).status == 413


def test_a_talk_with_all_municipalities_is_not_too_much(app, anna):
    rows = {
        f"parties-{number}-{name}": ""
        for number in range(442)
        for name in ("role", "represented_by", "people-text")
    }
    rows |= {f"parties-{number}-organisation": "1" for number in range(442)}
    assert anna.submit(TALK, **rows).status == 422
    assert anna.post("/entwurf?path=/beratungen/neu", rows).status == 200
    assert anna.post(TALK, {f"x{number}": "" for number in range(5001)}).status == 413


BODIES = {
    "json": ("application/json", b"{}", 415),
    "plain text": ("text/plain", b"a=b", 415),
    "xml": ("text/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", 415),
    "no boundary": ("multipart/form-data", b"--x\r\n", 400),
    "a cut boundary": ("multipart/form-data; boundary=x", b"--x\r\nContent-", 400),
    "packed": (ENCODED, b"\x1f\x8b\x08\x00x", 400),
    "raw bytes": (ENCODED, b"note=%FF%FE\xff\x00&=&&&=", 400),
    "another charset": (f"{ENCODED}; charset=utf-16", "note=ä".encode("utf-16"), 400),
    "nothing": ("", b"", 400),
    "too much": (ENCODED, b"note=" + b"x" * 10_000_000, 413),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_body_that_is_no_form_is_refused_in_german(filled, app, case):
    client, (kind, body, code) = chief(app), BODIES[case]
    before = stored(app)
    for one in addresses(app, filled, safe=False):
        answer = client.browser.post(one.url, data=body, content_type=kind)
        if one.endpoint == "accounts.extend" and code == 400:
            # It needs no form and reads none.
            assert answer.get_json() == {"ok": True}
            continue
        assert answer.status_code == code, (one, answer.status_code)
        assert '<html lang="de"' in answer.get_data(as_text=True)
    assert changed(before, stored(app)) == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW", "post"])
def test_other_methods_are_not_possible(filled, app, method):
    client, before = chief(app), stored(app)
    for one in addresses(app, filled, safe=True):
        answer = client.browser.open(one.url, method=method)
        assert answer.status_code in (405, 400) if method == "post" else answer.status_code == 405, (
            one,
            method,
        )
    assert "Hier nicht möglich" in client.browser.open("/", method="PUT").get_data(as_text=True)
    assert changed(before, stored(app)) == []


def test_reading_and_writing_addresses_are_not_mixed_up(filled, app):
    client = chief(app)
    reading = {one.url for one in addresses(app, filled, safe=True)}
    writing = {one.url for one in addresses(app, filled, safe=False)}
    for url in writing - reading:
        page = client.get(url)
        assert page.status == 405, url
        assert page.headers["Allow"], url
    for url in reading - writing:
        assert client.post(url).status == 405, url


def test_a_record_that_went_meanwhile_stays_away_and_the_text_is_kept(app, anna, bert):
    number = planned(app)
    url = f"/beratungen/{number}/bearbeiten"
    form = anna.get(url).fields() | {"note": ["Langer Text"]}
    bert.post(f"/beratungen/{number}/entfernen")
    before = stored(app)
    for where in (f"/beratungen/{number}/absagen", f"/beratungen/{number}/stattgefunden"):
        assert anna.post(where, form).status in (404, 410)
    page = anna.post(url, form, follow=True)
    assert "entfernt" in page.main
    assert changed(before, stored(app)) == ["drafts"]
    anna.post(f"/beratungen/{number}/wiederherstellen")
    assert anna.get(f"{url}?entwurf={form['draft'][0]}").fields()["note"] == ["Langer Text"]


def test_two_tabs_with_two_records_do_not_mix(app, anna):
    with app.app_context():
        numbers = [factories.talk(name, note=name).id for name in ("Lahntal", "Cölbe")]
        db.session.commit()
    urls = [f"/beratungen/{number}/bearbeiten" for number in numbers]
    forms = [anna.get(url).fields() for url in urls]
    assert anna.post(urls[1], forms[1] | {"note": ["Zwei"]}).status == 303
    assert anna.post(urls[0], forms[0] | {"note": ["Eins"]}).status == 303
    assert [anna.get(url).fields()["note"] for url in urls] == [["Eins"], ["Zwei"]]


def test_huge_headers_do_no_harm(app, anna):
    for name in ("Cookie", "Accept-Language", "User-Agent", "Referer", "X-Forwarded-For"):
        answer = anna.browser.get("/datenschutz", headers={name: "x=" + "y" * 16_000})
        assert answer.status_code in (200, 400, 431), name
        assert '<html lang="de"' in answer.get_data(as_text=True)
