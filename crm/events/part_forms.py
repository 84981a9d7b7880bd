"""What is typed about the parts of an event: a point of the programme, something on the checklist."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from crm.chips import ChipsField
from crm.events.models import ChecklistItem, ProgrammeItem
from crm.fields import ChoiceField, ClockField, NumberField, SegmentField, TextField, must, record_choices
from crm.forms import Form, NewRecordForm, RecordForm
from crm.labels import Labelled, name_members

FARTHEST = 999


class Side(Labelled):
    """On which side of an event something is due."""

    BEFORE = "before"
    AFTER = "after"


name_members({Side.BEFORE: _l("before the event"), Side.AFTER: _l("after it")})


class _Point(Form):
    starts_at = ClockField(_l("Time"))
    title = TextField(_l("Point of the programme"), [must(_l("Enter what is on the programme."))])
    speaker = TextField(
        _l("Speaker"), limit=300, description=_l("As guests read it, with office and municipality.")
    )
    person_id = ChipsField(
        _l("Person of the contacts"), single=True, placeholder=_l("Name …"),
        description=_l("Only for people in the contacts."),
    )  # fmt: skip

    def connect(self, people: Any) -> Any:
        """Let the chips find people."""
        self.person_id.use(people)
        return self

    @property
    def values(self) -> dict[str, Any]:
        """Columns for the service."""
        found = super().values
        person = found.pop("person_id")
        return found | {"person_id": person[0] if person else None}


class NewPointForm(_Point, NewRecordForm):
    """A new point of the programme."""


class PointForm(_Point, RecordForm):
    """A point that is changed."""

    def prepare(self) -> Any:
        """Connect the form, and its stored twin, to the same people."""
        return self.connect(self._record.people)  # type: ignore[union-attr]


def stored_point(item: ProgrammeItem, people: Any) -> SimpleNamespace:
    """Give a point as its form sees it."""
    return SimpleNamespace(
        starts_at=item.starts_at, title=item.title, speaker=item.speaker, people=people, version=item.version,
        person_id=[item.person_id] if item.person_id else [], updated_at=item.updated_at,
    )  # fmt: skip


class _Task(Form):
    text = TextField(_l("What is to be done?"), [must(_l("Enter what is to be done."))])
    distance = NumberField(
        _l("Days"), [InputRequired(_l("Enter a number of days."))], most=FARTHEST,
        description=_l("0: on the day itself."),
    )  # fmt: skip
    due_side = SegmentField(_l("When?"), kind=Side, default=Side.BEFORE)
    owner_id = ChoiceField(_l("Responsible"))

    def connect(self, planners: Any) -> Any:
        """Offer who may do it."""
        pairs = [(one.id, one.name) for one in planners]
        self.owner_id.choices = record_choices(pairs, empty=_l("nobody yet"))
        return self

    @property
    def values(self) -> dict[str, Any]:
        """Columns for the service."""
        days = int(self.distance.data or 0)
        counted = -days if self.due_side.data is Side.BEFORE else days
        return {"text": self.text.data, "days": counted, "owner_id": self.owner_id.data}


class NewTaskForm(_Task, NewRecordForm):
    """Something new on the checklist."""


class TaskForm(_Task, RecordForm):
    """Something on the checklist that is changed."""

    def prepare(self) -> Any:
        """Connect the form, and its stored twin, to the same people."""
        return self.connect(self._record.planners)  # type: ignore[union-attr]


def stored_task(item: ChecklistItem, planners: Any) -> SimpleNamespace:
    """Give an entry of the checklist as its form sees it."""
    return SimpleNamespace(
        text=item.text, distance=abs(item.days), due_side=Side.AFTER if item.days > 0 else Side.BEFORE,
        owner_id=item.owner_id, planners=planners, version=item.version, updated_at=item.updated_at,
    )  # fmt: skip
