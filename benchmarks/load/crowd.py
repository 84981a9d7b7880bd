"""One process with some clients: reads from its input what is to be done, and writes what they have seen.

It prints "ready" when everybody is signed in, begins at the next line, and ends with one line of JSON.
"""

import json
import random
import sys
import threading
import time
from typing import Any

from benchmarks.load.browsing import Diary
from benchmarks.load.daily import Clerk
from benchmarks.load.rush import Guests

KINDS: dict[str, type[Clerk] | type[Guests]] = {"daily": Clerk, "rush": Guests}
# Only what is done between the first line and the end counts; signing in is no part of it.
BEFORE = ("sign in, form", "sign in")


class Worker(threading.Thread):
    """One client: works until the time is over, as fast as answers come or at a pace."""

    def __init__(self, task: dict[str, Any], number: int):
        super().__init__(daemon=True)
        self.task, self.diary, self.dice = task, Diary(), random.Random(number)
        self.client = KINDS[task["kind"]](task["port"], self.diary, task["known"], number)

    def prepare(self) -> None:
        """Come in."""
        self.client.sign_in()
        for name in BEFORE:
            self.diary.seconds.pop(name, None)

    def run(self) -> None:
        """Work."""
        try:
            if self.task.get("everything"):
                self.client.everything()
            else:
                self._for_a_while()
        except Exception as error:
            self.diary.fault("client", repr(error))
        finally:
            self.client.close()

    def _for_a_while(self) -> None:
        due = time.monotonic()
        end = due + self.task["seconds"]
        work = getattr(self.client, self.task.get("only", "work"))
        while time.monotonic() < end:
            before = self._requests()
            work()
            due = self._pause(due, self._requests() - before, end)

    def _requests(self) -> int:
        return sum(len(one) for one in self.diary.seconds.values())

    def _pause(self, due: float, requests: int, end: float) -> float:
        """Think until the next thing is due; a rate of 0 is as fast as answers come."""
        if self.task["rate"]:
            due += self.dice.expovariate(self.task["rate"] / max(requests, 1))
            time.sleep(max(0.0, min(due, end) - time.monotonic()))
        return due


def main() -> None:
    """Do what the first line says."""
    task = json.loads(sys.stdin.readline())
    workers = [Worker(task, number) for number in task["numbers"]]
    for one in workers:
        one.prepare()
    print("ready", flush=True)
    sys.stdin.readline()
    for one in workers:
        one.start()
    seen = Diary()
    for one in workers:
        one.join()
        seen.add(one.diary.as_plain())
    print(json.dumps(seen.as_plain()), flush=True)


if __name__ == "__main__":
    main()
