"""Settings from the environment. A missing or weak secret stops the start with a German sentence."""

import os
import secrets
import stat
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
LANGUAGES = {"de": "Deutsch", "en": "English"}
# The largest file of boundaries: Hessen at 1:250,000 has about a quarter of both.
BOUNDARIES_BYTES, BOUNDARIES_POINTS = 20_000_000, 500_000


class ConfigError(Exception):
    """A setting is missing or wrong; the message names it and says what would be right."""


def instance_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Folder of the database file and the secret key (KIKZ_INSTANCE, else ./instance)."""
    return Path(environ.get("KIKZ_INSTANCE") or ROOT / "instance").resolve()


def secret_key(environ: Mapping[str, str] = os.environ) -> str:
    """Read the secret from SECRET_KEY or instance/secret-key; raise ConfigError without a good one."""
    key = environ.get("SECRET_KEY") or _key_from_file(instance_folder(environ) / "secret-key")
    if not key:
        raise ConfigError(
            "SECRET_KEY fehlt. Setzen Sie SECRET_KEY oder starten Sie einmal „make run“, "
            "das instance/secret-key anlegt."
        )
    if len(key) < 32:
        raise ConfigError("SECRET_KEY ist zu kurz. Nötig sind mindestens 32 zufällige Zeichen.")
    return key


def ensure_secret_key(environ: Mapping[str, str] = os.environ) -> bool:
    """Make the instance folder and, without SECRET_KEY, its key file; tell whether one was written."""
    folder = instance_folder(environ)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if environ.get("SECRET_KEY"):
        return False
    draft, target = folder / f".secret-key-{os.getpid()}", folder / "secret-key"
    draft.touch(mode=0o600)
    try:
        draft.write_text(secrets.token_urlsafe(48) + "\n", encoding="ascii")
        # A link is made whole or not at all, and never over an existing key.
        target.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def _key_from_file(path: Path) -> str | None:
    if not path.is_file():
        return None
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(f"{path.name} ist für andere lesbar. Abhilfe: chmod 600 {path.name}")
    return path.read_text(encoding="utf-8").strip()


def database_url(environ: Mapping[str, str] = os.environ) -> str:
    """Give DATABASE_URL in SQLAlchemy's spelling, or the SQLite file in the instance folder."""
    url = environ.get("DATABASE_URL") or f"sqlite:///{instance_folder(environ) / 'kikz.sqlite3'}"
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            return "postgresql+psycopg://" + url.removeprefix(old)
    return url


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, str(default))
    if not text.isascii() or not text.isdigit():
        raise ConfigError(f"{name} ist „{text[:40]}“, nötig ist eine ganze Zahl, zum Beispiel {default}.")
    return int(text)


class Production:
    """One object of settings for the running program; every value can be set from the environment."""

    TESTING = False
    DEBUG = False

    def __init__(self, environ: Mapping[str, str] = os.environ):
        if environ.get("FLASK_DEBUG", "0") not in ("", "0"):
            raise ConfigError("FLASK_DEBUG ist gesetzt. Im Betrieb ist der Debug-Modus nicht erlaubt.")
        self.SECRET_KEY = secret_key(environ)
        self.SQLALCHEMY_DATABASE_URI = database_url(environ)
        port = _number(environ, "PORT", 5000)
        self.BASE_URL = environ.get("BASE_URL", f"http://127.0.0.1:{port}")
        self._web_address()
        self.TRUSTED_PROXIES = _number(environ, "TRUSTED_PROXIES", 0)
        self.SESSION_IDLE = timedelta(minutes=_number(environ, "SESSION_IDLE_MINUTES", 30))
        self.SESSION_ABSOLUTE = timedelta(hours=_number(environ, "SESSION_ABSOLUTE_HOURS", 10))
        self.SIGN_IN_FREE_FAILURES = _number(environ, "SIGN_IN_FREE_FAILURES", 4)
        self.SIGN_IN_FIRST_DELAY = _number(environ, "SIGN_IN_FIRST_DELAY", 30)
        self.MAX_CONTENT_LENGTH = _number(environ, "MAX_BODY_BYTES", 4_000_000)
        self.MAX_FORM_MEMORY_SIZE = self.MAX_CONTENT_LENGTH
        self.MAX_FORM_PARTS = 1000
        self.WTF_CSRF_TIME_LIMIT = None
        self.WTF_CSRF_SSL_STRICT = False
        self.WTF_CSRF_CHECK_DEFAULT = False
        self.PASSWORD_COST = {"time_cost": 3, "memory_cost": 65_536, "parallelism": 4}
        self.BABEL_DEFAULT_LOCALE = "de"
        self.BABEL_DEFAULT_TIMEZONE = "Europe/Berlin"
        self.PROPAGATE_EXCEPTIONS = False

    def _web_address(self) -> None:
        address = urlsplit(self.BASE_URL)
        host = address.hostname or ""
        self.SECURE = address.scheme == "https"
        local = host in ("127.0.0.1", "localhost", "::1")
        if not host or (not self.SECURE and not local):
            raise ConfigError(
                f"BASE_URL ist „{self.BASE_URL[:60]}“. Nötig ist eine Adresse mit https://; "
                "http:// geht nur auf diesem Rechner (127.0.0.1)."
            )
        self.TRUSTED_HOSTS = [host] if not local else LOOPBACK
        self.SESSION_COOKIE_NAME = "__Host-kikz" if self.SECURE else "kikz"
        self.SESSION_COOKIE_SECURE = self.SECURE
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        self.SESSION_COOKIE_PATH = "/"
        self.PREFERRED_URL_SCHEME = address.scheme


class SuiteSettings(Production):
    """Settings of the suite: same rules, cheap password hashes, a key that is no secret."""

    TESTING = True

    def __init__(self, database: str, **over: object):
        super().__init__({"SECRET_KEY": "x" * 40, "DATABASE_URL": database})
        self.TRUSTED_HOSTS = [*LOOPBACK, "localhost"]
        self.PASSWORD_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
        for name, value in over.items():
            setattr(self, name, value)
