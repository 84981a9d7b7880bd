"""Which file is to be attached."""

from flask_babel import lazy_gettext as _l

from crm.documents.sniffing import ACCEPTED
from crm.fields import CheckField, UploadField, must
from crm.uploads import FileForm


class AttachForm(FileForm):
    """A file to attach."""

    file = UploadField(_l("File"), [must(_l("Choose a file."))], accept=ACCEPTED)


class EventFileForm(AttachForm):
    """A file of an event, which its guests may have or not."""

    for_guests = CheckField(
        _l("Guests may have it"), description=_l("They find it on the page their confirmation leads to.")
    )


class PlaceFileForm(AttachForm):
    """A file of a talk, a group, a municipality or a body."""

    confidential = CheckField(
        _l("Confidential"),
        description=_l("Only those see it who read confidential talks; who does is noted."),
    )
