"""What is typed for an action on many records."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from crm.chips import ChipsField
from crm.contacts.models import FunctionRole
from crm.fields import ChoiceField, DayField, NumberField, TextField, must, must_choose, record_choices
from crm.forms import Form, NewRecordForm


class NothingForm(Form):
    """An action that needs no more to be known."""

    def prepare(self, _sources: dict[str, Any]) -> Any:
        """Nothing to fill."""
        return self


class OwnerForm(Form):
    """Who is responsible from now on."""

    owner_id = ChoiceField(_l("Responsible"), [must_choose(_l("Choose who is responsible."))])

    def prepare(self, sources: dict[str, Any]) -> Any:
        """Offer the colleagues."""
        self.owner_id.choices = record_choices(
            ((one.id, one.name) for one in sources["staff"]()), empty=_l("choose")
        )
        return self


class DayForm(Form):
    """A new day for all, or a number of days that each moves on."""

    due_on = DayField(_l("New day for all"), lean="future")
    days = NumberField(
        _l("Or move each by so many days"), least=1, most=366,
        description=_l("What is overdue moves from today on."),
    )  # fmt: skip

    def prepare(self, _sources: dict[str, Any]) -> Any:
        """Nothing to fill."""
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Exactly one of the two must be there."""
        right = super().validate(extra_validators)
        if right and bool(self.due_on.data) == bool(self.days.data):
            self.due_on.errors = [*self.due_on.errors, _l("Enter either a day or a number of days.")]
            return False
        return right


class FollowUpForm(Form):
    """The follow-up that each record gets."""

    text = TextField(_l("What is to be done?"), [must(_l("Enter what is to be done."))], limit=500)
    due_on = DayField(_l("Due on"), [must(_l("Enter the day it is due."))], lean="future")
    owner_id = ChoiceField(_l("Responsible"), [must_choose(_l("Choose who is responsible."))])

    def prepare(self, sources: dict[str, Any]) -> Any:
        """Offer the colleagues."""
        self.owner_id.choices = record_choices((one.id, one.name) for one in sources["staff"]())
        return self


class TaskFieldForm(Form):
    """The task field that each record gets besides its own."""

    task_field = ChipsField(
        _l("Task field"), [must_choose(_l("Choose a task field."))], single=True,
        placeholder=_l("Add a task field …"),
    )  # fmt: skip

    def prepare(self, sources: dict[str, Any]) -> Any:
        """Connect the chips."""
        self.task_field.use(sources["task_fields"]())
        return self

    @property
    def values(self) -> dict[str, Any]:
        """The number of the field, and the reason of a correction."""
        return {"task_field": self.task_field.data[0], "reason": None}


class TalkFieldForm(TaskFieldForm):
    """The same for talks, whose quarter may be closed."""

    correction_reason = TextField(
        _l("Reason for the correction"), limit=500,
        description=_l("Only needed for talks of a closed quarter; without it they stay as they are."),
    )  # fmt: skip

    @property
    def values(self) -> dict[str, Any]:
        """The number of the field, and the reason of a correction."""
        return super().values | {"reason": self.correction_reason.data}


class EventForm(Form):
    """The event people are invited to."""

    event_id = ChoiceField(_l("Event"), [must_choose(_l("Choose an event from the list."))])

    def prepare(self, sources: dict[str, Any]) -> Any:
        """Offer the events to come."""
        self.event_id.choices = record_choices(sources["events"](), empty=_l("choose"))
        return self


class OfficeForm(EventForm):
    """Who of the chosen municipalities is meant."""

    role = ChoiceField(_l("Who is invited"), kind=FunctionRole, empty=_l("everybody in office"))


class ConfirmForm(NewRecordForm):
    """Yes to a plan, once; `mark` is that of the plan which was looked at."""

    mark = HiddenField()


FORMS: dict[str, type[Any]] = {
    "": NothingForm, "owner": OwnerForm, "day": DayForm, "follow-up": FollowUpForm,
    "task-field": TaskFieldForm, "task-field-of-talks": TalkFieldForm, "event": EventForm,
    "event-and-role": OfficeForm,
}  # fmt: skip
