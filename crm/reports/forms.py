"""What is typed about a report: its days and what it is narrowed to."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.chips import ChipsField, ChipSource
from crm.consultations.models import ConsultationKind
from crm.fields import CheckField, ChoiceField, record_choices
from crm.filters import EdgeField, FilterForm
from crm.organisations.models import Level
from crm.organisations.sizes import SizeClass
from crm.reports.period import Period, problem_of, this_year
from crm.reports.scope import IN_ADDRESS, Scope


class ScopeForm(FilterForm):
    """First and last day of a report and its filters, read from the address; without days it is `usual`.

    Unlike in a list a wrong filter is never left out: the numbers would be others.
    """

    usual: Period | None = None
    since = EdgeField(_l("From"), name="von")
    until = EdgeField(_l("To"), "last", name="bis")
    county_id = ChoiceField(_l("County"), name=IN_ADDRESS["county_id"])
    region_id = ChoiceField(_l("Administrative region"), name=IN_ADDRESS["region_id"])
    size = ChoiceField(_l("Inhabitants"), kind=SizeClass, empty=_l("All"), name=IN_ADDRESS["size"])
    field_id = ChoiceField(_l("Task field"), name=IN_ADDRESS["field_id"])
    kind = ChoiceField(_l("Kind of talk"), kind=ConsultationKind, empty=_l("All"), name=IN_ADDRESS["kind"])
    staff_id = ChoiceField(_l("Advised by"), name=IN_ADDRESS["staff_id"])
    cooperation_id = ChipsField(
        _l("Cooperation"),
        single=True,
        placeholder=_l("Find a cooperation …"),
        name=IN_ADDRESS["cooperation_id"],
    )
    rolled_up = CheckField(
        _l("Count former municipalities as what they are on the cut-off day"), name=IN_ADDRESS["rolled_up"]
    )

    def keep(self, wanted: frozenset[str]) -> "ScopeForm":
        """Leave out the filters a report does not know."""
        for name in IN_ADDRESS:
            if name not in wanted and name in self:
                del self[name]
        return self

    def offer(self, areas: Any, fields: Any, staff: Any, cooperations: ChipSource) -> "ScopeForm":
        """Fill the choices of the filters that are left."""
        offers = {
            "county_id": [(one.id, one.name) for one in areas if one.level is Level.COUNTY],
            "region_id": [(one.id, one.name) for one in areas if one.level is Level.REGION],
            "field_id": [(one.id, one.name) for one in fields],
            "staff_id": [(one.id, one.name) for one in staff],
        }
        for name, pairs in offers.items():
            if name in self:
                self[name].choices = record_choices(pairs, _("All"))
        if "cooperation_id" in self:
            self.cooperation_id.use(cooperations)
        return self

    @property
    def filters(self) -> list[Any]:
        """The fields beside the days."""
        return [self[name] for name in IN_ADDRESS if name in self]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields one by one, then the days together; show them as they were understood."""
        if not super().validate(extra_validators):
            return False
        period = self._period
        if problem := problem_of(period):
            self.until.errors = [problem]
        fields: Any = ((self.since, period.since), (self.until, period.until))
        for field, value in fields:
            field.data, field.raw_data = value, None
        return not self.until.errors

    @property
    def _period(self) -> Period:
        usual = self.usual or this_year()
        first: Any = self.since.data or usual.since
        last: Any = self.until.data or usual.until
        return Period(first, last)

    @property
    def scope(self) -> Scope:
        """What was asked about."""
        chosen = {name: self[name].data for name in IN_ADDRESS if name in self}
        if "cooperation_id" in chosen:
            chosen["cooperation_id"] = next(iter(chosen["cooperation_id"] or ()), None)
        return Scope(self._period, **{name: value for name, value in chosen.items() if value})
