"""What is typed about data protection."""

from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from crm.fields import CheckField, LongTextField, TextField, must
from crm.filters import FilterForm
from crm.forms import AuthoredForm, RecordForm


class RestrictForm(AuthoredForm):
    """Why somebody is taken out of sight."""

    because = LongTextField(_l("Reason"), [must(_l("Say why: who asked for it, or which period has ended."))])


class ReleaseForm(RecordForm):
    """What the archive has decided."""

    decision = LongTextField(
        _l("Decision of the archive"),
        [must(_l("Say what the archive has decided, with date and reference."))],
    )


class EraseForm(RecordForm):
    """How far an erasure goes, and why."""

    last_name_too = CheckField(_l("Replace the last name also where it stands alone in notes and mails"))
    because = LongTextField(_l("Reason"), [must(_l("Say why it is erased."))])
    sure = CheckField(_l("This cannot be undone. I have checked the person."))

    def validate_sure(self, field: CheckField) -> None:
        """Ask for the tick."""
        if not field.data:
            raise ValidationError(_l("Tick this to erase."))


class GuestForm(FilterForm):
    """Which guest asks."""

    adresse = TextField(_l("Mail address of the guest"), limit=254)
