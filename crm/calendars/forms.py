"""What of a calendar is shown."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from crm.calendars.days import View
from crm.calendars.items import Kind
from crm.calendars.queries import Who
from crm.fields import ChoiceField, DayField, enum_choices
from crm.filters import FilterForm


class ChecksField(SelectMultipleField):
    """Check boxes over the members of an enum; words that are none of them are left out."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, kind: Any = None, **kw: Any):
        super().__init__(
            label, [Optional()], choices=enum_choices(kind), coerce=str, validate_choice=False, **kw
        )
        self.kind = kind

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what is ticked."""
        known = {one.value for one in self.kind}
        self.data = [one for one in valuelist if one in known]


class CalendarForm(FilterForm):
    """View, day, whose calendar and what of it; wrong words mean the usual."""

    sicht = ChoiceField(_l("View"), kind=View)
    wer = ChoiceField(_l("Whose calendar"), kind=Who)
    tag = DayField(_l("Go to day"), lean="near")
    art = ChecksField(_l("What is shown"), kind=Kind)

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that are ticked; all where none is."""
        return [one for one in Kind if one.value in (self.art.data or ())] or list(Kind)
