"""Settings from the environment. A missing or weak secret stops the start with a German sentence."""

import os
import re
import secrets
import shlex
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*/?")
LANGUAGES = {"de": "Deutsch", "en": "English"}
# The largest file of boundaries: Hessen at 1:250,000 has about a quarter of both.
BOUNDARIES_BYTES, BOUNDARIES_POINTS = 20_000_000, 500_000
# A mail takes a dozen answers of the server; all together must fit into the time it is claimed for.
LONGEST_MAIL_TIMEOUT = 40
ROLES = ("reader", "adviser", "event-coordinator", "manager", "administrator")
SECOND_FACTOR_FOR = ("off", "managers", "all")
MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}


# Read by tools and libraries, or before the settings file is found: these work in the environment only.
NOT_IN_FILE = ("KIKZ_INSTANCE", "KIKZ_SETTINGS", "KIKZ_ADMIN", "PORT", "WORKERS", "SSL_CERT_FILE")


class ConfigError(Exception):
    """A setting is missing or wrong; the message names it and says what would be right."""


class Given(Mapping[str, str]):
    """The environment, completed by the settings file; remembers what was asked for."""

    def __init__(self, environ: Mapping[str, str]):
        self.environ, self.asked = environ, set[str]()
        self.path = Path(environ.get("KIKZ_SETTINGS", instance_folder(environ) / "kikz.env"))
        named = environ.get("KIKZ_SETTINGS")
        self.file = {} if named == "" else _settings_in(self.path, must_be=bool(named))

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self.environ[name] if name in self.environ else self.file[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.file, **self.environ})

    def __len__(self) -> int:
        return len({**self.file, **self.environ})

    def check_names(self) -> None:
        """Raise ConfigError for a name in the file that nothing asked for: it is misspelt."""
        for name in self.file:
            if name in NOT_IN_FILE:
                raise ConfigError(f"{self.path.name} nennt {name}. Das wirkt nur in der Umgebung.")
            if name not in self.asked:
                raise ConfigError(f"{self.path.name} nennt {name}. Diese Einstellung gibt es nicht.")


def _settings_in(path: Path, must_be: bool) -> dict[str, str]:
    """Read NAME=value lines, quoted as in a shell; others may not read the file."""
    try:
        if not path.is_file() and not must_be:
            return {}
        if stat.S_IMODE(path.stat().st_mode) & 0o007:
            raise ConfigError(f"{path.name} ist für andere lesbar. Abhilfe: chmod o= {path.name}")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(f"KIKZ_SETTINGS: {path} lässt sich nicht lesen.") from None
    return dict(_setting(path, number, line) for number, line in enumerate(lines, 1) if _says_something(line))


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _setting(path: Path, number: int, line: str) -> tuple[str, str]:
    """Split one line; an error names its number only, for the line may hold a password."""
    name, sign, text = line.strip().partition("=")
    try:
        words = shlex.split(text)
    except ValueError:
        words = ["", ""]
    if not sign or not name.isidentifier() or len(words) > 1:
        raise ConfigError(f"{path.name}, Zeile {number}: Nötig ist NAME=Wert, mit Leerzeichen NAME='Wert'.")
    return name, words[0] if words else ""


def time_zone() -> ZoneInfo:
    """Give the zone of Hessen; raise ConfigError where the machine knows no zones."""
    try:
        return ZoneInfo("Europe/Berlin")
    except (ZoneInfoNotFoundError, OSError):
        raise ConfigError(
            "Die Zeitzone Europe/Berlin fehlt: Es ist keine Datenbank der Zeitzonen da. "
            "Abhilfe: apt install tzdata"
        ) from None


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
    try:
        if not path.is_file():
            return None
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(f"{path.name} ist für andere lesbar. Abhilfe: chmod 600 {path.name}")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"{path.name} lässt sich nicht lesen. Die Datei muss dem Konto des Programms gehören; ihr Ordner "
            "ist KIKZ_INSTANCE."
        ) from None


def database_url(environ: Mapping[str, str] = os.environ, name: str = "DATABASE_URL") -> str:
    """Give an address of a database in SQLAlchemy's spelling, or the SQLite file in the instance folder.

    What cannot be an address is refused without being shown: it may hold a password.
    """
    url = environ.get(name) or f"sqlite:///{instance_folder(environ) / 'kikz.sqlite3'}"
    for old in ("postgres://", "postgresql://"):
        if url.startswith(old):
            url = "postgresql+psycopg://" + url.removeprefix(old)
    try:
        made = make_url(url)
    except (ArgumentError, ValueError):
        made = None
    if made is None or made.drivername not in ("sqlite", "postgresql+psycopg") or not made.database:
        raise ConfigError(
            f"{name} ist keine Adresse einer Datenbank. "
            "Nötig ist zum Beispiel postgresql://kikz@/kikz?host=/var/run/postgresql oder sqlite:////pfad/datei."
        )
    return url


