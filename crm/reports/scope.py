"""What a report is asked about: its days, what it is narrowed to, and how former Kommunen are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crm.consultations.models import ConsultationKind
from crm.organisations.sizes import SizeClass
from crm.reports.period import Period

# What a report may be narrowed to; the names are those of the fields below and of the form.
COUNTY, REGION, SIZE, FIELD, KIND, COOPERATION, STAFF, ROLLED_UP = (
    "county_id", "region_id", "size", "field_id", "kind", "cooperation_id", "staff_id", "rolled_up",
)  # fmt: skip
PLACES = frozenset({COUNTY, REGION, SIZE})
# What each is called in an address.
IN_ADDRESS = {
    COUNTY: "kreis", REGION: "bezirk", SIZE: "groesse", FIELD: "aufgabenfeld", KIND: "art-der-beratung",
    COOPERATION: "kooperation", STAFF: "person", ROLLED_UP: "nachfolge",
}  # fmt: skip


@dataclass(frozen=True)
class Scope:
    """A period and filters; what is None does not narrow. `rolled_up` counts former Kommunen as what they are
    on the cut-off day, else as what they were on the day."""

    period: Period
    county_id: int | None = None
    region_id: int | None = None
    size: SizeClass | None = None
    field_id: int | None = None
    kind: ConsultationKind | None = None
    cooperation_id: int | None = None
    staff_id: int | None = None
    rolled_up: bool = False

    @property
    def cutoff(self) -> Any:
        """The day whose register is the base of percentages."""
        return self.period.cutoff

    @property
    def before(self) -> "Scope":
        """The same question about the period before."""
        return replace(self, period=self.period.before)

    @property
    def filters(self) -> dict[str, Any]:
        """What it is narrowed to, as values an address and a database can hold."""
        found = {}
        for field, name in IN_ADDRESS.items():
            value = getattr(self, field)
            if value:
                found[name] = 1 if value is True else getattr(value, "value", value)
        return found

    @property
    def arguments(self) -> dict[str, Any]:
        """Say it in an address."""
        return self.period.arguments | self.filters

    @property
    def narrows_places(self) -> bool:
        """Tell whether only some Kommunen are asked about."""
        return any(getattr(self, one) is not None for one in PLACES)


def from_filters(period: Period, filters: Mapping[str, Any]) -> Scope:
    """Read a question back whose `filters` were kept as plain values."""
    kinds = {SIZE: SizeClass, KIND: ConsultationKind, ROLLED_UP: bool}
    found = {
        field: kinds.get(field, int)(filters[name]) for field, name in IN_ADDRESS.items() if name in filters
    }
    return Scope(period, **found)
