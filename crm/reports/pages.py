"""Words that lead to the page of a record."""

from crm.reports.sheet import Linked


def consultation(number: int, text: str) -> Linked:
    """Lead to a talk."""
    return Linked(text, "consultations.show", (("consultation_id", number),))


def cooperation(number: int, title: str) -> Linked:
    """Lead to a cooperation."""
    return Linked(title, "cooperations.show", (("cooperation_id", number),))


def event(number: int, title: str) -> Linked:
    """Lead to an event."""
    return Linked(title, "events.show", (("event_id", number),))


def organisation(number: int, name: str) -> Linked:
    """Lead to an organisation."""
    return Linked(name, "organisations.show", (("organisation_id", number),))
