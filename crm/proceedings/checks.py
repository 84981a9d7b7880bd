"""What looks odd about a study or an approval: sentences that warn and never block."""

from collections.abc import Iterable, Iterator

from flask_babel import gettext as _

from crm.db import today
from crm.i18n import day as german
from crm.proceedings.models import Answer, Approval, ApprovalKind, Study, StudyState


def of_studies(studies: Iterable[Study]) -> list[str]:
    """Say what does not fit together in studies, each with what to check."""
    return [text for one in studies for text in _of_study(one)]


def _of_study(study: Study) -> Iterator[str]:
    begun, finished, name = study.begun_on, study.finished_on, study.title
    if begun and finished and finished < begun:
        yield _(
            "Study “%(name)s” was finished on %(finished)s, before it began on %(begun)s. Check both days.",
            name=name, finished=german(finished), begun=german(begun),
        )  # fmt: skip
    if finished and finished < today() and study.state in (StudyState.PLANNED, StudyState.BEGUN):
        yield _(
            "Study “%(name)s” was to be finished on %(finished)s, but is still %(state)s. Check its state.",
            name=name, finished=german(finished), state=study.state.label,
        )  # fmt: skip
    if study.cost is not None and study.grant is not None and study.grant > study.cost:
        yield _("The grant for study “%(name)s” is higher than its cost. Check both sums.", name=name)


def of_approvals(approvals: Iterable[Approval]) -> list[str]:
    """Say what does not fit together in approvals and notices, each with what to check."""
    return [text for one in approvals for text in _of_approval(one)]


def _of_approval(approval: Approval) -> Iterator[str]:
    sent, answered, name = approval.sent_on, approval.answered_on, approval.kind.label
    if sent and answered and answered < sent:
        yield _(
            "%(name)s: answered on %(answered)s, before it was sent on %(sent)s. Check both days.",
            name=name, answered=german(answered), sent=german(sent),
        )  # fmt: skip
    if approval.kind is ApprovalKind.NOTICE and approval.answer is Answer.GRANTED:
        yield _("A notice is taken note of, not granted. Check whether it was an approval.")
