"""Questions about groups: one whole, those of a Kommune, names for chips."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import defer, joinedload, selectinload

from crm import folding
from crm.access import Permission
from crm.accounts.models import User
from crm.chips import Chip, ChipSource, Unknown
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner
from crm.db import db
from crm.organisations.models import Organisation
from crm.task_fields.models import TaskField

# What a line or a card shows of the partners; a page has hundreds of them.
_SHOWN = (
    Partner.cooperation_id, Partner.organisation_id, Partner.organisation_name, Partner.position,
    Partner.role, Partner.step, Partner.step_on,
)  # fmt: skip
FOR_LISTS = (
    defer(Cooperation.search_text),
    defer(Cooperation.note),
    selectinload(Cooperation.partners).load_only(*_SHOWN),
    selectinload(Cooperation.task_fields).load_only(TaskField.name),
    joinedload(Cooperation.adviser).load_only(User.name),
)
WHOLE = (
    # What an organisation is called decides how its council is named; it has one or two names.
    selectinload(Cooperation.partners).options(
        selectinload(Partner.steps),
        joinedload(Partner.organisation).joinedload(Organisation.designations),
    ),
    selectinload(Cooperation.task_fields),
    joinedload(Cooperation.adviser),
    joinedload(Cooperation.parent),
)
MOST_SUGGESTIONS = 8


def visible_to(user: Any) -> Select[Cooperation]:
    """Select the groups this user may see: all of them for whoever reads content."""
    query = select(Cooperation)
    return query if user.may(Permission.READ_CONTENT) else query.where(False)  # type: ignore[arg-type]


def one(cooperation_id: int) -> Cooperation | None:
    """Load a whole group with partners and steps."""
    return db.session.scalar(select(Cooperation).where(Cooperation.id == cooperation_id).options(*WHOLE))


def removed(cooperation_id: int) -> Cooperation | None:
    """Find a group in the trash."""
    query = select(Cooperation).where(Cooperation.id == cooperation_id, Cooperation.removed_at.is_not(None))
    return db.session.scalar(query.options(*FOR_LISTS).execution_options(include_removed=True))


def partner(cooperation_id: int, partner_id: int) -> Partner | None:
    """Load a partner of a group with its steps."""
    query = select(Partner).where(Partner.id == partner_id, Partner.cooperation_id == cooperation_id)
    return db.session.scalar(query.options(selectinload(Partner.steps), joinedload(Partner.organisation)))


def below(cooperation_id: int) -> list[Cooperation]:
    """The groups of a programme, by title."""
    query = select(Cooperation).where(Cooperation.parent_id == cooperation_id).order_by(Cooperation.sort_key)
    return list(db.session.scalars(query.limit(100)))


def chain_above(cooperation_id: int) -> set[int]:
    """Numbers of a group and of all programmes above it."""
    first = select(Cooperation.id, Cooperation.parent_id).where(Cooperation.id == cooperation_id)
    chain = first.cte("chain", recursive=True)
    above = select(Cooperation.id, Cooperation.parent_id).where(Cooperation.id == chain.c.parent_id)
    # One in the trash may come back, and a circle with it.
    query = select(chain.union(above).c.id).execution_options(include_removed=True)
    return set(db.session.scalars(query))


def names_of_fields(cooperation_ids: list[int]) -> dict[int, list[str]]:
    """Names of the task fields of some groups, by name."""
    query = select(CooperationTaskField.cooperation_id, TaskField.name).join(
        TaskField, TaskField.id == CooperationTaskField.task_field_id
    )
    query = query.where(CooperationTaskField.cooperation_id.in_(cooperation_ids)).order_by(TaskField.name)
    found: dict[int, list[str]] = {}
    for number, name in db.session.execute(query) if cooperation_ids else ():
        found.setdefault(number, []).append(name)
    return found


def namesakes(title: str) -> list[Cooperation]:
    """Groups of the same title, however it is written."""
    words = [Cooperation.search_text.contains(one, autoescape=True) for one in folding.search_words(title)]
    found = db.session.scalars(select(Cooperation).where(*words).limit(200)) if words else ()
    return [one for one in found if folding.fold(one.title) == folding.fold(title)]


def named(text: str, limit: int = MOST_SUGGESTIONS) -> list[Cooperation]:
    """Groups that answer to what was typed: words of the title, a partner, a task field; the best first."""
    words = folding.search_words(text)
    if not words:
        return []
    hits = [Cooperation.search_text.contains(word, autoescape=True) for word in words]
    found = list(db.session.scalars(select(Cooperation).where(*hits).limit(200)))
    scored = [
        (
            folding.rank(text, [group.title], context=group.search_text),
            not group.in_progress,
            group.sort_key,
            group,
        )
        for group in found
    ]
    order = sorted((one for one in scored if one[0]), key=lambda one: one[:3])
    return [one[-1] for one in order[:limit]]


def _chip(group: Cooperation) -> Chip:
    return Chip(str(group.id), group.title, str(group.stage.label))


def chips(ids: list[int]) -> list[Chip]:
    """Chips for numbers, in their order; unknown numbers are left out."""
    query = select(Cooperation).where(Cooperation.id.in_(ids))
    found = {group.id: group for group in db.session.scalars(query)} if ids else {}
    return [_chip(found[number]) for number in ids if number in found]


def suggestions(text: str) -> list[Chip]:
    """Groups to choose from while somebody types."""
    return [_chip(group) for group in named(text)]


def read(text: str) -> list[Chip] | Unknown:
    """Read a typed title: the group called so, or the only one that answers to it."""
    found = named(text)
    same = [group for group in found if folding.fold(group.title) == folding.fold(text)]
    if len(same) == 1 or (not same and len(found) == 1):
        return [_chip((same or found)[0])]
    if not found:
        return Unknown(_("“%(text)s” is no cooperation. Choose one of the suggestions.", text=text[:40]))
    names = _(" or ").join(group.title for group in found[:3])
    return Unknown(_("“%(text)s” can mean several: %(names)s.", text=text[:40], names=names))


def chip_source() -> ChipSource:
    """Where the chips of groups come from."""
    return ChipSource(url=url_for("cooperations.search"), chips=chips, read=read)
