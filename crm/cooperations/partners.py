"""What is done with the partners of a group and their steps. What was is corrected, never overwritten."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from crm import audit
from crm.cooperations.kinds import EXITS, PartnerRole, Step, StepSource
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.cooperations.settling import describe, settle
from crm.cooperations.standing import step_of
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.organisations import queries as organisations
from crm.organisations.existing import refuse_unless_existing
from crm.organisations.models import PARTIES, Level, Organisation

STEP_COLUMNS = ("reached_on", "source", "note")


def add(group: Cooperation, values: dict[str, Any], by: Any) -> list[Partner]:
    """Let organisations take part in a group.

    `values` holds `organisations` (numbers), and optionally `lead` (numbers, the first counts), `role`, and
    the step they begin with: `step`, `reached_on`, `source`, `note`. Raises RuleBroken.
    """
    joined = added(group, values)
    describe(group)
    settle(group)
    audit.record(
        "cooperation.partners-added", group, by, partners=(None, [one.organisation_name for one in joined])
    )
    return joined


def added(group: Cooperation, values: dict[str, Any]) -> list[Partner]:
    """Add the partners without settling the group or noting an event."""
    if values.get("role") is PartnerRole.LEAD:
        raise RuleBroken(_("One partner leads. Say it on the page of that partner."), "role")
    lead = (values.get("lead") or [None])[0]
    wanted = list(dict.fromkeys([*([lead] if lead else []), *(values.get("organisations") or [])]))
    known = {one.organisation_id for one in group.partners}
    first = {name: values.get(name) for name in ("step", *STEP_COLUMNS)}
    joined = []
    for place in _places(wanted):
        if place.id in known:
            raise RuleBroken(_("%(name)s is a partner already.", name=place.name), "organisations")
        joined.append(_joined(group, place, values.get("role"), first))
    if lead:
        _make_lead(group, next(one for one in group.partners if one.organisation_id == lead))
    return joined


def _places(ids: list[int]) -> list[Organisation]:
    query = select(Organisation).where(Organisation.id.in_(ids), Organisation.level.in_(PARTIES))
    found = {
        one.id: one for one in db.session.scalars(query.options(selectinload(Organisation.designations)))
    }
    if len(found) < len(ids):
        raise RuleBroken(_("This municipality is not in the register."), "organisations")
    return [found[number] for number in ids]


def _joined(
    group: Cooperation, place: Organisation, role: PartnerRole | None, first: dict[str, Any]
) -> Partner:
    day = first["reached_on"]
    if day is not None or first["source"] is not StepSource.IMPORT:
        refuse_unless_existing(place, day or today(), "organisations")
    _refuse_future(day)
    elsewhere = PartnerRole.GUEST if place.level is Level.ELSEWHERE else PartnerRole.MEMBER
    made = Partner(
        organisation_id=place.id,
        organisation=place,
        organisation_name=organisations.name_on(place, day or min(today(), place.valid_to or today())),
        role=role or elsewhere,
        position=len(group.partners),
        steps=[],
    )
    group.partners.append(made)
    step = {"source": first["source"] or StepSource.TALK, "reached_on": day, "note": first["note"]}
    made.steps.append(PartnerStep(step=first["step"] or Step.CANDIDATE, **step))
    return made


def _make_lead(group: Cooperation, chosen: Partner) -> None:
    """There is one lead; the former becomes a member."""
    for one in group.partners:
        if one is chosen:
            one.role = PartnerRole.LEAD
        elif one.role is PartnerRole.LEAD:
            one.role = PartnerRole.MEMBER


def change_role(partner: Partner, role: PartnerRole, by: Any) -> None:
    """Say what a partner is in its group."""
    group, before = partner.cooperation, partner.role
    if role is before:
        return
    if role is PartnerRole.LEAD:
        _make_lead(group, partner)
    else:
        partner.role = role
    settle(group)
    said = [f"{partner.organisation_name}: {one.label}" for one in (before, role)]
    audit.record("cooperation.partner-changed", group, by, partners=said)


def remove(partner: Partner, by: Any) -> None:
    """Take out a partner that never was one; whoever leaves stays on record with that step."""
    group, name = partner.cooperation, partner.organisation_name
    group.partners.remove(partner)
    describe(group)
    settle(group)
    audit.record("cooperation.partner-removed", group, by, partners=(name, None))


def report_step(partner: Partner, values: dict[str, Any], by: Any, again: bool = False) -> PartnerStep:
    """Note that a partner reached a step; `again` says that it comes back after having left.

    `values` holds `step`, `reached_on` (None: not known), `source`, `note`, and optionally the record behind
    it: `consultation_id` or `resolution_id`. The version of the partner counts up, so that a colleague who
    reports at the same time is told. Raises RuleBroken.
    """
    _refuse_future(values.get("reached_on"))
    _refuse_outside_life(partner, values["step"], values.get("reached_on"))
    made = PartnerStep(**values)
    if again:
        _refuse_before_leaving(partner, made)
    partner.steps.append(made)
    _moved(partner, by, "partner.advanced", (None, in_words(made)))
    return made


def report_steps(chosen: list[Partner], values: dict[str, Any], by: Any) -> None:
    """Note the same step of several partners of a group; `values` as in `report_step`."""
    for partner in chosen:
        report_step(partner, values, by)


def correct_step(step: PartnerStep, values: dict[str, Any], by: Any) -> None:
    """Correct day, source or note of a step."""
    partner, before = step.partner, in_words(step)
    _refuse_future(values.get("reached_on"))
    _refuse_outside_life(partner, step.step, values.get("reached_on"))
    for name in STEP_COLUMNS:
        setattr(step, name, values.get(name))
    _moved(partner, by, "partner.corrected", (before, in_words(step)))


def take_back(step: PartnerStep, by: Any) -> None:
    """Take out a step that was never reached; the history of the group keeps the trace."""
    partner, said = step.partner, in_words(step)
    partner.steps.remove(step)
    _moved(partner, by, "partner.step-taken-back", (said, None))


def _moved(partner: Partner, by: Any, event: str, change: tuple[Any, Any]) -> None:
    partner.updated_at = now()
    settle(partner.cooperation)
    audit.record(event, partner.cooperation, by, partners=change)


def _refuse_before_leaving(partner: Partner, made: PartnerStep) -> None:
    """Coming back is later than leaving, or it would change nothing."""
    if step_of([*partner.steps, made]).step in EXITS:
        day = f" {partner.step_on:%d.%m.%Y}" if partner.step_on else ""
        message = _(
            "%(name)s: %(step)s%(day)s. Enter a later day for coming back.",
            name=partner.organisation_name, step=partner.step.label, day=day,
        )  # fmt: skip
        raise RuleBroken(message, "reached_on")


def _refuse_future(day: date | None) -> None:
    if day is not None and day > today():
        message = _("The day lies after today. For a session to come, plan a resolution.")
        raise RuleBroken(message, "reached_on")


def _refuse_outside_life(partner: Partner, step: Step, day: date | None) -> None:
    """Nobody takes part before or after existing; leaving may be noted with the day after the end."""
    place = partner.organisation
    if day is not None and step.rank >= 0 and not place.holds_on(day):
        refuse_unless_existing(place, day, "reached_on")


def in_words(step: PartnerStep) -> str:
    """Say a step for the history: Lahntal: interessiert 03.03.2026."""
    day = f" {step.reached_on:%d.%m.%Y}" if step.reached_on else ""
    return f"{step.partner.organisation_name}: {step.step.label}{day}"
