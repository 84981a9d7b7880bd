"""The way of an application: where it lies, how long it lay at each station, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.funding.kinds import StationKind
from crm.funding.models import Application, Station
from crm.i18n import day, euros
from crm.organisations.models import Level, Organisation

WAY = (StationKind.COUNTY, StationKind.REGION, StationKind.MINISTRY, StationKind.HEARING)


@dataclass(frozen=True)
class Stay:
    """How long an application lay at a station; `days` is None where the days are out of order or unknown."""

    station: Station
    days: int | None
    is_open: bool


@dataclass(frozen=True)
class State:
    """Where an application stands, with the tone of its badge."""

    tone: str
    word: str
    text: str = ""


def decided_on(application: Application) -> date | None:
    """The day of the decision, whatever it was."""
    return application.granted_on or application.refused_on or application.withdrawn_on


def stays(application: Application, today: date) -> list[Stay]:
    """Count the days per station: until the next arrival, else until the decision, else until today."""
    order = sorted(application.stations, key=lambda one: (one.arrived_on, one.id or 0))
    ends: list[date | None] = [one.arrived_on for one in order[1:]]
    ends.append(decided_on(application) if application.is_decided else today)
    found = []
    for place, (station, end) in enumerate(zip(order, ends, strict=False)):
        days = (end - station.arrived_on).days if end is not None else None
        is_open = place == len(order) - 1 and not application.is_decided
        found.append(Stay(station, days if days is not None and days >= 0 else None, is_open))
    return found


def first_kind(applicant: Organisation | None, has_county: bool = True) -> StationKind:
    """Where an application begins: a county or a county-free city skips the Landkreis."""
    level = applicant.level if applicant is not None else None
    skips = level is Level.COUNTY or (level is Level.MUNICIPALITY and not has_county)
    return StationKind.REGION if skips else StationKind.COUNTY


def next_kind(stations: Sequence[Station], first: StationKind) -> StationKind:
    """The station that comes next on the usual way; any other may be reported as well."""
    last = max(stations, key=lambda one: (one.arrived_on, one.id or 0), default=None)
    if last is None:
        return first
    return WAY[min(WAY.index(last.kind) + 1, len(WAY) - 1)]


def state_of(application: Application, today: date) -> State:
    """Say where an application stands."""
    if application.refused_on:
        return State("bad", _("refused"), _("Refused on %(day)s.", day=day(application.refused_on)))
    if application.withdrawn_on:
        return State("quiet", _("withdrawn"), _("Withdrawn on %(day)s.", day=day(application.withdrawn_on)))
    if application.is_decided:
        return _granted(application)
    if application.submitted_on is None:
        return State("info", _("draft"), _("Not submitted yet."))
    submitted = _("Submitted on %(day)s.", day=day(application.submitted_on))
    last = next(iter(stays(application, today)[-1:]), None)
    if last is None:
        return State("wait", _("submitted"), submitted)
    return State("wait", _("on its way"), lying(last))


def _granted(application: Application) -> State:
    words = [_("Granted")]
    if application.granted_on:
        words = [_("Granted on %(day)s", day=day(application.granted_on))]
    if application.granted is not None:
        words.append(euros(application.granted))
    word = _("awarded")
    if application.paid_on:
        words.append(_("paid on %(day)s", day=day(application.paid_on)))
        word = _("paid out")
    if application.closed_on:
        word = _("closed")
    return State("quiet" if application.closed_on else "ok", word, ", ".join(words) + ".")


def lying(stay: Stay) -> str:
    """Say since when it lies where it lies."""
    place = str(stay.station.kind.label)
    if not stay.days:
        return _("Has been %(place)s since today.", place=place)
    return ngettext(
        "Has been %(place)s for %(num)s day.", "Has been %(place)s for %(num)s days.", stay.days, place=place
    )
