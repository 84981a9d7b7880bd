"""What the list of Kommunen can be narrowed to."""

from typing import Any

from flask_babel import lazy_gettext as _l

from crm.fields import CheckField, ChoiceField, DayField, TextField, enum_choices, record_choices
from crm.filters import FilterForm
from crm.organisations.models import Kind, Organisation
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
    since = DayField(_l("Last talk since"))
    before = DayField(_l("Last talk before"))
    never = CheckField(_l("Without any talk"))

    def fill(self, counties: list[Organisation], regions: list[Organisation], talks: bool) -> Any:
        """Fill the choices; without `talks` the reader is not asked about them."""
        self.county.choices = record_choices(((one.id, one.name) for one in counties), _l("all"))
        self.region.choices = record_choices(((one.id, one.name) for one in regions), _l("all"))
        for name in () if talks else TALKS:
            del self[name]
        self.validate()
        return self
