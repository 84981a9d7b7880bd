"""What each room has to tell of an organisation: selections by kind, all with the columns of `Line`.

The organisation is a parameter: a selection is built once for all who may see the same.
"""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from crm.access import Permission
from crm.attendance.models import Certainty, HeadCount
from crm.attendance.queries import CAME, summed
from crm.consultations import queries as consultations
from crm.consultations.models import Consultation, Participation
from crm.consultations.narrowing import takes_part
from crm.cooperations.kinds import EXITS, REQUIRED_ROLES
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.cooperations.queries import visible_to
from crm.db import Euro, berlin_day
from crm.dispatches.models import Dispatch, DispatchRecipient
from crm.dispatches.queries import seen_by
from crm.events.models import Event, EventHost, Precision
from crm.funding.models import Application
from crm.materials.models import Material, MaterialVersion
from crm.registrations.models import Registration
from crm.registrations.queries import HAS_SEAT
from crm.resolutions.models import Resolution
from crm.resolutions.queries import GOES_ON
from crm.timelines.kinds import GrantStep, Kind


class Line(NamedTuple):
    """One entry as the database gives it.

    `page_id` is the number in the address of its page, `turn` the order of what happened on one day.
    By kind: an event has state, kind (`what`), venue (`note`) and precision (`known`); a step has its step
    and source; a resolution result, kind, number of its paper and body; a material way, label and number of
    its version. Heads are those of the organisation alone; companions count with whom they came with, people
    named, counted and estimated are never added up. `amount` is in euros, of the whole group.
    """

    kind: str
    day: date
    record_id: int
    page_id: int
    title: str
    turn: int = 0
    state: str | None = ""
    what: str | None = ""
    note: str | None = ""
    known: str | None = ""
    amount: Decimal | None = None
    people: int = 0
    seats: int = 0
    counted: int = 0
    estimated: int = 0


HEADS = ("people", "seats", "counted", "estimated")
PLAIN = tuple(name for name in Line._fields if name not in HEADS)


class Sight(NamedTuple):
    """What somebody who reads content may see; it is all of a user that the selections depend on."""

    confidential: bool

    @classmethod
    def of(cls, user: Any) -> "Sight":
        """Give what a user may see."""
        return cls(user.may(Permission.READ_CONFIDENTIAL))

    def may(self, permission: Permission) -> bool:
        """Answer as a user does."""
        if permission is Permission.READ_CONFIDENTIAL:
            return self.confidential
        return permission is Permission.READ_CONTENT


ORGANISATION = bindparam("organisation_id", type_=Integer)
_TYPES: dict[str, Any] = {
    "day": Date,
    "amount": Euro,
    "record_id": Integer,
    "page_id": Integer,
    "turn": Integer,
}


def _columns(kind: Kind, **given: Any) -> list[Any]:
    """The columns of a line in order but for heads; what a kind does not have is empty."""
    values = Line._field_defaults | {"kind": literal(kind.value)} | given
    return [_column(name, values[name]).label(name) for name in PLAIN]


def _column(name: str, value: Any) -> Any:
    if value is None:
        return cast(null(), _TYPES[name])
    return literal(value, _TYPES.get(name, String)) if isinstance(value, str | int) else value


def selections(sight: Sight) -> list[Select[Any]]:
    """Select the lines of all kinds that somebody may see, but for heads."""
    return [
        _talks(sight), _events(), _steps(sight), _resolutions(sight), *_grants(sight), _materials(sight)
    ]  # fmt: skip


def _talks(sight: Sight) -> Select[Any]:
    columns = _columns(
        Kind.TALK, day=Consultation.held_on, record_id=Consultation.id, page_id=Consultation.id, title=""
    )
    talks = consultations.visible_to(sight).where(
        takes_part(Participation.organisation_id == ORGANISATION), Consultation.removed_at.is_(None)
    )
    return talks.with_only_columns(*columns)


def _events() -> Select[Any]:
    """Events it gave or had in its place, and those somebody from there had a seat at or came to."""
    guests = select(Registration.event_id).where(
        Registration.organisation_id == ORGANISATION, HAS_SEAT | CAME
    )
    counted = select(HeadCount.event_id).where(HeadCount.organisation_id == ORGANISATION)
    hosts = select(EventHost.event_id).where(EventHost.organisation_id == ORGANISATION)
    mine = (Event.id.in_(one) for one in (guests, counted, hosts))
    columns = _columns(
        Kind.EVENT, day=berlin_day(Event.starts_at), record_id=Event.id, page_id=Event.id, title=Event.title,
        state=Event.state, what=Event.kind, note=Event.venue, known=Event.precision,
    )  # fmt: skip
    dated = Event.starts_at.is_not(None) & (Event.precision != Precision.UNKNOWN)
    return select(*columns).where(
        Event.removed_at.is_(None), dated, or_(Event.place_id == ORGANISATION, *mine)
    )


def _in_groups(sight: Sight) -> Select[Any]:
    """Groups that are not removed, joined with the organisation as a partner."""
    groups = visible_to(sight).join(Partner, Partner.cooperation_id == Cooperation.id)
    return groups.where(Partner.organisation_id == ORGANISATION, Cooperation.removed_at.is_(None))


