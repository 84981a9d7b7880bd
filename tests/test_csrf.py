"""No foreign page writes: every unsafe address wants the token of this session, and reading never writes."""

import pytest

from tests.doors import copied
from tests.everything import PASSING, addresses, changed, chief, counted, fill, stored
from tests.pages import CarefulClient

# To stay signed in: what is refused there is the foreign page only.
WITHOUT_TOKEN = "accounts.extend"


@pytest.fixture
def numbers(app):
    """One of everything."""
    return fill(app)


def variants(app, client):
    """Four ways of not being our own page: (fields, headers)."""
    other = CarefulClient(app)
    other.sign_in("bert@kikz.test")
    return {
        "no token": ({}, {}),
        "a foreign token": ({"csrf_token": "IjEyMyI.aaaa.bbbb"}, {}),
        "a token of another session": ({"csrf_token": other.token()}, {}),
        "the right token from a foreign page": (
            {"csrf_token": client.token()},
            {"Origin": "https://boese.test"},
        ),
        "the right token across sites": ({"csrf_token": client.token()}, {"Sec-Fetch-Site": "cross-site"}),
        "the right token from nowhere": ({"csrf_token": client.token()}, {"Origin": "null"}),
        "the right token from no address": ({"csrf_token": client.token()}, {"Origin": "http://[broken"}),
    }


def test_fact_10_every_unsafe_address_refuses_foreign_forms(app, numbers):
    client = chief(app)
    cases, before = variants(app, client), stored(app)
    for one in addresses(app, numbers, safe=False):
        for name, (fields, headers) in cases.items():
            if one.endpoint == WITHOUT_TOKEN and not headers:
                continue
            page = client.post(one.url, {"note": "x"} | fields, token=False, headers=headers)
            assert page.status in (400, 403), (one, name, page.status)
            assert page.html.count("<html") == 1
    assert changed(before, stored(app)) == []
    assert client.get("/konto").status == 200, "signing out was refused, too"


def test_strangers_need_the_token_at_the_door_as_well(app, stranger):
    for name, (fields, headers) in variants(app, stranger).items():
        right = {"email": "anna@kikz.test", "password": "Sieben-Zwerge-42"}
        page = stranger.post("/anmelden", right | fields, token=False, headers=headers)
        assert page.status == 400, name
        assert stranger.get("/konto").status == 302, name


def test_the_token_of_one_session_is_good_for_all_its_forms(app, anna):
    token = anna.get("/beratungen/neu").soup.select_one("input[name=csrf_token]")["value"]
    thief = copied(anna)
    assert anna.post("/entwurf?path=/x", csrf_token=token).status == 200
    assert thief.post("/entwurf?path=/x", csrf_token=token).status == 200


def test_the_token_is_taken_from_the_script_too(anna):
    page = anna.post("/entwurf?path=/x", token=False, headers={"X-CSRFToken": anna.token()}, note="x")
    assert page.status == 200


@pytest.mark.parametrize("override", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_no_header_turns_reading_into_writing(app, anna, override):
    before = stored(app)
    assert anna.get("/abmelden", **{override: "POST"}).status == 405
    assert anna.get("/konto?_method=POST&language=en", **{override: "POST"}).status == 200
    assert changed(before, stored(app)) == []
    assert anna.get("/konto").status == 200


# Whoever takes a file by a personal link is counted; a test of its own looks at that.
COUNTS = {"dispatches.fetch_file"}


def test_reading_never_writes(app, numbers):
    client = chief(app)
    rows, before = counted(app, PASSING), stored(app)
    for one in (one for one in addresses(app, numbers, safe=True) if one.endpoint not in COUNTS):
        for query in ("", "?entwurf=1", "?q=Bauhof&seite=2", "?wie=1&folgt=1"):
            client.get(one.url + query)
    assert counted(app, PASSING) == rows
    assert changed(before, stored(app)) == []


def test_writing_is_never_offered_as_a_link(app, numbers):
    writing = {one.url for one in addresses(app, numbers, safe=False)}
    reading = {one.url for one in addresses(app, numbers, safe=True)}
    client = chief(app)
    for one in addresses(app, numbers, safe=True):
        for link in client.get(one.url).soup.select("a[href]"):
            assert link["href"] not in writing - reading, (one, link)


def test_every_writing_form_posts_within_the_site(app, numbers):
    client = chief(app)
    for one in addresses(app, numbers, safe=True):
        for form in client.get(one.url).soup.select("form"):
            assert form.get("action", "/").startswith("/"), one
            assert not form.get("action", "").startswith("//"), one
