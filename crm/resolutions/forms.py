"""What is typed about a resolution."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.addresses import WebField
from crm.fields import (
    ChoiceField,
    DayField,
    NumberField,
    SegmentField,
    TextField,
    must_choose,
    record_choices,
)
from crm.forms import Form, NewRecordForm, RecordForm
from crm.resolutions.models import Body, ResolutionKind, Result


class _Resolution(Form):
    body = SegmentField(_l("Who decides?"), [must_choose(_l("Choose who decides."))], kind=Body)
    kind = SegmentField(
        _l("What is decided?"), [must_choose(_l("Choose what is decided."))], kind=ResolutionKind
    )
    session_on = DayField(
        _l("Session on"), lean="near", description=_l("A day to come makes it a planned session.")
    )
    paper_number = TextField(_l("Paper number"), limit=60)
    result = ChoiceField(_l("Result"), kind=Result, empty=_l("still open"))
    votes_for = NumberField(_l("In favour"), most=999)
    votes_against = NumberField(_l("Against"), most=999)
    abstentions = NumberField(_l("Abstentions"), most=999)
    link = WebField(_l("Link to the paper"), limit=500)
    note = TextField(_l("Remark"), limit=500)


class NewResolutionForm(_Resolution, NewRecordForm):
    """A resolution to plan or to record, of one of the partners."""

    partner_id = ChoiceField(_l("Partner"), [must_choose(_l("Choose the partner."))])

    def offer(self, partners: Any) -> Any:
        """Fill the choice of partners."""
        pairs = [(one.id, one.organisation_name) for one in partners]
        self.partner_id.choices = record_choices(pairs, empty=_l("please choose"))
        return self


class ResolutionForm(_Resolution, RecordForm):
    """A resolution that is changed."""
