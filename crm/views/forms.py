"""What is typed about saved views."""

from flask_babel import lazy_gettext as _l

from crm.fields import CheckField, TextField, must
from crm.forms import Form, NewRecordForm, RecordForm


class _View(Form):
    name = TextField(_l("Name of the view"), [must(_l("Give the view a name."))], limit=60)
    shared = CheckField(
        _l("Colleagues see it, too"),
        description=_l("Each with their own rights: nobody sees more by it than otherwise."),
    )


class NewViewForm(_View, NewRecordForm):
    """A view that is saved."""

    pinned = CheckField(_l("Pin it as a tab of the list"), default=True)


class ViewForm(_View, RecordForm):
    """A saved view that is changed."""
