"""Starting the program as `make run` does, with the real server and real connections."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PATIENCE = 60


TOO_OLD = f"exec {sys.executable} -c 'import sys; sys.version_info = (3, 10, 12); exec(sys.argv[1])' \"$2\""


def environment(folder, **settings):
    """Give the variables of a fresh installation; nothing of the suite's own settings leaks in."""
    own = {"SECRET_KEY", "DATABASE_URL", "BASE_URL", "FLASK_DEBUG"}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    return kept | {"KIKZ_INSTANCE": str(folder), **settings}


def run(command, environ):
    return subprocess.run(command, cwd=ROOT, env=environ, text=True, capture_output=True, check=False)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def answer(port, timeout):
    """Fetch the sign-in page on a new connection."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/anmelden", timeout=timeout) as page:
        return page.status, page.read().decode()


@contextlib.contextmanager
def running(command, port, environ, log):
    """Run a server until the end of the block, as its own process group; what it says goes to the log."""
    with log.open("w") as words:
        server = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=words, stderr=words, start_new_session=True
        )
    try:
        wait_until_open(port, server, log)
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_until_open(port, server, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    pytest.fail(f"the server did not start: {log.read_text()}")


@contextlib.contextmanager
def idle_connections(port, number):
    with contextlib.ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        yield


@pytest.fixture(scope="module")
def instance(tmp_path_factory):
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="module")
def first_start(instance):
    """A fresh installation, running; gives its port."""
    port = free_port()
    with running(["tools/serve.sh"], port, environment(instance, PORT=str(port)), instance / "first-words"):
        yield port


def test_twenty_idle_connections_do_not_hold_up_a_page(first_start):
    for _ in range(4):
        answer(first_start, timeout=PATIENCE)
    with idle_connections(first_start, 20):
        begin = time.monotonic()
        status, page = answer(first_start, timeout=5)
        assert time.monotonic() - begin < 1
    assert status == 200
    assert "<h1" in page


def test_control_idle_connections_hold_up_a_server_that_waits_for_them(first_start, instance, tmp_path):
    port = free_port()
    command = [BIN / "gunicorn", "-w", "2", "--no-control-socket", "-b", f"127.0.0.1:{port}", "wsgi:app"]
    with running(command, port, environment(instance), tmp_path / "log"):
        answer(port, timeout=PATIENCE)
        with idle_connections(port, 20):
            time.sleep(0.2)
            with pytest.raises(TimeoutError):
                answer(port, timeout=1)


def test_first_start_says_address_and_password_but_no_search_words(first_start, instance):
    urllib.request.urlopen(f"http://127.0.0.1:{first_start}/anmelden?weiter=streng-geheim", timeout=5).close()
    said = (instance / "first-words").read_text()
    assert f"http://127.0.0.1:{first_start}" in said
    assert "Einmalpasswort" in said
    assert "streng-geheim" not in said


def test_first_start_writes_a_key_nobody_else_can_read(first_start, instance):
    key = instance / "secret-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text().strip()) >= 32


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_later_starts_say_no_password_and_stop_cleanly(first_start, instance, tmp_path, stop):
    port, log = free_port(), tmp_path / "log"
    environ = environment(instance, PORT=str(port), WORKERS="1")
    with running(["tools/serve.sh"], port, environ, log) as server:
        answer(port, timeout=PATIENCE)
        server.send_signal(stop)
        assert server.wait(timeout=PATIENCE) == 0
    assert f"http://127.0.0.1:{port}" in log.read_text()
    assert "Einmalpasswort" not in log.read_text()


def test_a_taken_port_is_said_in_one_line(first_start, instance):
    result = run(["tools/serve.sh"], environment(instance, PORT=str(first_start)))
    assert result.returncode == 1
    assert result.stderr.startswith(f"Auf Port {first_start} läuft schon ein Programm.")


def test_the_server_leaves_what_is_loaded_alone(first_start, instance):
    code = "import gc, wsgi; print(gc.get_freeze_count() > 100_000, gc.get_threshold())"
    result = run([sys.executable, "-c", code], environment(instance))
    assert result.stdout.strip() == "True (10000, 10, 10)", result.stderr


def test_without_any_key_the_program_refuses_to_start(tmp_path):
    result = run([sys.executable, "-c", "import wsgi"], environment(tmp_path))
    assert result.returncode == 1
    assert "SECRET_KEY fehlt" in result.stderr
    assert "Traceback" not in result.stderr
    assert not any(tmp_path.iterdir())


@pytest.fixture
def bare_machine(tmp_path):
    """A copy of the tools whose system has only a python3 that lacks what the test takes away."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    programs = tmp_path / "bin"
    programs.mkdir()
    script = tmp_path / "tools" / "setup.sh"
    words = script.read_text(encoding="utf-8")
    assert "=/usr/bin/python3\n" in words
    script.write_text(words.replace("/usr/bin/python3", str(programs / "python3")), encoding="utf-8")
    for name in ("bash", "dirname", "rm"):
        (programs / name).symlink_to(shutil.which(name))

    def set_up(python3=None):
        if python3:
            (programs / "python3").write_text(f"#!/bin/sh\n{python3}\n")
            (programs / "python3").chmod(0o755)
        return run([tmp_path / "tools" / "setup.sh"], {"PATH": str(programs)})

    return set_up


@pytest.mark.parametrize(
    "python3",
    [
        pytest.param(None, id="no python3"),
        pytest.param("echo \"No module named 'ensurepip'\" >&2; exit 1", id="no venv module"),
        pytest.param(TOO_OLD, id="too old"),
    ],
)
def test_a_missing_python_is_said_in_one_german_line(bare_machine, python3):
    result = bare_machine(python3)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "apt install python3 python3-venv" in result.stderr


def test_pins_carry_hashes_and_no_address():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        pins = [number for number, line in enumerate(lines) if "==" in line]
        assert pins
        assert all("--hash=sha256:" in lines[number + 1] for number in pins)
        assert not [line for line in lines if "://" in line or "index" in line]
