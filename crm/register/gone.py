"""Bodies the register knows and a file does not have: their successors, or a doubt."""

from datetime import date

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
        if _end_earlier(plan, place):
            continue
        new = successors.pop(key, None)
        if new is None:
            plan.doubts.append(Finding(None, "", name, _missing(key)))
            plan.missing += [place] if place.is_municipality else []
            continue
        _may_close(plan, place, key)
        heir = _heir(plan, new, matched)
        plan.successions.append((place, heir))
        _close(place, plan.day - DAY)
        said = [(_("Successor"), name, heir.names[-1].value.name)]
        plan.closed.append(Change(place, name, key, said))
    wrong = [old for old, new in successors.items() if not _is_known(plan, old, new)]
    if wrong:
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


def _end_earlier(plan: Plan, place: Place) -> bool:
    """Let a body end before this file if only a later file says that it ended."""
    after = place.valid_to and place.valid_to + DAY
    if after is None or after not in plan.looks.of(place.state) or place.valid_from == plan.day:
        return False
    plan.ended_earlier.append((place, after))
    _close(place, plan.day - DAY)
    said = [(_("Ends"), f"{after - DAY:%d.%m.%Y}", f"{plan.day - DAY:%d.%m.%Y}")]
    plan.changed.append(Change(place, place.names[-1].value.name, place.keys[-1].value, said))
    return True


def _may_close(plan: Plan, place: Place, key: str) -> None:
    if plan.known_until(place.state):
        said = _("cannot be closed by a file older than the register.")
        raise Refused([Finding(None, "", key, said)])
    if place.valid_from == plan.day:
        said = _("came with a file of this very day and cannot have ended before it.")
        raise Refused([Finding(None, "", key, said)])


def _is_known(plan: Plan, old: str, new: str) -> bool:
    """Tell whether the register has this succession already."""
    closed_ones = (one for one in plan.places if one.valid_to and one.valid_to < plan.day)
    return any(
        one.key_on(one.valid_to) == old and any(heir.key_on(plan.day) == new for heir in one.heirs)
        for one in closed_ones
        if one.valid_to
    )


def _missing(key: str) -> str:
    return str(_("(%(key)s) is missing in the file. It stays open until its successor is named.", key=key))


def _heir(plan: Plan, key: str, matched: dict[str, Place]) -> Place:
    row = plan.file.municipalities.get(key)
    if row is None or row.uninhabited or not matched[key].exists_on(plan.day):
        raise Refused([Finding(None, "", key, _("is no municipality of this file."))])
    return matched[key]


def _close(place: Place, last: date) -> None:
    place.valid_to = last
    place.names, place.keys = closed(place.names, last), closed(place.keys, last)
    place.parents = closed(place.parents, last)
    place.touched |= {"life", "names", "keys", "parents"}
