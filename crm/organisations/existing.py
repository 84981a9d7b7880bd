"""Refuse what asks a body to do something on a day on which it does not exist."""

from datetime import date

from flask_babel import gettext as _

from crm.errors import RuleBroken
from crm.organisations import queries
from crm.organisations.models import Organisation


def refuse_unless_existing(organisation: Organisation, day: date, field: str) -> None:
    """Raise RuleBroken for a body that does not exist on a day; the message names what came instead."""
    if not organisation.holds_on(day):
        raise RuleBroken(_not_that_day(organisation, day), field)


def _not_that_day(organisation: Organisation, day: date) -> str:
    heirs = queries.successors(organisation)
    if organisation.valid_to and day > organisation.valid_to and heirs:
        return _(
            "%(old)s has belonged to %(new)s since %(day)s. Take the successor instead.",
            old=organisation.name,
            new=heirs[0].successor.name,
            day=f"{heirs[0].effective_on:%d.%m.%Y}",
        )
    former = ", ".join(one.predecessor.name for one in queries.predecessors(organisation))
    if not former:
        return _("%(name)s did not exist on that day.", name=organisation.name)
    return _(
        "%(name)s did not exist yet on that day. Before: %(former)s.", name=organisation.name, former=former
    )
