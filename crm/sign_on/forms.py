"""What is typed about links with the sign-on service."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from crm.fields import PasswordField, TextField, must
from crm.forms import AuthoredForm, Form


class LinkForm(Form):
    """An own account is linked by whoever knows its password."""

    password = PasswordField(_l("Password"), [must(_l("Enter your password."))])


class IdentityForm(AuthoredForm):
    """Who somebody is at the service."""

    subject = TextField(
        _l("Identifier at the service"), [must(_l("Enter the identifier."))], limit=255,
        description=_l("The service calls it “sub” or user ID. Who tries to sign in is shown it."),
    )  # fmt: skip


class CarryForm(Form):
    """What was typed before the way through the service, and where it leads afterwards."""

    sealed = HiddenField()
    next = HiddenField()
