"""In which office somebody is named as a contact: one of the municipalities of the example, and no other."""

from crm.contacts.finding import functions_over_time
from crm.contacts.models import Function
from crm.db import today
from crm.examples.models import PracticeExample
from crm.organisations.heirs import Heirs


def held(example: PracticeExample, heirs: Heirs) -> Function | None:
    """The function of the contact at a place of the example, or at what a place has become by today.

    Whatever else somebody does was not agreed to be shown.
    """
    own = [one.organisation_id for one in example.places]
    places = {*own, *(heirs.unit_on(number, today()) for number in own)}
    functions = functions_over_time(example.person) if example.person else []
    return next((one for one in functions if one.is_current and one.organisation_id in places), None)
