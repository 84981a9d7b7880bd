"""Where the chips of an audience come from: people by name, whatever they do."""

from flask import url_for
from flask_babel import gettext as _

from crm.chips import Chip, ChipSource, Unknown
from crm.contacts import queries as contacts
from crm.contacts.finding import note
from crm.contacts.names import read_name


def people() -> ChipSource:
    """People by first and last name; of several namesakes the form asks for the one from the list."""
    return ChipSource(url=url_for("contacts.search"), chips=contacts.chips, read=_read)


def _read(text: str) -> list[Chip] | Unknown:
    found = [one for one in contacts.twins(read_name(text).full) if not one.is_limited]
    if len(found) == 1:
        return [Chip(str(found[0].id), found[0].name, note(found[0]))]
    if found:
        return Unknown(_("Several people are called “%(text)s”. Pick one of the list.", text=text))
    return Unknown(_("“%(text)s” is not known here.", text=text))
