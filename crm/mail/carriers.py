"""Who carries mails: the mail server, or without one a folder of files; and what their refusals mean."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

from flask_babel import gettext as _

PER_CONNECTION = 100
TOO_LARGE = 552


class Unreachable(Exception):
    """The server does not work, whatever the mail: nobody's attempt."""


class Later(Exception):
    """Not now: this mail is tried again. `lost` tells that the connection broke."""

    def __init__(self, message: str, lost: bool = False):
        super().__init__(message)
        self.lost = lost


class Refused(Exception):
    """Never: this mail or this address is not taken."""


class Carrier(Protocol):
    """Takes a mail from an address to an address, or raises one of the above."""

    def carry(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Carry one mail."""

    def close(self) -> None:
        """Say goodbye."""


class Server:
    """One connection for as many mails as there are."""

    def __init__(self, config: Any):
        self.config, self.carried = config, 0
        self.smtp: smtplib.SMTP | None = None

    def carry(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Hand one mail over; when this returns, the server has said that it has it."""
        smtp = self._connected()
        try:
            with _understood(recipient):
                smtp.send_message(mail, sender, [recipient])
        except Later as trouble:
            if trouble.lost:
                self.smtp = None
            raise
        self.carried += 1

    def _connected(self) -> smtplib.SMTP:
        if self.carried >= PER_CONNECTION:
            self.close()
        if self.smtp is None or self.smtp.sock is None:
            try:
                self.smtp, self.carried = self._connect(), 0
            except (OSError, smtplib.SMTPException) as error:
                raise Unreachable(_said(error)) from error
        return self.smtp

    def _connect(self) -> smtplib.SMTP:
        config, secure = self.config, ssl.create_default_context()
        where = config["MAIL_SERVER"], config["MAIL_PORT"]
        if config["MAIL_SECURITY"] == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(*where, timeout=config["MAIL_TIMEOUT"], context=secure)
        else:
            smtp = smtplib.SMTP(*where, timeout=config["MAIL_TIMEOUT"])
        try:
            if config["MAIL_SECURITY"] == "starttls":
                smtp.starttls(context=secure)
            if config["MAIL_USER"]:
                smtp.login(config["MAIL_USER"], config["MAIL_PASSWORD"])
        except BaseException:
            smtp.close()
            raise
        return smtp

    def close(self) -> None:
        """End the connection."""
        if self.smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                self.smtp.quit()
            self.smtp.close()
            self.smtp = None


@contextmanager
def _understood(recipient: str) -> Iterator[None]:
    """Say of every kind of trouble what it means for the mail."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, text = error.recipients[recipient]
        raise _by_code(code, smtplib.SMTPResponseException(code, text)) from error
    except smtplib.SMTPSenderRefused as error:
        # A sender that is not welcome is a matter of the settings, not of this mail.
        kept = error.smtp_code < 500 or error.smtp_code == TOO_LARGE
        raise (_by_code(error.smtp_code, error) if kept else Unreachable(_said(error))) from error
    except smtplib.SMTPServerDisconnected as error:
        raise Later(_said(error), lost=True) from error
    except smtplib.SMTPResponseException as error:
        raise _by_code(error.smtp_code, error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused(_("The mail server takes no umlauts before the @.")) from error
    except OSError as error:
        raise Later(_said(error), lost=True) from error


def _by_code(code: int, error: Exception) -> Exception:
    return Refused(_said(error)) if code >= 500 else Later(_said(error), lost=code == 421)


def _said(error: Exception) -> str:
    """Give what the server said, in one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        words = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        return _one_line(f"{error.smtp_code} {words}")
    return _one_line(str(error) or type(error).__name__)


def _one_line(text: str) -> str:
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:500]


class Folder:
    """Writes mails as files that a mail program opens: for trying out, where there is no server."""

    def __init__(self, path: Path):
        self.path = path

    def carry(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Write one file, whole or not at all."""
        target = file_of(self.path, str(mail["Message-ID"]))
        draft, content = target.with_suffix(".draft"), _readable(mail).as_bytes()
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.write_bytes(content)
            draft.replace(target)
        except OSError as error:
            raise Unreachable(_said(error)) from error

    def close(self) -> None:
        """Nothing to do."""


def _readable(mail: EmailMessage) -> EmailMessage:
    """Write the text as it is, so that whoever opens the file in an editor can follow its links."""
    for part in mail.walk():
        if isinstance(part, EmailMessage) and part.get_content_type() == "text/plain":
            language = part["Content-Language"]
            part.set_content(part.get_content(), cte="8bit")
            if language:
                part["Content-Language"] = language
    return mail


def file_of(folder: Path, message_id: str) -> Path:
    """Name the file of a mail."""
    return folder / f"{message_id.strip('<>').partition('@')[0]}.eml"


def carrier(config: Any) -> Carrier:
    """Choose by the settings."""
    return Server(config) if config["MAIL_SERVER"] else Folder(Path(config["MAIL_FOLDER"]))
