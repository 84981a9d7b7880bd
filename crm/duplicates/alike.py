"""Who may be meant, while somebody types: fast enough to be asked at every pause."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import func, literal, or_, select

from crm.addresses import spellings
from crm.contacts.finding import called
from crm.contacts.models import Function, Person
from crm.contacts.queries import with_functions
from crm.db import db
from crm.duplicates import reading
from crm.duplicates.likeness import Name, compare, words_of
from crm.duplicates.models import DistinctPair
from crm.duplicates.scoring import Known, Verdict, in_words, known, score

MOST_CANDIDATES, MOST_SHOWN = 2000, 5
# A shorter beginning would be in half of all names.
SHORTEST_WORD = 3


class Alike(NamedTuple):
    """Somebody who may be meant, and why."""

    id: int
    person: Person
    verdict: Verdict

    @property
    def reasons(self) -> list[str]:
        """Why, in words."""
        return in_words(self.verdict)


def alike(
    name: str,
    mails: Iterable[str | None] = (),
    phones: Iterable[str | None] = (),
    places: Iterable[int] = (),
    but: int | None = None,
) -> list[Alike]:
    """Find people likely to be the one that is typed, the surest first; `but` is the one being edited."""
    typed = known(0, name, mails, phones, dict.fromkeys(places, ""))
    ids = _candidates(typed, but)
    if not ids:
        return []
    found = [(one.id, verdict) for one in reading.people(ids) if (verdict := score(one, typed))]
    found.sort(key=lambda pair: (pair[1].level.rank, pair[0]))
    verdicts = dict(found[:MOST_SHOWN])
    people = {one.id: one for one in with_functions(select(Person).where(Person.id.in_(verdicts)))}
    return [Alike(number, people[number], verdict) for number, verdict in verdicts.items()]


def _candidates(typed: Known, but: int | None) -> list[int]:
    """Numbers of people whose name fits, or who are reached by one of the addresses or phones."""
    long = [word for word in typed.words if len(word) >= SHORTEST_WORD] or list(typed.words)
    reached = _reached(typed)
    conditions: list[Any] = [called(word) for word in long]
    conditions += [] if reached is None else [reached]
    if not conditions:
        return []
    told = literal(False) if reached is None else reached
    query = select(Person.id, Person.first_name, Person.last_name, told.label("reached"))
    query = query.where(or_(*conditions), Person.id != (but or 0), ~_told_apart(but or 0))
    rows = db.session.execute(query.order_by(Person.id).limit(MOST_CANDIDATES))
    return [row.id for row in rows if row.reached or _fits(row, typed)]


def _reached(typed: Known) -> Any:
    """The condition that somebody has an address or mobile number that is typed; None where there is none."""
    spelt = {one for mail in typed.mails for one in spellings(mail)}
    ways: list[Any] = [func.lower(Function.email).in_(spelt)] if spelt else []
    ways += [Function.phone.contains(one[-6:]) for one in typed.mobiles]
    own: list[Any] = [func.lower(Person.email).in_(spelt)] if spelt else []
    own += [Person.phone.contains(one[-6:]) for one in typed.mobiles]
    return or_(*own, Person.id.in_(select(Function.person_id).where(or_(*ways)))) if ways else None


def _fits(row: Any, typed: Known) -> bool:
    words = words_of(f"{row.first_name or ''} {row.last_name}")
    return compare(words, typed.words) not in (Name.OTHER, Name.SHARED)


def _told_apart(number: int) -> Any:
    """The condition that somebody was said to be another one than the one being edited."""
    pair = select(DistinctPair.id).where(
        ((DistinctPair.low_person_id == number) & (DistinctPair.high_person_id == Person.id))
        | ((DistinctPair.high_person_id == number) & (DistinctPair.low_person_id == Person.id))
    )
    return pair.exists()


def of_person(person: Person) -> list[Alike]:
    """Find people likely to be the same as a stored one."""
    held = person.functions
    mails, phones = [person.email, *(one.email for one in held)], [person.phone, *(one.phone for one in held)]
    return alike(person.full_name, mails, phones, {one.organisation_id for one in held}, person.id)


def newly(person: Person, name: str, values: dict[str, Any]) -> list[Alike]:
    """Find people likely to be the same by what is typed about a stored one, but not by what is stored.

    `values` holds the columns email and phone as they are to become.
    """
    if (name, values["email"], values["phone"]) == (person.full_name, person.email, person.phone):
        return []
    places = {one.organisation_id for one in person.functions}
    found = alike(name, [values["email"]], [values["phone"]], places, person.id)
    before = {one.id for one in of_person(person)} if found else set()
    return [one for one in found if one.id not in before]
