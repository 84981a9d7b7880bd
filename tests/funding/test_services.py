"""Judging, costs, applications with all that follows them: rules, events, and the stage of the group."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from crm.audit import history_of
from crm.cooperations.kinds import Stage, Step
from crm.db import db, today
from crm.documents.models import Document
from crm.errors import RuleBroken
from crm.funding import applying, following, queries, services
from crm.funding.checks import oddities
from crm.funding.dossier import dossier
from crm.funding.kinds import ObligationKind, PaperKind, PaperState, StationKind
from crm.funding.models import Obligation, Paper, Plan, Station
from tests import factories

pytestmark = pytest.mark.usefixtures("context")


def anna():
    """The adviser."""
    return factories.member("anna")


@pytest.fixture
def group():
    """Three municipalities, Cölbe leads."""
    return factories.cooperation(lead="Cölbe")


def events(group):
    """Names of the events of a group with what they say about its funding, the oldest first."""
    return [(one.name, one.changes.get("funding")) for one in reversed(history_of(group))][1:]


def values(**over):
    """What the form of an application hands over."""
    rules = queries.rules_on(over.get("submitted_on") or today())
    return dict.fromkeys(applying.COLUMNS) | {"rule_set_id": rules.id if rules else None} | over


def judged(**over):
    """What the form of the conditions hands over."""
    return dict.fromkeys(services.JUDGED) | over


def test_a_judgement_is_noted_without_its_reasons(group):
    services.judge(group, judged(substantial=True, substantial_note="Geheim.", brigades=2), anna())
    [(name, change)] = events(group)
    assert name == "funding.judged"
    assert change == ["wesentlich: offen", "wesentlich: ja, Feuerwehren: 2"]
    services.judge(group, judged(substantial=True, substantial_note="Anders.", brigades=2), anna())
    assert events(group)[1][1] == [None, "wesentlich: ja, Feuerwehren: 2"]
    services.judge(group, judged(substantial=True, substantial_note="Anders.", brigades=2), anna())
    assert len(events(group)) == 2, "nothing changed, nothing is noted"


def test_another_sum_needs_its_reason_and_a_reason_its_sum(group):
    with pytest.raises(RuleBroken) as broken:
        services.judge(group, judged(amount=Decimal(90_000)), anna())
    assert broken.value.field == "amount_reason"
    with pytest.raises(RuleBroken) as broken:
        services.judge(group, judged(amount_reason="Darum."), anna())
    assert broken.value.field == "amount"
    assert db.session.scalar(select(func.count(Plan.id))) == 0
    services.judge(group, judged(amount=Decimal(90_000), amount_reason="Darum."), anna())
    found = dossier(group, today())
    assert (found.expected, found.standard.sum, found.is_own) == (Decimal(90_000), Decimal(75_000), True)


def test_costs_are_noted_for_whom_they_changed(group):
    first, second, _third = group.partners
    full = dict.fromkeys(services.COSTS) | {"staff_before": Decimal(100), "material_before": Decimal("50.5")}
    services.set_costs(group, {first.id: full, second.id: dict.fromkeys(full)}, Decimal(120), anna())
    [(name, change)] = events(group)
    assert name == "funding.costs-changed"
    assert f"{first.organisation_name}: 100\u00a0€ + 50,50\u00a0€" in change[1]
    assert second.organisation_name not in change[1]
    assert "gemeinsame Stelle: 120\u00a0€" in change[1]
    found = dossier(group, today())
    assert [one.before for one in found.facts.partners] == [Decimal("150.5"), None, None]
    version = queries.plan_of(group.id).version
    services.set_costs(group, {first.id: full | {"staff_before": Decimal(90)}}, Decimal(120), anna())
    assert queries.plan_of(group.id).version > version, "a colleague with the same table is told"


def test_an_application_brings_its_checklist_and_its_standard_grant(group):
    made = applying.record_application(group, values(submitted_on=date(2026, 10, 1)), anna())
    assert made.standard == Decimal(75_000)
    assert [one.kind for one in made.papers] == list(PaperKind)
    assert {one.state for one in made.papers} == {PaperState.MISSING}
    assert events(group) == [("funding.application-recorded", [None, "eingereicht 01.10.2026"])]


def test_the_stage_follows_the_first_application_that_waits(group):
    early, late = today() - timedelta(days=60), today() - timedelta(days=20)
    first = applying.record_application(group, values(submitted_on=early), anna())
    second = applying.record_application(group, values(submitted_on=late), anna())
    assert (group.stage, group.stage_since) == (Stage.APPLICATION, early)
    applying.change_application(group, first, values(submitted_on=early, withdrawn_on=today()), anna())
    assert (group.stage, group.stage_since) == (Stage.APPLICATION, late)
    applying.remove_application(group, second, anna())
    assert (group.stage, group.applied_on) == (Stage.IDEA, None)
    names = [name for name, _change in events(group)]
    assert names[-2:] == ["funding.application-changed", "funding.application-removed"]


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"refused_on": date(2026, 10, 9)}, "refusal_reason"),
        ({"refusal_reason": "Zu klein."}, "refused_on"),
        ({"refused_on": date(2026, 10, 9), "refusal_reason": "x", "granted": Decimal(1)}, "refused_on"),
        ({"submitted_on": today() + timedelta(days=1)}, "submitted_on"),
        ({"granted_on": today() + timedelta(days=1)}, "granted_on"),
        ({"requested": Decimal(80_000)}, "amount_reason"),
        ({"granted": Decimal(80_000)}, "amount_reason"),
        ({"applicant_id": 1}, "applicant_id"),
    ],
)
def test_what_an_application_must_not_say(group, over, field):
    with pytest.raises(RuleBroken) as broken:
        applying.record_application(group, values(**over), anna())
    assert broken.value.field == field
    assert queries.applications_of(group.id) == []


def test_a_hand_over_may_be_planned(group):
    made = applying.record_application(group, values(handed_over_on=today() + timedelta(days=9)), anna())
    assert made.handed_over_on > today()


def test_without_a_standard_grant_no_reason_is_asked(group):
    day = date(2012, 3, 1)
    made = applying.record_application(group, values(submitted_on=day, granted=Decimal(60_000)), anna())
    assert (made.standard, made.rule_set.name) == (None, "Regelwerk 2011")


def test_the_standard_grant_follows_until_it_is_decided(group):
    day = today() - timedelta(days=9)
    made = applying.record_application(group, values(submitted_on=day), anna())
    factories.step(group, "Lahntal", Step.DECLINED, days_ago=12)
    applying.change_application(group, made, values(submitted_on=day, note="x"), anna())
    assert made.standard == Decimal(50_000)
    applying.change_application(group, made, values(submitted_on=day, granted=Decimal(50_000)), anna())
    factories.step(group, "Wetter (Hessen)", Step.DECLINED, days_ago=11)
    applying.change_application(
        group, made, values(submitted_on=day, granted=Decimal(50_000), note="y"), anna()
    )
    assert made.standard == Decimal(50_000), "what was decided on stays"


def test_whoever_left_later_counted_on_the_day_of_the_application(group):
    made = applying.record_application(group, values(submitted_on=today() - timedelta(days=30)), anna())
    factories.step(group, "Lahntal", Step.LEFT, days_ago=3)
    found = dossier(group, today())
    assert len(found.facts.partners) == 3
    applying.change_application(
        group, made, values(submitted_on=made.submitted_on, withdrawn_on=today()), anna()
    )
    assert len(dossier(group, today()).facts.partners) == 2, "after the withdrawal today counts"


def test_removing_an_application_takes_everything_along(group):
    made = applying.record_application(group, values(submitted_on=today()), anna())
    following.report_station(group, made, {"kind": StationKind.COUNTY, "arrived_on": today()}, anna())
    duty = {"kind": ObligationKind.REPORT, "due_on": today()}
    following.record_obligation(group, made, duty, anna())
    factories.document(group, paper_id=made.papers[0].id)
    applying.remove_application(group, made, anna())
    for model in (Station, Obligation, Paper, Document):
        assert db.session.scalar(select(func.count(model.id))) == 0, model


def test_what_has_arrived_somewhere_is_submitted(group):
    made = applying.record_application(group, values(), anna())
    assert group.stage is Stage.IDEA
    day = today() - timedelta(days=4)
    station = following.report_station(group, made, {"kind": StationKind.REGION, "arrived_on": day}, anna())
    assert (made.submitted_on, group.stage, group.stage_since) == (day, Stage.APPLICATION, day)
    late = {"kind": StationKind.REGION, "arrived_on": today() + timedelta(days=1)}
    with pytest.raises(RuleBroken):
        following.report_station(group, made, late, anna())
    following.remove_station(group, made, station, anna())
    assert made.stations == []
    assert [name for name, _change in events(group)][-2:] == [
        "funding.station-reported",
        "funding.station-removed",
    ]


def test_papers_are_noted_once_and_only_what_changed(group):
    made = applying.record_application(group, values(), anna())
    version = made.version
    there = {"state": PaperState.PRESENT, "dated_on": date(2026, 10, 1), "note": "geheim"}
    rest = {kind: {"state": PaperState.MISSING, "dated_on": None, "note": None} for kind in PaperKind}
    following.set_papers(group, made, rest | {PaperKind.LETTER: there}, anna())
    assert events(group)[-1] == (
        "funding.paper-changed",
        ["Antragsschreiben: fehlt", "Antragsschreiben: liegt vor 01.10.2026"],
    )
    assert made.version > version
    following.set_papers(group, made, rest | {PaperKind.LETTER: there}, anna())
    assert len(events(group)) == 2


def test_papers_of_an_application_that_came_without_them_can_be_noted(group):
    made = factories.paper(group)
    one = queries.applications_of(group.id)[0]
    rows = {kind: {"state": PaperState.DRAFT, "dated_on": None, "note": None} for kind in PaperKind}
    following.set_papers(group, one, rows, anna())
    assert len(one.papers) == len(PaperKind)
    assert made.state is PaperState.DRAFT


def test_a_duty_is_noted_done_and_taken_out(group):
    made = applying.record_application(group, values(), anna())
    duty = {
        "kind": ObligationKind.PROOF,
        "due_on": date(2027, 12, 31),
        "done_on": None,
        "clause": None,
        "note": None,
    }
    one = following.record_obligation(group, made, duty, anna())
    following.change_obligation(group, one, duty | {"done_on": today()}, anna())
    following.remove_obligation(group, one, anna())
    names = [name for name, _change in events(group)][1:]
    assert names == [f"funding.obligation-{word}" for word in ("recorded", "changed", "removed")]
    with pytest.raises(RuleBroken) as broken:
        following.record_obligation(group, made, duty | {"due_on": None}, anna())
    assert broken.value.field == "due_on"
    with pytest.raises(RuleBroken) as broken:
        following.record_obligation(group, made, duty | {"done_on": today() + timedelta(days=1)}, anna())
    assert broken.value.field == "done_on"


def test_days_out_of_order_are_said_and_do_not_block(group):
    day = date(2026, 3, 10)
    over = {
        "submitted_on": day,
        "completed_on": date(2026, 3, 1),
        "granted_on": date(2026, 4, 1),
        "paid_on": date(2026, 3, 2),
    }
    made = applying.record_application(group, values(**over), anna())
    following.report_station(
        group, made, {"kind": StationKind.COUNTY, "arrived_on": date(2026, 3, 3)}, anna()
    )
    said = " ".join(oddities(made))
    assert "„vollständig“ (01.03.2026) liegt vor „eingereicht“ (10.03.2026)" in said
    assert "„ausgezahlt“ (02.03.2026) liegt vor „bewilligt“" in said
    assert "bevor er eingereicht war" in said
    assert "Bewilligt, aber die Summe fehlt." in said


def test_rules_that_did_not_hold_are_said(group):
    rules = queries.rules_on(date(2012, 1, 1)).id
    made = applying.record_application(
        group, values(submitted_on=date(2026, 3, 1), rule_set_id=rules), anna()
    )
    db.session.refresh(made)
    assert "galt am 01.03.2026 nicht" in " ".join(oddities(made))


def test_a_grant_of_nothing_is_a_decision(group):
    nothing = values(submitted_on=today(), granted=Decimal(0), amount_reason="Mittel erschöpft.")
    one = applying.record_application(group, nothing, anna())
    assert (one.is_decided, one.is_under_way, group.applied_on) == (True, False, None)


def test_an_applicant_that_was_taken_out_of_the_partners_stays(group):
    lead = group.lead
    applicant = lead.organisation_id
    one = applying.record_application(group, values(applicant_id=applicant), anna())
    group.partners.remove(lead)
    db.session.flush()
    applying.change_application(group, one, values(applicant_id=applicant, purpose="Studie"), anna())
    assert (one.applicant_id, one.purpose) == (applicant, "Studie")
    other = factories.place("Marburg").id
    with pytest.raises(RuleBroken):
        applying.change_application(group, one, values(applicant_id=other), anna())
