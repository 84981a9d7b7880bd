"""Rules of studies, approvals and contracts: the stage that follows, whom a paper goes to, what is odd."""

from datetime import date, timedelta

import pytest

from crm.audit import history_of
from crm.cooperations.kinds import LegalForm, PartnerRole, Stage, Step
from crm.db import BERLIN, db, today
from crm.errors import RuleBroken
from crm.history import lines
from crm.proceedings import checks, services
from crm.proceedings.models import Answer, Approval, ApprovalKind, Study, StudyState
from tests import factories

pytestmark = pytest.mark.usefixtures("context")
TODAY = today()
BEFORE, AFTER = TODAY - timedelta(days=30), TODAY + timedelta(days=30)
LANDRAT = "Landrat als Behörde der Landesverwaltung (Landkreis Marburg-Biedenkopf)"


def anna():
    """Who writes here."""
    return factories.member("anna")


def told(group):
    """What the history of a group says last: the event and its changes."""
    (line,) = lines(history_of(group, limit=1))
    return str(line.label), line.changes


@pytest.fixture
def group(context):
    """A group of two municipalities in one county."""
    return factories.cooperation("Cölbe", "Lahntal")


FORMS = {
    LegalForm.DELEGATION: ApprovalKind.APPROVAL,
    LegalForm.ZWECKVERBAND: ApprovalKind.APPROVAL,
    LegalForm.INSTITUTION: ApprovalKind.APPROVAL,
    LegalForm.JOINT_ADMINISTRATION: ApprovalKind.APPROVAL,
    LegalForm.MERGER: ApprovalKind.APPROVAL,
    LegalForm.MANDATE: ApprovalKind.NOTICE,
    LegalForm.COMMISSION: ApprovalKind.CONSENT,
}


def test_the_legal_form_says_what_is_asked():
    assert {form: services.asked_by(form) for form in LegalForm if services.asked_by(form)} == FORMS
    assert services.asked_by(None) is None


def test_a_study_under_way_makes_the_stage_until_it_ends(group):
    study = factories.study(group, begun_on=BEFORE)
    assert (group.study_since, group.stage, group.stage_since) == (BEFORE, Stage.STUDY, BEFORE)
    second = factories.study(group, begun_on=BEFORE - timedelta(days=1))
    assert group.study_since == BEFORE - timedelta(days=1)
    values = {"title": "Machbarkeit", "state": StudyState.FINISHED}
    services.change_study(group, second, values, anna())
    assert group.study_since == BEFORE
    services.change_study(group, study, values, anna())
    assert (group.study_since, group.stage) == (None, Stage.IDEA)


@pytest.mark.parametrize("state", [StudyState.PLANNED, StudyState.FINISHED, StudyState.DROPPED])
def test_any_other_study_makes_no_stage(group, state):
    factories.study(group, state=state, begun_on=BEFORE)
    assert (group.study_since, group.stage) == (None, Stage.IDEA)


def test_without_a_day_a_study_counts_since_it_was_noted(group):
    study = factories.study(group)
    assert group.study_since == study.created_at.astimezone(BERLIN).date() == TODAY
    services.remove_study(group, study, anna())
    assert (group.study_since, group.stage) == (None, Stage.IDEA)


def test_every_change_of_a_study_is_told_by_the_group_without_its_result(group):
    study = factories.study(group, begun_on=date(2026, 3, 3), result="Geheimes Ergebnis")
    assert told(group) == ("Studie erfasst", [("Studien", None, "Machbarkeit, in Arbeit 03.03.2026")])
    values = {"title": "Machbarkeit", "state": StudyState.DROPPED}
    services.change_study(group, study, values, anna())
    assert told(group) == (
        "Studie geändert",
        [("Studien", "Machbarkeit, in Arbeit 03.03.2026", "Machbarkeit, abgebrochen")],
    )
    services.change_study(group, study, values | {"result": "Anderes"}, anna())
    assert told(group) == ("Studie geändert", [("Studien", None, "Machbarkeit, abgebrochen")])
    number = len(history_of(group))
    services.change_study(group, study, values | {"result": "Anderes"}, anna())
    assert len(history_of(group)) == number
    services.remove_study(group, study, anna())
    assert told(group)[1] == [("Studien", "Machbarkeit, abgebrochen", None)]
    assert not any("Ergebnis" in str(event.changes) for event in history_of(group))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"state": StudyState.BEGUN, "begun_on": AFTER}, "begun_on"),
        ({"state": StudyState.FINISHED, "begun_on": AFTER}, "begun_on"),
        ({"state": StudyState.FINISHED, "finished_on": AFTER}, "finished_on"),
        ({"state": StudyState.FINISHED, "repaid_on": AFTER}, "repaid_on"),
    ],
)
def test_what_has_happened_lies_not_ahead(group, values, field):
    with pytest.raises(RuleBroken) as refused:
        services.record_study(group, {"title": "x"} | values, anna())
    assert refused.value.field == field
    assert not db.session.query(Study).count()


