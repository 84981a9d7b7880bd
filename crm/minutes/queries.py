"""Questions about minutes. Who sees a talk sees its minutes, and nobody else."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from crm import audit
from crm.access import Permission
from crm.audit import AuditEvent
from crm.consultations.models import Consultation, ConsultationKind
from crm.consultations.queries import visible_to
from crm.contacts.models import Person
from crm.db import db, now, today
from crm.mail import queries as mail
from crm.mail.models import MailKind, OutgoingMail
from crm.minutes.drafting import COLUMNS, usual
from crm.minutes.kinds import CheckAnswer, MinutesState
from crm.minutes.models import Minutes, MinutesCheck, MinutesRelease, MinutesTemplate, Remark
from crm.tokens import hash_of

REMIND_BEFORE = timedelta(days=2)
A_DAY = timedelta(days=1)
UNSAVED = 0


def _visible(user: Any) -> Select[Minutes]:
    """Select minutes of talks that are there for a user; there are fewer minutes than talks, so they lead."""
    seen = visible_to(user).where(
        Consultation.removed_at.is_(None), Consultation.id == Minutes.consultation_id
    )
    return select(Minutes).where(seen.correlate(Minutes).exists())


def _mail_seen_by(user: Any) -> ColumnElement[bool]:
    """Mails about minutes are for who reads confidential talks: a talk may have become one meanwhile."""
    if user.may(Permission.READ_CONFIDENTIAL):
        return true()
    return OutgoingMail.kind != MailKind.MINUTES


mail.SHOWN.append(_mail_seen_by)


def one(user: Any, minutes_id: int) -> Minutes | None:
    """Load minutes, or nothing if they do not exist for this user."""
    query = _visible(user).where(Minutes.id == minutes_id)
    return db.session.scalar(query.options(joinedload(Minutes.author), selectinload(Minutes.agreements)))


def of_talk(consultation_id: int) -> Minutes | None:
    """The minutes of a talk."""
    query = select(Minutes).where(Minutes.consultation_id == consultation_id)
    return db.session.scalar(query.options(joinedload(Minutes.author)))


def hold(minutes_id: int) -> Minutes:
    """Load minutes as they are now and keep others from changing them until the transaction ends."""
    query = select(Minutes).where(Minutes.id == minutes_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def listing(user: Any, state: MinutesState | None) -> Select[Minutes]:
    """Select minutes: those in check by deadline first, then drafts, then the released, newest talk first."""
    query = _visible(user).outerjoin(Minutes.consultation)
    if state is not None:
        query = query.where(Minutes.state == state)
    return query.order_by(
        Minutes.deadline_on.is_(None), Minutes.deadline_on, Minutes.state == MinutesState.RELEASED,
        Consultation.held_on.desc(), Minutes.id.desc(),
    )  # fmt: skip


FOR_LISTS = (
    contains_eager(Minutes.consultation).selectinload(Consultation.participations),
    joinedload(Minutes.author),
)


def in_hand(user: Any) -> tuple[int, int]:
    """How many minutes go round or came back, of those how many came back, that somebody wrote."""
    if not user.may(Permission.WRITE_CONSULTATIONS):
        return 0, 0
    mine = _visible(user).where(Minutes.author_id == user.id, Minutes.state == MinutesState.IN_CHECK)
    query = mine.with_only_columns(func.count(Minutes.id), func.count(Minutes.over_at))
    number, back = db.session.execute(query).one()
    return number, back


def checks(minutes: Minutes) -> list[MinutesCheck]:
    """Who was asked in the last round, with what they remarked."""
    query = select(MinutesCheck).where(
        MinutesCheck.minutes_id == minutes.id, MinutesCheck.round == minutes.round
    )
    loaded = joinedload(MinutesCheck.person), selectinload(MinutesCheck.remarks).joinedload(Remark.settled_by)
    return list(db.session.scalars(query.options(*loaded).order_by(MinutesCheck.id).limit(500)))


def remark(minutes_id: int, remark_id: int) -> Remark | None:
    """Load a remark on minutes."""
    query = select(Remark).join(Remark.check).options(contains_eager(Remark.check))
    return db.session.scalar(query.where(Remark.id == remark_id, MinutesCheck.minutes_id == minutes_id))


def releases(minutes_id: int) -> list[MinutesRelease]:
    """The editions of minutes, the newest first."""
    query = select(MinutesRelease).where(MinutesRelease.minutes_id == minutes_id)
    return list(db.session.scalars(query.order_by(MinutesRelease.edition.desc()).limit(100)))


def sent_to(releases: list[MinutesRelease]) -> dict[int, list[str]]:
    """To whom each edition was sent as a mail, by its number; as long as the outbox keeps the mails."""
    found: dict[int, list[str]] = {one.id: [] for one in releases}
    keys = [OutgoingMail.once_key.startswith(one.mail_key) for one in releases]
    columns = OutgoingMail.once_key, OutgoingMail.recipient_name, OutgoingMail.recipient
    query = select(*columns).where(or_(false(), *keys))
    for key, name, address in db.session.execute(query.order_by(OutgoingMail.id)) if keys else ():
        found[int(str(key).split("-")[2])].append(f"{name} ({address})")
    return found


def release(minutes_id: int, edition: int) -> MinutesRelease | None:
    """One edition of minutes."""
    query = select(MinutesRelease).where(
        MinutesRelease.minutes_id == minutes_id, MinutesRelease.edition == edition
    )
    return db.session.scalar(query)


def history(minutes: Minutes) -> list[AuditEvent]:
    """What happened to minutes; their number may have been that of others that were thrown away."""
    return [event for event in audit.history_of(minutes) if event.at >= minutes.created_at]


def by_token(token: str, hold_it: bool = False) -> MinutesCheck | None:
    """Find who is asked by a link that still works; None for a wrong, used, withdrawn or late one alike."""
    mark = hash_of(token)
    query = (
        select(MinutesCheck)
        .join(MinutesCheck.minutes)
        .join(Minutes.consultation)
        .join(Person, Person.id == MinutesCheck.person_id)
        .where((MinutesCheck.token_hash == mark) | (MinutesCheck.second_hash == mark), *_asking())
        .options(contains_eager(MinutesCheck.minutes).contains_eager(Minutes.consultation))
    )
    if hold_it and db.session.scalar(query.with_for_update(of=Minutes)) is None:
        return None
    # Who waited for a hold reads anew: the answer may have come meanwhile, by a second press of the button.
    return db.session.scalar(query.execution_options(populate_existing=True))


def _asking() -> tuple[Any, ...]:
    """The conditions under which somebody may look at minutes and answer."""
    return (
        MinutesCheck.answer == CheckAnswer.WAITING,
        MinutesCheck.round == Minutes.round,
        Minutes.state == MinutesState.IN_CHECK,
        Minutes.over_at.is_(None),
        Minutes.deadline_on >= today(),
        Consultation.removed_at.is_(None),
        Consultation.confidential.is_(False),
        Person.removed_at.is_(None),
        Person.restricted_on.is_(None),
        Person.objected_on.is_(None),
    )


def to_remind() -> list[int]:
    """Numbers of those who have not answered shortly before the deadline and were not reminded yet."""
    query = (
        select(MinutesCheck.id)
        .join(MinutesCheck.minutes)
        .join(Minutes.consultation)
        .join(Person, Person.id == MinutesCheck.person_id)
        .where(
            *_asking(),
            MinutesCheck.reminded_at.is_(None),
            MinutesCheck.created_at < now() - A_DAY,
            Minutes.deadline_on <= today() + REMIND_BEFORE,
        )
    )
    return list(db.session.scalars(query.order_by(MinutesCheck.id)))


def overdue() -> list[int]:
    """Numbers of minutes whose check is to end because its deadline is past."""
    query = select(Minutes.id).where(
        Minutes.state == MinutesState.IN_CHECK, Minutes.over_at.is_(None), Minutes.deadline_on < today()
    )
    return list(db.session.scalars(query.order_by(Minutes.id)))


def template(kind: ConsultationKind) -> MinutesTemplate:
    """The texts of a kind of talk, or the usual ones, unsaved, as long as nobody wrote others."""
    found = db.session.scalar(select(MinutesTemplate).where(MinutesTemplate.kind == kind))
    return found or MinutesTemplate(kind=kind, version=UNSAVED, **usual(kind))


def texts(kind: ConsultationKind) -> dict[str, str]:
    """The same as plain words by column."""
    found = template(kind)
    return {name: getattr(found, name) for name in COLUMNS}


def changed_templates() -> set[ConsultationKind]:
    """Kinds of talk whose texts somebody changed."""
    return set(db.session.scalars(select(MinutesTemplate.kind)))
