"""What looks odd about a group: sentences that warn and never block, for its history is often incomplete.

Resolutions and approvals stand to the right of this area; only what the protocols name is asked of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from flask_babel import gettext as _

from crm.cooperations.kinds import EXITS, OVER, LegalForm, PartnerRole, Step
from crm.cooperations.terms import is_longer_than
from crm.i18n import day as german

APPROVAL, NOTICE, GRANTED = "approval", "notice", "granted"
# Their statutes are under other rules than § 24 (3) KGG.
WITHOUT_CLAUSE = (
    LegalForm.ZWECKVERBAND, LegalForm.JOINT_ADMINISTRATION, LegalForm.INSTITUTION, LegalForm.MERGER,
    LegalForm.FIRE_BRIGADES, LegalForm.PRIVATE_LAW,
)  # fmt: skip
MOST_YEARS = 10


class Decision(Protocol):
    """A resolution of a partner's council."""

    @property
    def partner_id(self) -> int:
        """Whose."""

    @property
    def session_on(self) -> date | None:
        """When."""

    @property
    def consents(self) -> bool:
        """Tell whether it agreed."""


class Asked(Protocol):
    """An approval, a notice or a consent; `kind` and `answer` are enums."""

    @property
    def kind(self) -> Any:
        """Which of them."""

    @property
    def answer(self) -> Any:
        """What came back."""

    @property
    def sent_on(self) -> date | None:
        """When it was sent."""


@dataclass(frozen=True)
class _Case:
    group: Any
    resolutions: Sequence[Decision]
    approvals: Sequence[Asked]
    today: date


def warnings(
    group: Any, resolutions: Iterable[Decision], approvals: Iterable[Asked], today: date
) -> list[str]:
    """Say what does not fit together, each with what to check; the partners and their steps are loaded."""
    case = _Case(group, list(resolutions), list(approvals), today)
    return [text for check in _CHECKS for text in check(case)]


def _partners(case: _Case) -> Iterator[str]:
    group = case.group
    if group.legal_form is LegalForm.FIRE_BRIGADES or group.halt in OVER:
        return
    inside = [one for one in group.partners if not one.has_gone and one.role is not PartnerRole.OBSERVER]
    if not inside:
        yield _("This cooperation has no partner. Add the municipalities that take part.")
    elif len(inside) == 1:
        yield _(
            "%(name)s is the only partner. Add a second one, or check who declined or left.",
            name=inside[0].organisation_name,
        )


def _lead(case: _Case) -> Iterator[str]:
    signed = any(one.step.rank >= Step.SIGNED.rank for one in case.group.partners)
    if not signed or case.group.legal_form in (LegalForm.FIRE_BRIGADES, LegalForm.MERGER):
        return
    # Who leads is who applies: of a group that runs it is no longer asked.
    if case.group.lead is None and case.group.in_progress:
        yield _("Somebody has signed, but nobody leads. Check who the lead partner is.")
    elif case.group.lead is not None and case.group.lead.has_gone:
        yield _(
            "%(name)s leads, but is no longer part of it. Check who the lead partner is now.",
            name=case.group.lead.organisation_name,
        )


def _resolutions(case: _Case) -> Iterator[str]:
    for one in case.group.partners:
        signed = _days(one.steps).get(Step.SIGNED) or case.group.signed_on
        agreed = [
            decision.session_on
            for decision in case.resolutions
            if decision.partner_id == one.id and decision.consents and decision.session_on
        ]
        if signed and agreed and min(agreed) > signed:
            yield _(
                "%(name)s decided on %(decided)s, after the contract was signed on %(signed)s. "
                "Check both days, or whether an earlier resolution is missing.",
                name=one.organisation_name, decided=german(min(agreed)), signed=german(signed),
            )  # fmt: skip


def _contract(case: _Case) -> Iterator[str]:
    signed, begins, ends = case.group.signed_on, case.group.effective_on, case.group.term_until
    if signed and begins and signed > begins:
        yield _(
            "The contract was signed on %(signed)s, but is in force since %(begins)s. Check both days.",
            signed=german(signed), begins=german(begins),
        )  # fmt: skip
    if begins and ends and ends < begins:
        yield _(
            "The term ends on %(ends)s, before it begins on %(begins)s. Check both days.",
            ends=german(ends), begins=german(begins),
        )  # fmt: skip


