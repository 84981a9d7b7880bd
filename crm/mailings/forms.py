"""What is typed about mailings: a text with words in braces, and the yes before it goes out."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from crm.braces import complaint
from crm.fields import LongTextField, TextField, fit_for_mail, must
from crm.forms import Form, NewRecordForm, RecordForm
from crm.mailings.texts import PLACEHOLDERS

LONGEST_TEXT = 20_000


def _known_words(_form: Any, field: Any) -> None:
    """Name the words in braces that nobody fills."""
    if wrong := complaint(field.data or "", PLACEHOLDERS):
        raise ValidationError(wrong)


class _Text(Form):
    subject = TextField(_l("Subject"), [must(_l("Enter a subject.")), fit_for_mail, _known_words])
    body = LongTextField(_l("Text"), [must(_l("Enter a text.")), _known_words], limit=LONGEST_TEXT, rows=18)


class NewMailingForm(_Text, NewRecordForm):
    """A text that is to be sent."""


class MailingForm(_Text, RecordForm):
    """A text that is changed before it goes out."""


class SendForm(NewRecordForm):
    """Yes, send it. `shown` is the number of people the question named."""

    shown = HiddenField()
