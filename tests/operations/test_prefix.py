"""Below a path of a shared host: every address the program gives begins with it."""

import re
from urllib.parse import urlsplit

import pytest
from flask import request, url_for

from config import ConfigError, Production
from crm import links
from crm.mailings.letters import HIDDEN
from tests.doors import program
from tests.everything import addresses, chief, fill
from tests.pages import CarefulClient

SECRET, HOST = "x" * 40, "https://host.kikz.test"
NOT_PAGES = ("mailto:", "tel:", "data:", "#", "https://www.")
# What leads somewhere, any other attribute or value of JSON that holds a path, and addresses in calendars.
LINKS = re.compile(r'(?:href|src|action)="([^"]*)"|[=:\[,]\s?"(/[^"<>]*)"|(https://host\.[^"\s<]*)')


def below(stage, prefix):
    """Settings of a running program at this prefix."""
    environ = {"SECRET_KEY": SECRET, "DATABASE_URL": stage.url, "BASE_URL": f"{HOST}{prefix}"}
    return Production(environ)


class Visitor(CarefulClient):
    """A browser that comes by HTTPS to the shared host."""

    prefix = ""

    def _open(self, method, url, **kw):
        return super()._open(method, url, base_url=HOST, **kw)

    def token(self):
        page = self._open("GET", f"{self.prefix}/anmelden")
        return page.soup.select_one("input[name=csrf_token]")["value"]


def named_in(text):
    """Every address in the text of an answer."""
    return ["".join(found) for found in LINKS.findall(text)]


def led_astray(page, prefix):
    """Every address of a page, and of its headers, that leaves the prefix."""
    named = named_in(page.data.decode(errors="replace"))
    if page.location:
        named.append(page.location)
    named += [f"Path={path}" for path in re.findall(r"Path=([^;]*)", page.headers.get("Set-Cookie", ""))]
    return [one for one in named if not _inside(one, prefix)]


def _inside(address, prefix):
    if address.startswith("Path="):
        return address == f"Path={prefix}"
    if not address or address.startswith(NOT_PAGES) or not address.startswith(("/", HOST)):
        # Relative ones, as “?seite=2”, stay where they are.
        return not address.startswith("//")
    return urlsplit(address).path.startswith(f"{prefix}/")


def crawl(app, there, prefix):
    """Open every address that can be read, signed in and as a stranger; give (addresses seen, astray)."""
    numbers = fill(app)
    chief(app)
    there.config["MOST_STATEMENTS"] = 200
    insider, stranger = Visitor(there), Visitor(there)
    insider.prefix = stranger.prefix = prefix
    door = insider.post(f"{prefix}/anmelden", email="chef@kikz.test", password="Sieben-Zwerge-42")
    assert door.status == 303
    seen, astray = 0, {}
    for one in addresses(there, numbers, safe=True):
        for client in (insider, stranger):
            page = client.get(one.url)
            assert page.status < 500, one
            seen += len(named_in(page.html))
            if one.endpoint != "assets.file" and (found := led_astray(page, prefix)):
                astray[one.endpoint] = found[:3]
    return seen, astray


def test_every_address_begins_with_the_prefix(stage, app):
    with program(stage, below(stage, "/crm")) as there:
        seen, astray = crawl(app, there, "/crm")
    assert seen > 5000
    assert astray == {}


def test_control_without_the_setting_nothing_begins_with_it(stage, app):
    with program(stage, below(stage, "")) as there:
        page = there.test_client().get("/anmelden", base_url=HOST)
        named = named_in(page.get_data(as_text=True))
    assert named
    assert not [one for one in named if one.startswith("/crm")]
    assert "__Host-kikz=" in page.headers["Set-Cookie"]


def test_the_cookie_is_not_sent_to_the_neighbours(stage, app):
    with program(stage, below(stage, "/crm/")) as there:
        line = there.test_client().get("/crm/anmelden", base_url=HOST).headers["Set-Cookie"]
    name, *flags = line.split("; ")
    assert name.startswith("__Secure-kikz=")
    assert {"Path=/crm", "Secure", "HttpOnly", "SameSite=Lax"} <= set(flags)


