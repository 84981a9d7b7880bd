"""Feasibility studies, and what the supervisory authority is asked or told."""

from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.cooperations.kinds import OVER, Stage
from crm.cooperations.models import Cooperation
from crm.db import Euro, Record, today
from crm.labels import Labelled, name_members


class StudyState(Labelled):
    """How far a study is."""

    PLANNED = "planned"
    BEGUN = "begun"
    FINISHED = "finished"
    DROPPED = "dropped"


class ApprovalKind(Labelled):
    """What is asked of the authority."""

    APPROVAL = "approval"
    NOTICE = "notice"
    CONSENT = "consent"


class Answer(Labelled):
    """What the authority said."""

    GRANTED = "granted"
    REFUSED = "refused"
    NOTED = "noted"


name_members(
    {
        StudyState.PLANNED: _l("planned"),
        StudyState.BEGUN: _l("under way"),
        StudyState.FINISHED: _l("finished"),
        StudyState.DROPPED: _l("dropped"),
        ApprovalKind.APPROVAL: _l("Approval"),
        ApprovalKind.NOTICE: _l("Notice"),
        ApprovalKind.CONSENT: _l("Consent"),
        Answer.GRANTED: _l("granted"),
        Answer.REFUSED: _l("refused"),
        Answer.NOTED: _l("taken note of"),
    }
)


UNFINISHED = (StudyState.PLANNED, StudyState.BEGUN)


class Study(Record):
    """A feasibility study; a grant for it is paid back when nothing fundable follows."""

    __tablename__ = "studies"

    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperations.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[StudyState] = mapped_column(default=StudyState.PLANNED)
    contractor: Mapped[str | None] = mapped_column(String(200))
    cost: Mapped[Decimal | None] = mapped_column(Euro)
    grant: Mapped[Decimal | None] = mapped_column(Euro)
    begun_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    result: Mapped[str | None] = mapped_column(String(1000), info={"personal": True})
    repay_due_on: Mapped[date | None]
    repaid_on: Mapped[date | None]

    cooperation: Mapped[Cooperation] = relationship()

    @property
    def is_late(self) -> bool:
        """Tell whether its grant should have been paid back by now."""
        return self.repaid_on is None and self.repay_due_on is not None and self.repay_due_on < today()

    @property
    def is_expected(self) -> bool:
        """Tell whether its last day is the one it is expected on."""
        return self.state in UNFINISHED

    def may_be_owed(self, halt: Stage | None, funded: bool) -> bool:
        """Tell whether its grant may have to be paid back: it led to nothing that was `funded`."""
        over = halt in OVER
        found = self.state is StudyState.FINISHED and bool(self.grant) and self.repaid_on is None
        return over and not funded and found


class Approval(Record):
    """An approval, a notice or a consent; the authority follows from § 35 KGG unless another is named."""

    __tablename__ = "approvals"

    cooperation_id: Mapped[int] = mapped_column(ForeignKey("cooperations.id"), index=True)
    kind: Mapped[ApprovalKind]
    authority: Mapped[str | None] = mapped_column(String(100))
    authority_reason: Mapped[str | None] = mapped_column(String(300))
    sent_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    answer: Mapped[Answer | None]
    note: Mapped[str | None] = mapped_column(String(500), info={"personal": True})

    cooperation: Mapped[Cooperation] = relationship()

    @property
    def is_open(self) -> bool:
        """Tell whether the authority still has to answer."""
        return self.sent_on is not None and self.answered_on is None and self.answer is None

    @property
    def days_open(self) -> int | None:
        """Days since it was sent, while the authority still has to answer."""
        return (today() - self.sent_on).days if self.is_open and self.sent_on else None

    @property
    def is_overridden(self) -> bool:
        """Tell whether somebody named another authority than the rule does, with a reason."""
        return self.authority_reason is not None
