"""What is typed about a talk: what happened, and a row for each organisation."""

import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from wtforms import FieldList, FormField, HiddenField
from wtforms import Form as _PlainForm

from crm.chips import Chip, ChipsField
from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationState,
    Participation,
    Presence,
)
from crm.fields import (
    CheckField,
    ChoiceField,
    ClockField,
    DayField,
    LongTextField,
    MinutesField,
    SegmentField,
    TextField,
    must,
    must_choose,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm


class PartyForm(_PlainForm):
    """One organisation: presence, people, and what only concerns it."""

    class Meta(Form.Meta):
        """The talk's form carries the token."""

        csrf = False

    place = Chip("", "")

    organisation = HiddenField()
    presence = ChoiceField(
        _l("Presence"), [must_choose(_l("Choose the presence."))], kind=Presence, default=Presence.PRESENT
    )
    represented_by = TextField(_l("Represented by"))
    role = TextField(_l("Role in the talk"), limit=100)
    people = ChipsField(_l("People"), create=True)
    private_note = LongTextField(
        _l("Private note"),
        rows=3,
        description=_l("Only advisers and managers see it, only on this organisation's page."),
    )
    follow_up_on = DayField(_l("Follow-up on"), lean="future")
    follow_up_text = TextField(_l("What is to be done?"), limit=500)


class PartyRows(FieldList):
    """The rows, in the order of the chips; chips are the truth, rows only say more about them."""

    def __init__(self, **kw: Any):
        super().__init__(FormField(PartyForm), _l("Organisations"), **kw)

    def _extract_indices(self, prefix: str, formdata: Any) -> list[int]:
        """Take rows with plain numbers; endless numbers and digits of other scripts are no rows."""
        found = (re.fullmatch(rf"{re.escape(prefix)}-([0-9]{{1,4}})-.*", key) for key in formdata)
        return [int(match[1]) for match in found if match]

    def align(self, chips: list[Chip]) -> None:
        """Give every chip its row and drop rows without a chip."""
        rows = {str(entry.form.organisation.data): entry for entry in self.entries}
        found = []
        for chip in chips:
            entry = rows.get(chip.value) or self.append_entry({"organisation": chip.value})
            entry.form.place = chip
            found.append(entry)
        self.entries = found

    def shown(self) -> str:
        """Say the rows in words, for comparing two versions."""
        return "; ".join(
            " ".join(
                part
                for part in (
                    entry.form.place.text,
                    str(entry.form.presence.data.label) if entry.form.presence.data else "",
                    f"({entry.form.private_note.data})" if entry.form.private_note.data else "",
                )
                if part
            )
            for entry in self.entries
        )


class _Talk(Form):
    organisations = ChipsField(
        _l("Municipalities"), [must_choose(_l("Add at least one municipality."))],
        placeholder=_l("Add a municipality …"),
        description=_l("Name or key. A county can add all its municipalities at once."),
    )  # fmt: skip
    parties = PartyRows()
    task_fields = ChipsField(_l("Task fields"), placeholder=_l("Add a task field …"))
    note = LongTextField(
        _l("Note"), rows=6, description=_l("Common text for all organisations. Lists with -, bold with **.")
    )
    agreements = LongTextField(_l("Agreements"), rows=3)
    next_step = LongTextField(_l("Next step"), rows=2)
    held_on = DayField(_l("Day"), [must(_l("Enter the day of the talk."))])
    starts_at = ClockField(_l("Start"))
    kind = ChoiceField(
        _l("Kind"),
        [must_choose(_l("Choose the kind of the talk."))],
        kind=ConsultationKind,
        empty=_l("please choose"),
    )
    channel = SegmentField(_l("Channel"), [must_choose(_l("Choose the channel."))], kind=Channel)
    duration_minutes = MinutesField(_l("Talk"))
    preparation_minutes = MinutesField(_l("Preparation"))
    travel_minutes = MinutesField(_l("Travel"))
    place = TextField(_l("Place"))
    staff = ChipsField(_l("Advised by"))
    follows_id = ChoiceField(_l("Follows talk"))
    file_reference = TextField(_l("File reference"), limit=100)
    confidential = CheckField(
        _l("Confidential"),
        description=_l(
            "For everybody but advisers and managers this talk does not exist, not even in figures."
        ),
    )
    follow_up_on = DayField(_l("On"), lean="future")
    follow_up_text = TextField(_l("What is to be done?"), limit=500)
    follow_up_owner = ChoiceField(_l("Responsible"))
    anyway = HiddenField()

    twins: Sequence[Consultation] = ()

    def connect(self, sources: dict[str, Any]) -> "_Talk":
        """Give the chips their sources: organisations, task_fields, staff, and people by organisation."""
        self.organisations.use(sources["organisations"])
        self.organisations.row_source, self.organisations.row_target = sources["row"], "#parties"
        self.task_fields.use(sources["task_fields"])
        self.staff.use(sources["staff"])
        self.parties.align(self.organisations.chips)
        for entry in self.parties.entries:
            entry.form.people.use(sources["people"](int(entry.form.place.value)))
        return self

    @property
    def values(self) -> dict[str, Any]:
        """Columns and numbers for the service, without the rows."""
        return {name: value for name, value in super().values.items() if name not in ("parties", "anyway")}

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values, with the organisation's number."""
        found = []
        for entry in self.parties.entries:
            values = {name: value for name, value in entry.form.data.items() if name != "organisation"}
            new = {"new_people": entry.form.people.created, "organisation_id": int(entry.form.place.value)}
            found.append(values | new)
        return found


class LogForm(_Talk, NewRecordForm):
    """A talk that is logged."""


class ConsultationForm(_Talk, RecordForm):
    """A talk that is changed."""

    state = SegmentField(_l("State"), kind=ConsultationState)

    def prepare(self) -> "ConsultationForm":
        """Connect the stored twin to the same sources."""
        self.connect(self._record.sources)  # type: ignore[union-attr]
        return self


def stored(consultation: Consultation, sources: dict[str, Any], by: Any) -> SimpleNamespace:
    """Give a talk as its form sees it: columns, numbers of what is chosen, and plain rows."""
    columns = {column.key: getattr(consultation, column.key) for column in inspect(Consultation).column_attrs}
    return SimpleNamespace(
        **columns,
        sources=sources,
        organisations=[one.organisation_id for one in consultation.participations],
        parties=[_row(one) for one in consultation.participations],
        staff=[one.id for one in consultation.staff],
        task_fields=[one.id for one in consultation.task_fields],
        follow_up_owner=by.id,
    )


def _row(one: Participation) -> dict[str, Any]:
    return {
        "organisation": str(one.organisation_id),
        "presence": one.presence,
        "represented_by": one.represented_by,
        "role": one.role,
        "people": [person.person_id for person in one.people],
        "private_note": one.private_note,
    }


class ListForm(FilterForm):
    """What a list of talks is narrowed to; everything stands in the address."""

    q = TextField(_l("Words"))
    since = DayField(_l("From"))
    until = DayField(_l("To"))
    kind = ChoiceField(_l("Kind"), kind=ConsultationKind, empty=_l("all"))
    channel = ChoiceField(_l("Channel"), kind=Channel, empty=_l("all"))
    state = ChoiceField(_l("State"), kind=ConsultationState, empty=_l("all"))
    county = ChoiceField(_l("County"))
    task_field = ChoiceField(_l("Task field"))
    staff = ChoiceField(_l("Advised by"))
    open_note = CheckField(_l("Without note"))
    place = ChoiceField(_l("Municipality"))
    counted = CheckField(_l("Took part"))
