"""What else happens around the day of a talk with the same organisations: talks, sessions and events."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from crm.calendars import nearby
from crm.consultations import collisions
from crm.consultations.collisions import DAYS, MOST, Near
from crm.consultations.models import Consultation


def around(user: Any, organisation_ids: Iterable[int], day: date, but: int | None = None) -> list[Near]:
    """Give what lies within 14 days of a day with some organisations, the nearest first."""
    wanted = list(organisation_ids)
    met = [
        Near(one.day, (one.day - day).days, names, event=one)
        for one, names in nearby.around(wanted, day, DAYS, MOST)
        if one.day is not None
    ]
    return collisions.nearest(collisions.around(user, wanted, day, but) + met)


def of_talk(user: Any, consultation: Consultation) -> list[Near]:
    """Give what lies around a talk that is still to come; nothing for any other talk."""
    if not collisions.is_coming(consultation):
        return []
    places = [one.organisation_id for one in consultation.participations]
    return around(user, places, consultation.held_on, consultation.id)
