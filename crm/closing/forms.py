"""What is typed about closed quarters."""

from flask_babel import lazy_gettext as _l

from crm.fields import TextField, must
from crm.forms import NewRecordForm


class ReopenForm(NewRecordForm):
    """Why a quarter is opened again."""

    reason = TextField(_l("Reason"), [must(_l("Say why the quarter is opened again."))], limit=500)


class CloseForm(NewRecordForm):
    """A yes to closing a quarter."""
