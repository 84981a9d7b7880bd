#!/usr/bin/env python3
"""Take the pictures of the README and of the help from a throw-away demo in a real Chromium."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "img"
OF_HELP = ROOT / "crm" / "static" / "src" / "help"
GROUP = ("Biedenkopf", "Dautphetal", "Angelburg")
LINE = "gestern Tel. Cölbe, Lahntal: Bauhof, 30 min, WV 15.12. Satzung prüfen"
ADMINISTRATOR = "anna.admin@kikz.example"
# What each topic of the help shows; its address, or what leads there.
HELP = {
    "anfang": "/", "anruf": "/", "beratung": "/beratungen/neu", "wiedervorlagen": "/wiedervorlagen",
    "finden": "/suche?q=bauhof", "kontakte": "/kontakte", "kooperation": "/kooperationen",
    "foerderung": "/kooperationen/5/foerderung", "erfahrung": "/erfahrung?gefragt=1&worte=Bauhof",
    "veranstaltung": "/veranstaltungen/1", "material": "/materialien", "protokoll": "/protokolle/1",
    "berichte": "/berichte/taetigkeit", "listen": "/importe", "datenschutz": "/kontakte/1/rechte",
    "verwaltung": "/konten",
}  # fmt: skip


@contextlib.contextmanager
def demo() -> Iterator[tuple[str, str, str]]:
    """Run a demo in a folder of its own; give its address, and e-mail and password of its first account."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        log = Path(folder) / "log"
        environ = os.environ | {"KIKZ_INSTANCE": folder, "PORT": str(port)}
        with log.open("w") as words:
            server = subprocess.Popen([ROOT / "tools" / "serve.sh", "demo"], env=environ, stdout=words)
        try:
            wait_until_open(port, server)
            said = log.read_text(encoding="utf-8")
            password = re.search(r"Passwort[^:]*: (\S+)", said)
            email = re.search(r"\S+@\S+", said)
            if not (password and email):
                sys.exit(f"Die Demo nennt kein Konto:\n{said}")
            yield f"http://127.0.0.1:{port}", email[0], password[1]
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait()


def wait_until_open(port: int, server: subprocess.Popen) -> None:
    """Return when the server takes connections; end when it died."""
    while server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    sys.exit("Die Demo startet nicht.")


def sign_in(page: Page, address: str, email: str, password: str) -> None:
    """Fill the sign-in form."""
    page.goto(f"{address}/anmelden")
    page.locator("input[type=email], input[name=email]").first.fill(email)
    page.locator("input[type=password]").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/anmelden" not in url)


def invite(page: Page) -> None:
    """Pick the municipalities of a talk as a clerk does: type, press Enter. A draft is dropped."""
    dropped = page.get_by_role("button", name="Verwerfen")
    if dropped.count():
        dropped.first.click()
    field = page.get_by_label("Kommunen", exact=True)
    for name in GROUP:
        field.press_sequentially(name)
        page.get_by_role("option").first.wait_for()
        field.press("Enter")
        page.locator(".chip", has_text=name).first.wait_for()
    page.wait_for_load_state("networkidle")


def tell(page: Page) -> None:
    """Type a line on the overview and wait until it is read."""
    page.locator("[name=line]").first.press_sequentially(LINE)
    page.get_by_text("Satzung prüfen").first.wait_for()
    page.wait_for_load_state("networkidle")


STEPS = {"anruf": tell, "beratung": invite}


def of_readme(page: Page, address: str) -> None:
    """Write the pictures of the README."""
    page.goto(f"{address}/")
    page.screenshot(path=TARGET / "uebersicht.png")
    page.goto(f"{address}/beratungen/neu")
    invite(page)
    page.screenshot(path=TARGET / "beratung.png")


def of_help(page: Page, address: str, slugs: Iterable[str]) -> None:
    """Write the pictures of some topics."""
    for slug in slugs:
        page.goto(address + HELP[slug])
        STEPS.get(slug, lambda _page: None)(page)
        page.screenshot(path=OF_HELP / f"{slug}.png")


def main() -> None:
    """Write every picture anew."""
    for folder in (TARGET, OF_HELP):
        folder.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not chromium:
        sys.exit("Es fehlt Chromium: apt install chromium-headless-shell")
    look = {"locale": "de-DE", "color_scheme": "light"}
    with demo() as (address, email, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, **look)
        sign_in(page, address, email, password)
        of_readme(page, address)
        page.set_viewport_size({"width": 1200, "height": 750})
        of_help(page, address, [slug for slug in HELP if slug != "verwaltung"])
        other = browser.new_page(viewport={"width": 1200, "height": 750}, **look)
        sign_in(other, address, ADMINISTRATOR, password)
        of_help(other, address, ["verwaltung"])
        browser.close()


if __name__ == "__main__":
    main()
