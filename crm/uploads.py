"""Forms that bring a file."""

import base64
import hashlib
from typing import Any

from crm.forms import NewRecordForm


class FileForm(NewRecordForm):
    """A form with a file, in its field `file`.

    Sent twice, the same file is stored once. Another file from the same opened form is a record of its own:
    what tells two sendings apart is the file, which no form keeps.
    """

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Mix the file into the mark of the form before it is looked up."""
        if self.is_submitted() and self.file.data:
            stream = self.file.data.stream
            digest = hashlib.file_digest(stream, "sha256").digest()
            stream.seek(0)
            mixed = hashlib.sha256((self.once.data or "").encode() + digest).digest()
            self.once.data = base64.urlsafe_b64encode(mixed).decode().rstrip("=")
        return super().validate_on_submit(extra_validators)

    @property
    def values(self) -> dict[str, Any]:
        """Columns for the service; the file goes beside."""
        return {name: value for name, value in super().values.items() if name != "file"}
