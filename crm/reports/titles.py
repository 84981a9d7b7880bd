"""How many records a list has, in words."""

from flask_babel import ngettext

from crm.i18n import number


def talks(count: int) -> str:
    """Talks."""
    return ngettext("%(shown)s talk", "%(shown)s talks", count, shown=number(count))


def participations(count: int) -> str:
    """Participations in talks or in cooperations."""
    return ngettext("%(shown)s participation", "%(shown)s participations", count, shown=number(count))


def kommunen(count: int) -> str:
    """Kommunen."""
    return ngettext("%(shown)s municipality", "%(shown)s municipalities", count, shown=number(count))


def cooperations(count: int) -> str:
    """Cooperations."""
    return ngettext("%(shown)s cooperation", "%(shown)s cooperations", count, shown=number(count))


def events(count: int) -> str:
    """Events."""
    return ngettext("%(shown)s event", "%(shown)s events", count, shown=number(count))
