"""What is said when nobody is named who gets a material."""

from typing import Any

from flask_babel import gettext as _


def nobody(at_event: Any) -> str:
    """Ask for somebody; at an event copies may have been laid out for all."""
    if at_event:
        return _("Choose who gets it, or say how many copies were laid out.")
    return _("Choose who gets it.")
