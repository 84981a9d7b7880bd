"""What is typed about the office."""

import re
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional, ValidationError

from crm.addresses import mail_address
from crm.fields import CheckField, LongTextField, TextField, must
from crm.forms import RecordForm
from crm.office.models import NUMBER, YEAR, Office

TEXTS = ("name", "address", "sender", "base_address", "file_reference", "print_head", "officer")
_WORD = r"[^\W_](?:[\w-]*[^\W_])?"
_WEB_ADDRESS = re.compile(rf"https?://(?:{_WORD}(?:\.{_WORD})*|\[[0-9a-f:.]+\])(?::([0-9]{{1,5}}))?", re.I)
_BRACED = re.compile(r"\{[^{}]*\}|[{}]")


def web_address(_form: Any, field: Any) -> None:
    """Check that a field names a computer and nothing behind it: no path, no query, no user."""
    match = _WEB_ADDRESS.fullmatch(field.data)
    if match is None or int(match[1] or 1) not in range(1, 65_536):
        raise ValidationError(_("Write the address like this, without a path: https://ikz.example.de."))


def reference_pattern(_form: Any, field: Any) -> None:
    """Check that a pattern can tell talks apart and holds no placeholder that nobody fills."""
    if set(_BRACED.findall(field.data)) - {YEAR, NUMBER}:
        raise ValidationError(_("Braces stand only around the placeholders {jahr} and {nummer}."))
    if NUMBER not in field.data:
        raise ValidationError(_("The placeholder {nummer} is missing. It tells the talks apart."))


def _without_slash(text: str | None) -> str | None:
    return text.removesuffix("/") if text else text


class OfficeForm(RecordForm):
    """The settings of the office."""

    name = TextField(_l("Name"), [must(_l("Enter the name of the office."))])
    address = LongTextField(_l("Address"), limit=500, rows=4)
    sender = TextField(
        _l("Sender"),
        [Optional(), mail_address],
        limit=254,
        description=_l("The mail address of the office."),
    )
    base_address = TextField(
        _l("Address of the program"),
        [Optional(), web_address],
        limit=300,
        filters=[_without_slash],
        description=_l("Where colleagues open the program; links on papers begin with it."),
    )
    file_reference = TextField(
        _l("Pattern of file references"),
        [must(_l("Enter a pattern.")), reference_pattern],
        limit=100,
    )
    print_head = LongTextField(
        _l("Letterhead"),
        limit=500,
        rows=4,
        description=_l("Lines at the top of every record. Empty: name and address."),
    )
    officer = LongTextField(
        _l("Data protection officer"),
        limit=500,
        rows=4,
        description=_l("Address, telephone or e-mail; guests read it on the page about privacy."),
    )
    shows_examples = CheckField(
        _l("Show released practice examples to everybody"),
        description=_l("On the page /praxisbeispiele, without signing in. Nothing else is shown there."),
    )


def stored(office: Office) -> SimpleNamespace:
    """The settings as the form shows them; an empty text is a field without content."""
    texts = {name: getattr(office, name) or None for name in TEXTS}
    return SimpleNamespace(
        version=office.version, updated_at=office.updated_at, shows_examples=office.shows_examples, **texts
    )
