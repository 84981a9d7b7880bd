"""Take a pasted sign-in list over: who stands on it came. Pasted twice it changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update

from crm import audit
from crm.addresses import comparable
from crm.attendance import inviting, queries, services
from crm.attendance.inviting import Invited
from crm.attendance.matching import NEW, SKIP, Fit, Known, Match, answer_of, match
from crm.attendance.signatures import Line, read_list
from crm.closing import guard
from crm.db import db
from crm.events.models import Event
from crm.folding import fold, without_addition
from crm.organisations.models import KOMMUNEN, Level, Organisation
from crm.registrations import seats
from crm.registrations.kinds import kind_of
from crm.registrations.models import GuestKind, Origin, Registration

PLACES = (*KOMMUNEN, Level.BODY)
_BEFORE_NAMES = {
    "stadt", "gemeinde", "kommune", "kreisstadt", "universitatsstadt", "marktgemeinde", "marktflecken",
    "magistrat", "gemeindevorstand", "kreisausschuss", "verwaltung", "d", "gemeindeverwaltung",
    "stadtverwaltung", "kreisverwaltung",
}  # fmt: skip


@dataclass
class Places:
    """The organisations of the register by every short name that means just one of them."""

    by_name: dict[str, Any]

    @classmethod
    def load(cls) -> "Places":
        """Read the names of all Kommunen and bodies that exist: one statement."""
        query = select(Organisation.id, Organisation.name, Organisation.level).where(
            Organisation.level.in_(PLACES), Organisation.valid_to.is_(None)
        )
        found: dict[str, set[Any]] = {}
        for place in db.session.execute(query.order_by(Organisation.id)):
            for name in {fold(place.name), fold(without_addition(place.name))}:
                found.setdefault(name, set()).add(tuple(place))
        return cls({name: next(iter(ones)) for name, ones in found.items() if len(ones) == 1})

    def read(self, text: str) -> Any:
        """Give (number, name, level) of the organisation a text names, else None."""
        words = fold(text).split()
        while len(words) > 1 and words[0] in _BEFORE_NAMES:
            words.pop(0)
        return self.by_name.get(fold(text)) or self.by_name.get(" ".join(words))


@dataclass(frozen=True)
class Newcomer:
    """Who a line without a guest means, as it would be entered."""

    values: dict[str, Any]
    place: str

    @classmethod
    def of(cls, line: Line, places: Places) -> "Newcomer":
        """Read place and function of a line."""
        line = _without_separator(line, places)
        known = [(part, found) for part in line.rest if (found := places.read(part))]
        _part, place = known[0] if known else ("", None)
        others = [part for part in line.rest if not known or part != known[0][0]]
        kind = kind_of(others, place[2] if place else None)
        named = [part for part in others if kind_of([part], None) is GuestKind.OTHER]
        text = None if place else ", ".join(named)[:200] or None
        values = {
            "first_name": line.first_name or None, "last_name": line.last_name, "kind": kind,
            "organisation_id": place[0] if place else None, "organisation_text": text,
            "email": line.email or None,
        }  # fmt: skip
        return cls(values, place[1] if place else text or "")


def _without_separator(line: Line, places: Places) -> Line:
    """Read „Hans Meier Buseck“ and „Meier, Buseck“ as somebody from Buseck where there is such a place."""
    if line.rest:
        return line
    if places.read(line.first_name):
        return replace(line, first_name="", rest=(line.first_name,))
    first, _blank, last = line.first_name.rpartition(" ")
    if not first or not places.read(line.last_name):
        return line
    return replace(line, first_name=first, last_name=last, rest=(line.last_name,))


@dataclass(frozen=True)
class Checked:
    """A list compared with the guests: what was found for each line."""

    matches: list[Match]
    guests: dict[int, Registration | Invited]
    newcomers: dict[int, Newcomer]

    def fitting(self, fit: Fit) -> list[Match]:
        """The lines of one degree of clarity."""
        return [one for one in self.matches if one.fit is fit]


def check(event: Event, text: str) -> Checked:
    """Compare a list with guests and invited people of an event: three statements, however long it is."""
    registered = queries.listing(event.id, limit=5000)
    invited = inviting.missing(event.id, registered)
    # Of two with the same address the last one is found: who is registered.
    known = [one.known for one in invited] + [_known(one) for one in registered]
    guests: dict[int, Registration | Invited] = {one.id: one for one in registered}
    guests.update((one.id, one) for one in invited)
    matches = match(read_list(text), known)
    places = Places.load()
    newcomers = {one.line.number: Newcomer.of(one.line, places) for one in matches if one.line.last_name}
    return Checked(matches, guests, newcomers)


def _known(one: Registration) -> Known:
    return Known.of(one.id, one.first_name or "", one.last_name or "", one.from_where, one.address_key)


@dataclass(frozen=True)
class Taken:
    """What a list brought: guests who came, and guests nobody knew before."""

    came: int
    new: int


def take_over(event: Event, text: str, answers: Mapping[int, str], by: Any) -> Taken:
    """Enter who came. `answers` say by line who is meant; lines without one are taken as they were found."""
    services.check_held(event)
    event = seats.lock(event.id)
    checked, came, new = check(event, text), set(), []
    for one in checked.matches:
        answer = answers.get(one.line.number) or one.usual or SKIP
        if one.fit is Fit.SURE and answer == NEW:
            # Entered meanwhile by a colleague, or by the same list.
            answer = one.usual
        chosen = [number for number in checked.guests if answer_of(number) == answer]
        came |= set(chosen)
        if answer == NEW and one.line.number in checked.newcomers:
            new.append(checked.newcomers[one.line.number])
    arrived = _tick(event, came) + _enter_invited(event, checked, came, by)
    keys = select(Registration.address_key).where(Registration.event_id == event.id)
    used = {key for key in db.session.scalars(keys) if key}
    for newcomer in new:
        services.guest_of(event, _own_address(newcomer, used), Origin.LIST)
    if arrived or new:
        audit.record("event.list-taken", event, by, guests=(None, arrived + len(new)))
    return Taken(arrived, len(new))


def _enter_invited(event: Event, checked: Checked, numbers: set[int], by: Any) -> int:
    """Make those who were invited only, guests who are there; give how many."""
    met = [checked.guests[number] for number in sorted(numbers)]
    found: list[Invited] = [one for one in met if isinstance(one, Invited)]
    for one in found:
        inviting.enter(event, one.invitation, Origin.LIST, by)
    return len(found)


def _own_address(newcomer: Newcomer, used: set[str]) -> dict[str, Any]:
    """An address registers once for an event: somebody else under it comes without."""
    email = newcomer.values["email"]
    if not email or comparable(email) in used:
        return newcomer.values | {"email": None}
    used.add(comparable(email))
    return newcomer.values


def _tick(event: Event, numbers: set[int]) -> int:
    """Note for all of them at once that they came; who is there already stays as they are."""
    if not numbers:
        return 0
    missing = (
        Registration.event_id == event.id, Registration.id.in_(numbers), Registration.came_at.is_(None)
    )  # fmt: skip
    if db.session.scalar(select(Registration.id).where(*missing).limit(1)) is None:
        return 0
    guard.touch(event)
    absent = update(Registration).where(*missing)
    values = {"came_at": services.arrival(event), "version": Registration.version + 1}
    done = db.session.execute(absent.values(values).execution_options(synchronize_session=False))
    db.session.expire_all()
    return int(done.rowcount)  # type: ignore[attr-defined]
