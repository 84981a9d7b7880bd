"""What is done with the contract, studies, approvals and notices of a group; events stand at the group."""

from datetime import date
from typing import Any

from flask_babel import gettext as _

from crm import audit
from crm.bodies import queries as bodies
from crm.bodies.supervision import Supervision, supervision
from crm.cooperations import services
from crm.cooperations.kinds import LegalForm, PartnerRole
from crm.cooperations.models import Cooperation
from crm.db import BERLIN, db, today
from crm.errors import RuleBroken
from crm.i18n import day as german
from crm.proceedings import queries
from crm.proceedings.models import Approval, ApprovalKind, Study, StudyState

STUDY = (
    "title", "state", "contractor", "cost", "grant", "begun_on", "finished_on", "result", "repay_due_on",
    "repaid_on",
)  # fmt: skip
APPROVAL = ("kind", "authority", "authority_reason", "sent_on", "answered_on", "answer", "note")
CONTRACT = (
    "legal_form", "legal_form_note", "first_contact_on", "signed_on", "effective_on", "term_until",
    "term_unlimited", "renewal_months", "notice_months", "termination", "evaluated_on",
)  # fmt: skip
ASKED = {
    LegalForm.DELEGATION: ApprovalKind.APPROVAL,
    LegalForm.ZWECKVERBAND: ApprovalKind.APPROVAL,
    LegalForm.INSTITUTION: ApprovalKind.APPROVAL,
    LegalForm.JOINT_ADMINISTRATION: ApprovalKind.APPROVAL,
    LegalForm.MERGER: ApprovalKind.APPROVAL,
    LegalForm.MANDATE: ApprovalKind.NOTICE,
    LegalForm.COMMISSION: ApprovalKind.CONSENT,
}


def asked_by(form: LegalForm | None) -> ApprovalKind | None:
    """What the law wants from a legal form: approval, notice or consent; None where it says nothing."""
    return ASKED.get(form) if form else None


def change_contract(group: Cooperation, values: dict[str, Any], by: Any) -> None:
    """Change form, days and term of a contract; raises RuleBroken."""
    for name in ("first_contact_on", "signed_on", "evaluated_on"):
        _refuse_future(values, name)
    if values.get("term_unlimited") and values.get("term_until"):
        message = _("A term is unlimited or has an end. Take out the day or the mark.")
        raise RuleBroken(message, "term_until")
    services.change_cooperation(group, {name: values[name] for name in CONTRACT if name in values}, by)


def record_study(group: Cooperation, values: dict[str, Any], by: Any) -> Study:
    """Note a study of a group; raises RuleBroken."""
    _check_study(values)
    made = Study(cooperation_id=group.id, **{name: values.get(name) for name in STUDY})
    db.session.add(made)
    db.session.flush()
    _settle(group)
    audit.record("study.recorded", group, by, studies=(None, study_in_words(made)))
    return made


def change_study(group: Cooperation, study: Study, values: dict[str, Any], by: Any) -> None:
    """Change a study of a group; raises RuleBroken."""
    _check_study(values)
    said = study_in_words(study)
    if _changed(study, STUDY, values):
        _settle(group)
        audit.record("study.changed", group, by, studies=_change(said, study_in_words(study)))


def remove_study(group: Cooperation, study: Study, by: Any) -> None:
    """Take out a study that never was; the history of the group keeps the trace."""
    said = study_in_words(study)
    db.session.delete(study)
    db.session.flush()
    _settle(group)
    audit.record("study.removed", group, by, studies=(said, None))


def _check_study(values: dict[str, Any]) -> None:
    # As long as somebody works on it, it is the day the study is expected.
    ended = values["state"] in (StudyState.FINISHED, StudyState.DROPPED)
    for name in ("finished_on", "repaid_on") if ended else ("repaid_on",):
        _refuse_future(values, name)
    begun = values.get("begun_on")
    if begun and begun > today() and values["state"] is not StudyState.PLANNED:
        message = _("The study begins after today. Choose “planned” until then, or correct the day.")
        raise RuleBroken(message, "begun_on")


def _settle(group: Cooperation) -> None:
    """A study that is under way makes the stage of its group; without a day, since it was noted."""
    begun = [
        one.begun_on or one.created_at.astimezone(BERLIN).date()
        for one in queries.studies(group.id)
        if one.state is StudyState.BEGUN
    ]
    services.note(group, study_since=min(begun, default=None))


