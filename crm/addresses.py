"""Addresses of mail and of the web as people type them."""

import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import idna
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from flask_babel import gettext as _
from wtforms.validators import ValidationError

from crm.fields import TextField
from crm.reading import Misread

# An address is also a name for signing in, and offices have inner domains such as kikz.local.
SPECIAL_USE_DOMAIN_NAMES.clear()


def is_mail_address(text: str) -> bool:
    """Tell whether this is written like an e-mail address; domains of an inner network will do."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def spellings(address: str) -> set[str]:
    """Give the ways one address may be stored, in small letters: its domain in letters and in punycode."""
    local, _at, domain = address.strip().lower().rpartition("@")
    return {f"{local}@{one}" for one in (domain, _converted(idna.decode, domain), _in_punycode(domain))}


def comparable(address: str) -> str:
    """Write an address as it is compared: composed letters, no capitals, its domain in punycode."""
    plain = unicodedata.normalize("NFC", address.strip()).casefold()
    local, _at, domain = plain.rpartition("@")
    return f"{local}@{_in_punycode(domain)}"


def for_envelope(address: str) -> str:
    """Write an address as mail servers take it: its domain in punycode."""
    local, _at, domain = address.strip().rpartition("@")
    return f"{local}@{_in_punycode(domain)}"


def _in_punycode(domain: str) -> str:
    return _converted(lambda name: idna.encode(name, uts46=True).decode("ascii"), domain)


def _converted(convert: Callable[[str], str], domain: str) -> str:
    try:
        return convert(domain)
    except idna.IDNAError:
        return domain


def mail_address(_form: Any, field: Any) -> None:
    """Check a form field, if it holds anything."""
    if field.data and not is_mail_address(field.data):
        raise ValidationError(_("Write the address like this: name@example.de."))


def dialled(phone: str) -> str:
    """Give a phone number as a telephone dials it: digits, and the plus of a country, without `(0)`."""
    return "".join(sign for sign in phone.replace("(0)", "") if sign in "+0123456789")


def web_address(text: str) -> str:
    """Complete a web address; raise Misread for what leads nowhere or somewhere else than into the web."""
    url = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".")
    except ValueError:
        right = False
    if not right or " " in url:
        raise Misread(_("Write the address like this: www.example.de."))
    return url


class WebField(TextField):
    """A web address; www.example.de will do."""

    def read(self, text: str) -> str:
        return super().read(web_address(text))
