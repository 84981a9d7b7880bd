"""A made-up mail server: accepts, refuses, delays, breaks off, and keeps what it took.

In a thread for most tests; `python -m tests.mail.postoffice FILE SECONDS` runs it as a program of its own,
which writes each mail it took as a line of JSON, so that the suite may start and kill processes around it.
"""

import asyncio
import json
import re
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path


@dataclass(frozen=True)
class Taken:
    """A mail the server has said it has."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes

    @property
    def mail(self):
        """The mail as a program reads it."""
        return message_from_bytes(self.data, policy=policy.default)

    @property
    def message_id(self):
        """Its mark for ever."""
        return str(self.mail["Message-ID"])


@dataclass
class Rules:
    """How the server behaves. Answers are by address; `None` as an answer breaks the connection off."""

    rcpt: dict[str, str | None] = field(default_factory=dict)
    data: dict[str, str | None] = field(default_factory=dict)
    mail_from: str | None = "250 ok"
    greeting: str | None = "220 ready"
    starttls: str | None = None
    silent_after_data: set[str] = field(default_factory=set)
    delay: float = 0.0
    most_per_connection: int = 10_000


class Session:
    """One connection."""

    def __init__(self, office, reader, writer):
        self.office, self.rules, self.reader, self.writer = office, office.rules, reader, writer
        self.sender, self.recipients, self.number = "", [], 0

    async def say(self, answer):
        """Answer; tell whether the connection goes on."""
        if answer is None:
            self.writer.close()
            return False
        self.writer.write(answer.encode() + b"\r\n")
        await self.writer.drain()
        return not answer.startswith(("421", "221"))

    async def talk(self):
        """Listen until one of the two has enough."""
        self.office.connections += 1
        if not await self.say(self.rules.greeting):
            return
        while line := (await self.reader.readline()).decode("utf-8", "replace").strip():
            verb = line.split(" ")[0].upper()
            if not await getattr(self, f"on_{verb.lower()}", self.on_other)(line):
                return

    async def on_ehlo(self, _line):
        offers = ["250-here", "250-8BITMIME"] + (["250-STARTTLS"] if self.rules.starttls else [])
        return await self.say("\r\n".join([*offers, "250 SIZE 1000000"]))

    async def on_starttls(self, _line):
        await self.say("220 go on")
        return await self.say(self.rules.starttls)

    async def on_mail(self, line):
        self.sender, self.recipients = _address(line), []
        if self.number >= self.rules.most_per_connection:
            return await self.say("421 enough for one connection")
        return await self.say(self.rules.mail_from)

    async def on_rcpt(self, line):
        address = _address(line)
        answer = self.rules.rcpt.get(address, "250 ok")
        if (answer or "").startswith("250"):
            self.recipients.append(address)
        return await self.say(answer)

    async def on_data(self, _line):
        await self.say("354 go ahead")
        lines = []
        while (line := await self.reader.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if line == b"":
            return False
        await asyncio.sleep(self.rules.delay)
        address = self.recipients[0]
        answer = self.rules.data.get(address, "250 taken")
        if (answer or "").startswith("250"):
            self.number += 1
            self.office.take(Taken(self.sender, tuple(self.recipients), b"".join(lines)))
            if address in self.rules.silent_after_data:
                answer = None
        return await self.say(answer)

    async def on_quit(self, _line):
        return await self.say("221 bye")

    async def on_other(self, _line):
        return await self.say("250 ok")


def _address(line):
    return re.search("<(.*?)>", line)[1]


class PostOffice:
    """The server itself, over a thread of its own."""

    def __init__(self, **rules):
        self.rules, self.taken, self.connections = Rules(**rules), [], 0
        self._loop = asyncio.new_event_loop()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def take(self, mail):
        """Keep a mail."""
        self.taken.append(mail)

    async def serve(self, opened):
        """Open the door and tell through which port."""
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        opened(self.port)

    async def _meet(self, reader, writer):
        try:
            await Session(self, reader, writer).talk()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _run(self):
        self._loop.run_until_complete(self.serve(lambda _port: self._open.set()))
        self._loop.run_forever()

    async def _shut(self):
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def __enter__(self):
        self._thread.start()
        assert self._open.wait(5)
        return self

    def __exit__(self, *_error):
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def numbers(self):
        """How often each mail was taken, by its mark."""
        return Counter(one.message_id for one in self.taken)

    def reached(self):
        """Who got something, in order."""
        return [one.recipients[0] for one in self.taken]


class Writing(PostOffice):
    """Writes down what it takes."""

    def __init__(self, file, **rules):
        super().__init__(**rules)
        self.file = file

    def take(self, mail):
        """Write it before the answer goes out."""
        line = json.dumps({"to": list(mail.recipients), "id": mail.message_id})
        with self.file.open("a", encoding="utf-8") as target:
            target.write(line + "\n")


def main():
    """Serve until killed; say the port in the first line."""
    office = Writing(Path(sys.argv[1]), delay=float(sys.argv[2]))
    loop = asyncio.new_event_loop()
    loop.run_until_complete(office.serve(lambda port: print(port, flush=True)))  # noqa: T201 its caller reads it
    loop.run_forever()


if __name__ == "__main__":
    main()
