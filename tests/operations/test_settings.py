"""Every wrong or missing setting stops the start: one German sentence that names it, and no secret."""

import os
import re
import subprocess
import sys
from pathlib import Path
from zoneinfo import TZPATH

import pytest

from config import ROOT, ConfigError, Production

KEY = "geheim-" + "k" * 40
RIGHT = {"SECRET_KEY": KEY}
HIDDEN = "sehr-geheimes-Passwort"
WRONG = [
    ("SECRET_KEY", {"SECRET_KEY": HIDDEN}),
    ("SECRET_KEY", {"SECRET_KEY": ""}),
    ("FLASK_DEBUG", {"FLASK_DEBUG": "1"}),
    ("DATABASE_URL", {"DATABASE_URL": f"mysql://kikz:{HIDDEN}@db/kikz"}),
    ("DATABASE_URL", {"DATABASE_URL": f"postgresql://kikz:{HIDDEN}@db:x/kikz"}),
    ("DATABASE_URL", {"DATABASE_URL": f"postgresql://kikz:{HIDDEN}@db/"}),
    ("DATABASE_URL", {"DATABASE_URL": HIDDEN}),
    ("MIGRATION_DATABASE_URL", {"MIGRATION_DATABASE_URL": f"postgresql://kikz:{HIDDEN}@db/other"}),
    ("MIGRATION_DATABASE_URL", {"MIGRATION_DATABASE_URL": HIDDEN}),
    ("BASE_URL", {"BASE_URL": "http://crm.kikz.test"}),
    ("BASE_URL", {"BASE_URL": "crm.kikz.test"}),
    ("BASE_URL", {"BASE_URL": ""}),
    ("BASE_URL", {"BASE_URL": "https://[crm"}),
    ("BASE_URL", {"BASE_URL": "https://crm.kikz.test:99999"}),
    ("BASE_URL", {"BASE_URL": "https://crm.kikz.test/a?b"}),
    ("PROXY_ADDRESSES", {"PROXY_ADDRESSES": "proxy.kikz.test"}),
    ("MAIL_SECURITY", {"MAIL_SECURITY": "ssl"}),
    ("MAIL_FROM", {"MAIL_SERVER": "mail.kikz.test"}),
    ("MAIL_FROM", {"MAIL_FROM": "niemand"}),
    ("MAIL_USER", {"MAIL_PASSWORD": HIDDEN}),
    ("MAIL_PASSWORD", {"MAIL_USER": "kikz"}),
    ("MAIL_PORT", {"MAIL_PORT": "0"}),
    ("MAIL_TIMEOUT", {"MAIL_TIMEOUT": "41"}),
    ("RETENTION", {"RETENTION": "vielleicht"}),
]
NUMBERS = (
    "PORT", "TRUSTED_PROXIES", "SESSION_IDLE_MINUTES", "SESSION_ABSOLUTE_HOURS", "SIGN_IN_FREE_FAILURES",
    "SIGN_IN_FIRST_DELAY", "CONFIRM_HOURS", "OFFER_HOURS", "PUBLIC_POSTS_PER_HOUR", "PUBLIC_MAILS_PER_HOUR",
    "PARTICIPANTS_KEEP_DAYS", "PUBLIC_FORM_SECONDS", "MAX_BODY_BYTES", "MAIL_PORT", "MAIL_TIMEOUT",
    "PROOF_MINUTES",
)  # fmt: skip
NO_NUMBERS = ("", "-1", "viel", "1.5", "1_000", "٣", "1e3", "9" * 30)


def is_german(sentence, name):
    """Tell whether a sentence names the setting, says what is right, and gives nothing away."""
    assert name in sentence
    assert re.search(r"\b(Nötig|nötig|fehlt|möglich|gehören|nicht|Abhilfe|kurz)\b", sentence), sentence
    assert "\n" not in sentence
    assert HIDDEN not in sentence
    assert KEY not in sentence
    return True


def test_every_wrong_setting_is_named(tmp_path):
    folder = {"KIKZ_INSTANCE": str(tmp_path)}
    Production(folder | RIGHT)
    numbers = [(name, {name: text}) for name in NUMBERS for text in NO_NUMBERS]
    for name, environ in [*WRONG, *numbers]:
        with pytest.raises(ConfigError) as refused:
            Production(folder | RIGHT | environ)
        assert is_german(str(refused.value), name), environ


def test_the_table_knows_every_number():
    text = (ROOT / "config.py").read_text(encoding="utf-8")
    assert set(re.findall(r'_number\(environ, "([A-Z_]+)"', text)) <= set(NUMBERS)


