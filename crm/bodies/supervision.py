"""Which authority supervises a Zweckverband or a public-law agreement: plain values in, reasons in words out.

The rule is § 35 of the KGG (law on municipal cooperation). Whom the Regierungspräsidium supervises follows
from § 136 of the HGO (municipal code): towns above 50,000 inhabitants, and those that once were, until they
fall below 45,000.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.i18n import number
from crm.organisations.models import Kind

TOWNS = (Kind.GEMEINDE, Kind.TOWN, Kind.SPECIAL_STATUS, Kind.COUNTY_FREE)
LARGE, STILL_LARGE = 50_000, 45_000
FRANKFURT, WIESBADEN = "06412000", "06414000"


class Office(enum.Enum):
    """Who supervises, from below."""

    LANDRAT = "landrat"
    REGION = "region"
    MINISTRY = "ministry"


@dataclass(frozen=True)
class Member:
    """A member as it is on a day; county and region by name, empty where there is none or it is unknown."""

    name: str
    kind: Kind
    county: str = ""
    region: str = ""
    population: int | None = None
    in_hessen: bool = True
    key: str = ""

    @property
    def is_town(self) -> bool:
        """Tell a Stadt or Gemeinde of Hessen from everything else."""
        return self.in_hessen and self.kind in TOWNS

    @property
    def is_county(self) -> bool:
        """Tell a Landkreis of Hessen."""
        return self.in_hessen and self.kind is Kind.COUNTY

    @property
    def is_kommune(self) -> bool:
        """Tell a Kommune of Hessen."""
        return self.is_town or self.is_county


@dataclass(frozen=True)
class Supervision:
    """Who supervises and why; `office` is None where the members decide nothing."""

    office: Office | None
    reasons: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    county: str = ""
    region: str = ""

    @property
    def authority(self) -> str:
        """Name the authority; empty where the members decide nothing."""
        if self.office is Office.LANDRAT:
            return _("Landrat as state authority (%(county)s)", county=self.county)
        if self.office is Office.REGION:
            return _office_of(self.region)
        return _("Ministry of the interior") if self.office else ""

    @property
    def upper(self) -> str:
        """Name the upper authority."""
        if self.office is Office.LANDRAT:
            return _office_of(self.region)
        return _("Ministry of the interior") if self.office else ""

    @property
    def rule(self) -> str:
        """Name the clause."""
        places = {Office.LANDRAT: 1, Office.REGION: 2, Office.MINISTRY: 3}
        return _("§ 35 (2) no. %(number)s KGG", number=places[self.office]) if self.office else ""


def supervision(members: Sequence[Member]) -> Supervision:
    """Find the authority of a set of members, with all reasons that lead to it."""
    remarks = (*_remarks(members),)
    towns, counties = [m for m in members if m.is_town], [m for m in members if m.is_county]
    if reasons := (*_for_the_ministry(members),):
        return Supervision(Office.MINISTRY, reasons, remarks)
    if not towns and not counties:
        return Supervision(
            None, (_("There is no municipality among the members, so nothing follows."),), remarks
        )
    region = next((one.region for one in (*towns, *counties) if one.region), "")
    if reasons := (*_for_the_region(towns, counties),):
        return Supervision(Office.REGION, reasons, remarks, region=region)
    county = towns[0].county
    reason = _("All municipalities are under the supervision of one Landrat: %(county)s.", county=county)
    return Supervision(Office.LANDRAT, (reason,), remarks, county, region)


def _for_the_ministry(members: Iterable[Member]) -> Iterable[str]:
    kommunen = [one for one in members if one.is_kommune]
    regions = sorted({one.region for one in kommunen if one.region})
    if len(regions) > 1:
        yield _("The members belong to several administrative regions: %(names)s.", names=", ".join(regions))
    for one in kommunen:
        if one.key in (FRANKFURT, WIESBADEN):
            yield _("%(name)s is a member; the ministry supervises this city.", name=one.name)
    if state := [one for one in members if one.in_hessen and one.kind is Kind.AUTHORITY]:
        yield _("Land or Bund takes part by an authority: %(names)s.", names=_listed(state))
    if outside := [one for one in members if not one.in_hessen]:
        yield ngettext(
            "%(names)s lies outside Hessen.",
            "These members lie outside Hessen: %(names)s.",
            len(outside), names=_listed(outside),
        )  # fmt: skip


def _for_the_region(towns: Sequence[Member], counties: Sequence[Member]) -> Iterable[str]:
    if counties:
        yield ngettext(
            "A Landkreis is a member: %(names)s.",
            "Landkreise are members: %(names)s.",
            len(counties), names=_listed(counties),
        )  # fmt: skip
    for town in towns:
        if reason := _above_the_landrat(town):
            yield reason
    within = sorted({town.county for town in towns if town.county})
    if len(within) > 1:
        yield _("The municipalities lie in several Landkreise: %(names)s.", names=", ".join(within))


def _above_the_landrat(town: Member) -> str:
    """Say why a town is not under a Landrat; empty if it is."""
    if town.population is not None and town.population > LARGE:
        return _(
            "%(name)s has more than 50,000 inhabitants: %(number)s.",
            name=town.name, number=number(town.population),
        )  # fmt: skip
    if town.kind is Kind.COUNTY_FREE or not town.county:
        return _("%(name)s belongs to no Landkreis.", name=town.name)
    if town.kind is Kind.SPECIAL_STATUS and (town.population is None or town.population >= STILL_LARGE):
        return _("%(name)s was above 50,000 inhabitants and is not below 45,000 yet.", name=town.name)
    return ""


def _remarks(members: Sequence[Member]) -> Iterable[str]:
    """What to look at once more."""
    if any(not one.in_hessen for one in members):
        yield _("A member outside Hessen needs the approval of the ministry (§ 36 KGG).")
    others = [one for one in members if one.in_hessen and not one.is_kommune]
    if others := [one for one in others if one.kind is not Kind.AUTHORITY]:
        yield _("Neither municipality nor Landkreis, so left out here: %(names)s.", names=_listed(others))
    unknown = [one for one in members if one.is_town and one.population is None]
    if unknown := [one for one in unknown if one.kind in (Kind.GEMEINDE, Kind.TOWN)]:
        yield _("Inhabitants not known, taken as at most 50,000: %(names)s.", names=_listed(unknown))


def _listed(members: Iterable[Member]) -> str:
    return ", ".join(one.name for one in members)


def _office_of(region: str) -> str:
    return _("Regierungspräsidium %(name)s", name=region.removeprefix("Regierungsbezirk "))
