"""What the palette can do besides finding: log, make, go to; as far as one may, found by folded words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm import folding
from crm.access import Permission
from crm.folding import Match
from crm.navigation import LOW, MAIN
from crm.search.models import EntryKind
from crm.search.queries import Hit


@dataclass(frozen=True)
class Command:
    """Something to do: its name, the page that does it, the key that does it too; `words` find it as well."""

    text: str
    url: str
    icon: str
    key: str = ""
    words: str = ""


_MAKING: tuple[tuple[Any, str, dict[str, Any], str, str, str, Permission], ...] = (
    (_l("Log talk"), "consultations.log", {}, "plus-lg", "N", "neu neue gespräch notieren",
     Permission.WRITE_CONSULTATIONS),
    (_l("Log a call"), "consultations.log", {"weg": "anruf"}, "telephone", "T", "neu telefonat telefon",
     Permission.WRITE_CONSULTATIONS),
    (_l("Add a follow-up"), "follow_ups.new", {}, "check2-square", "", "neu neue aufgabe termin",
     Permission.WRITE_FOLLOW_UPS),
    (_l("Add a contact"), "contacts.new", {}, "people", "", "neu neue person", Permission.WRITE_PEOPLE),
    (_l("Add a cooperation"), "cooperations.new", {}, "diagram-3", "", "neu neue gruppe",
     Permission.WRITE_COOPERATIONS),
    (_l("Add an event"), "events.new", {}, "calendar-event", "", "neu neue termin tagung",
     Permission.WRITE_EVENTS),
    (_l("Add user"), "accounts.new_user", {}, "person-plus", "", "neu neues benutzer",
     Permission.MANAGE_USERS),
)  # fmt: skip
Offer = Callable[[Any], list[Command]]
_PLACES: list[Offer] = []


def offer(places: Offer) -> Offer:
    """Mark a function that gives pages of a room by their names, for a user; only typing finds them."""
    _PLACES.append(places)
    return places


def commands(user: Any) -> list[Command]:
    """All commands of this user: what is made first, then where to go."""
    making = [
        Command(str(text), url_for(endpoint, **arguments), icon, key, words)
        for text, endpoint, arguments, icon, key, words, permission in _MAKING
        if user.may(permission)
    ]
    going = [
        Command(_("Go to %(page)s", page=text), url_for(endpoint), icon)
        for endpoint, text, icon, permission in (*MAIN, *LOW)
        if user.may(permission)
    ]
    return making + going


def matching(user: Any, text: str) -> list[Command]:
    """Commands whose words all begin with those typed, in any order."""
    wanted = folding.fold(text).split()
    known = [*commands(user), *(one for places in _PLACES for one in places(user))]
    return [one for one in known if wanted and _answers(one, wanted)]


def about(user: Any, hit: Hit) -> list[Command]:
    """What can be done with the best hit: of a Kommune or body, log a talk with it."""
    if hit.kind is not EntryKind.ORGANISATION or hit.match >= Match.ANYWHERE:
        return []
    if not user.may(Permission.WRITE_CONSULTATIONS):
        return []
    url = url_for("consultations.log", kommune=hit.record_id)
    return [Command(_("Log a talk with %(name)s", name=hit.title), url, "plus-lg")]


def _answers(command: Command, wanted: list[str]) -> bool:
    words = folding.fold(f"{command.text} {command.words}").split()
    return all(any(word.startswith(part) for word in words) for part in wanted)
