"""A whole installation on this machine: PostgreSQL, programs, workers and a balancer."""

import os
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from config import ROOT, SuiteSettings
from crm import create_app
from crm.db import db
from crm.operations.migrating import upgrade
from crm.organisations.services import load_register
from tests import factories
from tests.factories import PASSWORD
from tests.markup import parsed

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
PATIENCE = 120
MEMORY = Path("/dev/shm")  # noqa: S108 the same choice as tools/with-pg.sh
ENOUGH = 2 * 1024**3


def roomy():
    """Give the folder for what lives as long as a test: memory where there is enough, else the usual one."""
    there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH
    return MEMORY if there else None


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """A PostgreSQL of its own."""

    def __init__(self):
        if not BINARIES:
            pytest.skip("no PostgreSQL server here")
        self.folder, self.port = Path(tempfile.mkdtemp(dir=roomy())), free_port()
        self.owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        try:
            if self.owner:
                shutil.chown(self.folder, "postgres")
            names = ("--username", "postgres", "--auth", "trust", "--encoding", "UTF8")
            self._run("initdb", *names, "--no-sync")
            self._first_start()
        except BaseException:
            self.close()
            raise
        self.url = f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def _run(self, program, *words):
        command = [*self.owner, str(BINARIES[-1].with_name(program)), "--pgdata", str(self.folder / "data")]
        subprocess.run([*command, *words], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def _first_start(self):
        try:
            self.start()
        except subprocess.CalledProcessError:
            # Somebody else can take the free port in between.
            self.port = free_port()
            self.start()

    def start(self):
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self._run(
            "pg_ctl", "start", "--wait", "--silent", "--log", str(self.folder / "log"), "--options", options
        )

    def stop(self):
        """Stop it at once, as if the machine had lost its power."""
        self._run("pg_ctl", "stop", "--mode", "immediate", "--silent", "--wait")

    def close(self):
        """Leave nothing behind."""
        with suppress(subprocess.CalledProcessError):
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill(self):
        """Give an application of the suite over it, with the register and the cast."""
        app = create_app(SuiteSettings(self.url))
        with app.app_context():
            upgrade()
            load_register()
            factories.cast()
            db.session.commit()
            db.session.remove()
        return app


class Process:
    """One process of the program with all its children."""

    def __init__(self, command, environ):
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environ, start_new_session=True, stderr=subprocess.DEVNULL
        )

    def kill(self):
        """End it as the kernel does when memory runs out."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ask it to end; give the seconds that took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - begin


class Program(Process):
    """The program as documented, on a port of its own; `module` may be another one than wsgi."""

    def __init__(self, environ, module="wsgi", server="granian", workers=2):
        self.port = free_port()
        address, count = f"127.0.0.1:{self.port}", str(workers)
        commands = {
            "granian": ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
                        "--workers", count, "--blocking-threads", "1", "--no-ws", "--no-access-log",
                        "--log-level", "error", "--respawn-failed-workers", *granian_options()],
            "gunicorn": ["gunicorn", "--workers", count, "--bind", address, "--log-level", "critical",
                         "--no-control-socket"],
        }  # fmt: skip
        super().__init__(
            [sys.executable, "-m", *commands[server], f"{module}:app"], environ | {"PORT": str(self.port)}
        )
        self._wait()

    def _wait(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(requests.RequestException):
                if requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).ok:
                    return
            time.sleep(0.2)
        raise AssertionError("the program did not start")


def granian_options():
    """What tools/serve.sh says about stopping."""
    words = (ROOT / "tools/serve.sh").read_text(encoding="utf-8")
    return re.findall(r"--workers-kill-timeout \d+", words)[0].split()


class Browser:
    """Somebody who is signed in, over real HTTP; each request by a connection of its own."""

    def __init__(self, port, name="anna"):
        self.base, self.session = f"http://127.0.0.1:{port}", requests.Session()
        self.session.headers["Connection"] = "close"
        _status, form = self.opened("/anmelden")
        fields = form | {"email": f"{name}@kikz.test", "password": PASSWORD}
        assert self.post("/anmelden", fields).status_code == 303

    def get(self, path):
        """Open a page."""
        return self.session.get(self.base + path, timeout=60, allow_redirects=False)

    def post(self, path, fields):
        """Send a form."""
        return self.session.post(self.base + path, fields, timeout=60, allow_redirects=False)

    def opened(self, path):
        """Open a page; give its status and the fields of its first form, None where there is none."""
        answer = self.get(path)
        form = parsed(answer.text).select_one("main form[method=post]")
        if answer.status_code != 200 or form is None:
            return answer.status_code, None
        tags = [tag for tag in form.select("input[name]") if tag.get("type") != "checkbox"]
        return answer.status_code, {tag["name"]: tag.get("value", "") for tag in tags}


class Balancer:
    """Passes each connection on to one of several programs in turn; one that does not listen is left out."""

    def __init__(self, ports):
        turns, lock = iter(range(10**9)), threading.Lock()

        class Handler(socketserver.BaseRequestHandler):
            def handle(handler):  # noqa: N805 not to be taken for the balancer
                with lock:
                    first = next(turns)
                for number in range(len(ports)):
                    with suppress(OSError):
                        behind = socket.create_connection(
                            ("127.0.0.1", ports[(first + number) % len(ports)]), 5
                        )
                        break
                else:
                    return
                behind.settimeout(60)
                with behind:
                    back = threading.Thread(target=pump, args=(behind, handler.request), daemon=True)
                    back.start()
                    pump(handler.request, behind)
                    back.join()

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        """Take no more."""
        self.server.shutdown()
        self.server.server_close()


def pump(source, target):
    """Pass on what comes until nothing more comes."""
    with suppress(OSError):
        while block := source.recv(65_536):
            target.sendall(block)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
