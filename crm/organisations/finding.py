"""Find Kommunen and other bodies by what people type: names old and new, abbreviations, keys, counties."""

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from flask import url_for
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from crm.chips import Chip, ChipSource, Unknown
from crm.db import db, today
from crm.folding import Match, Score, closest, fold, rank, search_words
from crm.organisations.facts import facts
from crm.organisations.models import KOMMUNEN, PARTIES, Level, Membership, Organisation, Succession
from crm.organisations.standard import standard_bodies

MOST = 8
# Fewer letters than these mean nobody outside Hessen.
ENOUGH = 3
MOST_OUTSIDE = 200
_ALL = re.compile(
    r"\s*(?:alle|all)\b(?:\s+[0-9]+)?(?:\s+(?:kommunen|städte und gemeinden|gemeinden|municipalities))?"
    r"(?:\s+(?:im|in|des|aus|of))?\s+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hit:
    """An organisation that answers to a query; `former` is the old name it was found by, if any."""

    organisation: Organisation
    score: Score
    former: str = ""


class Reading(enum.Enum):
    """What a typed name turned out to be."""

    EXACT = "exact"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Resolution:
    """A typed name read: the organisations that are meant, or the names that might be."""

    reading: Reading
    organisations: list[Organisation] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)


def search(
    text: str, on: date | None = None, limit: int | None = MOST, levels: Sequence[Level] = KOMMUNEN
) -> list[Hit]:
    """Find Kommunen by name or key, the best first; on demand other bodies too, behind equal Kommunen.

    With a day only what existed on it is found; without one, dissolved bodies come after living namesakes.
    """
    words = search_words(text)
    if not words:
        return []
    query = select(Organisation).where(_among(levels, words))
    query = query.where(*(Organisation.search_text.contains(word, autoescape=True) for word in words))
    if on is not None:
        query = query.where(Organisation.on(on))
    named = query.options(joinedload(Organisation.designations), joinedload(Organisation.keys))
    found = db.session.scalars(named).unique().all()
    former = _names_of_predecessors([place.id for place in found])
    hits = [hit for place in found if (hit := _hit(text, place, on or today(), former.get(place.id, [])))]
    return _in_order(hits, on or today())[:limit]


def _among(levels: Sequence[Level], words: list[str]) -> Any:
    """The levels as a condition; the many places outside Hessen answer only to the beginnings of words."""
    near = Organisation.level.in_([level for level in levels if level is not Level.ELSEWHERE])
    if Level.ELSEWHERE not in levels or max(map(len, words)) < ENOUGH:
        return near
    text = Organisation.search_text
    begun = [
        or_(text.startswith(word, autoescape=True), text.contains(f" {word}", autoescape=True))
        for word in words
    ]
    outside = select(Organisation.id).where(Organisation.level == Level.ELSEWHERE, *begun)
    shortest = outside.order_by(func.length(Organisation.sort_key), Organisation.id).limit(MOST_OUTSIDE)
    return or_(near, Organisation.id.in_(shortest))


def _in_order(hits: list[Hit], day: date) -> list[Hit]:
    """Best first; words found merely somewhere count only when there is nothing better."""
    if any(hit.score.match < Match.ANYWHERE for hit in hits):
        hits = [hit for hit in hits if hit.score.match < Match.ANYWHERE]

    def order(hit: Hit) -> tuple[Any, ...]:
        match, *rest = hit.score
        outside = hit.organisation.level is Level.ELSEWHERE
        return (
            # "Weimar" means the one in Hessen, though its whole name is longer.
            max(match, Match.WITHOUT_ADDITION) if outside else match,
            hit.organisation.level not in KOMMUNEN,
            not hit.organisation.holds_on(day),
            *rest,
            hit.organisation.sort_key,
            hit.organisation.id,
        )

    return sorted(hits, key=order)


