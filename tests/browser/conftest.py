"""A real browser over a real server: one Chromium, one server a test, and a watch over every page."""

import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.house import fill
from tests.browser.live import Live
from tests.pages import CarefulClient

FLAGS = [
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-quic",
]  # fmt: skip
# The shell without windows draws the same pages with a third of the work.
BROWSERS = ("chromium-headless-shell", "chromium")
WITHOUT_BROWSER = f"no Chromium: install the package {BROWSERS[0]} or run the suite by `make test`"
PATIENCE = 30_000
# A form that is shown again answers 401, 409, 422 or 429; the browser notes that in its console.
ANSWERED = tuple(f"the server responded with a status of {code}" for code in (401, 409, 422, 429))
# Whoever presses Tab before the page has settled keeps the focus; the browser notes that too.
QUICKER = "Autofocus processing was blocked because a document already has a focused element."


def pytest_terminal_summary(terminalreporter):
    """Say what the clerk needed, for docs/messungen.md."""
    reports = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    counted = [
        pair
        for report in reports
        if "test_interactions" in report.nodeid or "test_quick" in report.nodeid
        for pair in report.user_properties
    ]
    for name, figures in counted:
        terminalreporter.write_line(f"{name}: {figures}")


@pytest.fixture(scope="session")
def start():
    """Start the Chromium of the system, with more flags if one likes."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip(WITHOUT_BROWSER)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = []

        def launch(*more):
            started.append(playwright.chromium.launch(executable_path=path, args=[*FLAGS, *more]))
            return started[-1]

        yield launch
        for one in started:
            one.close()


@pytest.fixture(scope="session")
def browser(start):
    """The browser most tests use."""
    return start()


@pytest.fixture(scope="session")
def large_print(start):
    """A browser whose user has set letters of double size."""
    return start("--blink-settings=defaultFontSize=32")


@pytest.fixture
def live(app):
    """The application on a free port of this machine."""
    server = Live(app)
    yield server
    server.stop()
    assert not app.config.pop("FORGOTTEN", None), "a page redirected without committing"


@pytest.fixture
def house(prepared):
    """Numbers of the records of a filled database."""
    return prepared(fill)


class Watch:
    """Notes what no page may do: speak on the console, break, break the policy, ask another host."""

    def __init__(self, url):
        self.host, self.faults, self.expected = urlsplit(url).netloc, [], [*ANSWERED, QUICKER]

    def over(self, context):
        """Look at every page of a browser context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message):
        if not any(words in message.text for words in self.expected):
            self.faults.append(f"console {message.type}: {message.text} ({message.page.url})")

    def _request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc != self.host:
            self.faults.append(f"foreign host: {request.url}")


@pytest.fixture
def watch(live):
    """The watch; whatever it saw fails the test."""
    watching = Watch(live.url)
    yield watching
    assert watching.faults == []


@pytest.fixture
def page_of(browser, app, live, watch):
    """Give pages: `page_of("anna")` is signed in, `page_of("")` is a stranger's."""
    contexts, usual = [], browser

    def open_for(name="", browser=usual, **options):
        wanted = {
            "locale": "de-DE",
            "timezone_id": "Europe/Berlin",
            "viewport": {"width": 1440, "height": 900},
        }
        context = browser.new_context(base_url=live.url, **(wanted | options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        if name:
            context.add_cookies([{"name": "kikz", "value": _cookie(app, name), "url": live.url}])
        return context.new_page()

    yield open_for
    for context in contexts:
        context.close()


def _cookie(app, name):
    """Come in by the form, without drawing it."""
    client = CarefulClient(app)
    client.sign_in(f"{name}@kikz.test")
    return client.browser.get_cookie("kikz", domain="localhost").value


@pytest.fixture
def anna_page(page_of):
    """A page of Anna, who advises."""
    return page_of("anna")
