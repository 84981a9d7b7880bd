"""How alike a question and a cooperation are: plain values in, points and reasons in words out.

One function says what counts how much. Nothing is known of databases here, and of persons neither.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from statistics import fmean
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _
from flask_babel import lazy_ngettext as ngettext
from flask_babel.speaklater import LazyString

from crm.cooperations.kinds import LegalForm, Stage
from crm.cooperations.suggestions import Place
from crm.examples.words import meeting, telling
from crm.geography.whereabouts import kilometres
from crm.i18n import kilometres as length
from crm.i18n import number

NEAR_KM = 25
# From this share of the larger number on, two sizes are alike.
ALIKE = 0.5


class Field(NamedTuple):
    """A task field and the group it lies in."""

    id: int
    name: str
    parent_id: int | None = None
    parent: str = ""


@dataclass(frozen=True)
class Question:
    """What somebody wants to do: fields or words, with whom, how large, where, in which form."""

    fields: tuple[Field, ...] = ()
    words: str = ""
    places: tuple[Place, ...] = ()
    population: int | None = None
    county_id: int | None = None
    number: int | None = None
    form: LegalForm | None = None

    @property
    def is_narrow(self) -> bool:
        """Tell whether it says what is to be done; then nothing else is an answer."""
        return bool(self.fields or telling(self.words))

    @cached_property
    def said(self) -> tuple[str, ...]:
        """The words of it that say something about a task."""
        return telling(" ".join([*(one.name for one in self.fields), self.words]))

    @cached_property
    def field_ids(self) -> set[int]:
        """The task fields it names."""
        return {one.id for one in self.fields}

    @cached_property
    def group_ids(self) -> set[int]:
        """The groups of task fields they lie in."""
        return {one.parent_id for one in self.fields if one.parent_id}

    @cached_property
    def place_ids(self) -> set[int]:
        """Who wants to work together."""
        return {one.id for one in self.places}

    @cached_property
    def size(self) -> float | None:
        """Inhabitants of one municipality, on average."""
        return self.population or size_of(self.places)

    @cached_property
    def counties(self) -> set[int]:
        """The counties it is about."""
        return {self.county_id} if self.county_id else counties_of(self.places)

    @cached_property
    def _ways(self) -> dict[Any, float]:
        return {}

    def way_to(self, place: Place) -> float:
        """Kilometres from the nearest of its own places of the same sort; infinite where nothing is known.

        Many cases name the same places: each way is measured once.
        """
        there = place.at, place.is_county
        if there not in self._ways:
            own = (one.at for one in self.places if one.at and one.is_county == place.is_county)
            ways = (kilometres(at, place.at) for at in own) if place.at else ()
            self._ways[there] = min(ways, default=float("inf"))
        return self._ways[there]

    @property
    def partners(self) -> int | None:
        """How many want to work together."""
        return self.number or len(self.places) or None


@dataclass(frozen=True)
class Case:
    """A cooperation with experience: running, ended, or agreed on by contract."""

    id: int
    title: str
    stage: Stage
    form: LegalForm | None = None
    fields: tuple[Field, ...] = ()
    places: tuple[Place, ...] = ()
    number: int = 0
    is_released: bool = False


@dataclass(frozen=True)
class Weights:
    """The most points of each likeness."""

    field: float = 100
    words: float = 80
    group: float = 35
    more: float = 5
    size: float = 16
    county: float = 14
    near: float = 12
    number: float = 12
    with_county: float = 8
    form: float = 8
    stage: float = 4
    released: float = 6


USUAL = Weights()


@dataclass
class Match:
    """A case with its points, and why it is shown."""

    case: Case
    points: float = 0
    km: float = float("inf")
    is_about_it: bool = False
    told: list[Any] = field(default_factory=list)

    @property
    def reasons(self) -> list[str]:
        """Why it is shown; of the many that are compared, few are, so they are put into words here."""
        return [str(one) for one in self.told]

    @property
    def order(self) -> tuple[float, float, str]:
        """The place in the list, the smaller the earlier."""
        return -round(self.points, 3), self.km, self.case.title.casefold()


def best(question: Question, cases: Iterable[Case], most: int, weights: Weights = USUAL) -> list[Match]:
    """Give the cases most like a question, the best first."""
    found = (score(question, case, weights) for case in cases)
    shown = (one for one in found if one.is_about_it or not question.is_narrow)
    return sorted(shown, key=lambda one: one.order)[:most]


def score(question: Question, case: Case, weights: Weights = USUAL) -> Match:
    """Say how alike a question and a case are; where it is about something else, nothing more is asked."""
    made = Match(case)
    _field(question, case, weights, made)
    if made.is_about_it or not question.is_narrow:
        for judge in (_size, _place, _number, _form, _standing):
            judge(question, case, weights, made)
    return made


def _field(question: Question, case: Case, weights: Weights, made: Match) -> None:
    """The same task, one that is called alike, or one of the same group."""
    own = question.field_ids
    same = [one.name for one in case.fields if one.id in own or one.parent_id in own]
    title = meeting(question.said, telling(case.title))
    word = title or meeting(question.said, telling(" ".join(one.name for one in case.fields)))
    beside = [one for one in case.fields if one.parent_id in question.group_ids]
    made.is_about_it = bool(same or word or beside)
    if same:
        made.points += weights.field + weights.more * min(len(same) - 1 + bool(title), 2)
        made.told.append(_("same task field: %(names)s", names=", ".join(same[:2])))
    elif word:
        made.points += weights.words
        names = ", ".join(one.name for one in case.fields[:2]) or case.title
        made.told.append(_("related task: %(names)s", names=names))
    elif beside:
        made.points += weights.group
        made.told.append(
            _("same group of tasks: %(group)s (%(name)s)", group=beside[0].parent, name=beside[0].name)
        )


def _size(question: Question, case: Case, weights: Weights, made: Match) -> None:
    mine, other = question.size, size_of(case.places)
    if not mine or not other:
        return
    share = min(mine, other) / max(mine, other)
    made.points += weights.size * share
    if share >= ALIKE:
        people = LazyString(number, round(other, -2))
        made.told.append(_("alike in size: %(people)s inhabitants on average", people=people))


def _place(question: Question, case: Case, weights: Weights, made: Match) -> None:
    """Somebody of them is in it, it is in the same county, or not far."""
    inside = [one.name for one in case.places if one.id in question.place_ids]
    if inside:
        made.told.append(_("%(names)s take part themselves", names=", ".join(inside[:2])))
    shared = question.counties & counties_of(case.places)
    if shared:
        made.points += weights.county
        made.told.append(_("same county: %(name)s", name=_county_name(case, shared)))
    made.km, nearest = min(
        ((question.way_to(one), one.name) for one in case.places), default=(float("inf"), "")
    )
    if made.km <= NEAR_KM:
        made.points += weights.near * (1 - made.km / (2 * NEAR_KM))
        if not inside:
            made.told.append(_("near: %(km)s to %(name)s", km=LazyString(length, made.km), name=nearest))


def _county_name(case: Case, shared: set[int]) -> str:
    named = {one.county_id: one.county for one in case.places if one.county}
    named |= {one.id: one.name for one in case.places if one.is_county}
    return next((named[one] for one in sorted(shared) if one in named), "")


def _number(question: Question, case: Case, weights: Weights, made: Match) -> None:
    mine, other = question.partners, case.number
    if mine and other:
        made.points += weights.number * min(mine, other) / max(mine, other)
    if mine and mine == other and mine > 1:
        made.told.append(ngettext("also %(num)s partner", "also %(num)s partners", other))
    if _has_county(question.places) and _has_county(case.places):
        made.points += weights.with_county
        made.told.append(_("with the county as a partner"))


def _form(question: Question, case: Case, weights: Weights, made: Match) -> None:
    if question.form is not None and question.form is case.form:
        made.points += weights.form
        made.told.append(_("same form: %(form)s", form=case.form.label))


def _standing(_question: Question, case: Case, weights: Weights, made: Match) -> None:
    """What works already tells more than what is only agreed on; a released example can be passed on."""
    if case.stage is Stage.RUNNING:
        made.points += weights.stage
    if case.is_released:
        made.points += weights.released
        made.told.append(_("released as practice example"))


def _has_county(places: Iterable[Place]) -> bool:
    return any(one.is_county for one in places)


def size_of(places: Iterable[Place]) -> float | None:
    """Inhabitants of one municipality of these, on average; counties do not count."""
    sizes = [one.population for one in places if one.population and not one.is_county]
    return fmean(sizes) if sizes else None


def counties_of(places: Iterable[Place]) -> set[int]:
    """The counties some places are or lie in."""
    return {number for one in places if (number := one.id if one.is_county else one.county_id)}
