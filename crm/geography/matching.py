"""Which body an area belongs to: by its key, whenever that key was in force."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from crm.db import db
from crm.geography.geojson import Area
from crm.importing import Finding, Refused
from crm.organisations.models import Level, Organisation, OrganisationKey

BEARERS = (Level.MUNICIPALITY, Level.AREA)


@dataclass(frozen=True, slots=True)
class Place:
    """What the matching needs to know of a body."""

    id: int
    name: str
    level: Level
    valid_from: date
    valid_to: date

    def coexists(self, other: "Place") -> bool:
        """Tell whether both existed on one day."""
        return max(self.valid_from, other.valid_from) <= min(self.valid_to, other.valid_to)


def known() -> dict[str, Place]:
    """Municipalities and uninhabited areas by every key they ever had; of two bearers the later one."""
    query = select(OrganisationKey.key, OrganisationKey.valid_to, Organisation).join(
        Organisation, Organisation.id == OrganisationKey.organisation_id
    )
    rows = db.session.execute(query.where(Organisation.level.in_(BEARERS))).all()
    return {
        key: Place(one.id, one.name, one.level, one.valid_from or date.min, one.valid_to or date.max)
        for key, _until, one in sorted(rows, key=lambda row: (row[1] or date.max, row[2].id))
    }


def matched(areas: list[Area], by_key: dict[str, Place]) -> tuple[dict[int, Area], list[Finding]]:
    """Give the areas by number of their body, and those that are left out; one body twice is refused."""
    found: dict[int, Area] = {}
    left_out, twice = [], []
    for area in areas:
        place = by_key.get(area.key)
        if place is None:
            left_out.append(Finding(None, "", area.called, _why_left_out(area)))
        elif place.id in found:
            numbers = {"one": found[place.id].number, "other": area.number}
            said = _("is in the file twice: areas %(one)s and %(other)s.", **numbers)
            twice.append(Finding(None, "", area.called, said))
        else:
            found[place.id] = area
    if twice:
        raise Refused(twice)
    if not found:
        raise Refused.because(
            _("None of the %(n)s areas bears the key of a municipality in the register.", n=len(areas))
        )
    return found, left_out


def _why_left_out(area: Area) -> str:
    if not area.key:
        return str(_("bears no official key of 8 digits (AGS) or 12 digits (ARS)."))
    return str(_("is no municipality of the register."))
