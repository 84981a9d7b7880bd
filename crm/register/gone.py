"""Bodies the register knows and a file does not have: their successors, or a doubt."""

from flask_babel import gettext as _

from crm.importing import Finding, Refused
from crm.organisations.models import Level
from crm.register.places import Place
from crm.register.plan import Change, Plan
from crm.register.timeline import DAY, closed


def settle(plan: Plan, matched: dict[str, Place], successors: dict[str, str]) -> None:
    """Close what has a successor, doubt what has none; nothing that is missing is ever deleted.

    A successor named once more for a body that is closed already is no mistake: the file is taken again.
    """
    for place in _lost(plan, matched):
        key, name = place.key_on(plan.day), place.names[-1].value.name
        new = successors.pop(key, None)
        if new is None or plan.older_than:
            plan.doubts.append(Finding(None, "", name, _missing(key)))
            plan.missing += [place] if place.is_municipality else []
            continue
        heir = _successor(new, matched)
        plan.successions.append((place, heir))
        _close(plan, place)
        said = [(_("Successor"), name, heir.names[-1].value.name)]
        plan.closed.append(Change(place, name, key, said))
    known = {
        place.key_on(place.valid_to) for place in plan.places if place.valid_to and place.valid_to < plan.day
    }
    if wrong := sorted(set(successors) - known):
        raise Refused([Finding(None, "", old, _("is not missing in this file.")) for old in wrong])


def _lost(plan: Plan, matched: dict[str, Place]) -> list[Place]:
    there = {id(place) for place in matched.values()}
    return [
        place
        for place in plan.places
        if place.id is not None and id(place) not in there and place.exists_on(plan.day)
        if place.is_municipality or place.level is Level.COUNTY
        if place.state in plan.file.states
    ]


def _missing(key: str) -> str:
    return str(_("(%(key)s) is missing in the file. It stays open until its successor is named.", key=key))


def _successor(key: str, matched: dict[str, Place]) -> Place:
    if key not in matched:
        raise Refused([Finding(None, "", key, _("is no municipality of this file."))])
    return matched[key]


def _close(plan: Plan, place: Place) -> None:
    last = plan.day - DAY
    place.valid_to = last
    place.names, place.keys = closed(place.names, last), closed(place.keys, last)
    place.parents = closed(place.parents, last)
    place.touched |= {"life", "names", "keys", "parents"}
