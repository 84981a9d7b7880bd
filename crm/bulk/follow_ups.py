"""What can be done to many follow-ups: another owner, another day, done; and a new one for many records."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from crm.access import Permission
from crm.accounts.models import User
from crm.bulk.kinds import FOLLOW_UPS, GROUPS, PLACES, TALKS
from crm.bulk.plan import Action, Kind, Line, entry
from crm.db import db, today
from crm.follow_ups import queries, services
from crm.follow_ups.models import FollowUp
from crm.i18n import day


def _name(follow_up: FollowUp) -> str:
    return follow_up.text


def user_name(number: int) -> str:
    """Name a colleague for a plan."""
    found = db.session.get(User, number)
    return found.name if found else "–"


def _line(one: FollowUp, before: str, after: str, reason: str) -> Line:
    reason = reason if one.is_open else _("is done already")
    return Line(one.id, one.version, one.text, before, after, reason)


def _look_owner(rows: list[FollowUp], values: dict[str, Any], _by: Any) -> list[Line]:
    wanted, name = values["owner_id"], user_name(values["owner_id"])
    same = _("is with %(name)s already", name=name)
    return [_line(one, one.owner.name, name, same if one.owner_id == wanted else "") for one in rows]


def _give_away(rows: list[FollowUp], values: dict[str, Any], by: Any) -> list[dict[str, Any]]:
    found = []
    for one in rows:
        before = _state(one)
        services.hand_over(one, values["owner_id"], by)
        found.append(entry(one, before))
    return found


def _state(one: FollowUp) -> dict[str, Any]:
    return {"owner_id": one.owner_id, "due_on": one.due_on.isoformat()}


def _new_day(one: FollowUp, values: dict[str, Any]) -> date:
    wanted: date | None = values["due_on"]
    return wanted or max(one.due_on, today()) + timedelta(days=values["days"])


def _look_day(rows: list[FollowUp], values: dict[str, Any], _by: Any) -> list[Line]:
    return [_day_line(one, _new_day(one, values)) for one in rows]


def _day_line(one: FollowUp, wanted: date) -> Line:
    reason = _("is due on this day already") if wanted == one.due_on else ""
    if wanted < today():
        reason = _("would be due before today")
    return _line(one, day(one.due_on), day(wanted), reason)


def _postpone(rows: list[FollowUp], values: dict[str, Any], by: Any) -> list[dict[str, Any]]:
    found = []
    for one in rows:
        before = _state(one)
        services.postpone(one, _new_day(one, values), by)
        found.append(entry(one, before))
    return found


def _restore(one: FollowUp, before: dict[str, Any], by: Any) -> None:
    """Put owner and day back; an earlier day may lie before today, for there it was."""
    values = {"owner_id": before["owner_id"], "due_on": date.fromisoformat(before["due_on"])}
    services.change(one, values, by)


def _look_done(rows: list[FollowUp], _values: dict[str, Any], _by: Any) -> list[Line]:
    return [_line(one, _("open"), _("done"), "") for one in rows]


def _finish(rows: list[FollowUp], _values: dict[str, Any], by: Any) -> list[dict[str, Any]]:
    for one in rows:
        services.finish(one, by)
    return [entry(one) for one in rows]


def _reopen(one: FollowUp, _before: dict[str, Any], by: Any) -> None:
    services.reopen(one, by)


def _changing(key: str, title: Any, icon: str, form: str, look: Any, do: Any, back: Any) -> Action:
    return Action(
        key, FOLLOW_UPS, title, icon, Permission.WRITE_FOLLOW_UPS, form, look, do, queries.visible_to, back,
        _name,
        lambda number: ngettext("Change %(num)s follow-up", "Change %(num)s follow-ups", number),
        lambda number: ngettext("%(num)s follow-up changed.", "%(num)s follow-ups changed.", number),
    )  # fmt: skip


def for_each(kind: Kind, about: Callable[[Any], dict[str, Any]],
             against: Callable[[Any], str] = lambda _one: "") -> Action:  # fmt: skip
    """Make the action that creates a follow-up for each chosen record.

    `about` gives the columns that hang it on the record, `against` a reason not to.
    """

    def look(rows: list[Any], values: dict[str, Any], _by: Any) -> list[Line]:
        text = f"{values['text']}, {day(values['due_on'])}, {user_name(values['owner_id'])}"
        return [Line(one.id, one.version, kind.named(one), "–", text, against(one)) for one in rows]

    def do(rows: list[Any], values: dict[str, Any], by: Any) -> list[dict[str, Any]]:
        return [entry(services.create(values | about(one), by)) for one in rows]

    return Action(
        "wiedervorlage", kind, _l("Follow-up for each"), "bell", Permission.WRITE_FOLLOW_UPS, "follow-up",
        look, do, queries.visible_to, lambda one, _before, by: services.remove(one, by), _name,
        lambda number: ngettext("Create %(num)s follow-up", "Create %(num)s follow-ups", number),
        lambda number: ngettext("%(num)s follow-up created.", "%(num)s follow-ups created.", number),
    )  # fmt: skip


def _of_talk(talk: Any) -> dict[str, Any]:
    return {
        "consultation_id": talk.id, "confidential": talk.confidential, "about": talk.about,
        "cooperation_id": talk.cooperation_id,
    }  # fmt: skip


def _of_group(group: Any) -> dict[str, Any]:
    return {"cooperation_id": group.id, "about": group.title[:200]}


def _gone(place: Any) -> str:
    return "" if place.exists else _("does not exist any more")


ACTIONS = (
    _changing(
        "zustaendigkeit", _l("Change owner"), "person", "owner", _look_owner, _give_away, _restore
    ),
    _changing("verschieben", _l("Move the day"), "calendar3", "day", _look_day, _postpone, _restore),
    _changing("erledigen", _l("Mark as done"), "check-lg", "", _look_done, _finish, _reopen),
    for_each(TALKS, _of_talk),
    for_each(PLACES, lambda place: {"organisation_id": place.id}, _gone),
    for_each(GROUPS, _of_group),
)  # fmt: skip
