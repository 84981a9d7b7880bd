"""Starts the program the way an office runs it: several web processes, and the worker beside them."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.load import machine
from config import ROOT

PATIENCE, DOOR = 120, "benchmarks.load.door"
SERVERS = ("granian", "gunicorn")
KEY = "load-" * 8


class NotStarted(Exception):
    """The program did not answer in time."""


def settings(url: str, folder: Path, port: int) -> dict[str, str]:
    """Give the environment of the program, without the brakes on floods: all comes from one address."""
    return {
        "SECRET_KEY": KEY, "DATABASE_URL": url, "KIKZ_INSTANCE": str(folder), "KIKZ_SETTINGS": "",
        "PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}", "MAIL_SERVER": "", "OIDC_ISSUER": "",
        "PUBLIC_POSTS_PER_HOUR": "0", "PUBLIC_FORM_SECONDS": "0", "SESSION_IDLE_MINUTES": "1440",
        "SESSION_ABSOLUTE_HOURS": "168", "REQUIRE_SECOND_FACTOR": "off", "SECURITY_LOG": "",
        # Guests of ten years are forgotten in the first night; that is no part of a day.
        "RETENTION": "off",
    }  # fmt: skip


def _web(server: str, port: int, processes: int, module: str) -> list[str]:
    """The command of tools/serve.sh, or that of tools/system/kikz.service on a port instead of a socket."""
    if server == "gunicorn":
        options = ["--workers", str(processes), "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
        return ["gunicorn", *options, "--log-level", "critical", f"{module}:app"]
    script = (ROOT / "tools" / "serve.sh").read_text(encoding="utf-8")
    known = re.findall(r"--(?:blocking-threads|workers-kill-timeout) \d+|--no-ws|--no-access-log", script)
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(processes)]
    more = [word for option in known for word in option.split()]
    return ["granian", *options, *more, "--log-level", "error", "--respawn-failed-workers", f"{module}:app"]


class Program:
    """A running program; use it in a `with` statement."""

    def __init__(
        self, url: str, folder: Path, processes: int, server: str = "granian", module: str = DOOR
    ) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder / "log"
        self.environ = os.environ | settings(url, folder, self.port)
        self.web = self._start(_web(server, self.port, processes, module))
        self.worker: subprocess.Popen[bytes] | None = None

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT, env=self.environ, start_new_session=True, stdout=log, stderr=log,
            )  # fmt: skip

    def __enter__(self) -> "Program":
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        self.worker = self._start(["flask", "--app", "wsgi", "worker"])
        return self

    def __exit__(self, *_error: object) -> None:
        for one in filter(None, (self.worker, self.web)):
            with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                one.terminate()
                one.wait(30)
            with suppress(ProcessLookupError):
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.web.poll() is None:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
            with suppress(OSError, HTTPException), closing(connection):
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.2)
        said = self.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise NotStarted(f"nothing answers on port {self.port}; the program said: {said}")

    @property
    def web_processes(self) -> list[int]:
        """Numbers of the processes that answer."""
        return machine.group(self.web.pid)

    @property
    def worker_processes(self) -> list[int]:
        """Numbers of the processes that send mails and do what is due."""
        return machine.group(self.worker.pid) if self.worker else []
