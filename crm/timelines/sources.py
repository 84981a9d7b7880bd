"""What each room has to tell of an organisation: one selection per kind, all with the columns of `Line`."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import (
    Date,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)

from crm.attendance.models import Certainty, HeadCount
from crm.attendance.queries import CAME, summed
from crm.consultations import queries as consultations
from crm.consultations.models import Consultation
from crm.cooperations.kinds import EXITS
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.cooperations.queries import visible_to
from crm.db import Euro, berlin_day
from crm.dispatches.models import Dispatch, DispatchRecipient
from crm.dispatches.queries import seen_by
from crm.events.models import Event, EventHost
from crm.funding.models import Application
from crm.materials.models import Material, MaterialVersion
from crm.registrations.models import GONE, TAKEN, UNREGISTERED, Registration
from crm.resolutions.models import Resolution
from crm.timelines.kinds import GrantStep, Kind


class Line(NamedTuple):
    """One entry as the database gives it.

    `page_id` is the number in the address of its page; `state`, `what` and `known` are values of enums of
    its own kind. Heads are those of the organisation alone; people named, counted and estimated are never
    added up. `amount` is in euros.
    """

    kind: str
    day: date
    record_id: int
    page_id: int
    title: str
    state: str | None = ""
    what: str | None = ""
    note: str | None = ""
    known: str | None = ""
    people: int = 0
    seats: int = 0
    counted: int = 0
    estimated: int = 0
    amount: Decimal | None = None


_TYPES: dict[str, Any] = {"day": Date, "amount": Euro} | dict.fromkeys(
    ("record_id", "page_id", "people", "seats", "counted", "estimated"), Integer
)


def _columns(kind: Kind, **given: Any) -> list[Any]:
    """The columns of a line in order; what a kind does not have is empty."""
    values = Line._field_defaults | {"kind": literal(kind.value)} | given
    return [_column(name, values[name]).label(name) for name in Line._fields]


def _column(name: str, value: Any) -> Any:
    if value is None:
        return cast(null(), _TYPES[name])
    return literal(value, _TYPES.get(name, String)) if isinstance(value, str | int) else value


def of_organisation(user: Any, organisation_id: int) -> dict[Kind, list[Select[Any]]]:
    """Select the lines of each kind that somebody may see; all selections of a kind belong together."""
    return {
        Kind.TALK: [_talks(user, organisation_id)],
        Kind.EVENT: [_events(organisation_id)],
        Kind.STEP: [_steps(user, organisation_id)],
        Kind.RESOLUTION: [_resolutions(user, organisation_id)],
        Kind.GRANT: _grants(user, organisation_id),
        Kind.MATERIAL: [_materials(user, organisation_id)],
    }


def _talks(user: Any, organisation_id: int) -> Select[Any]:
    mine = Consultation.id.in_(consultations.ids_of_organisation(user, organisation_id))
    columns = _columns(
        Kind.TALK, day=Consultation.held_on, record_id=Consultation.id, page_id=Consultation.id, title=""
    )
    return select(*columns).where(mine)


def _events(organisation_id: int) -> Select[Any]:
    """Events it gave or had in its place, and those somebody from there registered for or came to."""
    guests = select(Registration.event_id).where(
        Registration.organisation_id == organisation_id, Registration.seat.not_in(GONE) | CAME
    )
    counted = select(HeadCount.event_id).where(HeadCount.organisation_id == organisation_id)
    hosts = select(EventHost.event_id).where(EventHost.organisation_id == organisation_id)
    party, registered = 1 + Registration.companions, Registration.origin.not_in(UNREGISTERED)
    heads = {
        "people": _heads(Registration, organisation_id, summed(CAME, party)),
        "seats": _heads(
            Registration, organisation_id, summed(Registration.seat.in_(TAKEN) & registered, party)
        ),
    } | {
        name: _heads(HeadCount, organisation_id, summed(HeadCount.certainty == how, HeadCount.heads))
        for name, how in (("counted", Certainty.COUNTED), ("estimated", Certainty.ESTIMATED))
    }
    columns = _columns(
        Kind.EVENT, day=berlin_day(Event.starts_at), record_id=Event.id, page_id=Event.id, title=Event.title,
        state=Event.state, what=Event.kind, note=Event.venue, known=Event.precision, **heads,
    )  # fmt: skip
    return select(*columns).where(
        Event.removed_at.is_(None), Event.starts_at.is_not(None),
        or_(
            Event.place_id == organisation_id, *(Event.id.in_(one) for one in (guests, counted, hosts))
        ),
    )  # fmt: skip


def _heads(of: Any, organisation_id: int, total: Any) -> Any:
    mine = select(total).where(of.event_id == Event.id, of.organisation_id == organisation_id)
    return mine.correlate(Event).scalar_subquery()


def _in_groups(user: Any, organisation_id: int) -> Select[Any]:
    """Groups that are not removed, joined with the organisation as a partner."""
    groups = visible_to(user).join(Partner, Partner.cooperation_id == Cooperation.id)
    return groups.where(Partner.organisation_id == organisation_id, Cooperation.removed_at.is_(None))


def _steps(user: Any, organisation_id: int) -> Select[Any]:
    """Steps with a day, and where they are known from unless that is a talk, for it may be hidden.

    One that follows from a resolution is told by it.
    """
    source = case((PartnerStep.consultation_id.is_(None), type_coerce(PartnerStep.source, String)), else_="")
    columns = _columns(
        Kind.STEP, day=PartnerStep.reached_on, record_id=PartnerStep.id, page_id=Cooperation.id,
        title=Cooperation.title, state=PartnerStep.step, what=source,
    )  # fmt: skip
    steps = _in_groups(user, organisation_id).join(PartnerStep, PartnerStep.partner_id == Partner.id)
    dated = steps.where(PartnerStep.reached_on.is_not(None), PartnerStep.resolution_id.is_(None))
    return dated.with_only_columns(*columns)


def _resolutions(user: Any, organisation_id: int) -> Select[Any]:
    columns = _columns(
        Kind.RESOLUTION, day=Resolution.session_on, record_id=Resolution.id, page_id=Cooperation.id,
        title=Cooperation.title, state=Resolution.result, what=Resolution.kind, note=Resolution.paper_number,
        known=Resolution.body,
    )  # fmt: skip
    found = _in_groups(user, organisation_id).join(Resolution, Resolution.partner_id == Partner.id)
    return found.where(Resolution.session_on.is_not(None)).with_only_columns(*columns)


def _grants(user: Any, organisation_id: int) -> list[Select[Any]]:
    """The days of applications of groups it has not left, one selection for each kind of day."""
    days = (
        (GrantStep.SUBMITTED, Application.submitted_on, Application.requested),
        (GrantStep.GRANTED, Application.granted_on, Application.granted),
        (GrantStep.REFUSED, Application.refused_on, None),
        (GrantStep.WITHDRAWN, Application.withdrawn_on, None),
        (GrantStep.PAID, Application.paid_on, None),
    )
    return [_grant(user, organisation_id, *one) for one in days]


def _grant(user: Any, organisation_id: int, step: GrantStep, day: Any, amount: Any) -> Select[Any]:
    columns = _columns(
        Kind.GRANT, day=day, record_id=Application.id, page_id=Cooperation.id, title=Cooperation.title,
        state=step.value, amount=amount,
    )  # fmt: skip
    found = _in_groups(user, organisation_id).join(Application, Application.cooperation_id == Cooperation.id)
    return found.where(Partner.step.not_in(EXITS), day.is_not(None)).with_only_columns(*columns)


def _materials(user: Any, organisation_id: int) -> Select[Any]:
    """What was handed to it or to people of it; one line a handing out, with how many people got it."""
    got = select(func.count(DispatchRecipient.person_id)).where(
        DispatchRecipient.dispatch_id == Dispatch.id, DispatchRecipient.organisation_id == organisation_id
    )
    mine = select(DispatchRecipient.dispatch_id).where(DispatchRecipient.organisation_id == organisation_id)
    columns = _columns(
        Kind.MATERIAL, day=Dispatch.handed_on, record_id=Dispatch.id, page_id=Dispatch.id,
        title=Material.title, what=Dispatch.way, note=MaterialVersion.label,
        known=cast(MaterialVersion.number, String), people=got.correlate(Dispatch).scalar_subquery(),
    )  # fmt: skip
    query = select(*columns).join(MaterialVersion, MaterialVersion.id == Dispatch.version_id)
    query = query.join(Material, Material.id == MaterialVersion.material_id)
    return query.where(Dispatch.id.in_(mine), seen_by(user))
