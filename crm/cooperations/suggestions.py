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

    @property
    def order(self) -> tuple[bool, bool, bool, int, float, str]:
        """The place in the list, the smaller the earlier."""
        far = float("inf") if self.km is None else self.km
        name = self.place.name.casefold()
        return self.gone is not None, bool(self.against), not self.is_near, -self.weight, far, name


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
    found = []
    for place in candidates:
        made = _judged(
            place, partners, known.get(place.id, NOTHING), borders.get(place.id), usual, asks_field
        )
        if made.is_near or made.weight >= TALK or made.gone:
            found.append(made)
    return _shown(sorted(found, key=lambda one: one.order))


def _shown(found: list[Suggestion]) -> list[Suggestion]:
    """Keep the best, and some room for those far away that have the same in mind, and for those that went."""
    gone = [one for one in found if one.gone][:MOST_GONE]
    far = [one for one in found if not one.gone and not one.is_near][:MOST_FAR]
    near = [one for one in found if not one.gone and one.is_near][: MOST - len(far) - len(gone)]
    return sorted([*near, *far, *gone], key=lambda one: one.order)


def _judged(
    place: Place, partners: Sequence[Place], known: Known, border: tuple[int, str] | None,
    usual: float | None, asks_field: bool,
) -> Suggestion:  # fmt: skip
    nearest, km = _nearest(place, partners)
    metres, beside = border if border else (None, nearest)
    near = _near(place, km, metres, beside) + _of_county(place, partners)
    weight, reasons, against = BORDER if border else 0, [*near], []
    for counts, said in (_of_talk(known), _of_plans(known), _of_size(place, usual)):
        weight += counts
        reasons += said
    if known.runs:
        against.append(_("cooperates in this field already: %(names)s", names=_listed(known.runs)))
    elif asks_field:
        reasons.append(_("no running cooperation in this field yet"))
    if known.gone:
        against.append(_of_going(known.gone))
    return Suggestion(place, km, metres, bool(near), weight, reasons, against, known.gone)


def _nearest(place: Place, partners: Iterable[Place]) -> tuple[str, float | None]:
    """The nearest partner; a county is near to counties only, for a municipality lies somewhere inside."""
    ways = [
        (kilometres(place.at, one.at), one.name)
        for one in partners
        if place.at and one.at and place.is_county == one.is_county
    ]
    return (min(ways)[1], min(ways)[0]) if ways else ("", None)


def _near(place: Place, km: float | None, metres: int | None, beside: str) -> list[str]:
    if metres is not None:
        return [_("borders on %(name)s: %(length)s", name=beside, length=length(metres / 1000))]
    if km is None or km > (NEAR_COUNTIES_KM if place.is_county else NEAR_KM):
        return []
    return [_("near: %(km)s to %(name)s", km=length(km), name=beside)]


def _of_county(place: Place, partners: Sequence[Place]) -> list[str]:
    """A county and what lies in it belong together, though no distance says so."""
    if any(one.id == place.county_id for one in partners):
        return [_("lies in %(name)s", name=place.county)]
    number = sum(1 for one in partners if one.county_id == place.id)
    return [ngettext("county of %(num)s partner", "county of %(num)s partners", number)] if number else []


def _of_talk(known: Known) -> tuple[int, list[str]]:
    if known.talked_on is None:
        return 0, []
    said = _("talk about %(field)s on %(day)s", field=known.talked_about, day=german(known.talked_on))
    return TALK, [said]


def _of_plans(known: Known) -> tuple[int, list[str]]:
    return (PLANS, [_("plans the same: %(names)s", names=_listed(known.plans))]) if known.plans else (0, [])


def _of_size(place: Place, usual: float | None) -> tuple[int, list[str]]:
    """Half to double of what the partners have in the middle."""
    if place.is_county or not usual or not place.population or not usual / 2 <= place.population <= usual * 2:
        return 0, []
    return SIZE, [_("similar size")]


def _of_going(gone: Gone) -> str:
    said = _("%(step)s, nobody knows when", step=gone.step.label)
    if gone.on is not None:
        said = _("%(step)s on %(day)s", step=gone.step.label, day=german(gone.on))
    return f"{said} ({gone.group})" if gone.group else said


def _listed(titles: Sequence[str]) -> str:
    """Two titles and how many more."""
    more = _(" and %(num)s more", num=len(titles) - 2) if len(titles) > 2 else ""
    return ", ".join(titles[:2]) + more
