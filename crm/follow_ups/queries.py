"""Questions about follow-ups."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload

from crm import folding
from crm.access import Permission
from crm.accounts import queries as accounts
from crm.accounts.models import User
from crm.dates import week_end
from crm.db import db, mentions, today
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.organisations.models import Organisation

LOADED = (joinedload(FollowUp.owner), joinedload(FollowUp.organisation), joinedload(FollowUp.person))


def visible_to(user: Any) -> Select[FollowUp]:
    """Select the follow-ups this user may see; those of confidential talks only for advisers and managers."""
    query = select(FollowUp).options(*LOADED)
    if not user.may(Permission.READ_CONFIDENTIAL):
        query = query.where(FollowUp.confidential.is_(False))
    return query


def answerable_for(user_id: Any, day: Any) -> Select[Any]:
    """Select whose follow-ups this user has on the desk: the own ones and those of absent colleagues."""
    return select(User.id).where(or_(User.id == user_id, accounts.absent_with_deputy(user_id, day)))


# Made once, for every page asks it: to put it together took longer than to answer it.
_DUE = select(func.count(FollowUp.id)).where(
    FollowUp.owner_id.in_(answerable_for(bindparam("user"), bindparam("today"))),
    FollowUp.state == FollowUpState.OPEN,
    FollowUp.due_on <= bindparam("today"),
)


def desk(user: Any) -> list[FollowUp]:
    """Open follow-ups on this user's desk, most urgent first."""
    query = (
        visible_to(user)
        .where(FollowUp.owner_id.in_(answerable_for(user.id, today())), FollowUp.state == FollowUpState.OPEN)
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(500)
    )
    return list(db.session.scalars(query))


def due(user: Any) -> Select[FollowUp]:
    """Select what is due today or overdue on this user's desk."""
    return visible_to(user).where(
        FollowUp.owner_id.in_(answerable_for(user.id, today())),
        FollowUp.state == FollowUpState.OPEN,
        FollowUp.due_on <= today(),
    )


def due_count(user: Any) -> int:
    """Count what is due today or overdue on this user's desk."""
    query = _DUE if user.may(Permission.READ_CONFIDENTIAL) else _DUE.where(FollowUp.confidential.is_(False))
    return db.session.scalar(query, {"user": user.id, "today": today()}) or 0


def one(user: Any, follow_up_id: int) -> FollowUp | None:
    """Load a follow-up, or nothing if it does not exist for this user."""
    return db.session.scalar(visible_to(user).where(FollowUp.id == follow_up_id))


def removed(user: Any, follow_up_id: int) -> FollowUp | None:
    """Find a follow-up in the trash that this user may see."""
    query = visible_to(user).where(FollowUp.id == follow_up_id, FollowUp.removed_at.is_not(None))
    return db.session.scalar(query.execution_options(include_removed=True))


def just_done(user: Any, follow_up_id: int | None) -> FollowUp | None:
    """The follow-up whose tick may be taken back, if it is done and visible."""
    found = one(user, follow_up_id) if follow_up_id else None
    return found if found is not None and not found.is_open else None


# Until when what a list shows is due, by its state.
_UNTIL = {"week": week_end, "late": lambda day: day - timedelta(days=1)}


def _in_state(state: str) -> list[Any]:
    wanted = FollowUpState.DONE if state == "done" else FollowUpState.OPEN
    due = [FollowUp.due_on <= _UNTIL[state](today())] if state in _UNTIL else []
    return due if state == "all" else [FollowUp.state == wanted, *due]


def listing(user: Any, owner_id: int | None = None, state: str = "open", text: str = "") -> Select[FollowUp]:
    """Select follow-ups for the list: by owner, by state and by words.

    States: mine, week (mine, due by Sunday), late, open, done, all.
    """
    query = visible_to(user)
    if state in ("mine", "week"):
        query = query.where(FollowUp.owner_id.in_(answerable_for(user.id, today())))
    elif owner_id:
        query = query.where(FollowUp.owner_id == owner_id)
    query = query.where(*_in_state(state))
    if text:
        query = query.where(_worded(text))
    return query.order_by(FollowUp.done_at.desc() if state == "done" else FollowUp.due_on, FollowUp.id)


