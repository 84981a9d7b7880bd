"""Who could join: plain values in, candidates with their reasons in words out.

Near ones come first, then whoever has more reasons, then the shorter way. Whoever is a partner already is not
asked about; whoever declined or left stands last, with that said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.cooperations.kinds import Step
from crm.geography.whereabouts import Point, kilometres
from crm.i18n import day as german
from crm.i18n import kilometres as length

MOST, MOST_FAR, MOST_GONE = 12, 3, 3
# How far apart two municipalities, and the middles of two counties, are still near.
NEAR_KM, NEAR_COUNTIES_KM = 15, 50
# A little less than it is, so that rounding loses nobody.
KM_OF_A_DEGREE = 111
# What speaks for somebody, by weight.
TALK, PLANS, BORDER, SIZE = 3, 3, 1, 1


@dataclass(frozen=True)
class Place:
    """A Kommune of today: where it lies, and how many people live there."""

    id: int
    name: str
    at: Point | None = None
    population: int | None = None
    is_county: bool = False
    county_id: int | None = None
    county: str = ""


@dataclass(frozen=True)
class Gone:
    """Somebody was in it once: by which step it went, when, which partner that is, of which other group."""

    step: Step
    on: date | None
    partner_id: int
    group: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of a Kommune in the asked task fields, as far as the user may see it."""

    talked_on: date | None = None
    talked_about: str = ""
    plans: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    gone: Gone | None = None


NOTHING = Known()


@dataclass(frozen=True)
class Suggestion:
    """A candidate with what speaks for it and against it; `km` to the nearest partner, `metres` of border."""

    place: Place
    km: float | None = None
    metres: int | None = None
    is_near: bool = False
    weight: int = 0
    reasons: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    gone: Gone | None = None


@dataclass(frozen=True)
class _Judged:
    """What decides whether somebody is suggested; the words come after, for the few that are."""

    place: Place
    known: Known
    km: float | None
    metres: int | None
    beside: str
    is_similar: bool
    is_near: bool

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        known, beside = self.known, self.metres is not None
        weights = (TALK, known.talked_on), (PLANS, known.plans), (BORDER, beside), (SIZE, self.is_similar)
        return sum(weight for weight, holds in weights if holds)

    @property
    def order(self) -> tuple[bool, bool, bool, int, float, str]:
        """The place in the list, the smaller the earlier."""
        far = float("inf") if self.km is None else self.km
        name, gone = self.place.name.casefold(), self.known.gone is not None
        return gone, gone or bool(self.known.runs), not self.is_near, -self.weight, far, name


def suggest(
    partners: Sequence[Place],
    candidates: Iterable[Place],
    known: Mapping[int, Known],
    borders: Mapping[int, tuple[int, str]],
    asks_field: bool = True,
) -> list[Suggestion]:
    """Give at most twelve candidates, the best first.

    `borders` names for a candidate the metres of border and the partner behind it; `asks_field` tells whether
    there is a task field in which not cooperating yet means something.
    """
    sizes = [one.population for one in partners if one.population and not one.is_county]
    usual = median(sizes) if sizes else None
    judged = (
        _judged(place, partners, known.get(place.id, NOTHING), borders.get(place.id), usual)
        for place in candidates
    )
    found = [one for one in judged if one.is_near or one.weight >= TALK or one.known.gone]
    return [_in_words(one, partners, asks_field) for one in _shown(found)]


def _shown(found: list[_Judged]) -> list[_Judged]:
    """Keep the best, and some room for those far away that have the same in mind, and for those that went."""
    found = sorted(found, key=lambda one: one.order)
    gone = [one for one in found if one.known.gone][:MOST_GONE]
    far = [one for one in found if not one.known.gone and not one.is_near][:MOST_FAR]
    near = [one for one in found if not one.known.gone and one.is_near][: MOST - len(far) - len(gone)]
    return sorted([*near, *far, *gone], key=lambda one: one.order)


