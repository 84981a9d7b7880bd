"""What clerks do all day, in stated shares: look, search, open, write, count."""

import random
from typing import Any
from urllib.parse import quote

from benchmarks.load.browsing import Client, Diary

YARDSTICK, EMPTY = "empty page", "/leer"
HIDDEN = ("csrf_token", "once", "author", "draft")
# Every so many things done, the yardstick is asked for.
OFTEN = 12
# How many of a hundred things done are of this kind; each takes one to five requests.
SHARES = {
    "begin": 17, "search": 12, "type": 8, "list": 14, "open": 20, "open_form": 5,
    "log": 6, "log_line": 5, "promise": 6, "report": 4, "download": 3,
}  # fmt: skip
LISTS = {
    "list of talks": ("/beratungen", "Beratungen"), "list of Kommunen": ("/kommunen", "Kommunen"),
    "list of people": ("/kontakte", "Kontakte"), "follow-ups": ("/wiedervorlagen", "Wiedervorlagen"),
    "board of groups": ("/kooperationen", "Kooperationen"),
}  # fmt: skip
FORMS = {"talk form, new": ("/beratungen/neu", "Beratung erfassen"),
         "follow-up form, new": ("/wiedervorlagen/neu", "Wiedervorlage anlegen")}  # fmt: skip
NOTE = "Die Beteiligten berichten vom Stand. Offen sind die Kosten und die Federführung. " * 4


class Clerk(Client):
    """Somebody who is signed in and works; `known` says what there is to work with."""

    def __init__(self, port: int, diary: Diary, known: dict[str, Any], number: int):
        super().__init__(port, diary)
        self.known, self.number, self.done, self.turn = known, number, 0, 0
        # The same in every run, and other than in the crowd before: twins would be warned of.
        self.dice = random.Random(f"{known['crowd']}-{number}")

    def sign_in(self) -> None:
        """Come in by the door."""
        email = self.known["accounts"][self.number % len(self.known["accounts"])]
        fields = self.get("sign in, form", "/anmelden").fields("csrf_token")
        self.post("sign in", "/anmelden", fields | {"email": email, "password": self.known["password"]})

    def work(self) -> None:
        """Do one thing."""
        if self.turn % OFTEN == 0:
            self.look_at_nothing()
        self.turn += 1
        (what,) = self.dice.choices(list(SHARES), list(SHARES.values()))
        getattr(self, what)()

    def everything(self) -> None:
        """Do each thing once."""
        self.look_at_nothing()
        for what in SHARES:
            getattr(self, what)()

    def _one(self, kind: str) -> tuple[int, str]:
        number, word = self.dice.choice(self.known[kind])
        return number, word

    def _mark(self) -> str:
        self.done += 1
        return f"{self.known['run']}x{self.number}x{self.done}x"

    def look_at_nothing(self) -> None:
        """Ask for the yardstick."""
        self.get(YARDSTICK, EMPTY, "Übersicht")

    def begin(self) -> None:
        """Open the first page."""
        self.get("first page", "/", "In einer Zeile festhalten")

    def search(self) -> None:
        """Type a name into the box over everything, then open the page of hits for a common word."""
        _number, word = self._one("places")
        for letters in (word[:2], word[:3]):
            self.get("search, while typing", f"/suche/treffer?q={quote(letters)}")
        self.get("search, whole word", f"/suche/treffer?q={quote(word)}", word)

    def type(self) -> None:
        """Type into a field that suggests names."""
        _number, word = self._one("places")
        self.get("typing a Kommune", f"/kommunen/suche?q={quote(word[:3])}")
        self.get("typing a Kommune", f"/kommunen/suche?q={quote(word)}", word)

    def list(self) -> None:
        """Open a list."""
        name = self.dice.choice(list(LISTS))
        self.get(name, *LISTS[name])

    def open(self) -> None:
        """Open a record: mostly talks and Kommunen."""
        kinds = ("talks", "talks", "places", "places", "people", "groups")
        kind = self.dice.choice(kinds)
        name, path = {
            "talks": ("talk", "/beratungen"), "places": ("Kommune", "/kommunen"),
            "people": ("person", "/kontakte"), "groups": ("group", "/kooperationen"),
        }[kind]  # fmt: skip
        number, word = self._one(kind)
        self.get(name, f"{path}/{number}", word)

    def open_form(self) -> None:
        """Open a form and leave it."""
        name = self.dice.choice(list(FORMS))
        self.get(name, *FORMS[name])

    def log(self) -> None:
        """Log a talk with one to six Kommunen, and look at it."""
        fields: dict[str, Any] = self.get("talk form, new", *FORMS["talk form, new"]).fields(*HIDDEN)
        mark, chosen = self._mark(), self.dice.sample(self.known["places"], self.dice.choice((1, 1, 2, 3, 6)))
        fields |= {
            "organisations": [number for number, _name in chosen], "held_on": self.known["today"],
            "kind": "group" if len(chosen) > 1 else "single", "channel": "on-site",
            "note": f"{mark} {NOTE}", "duration_minutes": "60", "staff": "1", "task_fields": "2",
            "anyway": "1",
        }  # fmt: skip
        for place, (number, _name) in enumerate(chosen):
            fields |= {f"parties-{place}-organisation": number, f"parties-{place}-presence": "present"}
        answer = self.save("talk", mark, "talk, save", "/beratungen/neu", fields)
        if answer.status == 303:
            self.get("talk, just saved", answer.location, mark)

    def log_line(self) -> None:
        """Log a talk in one line, which is read twice while one types."""
        fields = self.get("quick line", "/kurzzeile", "In einer Zeile festhalten").fields(*HIDDEN)
        mark, (one, two, three) = self._mark(), self.dice.sample(self.known["plain"], 3)
        line = f"gestern Tel. {one}, {two}, {three}: Bauhof, 30 min, WV 15.12. Satzung {mark}"
        self.headers["X-Fragment"] = "1"
        self.post("quick line, read", "/kurzzeile/lesen", fields | {"line": line[:30]}, status=200)
        self.post("quick line, read", "/kurzzeile/lesen", fields | {"line": line}, one, two, status=200)
        del self.headers["X-Fragment"]
        answer = self.save("quick line", mark, "quick line, save", "/kurzzeile", fields | {"line": line})
        if answer.status == 303:
            self.get("quick line, saved", answer.location, "Festgehalten", one)

    def promise(self) -> None:
        """Make a follow-up and tick it off."""
        fields = self.get("follow-up form, new", *FORMS["follow-up form, new"]).fields(*HIDDEN)
        mark, (place, name) = self._mark(), self._one("places")
        fields |= {"text": f"Anrufen {mark}", "organisation": str(place), "due_on": "1.12.2090"}
        answer = self.save("follow-up", mark, "follow-up, save", "/wiedervorlagen/neu", fields)
        if answer.status != 303:
            return
        page = self.get("follow-up", answer.location, mark, name)
        path, token = f"{answer.location}/erledigt", page.fields("csrf_token")
        self.save("follow-up done", mark, "follow-up, done", path, token)

    def report(self) -> None:
        """Look at the report of this year."""
        self.get("report, a year", "/berichte/taetigkeit", "Tätigkeitsbericht")

    def download(self) -> None:
        """Take a file along: the report, or the list of Kommunen."""
        if self.dice.random() < 0.5:
            self.get("download, report", "/berichte/taetigkeit.csv", "Tätigkeitsbericht")
        else:
            self.get("download, Kommunen", "/kommunen/liste.csv", self._one("places")[1])
