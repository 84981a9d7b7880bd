"""What a new head has to know of the centre's work with the Kommune. It goes outside of the house.

Everything is asked in the name of an outsider: confidential talks and what hangs on them do not exist for
one, and private and internal notes are read nowhere in this folder.
"""

from flask_babel import gettext as _
from sqlalchemy import select

from crm.accounts.models import User
from crm.cooperations.models import Cooperation
from crm.cooperations.of_place import of_place
from crm.db import db
from crm.elections.handover import groups, talks
from crm.elections.handover.items import Item, Known, Part
from crm.elections.outside import OUTSIDE
from crm.events import queries as events
from crm.events.models import EventState
from crm.events.times import when
from crm.organisations import queries as organisations
from crm.organisations.models import Organisation


def parts_of(place: Organisation) -> list[Part]:
    """Gather all sections for a Kommune that exists, in the order they are read."""
    former = organisations.lineage(place).former
    known = Known(place, [place.id, *former], of_place(OUTSIDE, place.id, former).current)
    known.talks = talks.last(place.id)
    return [
        _advisers(known), groups.groups(known), groups.resolutions(known), talks.promises(known),
        talks.agreements(known), groups.grants(known), talks.held(known), _events(),
    ]  # fmt: skip


def _advisers(known: Known) -> Part:
    query = select(Cooperation.title, User).join(Cooperation.adviser)
    query = query.where(Cooperation.id.in_(known.group_ids), User.locked_at.is_(None))
    about: dict[User, list[str]] = {}
    for title, user in db.session.execute(query.order_by(Cooperation.title)) if known.lines else ():
        about.setdefault(user, []).append(title)
    for talk in known.talks:
        for user in talk.staff:
            if user.is_active:
                about.setdefault(user, [])
    items = [
        Item(f"beratung-{user.id}", [user.name, ", ".join(titles) or _("last talks"), user.email])
        for user, titles in about.items()
    ]
    columns = [_("Name"), _("Advises on"), _("E-mail")]
    return Part("beratung", _("Who advises you"), columns, [3, 5, 4], items, _("Nobody is named yet."))


def _events() -> Part:
    items = [
        Item(f"veranstaltung-{one.id}", [when(one), one.title, one.where or "–"])
        for one in events.listed()
        if one.state is not EventState.CANCELLED
    ]
    columns = [_("When"), _("Event"), _("Where")]
    return Part("veranstaltung", _("Coming events"), columns, [3, 5, 3], items[:10], _("None is announced."))
