"""What is done with saved views."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from crm import audit
from crm.accounts.models import User
from crm.db import db
from crm.errors import RuleBroken
from crm.views import queries
from crm.views.models import LONGEST, ListName, SavedView, ViewPin

MOST = 100


def save(list_name: ListName, query: str, values: dict[str, Any], by: User) -> SavedView:
    """Keep what a list shows under a name; `values`: name, shared, pinned."""
    _check(by.id, list_name, values["name"], query)
    number = db.session.scalar(select(func.count(SavedView.id)).where(SavedView.owner_id == by.id)) or 0
    if number >= MOST:
        raise RuleBroken(_("You have %(most)s saved views. Remove one that you no longer need.", most=MOST))
    made = SavedView(
        list_name=list_name, query=query, name=values["name"], shared=values["shared"], owner_id=by.id
    )
    db.session.add(made)
    audit.record("view.saved", made, by)
    if values["pinned"]:
        _add_tab(made, by)
    return made


def change(view: SavedView, values: dict[str, Any], query: str | None, by: User) -> None:
    """Rename it, share it or not; with `query` what the list is narrowed to as well.

    Raises RuleBroken for who would stop the sharing of a colleague's view: nobody could see it any more.
    """
    if view.owner_id != by.id and not values["shared"]:
        raise RuleBroken(_("A colleague's view stays shared. Remove it if nobody needs it any more."))
    wanted = view.query if query is None else query
    _check(view.owner_id, view.list_name, values["name"], wanted, view.id)
    view.name, view.shared, view.query = values["name"], values["shared"], wanted
    if not audit.difference(view):
        return
    audit.record("view.changed", view, by)
    if not view.shared:
        # What others no longer see can be no tab of theirs.
        db.session.execute(
            delete(ViewPin).where(ViewPin.view_id == view.id, ViewPin.user_id != view.owner_id)
        )


def _check(owner_id: int, list_name: ListName, name: str, query: str, but: int | None = None) -> None:
    if len(query) > LONGEST:
        raise RuleBroken(_("These filters are too long to be saved. Shorten the words you search for."))
    known = queries.called(owner_id, list_name, name)
    if known is not None and known.id != but:
        raise RuleBroken(_("There is a view of this name already. Choose another one."), "name")


def remove(view: SavedView, by: User) -> None:
    """Remove a view, also from the tabs of all who have it there."""
    audit.record("view.removed", view, by)
    db.session.execute(delete(ViewPin).where(ViewPin.view_id == view.id))
    db.session.delete(view)


def pin(view: SavedView, by: User) -> None:
    """Make a view the last tab of its list for somebody; a second time changes nothing."""
    if queries.pin_of(view.id, by.id) is None:
        _add_tab(view, by)
        audit.record("view.pinned", view, by)


def _add_tab(view: SavedView, by: User) -> None:
    last = select(func.coalesce(func.max(ViewPin.position), 0)).where(ViewPin.user_id == by.id)
    db.session.add(ViewPin(view_id=view.id, user_id=by.id, position=(db.session.scalar(last) or 0) + 1))
    db.session.flush()


def unpin(view: SavedView, by: User) -> None:
    """Take a view out of somebody's tabs; a second time changes nothing."""
    found = queries.pin_of(view.id, by.id)
    if found is not None:
        db.session.delete(found)
        audit.record("view.unpinned", view, by)