def test_outside_the_prefix_there_is_nothing_and_its_bare_name_leads_in(stage, app):
    with program(stage, below(stage, "/crm")) as there:
        browser = there.test_client()
        outside = [browser.get(path, base_url=HOST).status_code for path in ("/", "/anmelden", "/crmx/")]
        bare = browser.get("/crm", base_url=HOST)
    assert outside == [404, 404, 404]
    assert (bare.status_code, urlsplit(bare.headers["Location"]).path) == (308, "/crm/")


def test_signing_in_leads_to_no_other_program_of_the_host(stage, app):
    with program(stage, below(stage, "/crm")) as there:
        for wished, reached in (("/wiki/", "/crm/start"), ("/crm/kontakte", "/crm/kontakte")):
            client = Visitor(there)
            client.prefix = "/crm"
            page = client.post(
                "/crm/anmelden", email="anna@kikz.test", password="Sieben-Zwerge-42", next=wished
            )
            assert page.location == reached


def test_mails_and_calendars_name_the_prefix_once(stage, app):
    with program(stage, below(stage, "/crm")) as there, there.app_context():
        assert links.to("accounts.profile") == f"{HOST}/crm/konto"
        assert links.own(f"/keine-post/{HIDDEN}") == f"{HOST}/crm/keine-post/{HIDDEN}"
        assert links.address(links.path("events.index")) == f"{HOST}/crm/veranstaltungen"


@pytest.mark.parametrize("path", ["/crm?x=1", "/crm#x", "/zwei worte", "/crm//x", "/<id>"])
def test_only_a_plain_path_is_taken(path):
    with pytest.raises(ConfigError, match="BASE_URL"):
        Production({"SECRET_KEY": SECRET, "BASE_URL": f"{HOST}{path}"})


def seen_by(app, peer, **headers):
    """What a page learns of a request: client, scheme, host, and a link."""
    seen = {}
    label = app.view_functions["home.privacy"]

    def look():
        seen.update(client=request.remote_addr, host=request.host, scheme=request.scheme)
        seen["link"] = url_for("home.privacy")
        return label()

    look.permission = None
    app.view_functions["home.privacy"] = look
    try:
        app.test_client().get(
            "/crm/datenschutz", base_url=HOST, headers=headers, environ_overrides={"REMOTE_ADDR": peer}
        )
    finally:
        app.view_functions["home.privacy"] = label
    return seen


FORGED = {
    "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "boese.test", "X-Forwarded-Proto": "http",
    "X-Forwarded-Prefix": "/boese", "Forwarded": "for=203.0.113.9;host=boese.test",
}  # fmt: skip


def test_forwarding_headers_count_from_a_known_proxy_only(stage, app):
    settings = below(stage, "/crm")
    settings.TRUSTED_PROXIES = 1
    with program(stage, settings) as there:
        assert seen_by(there, "198.51.100.7", **FORGED) == {
            "client": "198.51.100.7", "host": "host.kikz.test", "scheme": "https", "link": "/crm/datenschutz",
        }  # fmt: skip
        honest = {"X-Forwarded-For": "1.2.3.4, 192.0.2.5", "X-Forwarded-Prefix": "/boese"}
        for peer in ("127.0.0.1", "::1", ""):
            # The control: from the proxy, and through the socket, they are believed; one hop, no more.
            assert seen_by(there, peer, **honest)["client"] == "192.0.2.5"
            assert seen_by(there, peer, **honest)["link"] == "/crm/datenschutz"


def test_two_proxies_and_their_network_can_be_named(stage, app):
    environ = {"SECRET_KEY": SECRET, "DATABASE_URL": stage.url, "BASE_URL": f"{HOST}/crm"}
    more = {"TRUSTED_PROXIES": "2", "PROXY_ADDRESSES": "10.2.0.0/24"}
    with program(stage, Production(environ | more)) as there:
        two = {"X-Forwarded-For": "6.6.6.6, 192.0.2.5, 10.2.0.9"}
        assert seen_by(there, "10.2.0.8", **two)["client"] == "192.0.2.5"
        assert seen_by(there, "127.0.0.1", **two)["client"] == "127.0.0.1"
