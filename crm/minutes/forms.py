"""What is typed about minutes: the texts, who is to check them until when, the yes to a release."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import ValidationError

from crm.boxes import ChecksField
from crm.fields import (
    CheckField,
    ChoiceField,
    DayField,
    LongTextField,
    SegmentField,
    TextField,
    fit_for_mail,
    must,
    must_choose,
    record_choices,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm
from crm.minutes.kinds import MinutesState, Part

LONGEST, LONGEST_REMARK = 20_000, 4000
ROWS, MOST_ROWS = 4, 40
AGREES, REMARKS = "agrees", "remarks"


class ListForm(FilterForm):
    """Which minutes are listed."""

    stand = ChoiceField(_l("State"), kind=MinutesState, empty=_l("all"))


class _Texts(Form):
    title = TextField(_l("Title"), [must(_l("Give the minutes a title.")), fit_for_mail])
    occasion = LongTextField(Part.OCCASION.label, limit=LONGEST, rows=3)
    situation = LongTextField(Part.SITUATION.label, limit=LONGEST, rows=9)
    results = LongTextField(Part.RESULTS.label, limit=LONGEST, rows=8)
    next_meeting = LongTextField(Part.NEXT_MEETING.label, limit=LONGEST, rows=2)

    @property
    def lines(self) -> list[tuple[Any, Any, Any]]:
        """The fields of the agreements, a line each."""
        return [tuple(self[f"{name}_{place}"] for name in ("what", "who", "when"))
                for place in range(MOST_ROWS) if f"what_{place}" in self]  # fmt: skip

    @property
    def texts(self) -> dict[str, Any]:
        """What was written."""
        return {
            name: self[name].data for name in ("title", "occasion", "situation", "results", "next_meeting")
        }

    @property
    def agreements(self) -> list[dict[str, Any]]:
        """What was agreed."""
        return [{"text": what.data, "responsible": who.data, "due_on": when.data}
                for what, who, when in self.lines]  # fmt: skip


class NewMinutesForm(_Texts, NewRecordForm):
    """Minutes that are begun."""


class MinutesForm(_Texts, RecordForm):
    """Minutes that are changed."""


def with_lines(base: Any, known: int, sent: Any, **kw: Any) -> Any:
    """Make a form with lines for agreements: those that are there, those that were sent, and some more."""
    number = min(max(ROWS, known + 2, sum(1 for name in sent if name.startswith("what_"))), MOST_ROWS)
    fields: dict[str, Any] = {}
    for place in range(number):
        line = place + 1
        fields[f"what_{place}"] = TextField(_l("What was agreed, line %(line)s", line=line), limit=500)
        fields[f"who_{place}"] = TextField(_l("Responsible, line %(line)s", line=line))
        fields[f"when_{place}"] = DayField(_l("By when, line %(line)s", line=line), lean="future")
    return _extended(base, fields)(**kw)


def _extended(base: Any, fields: dict[str, Any]) -> Any:
    """Give a class of forms some more fields."""
    return type(base)(base.__name__, (base,), fields)


class _Offering(RecordForm):
    people: Any

    def prepare(self) -> Any:
        """Offer those who can be asked or written to."""
        self.people.choices = record_choices(self._record.offered)  # type: ignore[union-attr]
        return self


class CirculateForm(_Offering):
    """Who checks the minutes until when; `readers` are those who can be asked."""

    people = ChecksField(_l("Who checks them?"), [must_choose(_l("Tick at least one person."))])
    deadline_on = DayField(
        _l("Answers until"), [must(_l("Say until which day answers are taken."))], lean="future"
    )
    silence_agrees = CheckField(
        _l("Silence counts as agreement"), description=_l("The mail and the page say so then.")
    )
    message = LongTextField(_l("Words to go with it"), limit=2000, rows=4)

    @property
    def columns(self) -> dict[str, Any]:
        """What is kept with the minutes."""
        return {name: self[name].data for name in ("deadline_on", "silence_agrees", "message")}


class ReleaseForm(_Offering):
    """The yes to a release, and who gets the paper; a correction says why."""

    reason = TextField(_l("What was corrected?"), limit=300)
    people = ChecksField(_l("Send the PDF to"))


class TemplateForm(RecordForm):
    """The texts that minutes of a kind of talk begin with."""

    occasion = LongTextField(Part.OCCASION.label, limit=LONGEST, rows=3)
    situation = LongTextField(Part.SITUATION.label, limit=LONGEST, rows=9)
    results = LongTextField(Part.RESULTS.label, limit=LONGEST, rows=6)
    next_meeting = LongTextField(Part.NEXT_MEETING.label, limit=LONGEST, rows=2)


class _CheckForm(Form):
    answer = SegmentField(_l("Your answer"), [must_choose(_l("Say whether you agree or have remarks."))])
    told = HiddenField()

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        self.answer.choices = record_choices(
            [(AGREES, _("I agree with the minutes")), (REMARKS, _("I have remarks"))]
        )

    @property
    def remarks(self) -> dict[Part, str]:
        """What was remarked, by part."""
        return {part: self.about(part).data for part in Part if self.about(part).data}

    def about(self, part: Part) -> Any:
        """The field for remarks on a part."""
        return self[f"remark_{part.value}"]

    def validate_answer(self, field: Any) -> None:
        """See that the answer fits what was written."""
        if field.data == AGREES and self.remarks:
            raise ValidationError(_("You wrote remarks. Choose “I have remarks”, or empty the fields."))
        if field.data == REMARKS and not self.remarks:
            raise ValidationError(_("Write at least one remark, or choose that you agree."))
        if field.data not in (AGREES, REMARKS):
            raise ValidationError(_("Say whether you agree or have remarks."))


CheckForm: Any = _extended(
    _CheckForm,
    {
        f"remark_{part.value}": LongTextField(
            _l("Remark on “%(part)s”", part=part.label), limit=LONGEST_REMARK, rows=3
        )
        for part in Part
    },
)
