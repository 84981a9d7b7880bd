"""Registration has opened: guests come, register, read their mail and confirm, each in an own browser."""

import re
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from benchmarks.load.browsing import Client, Diary

LINK = re.compile(r"https?://[^/\s]+(/meine-anmeldung/\S+)")
LAST_MAIL = text("SELECT body FROM outgoing_mails WHERE recipient = :to ORDER BY id DESC LIMIT 1")


class Letterbox:
    """Where guests read what the program writes to them: the outbox itself."""

    def __init__(self, url: str):
        self.engine: Engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def link(self, address: str) -> str:
        """Give the path in the last mail to an address, or nothing."""
        with self.engine.connect() as connection:
            body = connection.execute(LAST_MAIL, {"to": address}).scalar() or ""
        found = LINK.search(body)
        return found[1] if found else ""


class Guests:
    """A row of guests at one computer, one after the other."""

    def __init__(self, port: int, diary: Diary, known: dict[str, Any], number: int):
        self.port, self.diary, self.known, self.number, self.come = port, diary, known, number, 0
        self.letterbox = Letterbox(known["url"])

    def close(self) -> None:
        """Nobody comes any more."""
        self.letterbox.engine.dispose()

    def sign_in(self) -> None:
        """Guests have no account."""

    def work(self) -> None:
        """Let the next one come."""
        self.come += 1
        guest = Client(self.port, self.diary)
        try:
            self._register(guest, f"{self.known['run']}x{self.number}x{self.come}x@kommune.example")
        finally:
            guest.close()

    def everything(self) -> None:
        """Let two come."""
        self.work()
        self.work()

    def _register(self, guest: Client, email: str) -> None:
        path = f"/anmeldung/{self.known['secret']}"
        form = guest.get("event, public page", path, self.known["title"]).fields("csrf_token", "opened")
        fields = form | {"last_name": f"Gast {self.number}-{self.come}", "email": email, "homepage": ""}
        answer = guest.save("registration", email, "register", path, fields)
        if answer.status != 303:
            return
        guest.get("registered", answer.location, "Wir haben Ihnen eine E-Mail geschickt.")
        self._confirm(guest, email)

    def _confirm(self, guest: Client, email: str) -> None:
        link = self.letterbox.link(email)
        if not link:
            self.diary.fault("mail", f"{email} got no link")
            return
        form = guest.get("own page", link, "Bitte bestätigen").fields("csrf_token")
        answer = guest.save("confirmation", email, "confirm", link, form | {"antwort": "bestaetigen"})
        if answer.status == 303:
            guest.get("own page, confirmed", answer.location, self.known["title"])
