"""The keys of the program in words, by where they work; what single pages add stands at their buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from crm.navigation import JUMPS, LOW, MAIN


@dataclass(frozen=True)
class Keys:
    """Keys that belong together: each row as (keys pressed one after the other, what happens)."""

    title: str
    rows: Sequence[tuple[tuple[str, ...], str]]


def all_keys(user: Any) -> list[Keys]:
    """Give all keys with their meaning; jumps only to where this user may go."""
    return [_everywhere(), _jumps(user), _lists(), _records(), _forms(), _choosing()]


def _everywhere() -> Keys:
    return Keys(
        _("On every page"),
        [
            ((_("Ctrl K"),), _("Search or go to")),
            (("/",), _("Search in this list, elsewhere in everything")),
            (("N",), _("Log talk")),
            (("T",), _("Log a call")),
            (("Q",), _("Log in one line, on the overview")),
            (("?",), _("Show the keys of this page")),
            (("Esc",), _("Close what is open, or give up what was begun")),
        ],
    )


def _jumps(user: Any) -> Keys:
    rows = [
        (("G", JUMPS[endpoint]), str(text))
        for endpoint, text, _icon, permission in (*MAIN, *LOW)
        if endpoint in JUMPS and user.may(permission)
    ]
    return Keys(_("Jump: G, then a letter"), rows)


def _lists() -> Keys:
    return Keys(
        _("In lists"),
        [
            (("J",), _("Next row, also with the arrow down")),
            (("K",), _("Row before, also with the arrow up")),
            (("O",), _("Open the row, also with Enter")),
            (("B",), _("Edit the row")),
            (("E",), _("Mark a follow-up as done")),
            (("P",), _("Preview beside the list, also with the space bar")),
            (("X",), _("Select the row")),
            ((_("Shift X"),), _("Select all rows up to here")),
            ((_("Shift J"), _("Shift K")), _("Go on and select")),
            (("A",), _("Select all on this page")),
            (("M",), _("Choose what is to be done with the selection")),
            (("Esc",), _("Clear the selection")),
            (("Z",), _("Take an action on a selection back, right after it")),
            (("+",), _("Add a record")),
        ],
    )


def _records() -> Keys:
    return Keys(
        _("On the page of a record"),
        [
            (("B",), _("Edit")),
            (("W",), _("Add follow-up")),
            (("E",), _("Mark a follow-up as done")),
            (("F",), _("Follow-up talk")),
            (("S",), _("A planned talk has taken place")),
            (("V",), _("Record of a talk, card of a person")),
        ],
    )


def _forms() -> Keys:
    return Keys(_("In forms"), [((_("Ctrl ↵"),), _("Save"))])


def _choosing() -> Keys:
    return Keys(
        _("In fields with suggestions"),
        [
            (("↓", "↑"), _("Choose")),
            (("↵",), _("Take over")),
            (("Esc",), _("Close the suggestions")),
            (("⌫",), _("Remove the last one chosen")),
        ],
    )
