"""A saved view: the question a list answers, under a name; and who has it as a tab."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import User
from crm.db import Model, Record
from crm.labels import Labelled, name_members

LONGEST = 2000


class ListName(Labelled):
    """The lists that have saved views, in the order of the navigation."""

    FOLLOW_UPS = "follow-ups"
    TALKS = "talks"
    KOMMUNEN = "kommunen"
    COOPERATIONS = "cooperations"
    EVENTS = "events"
    CONTACTS = "contacts"


name_members(
    {
        ListName.FOLLOW_UPS: _l("Follow-ups"),
        ListName.TALKS: _l("Talks"),
        ListName.KOMMUNEN: _l("Municipalities"),
        ListName.COOPERATIONS: _l("Cooperations"),
        ListName.EVENTS: _l("Events"),
        ListName.CONTACTS: _l("Contacts"),
    }
)


class SavedView(Record):
    """A question to a list. `query` is that of its address: filters, order and columns, never the page.

    Words somebody searched for may be names, so the audit says that it changed, not from what to what.
    """

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("owner_id", "list_name", "name"),
        Index("ix_saved_views_list_name", "list_name", "shared"),
    )

    list_name: Mapped[ListName]
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(LONGEST), info={"personal": True})
    shared: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    owner: Mapped[User] = relationship(lazy="joined")


class ViewPin(Model):
    """Somebody has a view as a tab of its list; tabs stand in the order of their positions."""

    __tablename__ = "view_pins"

    view_id: Mapped[int] = mapped_column(ForeignKey("saved_views.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    position: Mapped[int]
