"""Forms that anybody may send: two traps for programs, and no riddle for people."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from crm.db import now
from crm.forms import Form
from crm.signing import timed_signer


class TrappedForm(Form):
    """Programs that fill in every field betray themselves by `homepage`, fast ones by `opened`."""

    homepage = StringField(_l("Leave this field empty"))
    opened = HiddenField()

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        if not self.is_submitted():
            self.opened.data = timed_signer("opened").dumps("opened")

    def validate_opened(self, field: Any) -> None:
        """Ask whoever was faster than a person can be to send once more."""
        least = current_app.config["PUBLIC_FORM_SECONDS"]
        try:
            _text, at = timed_signer("opened").loads(field.data or "", return_timestamp=True)
        except BadSignature:
            at = None
        if least and (at is None or (now() - at).total_seconds() < least):
            field.data = timed_signer("opened").dumps("opened")
            raise ValidationError(_("Please check your entries and send the form once more."))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """All errors; what is said of the field nobody sees concerns the form as a whole."""
        return [("" if one == self.opened.id else one, words) for one, words in super().problems]

    @property
    def is_trapped(self) -> bool:
        """Tell whether a program filled in what no person sees."""
        return bool((self.homepage.data or "").strip())
