"""Every known attack on signing in by OpenID Connect, as one table, with controls that the checks count."""

import json
import time
from base64 import urlsafe_b64decode

import pytest

from crm.sign_on import channel, provider, services, tokens
from tests.sign_on.idp import (
    changed,
    fails,
    hangs,
    leads_away,
    says,
    signed_with,
    signed_with_public_key,
    unsigned,
)

NOT_ACCEPTED = "Die Antwort des Anmeldedienstes wurde nicht angenommen."
SILENT = "Der Anmeldedienst antwortet nicht."
AGAIN = "Beginnen Sie noch einmal."
NOT_LINKED = "noch mit keinem Konto verknüpft"


def at(seconds):
    """A moment as tokens have it."""
    return int(time.time()) + seconds


def timed(**seconds):
    """A signer that sets times of a claim, counted from the moment of signing."""
    return lambda header, claims: changed(**{name: at(shift) for name, shift in seconds.items()})(
        header, claims
    )


def forged(header, claims):
    """A token with a good header and a foreign signature."""
    honest, other = signed_with("first")({}, claims), signed_with("foreign")({}, claims)
    return honest.rpartition(".")[0] + "." + other.rpartition(".")[2]


TOKENS = {
    "aud of another program": changed(aud="anderes-programm"),
    "aud missing": changed(aud=None),
    "two audiences without azp": changed(aud=["ikz-beratung", "anderes-programm"]),
    "azp of another program": changed(azp="anderes-programm"),
    "iss of another service": changed(iss="https://boese.test/realms/ikz"),
    "iss missing": changed(iss=None),
    "nonce of another sign-in": changed(nonce="abc"),
    "nonce missing": changed(nonce=None),
    "nonce as a list": changed(nonce=["abc"]),
    "no signature at all": unsigned,
    "signed with the public key": signed_with_public_key,
    "a signature by somebody else": forged,
    "a key nobody knows": signed_with("foreign"),
    "an algorithm that is not allowed": signed_with("first", "RS384"),
    "expired": timed(exp=-70),
    "exp missing": changed(exp=None),
    "exp is no number": changed(exp="morgen"),
    "issued in the future": timed(iat=90),
    "valid only later": timed(nbf=90),
    "iat missing": changed(iat=None),
    "sub missing": changed(sub=None),
    "sub empty": changed(sub=""),
    "access token of another": changed(at_hash="abc"),
    "no token but words": lambda header, claims: "kein.token.hier",
    "no token but one word": lambda header, claims: "x",
    "a token that is too long": lambda header, claims: "x" * 30_000,
}
GOOD = {
    "clock 50 seconds fast": timed(iat=50, nbf=50),
    "clock 50 seconds slow": timed(exp=-50),
    "PS256": signed_with("first", "PS256"),
    "two audiences with azp": changed(aud=["x", "ikz-beratung"], azp="ikz-beratung"),
}


def test_a_token_that_is_not_right_opens_nothing(house):
    for name, sign in TOKENS.items():
        house.idp.sign = sign
        page = house.enter()
        assert (page.status, NOT_ACCEPTED in page.main) == (400, True), (name, page.status, page.main)
        assert house.sessions() == 0, name
    house.idp.sign = signed_with("first")
    assert house.enter().status == 303, "the good one comes in"
    assert house.sessions() == 1


def test_a_token_within_the_minute_of_skew_is_taken(house):
    for name, sign in GOOD.items():
        house.idp.sign = sign
        assert house.enter().status == 303, name
    house.idp.public, house.idp.sign = ["ec"], signed_with("ec", "ES256")
    house.forget()
    assert house.enter().status == 303


CONTROLS = {
    "signature": (forged, tokens, "signed", lambda settings, text: _unchecked(text)),
    "nonce": (changed(nonce="abc"), tokens, "check_nonce", lambda *args: None),
    "aud": (changed(aud="anderes-programm"), tokens, "check_audience", lambda *args: None),
    "iss and times": (changed(iss="https://boese.test", exp=1), tokens, "check_claims", lambda *args: None),
}


def _unchecked(text):
    header, claims, _signature = text.split(".")
    return tuple(json.loads(urlsafe_b64decode(part + "===")) for part in (header, claims))


@pytest.mark.parametrize("name", CONTROLS)
def test_without_its_check_the_attack_succeeds(house, monkeypatch, name):
    house.idp.sign, place, check, nothing = CONTROLS[name]
    assert house.enter().status == 400
    monkeypatch.setattr(place, check, nothing)
    assert house.enter().status == 303
    assert house.sessions() == 1


def test_a_way_is_taken_once_by_the_browser_that_began_it(house):
    mine, other = house.browser(), house.browser()
    query = house.way(mine)
    for name, client, spoiled in (
        ("a foreign browser", other, query),
        ("a state nobody began", mine, query | {"state": "x" * 43}),
        ("no state", mine, {"code": query["code"]}),
    ):
        page = house.come_back(client, spoiled)
        assert (page.status, AGAIN in page.main) == (400, True), (name, page.main)
    assert house.sessions() == 0
    assert house.come_back(mine, query).status == 303
    page = house.come_back(mine, query)
    assert (page.status, AGAIN in page.main) == (400, True), "replayed"
    assert house.sessions() == 1