def _hit(text: str, place: Organisation, day: date, predecessors: list[str]) -> Hit | None:
    keys = [key.key for key in place.keys if key.valid_to is None or not place.holds_on(day)]
    old_keys = [key.key for key in place.keys if key.key not in keys]
    names = [place.name, *initials_of([place.name, *(one.name for one in place.designations)])]
    former = [one.name for one in place.designations if one.name != place.name] + predecessors
    surroundings = [place.postcode] if place.postcode else []
    score = rank(
        text,
        names,
        former=former,
        keys=[*keys, *surroundings],
        former_keys=old_keys,
        context=place.search_text,
    )
    if score is None:
        return None
    named = [(one, name) for name in former if (one := rank(text, [name]))] if score.former else []
    return Hit(place, score, min(named)[1] if named else "")


def _names_of_predecessors(ids: Sequence[int]) -> dict[int, list[str]]:
    query = select(Succession.successor_id, Organisation.name).join(Succession.predecessor)
    found: dict[int, list[str]] = {}
    for successor_id, name in db.session.execute(query.where(Succession.successor_id.in_(ids))):
        found.setdefault(successor_id, []).append(name)
    return found


@cache
def _initials() -> dict[str, str]:
    """The usual short forms of long names of counties and other bodies."""
    known = {body.name: body.initials for body in facts().bodies} | {
        body.name: body.initials for body in standard_bodies()
    }
    return {name: initials for name, initials in known.items() if initials}


def initials_of(names: Iterable[str]) -> list[str]:
    """Give the usual short forms of what bears or bore these names."""
    return list(dict.fromkeys(_initials()[name] for name in names if name in _initials()))


def resolve(text: str, on: date | None = None) -> Resolution:
    """Read a typed name: a Kommune, another body, or all of a county ("alle Kommunen im Landkreis Fulda")."""
    if match := _ALL.match(text):
        county = _meant(text[match.end() :], search(text[match.end() :], on, limit=None))
        if len(county) == 1 and county[0].level is Level.COUNTY:
            return Resolution(Reading.EXACT, _municipalities(county, on or today())[county[0].id])
    hits = search(text, on, limit=None, levels=PARTIES)
    meant = _meant(text, hits)
    if len(meant) == 1:
        return Resolution(Reading.EXACT, meant)
    if meant:
        return Resolution(Reading.AMBIGUOUS, suggestions=[place.name for place in meant[:5]])
    near = [hit.organisation.name for hit in hits[:3]] or nearest(text, (*KOMMUNEN, Level.BODY))
    return Resolution(Reading.UNKNOWN, suggestions=near)


def only_one(text: str) -> Organisation | None:
    """Give the one Kommune that is meant, if there is just one."""
    meant = resolve(text).organisations if text else []
    return meant[0] if len(meant) == 1 else None


def nearest(text: str, levels: Sequence[Level] = KOMMUNEN) -> list[str]:
    """Names to offer when nothing was found."""
    return closest(text, _all_names(levels)) if text else []


def _meant(text: str, hits: list[Hit]) -> list[Organisation]:
    """Give what a typed name can mean: one place if it is clear, several if not; Kommunen before others."""
    own = [hit for hit in hits if hit.organisation.level in KOMMUNEN]
    others = [hit for hit in hits if hit.organisation.level not in KOMMUNEN]
    if found := _called(text, own) or _called(text, others):
        return found
    begun = [[hit.organisation for hit in group if hit.score.match <= Match.WORDS] for group in (own, others)]
    return begun[0] or begun[1]


def _called(text: str, hits: list[Hit]) -> list[Organisation]:
    """Those whose whole name was typed, else the name without its addition."""
    exact = [hit for hit in hits if hit.score.match is Match.EXACT]
    for group in ([hit for hit in exact if not hit.score.former], exact):
        if group:
            living = [hit for hit in group if hit.organisation.exists]
            return [hit.organisation for hit in living or group]
    start = fold(text) + " "
    short = [hit for hit in hits if hit.score.match is Match.WITHOUT_ADDITION]
    if short:
        longer = [hit for hit in hits if hit not in short and fold(hit.organisation.name).startswith(start)]
        return [hit.organisation for hit in short + longer]
    return []


