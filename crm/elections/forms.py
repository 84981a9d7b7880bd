"""What is typed about elections and about who holds an office after them."""

from types import SimpleNamespace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect

from crm.addresses import mail_address
from crm.chips import ChipsField
from crm.contacts.succeeding import Succession
from crm.elections.models import Election, ElectionKind
from crm.fields import (
    CheckField,
    ChoiceField,
    DayField,
    LongTextField,
    SegmentField,
    TextField,
    must,
    must_choose,
    record_choices,
)
from crm.filters import FilterForm
from crm.forms import Form, NewRecordForm, RecordForm


class _Election(Form):
    kind = SegmentField(
        _l("What is elected?"), [must_choose(_l("Choose what is elected."))], kind=ElectionKind,
        default=ElectionKind.COUNCIL,
    )  # fmt: skip
    organisation_id = ChipsField(
        _l("Municipality"), single=True, placeholder=_l("Find a municipality"),
        description=_l("Empty: all municipalities and counties of Hessen."),
    )  # fmt: skip
    held_on = DayField(
        _l("Day of the election"), [must(_l("Enter the day of the election."))], lean="future",
        description=_l("On this day the checklist is made."),
    )  # fmt: skip
    takes_office_on = DayField(
        _l("New term begins on"), lean="future", description=_l("Preset for those who follow.")
    )
    title = TextField(_l("Title"), description=_l("Empty: kind and municipality."))
    owner_id = ChoiceField(
        _l("Responsible"), [must_choose(_l("Choose who is responsible."))],
        description=_l("Gets the follow-up on the day of the election."),
    )  # fmt: skip
    note = LongTextField(_l("Remark"), rows=3)

    def connect(self, source: Any, staff: Any) -> Any:
        """Give the chips their source and the choice its colleagues."""
        self.organisation_id.use(source)
        self.owner_id.choices = record_choices((one.id, one.name) for one in staff)
        return self

    @property
    def values(self) -> dict[str, Any]:
        """Columns for the service."""
        found = super().values
        place = found["organisation_id"]
        return found | {"organisation_id": place[0] if place else None}


class NewElectionForm(_Election, NewRecordForm):
    """An election to enter."""


class ElectionForm(_Election, RecordForm):
    """An election that is changed."""

    def prepare(self) -> Any:
        """Connect the stored twin to the same sources."""
        return self.connect(self._record.source, self._record.staff)  # type: ignore[union-attr]


def stored(election: Election, source: Any, staff: Any) -> SimpleNamespace:
    """Give an election as its form sees it."""
    columns = {column.key: getattr(election, column.key) for column in inspect(Election).column_attrs}
    columns["organisation_id"] = [election.organisation_id] if election.organisation_id else []
    return SimpleNamespace(**columns, source=source, staff=staff)


class SuccessorForm(Succession, NewRecordForm):
    """Who holds an office after the election, from when, and the last day of who held it."""

    last_day = DayField(
        _l("Last day of the one before"), lean="near", description=_l("Empty: the day before.")
    )
    title = TextField(_l("Title of the function"))
    official_phone = TextField(_l("Official phone"), limit=50)
    official_email = TextField(_l("Official e-mail"), [mail_address], limit=254)

    @property
    def function(self) -> dict[str, Any]:
        """Columns of the function, the last day of the one before, and whether what is open goes on."""
        plain = {name: self.data[name] for name in ("valid_from", "last_day", "title")}
        contact = {"email": self.official_email.data, "phone": self.official_phone.data}
        return plain | contact | {"passes_on": self.passes_on}


class LeavingForm(NewRecordForm):
    """The last day of somebody whose successor is not known yet."""

    valid_to = DayField(_l("Last day"), [must(_l("Enter the last day."))], lean="near")


class ChecklistForm(FilterForm):
    """What a checklist is narrowed to."""

    kreis = ChoiceField(_l("County"))
    offen = CheckField(_l("Only what is to be checked"))
