"""What is typed about a talk: what happened, and a row for each organisation."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from wtforms import HiddenField

from crm.chips import ChipsField
from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationState,
    Participation,
)
from crm.consultations.parties import PartyRows, in_words, merged
from crm.cooperations.models import PartnerStep
from crm.errors import RuleBroken
from crm.fields import (
    CheckField,
    ChoiceField,
    ClockField,
    DayField,
    MinutesField,
    SegmentField,
    TextField,
    must,
    must_choose,
)
from crm.filters import EdgeField, FilterForm
from crm.forms import Conflict, Form, NewRecordForm, RecordForm
from crm.named_text import NamedTextField


class _Talk(Form):
    organisations = ChipsField(
        _l("Municipalities"), [must_choose(_l("Add at least one municipality."))],
        placeholder=_l("Add a municipality …"),
        description=_l("Name or key, other bodies as well. A county can add all its municipalities at once."),
    )  # fmt: skip
    parties = PartyRows()
    cooperation = ChipsField(_l("Cooperation"), single=True, placeholder=_l("Find a cooperation"))
    task_fields = ChipsField(_l("Task fields"), placeholder=_l("Add a task field …"))
    note = NamedTextField(
        _l("Note"),
        rows=6,
        description=_l("Text for all organisations. Lists with -, bold with **, contacts as @[First Last]."),
    )
    agreements = NamedTextField(_l("Agreements"), rows=3)
    next_step = NamedTextField(_l("Next step"), rows=2)
    held_on = DayField(_l("Day"), [must(_l("Enter the day of the talk."))], lean="near")
    starts_at = ClockField(_l("Start"))
    kind = ChoiceField(
        _l("Kind"),
        [must_choose(_l("Choose the kind of the talk."))],
        kind=ConsultationKind,
        empty=_l("please choose"),
    )
    channel = SegmentField(_l("Channel"), kind=Channel)
    duration_minutes = MinutesField(_l("Talk"))
    preparation_minutes = MinutesField(_l("Preparation and wrap-up"))
    travel_minutes = MinutesField(_l("Travel"))
    place = TextField(_l("Place"))
    staff = ChipsField(_l("Advised by"))
    follows_id = ChoiceField(_l("Follows talk"))
    file_reference = TextField(_l("File reference"), limit=100)
    confidential = CheckField(
        _l("Confidential"),
        description=_l(
            "For everybody but advisers and managers this talk does not exist, not even in figures. "
            "New people are entered in the contacts all the same."
        ),
    )
    follow_up_on = DayField(_l("On"), lean="future")
    follow_up_text = TextField(_l("What is to be done?"), limit=500)
    follow_up_owner = ChoiceField(_l("Responsible"))
    correction_reason = TextField(_l("Reason for the correction"), limit=500)
    anyway = HiddenField()

    twins: Sequence[Consultation] = ()

    def connect(self, sources: dict[str, Any]) -> "_Talk":
        """Give the chips their sources: organisations, cooperations, task_fields, staff, people by place."""
        self.organisations.use(sources["organisations"])
        self.organisations.row_source, self.organisations.row_target = sources["row"], "#parties"
        self.cooperation.use(sources["cooperations"])
        self.task_fields.use(sources["task_fields"])
        self.staff.use(sources["staff"])
        self.parties.align(self.organisations.chips, self.stored_rows)
        self.parties.connect(sources["people"])
        return self

    @property
    def stored_rows(self) -> dict[str, Any]:
        """Rows as they are stored, by organisation."""
        return {}

    @property
    def values(self) -> dict[str, Any]:
        """Columns and numbers for the service, without the rows."""
        own = ("parties", "cooperation")
        found = {name: value for name, value in super().values.items() if name not in own}
        group = self.cooperation.data[0] if self.cooperation.data else None
        return found | {"channel": self.channel.data or Channel.ON_SITE, "cooperation_id": group}

    def report(self, broken: RuleBroken) -> None:
        """Show a rule that said no; what is wrong in the row of one organisation stands there."""
        name, _dash, place = (broken.field or "").partition("-")
        row = self.parties.by_place.get(place)
        if row is None:
            super().report(broken)
        else:
            row.form[name].errors = [*row.form[name].errors, str(broken.message)]


class LogForm(_Talk, NewRecordForm):
    """A talk that is logged; `kept` holds rows that come back when an organisation is added again."""

    kept: dict[str, Any] = {}

    @property
    def stored_rows(self) -> dict[str, Any]:
        """Rows to start from, by organisation."""
        return self.kept


class ConsultationForm(_Talk, RecordForm):
    """A talk that is changed. Its organisations are merged one by one, so that no row is lost to another."""

    state = SegmentField(_l("State"), kind=ConsultationState)

    apart = ("organisations", "parties")

    def prepare(self) -> "ConsultationForm":
        """Connect the form, and its stored twin, to the same sources."""
        self.connect(self._record.sources)  # type: ignore[union-attr]
        return self

    @property
    def stored_rows(self) -> dict[str, Any]:
        """Rows as they are stored, by organisation."""
        return {row["organisation"]: row for row in self._record.parties}  # type: ignore[union-attr]

    def marks_apart(self) -> dict[str, str]:
        """A mark for each organisation."""
        return self.parties.marks

    def merge_apart(self, twin: Any, base: dict[str, str]) -> list[Conflict]:
        """Take over rows only the colleague changed; name those both changed."""
        take, both = merged(self.parties.marks, twin.parties.marks, base)
        mine, theirs = self.parties.by_place, twin.parties.by_place
        for place in take:
            self.take_apart(place, twin)
        return [
            Conflict(
                place, _name(mine, theirs, place), in_words(mine.get(place)), in_words(theirs.get(place))
            )
            for place in sorted(both)
        ]

    def take_apart(self, name: str, twin: Any) -> None:
        """Replace the row of one organisation by its stored version, or drop it where there is none."""
        self.parties.entries = [one for one in self.parties.entries if one.form.place.value != name]
        chips = [chip for chip in self.organisations.chips if chip.value != name]
        chips += [chip for chip in twin.organisations.chips if chip.value == name]
        self.organisations.chips, self.organisations.data = chips, [int(chip.value) for chip in chips]
        self.parties.align(chips, self.stored_rows)
        self.parties.connect(self._record.sources["people"])  # type: ignore[union-attr]


def _name(mine: dict[str, Any], theirs: dict[str, Any], place: str) -> str:
    return str((mine.get(place) or theirs[place]).form.place.text)


def stored(
    consultation: Consultation, sources: dict[str, Any], by: Any, told: Sequence[PartnerStep] = ()
) -> SimpleNamespace:
    """Give a talk as its form sees it: columns, numbers of what is chosen, and plain rows.

    `told` are the steps it reported already.
    """
    columns = {column.key: getattr(consultation, column.key) for column in inspect(Consultation).column_attrs}
    return SimpleNamespace(
        **columns,
        sources=sources,
        organisations=[one.organisation_id for one in consultation.participations],
        parties=[_row(one, told) for one in consultation.participations],
        cooperation=[consultation.cooperation.id] if consultation.cooperation else [],
        staff=[one.id for one in consultation.staff],
        task_fields=[one.id for one in consultation.task_fields],
        follow_up_owner=by.id,
    )


def _row(one: Participation, told: Sequence[PartnerStep] = ()) -> dict[str, Any]:
    steps = [str(step.step.label) for step in told if step.partner.organisation_id == one.organisation_id]
    return {
        "told": ", ".join(dict.fromkeys(steps)),
        "organisation": str(one.organisation_id),
        "presence": one.presence,
        "represented_by": one.represented_by,
        "role": one.role,
        "people": [who.person_id for who in one.people if who.person],
        "private_note": one.private_note,
    }


class NearbyForm(FilterForm):
    """The day a talk is planned for."""

    tag = DayField(_l("Day"), lean="near")


class ListForm(FilterForm):
    """What a list of talks is narrowed to; everything stands in the address."""

    q = TextField(_l("Words"))
    since = EdgeField(_l("From"))
    until = EdgeField(_l("To"), "last")
    kind = ChoiceField(_l("Kind"), kind=ConsultationKind, empty=_l("all"))
    channel = ChoiceField(_l("Channel"), kind=Channel, empty=_l("all"))
    state = ChoiceField(_l("State"), kind=ConsultationState, empty=_l("all"))
    county = ChoiceField(_l("County"))
    task_field = ChoiceField(_l("Task field"))
    staff = ChoiceField(_l("Advised by"))
    open_note = CheckField(_l("Without note"))
    place = ChoiceField(_l("Municipality"))
    kooperation = ChoiceField(_l("Cooperation"))
    counted = CheckField(_l("Took part"))
