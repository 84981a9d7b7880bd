"""People named in a text. The text keeps a number, `@[#12]`; what is shown is the name of today.

So a name stands in one place only: what is changed, sealed or erased there is so in every text at once.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from crm.db import db

ERASED, RESTRICTED = "gelöschte Person", "gesperrte Person"
HIGHEST = 2_147_483_647
# No word stands in it: the search for a name that is to be erased passes it by.
TOKEN = re.compile(r"(?<!\\)@\[#([1-9][0-9]{0,9})\]")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Named:
    """Somebody as a text says it; one who is out of sight has neutral words for a name.

    `contact` is the number of the contact, another one than in the text where two were made one.
    """

    name: str
    contact: int = 0
    in_sight: bool = True


@dataclass
class _Session:
    """What one session knows of the people its texts name, and whom it will be asked for."""

    known: dict[int, Named] = field(default_factory=dict)
    waiting: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Source:
    """Where people come from; the area that keeps them says so.

    `by_number` gives {number: Named} of those there are, `by_name` gives {name: numbers} of those in sight,
    `url_of` gives the page of a contact, `offers` the address of suggestions.
    """

    by_number: Callable[[set[int]], dict[int, Named]]
    by_name: Callable[[set[str]], dict[str, set[int]]]
    url_of: Callable[[int], str]
    offers: Callable[[], str]


SOURCES: list[Source] = []


def token(number: int) -> str:
    """Give what a text keeps of somebody."""
    return f"@[#{number}]"


def numbers_in(*texts: str | None) -> set[int]:
    """Give the numbers of the people that texts name."""
    found = {int(one) for text in texts if text and "@[#" in text for one in TOKEN.findall(text)}
    return {one for one in found if one <= HIGHEST}


def expect(*texts: str | None) -> None:
    """Say that texts will be shown: the people of all of them are then looked up in one statement."""
    if numbers := numbers_in(*texts):
        _state().waiting.update(numbers)


def people(numbers: Iterable[int]) -> dict[int, Named]:
    """Give {number: Named} of those there are; what was expected comes along."""
    state, wanted = _state(), {one for one in numbers if one <= HIGHEST}
    if wanted - state.known.keys():
        asked = (wanted | state.waiting) - state.known.keys()
        for source in SOURCES:
            state.known |= source.by_number(asked)
        state.waiting.clear()
    return {one: state.known[one] for one in wanted if one in state.known}


def called(names: Iterable[str]) -> dict[str, set[int]]:
    """Give {name: numbers} of the people in sight who are called so."""
    wanted = set(names)
    found: dict[str, set[int]] = {one: set() for one in wanted}
    for source in SOURCES if wanted else ():
        found |= source.by_name(wanted)
    return found


def named(text: str | None) -> str:
    """Give a text with the names of today, as plain words."""
    return _said(text or "", lambda one: one.name)


def in_markdown(text: str | None, links: bool = False) -> str:
    """Give a note with the names of today, for the reader of notes: no sign of a name is a mark of it."""
    return _said(text or "", _link if links else _plain)


def neutral(text: str) -> str:
    """Make plain words of every number that nobody has, so that it names nobody later either."""
    there = people(numbers_in(text))

    def kept(match: re.Match[str]) -> str:
        return match[0] if int(match[1]) in there else "\\" + match[0]

    return TOKEN.sub(kept, text)


def _said(text: str, say: Callable[[Named], str]) -> str:
    if "@[#" not in text:
        return text
    found = people(numbers_in(text))
    nobody = Named(_("unknown person"), in_sight=False)
    return TOKEN.sub(lambda match: say(found.get(int(match[1]), nobody)), text)


def _plain(one: Named) -> str:
    return _PUNCTUATION.sub(r"\\\1", one.name)


def _link(one: Named) -> str:
    return f"[{_plain(one)}]({SOURCES[0].url_of(one.contact)})" if one.in_sight else _plain(one)


def _state() -> _Session:
    found: _Session = db.session().info.setdefault("naming", _Session())
    return found


@event.listens_for(Session, "after_flush")
def _forget_changed(session: Session, _context: Any) -> None:
    _forget(session)


@event.listens_for(Session, "do_orm_execute")
def _forget_written(state: ORMExecuteState) -> None:
    if not state.is_select:
        _forget(state.session)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    """Whatever was written may have been a name, and others may have written meanwhile."""
    if "naming" in session.info:
        session.info["naming"].known.clear()