def test_without_its_check_a_foreign_browser_takes_the_way(house, monkeypatch):
    query = house.way(house.browser())
    victim = house.browser()
    assert house.come_back(victim, query).status == 400
    monkeypatch.setattr(services, "same_browser", lambda start, browser: True)
    assert house.come_back(victim, query).status == 303, "signed in as the attacker wants it"


def test_a_way_lasts_ten_minutes(house, monkeypatch):
    client = house.browser()
    query = house.way(client)
    monkeypatch.setattr(services, "LIFETIME", services.LIFETIME * 0)
    assert house.come_back(client, query).status == 400


def test_a_code_of_another_sign_in_is_refused(house):
    """Code injection: the code of a thief's own way, or of a victim's, put into one's own answer."""
    mine, other = house.browser(), house.browser()
    query, stolen = house.way(mine), house.way(other)
    page = house.come_back(mine, query | {"code": stolen["code"]})
    assert (page.status, NOT_ACCEPTED in page.main) == (400, True), "PKCE: the verifier does not match"
    assert house.sessions() == 0
    assert house.enter().status == 303


def test_an_answer_that_names_another_service_is_refused(house):
    for name, over in {"iss of another": {"iss": "https://boese.test"}, "iss empty": {"iss": ""}}.items():
        client = house.browser()
        page = house.come_back(client, house.way(client) | over)
        assert (page.status, NOT_ACCEPTED in page.main) == (400, True), name
    client = house.browser()
    assert house.come_back(client, house.way(client) | {"iss": house.idp.issuer}).status == 303
    house.idp.document = {"authorization_response_iss_parameter_supported": True}
    house.forget()
    assert house.enter().status == 400, "a service that always names itself must do so"


def test_answers_without_a_code_are_refused(house):
    for name, over, sentence in (
        ("no code", {"code": ""}, NOT_ACCEPTED),
        ("a code that is too long", {"code": "x" * 3000}, NOT_ACCEPTED),
        ("an unknown code", {"code": "x"}, NOT_ACCEPTED),
        ("the service says no", {"error": "access_denied"}, "hat die Anmeldung abgebrochen"),
    ):
        client = house.browser()
        page = house.come_back(client, house.way(client) | over)
        assert page.status in (400, 403), name
        assert sentence in page.main, name
    assert house.sessions() == 0


TROUBLES = {
    "500": fails(),
    "404": fails(404),
    "garbage": says("<html>Wartung</html>"),
    "no object": says("[1, 2]"),
    "deep": says("[" * 100_000),
    "huge": says('{"x": "' + "y" * 600_000 + '"}'),
    "a redirect": leads_away,
    "silence": hangs,
}


def test_a_service_in_trouble_gives_a_german_page_and_passwords_go_on(house, monkeypatch):
    monkeypatch.setattr(channel, "SECONDS", 0.5)
    for where in ("openid-configuration", "token", "certs"):
        for name, trouble in TROUBLES.items():
            house.idp.reset()
            house.forget()
            house.idp.trouble = {where: trouble}
            client = house.browser()
            page = client.get("/anmelden/oidc")
            if where != "openid-configuration":
                page = house.come_back(client, house.idp.log_in(page.location))
            assert page.status in (400, 503), (where, name, page.status)
            assert SILENT in page.main or NOT_ACCEPTED in page.main, (where, name, page.main)
            assert not [one for one in house.idp.asked if one.endswith("elsewhere")], (
                "a redirect was followed"
            )
    assert house.sessions() == 0
    house.browser().sign_in("anna@kikz.test")
    house.idp.reset()
    house.forget()
    assert house.enter().status == 303


def test_a_service_that_is_off_gives_a_german_page(house):
    house.settings(issuer="http://127.0.0.1:9/realms/ikz")
    page = house.browser().get("/anmelden/oidc")
    assert (page.status, SILENT in page.main) == (503, True)
    assert page.headers["Retry-After"]


def test_only_the_host_of_the_issuer_is_spoken_to(house):
    for name in provider.NEEDED:
        house.idp.document = {name: "http://127.0.0.1:9/realms/ikz/x"}
        house.forget()
        assert house.browser().get("/anmelden/oidc").status == 503, name
    house.idp.document = {"issuer": "https://boese.test"}
    house.forget()
    assert house.browser().get("/anmelden/oidc").status == 503
    assert channel.SECONDS <= 5


def test_a_new_key_is_found_and_nobody_makes_us_look_all_the_time(house, monkeypatch):
    assert house.enter().status == 303
    seconds = provider.clock()
    house.idp.public, house.idp.sign = ["first", "second"], signed_with("second")
    assert house.enter().status == 400, "within half a minute of the last look"
    monkeypatch.setattr(provider, "clock", lambda: seconds + provider.RELOAD_SECONDS + 1)
    assert house.enter().status == 303
    house.idp.asked, house.idp.sign = [], signed_with("foreign")
    for _turn in range(5):
        assert house.enter().status == 400
    assert not [one for one in house.idp.asked if one.endswith("certs")], "unknown keys made us look"


def test_after_signing_in_one_lands_within_the_site(house):
    for target, expected in (
        ("/konto", "/konto"),
        ("//boese.test/x", "/start"),
        ("https://boese.test", "/start"),
        ("/\\boese.test", "/start"),
        ("javascript:alert(1)", "/start"),
    ):
        client = house.browser()
        url = client.get(f"/anmelden/oidc?next={target}").location
        page = house.come_back(client, house.idp.log_in(url))
        assert page.status == 303, target
        assert page.location == expected, target
