"""What is typed about saved reports."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from wtforms.validators import Optional

from crm.boxes import ChecksField
from crm.definitions.models import Rhythm, SavedReport, Span
from crm.fields import (
    CheckField,
    ChoiceField,
    DayField,
    SegmentField,
    TextField,
    fit_for_mail,
    must,
    must_choose,
    record_choices,
)
from crm.forms import Form, NewRecordForm, RecordForm


class _Saved(Form):
    name = TextField(_l("Name"), [must(_l("Give the report a name.")), fit_for_mail], limit=120)
    span = ChoiceField(
        _l("Period"), [must_choose(_l("Choose a period."))], kind=Span,
        description=_l("Counted anew on the day the report is opened; fixed days stay as they are."),
    )  # fmt: skip
    since = DayField(_l("First day"), description=_l("For fixed days only."))
    until = DayField(_l("Last day"), description=_l("For fixed days only."))
    shared = CheckField(_l("Colleagues see it in the list of reports"))


class NewSavedForm(_Saved, NewRecordForm):
    """A report that is saved."""


class SavedForm(_Saved, RecordForm):
    """A saved report that is changed."""


class MailForm(RecordForm):
    """How often a saved report goes to whom."""

    rhythm = SegmentField(
        _l("By mail"), [must_choose(_l("Choose how often."))], kind=Rhythm,
        description=_l("On the first working day after the month or quarter has ended."),
    )  # fmt: skip
    as_pdf = CheckField(_l("PDF"))
    as_xlsx = CheckField(_l("Excel"))
    recipients = ChecksField(_l("Who gets it"), [Optional()])

    def prepare(self) -> "MailForm":
        """Offer the people; also called for the stored twin."""
        self.recipients.choices = record_choices(self._record.offered)  # type: ignore[union-attr]
        return self


def stored(saved: SavedReport, offered: list[Any]) -> SimpleNamespace:
    """Give a saved report as the form about its mails sees it; only who is offered can be ticked."""
    columns = {column.key: getattr(saved, column.key) for column in inspect(SavedReport).column_attrs}
    known = {one.id for one in offered}
    chosen = sorted(one.user_id for one in saved.recipients if one.user_id in known)
    return SimpleNamespace(**columns, recipients=chosen, offered=[(one.id, one.name) for one in offered])