def test_a_planned_study_may_begin_later_and_be_due_later(group):
    factories.study(group, state=StudyState.PLANNED, begun_on=AFTER, repay_due_on=AFTER)


OWED = [
    ({}, Stage.ENDED, False, True),
    ({}, Stage.ABANDONED, False, True),
    ({}, Stage.ABANDONED, True, False),
    ({}, Stage.PAUSED, False, False),
    ({}, None, False, False),
    ({"grant": None}, Stage.ENDED, False, False),
    ({"grant": 0}, Stage.ENDED, False, False),
    ({"state": StudyState.BEGUN}, Stage.ENDED, False, False),
    ({"repaid_on": BEFORE}, Stage.ENDED, False, False),
]


@pytest.mark.parametrize(("over", "halt", "funded", "owed"), OWED)
def test_a_grant_is_looked_at_when_nothing_fundable_followed(over, halt, funded, owed):
    study = Study(**({"state": StudyState.FINISHED, "grant": 20_000, "repaid_on": None} | over))
    assert study.may_be_owed(halt, funded) is owed


@pytest.mark.parametrize(
    ("due", "repaid", "late"),
    [
        (BEFORE, None, True),
        (TODAY, None, False),
        (AFTER, None, False),
        (BEFORE, BEFORE, False),
        (None, None, False),
    ],
)
def test_a_repayment_is_late_after_its_day(due, repaid, late):
    assert Study(repay_due_on=due, repaid_on=repaid).is_late is late


@pytest.mark.parametrize(
    ("sent", "answered", "answer", "days"),
    [
        (BEFORE, None, None, 30), (TODAY, None, None, 0), (None, None, None, None),
        (BEFORE, TODAY, None, None), (BEFORE, None, Answer.GRANTED, None), (None, None, Answer.GRANTED, None),
    ],
)  # fmt: skip
def test_an_approval_is_open_until_it_is_answered(sent, answered, answer, days):
    assert Approval(sent_on=sent, answered_on=answered, answer=answer).days_open == days


def test_the_partners_decide_who_is_competent(group):
    assert services.competent(group, TODAY).authority == LANDRAT
    wider = factories.cooperation("Cölbe", "Lahntal", "Lich", title="Kasse")
    assert services.competent(wider, TODAY).authority == "Regierungspräsidium Gießen"
    factories.step(wider, "Lich", Step.LEFT)
    assert services.competent(wider, TODAY).authority == LANDRAT


def test_an_observer_decides_nothing_and_a_guest_as_much_as_a_member(group):
    wider = factories.cooperation("Cölbe", "Lich", title="Kasse")
    wider.partners[1].role = PartnerRole.OBSERVER
    assert services.competent(wider, TODAY).authority == LANDRAT
    wider.partners[1].role = PartnerRole.GUEST
    assert services.competent(wider, TODAY).authority == "Regierungspräsidium Gießen"


def test_a_merger_goes_to_the_upper_authority(group):
    group.legal_form = LegalForm.MERGER
    found = services.competent(group, TODAY)
    assert services.authority_of(group, found) == "Regierungspräsidium Gießen"


def test_what_was_sent_stays_with_the_authority_it_went_to(group):
    waiting, sent = factories.approval(group), factories.approval(group, sent_on=TODAY)
    assert (waiting.authority, sent.authority) == (None, LANDRAT)
    factories.step(group, "Lahntal", Step.LEFT)
    group.partners[0].organisation_id = factories.place("Landkreis Gießen").id
    answered = {"kind": sent.kind, "sent_on": TODAY, "answered_on": TODAY, "answer": Answer.GRANTED}
    services.change_approval(group, sent, answered, anna())
    assert sent.authority == LANDRAT
    services.change_approval(group, waiting, {"kind": sent.kind, "sent_on": TODAY}, anna())
    assert waiting.authority == "Regierungspräsidium Gießen"
    services.change_approval(group, sent, answered | {"sent_on": BEFORE}, anna())
    assert sent.authority == "Regierungspräsidium Gießen"


