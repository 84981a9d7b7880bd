"""Questions about saved views."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Select, and_, bindparam, func, or_, select

from crm.access import Permission
from crm.accounts.models import User
from crm.db import db
from crm.views.models import ListName, SavedView, ViewPin

MOST = 200


@dataclass(frozen=True)
class Entry:
    """A view as lists of views show it: plain values, for every list asks for them."""

    id: int
    list_name: ListName
    name: str
    query: str
    shared: bool
    owner_id: int
    owner_name: str
    locked_at: Any
    position: int | None

    @property
    def abandoned(self) -> bool:
        """Tell whether its owner has left."""
        return self.locked_at is not None

    @property
    def pinned(self) -> bool:
        """Tell whether it is a tab of whoever asks."""
        return self.position is not None

    @property
    def arguments(self) -> list[tuple[str, str]]:
        """What the address of the list says, as pairs."""
        return parse_qsl(self.query)


def may_see(user: Any, list_name: ListName) -> bool:
    """Tell whether somebody may see the list at all: the register is open to more people than the rest."""
    register = list_name is ListName.KOMMUNEN
    return bool(user.may(Permission.READ_REGISTER if register else Permission.READ_CONTENT))


def visible_to(user: Any) -> Select[SavedView]:
    """Select the views somebody may open: the own ones and shared ones, of lists the person may see."""
    lists = [one for one in ListName if may_see(user, one)]
    return select(SavedView).where(
        or_(SavedView.owner_id == user.id, SavedView.shared), SavedView.list_name.in_(lists)
    )


def entries(user: Any, list_name: ListName | None = None) -> list[Entry]:
    """Views somebody may open, of one list or of all: tabs in their order, then the own ones, by name."""
    if list_name is None:
        rows = db.session.execute(_ENTRIES, {"user": user.id})
        return [one for row in rows if may_see(user, (one := Entry(*row)).list_name)]
    if not may_see(user, list_name):
        return []
    return [Entry(*row) for row in db.session.execute(_OF_LIST, {"user": user.id, "list": list_name})]


def _entries() -> Any:
    me: Any = bindparam("user")
    columns = (
        SavedView.id, SavedView.list_name, SavedView.name, SavedView.query, SavedView.shared,
        SavedView.owner_id, User.name, User.locked_at, ViewPin.position,
    )  # fmt: skip
    mine = and_(ViewPin.view_id == SavedView.id, ViewPin.user_id == me)
    query = select(*columns).join(User, User.id == SavedView.owner_id).outerjoin(ViewPin, mine)
    order = (
        ViewPin.position.is_(None), ViewPin.position, SavedView.owner_id != me, func.lower(SavedView.name),
        SavedView.id,
    )  # fmt: skip
    return query.where(or_(SavedView.owner_id == me, SavedView.shared)).order_by(*order).limit(MOST)


# Made once, for every list asks it.
_ENTRIES = _entries()
_OF_LIST = _ENTRIES.where(SavedView.list_name == bindparam("list"))


def one(user: Any, view_id: int) -> SavedView | None:
    """Load a view somebody may open."""
    return db.session.scalar(visible_to(user).where(SavedView.id == view_id))


def may_change(user: Any, view: SavedView) -> bool:
    """Tell whether somebody may change a view: one's own; managers a shared one whose owner has left."""
    return view.owner_id == user.id or (_manages(user, view) and not view.owner.is_active)


def may_remove(user: Any, view: SavedView) -> bool:
    """Tell whether somebody may remove a view: one's own; managers any that is shared."""
    return view.owner_id == user.id or _manages(user, view)


def _manages(user: Any, view: SavedView) -> bool:
    return bool(view.shared and user.may(Permission.MANAGE_CATALOGUES))


def called(owner_id: int, list_name: ListName, name: str) -> SavedView | None:
    """The view of a list that somebody keeps under a name."""
    return db.session.scalar(
        select(SavedView).where(
            SavedView.owner_id == owner_id, SavedView.list_name == list_name, SavedView.name == name
        )
    )


def pin_of(view_id: int, user_id: int) -> ViewPin | None:
    """The tab somebody has of a view."""
    return db.session.get(ViewPin, (view_id, user_id))


def count_others(view: SavedView) -> int:
    """Count the colleagues who have a view as a tab."""
    query = select(func.count()).where(ViewPin.view_id == view.id, ViewPin.user_id != view.owner_id)
    return db.session.scalar(query) or 0
