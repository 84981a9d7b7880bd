"""What is typed about second factors."""

from flask_babel import lazy_gettext as _l

from crm.fields import PasswordField, TextField, must
from crm.forms import Form


class FirstCodeForm(Form):
    """The first code of a new app."""

    code = TextField(
        _l("Code from the app"),
        [must(_l("Enter the code that your app shows."))],
        limit=60,
        description=_l("Six digits; the app shows a new code every half minute."),
    )


class CodeForm(FirstCodeForm):
    """The second step at the door."""

    code = TextField(
        _l("Code"),
        [must(_l("Enter the code that your app shows."))],
        limit=60,
        description=_l("Six digits from your app. Without the app: one of your recovery codes."),
    )


class SureForm(Form):
    """Password and code, for what weakens the sign-in."""

    password = PasswordField(_l("Password"), [must(_l("Enter your password."))])
    code = TextField(
        _l("Code"),
        [must(_l("Enter the code that your app shows."))],
        limit=60,
        description=_l("Six digits from your app, or one of your recovery codes."),
    )


class YesForm(Form):
    """A yes without anything typed."""