def _all_names(levels: Sequence[Level]) -> list[str]:
    return list(db.session.scalars(select(Organisation.name).where(Organisation.level.in_(levels))))


def _municipalities(counties: list[Organisation], day: date) -> dict[int, list[Organisation]]:
    """The municipalities of several counties on a day, by the number of the county."""
    query = (
        select(Membership.parent_id, Organisation)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.parent_id.in_([county.id for county in counties]), Membership.on(day))
        .where(Organisation.level == Level.MUNICIPALITY, Organisation.on(day))
        .order_by(Organisation.sort_key, Organisation.id)
    )
    found: dict[int, list[Organisation]] = {county.id: [] for county in counties}
    for county_id, place in db.session.execute(query):
        found[county_id].append(place)
    return found


def suggestions(text: str, on: date | None = None) -> list[dict[str, Any]]:
    """Answer a chips field: hits with value, text, note; after a county an entry with all its `members`."""
    match = _ALL.match(text)
    hits = search(text[match.end() :] if match else text, on, levels=PARTIES)
    counties = [hit.organisation for hit in hits if hit.organisation.level is Level.COUNTY]
    groups = _municipalities(counties, on or today()) if counties else {}
    found: list[dict[str, Any]] = []
    for hit in hits:
        if not match:
            found.append(_chip(hit.organisation, hit.former).as_json())
        if groups.get(hit.organisation.id):
            found.append(_group(hit.organisation, groups[hit.organisation.id]))
    return found or _alike(text, on or today())


def _alike(text: str, day: date) -> list[dict[str, Any]]:
    """Offer what is written alike when nothing was found: a guess, to be taken only by whoever saw it."""
    names = nearest(text, (*KOMMUNEN, Level.BODY))
    query = select(Organisation).where(Organisation.name.in_(names), Organisation.on(day))
    places = sorted(db.session.scalars(query) if names else [], key=lambda place: names.index(place.name))
    chips = [_chip(place) for place in places if place.level in PARTIES]
    return [replace(one, note=f"{one.note} · {_('written alike')}", guess=True).as_json() for one in chips]


def _group(county: Organisation, places: list[Organisation]) -> dict[str, Any]:
    text = _("All %(num)s municipalities in %(county)s", num=len(places), county=county.name)
    members = [_chip(place).as_json() for place in places]
    return {"value": f"all-{county.id}", "text": text, "note": county.note, "members": members}


def _chip(place: Organisation, former: str = "") -> Chip:
    parts = [place.note]
    if former:
        parts.append(_("formerly %(name)s", name=former))
    if place.valid_to is not None and not place.exists:
        parts.append(_("until %(day)s", day=format_date(place.valid_to, "dd.MM.yyyy")))
    return Chip(str(place.id), place.name, " · ".join(parts), counts=place.level in KOMMUNEN)


def chips(ids: list[int]) -> list[Chip]:
    """Chips for numbers, in their order; unknown numbers are left out."""
    query = select(Organisation).where(Organisation.id.in_(ids), Organisation.level.in_(PARTIES))
    found = {place.id: place for place in db.session.scalars(query)} if ids else {}
    return [_chip(found[number]) for number in ids if number in found]


def read(text: str) -> list[Chip] | Unknown:
    """Read a typed name for a chips field."""
    resolution = resolve(text)
    if resolution.reading is Reading.EXACT:
        return [_chip(place) for place in resolution.organisations]
    shown, names = text[:40], _(" or ").join(resolution.suggestions)
    if resolution.reading is Reading.AMBIGUOUS:
        return Unknown(
            _("“%(text)s” can mean several: %(names)s. Write the whole name.", text=shown, names=names)
        )
    if names:
        return Unknown(_("“%(text)s” is no municipality. Did you mean %(names)s?", text=shown, names=names))
    return Unknown(
        _("“%(text)s” is neither a municipality nor a body on record. Check the spelling.", text=shown)
    )


def chip_source() -> ChipSource:
    """Where the chips of Kommunen and other bodies come from."""
    return ChipSource(url=url_for("organisations.search"), chips=chips, read=read)
