"""Questions about attendance: who is on the list, who came, who did not, from where and as whom."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import reduce
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from crm import folding
from crm.attendance.models import Certainty, HeadCount
from crm.db import db
from crm.events.models import OVER, Event, EventState
from crm.labels import Labelled, name_members
from crm.organisations.models import KOMMUNEN, Organisation
from crm.registrations import queries as registrations
from crm.registrations.models import GONE, TAKEN, UNREGISTERED, GuestKind, Registration, Seat

MOST, MOST_CANDIDATES, MOST_ON_PAPER = 600, 5000, 2000
MOST_HEAD_COUNTS = 200


class Standing(Labelled):
    """What a list of guests is narrowed to; the values stand in addresses."""

    CAME = "da"
    OPEN = "offen"
    MISSED = "nicht-gekommen"
    UNREGISTERED = "ohne-anmeldung"
    TALK = "gespraech"


name_members(
    {
        Standing.CAME: _l("came"),
        Standing.OPEN: _l("not there yet"),
        Standing.MISSED: _l("did not come"),
        Standing.UNREGISTERED: _l("came without registration"),
        Standing.TALK: _l("wants a talk"),
    }
)

CAME = Registration.came_at.is_not(None)
# Who was let lapse never was a guest; who came nevertheless is one.
LISTED = (Registration.seat != Seat.LAPSED) | CAME
# A seat, a confirmed address, and still not there. Who was entered at the door has come or never was.
MISSED = (
    (Registration.seat == Seat.SEATED)
    & Registration.confirmed_at.is_not(None)
    & Registration.came_at.is_(None)
    & Registration.origin.not_in(UNREGISTERED)
)
_STANDING = {
    Standing.CAME: CAME,
    Standing.OPEN: Registration.came_at.is_(None) & Registration.seat.in_((*TAKEN, Seat.WAITING)),
    Standing.MISSED: MISSED,
    Standing.UNREGISTERED: CAME & Registration.origin.in_(UNREGISTERED),
    Standing.TALK: Registration.wants_talk,
}


@dataclass(frozen=True)
class Wanted:
    """What a list of guests is narrowed to. `elsewhere` means: from no organisation of the register."""

    text: str = ""
    organisation_id: int | None = None
    elsewhere: bool = False
    kind: GuestKind | None = None
    standing: Standing | None = None


def is_over(event: Event) -> bool:
    """Tell whether an event has taken place: from then on who is missing has not come."""
    if event.state is EventState.CANCELLED:
        return False
    return event.state in OVER or event.is_over


def guests(event_id: int, wanted: Wanted = Wanted()) -> Select[Registration]:
    """Select the guests of an event by name, narrowed down; their organisations are loaded."""
    query = select(Registration).where(Registration.event_id == event_id, LISTED, *_conditions(wanted))
    loaded = joinedload(Registration.organisation)
    return query.options(loaded).order_by(Registration.sort_key, Registration.id)


def _conditions(wanted: Wanted) -> Iterable[Any]:
    yield from registrations.mentioning(wanted.text)
    if wanted.organisation_id:
        yield Registration.organisation_id == wanted.organisation_id
    if wanted.elsewhere:
        yield Registration.organisation_id.is_(None)
    if wanted.kind:
        yield Registration.kind == wanted.kind
    if wanted.standing:
        yield _STANDING[wanted.standing]


def listing(event_id: int, wanted: Wanted = Wanted(), limit: int = MOST) -> list[Registration]:
    """The guests of an event by name, narrowed down."""
    if not wanted.text:
        return list(db.session.scalars(guests(event_id, wanted).limit(limit)))
    # The register also finds a place by its county; at the door only name and place count.
    words = folding.search_words(wanted.text)
    found = db.session.scalars(guests(event_id, wanted).limit(MOST_CANDIDATES))
    return [one for one in found if all(word in _shown_words(one) for word in words)][:limit]


def on_paper(event_id: int, came: bool, but: tuple[Seat, ...] = GONE) -> tuple[list[Registration], int]:
    """The named guests who came, or who are expected, by name; and how many do not fit on a paper."""
    named = func.coalesce(Registration.last_name, Registration.first_name, "") != ""
    query = guests(event_id).where(CAME if came else named & (CAME | Registration.seat.not_in(but)))
    found = list(db.session.scalars(query.limit(MOST_ON_PAPER)))
    if len(found) < MOST_ON_PAPER:
        return found, 0
    everybody = query.order_by(None).with_only_columns(func.count(Registration.id))
    return found, (db.session.scalar(everybody) or 0) - len(found)


def _shown_words(guest: Registration) -> str:
    return folding.search_text(guest.name, guest.from_where)


def is_no_show(registration: Registration) -> bool:
    """Tell whether somebody had a seat at an event that is over and did not come."""
    seated = registration.seat is Seat.SEATED and registration.is_confirmed
    missing = registration.came_at is None and registration.origin not in UNREGISTERED
    return seated and missing and is_over(registration.event)


@dataclass(frozen=True)
class Heads:
    """How many came: by name, counted, estimated; the three are never added up. And who was expected:
    whoever came on a registration is among them, also after signing off.
    """

    named: int = 0
    counted: int = 0
    estimated: int = 0
    missed: int = 0
    expected: int = 0
    arrived: int = 0
    at_the_door: int = 0

    @property
    def somebody_came(self) -> bool:
        """Tell whether somebody came."""
        return bool(self.named or self.counted or self.estimated)

    @property
    def somebody_counts(self) -> bool:
        """Tell whether somebody came, or should have."""
        return self.somebody_came or bool(self.missed)

    def __add__(self, other: "Heads") -> "Heads":
        """Add number by number."""
        return Heads(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Heads)))


@dataclass(frozen=True)
class Row:
    """The heads of one place or of one kind of guests; `key` is its number, or the kind."""

    key: Any
    text: str
    heads: Heads
    is_kommune: bool = False


@dataclass(frozen=True)
class Tally:
    """The heads of an event, in all, by place and by kind."""

    total: Heads
    places: list[Row]
    kinds: list[Row]

    @property
    def kommunen(self) -> list[Row]:
        """The Kommunen from which somebody came."""
        return [row for row in self.places if row.is_kommune and row.heads.somebody_came]


def tally(event_id: int) -> Tally:
    """Count the heads of an event: two statements, however many came."""
    cells = [*_named(event_id), *_unnamed(event_id)]
    kinds = {kind: sum_of(heads for _place, one, heads in cells if one is kind) for kind in GuestKind}
    return Tally(
        total=sum_of(heads for _place, _kind, heads in cells),
        places=_by_place(cells),
        kinds=[Row(kind, str(kind.label), heads) for kind, heads in kinds.items() if heads != Heads()],
    )


def sum_of(heads: Iterable[Heads]) -> Heads:
    """Add heads up, each number for itself."""
    return reduce(Heads.__add__, heads, Heads())


def _by_place(cells: list[Any]) -> list[Row]:
    """A row for each organisation by name; what comes from none stands at the end."""
    found, places = defaultdict(list), {}
    for place, _kind, heads in cells:
        found[place.id].append(heads)
        places[place.id] = place
    ordered = sorted(found, key=lambda number: (number is None, places[number].sort_key or "", number or 0))
    return [
        Row(number, places[number].name or "", sum_of(found[number]), places[number].level in KOMMUNEN)
        for number in ordered
    ]


_PLACE = Organisation.id, Organisation.name, Organisation.level, Organisation.sort_key


def _named(event_id: int) -> list[Any]:
    party, unregistered = 1 + Registration.companions, Registration.origin.in_(UNREGISTERED)
    query = (
        select(
            *_PLACE, Registration.kind,
            func.count(Registration.came_at),
            summed(CAME, Registration.companions),
            summed(MISSED, 1),
            summed((Registration.seat.in_(TAKEN) | CAME) & ~unregistered, party),
            summed(CAME & ~unregistered, party),
            summed(CAME & unregistered, party),
        )
        .outerjoin(Registration.organisation)
        .where(Registration.event_id == event_id)
        .group_by(*_PLACE, Registration.kind)
    )  # fmt: skip
    return [
        (row, row.kind, Heads(named, counted, 0, *map(int, rest)))
        for row in db.session.execute(query)
        for named, counted, *rest in [row[5:]]
    ]


def summed(condition: Any, number: Any) -> Any:
    """Add up a number over the rows for which a condition holds."""
    return func.coalesce(func.sum(case((condition, number), else_=0)), 0)


def _unnamed(event_id: int) -> list[Any]:
    counted, estimated = (
        summed(HeadCount.certainty == one, HeadCount.heads)
        for one in (Certainty.COUNTED, Certainty.ESTIMATED)
    )
    query = select(*_PLACE, HeadCount.kind, counted, estimated).outerjoin(HeadCount.organisation)
    query = query.where(HeadCount.event_id == event_id).group_by(*_PLACE, HeadCount.kind)
    return [(row, row.kind, Heads(0, int(row[5]), int(row[6]))) for row in db.session.execute(query)]


def head_counts(event_id: int) -> list[HeadCount]:
    """The heads counted or estimated at an event, in the order they were entered."""
    query = (
        select(HeadCount).where(HeadCount.event_id == event_id).options(joinedload(HeadCount.organisation))
    )
    return list(db.session.scalars(query.order_by(HeadCount.id).limit(MOST_HEAD_COUNTS)))


def head_count(event_id: int, head_count_id: int) -> HeadCount | None:
    """Load one of them."""
    query = select(HeadCount).where(HeadCount.id == head_count_id, HeadCount.event_id == event_id)
    return db.session.scalar(query.options(joinedload(HeadCount.organisation), joinedload(HeadCount.event)))


def same_guests(event_id: int, name: str) -> list[Registration]:
    """The guests of an event that bear a name, however it is written."""
    wanted = sorted(folding.fold(name).split())
    words = folding.search_words(name)
    if not words:
        return []
    alike = [Registration.search_text.contains(word, autoescape=True) for word in words]
    found = db.session.scalars(guests(event_id).where(*alike).limit(50))
    return [one for one in found if sorted(folding.fold(one.name).split()) == wanted]