def _judged(
    place: Place, partners: Sequence[Place], known: Known, border: tuple[int, str] | None,
    usual: float | None,
) -> _Judged:  # fmt: skip
    nearest, km = _nearest(place, partners)
    metres, beside = border if border else (None, nearest)
    reach = NEAR_COUNTIES_KM if place.is_county else NEAR_KM
    is_near = metres is not None or (km is not None and km <= reach)
    is_near = is_near or any(one.id == place.county_id or one.county_id == place.id for one in partners)
    return _Judged(place, known, km, metres, beside, _is_similar(place, usual), is_near)


def _in_words(one: _Judged, partners: Sequence[Place], asks_field: bool) -> Suggestion:
    known, against = one.known, []
    reasons = [*_near(one), *_of_county(one.place, partners), *_of_talk(known), *_of_plans(known)]
    if one.is_similar:
        reasons.append(_("similar size"))
    if known.runs:
        against.append(_("cooperates in this field already: %(names)s", names=_listed(known.runs)))
    elif asks_field:
        reasons.append(_("no running cooperation in this field yet"))
    if not one.is_near and one.km is not None:
        against.append(_("%(km)s to %(name)s", km=length(one.km), name=one.beside))
    if known.gone:
        against.append(_of_going(known.gone))
    return Suggestion(one.place, one.km, one.metres, one.is_near, one.weight, reasons, against, known.gone)


def _nearest(place: Place, partners: Iterable[Place]) -> tuple[str, float | None]:
    """The nearest partner; a county is near to counties only, for a municipality lies somewhere inside."""
    best: tuple[float, str] | None = None
    for one in partners:
        if not place.at or not one.at or place.is_county != one.is_county:
            continue
        # Most are farther to the north or south alone than another is altogether.
        if best is None or abs(place.at[1] - one.at[1]) * KM_OF_A_DEGREE <= best[0]:
            way = kilometres(place.at, one.at), one.name
            best = way if best is None else min(best, way)
    return (best[1], best[0]) if best else ("", None)


def _near(one: _Judged) -> list[str]:
    if one.metres is not None:
        return [_("borders on %(name)s: %(length)s", name=one.beside, length=length(one.metres / 1000))]
    if one.km is None or one.km > (NEAR_COUNTIES_KM if one.place.is_county else NEAR_KM):
        return []
    return [_("near: %(km)s to %(name)s", km=length(one.km), name=one.beside)]


def _of_county(place: Place, partners: Sequence[Place]) -> list[str]:
    """A county and what lies in it belong together, though no distance says so."""
    if any(one.id == place.county_id for one in partners):
        return [_("lies in %(name)s", name=place.county)]
    number = sum(1 for one in partners if one.county_id == place.id)
    return [ngettext("county of %(num)s partner", "county of %(num)s partners", number)] if number else []


def _of_talk(known: Known) -> list[str]:
    if known.talked_on is None:
        return []
    return [_("talk about %(field)s on %(day)s", field=known.talked_about, day=german(known.talked_on))]


def _of_plans(known: Known) -> list[str]:
    return [_("plans the same: %(names)s", names=_listed(known.plans))] if known.plans else []


def _is_similar(place: Place, usual: float | None) -> bool:
    """Half to double of what the partners have in the middle."""
    if place.is_county or not usual or not place.population:
        return False
    return usual / 2 <= place.population <= usual * 2


def _of_going(gone: Gone) -> str:
    said = _("%(step)s, nobody knows when", step=gone.step.label)
    if gone.on is not None:
        said = _("%(step)s on %(day)s", step=gone.step.label, day=german(gone.on))
    return f"{said} ({gone.group})" if gone.group else said


def _listed(titles: Sequence[str]) -> str:
    """Two titles and how many more."""
    more = _(" and %(num)s more", num=len(titles) - 2) if len(titles) > 2 else ""
    return ", ".join(titles[:2]) + more
