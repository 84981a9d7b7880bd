"""Settings from the environment. A missing or weak secret stops the start with a German sentence."""

import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
LANGUAGES = {"de": "Deutsch", "en": "English"}
# The largest file of boundaries: Hessen at 1:250,000 has about a quarter of both.
BOUNDARIES_BYTES, BOUNDARIES_POINTS = 20_000_000, 500_000
# A mail takes a dozen answers of the server; all together must fit into the time it is claimed for.
LONGEST_MAIL_TIMEOUT = 40
MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


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


def _check_mail(settings: "Production") -> None:
    """Raise ConfigError for settings of mail with which nothing could be sent, or a password in the open."""
    local = settings.MAIL_SERVER in ("127.0.0.1", "localhost", "::1")
    if not 0 < settings.MAIL_PORT < 65_536:
        raise ConfigError(f"MAIL_PORT ist {settings.MAIL_PORT}, nötig ist eine Zahl von 1 bis 65535.")
    if not 0 < settings.MAIL_TIMEOUT <= LONGEST_MAIL_TIMEOUT:
        raise ConfigError(
            f"MAIL_TIMEOUT ist {settings.MAIL_TIMEOUT}, nötig sind 1 bis {LONGEST_MAIL_TIMEOUT} Sekunden."
        )
    if not settings.MAIL_FROM and settings.MAIL_SERVER:
        raise ConfigError("MAIL_FROM fehlt. Nötig ist der Absender der Mails, zum Beispiel ikz@example.de.")
    if settings.MAIL_FROM and not _is_sender(settings.MAIL_FROM):
        raise ConfigError(
            f"MAIL_FROM ist „{settings.MAIL_FROM[:60]}“. Nötig ist eine Adresse wie ikz@example.de, "
            "auf Wunsch mit Namen: „IKZ-Beratung <ikz@example.de>“."
        )
    if bool(settings.MAIL_USER) != bool(settings.MAIL_PASSWORD):
        raise ConfigError("MAIL_USER und MAIL_PASSWORD gehören zusammen. Setzen Sie beide oder keines.")
    if settings.MAIL_PASSWORD and settings.MAIL_SECURITY == "none" and not local:
        raise ConfigError(
            "MAIL_SECURITY ist none, MAIL_PASSWORD ginge unverschlüsselt durchs Netz. "
            "Nötig ist starttls oder tls."
        )


def _is_sender(text: str) -> bool:
    _name, address = parseaddr(text)
    local, _at, domain = address.rpartition("@")
    plain = text.isprintable() and text.count("@") == 1 and address.isascii() and " " not in address
    return bool(plain and local and domain and "," not in text and ";" not in text)


def _switch(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "on").strip().lower()
    if text not in ("on", "off"):
        raise ConfigError(f"{name} ist „{text[:40]}“, nötig ist on oder off.")
    return text == "on"


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
        # Public registration: hours to confirm and to accept an offer; what one address may do in an hour.
        self.CONFIRM_HOURS = _number(environ, "CONFIRM_HOURS", 48)
        self.OFFER_HOURS = _number(environ, "OFFER_HOURS", 48)
        self.PUBLIC_POSTS_PER_HOUR = _number(environ, "PUBLIC_POSTS_PER_HOUR", 60)
        self.PUBLIC_MAILS_PER_HOUR = _number(environ, "PUBLIC_MAILS_PER_HOUR", 3)
        self.PARTICIPANTS_KEEP_DAYS = _number(environ, "PARTICIPANTS_KEEP_DAYS", 180)
        self.RETENTION = _switch(environ, "RETENTION")
        self.PUBLIC_FORM_SECONDS = _number(environ, "PUBLIC_FORM_SECONDS", 2)
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
        self.INSTANCE = instance_folder(environ)
        self.JOBS = "on"
        self._mail(environ)

    def _mail(self, environ: Mapping[str, str]) -> None:
        self.MAIL_SERVER = environ.get("MAIL_SERVER", "").strip()
        self.MAIL_SECURITY = environ.get("MAIL_SECURITY", "starttls")
        if self.MAIL_SECURITY not in MAIL_PORTS:
            raise ConfigError(
                f"MAIL_SECURITY ist „{self.MAIL_SECURITY[:40]}“, möglich sind starttls, tls und none."
            )
        self.MAIL_PORT = _number(environ, "MAIL_PORT", MAIL_PORTS[self.MAIL_SECURITY])
        self.MAIL_USER, self.MAIL_PASSWORD = environ.get("MAIL_USER", ""), environ.get("MAIL_PASSWORD", "")
        self.MAIL_TIMEOUT = _number(environ, "MAIL_TIMEOUT", 20)
        self.MAIL_FOLDER = self.INSTANCE / "mails"
        self.ERASURE_JOURNAL = self.INSTANCE / "privacy" / "erasures.jsonl"
        self.MAIL_FROM = environ.get("MAIL_FROM", "").strip()
        _check_mail(self)

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
        self.JOBS = "off"
        self.MAIL_FOLDER = Path(tempfile.gettempdir()) / f"kikz-suite-{os.getpid()}"
        self.ERASURE_JOURNAL = self.MAIL_FOLDER / "privacy" / "erasures.jsonl"
        self.PASSWORD_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
        for name, value in over.items():
            setattr(self, name, value)