def engine_options(url: str) -> dict[str, Any]:
    """Give how to hold connections: one to a server is tried before use, for it may be another by now."""
    if url.startswith("sqlite"):
        return {}
    # A server that vanished without a word is noticed while one waits for it, and while nobody does.
    alive = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    given = {"connect_timeout": 5, "tcp_user_timeout": 20_000, **alive}
    return {"pool_pre_ping": True, "pool_timeout": 20, "connect_args": given}


def _number(
    environ: Mapping[str, str], name: str, default: int, least: int = 0, most: int = 1_000_000_000
) -> int:
    text = environ.get(name, str(default)).strip()
    if not text.isascii() or not text.isdigit():
        raise ConfigError(f"{name} ist „{text[:40]}“, nötig ist eine ganze Zahl, zum Beispiel {default}.")
    if len(text) > 12 or not least <= int(text) <= most:
        raise ConfigError(f"{name} ist {text[:40]}, nötig ist eine Zahl von {least} bis {most}.")
    return int(text)


def _log_file(path: str) -> str:
    """Give the file of the security log, or nothing; raise ConfigError where it cannot be written."""
    file = Path(path)
    if path and not (file.is_absolute() and os.access(file if file.exists() else file.parent, os.W_OK)):
        raise ConfigError(
            f"SECURITY_LOG ist „{path[:200]}“. "
            "Nötig ist der volle Pfad einer Datei, in die geschrieben werden darf."
        )
    return path


def _networks(environ: Mapping[str, str], name: str, default: str) -> tuple[IPv4Network | IPv6Network, ...]:
    text = environ.get(name, default)
    try:
        return tuple(ip_network(part) for part in text.replace(",", " ").split())
    except ValueError:
        raise ConfigError(
            f"{name} ist „{text[:60]}“. Nötig sind Adressen der Proxys, zum Beispiel „127.0.0.1 10.2.0.0/24“."
        ) from None


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


def _switch(environ: Mapping[str, str], name: str, default: str = "on") -> bool:
    text = environ.get(name, default).strip().lower()
    if text not in ("on", "off"):
        raise ConfigError(f"{name} ist „{text[:40]}“, nötig ist on oder off.")
    return text == "on"


