"""Make somebody responsible for many cooperations."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from crm.access import Permission
from crm.bulk.follow_ups import user_name
from crm.bulk.kinds import GROUPS
from crm.bulk.plan import Action, Line, entry
from crm.cooperations.models import Cooperation
from crm.cooperations.services import change_cooperation


def _look(rows: list[Cooperation], values: dict[str, Any], _by: Any) -> list[Line]:
    wanted, name = values["owner_id"], user_name(values["owner_id"])
    same = _("is with %(name)s already", name=name)
    return [
        Line(
            one.id, one.version, one.title, one.adviser.name if one.adviser else _("nobody yet"), name,
            same if one.adviser_id == wanted else "",
        )
        for one in rows
    ]  # fmt: skip


def _do(rows: list[Cooperation], values: dict[str, Any], by: Any) -> list[dict[str, Any]]:
    found = []
    for one in rows:
        before = {"adviser_id": one.adviser_id}
        change_cooperation(one, {"adviser_id": values["owner_id"]}, by)
        found.append(entry(one, before))
    return found


def _take_back(one: Cooperation, before: dict[str, Any], by: Any) -> None:
    change_cooperation(one, {"adviser_id": before["adviser_id"]}, by)


ACTIONS = (
    Action(
        "zustaendigkeit", GROUPS, _l("Change owner"), "person", Permission.WRITE_COOPERATIONS, "owner",
        _look, _do, lambda user: GROUPS.visible_to(user).options(*GROUPS.options), _take_back, GROUPS.named,
        lambda number: ngettext("Change %(num)s cooperation", "Change %(num)s cooperations", number),
        lambda number: ngettext("%(num)s cooperation changed.", "%(num)s cooperations changed.", number),
    ),
)  # fmt: skip