def started(environ, *words):
    """Start the program as a process of its own."""
    clean = {"PATH": os.environ["PATH"]}
    command = [sys.executable, *(words or ("-c", "import wsgi"))]
    return subprocess.run(command, cwd=ROOT, env=clean | environ, capture_output=True, text=True, check=False)


def test_the_program_itself_stops_with_one_sentence(tmp_path):
    for name, environ in (WRONG[0], WRONG[3]):
        done = started({"KIKZ_INSTANCE": str(tmp_path), **RIGHT, **environ})
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("Start nicht möglich. ")
        assert is_german(done.stderr.strip(), name)


@pytest.fixture
def settings(tmp_path):
    """Write a settings file; give the environment that names it."""

    def write(text, mode=0o640):
        path = tmp_path / "kikz.env"
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        return {"KIKZ_INSTANCE": str(tmp_path), "KIKZ_SETTINGS": str(path)}

    return write


def test_settings_may_stand_in_a_file_and_the_environment_wins(settings):
    text = f"# Kommentar\n\nSECRET_KEY={KEY}\nMAIL_FROM='IKZ <ikz@kikz.test>'\nSESSION_IDLE_MINUTES=45\n"
    found = Production(settings(text))
    assert (found.SECRET_KEY, found.MAIL_FROM) == (KEY, "IKZ <ikz@kikz.test>")
    assert found.SESSION_IDLE.total_seconds() == 45 * 60
    other = Production(settings(text) | {"SESSION_IDLE_MINUTES": "20"})
    assert other.SESSION_IDLE.total_seconds() == 20 * 60


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        (f"SECRET_KEY={KEY}\n", 0o644, "kikz.env ist für andere lesbar. Abhilfe: chmod o= kikz.env"),
        (f"SECRET_KEY={KEY}\nMAIL_SERVR=x\n", 0o640, "MAIL_SERVR. Diese Einstellung gibt es nicht"),
        (f"SECRET_KEY={KEY}\nKIKZ_INSTANCE=/x\n", 0o640, "KIKZ_INSTANCE. Das wirkt nur in der Umgebung"),
        (f"SECRET_KEY={KEY}\n{HIDDEN}\n", 0o640, "kikz.env, Zeile 2: Nötig ist NAME=Wert"),
        (f"SECRET_KEY={KEY}\nMAIL_PASSWORD='{HIDDEN}\n", 0o640, "kikz.env, Zeile 2: Nötig ist NAME=Wert"),
        (f"SECRET_KEY={KEY}\nMAIL_PASSWORD=zwei {HIDDEN}\n", 0o640, "kikz.env, Zeile 2: Nötig ist NAME=Wert"),
    ],
)
def test_a_wrong_file_of_settings_is_refused(settings, text, mode, words):
    with pytest.raises(ConfigError) as refused:
        Production(settings(text, mode))
    assert words in str(refused.value)
    assert HIDDEN not in str(refused.value)
    assert KEY not in str(refused.value)


def test_a_file_that_is_named_must_be_there(tmp_path):
    with pytest.raises(ConfigError, match="KIKZ_SETTINGS"):
        Production(RIGHT | {"KIKZ_SETTINGS": str(tmp_path / "fehlt.env")})


def test_a_key_nobody_can_read_is_named(tmp_path):
    (tmp_path / "secret-key").write_bytes(b"\xff" * 60)
    (tmp_path / "secret-key").chmod(0o600)
    with pytest.raises(ConfigError, match="secret-key lässt sich nicht lesen"):
        Production({"KIKZ_INSTANCE": str(tmp_path), "KIKZ_SETTINGS": ""})


def test_without_a_database_of_time_zones_the_start_says_so(tmp_path):
    code = "import sys; sys.modules['tzdata'] = None; import wsgi"
    environ = {"KIKZ_INSTANCE": str(tmp_path), **RIGHT, "PYTHONTZPATH": str(tmp_path)}
    done = started(environ, "-c", code)
    assert done.returncode != 0
    assert "Europe/Berlin fehlt" in done.stderr
    assert "tzdata" in done.stderr
    assert "Traceback" not in done.stderr
    # The control: with the zones of the machine the same start gets as far as the database.
    zones = {"PYTHONTZPATH": os.pathsep.join(TZPATH)}
    if any(Path(path).is_dir() for path in TZPATH):
        assert "Stand leer" in started(environ | zones, "-c", code).stderr