@dataclass(frozen=True)
class OpenId:
    """A service people sign in with, by OpenID Connect: who it is, and what its groups mean here."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = "OpenID Connect"
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    groups_claim: str = "groups"
    scope: str = "openid profile email"
    create: bool = False
    ca_file: str | None = None


def open_id(environ: Mapping[str, str] = os.environ) -> OpenId | None:
    """Read the OIDC settings; None without OIDC_ISSUER; raise ConfigError for what cannot work."""
    issuer = environ.get("OIDC_ISSUER", "").strip()
    if not issuer:
        return None
    _check_issuer(issuer)
    roles = _roles_of_groups(environ.get("OIDC_ROLES", ""))
    create = _switch(environ, "OIDC_CREATE", "off")
    if create and not roles:
        raise ConfigError(
            "OIDC_CREATE ist on, aber OIDC_ROLES fehlt. Nötig ist, welche Gruppen ein Konto bekommen und mit "
            "welcher Rolle, zum Beispiel OIDC_ROLES=ikz-beratung=adviser."
        )
    ca_file = environ.get("OIDC_CA_FILE") or None
    if ca_file and not Path(ca_file).is_file():
        raise ConfigError(f"OIDC_CA_FILE ist „{ca_file[:80]}“. Diese Datei gibt es nicht.")
    return OpenId(
        issuer=issuer,
        client_id=_needed(environ, "OIDC_CLIENT_ID", "der Name dieses Programms beim Anmeldedienst"),
        client_secret=_client_secret(environ),
        label=environ.get("OIDC_LABEL", "").strip()[:60] or "OpenID Connect",
        roles=roles,
        groups_claim=environ.get("OIDC_GROUPS_CLAIM", "").strip() or "groups",
        scope=_scope(environ),
        create=create,
        ca_file=ca_file,
    )


def _check_issuer(issuer: str) -> None:
    parts = urlsplit(issuer)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    known = parts.scheme == "https" or (parts.scheme == "http" and local)
    if not known or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ConfigError(
            f"OIDC_ISSUER ist „{issuer[:80]}“. Nötig ist die Adresse des Anmeldedienstes mit https://, ohne "
            "Frage- und Rautezeichen, zum Beispiel https://login.example.de/realms/ikz; http:// geht nur auf "
            "diesem Rechner (127.0.0.1)."
        )


def _needed(environ: Mapping[str, str], name: str, meaning: str) -> str:
    text = environ.get(name, "").strip()
    if not text:
        raise ConfigError(f"{name} fehlt. Nötig ist {meaning}.")
    return text


def _client_secret(environ: Mapping[str, str]) -> str:
    file = environ.get("OIDC_CLIENT_SECRET_FILE")
    if file and environ.get("OIDC_CLIENT_SECRET"):
        raise ConfigError("OIDC_CLIENT_SECRET und OIDC_CLIENT_SECRET_FILE sind gesetzt. Nötig ist nur eines.")
    secret = _key_from_file(Path(file)) if file else environ.get("OIDC_CLIENT_SECRET", "").strip()
    if not secret:
        raise ConfigError(
            "OIDC_CLIENT_SECRET fehlt. Setzen Sie es oder nennen Sie mit OIDC_CLIENT_SECRET_FILE eine Datei, "
            "die nur das Konto des Programms lesen darf."
        )
    return secret


def _scope(environ: Mapping[str, str]) -> str:
    scope = " ".join(environ.get("OIDC_SCOPE", "openid profile email").split())
    if "openid" not in scope.split():
        raise ConfigError(f"OIDC_SCOPE ist „{scope[:60]}“, nötig ist eine Liste mit dem Wort openid.")
    return scope


def _roles_of_groups(text: str) -> dict[str, frozenset[str]]:
    """Read "group=role,group=role"; a group named twice gives both roles."""
    found: dict[str, frozenset[str]] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        group, _sign, role = (part.strip() for part in pair.rpartition("="))
        if not group or role not in ROLES:
            raise ConfigError(
                f"OIDC_ROLES enthält „{pair[:60]}“. Nötig sind Paare wie ikz-beratung=adviser, durch Komma "
                f"getrennt; Rollen sind {', '.join(ROLES)}."
            )
        found[group] = found.get(group, frozenset()) | {role}
    return found


class Production:
    """One object of settings for the running program; every value can be set from the environment."""

    TESTING = False
    DEBUG = False

    def __init__(self, environ: Mapping[str, str] = os.environ):
        environ = given = Given(environ)
        if environ.get("FLASK_DEBUG", "0") not in ("", "0"):
            raise ConfigError("FLASK_DEBUG ist gesetzt. Im Betrieb ist der Debug-Modus nicht erlaubt.")
        self.SECRET_KEY = secret_key(environ)
        self._database(environ)
        self.SQLALCHEMY_ENGINE_OPTIONS = engine_options(self.SQLALCHEMY_DATABASE_URI)
        port = _number(environ, "PORT", 5000, 1, 65_535)
        self.BASE_URL = environ.get("BASE_URL", f"http://127.0.0.1:{port}")
        self._web_address()
        self.TRUSTED_PROXIES = _number(environ, "TRUSTED_PROXIES", 0, 0, 9)
        self.PROXY_ADDRESSES = _networks(environ, "PROXY_ADDRESSES", "127.0.0.1 ::1")
        self.SESSION_IDLE = timedelta(minutes=_number(environ, "SESSION_IDLE_MINUTES", 30, 1, 1440))
        self.SESSION_ABSOLUTE = timedelta(hours=_number(environ, "SESSION_ABSOLUTE_HOURS", 10, 1, 168))
        self._second_factor(environ)
        self.SIGN_IN_FREE_FAILURES = _number(environ, "SIGN_IN_FREE_FAILURES", 4, 0, 100)
        self.SIGN_IN_FIRST_DELAY = _number(environ, "SIGN_IN_FIRST_DELAY", 30, 1, 3600)
        # Public registration: hours to confirm and to accept an offer; what one address may do in an hour.
        self.CONFIRM_HOURS = _number(environ, "CONFIRM_HOURS", 48, 1, 8760)
        self.OFFER_HOURS = _number(environ, "OFFER_HOURS", 48, 1, 8760)
        self.PUBLIC_POSTS_PER_HOUR = _number(environ, "PUBLIC_POSTS_PER_HOUR", 60)
        self.PUBLIC_MAILS_PER_HOUR = _number(environ, "PUBLIC_MAILS_PER_HOUR", 3)
        self.PARTICIPANTS_KEEP_DAYS = _number(environ, "PARTICIPANTS_KEEP_DAYS", 180, 1, 36_500)
        self.RETENTION = _switch(environ, "RETENTION")
        self.PUBLIC_FORM_SECONDS = _number(environ, "PUBLIC_FORM_SECONDS", 2, 0, 60)
        self.MAX_CONTENT_LENGTH = _number(environ, "MAX_BODY_BYTES", 4_000_000, 100_000)
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
        self.SECURITY_LOG = _log_file(environ.get("SECURITY_LOG", "").strip())
        self.REQUEST_COUNTS = self.INSTANCE / "request-counts"
        self.MONITORING_FROM = _networks(environ, "MONITORING_FROM", "")
        self.JOBS = "on"
        self.OIDC = open_id(environ)
        self._mail(environ)
        given.check_names()

    def _database(self, environ: Mapping[str, str]) -> None:
        self.SQLALCHEMY_DATABASE_URI = database_url(environ)
        # Tables are made and changed by another role, whose password the running program never sees.
        self.MIGRATION_DATABASE_URI = self.SQLALCHEMY_DATABASE_URI
        if environ.get("MIGRATION_DATABASE_URL"):
            self.MIGRATION_DATABASE_URI = database_url(environ, "MIGRATION_DATABASE_URL")
            daily, other = make_url(self.SQLALCHEMY_DATABASE_URI), make_url(self.MIGRATION_DATABASE_URI)
            if daily.database != other.database or daily.drivername != other.drivername:
                raise ConfigError(
                    "MIGRATION_DATABASE_URL und DATABASE_URL nennen verschiedene Datenbanken. "
                    "Nötig ist dieselbe; verschieden ist nur, wer sich anmeldet."
                )

    def _second_factor(self, environ: Mapping[str, str]) -> None:
        """Who needs a second factor, and how long the password given last opens sensitive settings."""
        self.REQUIRE_SECOND_FACTOR = environ.get("REQUIRE_SECOND_FACTOR", "off").strip().lower()
        if self.REQUIRE_SECOND_FACTOR not in SECOND_FACTOR_FOR:
            raise ConfigError(
                f"REQUIRE_SECOND_FACTOR ist „{self.REQUIRE_SECOND_FACTOR[:40]}“, "
                "möglich sind off, managers (Leitung und Administration) und all."
            )
        self.PROOF = timedelta(minutes=_number(environ, "PROOF_MINUTES", 10, 1, 600))

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
        try:
            address = urlsplit(self.BASE_URL)
            host, _port = address.hostname or "", address.port
        except ValueError:
            host, address = "", urlsplit("")
        self.SECURE = address.scheme == "https"
        local = host in ("127.0.0.1", "localhost", "::1")
        if not host or (not self.SECURE and not local):
            raise ConfigError(
                f"BASE_URL ist „{self.BASE_URL[:60]}“. Nötig ist eine Adresse mit https://; "
                "http:// geht nur auf diesem Rechner (127.0.0.1)."
            )
        if address.query or address.fragment or not PREFIX.fullmatch(address.path):
            raise ConfigError(
                f"BASE_URL ist „{self.BASE_URL[:60]}“. "
                "Nach dem Rechnernamen ist nur ein Pfad wie /crm möglich."
            )
        self.PREFIX = address.path.rstrip("/")
        self.TRUSTED_HOSTS = [host] if not local else LOOPBACK
        # Browsers take __Host- only for the whole host; below a prefix neighbours must not get the cookie.
        kind = "__Secure-" if self.PREFIX else "__Host-"
        self.SESSION_COOKIE_NAME = f"{kind}kikz" if self.SECURE else "kikz"
        self.SESSION_COOKIE_SECURE = self.SECURE
        self.SESSION_COOKIE_HTTPONLY = True
        self.SESSION_COOKIE_SAMESITE = "Lax"
        self.SESSION_COOKIE_PATH = self.PREFIX or "/"
        self.PREFERRED_URL_SCHEME = address.scheme


class SuiteSettings(Production):
    """Settings of the suite: same rules, cheap password hashes, a key that is no secret."""

    TESTING = True

    def __init__(self, database: str, **over: object):
        super().__init__({
                "SECRET_KEY": "x" * 40, "DATABASE_URL": database, "KIKZ_SETTINGS": "",
                "MONITORING_FROM": "127.0.0.1",
            }
        )  # fmt: skip
        self.TRUSTED_HOSTS = [*LOOPBACK, "localhost"]
        self.JOBS = "off"
        self.MAIL_FOLDER = Path(tempfile.gettempdir()) / f"kikz-suite-{os.getpid()}"
        self.REQUEST_COUNTS = self.MAIL_FOLDER.with_name(f"{self.MAIL_FOLDER.name}-counts")
        self.ERASURE_JOURNAL = self.MAIL_FOLDER / "privacy" / "erasures.jsonl"
        self.PASSWORD_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
        for name, value in over.items():
            setattr(self, name, value)

    def _database(self, environ: Mapping[str, str]) -> None:
        if environ["DATABASE_URL"] == "sqlite://":
            # In memory: right for what needs no table, and never for what people type.
            self.SQLALCHEMY_DATABASE_URI = self.MIGRATION_DATABASE_URI = environ["DATABASE_URL"]
        else:
            super()._database(environ)
