"""Places outside Hessen that no register file brought: guests in a group from another Land."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from crm import audit
from crm.db import db
from crm.errors import RuleBroken
from crm.folding import fold, search_words
from crm.organisations.describing import Called, described
from crm.organisations.models import Designation, Kind, Level, Organisation

# The Länder by the first two digits of their keys.
STATES = {
    "01": "Schleswig-Holstein", "02": "Hamburg", "03": "Niedersachsen", "04": "Bremen",
    "05": "Nordrhein-Westfalen", "06": "Hessen", "07": "Rheinland-Pfalz", "08": "Baden-Württemberg",
    "09": "Bayern", "10": "Saarland", "11": "Berlin", "12": "Brandenburg",
    "13": "Mecklenburg-Vorpommern", "14": "Sachsen", "15": "Sachsen-Anhalt", "16": "Thüringen",
}  # fmt: skip
OTHER_STATES = tuple(name for name in STATES.values() if name != "Hessen")
KINDS = (Kind.GEMEINDE, Kind.TOWN)


def create_elsewhere(name: str, state: str, by: Any, kind: Kind = Kind.GEMEINDE) -> Organisation:
    """Add a municipality of another Land; one of that name and Land that is known already is given instead.

    Raises RuleBroken (fields `name` and `state`) for Hessen, for what is no Land, and where several are
    known by that name.
    """
    if state not in OTHER_STATES:
        raise RuleBroken(
            _("Choose the Land it lies in. Municipalities of Hessen are in the register."), "state"
        )
    known = named_in(name, state)
    if len(known) > 1:
        raise RuleBroken(_several(known), "name")
    return known[0] if known else _added(name, state, by, kind)


def named_in(name: str, state: str) -> list[Organisation]:
    """Places of a Land that bear a name today, however it is written."""
    if not search_words(name):
        raise RuleBroken(_("Enter the name of the municipality."), "name")
    words = [Organisation.search_text.contains(word, autoescape=True) for word in search_words(name)]
    query = select(Organisation).where(Organisation.level == Level.ELSEWHERE, *words)
    found = db.session.scalars(query.order_by(Organisation.sort_key, Organisation.id))
    same = [place for place in found if fold(place.name) == fold(name) and place.exists]
    return [place for place in same if state in place.note.split(" · ")]


def _several(known: list[Organisation]) -> str:
    notes = "; ".join(f"{place.name} ({place.note})" for place in known[:3])
    return _("Several places bear this name: %(names)s. Choose one of them among the partners.", names=notes)


def _added(name: str, state: str, by: Any, kind: Kind) -> Organisation:
    place = Organisation(level=Level.ELSEWHERE, **described([Called(name, name, kind)], (), state=state))
    place.designations.append(Designation(name=name, official_name=name, kind=kind))
    db.session.add(place)
    audit.record("organisation.added-elsewhere", place, by)
    return place
