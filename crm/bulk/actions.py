"""Everything that can be done to a selection, by list."""

from typing import Any

from crm.bulk import advisers, follow_ups, invitations, task_fields
from crm.bulk.plan import Action

ALL = {
    (one.kind.key, one.key): one
    for one in (*follow_ups.ACTIONS, *advisers.ACTIONS, *task_fields.ACTIONS, *invitations.ACTIONS)
}


def offered(kind: str, user: Any) -> list[Action]:
    """The actions on a list that this user may do."""
    return [one for one in ALL.values() if one.kind.key == kind and user.may(one.permission)]