def competent(group: Cooperation, day: date) -> Supervision:
    """Who is competent for those that take part in a group, as they are on a day, with the reasons."""
    inside = [one for one in group.partners if not one.has_gone and one.role is not PartnerRole.OBSERVER]
    return supervision(bodies.to_judge([one.organisation_id for one in inside], day))


def authority_of(group: Cooperation, found: Supervision) -> str:
    """Name the authority for a group; the upper one approves a merger (§ 17 HGO)."""
    return found.upper if group.legal_form is LegalForm.MERGER else found.authority


def record_approval(group: Cooperation, values: dict[str, Any], by: Any) -> Approval:
    """Note an approval, a notice or a consent; raises RuleBroken."""
    values = _judged(group, values)
    made = Approval(cooperation_id=group.id, **{name: values.get(name) for name in APPROVAL})
    db.session.add(made)
    db.session.flush()
    audit.record("approval.recorded", group, by, approvals=(None, approval_in_words(made)))
    return made


def change_approval(group: Cooperation, approval: Approval, values: dict[str, Any], by: Any) -> None:
    """Change an approval, a notice or a consent; raises RuleBroken."""
    said = approval_in_words(approval)
    if _changed(approval, APPROVAL, _judged(group, values, approval)):
        audit.record("approval.changed", group, by, approvals=_change(said, approval_in_words(approval)))


def remove_approval(group: Cooperation, approval: Approval, by: Any) -> None:
    """Take out an approval or a notice that never was; the history of the group keeps the trace."""
    said = approval_in_words(approval)
    db.session.delete(approval)
    db.session.flush()
    audit.record("approval.removed", group, by, approvals=(said, None))


def _judged(group: Cooperation, values: dict[str, Any], stored: Approval | None = None) -> dict[str, Any]:
    """Check what was typed, and keep to whom a paper went once it was sent: partners may change later."""
    for name in ("sent_on", "answered_on"):
        _refuse_future(values, name)
    named, reason, sent = (values.get(name) for name in ("authority", "authority_reason", "sent_on"))
    if named and not reason:
        raise RuleBroken(_("Enter why this authority is competent."), "authority_reason")
    if reason and not named:
        message = _("Enter the authority, or take out the reason: then the computed one holds.")
        raise RuleBroken(message, "authority")
    if named or not sent:
        return values
    if stored is not None and stored.authority and not stored.is_overridden and stored.sent_on == sent:
        return values | {"authority": stored.authority}
    return values | {"authority": authority_of(group, competent(group, sent)) or None}


def _changed(record: Any, columns: tuple[str, ...], values: dict[str, Any]) -> bool:
    """Set what differs; tell whether anything did. The names in the history come from the caller."""
    wanted = {name: values[name] for name in columns if name in values}
    different = [name for name, value in wanted.items() if getattr(record, name) != value]
    for name in different:
        setattr(record, name, wanted[name])
    db.session.flush()
    return bool(different)


def _change(before: str, after: str) -> tuple[str | None, str]:
    """A change that does not show in words names the record once."""
    return (None if before == after else before), after


def _refuse_future(values: dict[str, Any], name: str) -> None:
    day = values.get(name)
    if day is not None and day > today():
        raise RuleBroken(_("The day lies after today. Enter it once it has come."), name)


def study_in_words(study: Study) -> str:
    """Say a study for the history: Machbarkeitsstudie Bauhof, läuft seit 03.03.2026."""
    days = {StudyState.BEGUN: study.begun_on, StudyState.FINISHED: study.finished_on}
    day = days.get(study.state)
    return f"{study.title}, {study.state.label}" + (f" {german(day)}" if day else "")


def approval_in_words(approval: Approval) -> str:
    """Say an approval for the history: Genehmigung, Regierungspräsidium Gießen, gesendet 01.02.2026."""
    said = [str(approval.kind.label)] + ([approval.authority] if approval.authority else [])
    if approval.sent_on:
        said.append(_("sent %(day)s", day=german(approval.sent_on)))
    if approval.answer or approval.answered_on:
        answer = str(approval.answer.label if approval.answer else _("answered"))
        said.append(f"{answer} {german(approval.answered_on)}".strip())
    return ", ".join(said)
