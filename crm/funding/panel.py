"""The funding of a group in short, for the page of the group."""

from typing import Any

from crm.db import today
from crm.funding.dossier import brief
from crm.funding.stations import state_of


def of(user: Any, group: Any) -> dict[str, Any]:
    """Give what the panel shows, in four statements."""
    found = brief(group, today())
    state = state_of(found.current, today()) if found.current else None
    return {"funding": found, "application_state": state}
