"""What the system is given: units of systemd, nginx and the scripts, read and tried."""

import os
import re
import shutil
import subprocess

import pytest

from config import ROOT

SYSTEM = ROOT / "tools" / "system"
UNITS = sorted(path.name for path in SYSTEM.glob("*.service"))
MOST_EXPOSED = 3.0
NGINX = shutil.which("nginx") or next((p for p in ("/usr/sbin/nginx",) if os.access(p, os.X_OK)), None)
HARD = (
    "User=kikz", "ProtectSystem=strict", "NoNewPrivileges=yes", "PrivateTmp=yes", "PrivateDevices=yes",
    "CapabilityBoundingSet=", "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    "SystemCallFilter=@system-service", "StateDirectoryMode=0700",
)  # fmt: skip


def run(*command, **more):
    return subprocess.run([*map(str, command)], text=True, capture_output=True, check=False, **more)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_gives_the_program_next_to_nothing(name):
    lines = (SYSTEM / name).read_text(encoding="utf-8").splitlines()
    assert [one for one in HARD if one not in lines] == []
    assert any(line.startswith("MemoryMax=") for line in lines)
    assert any(line.startswith("TasksMax=") for line in lines)
    assert not [line for line in lines if line.startswith("ReadWritePaths=")]
    # Only the step that makes tables knows the role that may.
    assert ("migration.env" in "".join(lines)) == (name == "kikz-setup.service")


def test_the_web_service_may_give_its_socket_an_owner():
    """Gunicorn asks for it before it listens; refused, the service starts again and again in silence."""
    lines = (SYSTEM / "kikz.service").read_text(encoding="utf-8").splitlines()
    filters = [line for line in lines if line.startswith("SystemCallFilter=")]
    assert filters[-1] == "SystemCallFilter=@chown"
    # The others open no socket and need none of it.
    for name in set(UNITS) - {"kikz.service"}:
        assert "@chown" not in (SYSTEM / name).read_text(encoding="utf-8")


def exposure(path):
    """How open systemd finds a unit, from 0 to 10."""
    told = run("systemd-analyze", "security", "--offline=true", "--no-pager", path)
    return float(re.search(r"exposure level for \S+: ([\d.]+)", told.stdout)[1])


def test_systemd_itself_finds_them_hardly_exposed(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze here")
    found = {name: exposure(SYSTEM / name) for name in UNITS}
    assert {name: level for name, level in found.items() if level > MOST_EXPOSED} == {}
    # The control: the same service as it is usually written.
    (tmp_path / "plain.service").write_text("[Service]\nUser=kikz\nExecStart=/bin/true\n")
    assert exposure(tmp_path / "plain.service") > MOST_EXPOSED


def nginx_with(tmp_path, site):
    """Test a configuration with a certificate of its own, in a folder of its own."""
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=kikz.test",
        "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem")  # fmt: skip
    for name in ("nginx-proxy.conf", "nginx-log.conf", "nginx-prefix.conf"):
        shutil.copy(SYSTEM / name, tmp_path / name)
    text = site.replace("/etc/nginx/snippets/kikz-proxy.conf", str(tmp_path / "nginx-proxy.conf"))
    (tmp_path / "site.conf").write_text(text.replace("/etc/ssl/kikz", str(tmp_path)))
    for path in tmp_path.glob("*.conf"):
        replaced = path.read_text().replace(
            "/etc/nginx/snippets/kikz-proxy.conf", str(tmp_path / "nginx-proxy.conf")
        )
        path.write_text(replaced.replace("/var/log/kikz", str(tmp_path)))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\nhttp {{\n"
        f"include {tmp_path}/nginx-log.conf;\ninclude {tmp_path}/site.conf;\n}}\n"
    )
    return run(NGINX, "-t", "-q", "-e", tmp_path / "error.log", "-c", tmp_path / "nginx.conf")


BELOW_A_PATH = """server {{
    listen 443 ssl;
    server_name host.example.org;
    ssl_certificate /etc/ssl/kikz/fullchain.pem;
    ssl_certificate_key /etc/ssl/kikz/privkey.pem;
    include {folder}/nginx-prefix.conf;
}}
"""


def test_nginx_takes_both_examples(tmp_path):
    if NGINX is None or not shutil.which("openssl"):
        pytest.skip("no nginx or openssl here: apt install nginx openssl")
    whole = (SYSTEM / "nginx.conf").read_text(encoding="utf-8")
    for number, site in enumerate((whole, BELOW_A_PATH.format(folder=tmp_path / "1"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        tried = nginx_with(folder, site)
        assert tried.returncode == 0, tried.stderr
    # The control: a word it does not know.
    (tmp_path / "2").mkdir()
    assert nginx_with(tmp_path / "2", whole.replace("server_tokens off", "server_words off")).returncode != 0


def test_the_log_of_nginx_holds_no_search_words_and_no_forged_origin_passes():
    log_format = re.search(r"log_format kikz '([^']+)'", (SYSTEM / "nginx-log.conf").read_text())[1]
    assert "$uri" in log_format
    assert not re.search(r"\$(request\b|request_uri|args|query_string|http_referer)", log_format)
    proxy = (SYSTEM / "nginx-proxy.conf").read_text(encoding="utf-8")
    assert "error_log /var/log/kikz/nginx-error.log alert;" in proxy
    assert "X-Forwarded-For $remote_addr;" in proxy
    assert "$proxy_add_x_forwarded_for" not in proxy


def test_logs_are_gone_after_ninety_days(tmp_path):
    rotating = (SYSTEM / "logrotate").read_text(encoding="utf-8")
    assert re.search(r"rotate 90\b", rotating)
    assert re.search(r"maxage 90\b", rotating)
    assert "MaxRetentionSec=90day" in (SYSTEM / "journald.conf").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["install.sh", "postgresql.sh", "kikz", "setup.sh", "wheelhouse.sh", "serve.sh"]
)
def test_scripts_are_sound_and_stop_at_the_first_error(name):
    path = ROOT / "tools" / name
    assert run("bash", "-n", path).returncode == 0
    assert "set -euo pipefail" in path.read_text(encoding="utf-8")
    assert os.access(path, os.X_OK)


@pytest.mark.parametrize("name", ["install.sh", "postgresql.sh", "kikz"])
def test_only_root_is_let_at_accounts_and_roles(name):
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("to give the right away, one must be root and have setpriv")
    # The script comes by standard input: nobody may not read every folder.
    text = (ROOT / "tools" / name).read_text(encoding="utf-8")
    tried = run(
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-s", input=text, cwd="/"
    )
    assert tried.returncode == 1
    assert "als root aufrufen" in tried.stderr