def ordered(query: Select[FollowUp], key: str, descending: bool) -> Select[FollowUp]:
    """Order a list of follow-ups by due day, owner, place, or the day they were done.

    What has nothing there stands last, whichever way the list is turned.
    """
    column: Any = {"due": FollowUp.due_on, "done": FollowUp.done_at}.get(key)
    if key == "owner":
        column = accounts.in_order_of_names(FollowUp.owner_id)
    elif key == "place":
        query = query.outerjoin(Organisation, Organisation.id == FollowUp.organisation_id)
        column = Organisation.sort_key
    turned = column.desc() if descending else column
    return query.order_by(None).order_by(column.is_(None), turned, FollowUp.due_on, FollowUp.id)


def _worded(text: str) -> Any:
    """Words of the text or of what it waits for, or a place found like everywhere."""
    words = folding.search_words(text)
    place = exists().where(
        Organisation.id == FollowUp.organisation_id,
        *(Organisation.search_text.contains(word, autoescape=True) for word in words),
    )
    found = [mentions(column, text) for column in (FollowUp.text, FollowUp.waiting_for, FollowUp.about)]
    return or_(*found, place.correlate(FollowUp)) if words else or_(*found)


def open_for_organisation(user: Any, organisation_id: int, consultation_ids: Any) -> list[FollowUp]:
    """Open follow-ups that concern an organisation: its own, and the common ones of its talks.

    `consultation_ids` is a selection of the numbers of these talks.
    """
    query = (
        visible_to(user)
        .where(
            FollowUp.state == FollowUpState.OPEN,
            or_(
                FollowUp.organisation_id == organisation_id,
                FollowUp.organisation_id.is_(None) & FollowUp.consultation_id.in_(consultation_ids),
            ),
        )
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(50)
    )
    return list(db.session.scalars(query))


def of_consultation(consultation_id: int) -> list[FollowUp]:
    """All follow-ups of a talk, in the order they were made."""
    query = (
        select(FollowUp)
        .options(*LOADED)
        .where(FollowUp.consultation_id == consultation_id)
        .order_by(FollowUp.id)
    )
    return list(db.session.scalars(query))


def open_for_cooperation(user: Any, cooperation_id: int) -> list[FollowUp]:
    """Open follow-ups of a group and of its talks, as far as this user may see them, most urgent first."""
    query = visible_to(user).where(
        FollowUp.cooperation_id == cooperation_id, FollowUp.state == FollowUpState.OPEN
    )
    return list(db.session.scalars(query.order_by(FollowUp.due_on, FollowUp.id).limit(50)))


def hangs_on(person_id: int) -> bool:
    """Tell whether anything hangs on a person, be it done, hidden or in the trash."""
    query = select(FollowUp.id).where(FollowUp.person_id == person_id).limit(1)
    return db.session.scalar(query.execution_options(include_removed=True)) is not None


def of_person(user: Any, person_id: int, limit: int | None = 50) -> list[FollowUp]:
    """Open follow-ups that hang on a person."""
    query = visible_to(user).where(FollowUp.person_id == person_id, FollowUp.state == FollowUpState.OPEN)
    return list(db.session.scalars(query.order_by(FollowUp.due_on, FollowUp.id).limit(limit)))


def open_by(user: Any, column: Any) -> Select[*tuple[Any, ...]]:
    """Select (number, how many open follow-ups this user may see) by what they hang on."""
    there = visible_to(user).where(
        FollowUp.state == FollowUpState.OPEN, FollowUp.removed_at.is_(None), column.is_not(None)
    )
    columns = column.label("number"), func.count(FollowUp.id).label("open")
    return there.with_only_columns(*columns).group_by(column)


def count_open_of(user_id: int) -> int:
    """Count open follow-ups of an owner, seen or not."""
    query = select(func.count(FollowUp.id)).where(
        FollowUp.owner_id == user_id, FollowUp.state == FollowUpState.OPEN
    )
    return db.session.scalar(query) or 0