def _order(case: _Case) -> Iterator[str]:
    for one in case.group.partners:
        for stretch in _stretches(one.steps):
            days = _days(stretch)
            known = sorted(days, key=lambda step: step.rank)
            if odd := next(((a, b) for a, b in zip(known, known[1:], strict=False) if days[a] > days[b]), ()):
                first, then = odd
                yield _(
                    "%(name)s: “%(first)s” (%(day)s) comes after “%(then)s” (%(later)s). Check both days.",
                    name=one.organisation_name, first=first.label, day=german(days[first]),
                    then=then.label, later=german(days[then]),
                )  # fmt: skip


def _stretches(steps: Iterable[Any]) -> list[list[Any]]:
    """Take the dated steps apart at each way out: who comes back begins anew."""
    dated = [one for one in steps if one.reached_on]
    outs = sorted(one.reached_on for one in dated if one.step in EXITS and one.reached_on)
    found: list[list[Any]] = [[] for _out in range(len(outs) + 1)]
    for one in dated:
        if one.step not in EXITS:
            found[sum(1 for out in outs if one.reached_on and out < one.reached_on)].append(one)
    return found


def _days(steps: Iterable[Any]) -> dict[Step, date]:
    """The first day of each step forward."""
    found: dict[Step, date] = {}
    for one in steps:
        if one.reached_on and one.step not in EXITS:
            found[one.step] = min(one.reached_on, found.get(one.step, one.reached_on))
    return found


def _lives(case: _Case) -> Iterator[str]:
    for one in case.group.partners:
        outside = [
            step
            for step in one.steps
            if step.reached_on and step.step not in EXITS and not one.organisation.holds_on(step.reached_on)
        ]
        if outside:
            yield _outside(one, outside[0])


def _outside(partner: Any, step: Any) -> str:
    place, words = partner.organisation, {"name": partner.organisation_name, "step": step.step.label}
    words["day"] = german(step.reached_on)
    if place.valid_from and step.reached_on and step.reached_on < place.valid_from:
        return _(
            "%(name)s: “%(step)s” on %(day)s, but it exists since %(since)s only. "
            "Check the day, or take the predecessor.",
            **words, since=german(place.valid_from),
        )  # fmt: skip
    return _(
        "%(name)s: “%(step)s” on %(day)s, but it existed until %(until)s only. "
        "Check the day, or take the successor.",
        **words, until=german(place.valid_to),
    )  # fmt: skip


def _authority(case: _Case) -> Iterator[str]:
    if not case.group.in_force:
        return
    form = case.group.legal_form
    granted = [one for one in case.approvals if one.kind.value == APPROVAL and one.answer]
    if form is LegalForm.DELEGATION and all(one.answer.value != GRANTED for one in granted):
        yield _(
            "A delegation needs the approval of the authority, but none is recorded as granted. "
            "Check whether it was applied for."
        )
    sent = [one for one in case.approvals if one.kind.value == NOTICE and (one.sent_on or one.answer)]
    if form is LegalForm.MANDATE and not sent:
        yield _(
            "A mandate needs a notice to the authority, but none is recorded as sent. "
            "Check whether it was sent."
        )


def _clause(case: _Case) -> Iterator[str]:
    group = case.group
    if group.termination or group.legal_form in WITHOUT_CLAUSE or group.halt in OVER:
        return
    if group.term_unlimited:
        yield _(
            "The term is unlimited, so the agreement must say how it can be ended (§ 24 (3) KGG). "
            "Check the contract and enter the clause."
        )
    elif is_longer_than(MOST_YEARS, group.effective_on, group.term_until):
        yield _(
            "The term is longer than ten years, so the agreement must say how it can be ended "
            "(§ 24 (3) KGG). Check the contract and enter the clause."
        )


def _start(case: _Case) -> Iterator[str]:
    planned = case.group.planned_start
    if planned and planned < case.today and case.group.in_progress:
        yield _(
            "The start was planned for %(day)s, but the cooperation is not running yet. "
            "Set a new day, or report the steps of the partners.",
            day=german(planned),
        )


_CHECKS: tuple[Callable[[_Case], Iterator[str]], ...] = (
    _partners, _lead, _contract, _resolutions, _order, _lives, _authority, _clause, _start,
)  # fmt: skip