def _steps(sight: Sight) -> Select[Any]:
    """Steps with a day, and where they are known from unless they hang on a talk, for it may be hidden.

    One that follows from a resolution is told by it.
    """
    source = case((PartnerStep.consultation_id.is_(None), type_coerce(PartnerStep.source, String)), else_="")
    columns = _columns(
        Kind.STEP, day=PartnerStep.reached_on, record_id=PartnerStep.id, page_id=Cooperation.id,
        title=Cooperation.title, state=PartnerStep.step, what=source,
    )  # fmt: skip
    steps = _in_groups(sight).join(PartnerStep, PartnerStep.partner_id == Partner.id)
    dated = steps.where(PartnerStep.reached_on.is_not(None), PartnerStep.resolution_id.is_(None))
    return dated.with_only_columns(*columns)


def _resolutions(sight: Sight) -> Select[Any]:
    """Sessions with a day; of groups that are over nobody asks for a result any more."""
    columns = _columns(
        Kind.RESOLUTION, day=Resolution.session_on, record_id=Resolution.id, page_id=Cooperation.id,
        title=Cooperation.title, state=Resolution.result, what=Resolution.kind, note=Resolution.paper_number,
        known=Resolution.body,
    )  # fmt: skip
    found = _in_groups(sight).join(Resolution, Resolution.partner_id == Partner.id)
    dated = found.where(Resolution.session_on.is_not(None), or_(Resolution.result.is_not(None), GOES_ON))
    return dated.with_only_columns(*columns)


def _grants(sight: Sight) -> list[Select[Any]]:
    """The days of applications of groups it took part in on that day, one selection for each kind of day."""
    days = (
        (GrantStep.SUBMITTED, Application.submitted_on, Application.requested),
        (GrantStep.REFUSED, Application.refused_on, None),
        (GrantStep.WITHDRAWN, Application.withdrawn_on, None),
        (GrantStep.GRANTED, Application.granted_on, Application.granted),
        (GrantStep.PAID, Application.paid_on, None),
    )
    return [_grant(sight, turn, *one) for turn, one in enumerate(days)]


def _grant(sight: Sight, turn: int, step: GrantStep, day: Any, amount: Any) -> Select[Any]:
    columns = _columns(
        Kind.GRANT, day=day, turn=turn, record_id=Application.id, page_id=Cooperation.id,
        title=Cooperation.title, state=step.value, amount=amount,
    )  # fmt: skip
    found = _in_groups(sight).join(Application, Application.cooperation_id == Cooperation.id)
    return found.where(day.is_not(None), *_took_part(day)).with_only_columns(*columns)


def _took_part(day: Any) -> tuple[Any, ...]:
    """The conditions that a partner was lead or member on a day, as reports on funding say (`members_on`)."""
    by_then = or_(PartnerStep.reached_on.is_(None), PartnerStep.reached_on <= day)
    mine = PartnerStep.partner_id == Partner.id
    other = aliased(Partner)
    somebody = exists().where(
        PartnerStep.partner_id == other.id, other.cooperation_id == Cooperation.id,
        other.role.in_(REQUIRED_ROLES), by_then,
    )  # fmt: skip
    return (
        Partner.role.in_(REQUIRED_ROLES),
        or_(
            exists().where(mine, by_then),
            ~exists().where(mine),
            ~somebody.correlate(Cooperation, Application),
        ),
        ~exists().where(mine, by_then, PartnerStep.step.in_(EXITS)),
    )


def _materials(sight: Sight) -> Select[Any]:
    """What was handed to it or to people of it; one line a handing out."""
    mine = select(DispatchRecipient.dispatch_id).where(DispatchRecipient.organisation_id == ORGANISATION)
    columns = _columns(
        Kind.MATERIAL, day=Dispatch.handed_on, record_id=Dispatch.id, page_id=Dispatch.id,
        title=Material.title, what=Dispatch.way, note=MaterialVersion.label,
        known=cast(MaterialVersion.number, String),
    )  # fmt: skip
    query = select(*columns).join(MaterialVersion, MaterialVersion.id == Dispatch.version_id)
    query = query.join(Material, Material.id == MaterialVersion.material_id)
    return query.where(Dispatch.id.in_(mine), seen_by(sight))


def heads(page: Any) -> list[Any]:
    """Select for the lines of a page who came to an event, and how many people got a material.

    Asked of the lines that are shown, not of all there are.
    """
    party = 1 + Registration.companions
    got = select(func.count(DispatchRecipient.person_id)).where(
        DispatchRecipient.dispatch_id == page.c.record_id, DispatchRecipient.organisation_id == ORGANISATION
    )
    at_event, handed = (page.c.kind == kind.value for kind in (Kind.EVENT, Kind.MATERIAL))
    people = case((at_event, _sum(Registration, page, CAME, party)), (handed, got.scalar_subquery()), else_=0)
    counted, estimated = (
        case((at_event, _sum(HeadCount, page, HeadCount.certainty == how, HeadCount.heads)), else_=0)
        for how in (Certainty.COUNTED, Certainty.ESTIMATED)
    )
    seats = case((at_event, _sum(Registration, page, HAS_SEAT, party)), else_=0)
    columns = {"people": people, "seats": seats, "counted": counted, "estimated": estimated}
    return [column.label(name) for name, column in columns.items()]


def _sum(of: Any, page: Any, condition: Any, number: Any) -> Any:
    mine = select(summed(condition, number))
    return mine.where(of.event_id == page.c.record_id, of.organisation_id == ORGANISATION).scalar_subquery()
