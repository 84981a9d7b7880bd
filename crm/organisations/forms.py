"""What the list of Kommunen can be narrowed to."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.fields import CheckField, ChoiceField, DayField, TextField, enum_choices, record_choices
from crm.filters import EdgeField, FilterForm
from crm.organisations.models import Kind, Level, Organisation
from crm.organisations.sizes import SizeClass

KINDS = (Kind.GEMEINDE, Kind.TOWN, Kind.SPECIAL_STATUS, Kind.COUNTY_FREE, Kind.COUNTY)
TALKS = ("since", "before", "never")


class OrganisationFilterForm(FilterForm):
    """Filters of the list, in the order of the screen."""

    q = TextField(_l("Name or key"))
    kind = ChoiceField(_l("Kind"), kind=Kind, choices=enum_choices(KINDS, _l("all")))
    county = ChoiceField(_l("County"))
    region = ChoiceField(_l("Administrative region"))
    size = ChoiceField(_l("Inhabitants"), kind=SizeClass, empty=_l("all"))
    member = ChoiceField(_l("Member of"))
    since = EdgeField(_l("Last talk since"))
    before = EdgeField(_l("No talk since"))
    never = CheckField(_l("Never talked with"))
    am = DayField(_l("As at"))

    def fill(self, areas: list[Organisation], associations: list[Organisation], talks: bool) -> Any:
        """Fill the choices and read the address; without `talks` the reader is not asked about them."""
        for field, level in ((self.county, Level.COUNTY), (self.region, Level.REGION)):
            found = ((area.id, area.name) for area in areas if area.level is level)
            field.choices = record_choices(found, _l("all"))
        self.member.choices = record_choices(((one.id, one.name) for one in associations), _l("all"))
        for name in () if talks else TALKS:
            del self[name]
        self.validate()
        return self