def test_another_authority_is_named_with_a_reason_only(group):
    named = {
        "kind": ApprovalKind.APPROVAL,
        "authority": "RP Kassel",
        "authority_reason": "Vom Ministerium bestimmt.",
    }
    for name, field in (("authority", "authority"), ("authority_reason", "authority_reason")):
        with pytest.raises(RuleBroken) as refused:
            services.record_approval(group, named | {name: None}, anna())
        assert refused.value.field == field
    made = services.record_approval(group, named | {"sent_on": TODAY}, anna())
    assert (made.authority, made.is_overridden) == ("RP Kassel", True)
    plain = {"kind": ApprovalKind.APPROVAL, "authority": None, "authority_reason": None, "sent_on": TODAY}
    services.change_approval(group, made, plain, anna())
    assert (made.authority, made.is_overridden) == (LANDRAT, False)


def test_every_change_of_an_approval_is_told_by_the_group_without_its_note(group):
    made = factories.approval(group, kind=ApprovalKind.NOTICE, note="Geheime Bemerkung")
    assert told(group) == (
        "Genehmigung oder Anzeige erfasst",
        [("Genehmigungen und Anzeigen", None, "Anzeige")],
    )
    values = {"kind": ApprovalKind.NOTICE, "sent_on": date(2026, 2, 1)}
    services.change_approval(group, made, values, anna())
    sent = f"Anzeige, {LANDRAT}, gesendet 01.02.2026"
    assert told(group)[1] == [("Genehmigungen und Anzeigen", "Anzeige", sent)]
    noted = {"answer": Answer.NOTED, "answered_on": date(2026, 3, 1)}
    services.change_approval(group, made, values | noted, anna())
    assert told(group)[1][0][2] == f"{sent}, zur Kenntnis genommen 01.03.2026"
    number = len(history_of(group))
    services.change_approval(group, made, values | noted, anna())
    assert len(history_of(group)) == number
    services.remove_approval(group, made, anna())
    assert told(group)[1][0][2] is None
    assert not any("Bemerkung" in str(event.changes) for event in history_of(group))


@pytest.mark.parametrize("name", ["sent_on", "answered_on"])
def test_a_paper_is_sent_and_answered_by_now(group, name):
    with pytest.raises(RuleBroken) as refused:
        factories.approval(group, **{name: AFTER})
    assert refused.value.field == name


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"signed_on": AFTER}, "signed_on"), ({"first_contact_on": AFTER}, "first_contact_on"),
        ({"evaluated_on": AFTER}, "evaluated_on"),
        ({"term_unlimited": True, "term_until": AFTER}, "term_until"),
    ],
)  # fmt: skip
def test_a_contract_refuses_what_cannot_be(group, values, field):
    with pytest.raises(RuleBroken) as refused:
        services.change_contract(group, values, anna())
    assert refused.value.field == field


def test_a_contract_changes_nothing_else_of_its_group(group):
    services.change_contract(group, {"effective_on": AFTER, "title": "Anders", "note": "x"}, anna())
    assert (group.effective_on, group.title, group.note) == (AFTER, "Gemeinsamer Bauhof", None)
    assert [change[0] for change in told(group)[1]] == ["Vertrag wirksam"]


STUDIES = [
    ({"begun_on": TODAY, "finished_on": BEFORE, "state": StudyState.FINISHED}, "begann aber erst am"),
    ({"finished_on": BEFORE, "state": StudyState.BEGUN}, "ihr Stand ist aber „in Arbeit“"),
    ({"finished_on": BEFORE, "state": StudyState.PLANNED}, "ihr Stand ist aber „geplant“"),
    ({"finished_on": AFTER, "state": StudyState.BEGUN}, None),
    ({"cost": 10, "grant": 11, "state": StudyState.BEGUN}, "höher als ihre Kosten"),
    ({"cost": 10, "grant": 10, "state": StudyState.BEGUN}, None),
    ({"begun_on": BEFORE, "finished_on": BEFORE, "state": StudyState.FINISHED}, None),
    ({"state": StudyState.DROPPED}, None),
]


@pytest.mark.parametrize(("known", "words"), STUDIES)
def test_an_odd_study_is_named(known, words):
    found = checks.of_studies([Study(title="Bauhof", **known)])
    assert [words in one for one in found] == ([True] if words else [])


APPROVALS = [
    ({"sent_on": TODAY, "answered_on": BEFORE}, "beantwortet am"),
    ({"sent_on": BEFORE, "answered_on": BEFORE}, None),
    ({"answered_on": BEFORE}, None),
    ({"kind": ApprovalKind.NOTICE, "answer": Answer.GRANTED}, "zur Kenntnis genommen"),
    ({"kind": ApprovalKind.NOTICE, "answer": Answer.NOTED}, None),
]


@pytest.mark.parametrize(("known", "words"), APPROVALS)
def test_an_odd_approval_is_named(known, words):
    found = checks.of_approvals([Approval(**({"kind": ApprovalKind.APPROVAL} | known))])
    assert [words in one for one in found] == ([True] if words else [])
