"""What the programme asks for besides its five conditions, and what the law asks for before a start."""

from collections.abc import Iterator
from datetime import date

from flask_babel import gettext as _

from crm.cooperations.kinds import LegalForm
from crm.funding.facts import Facts, Remark
from crm.funding.kinds import Light
from crm.i18n import day, number
from crm.proceedings.models import Answer, ApprovalKind
from crm.proceedings.services import asked_by
from crm.task_fields.models import TaskField


def remarks(facts: Facts) -> list[Remark]:
    """Name what is to be looked at on the day of the application."""
    return [*_task_fields(facts), *_eligible(facts), *_authority(facts)]


def is_fundable(field: TaskField, on: date) -> bool:
    """Tell whether the programme pays for a task in applications of a day."""
    return (field.fundable_from or date.min) <= on <= (field.fundable_until or date.max)


def _task_fields(facts: Facts) -> Iterator[Remark]:
    for field in facts.task_fields:
        if not is_fundable(field, facts.day):
            yield Remark(Light.BAD, _not_fundable(field, facts.day))


def _not_fundable(field: TaskField, on: date) -> str:
    if field.fundable_until and on > field.fundable_until:
        return _(
            "“%(name)s” is fundable only in applications until %(day)s.",
            name=field.name, day=day(field.fundable_until),
        )  # fmt: skip
    return _(
        "“%(name)s” is fundable only in applications from %(day)s on.",
        name=field.name, day=day(field.fundable_from),
    )  # fmt: skip


def _eligible(facts: Facts) -> Iterator[Remark]:
    rules = facts.rules
    if rules is None:
        return
    if counties := [one.name for one in facts.kommunen if one.is_county and not rules.counties]:
        text = _(
            "“%(rules)s” does not pay for Landkreise: %(names)s.", rules=rules.name, names=", ".join(counties)
        )
        yield Remark(Light.BAD, text)
    most = rules.most_inhabitants
    if most is None:
        return
    large = [
        f"{one.name} ({number(one.inhabitants)})"
        for one in facts.kommunen
        if not one.is_county and one.inhabitants is not None and one.inhabitants > most
    ]
    if large:
        text = _(
            "“%(rules)s” is for municipalities up to %(most)s inhabitants: %(names)s.",
            rules=rules.name, most=number(most), names=", ".join(large),
        )  # fmt: skip
        yield Remark(Light.BAD, text)


def _authority(facts: Facts) -> Iterator[Remark]:
    """A start without the answer is wrong; before it, the answer is only still to come."""
    wanted = asked_by(facts.legal_form)
    if facts.approvals is None or wanted is None or facts.legal_form is LegalForm.MERGER:
        return
    mine = [one for one in facts.approvals if one.kind is wanted]
    if wanted is ApprovalKind.NOTICE:
        there = any(one.sent_on for one in mine)
        early = _("A mandate needs a notice to the authority before it runs.")
        late = _("It runs already, but the notice to the authority that a mandate needs is missing.")
    else:
        there, kind = any(one.answer is Answer.GRANTED for one in mine), wanted.label
        early = _("This legal form needs the authority before it runs: %(kind)s.", kind=kind)
        late = _("It runs already, but what its legal form needs is missing: %(kind)s.", kind=kind)
    if not there:
        yield Remark(Light.BAD, late) if facts.is_running else Remark(Light.WAIT, early)
