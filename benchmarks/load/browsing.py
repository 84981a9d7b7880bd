"""A client that keeps its connection and its cookies, times every request and checks every answer.

Nothing here knows the program: clients are processes of their own, and they are to be light.
"""

import gzip
import html
import json
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

# Servers close connections that nobody uses; a client that has paused that long opens a new one.
IDLE, TIMEOUT = 3.0, 60
MOST_SAID = 20
INPUT = re.compile(r"<input[^>]*>")
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


@dataclass
class Answer:
    """What came back; status 0 where nothing did."""

    status: int
    body: bytes = b""
    location: str = ""

    @property
    def text(self) -> str:
        """The body as text; JSON with its letters as they are read."""
        text = self.body.decode("utf-8", "replace")
        return json.dumps(json.loads(text), ensure_ascii=False) if text[:1] in ("[", "{") else text

    def fields(self, *names: str) -> dict[str, str]:
        """Give the value of the first field of each name."""
        found: dict[str, str] = {}
        for tag in INPUT.findall(self.text):
            known = dict(ATTRIBUTE.findall(tag))
            if known.get("name") in names:
                found.setdefault(known["name"], html.unescape(known.get("value", "")))
        return found


@dataclass
class Diary:
    """What a client has seen: seconds by request, what was wrong, and what it was told is saved.

    `saved` holds marks the program has said yes to, `unsure` those of requests without an answer.
    """

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    said: list[str] = field(default_factory=list)
    saved: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unsure: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, other: dict[str, Any]) -> None:
        """Take over what another one has seen, given as `as_plain` gives it."""
        for name in ("seconds", "saved", "unsure"):
            for key, values in other[name].items():
                getattr(self, name)[key].extend(values)
        for key, number in other["faults"].items():
            self.faults[key] += number
        self.said = [*self.said, *other["said"]][:MOST_SAID]

    def as_plain(self) -> dict[str, Any]:
        """Give it as lists and words."""
        return dict(vars(self))

    def fault(self, name: str, words: str) -> None:
        """Note that something was not as it must be."""
        self.faults[name] += 1
        if len(self.said) < MOST_SAID:
            self.said.append(f"{name}: {words}")


class Client:
    """Somebody at a browser."""

    def __init__(self, port: int, diary: Diary):
        self.diary, self.cookies, self.used = diary, dict[str, str](), time.monotonic()
        self.connection, self.headers = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT), dict[str, str]()

    def close(self) -> None:
        """Leave."""
        self.connection.close()

    def get(self, name: str, path: str, *words: str, status: int = 200) -> Answer:
        """Open a page that must hold some words."""
        return self._asked(name, "GET", path, None, words, status)

    def post(self, name: str, path: str, fields: dict[str, Any], *words: str, status: int = 303) -> Answer:
        """Send a form; usually another page follows."""
        return self._asked(name, "POST", path, urlencode(fields, doseq=True), words, status)

    def save(self, kind: str, mark: str, name: str, path: str, fields: dict[str, Any]) -> Answer:
        """Send a form that saves something under a mark; note what the program said of it."""
        answer = self.post(name, path, fields)
        if answer.status == 303:
            self.diary.saved[kind].append(mark)
        elif answer.status == 0:
            self.diary.unsure[kind].append(mark)
        return answer

    def _asked(
        self, name: str, method: str, path: str, body: str | None, words: tuple[str, ...], status: int
    ) -> Answer:
        begin = time.perf_counter()
        answer = self._exchange(method, path, body)
        self.diary.seconds[name].append(time.perf_counter() - begin)
        text = answer.text if words else ""
        missing = [word for word in words if html.escape(word) not in text and word not in text]
        if answer.status != status:
            self.diary.fault(name, f"{method} {path} answered {answer.status} instead of {status}")
        elif missing:
            self.diary.fault(name, f"{method} {path} does not hold {missing[0]!r}")
        return answer

    def _exchange(self, method: str, path: str, body: str | None) -> Answer:
        if time.monotonic() - self.used > IDLE:
            self.connection.close()
        headers = {"Accept-Encoding": "gzip"} | self.headers
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            self.connection.close()
            return Answer(0)
        self.used = time.monotonic()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _sign, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        return Answer(answer.status, content, answer.headers.get("Location", ""))
