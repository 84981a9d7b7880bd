"""The numbers that reports are made of, each with the list behind it."""

from flask_babel import gettext as _

from crm.reports.sheet import Number
from crm.reports.talks.counting import Counted, Selection

ALL = Selection()


def talks(counted: Counted, selection: Selection = ALL, mark: str = "") -> Number:
    """How many talks."""
    return Number(len(counted.talks), {"was": "beratungen"} | selection.arguments, mark)


def participations(counted: Counted, selection: Selection = ALL) -> Number:
    """How many participations."""
    return Number(len(counted.participations), {"was": "teilnahmen"} | selection.arguments)


def kommunen(counted: Counted, selection: Selection = ALL, mark: str = "") -> Number:
    """How many distinct Kommunen."""
    return Number(len(counted.kommunen), {"was": "kommunen"} | selection.arguments, mark)


def three(counted: Counted, selection: Selection = ALL) -> tuple[Number, Number, Number]:
    """Talks, participations and distinct Kommunen."""
    return talks(counted, selection), participations(counted, selection), kommunen(counted, selection)


def heads() -> tuple[str, str, str]:
    """What these three are called."""
    return _("Talks"), _("Participations"), _("Municipalities")
