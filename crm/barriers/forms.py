"""What is typed about a barrier: by anybody, and by who answers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from crm.addresses import mail_address
from crm.db import today
from crm.fields import CheckField, DayField, LongTextField, TextField, must
from crm.forms import RecordForm
from crm.traps import TrappedForm


class ReportForm(TrappedForm):
    """A report: saying what does not work is enough."""

    text = LongTextField(
        _l("What does not work, or what do you need in another form?"),
        [must(_l("Say what does not work."))], limit=5000, rows=6,
    )  # fmt: skip
    location = TextField(_l("On which page?"), limit=300)
    sender_name = TextField(_l("Your name"))
    sender_email = TextField(_l("E-mail address"), [mail_address], limit=254)
    key = HiddenField()

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a report."""
        return {name: self.values.get(name) for name in ("text", "location", "sender_name", "sender_email")}


class AnswerForm(RecordForm):
    """Note what was answered, and when."""

    answered_on = DayField(_l("Answered on"), [must(_l("Enter the day of the answer."))])
    answer = LongTextField(_l("Answer"), [must(_l("Enter what was answered."))], limit=10_000, rows=8)
    send = CheckField(_l("Send this answer by e-mail"))

    def validate_answered_on(self, field: Any) -> None:
        """An answer lies between the report and today."""
        first = self._record.received_on  # type: ignore[union-attr]
        if field.data and not first <= field.data <= today():
            raise ValidationError(_("Enter a day between %(first)s and today.", first=f"{first:%d.%m.%Y}"))
