"""What the bodies of the partners decided, or will decide on a day that is set."""

from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, delete, event, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.cooperations.models import Partner
from crm.db import Record, today
from crm.documents.models import Document
from crm.labels import Labelled, name_members
from crm.organisations.models import Kind


class Body(Labelled):
    """Which body of a Kommune decides; its name depends on the kind of the Kommune."""

    COUNCIL = "council"
    BOARD = "executive-board"
    COMMITTEE = "committee"


class ResolutionKind(Labelled):
    """What is decided: that one wants to, or the contract itself."""

    BASIC = "basic"
    FINAL = "final"


class Result(Labelled):
    """How a body decided."""

    ADOPTED = "adopted"
    AMENDED = "amended"
    REJECTED = "rejected"
    POSTPONED = "postponed"


CONSENTS = (Result.ADOPTED, Result.AMENDED)

name_members(
    {
        Body.COUNCIL: _l("Council"),
        Body.BOARD: _l("Executive board"),
        Body.COMMITTEE: _l("Committee"),
        ResolutionKind.BASIC: _l("Basic resolution"),
        ResolutionKind.FINAL: _l("Resolution on the contract"),
        Result.ADOPTED: _l("adopted"),
        Result.AMENDED: _l("adopted with changes"),
        Result.REJECTED: _l("rejected"),
        Result.POSTPONED: _l("postponed"),
    }
)
_COUNCILS = {Kind.GEMEINDE: _l("Gemeindevertretung"), Kind.COUNTY: _l("Kreistag")}
_BOARDS = {Kind.GEMEINDE: _l("Gemeindevorstand"), Kind.COUNTY: _l("Kreisausschuss")}
TOWNS = (Kind.TOWN, Kind.SPECIAL_STATUS, Kind.COUNTY_FREE)


def called(body: Body, kind: Kind | None) -> Any:
    """Name a body as the law calls it in a Kommune of that kind: Kreistag, Magistrat, Gemeindevertretung."""
    if body is Body.COMMITTEE or kind is None:
        return body.label
    if kind in TOWNS:
        return _l("Stadtverordnetenversammlung") if body is Body.COUNCIL else _l("Magistrat")
    return (_COUNCILS if body is Body.COUNCIL else _BOARDS).get(kind, body.label)


class ResolutionFacts:
    """What follows from a resolution, whole or in short."""

    if TYPE_CHECKING:
        body: Any
        session_on: Any
        result: Any
        votes_for: Any
        votes_against: Any
        abstentions: Any

    @property
    def is_planned(self) -> bool:
        """Tell whether the decision is still to come."""
        return self.result is None

    @property
    def is_due(self) -> bool:
        """A session whose day has come asks for its result."""
        return self.is_planned and self.session_on is not None and self.session_on <= today()

    @property
    def consents(self) -> bool:
        """Tell whether the council agreed; a board or a committee alone decides nothing."""
        return self.body is Body.COUNCIL and self.result in CONSENTS

    @property
    def votes(self) -> str:
        """The votes in short: for, against, abstentions; empty where they are not known."""
        counted = (self.votes_for, self.votes_against, self.abstentions)
        if all(one is None for one in counted):
            return ""
        return ":".join(str(one or 0) for one in counted)


class Resolution(ResolutionFacts, Record):
    """A decision of one partner's body; without a result it is planned for its day."""

    __tablename__ = "resolutions"
    __table_args__ = (
        CheckConstraint("votes_for >= 0 AND votes_against >= 0 AND abstentions >= 0", name="votes"),
        Index("ix_resolutions_sessions", "session_on", "result"),
    )

    partner_id: Mapped[int] = mapped_column(ForeignKey("cooperation_partners.id"), index=True)
    body: Mapped[Body] = mapped_column(default=Body.COUNCIL)
    kind: Mapped[ResolutionKind] = mapped_column(default=ResolutionKind.BASIC)
    session_on: Mapped[date | None]
    paper_number: Mapped[str | None] = mapped_column(String(60))
    result: Mapped[Result | None]
    votes_for: Mapped[int | None]
    votes_against: Mapped[int | None]
    abstentions: Mapped[int | None]
    link: Mapped[str | None] = mapped_column(String(500))
    note: Mapped[str | None] = mapped_column(String(500), info={"personal": True})

    partner: Mapped[Partner] = relationship()


@event.listens_for(Partner, "before_delete")
def _forget_resolutions(_mapper: Any, connection: Any, partner: Partner) -> None:
    """A partner that never was one takes its resolutions and their extracts along, whoever takes it out."""
    own = select(Resolution.id).where(Resolution.partner_id == partner.id)
    connection.execute(delete(Document).where(Document.resolution_id.in_(own)))
    connection.execute(delete(Resolution).where(Resolution.partner_id == partner.id))
