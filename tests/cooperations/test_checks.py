"""What looks odd about a group: one case for each sentence, and what is not odd."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from crm.cooperations.checks import warnings
from crm.cooperations.kinds import LegalForm, PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.organisations.models import Organisation
from crm.proceedings.models import Answer, Approval, ApprovalKind

TODAY = date(2026, 11, 25)
BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
OLD = date(2020, 1, 1)


pytestmark = pytest.mark.usefixtures("german")


def partner(number, name, steps=(), role=PartnerRole.MEMBER, at=Step.CANDIDATE, since=None, until=None):
    """A partner that took steps, given as (step, day)."""
    return Partner(
        id=number, organisation_name=name, role=role, step=at,
        organisation=Organisation(name=name, valid_from=since, valid_to=until),
        steps=[PartnerStep(step=step, reached_on=day, source=StepSource.LETTER) for step, day in steps],
    )  # fmt: skip


def group(*partners, stage=Stage.IDEA, **over):
    """A group of a lead and a member, unless told otherwise."""
    known = {"legal_form": LegalForm.AGREEMENT, "term_unlimited": False, "halt": None} | over
    pair = partner(1, "Lahntal", role=PartnerRole.LEAD), partner(2, "Cölbe")
    return Cooperation(title="Bauhof", stage=stage, partners=list(partners or pair), **known)


def decision(number, day, consents=True):
    """A resolution of a partner."""
    return SimpleNamespace(partner_id=number, session_on=day, consents=consents)


def told(group, resolutions=(), approvals=(), today=TODAY):
    """Everything that is said about a group."""
    return warnings(group, resolutions, approvals, today)


def test_nothing_is_said_of_a_group_that_fits():
    assert told(group()) == []
    steps = [(step, OLD + timedelta(days=number)) for number, step in enumerate(list(Step)[:5])]
    pair = [
        partner(1, "Lahntal", steps, PartnerRole.LEAD, Step.ACTIVE, since=date(1974, 7, 1)),
        partner(2, "Cölbe", steps, at=Step.ACTIVE),
    ]
    fits = group(
        *pair, stage=Stage.RUNNING, legal_form=LegalForm.DELEGATION, signed_on=OLD + timedelta(days=3),
        effective_on=OLD + timedelta(days=4), term_until=OLD + timedelta(days=3000), planned_start=OLD,
    )  # fmt: skip
    granted = Approval(kind=ApprovalKind.APPROVAL, answer=Answer.GRANTED)
    assert told(fits, [decision(1, OLD), decision(2, OLD)], [granted]) == []


ALONE = "Lahntal ist der einzige Partner"
PARTNERS = [
    ([], "hat keinen Partner"),
    ([partner(1, "Lahntal")], ALONE),
    ([partner(1, "Lahntal"), partner(2, "Cölbe", at=Step.LEFT)], ALONE),
    ([partner(1, "Lahntal"), partner(2, "Cölbe", at=Step.DECLINED)], ALONE),
    ([partner(1, "Lahntal"), partner(2, "Cölbe", role=PartnerRole.OBSERVER)], ALONE),
    ([partner(1, "Lahntal"), partner(2, "Bodenfelde", role=PartnerRole.GUEST)], None),
]


@pytest.mark.parametrize(("partners", "words"), PARTNERS)
def test_a_group_of_one_is_no_group(partners, words):
    found = told(Cooperation(partners=partners, stage=Stage.IDEA, term_unlimited=False))
    assert [words in one for one in found] == ([True] if words else [])


def test_a_merger_of_fire_brigades_has_one_partner_and_a_group_that_ended_may_have_none():
    one = partner(1, "Haunetal", at=Step.SIGNED)
    assert told(group(one, legal_form=LegalForm.FIRE_BRIGADES)) == []
    ended = partner(2, "Cölbe", at=Step.LEFT)
    assert told(group(ended, stage=Stage.ENDED, halt=Stage.ENDED)) == []
    assert told(group(ended, stage=Stage.PAUSED, halt=Stage.PAUSED))


def test_somebody_must_lead_once_somebody_has_signed():
    pair = [partner(1, "Lahntal", at=Step.SIGNED), partner(2, "Cölbe")]
    assert "niemand ist federführend" in told(group(*pair))[0]
    assert told(group(*pair, stage=Stage.RUNNING)) == []
    assert told(group(*pair, legal_form=LegalForm.MERGER)) == []
    pair[0].step = Step.RESOLVED
    assert told(group(*pair)) == []
    pair[0].step, pair[1].role, pair[1].step = Step.ACTIVE, PartnerRole.LEAD, Step.LEFT
    third = partner(3, "Wetter (Hessen)")
    assert "Cölbe ist federführend, aber nicht mehr dabei" in told(group(*pair, third))[0]


def test_a_resolution_comes_before_the_signature():
    signed = group(signed_on=OLD)
    late = decision(2, OLD + timedelta(days=1))
    found = told(signed, [decision(1, OLD), late])
    assert len(found) == 1
    assert found[0].startswith("Cölbe hat am 02.01.2020 beschlossen")
    assert "01.01.2020" in found[0]
    assert told(signed, [late, decision(2, OLD)]) == []
    assert told(signed, [decision(2, TODAY, consents=False), decision(2, None)]) == []


def test_who_joins_later_signs_for_itself():
    joined = partner(3, "Wetter (Hessen)", [(Step.SIGNED, TODAY)])
    whole = group(partner(1, "Lahntal", role=PartnerRole.LEAD), joined, signed_on=OLD)
    assert told(whole, [decision(3, BEFORE)]) == []
    assert len(told(whole, [decision(3, AFTER)], today=AFTER)) == 1


def test_the_contract_is_signed_before_it_is_in_force():
    (found,) = told(group(signed_on=TODAY, effective_on=BEFORE))
    assert found.startswith("Der Vertrag wurde am 25.11.2026 unterzeichnet, gilt aber schon seit 24.11.2026.")
    assert told(group(signed_on=TODAY, effective_on=TODAY)) == []


def test_a_term_ends_after_it_began():
    found = told(group(effective_on=TODAY, term_until=BEFORE))
    assert len(found) == 1
    assert "endet am 24.11.2026, beginnt aber erst am 25.11.2026" in found[0]
    assert told(group(effective_on=TODAY, term_until=TODAY)) == []


ORDERS = [
    ([(Step.INTERESTED, TODAY), (Step.RESOLVED, BEFORE)], "„interessiert“ (25.11.2026) liegt nach"),
    ([(Step.CANDIDATE, TODAY), (Step.ACTIVE, OLD)], "(25.11.2026) liegt nach „aktiv“ (01.01.2020)"),
    ([(Step.INTERESTED, BEFORE), (Step.RESOLVED, TODAY)], None),
    ([(Step.INTERESTED, TODAY), (Step.RESOLVED, TODAY)], None),
    ([(Step.INTERESTED, None), (Step.RESOLVED, OLD)], None),
    # Reported again later: the first day counts.
    ([(Step.INTERESTED, OLD), (Step.RESOLVED, BEFORE), (Step.INTERESTED, TODAY)], None),
    # Who came back begins anew.
    ([(Step.SIGNED, OLD), (Step.LEFT, BEFORE), (Step.INTERESTED, TODAY)], None),
    ([(Step.LEFT, OLD), (Step.INTERESTED, TODAY), (Step.RESOLVED, BEFORE)], "liegt nach"),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "words"), ORDERS)
def test_the_steps_of_a_partner_follow_each_other(steps, words):
    found = told(group(partner(1, "Lahntal", steps, PartnerRole.LEAD), partner(2, "Cölbe")))
    assert [one.startswith("Lahntal: ") and words in one for one in found] == ([True] if words else [])


@pytest.mark.parametrize(
    ("step", "day", "words"),
    [
        (Step.INTERESTED, date(1974, 6, 30), "besteht aber erst seit 01.07.1974"),
        (Step.INTERESTED, date(1974, 7, 1), None), (Step.INTERESTED, None, None),
        (Step.SIGNED, date(2018, 1, 1), "bestand aber nur bis 31.12.2017"),
        (Step.SIGNED, date(2017, 12, 31), None), (Step.LEFT, date(2018, 1, 1), None),
    ],
)  # fmt: skip
def test_nobody_takes_a_step_before_or_after_existing(step, day, words):
    one = partner(1, "Beerfelden", [(step, day)], PartnerRole.LEAD, since=date(1974, 7, 1))
    one.organisation.valid_to = date(2017, 12, 31)
    found = told(group(one, partner(2, "Cölbe")))
    assert [words in text for text in found] == ([True] if words else [])


def asked(kind, answer=None, sent_on=None):
    """What was asked of the authority."""
    return Approval(kind=kind, answer=answer, sent_on=sent_on)


AUTHORITY = [
    (LegalForm.DELEGATION, [], "Genehmigung"),
    (LegalForm.DELEGATION, [asked(ApprovalKind.APPROVAL, sent_on=OLD)], "Genehmigung"),
    (LegalForm.DELEGATION, [asked(ApprovalKind.APPROVAL, Answer.REFUSED, OLD)], "Genehmigung"),
    (LegalForm.DELEGATION, [asked(ApprovalKind.NOTICE, Answer.NOTED, OLD)], "Genehmigung"),
    (LegalForm.DELEGATION, [asked(ApprovalKind.APPROVAL, Answer.GRANTED)], None),
    (LegalForm.MANDATE, [], "anzuzeigen"),
    (LegalForm.MANDATE, [asked(ApprovalKind.NOTICE)], "anzuzeigen"),
    (LegalForm.MANDATE, [asked(ApprovalKind.APPROVAL, Answer.GRANTED, OLD)], "anzuzeigen"),
    (LegalForm.MANDATE, [asked(ApprovalKind.NOTICE, sent_on=OLD)], None),
    (LegalForm.MANDATE, [asked(ApprovalKind.NOTICE, Answer.NOTED)], None),
    (LegalForm.AGREEMENT, [], None),
    (None, [], None),
]


@pytest.mark.parametrize(("form", "approvals", "words"), AUTHORITY)
def test_a_delegation_needs_an_approval_and_a_mandate_a_notice(form, approvals, words):
    running = group(stage=Stage.RUNNING, legal_form=form)
    assert [words in one for one in told(running, approvals=approvals)] == ([True] if words else [])
    assert told(group(stage=Stage.CONTRACT, legal_form=form), approvals=approvals) == []


@pytest.mark.parametrize(
    ("halt", "stage"), [(None, Stage.SEARCH), (Stage.PAUSED, Stage.PAUSED), (Stage.ENDED, Stage.ENDED)]
)
def test_a_delegation_in_force_needs_its_approval_while_others_join_or_it_pauses(halt, stage):
    pair = [partner(1, "Lahntal", role=PartnerRole.LEAD, at=Step.ACTIVE), partner(2, "Cölbe")]
    found = told(group(*pair, stage=stage, halt=halt, legal_form=LegalForm.DELEGATION))
    assert [one for one in found if "Genehmigung" in one] == found
    assert len(found) == (halt is not Stage.ENDED)


LONG = {"effective_on": date(2016, 1, 1), "term_until": date(2026, 1, 1)}
CLAUSES = [
    ({"term_unlimited": True}, "unbefristet"),
    ({"term_unlimited": True, "legal_form": None}, "unbefristet"),
    ({"term_unlimited": True, "termination": "6 Monate zum Jahresende"}, None),
    ({"term_unlimited": True, "legal_form": LegalForm.ZWECKVERBAND}, None),
    ({"term_unlimited": True, "halt": Stage.ENDED, "stage": Stage.ENDED}, None),
    (LONG, "länger als zehn Jahre"),
    (LONG | {"termination": "§ 9"}, None),
    (LONG | {"term_until": date(2025, 12, 31)}, None),
    (LONG | {"effective_on": None}, None),
]


@pytest.mark.parametrize(("known", "words"), CLAUSES)
def test_a_long_agreement_says_how_it_can_be_ended(known, words):
    assert [words in one for one in told(group(**known))] == ([True] if words else [])


@pytest.mark.parametrize(
    ("day", "stage", "odd"),
    [
        (BEFORE, Stage.IDEA, True), (BEFORE, Stage.APPLICATION, True), (TODAY, Stage.IDEA, False),
        (AFTER, Stage.IDEA, False), (None, Stage.IDEA, False), (BEFORE, Stage.RUNNING, False),
        (BEFORE, Stage.ENDED, False), (BEFORE, Stage.PAUSED, False),
    ],
)  # fmt: skip
def test_a_start_that_has_passed_asks_for_a_new_day(day, stage, odd):
    found = told(group(planned_start=day, stage=stage))
    assert [("Start war für den 24.11.2026 geplant" in one) for one in found] == ([True] if odd else [])


def test_every_sentence_ends_and_says_what_to_do():
    everything = group(
        partner(1, "Lahntal", [(Step.INTERESTED, TODAY), (Step.RESOLVED, OLD)], at=Step.SIGNED, since=BEFORE),
        stage=Stage.RUNNING, legal_form=LegalForm.DELEGATION, term_unlimited=True, signed_on=BEFORE,
        effective_on=OLD, term_until=date(2019, 1, 1),
    )  # fmt: skip
    found = told(everything, [decision(1, TODAY)])
    found += told(group(partner(1, "Lahntal", at=Step.SIGNED), partner(2, "Cölbe")))
    assert len(found) == 9
    assert all(one.endswith(".") and ("Prüfen" in one or "Fügen" in one) for one in found)
