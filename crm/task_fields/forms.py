"""What is typed about task fields."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.fields import ChoiceField, DayField, TextField, must, record_choices
from crm.forms import Form, NewRecordForm, RecordForm


class _TaskField(Form):
    name = TextField(_l("Name"), [must(_l("Enter the name of the task field."))], limit=100)
    parent_id = ChoiceField(_l("Group"), description=_l("Without a group it becomes a group of its own."))
    valid_from = DayField(_l("First day"), description=_l("Empty: since always."))
    valid_to = DayField(_l("Last day"), lean="future", description=_l("Empty: until further notice."))
    fundable_from = DayField(
        _l("Fundable from"),
        description=_l("First day of applications the programme pays for. Empty: no limit."),
    )
    fundable_until = DayField(
        _l("Fundable until"), lean="near",
        description=_l("Last day of applications the programme pays for. Empty: no limit."),
    )  # fmt: skip

    def offer_groups(self, groups: list[Any]) -> Any:
        """Fill the choice of groups."""
        self.parent_id.choices = record_choices([(one.id, one.name) for one in groups], empty=_l("no group"))
        return self


class NewTaskFieldForm(_TaskField, NewRecordForm):
    """A new task field."""


class TaskFieldForm(_TaskField, RecordForm):
    """Name, group and validity of a task field."""


class CloseForm(RecordForm):
    """The last day of a task field."""

    valid_to = DayField(_l("Last day"), [must(_l("Enter the last day."))])
