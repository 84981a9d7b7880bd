"""E-mail addresses as people type them."""

from typing import Any

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from flask_babel import gettext as _
from wtforms.validators import ValidationError

# An address is also a name for signing in, and offices have inner domains such as kikz.local.
SPECIAL_USE_DOMAIN_NAMES.clear()


def is_mail_address(text: str) -> bool:
    """Tell whether this is written like an e-mail address; domains of an inner network will do."""
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def mail_address(_form: Any, field: Any) -> None:
    """Check a form field, if it holds anything."""
    if field.data and not is_mail_address(field.data):
        raise ValidationError(_("Write the address like this: name@example.de."))
