"""Questions about what was handed out: the log, who holds which version, and how much it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, exists, func, literal, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from crm import folding
from crm.access import Permission
from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.db import db
from crm.dispatches.models import Dispatch, DispatchRecipient, Way
from crm.events.models import Event
from crm.mail import queries as mail
from crm.mail.models import MailState, OutgoingMail
from crm.materials.models import Material, MaterialVersion
from crm.materials.queries import outdated
from crm.organisations.models import Organisation
from crm.registrations.models import Registration

MOST_LATEST, MOST_HOLDERS = 10, 5_000
# What the marks of mails with a download link begin with; the hash of the link follows.
MARK = "material-"
_WHO = selectinload(Dispatch.recipients).options(
    joinedload(DispatchRecipient.organisation).load_only(Organisation.name),
    joinedload(DispatchRecipient.person),
)
_WHAT = joinedload(Dispatch.material_version).joinedload(MaterialVersion.material)
_PERSON, _PLACE = contains_eager(DispatchRecipient.person), contains_eager(DispatchRecipient.organisation)
_NAMED = (
    joinedload(DispatchRecipient.person),
    joinedload(DispatchRecipient.organisation).load_only(Organisation.name),
    joinedload(DispatchRecipient.dispatch),
)
_WITH_ADDRESSES = (
    _PERSON.selectinload(Person.functions), _PLACE, joinedload(DispatchRecipient.material_version),
)  # fmt: skip
FOR_LISTS = (
    _WHO,
    _WHAT.selectinload(Material.versions),
    joinedload(Dispatch.by),
    joinedload(Dispatch.consultation).load_only(Consultation.held_on),
    joinedload(Dispatch.event).load_only(Event.title),
)


@dataclass(frozen=True)
class Filters:
    """What the log is narrowed to; None and empty mean: everything."""

    text: str = ""
    material_id: int | None = None
    version_id: int | None = None
    organisation_id: int | None = None
    person_id: int | None = None
    way: Way | None = None
    since: date | None = None
    until: date | None = None


def seen_by(user: Any) -> ColumnElement[bool]:
    """The condition that somebody may know of a handing out, unless its talk is hidden from them."""
    if user.may(Permission.READ_CONFIDENTIAL):
        return true()
    # Past the session: a talk in the trash takes nothing back of what was handed out in it.
    talks = Consultation.__table__
    shown = select(talks.c.id).where(talks.c.confidential.is_(False))
    return or_(Dispatch.consultation_id.is_(None), Dispatch.consultation_id.in_(shown))


def _mail_seen_by(user: Any) -> ColumnElement[bool]:
    """The condition that a mail belongs to no handing out that is hidden from somebody."""
    if user.may(Permission.READ_CONFIDENTIAL):
        return true()
    hidden = exists().where(
        DispatchRecipient.token_hash == func.substr(OutgoingMail.once_key, len(MARK) + 1),
        Dispatch.id == DispatchRecipient.dispatch_id,
        ~seen_by(user),
    )
    return ~hidden.correlate(OutgoingMail)


mail.SHOWN.append(_mail_seen_by)


def seen_among(user: Any, dispatch_ids: Iterable[int]) -> set[int]:
    """Which of some handings out somebody may know of."""
    return set(db.session.scalars(select(Dispatch.id).where(Dispatch.id.in_(dispatch_ids), seen_by(user))))


def listing(user: Any, filters: Filters) -> Select[Dispatch]:
    """Select what was handed out, the latest day first."""
    query = select(Dispatch).join(Dispatch.material_version).join(MaterialVersion.material)
    return query.where(seen_by(user), *_wanted(filters)).order_by(
        Dispatch.handed_on.desc(), Dispatch.id.desc()
    )


def _wanted(filters: Filters) -> list[Any]:
    found = [
        Material.search_text.contains(word, autoescape=True)
        for word in folding.search_words(filters.text or "")
    ]
    pairs = (
        (MaterialVersion.material_id, filters.material_id), (Dispatch.version_id, filters.version_id),
        (Dispatch.way, filters.way),
    )  # fmt: skip
    found += [column == value for column, value in pairs if value]
    for column, number in (
        (DispatchRecipient.organisation_id, filters.organisation_id),
        (DispatchRecipient.person_id, filters.person_id),
    ):
        if number:
            mine = exists().where(DispatchRecipient.dispatch_id == Dispatch.id, column == number)
            found.append(mine.correlate(Dispatch))
    if filters.since:
        found.append(Dispatch.handed_on >= filters.since)
    if filters.until:
        found.append(Dispatch.handed_on <= filters.until)
    return found


def recipients_in(user: Any, filters: Filters) -> int:
    """Count the recipients of all that the log shows."""
    inside = listing(user, filters).order_by(None).with_only_columns(Dispatch.id)
    query = select(func.count(DispatchRecipient.id)).where(DispatchRecipient.dispatch_id.in_(inside))
    return db.session.scalar(query) or 0


def one(user: Any, dispatch_id: int) -> Dispatch | None:
    """Load a handing out that somebody may know of."""
    query = select(Dispatch).where(Dispatch.id == dispatch_id, seen_by(user))
    return db.session.scalar(query.options(*FOR_LISTS))


def latest(user: Any, material_id: int) -> list[Dispatch]:
    """What was handed out last of a material."""
    query = listing(user, Filters(material_id=material_id)).options(*FOR_LISTS)
    return list(db.session.scalars(query.limit(MOST_LATEST)))


def at(**occasion: int) -> list[Any]:
    """What was handed out in a talk or at an event, to how many, and if it is outdated. One statement."""
    number = select(func.count(DispatchRecipient.id)).where(DispatchRecipient.dispatch_id == Dispatch.id)
    query = (
        select(Dispatch, number.correlate(Dispatch).scalar_subquery(), outdated())
        .join(Dispatch.material_version)
        .join(MaterialVersion.material)
        .options(contains_eager(Dispatch.material_version).contains_eager(MaterialVersion.material))
        .filter_by(**occasion)
    )
    return list(db.session.execute(query.order_by(Dispatch.handed_on, Dispatch.id).limit(100)))


def counts_of(user: Any, version_ids: Iterable[int]) -> dict[int, int]:
    """How often each of some versions was handed to somebody."""
    query = (
        select(Dispatch.version_id, func.count(DispatchRecipient.id))
        .join(DispatchRecipient, DispatchRecipient.dispatch_id == Dispatch.id)
        .where(Dispatch.version_id.in_(list(version_ids)), seen_by(user))
        .group_by(Dispatch.version_id)
        .order_by(Dispatch.version_id)
    )
    return {number: counted for number, counted in db.session.execute(query)}  # noqa: C416


def _ranked(user: Any, material_id: int) -> Subquery:
    """Select every line that gave somebody a version, with its turn: the newest of each is the first."""
    got = DispatchRecipient
    alone = case((got.person_id.is_(None), got.organisation_id))
    newest_first = MaterialVersion.number.desc(), Dispatch.handed_on.desc(), got.id.desc()
    turn = func.row_number().over(partition_by=(got.person_id, alone), order_by=newest_first)
    whose = got.version_id, got.person_id, got.organisation_id
    return (
        select(got.id, *whose, MaterialVersion.number, turn.label("turn"))
        .join(got.dispatch)
        .join(got.material_version)
        .where(MaterialVersion.material_id == material_id, seen_by(user), ~lost())
        .subquery()
    )


def holding(user: Any, material_id: int) -> Select[DispatchRecipient]:
    """Select who holds a material, each by the line that gave them the newest of its versions.

    Those with older versions come first, then it goes by name.
    """
    every, got = _ranked(user, material_id), DispatchRecipient
    return _by_name(select(got).join(every, every.c.id == got.id), every)


def _by_name(query: Select[Any], every: Subquery) -> Select[Any]:
    """Narrow to the newest line of each who holds something, older versions first, then by name."""
    called = func.coalesce(Person.sort_key, Organisation.sort_key, "")
    return (
        query.outerjoin(Person, Person.id == every.c.person_id)
        .outerjoin(Organisation, Organisation.id == every.c.organisation_id)
        .where(every.c.turn == 1)
        .order_by(every.c.number, called, every.c.id)
    )


def how_many_hold_older(user: Any, material: Material) -> int:
    """How many hold only an older version of a material."""
    if len(material.versions) < 2:
        return 0
    every = _ranked(user, material.id)
    older = select(func.count()).where(every.c.turn == 1, every.c.number < material.newest.number)
    return db.session.scalar(older) or 0


def lines_of_holders(user: Any, material_id: int) -> list[tuple[int, int]]:
    """Give (number of the line, number of its version) of all who hold a material, in the order of the list.

    The list is known at once, and with it how many hold what: all versions are ranked only once.
    """
    every = _ranked(user, material_id)
    rows = db.session.execute(_by_name(select(every.c.id, every.c.version_id), every))
    return [(line, version) for line, version in rows]


def read_lines(ids: Sequence[int]) -> list[DispatchRecipient]:
    """Load some lines with all that a list says of them, in the order of their numbers given."""
    query = select(DispatchRecipient).where(DispatchRecipient.id.in_(ids)).options(*_NAMED)
    found = {one.id: one for one in db.session.scalars(query)} if ids else {}
    return [found[number] for number in ids]


def lost() -> ColumnElement[bool]:
    """The condition that the mail to a recipient never went, or was not taken: they hold nothing by it."""
    mine = OutgoingMail.once_key == literal(MARK).concat(DispatchRecipient.token_hash)
    gone = OutgoingMail.state.in_((MailState.DROPPED, MailState.REFUSED))
    return exists().where(mine, gone).correlate(DispatchRecipient)


def holders(user: Any, material_id: int) -> list[DispatchRecipient]:
    """Who holds a material, with their addresses, older versions first."""
    query = holding(user, material_id).options(*_WITH_ADDRESSES)
    return list(db.session.scalars(query.limit(MOST_HOLDERS)))


def mails_of(recipients: Iterable[DispatchRecipient]) -> dict[int, MailState]:
    """What became of the mails to some recipients, by the recipient's number."""
    keys = {f"{MARK}{one.token_hash}": one.id for one in recipients if one.token_hash}
    query = select(OutgoingMail.once_key, OutgoingMail.state).where(OutgoingMail.once_key.in_(list(keys)))
    found = db.session.execute(query) if keys else ()
    return {keys[str(key)]: state for key, state in found}


def by_token(token_hash: str) -> DispatchRecipient | None:
    """Find whose download link this is."""
    query = select(DispatchRecipient).where(DispatchRecipient.token_hash == token_hash)
    return db.session.scalar(query.options(joinedload(DispatchRecipient.person)))


def places_of_guests(event_id: int) -> list[int]:
    """Organisations whose guests came to an event; told by the registrations."""
    query = select(Registration.organisation_id).where(
        Registration.event_id == event_id,
        Registration.came_at.is_not(None),
        Registration.organisation_id.is_not(None),
    )
    return sorted(set(db.session.scalars(query)))


def people_by_number(ids: Iterable[int]) -> dict[int, Person]:
    """Load people with their functions; those in the trash are not among them."""
    query = select(Person).where(Person.id.in_(list(ids))).options(selectinload(Person.functions))
    return {one.id: one for one in db.session.scalars(query)} if ids else {}


def places_by_number(ids: Iterable[int]) -> dict[int, Organisation]:
    """Load organisations."""
    query = select(Organisation).where(Organisation.id.in_(list(ids)))
    return {one.id: one for one in db.session.scalars(query)} if ids else {}
