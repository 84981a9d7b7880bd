"""What is typed about follow-ups."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect

from crm.chips import ChipsField
from crm.fields import ChoiceField, DayField, TextField, must, must_choose, record_choices
from crm.filters import FilterForm
from crm.follow_ups.models import FollowUp
from crm.forms import Form, NewRecordForm, RecordForm


class _FollowUp(Form):
    text = TextField(_l("What is to be done?"), [must(_l("Enter what is to be done."))], limit=500)
    organisation = ChipsField(
        _l("Municipality"), single=True, placeholder=_l("Find a municipality"),
        description=_l("Other bodies are found as well."),
    )  # fmt: skip
    due_on = DayField(_l("Due on"), [must(_l("Enter the day it is due."))], lean="future")
    owner_id = ChoiceField(_l("Responsible"), [must_choose(_l("Choose who is responsible."))])
    waiting_for = TextField(
        _l("Waiting for"), description=_l("Who has to act first, for example the council of Cölbe.")
    )  # fmt: skip

    def connect(self, source: Any, staff: Any) -> Any:
        """Give the chips their source and the choice its colleagues."""
        self.organisation.use(source)
        self.owner_id.choices = record_choices((one.id, one.name) for one in staff)
        return self

    @property
    def values(self) -> dict[str, Any]:
        """Columns for the service."""
        found = super().values
        place = found.pop("organisation")
        return found | {"organisation_id": place[0] if place else None}


class NewFollowUpForm(_FollowUp, NewRecordForm):
    """A new follow-up."""


class FollowUpForm(_FollowUp, RecordForm):
    """A follow-up that is changed."""

    def prepare(self) -> Any:
        """Connect the stored twin to the same sources."""
        return self.connect(self._record.source, self._record.staff)  # type: ignore[union-attr]


class PostponeForm(Form):
    """A later day."""

    due_on = DayField(_l("Another day"), [must(_l("Enter the new day."))], lean="future")


class HandOverForm(Form):
    """A colleague."""

    owner_id = ChoiceField(_l("Colleague"), [must_choose(_l("Choose a colleague."))])


class DeskForm(FilterForm):
    """What a list of follow-ups is narrowed to; everything stands in the address."""

    q = TextField(_l("Words or municipality"))
    zustaendig = ChoiceField(_l("Responsible"))


def stored(follow_up: FollowUp, source: Any, staff: Any) -> SimpleNamespace:
    """Give a follow-up as its form sees it."""
    columns = {column.key: getattr(follow_up, column.key) for column in inspect(FollowUp).column_attrs}
    place = [follow_up.organisation_id] if follow_up.organisation_id else []
    return SimpleNamespace(**columns, source=source, staff=staff, organisation=place)
