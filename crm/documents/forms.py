"""Which file is to be attached."""

import base64
import hashlib
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.documents.sniffing import KINDS
from crm.fields import CheckField, UploadField, must
from crm.forms import NewRecordForm

_DIGEST = hashlib.sha256


class AttachForm(NewRecordForm):
    """A file to attach.

    Sent twice, the same file is stored once. Another file from the same opened form is a record of its own:
    what tells two sendings apart is the file, which no form keeps.
    """

    file = UploadField(
        _l("File"),
        [must(_l("Choose a file."))],
        accept=",".join(f".{ending}" for kind in KINDS for ending in kind.endings),
    )

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Mix the file into the mark of the form before it is looked up."""
        if self.is_submitted() and self.file.data:
            stream = self.file.data.stream
            mixed = _DIGEST((self.once.data or "").encode() + hashlib.file_digest(stream, "sha256").digest())
            stream.seek(0)
            self.once.data = base64.urlsafe_b64encode(mixed.digest()).decode().rstrip("=")
        return super().validate_on_submit(extra_validators)


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
