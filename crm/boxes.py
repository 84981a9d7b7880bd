"""Checkboxes over records by number: the form says which are offered, and nothing else can be ticked."""

from typing import Any

from wtforms import SelectMultipleField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from crm.fields import FromList, coerce_number


class ChecksField(SelectMultipleField):
    """`data` are the numbers of what is ticked; the form sets `choices` of (number, words).

    Whether nothing at all may be ticked is for a validator to say.
    """

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, validators: Any = (), **kw: Any):
        super().__init__(label, validators, coerce=int, choices=[], validate_choice=False, **kw)
        self.is_unreadable = False

    def process_data(self, value: Any) -> None:
        """Take what is stored, by number, as what is sent: the two are compared."""
        self.data = sorted(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what is ticked, each once, by number; whether it was offered is asked later."""
        numbers: set[int | None] = set()
        for one in valuelist:
            try:
                numbers.add(coerce_number(one))
            except ValueError:
                self.is_unreadable = True
        self.data = sorted(number for number in numbers if number is not None)

    def pre_validate(self: Any, form: Any) -> None:
        """Say in our words that something was not offered."""
        if self.is_unreadable or set(self.data or ()) - {int(one.value) for one in self.iter_choices()}:
            raise StopValidation(FromList.INVALID)
