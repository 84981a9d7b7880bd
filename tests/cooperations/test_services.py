"""What is done with groups and partners, and what is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit import history_of
from crm.cooperations import partners, queries, services
from crm.cooperations.kinds import PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.db import db, today
from crm.errors import RuleBroken
from crm.organisations.models import Organisation
from crm.resolutions.models import Result
from tests import factories
from tests.factories import cooperation, member, place, step

THREE = ("Cölbe", "Lahntal", "Wetter (Hessen)")


def everybody(group, to, days_ago=0):
    """Let every partner reach a step."""
    for name in THREE:
        step(group, name, to, days_ago)


def partner(group, name="Lahntal"):
    """One partner of a group."""
    return next(one for one in group.partners if one.organisation_name == name)


def names(events):
    return [one.name for one in events]


def test_a_group_is_made_with_its_partners(context):
    group = cooperation(lead="Cölbe")
    assert group.places == list(THREE)
    assert [one.role for one in group.partners] == [PartnerRole.LEAD, PartnerRole.MEMBER, PartnerRole.MEMBER]
    assert (group.stage, group.stage_since) == (Stage.IDEA, today())
    assert names(history_of(group)) == ["cooperation.created"]


def test_what_describes_a_group_is_no_remark_on_its_first_steps(context):
    group = cooperation(note="Die Bürgermeister wollen einen Bauhof. " * 30)
    assert [one.note for part in group.partners for one in part.steps] == [None, None, None]


def test_the_stage_follows_the_partners_step_by_step(context):
    group = cooperation()
    step(group, "Cölbe", Step.INTERESTED, 90)
    assert (group.stage, group.days_in_stage) == (Stage.SEARCH, 90)
    everybody(group, Step.INTERESTED, 80)
    factories.resolution(group, "Lahntal")
    assert group.stage is Stage.RESOLUTIONS
    everybody(group, Step.RESOLVED, 40)
    assert (group.stage, group.days_in_stage) == (Stage.CONTRACT, 40)
    everybody(group, Step.ACTIVE, 5)
    assert (group.stage, group.days_in_stage) == (Stage.RUNNING, 5)


def test_who_leaves_holds_nobody_up_and_stays_on_record(context):
    group = cooperation()
    everybody(group, Step.RESOLVED, 50)
    step(group, "Cölbe", Step.ACTIVE, 20)
    step(group, "Wetter (Hessen)", Step.ACTIVE, 20)
    assert group.stage is Stage.CONTRACT
    step(group, "Lahntal", Step.LEFT, 10, note="Eigener Bauhof")
    assert group.stage is Stage.RUNNING
    assert partner(group).step is Step.LEFT
    assert [one.step for one in partner(group).steps] == [Step.CANDIDATE, Step.RESOLVED, Step.LEFT]


def test_an_observer_and_a_guest_hold_nobody_up(context):
    group = cooperation()
    everybody(group, Step.ACTIVE, 20)
    partners.add(
        group, {"organisations": [place("Marburg").id], "role": PartnerRole.OBSERVER}, member("anna")
    )
    assert group.stage is Stage.RUNNING


def test_there_is_one_lead(context):
    group = cooperation(lead="Cölbe")
    partners.change_role(partner(group), PartnerRole.LEAD, member("anna"))
    assert [one.organisation_name for one in group.partners if one.role is PartnerRole.LEAD] == ["Lahntal"]
    assert partner(group, "Cölbe").role is PartnerRole.MEMBER
    assert "cooperation.partner-changed" in names(history_of(group))


def test_a_partner_twice_is_refused(context):
    group = cooperation()
    with pytest.raises(RuleBroken, match="Lahntal ist schon Partner"):
        partners.add(group, {"organisations": [place("Lahntal").id]}, member("anna"))


def gone(name):
    """A municipality that has ceased to exist."""
    return db.session.scalars(select(Organisation).where(Organisation.name == name)).one()


def test_nobody_joins_after_ceasing_to_exist_and_the_successor_is_offered(context):
    group = cooperation()
    with pytest.raises(
        RuleBroken, match=r"Bromskirchen gehört seit 01.01.2023 zu Allendorf \(Eder\)"
    ) as broken:
        partners.add(group, {"organisations": [gone("Bromskirchen").id]}, member("anna"))
    assert broken.value.field == "organisations"
    values = {"organisations": [gone("Bromskirchen").id], "reached_on": today().replace(year=2020)}
    assert partners.add(group, values, member("anna"))[0].organisation_name == "Bromskirchen"


def test_no_step_after_the_end_of_a_municipality_but_it_may_leave_then(context):
    group = cooperation()
    values = {"organisations": [gone("Bromskirchen").id], "reached_on": today().replace(year=2020)}
    late = partners.add(group, values, member("anna"))[0]
    report = {"source": StepSource.LETTER, "note": None, "reached_on": today()}
    with pytest.raises(RuleBroken, match="Bromskirchen gehört seit"):
        partners.report_step(late, report | {"step": Step.ACTIVE}, member("anna"))
    partners.report_step(late, report | {"step": Step.LEFT}, member("anna"))
    assert late.step is Step.LEFT


def test_a_step_to_come_is_a_session_and_no_step(context):
    group = cooperation()
    with pytest.raises(RuleBroken, match="planen Sie einen Beschluss"):
        step(group, "Lahntal", Step.RESOLVED, days_ago=-1)


def test_steps_are_corrected_and_taken_back_with_a_trace(context):
    group = cooperation()
    made = step(group, "Lahntal", Step.INTERESTED, 10)
    values = {"reached_on": today() - timedelta(days=30), "source": StepSource.MAIL, "note": None}
    partners.correct_step(made, values, member("anna"))
    assert partner(group).days_at_step == 30
    partners.take_back(made, member("anna"))
    assert partner(group).step is Step.CANDIDATE
    events = history_of(group)
    assert names(events)[:3] == ["partner.step-taken-back", "partner.corrected", "partner.advanced"]
    assert events[0].changes["partners"][1] is None


def test_every_report_counts_the_version_of_the_partner_up(context):
    group = cooperation()
    step(group, "Lahntal", Step.RESOLVED, 5)
    before = partner(group).version
    step(group, "Lahntal", Step.INTERESTED, 50)
    assert partner(group).version > before


def test_a_mistaken_partner_goes_with_its_steps(context):
    group = cooperation()
    partners.remove(partner(group), member("anna"))
    db.session.flush()
    assert group.places == ["Cölbe", "Wetter (Hessen)"]
    left = select(PartnerStep).join(PartnerStep.partner).where(Partner.organisation_name == "Lahntal")
    assert db.session.scalars(left).all() == []


def test_a_group_is_halted_with_a_reason_and_resumed(context):
    group = cooperation()
    everybody(group, Step.ACTIVE, 5)
    services.halt(group, {"halt": Stage.PAUSED, "halted_on": today(), "halt_reason": "Wahl"}, member("anna"))
    assert (group.stage, group.days_in_stage) == (Stage.PAUSED, 0)
    services.resume(group, member("anna"))
    assert group.stage is Stage.RUNNING
    assert names(history_of(group))[:2] == ["cooperation.resumed", "cooperation.halted"]


@pytest.mark.parametrize(
    ("values", "field"),
    [({"halt_reason": None}, "halt_reason"), ({"halt": Stage.RUNNING}, "halt"),
     ({"halted_on": today() + timedelta(days=1)}, "halted_on")],
)  # fmt: skip
def test_a_halt_needs_a_reason_and_a_day_gone_by(context, values, field):
    whole = {"halt": Stage.PAUSED, "halted_on": today(), "halt_reason": "Wahl"}
    with pytest.raises(RuleBroken) as broken:
        services.halt(cooperation(), whole | values, member("anna"))
    assert broken.value.field == field


def test_a_programme_never_stands_above_itself(context):
    top = cooperation(title="Kreisweites Vorhaben")
    middle = cooperation(title="Teil", parent_id=top.id)
    bottom = cooperation(title="Teil des Teils", parent_id=middle.id)
    for parent in (top, middle, bottom):
        with pytest.raises(RuleBroken, match="gehört selbst zu dieser Kooperation|nicht über sich selbst"):
            services.change_cooperation(top, {"title": top.title, "parent_id": parent.id}, member("anna"))
    services.change_cooperation(bottom, {"title": bottom.title, "parent_id": top.id}, member("anna"))
    assert bottom.parent_id == top.id


def test_what_other_areas_note_settles_the_stage(context):
    group = cooperation()
    services.note(group, study_since=today() - timedelta(days=9))
    assert (group.stage, group.days_in_stage) == (Stage.STUDY, 9)
    services.note(group, applied_on=today())
    assert group.stage is Stage.APPLICATION
    services.note(group, applied_on=None, study_since=None)
    assert group.stage is Stage.IDEA
    with pytest.raises(KeyError):
        services.note(group, stage=Stage.RUNNING)


def test_a_removed_group_comes_back_with_its_follow_ups(context):
    group = cooperation()
    promise = factories.follow_up(cooperation_id=group.id, organisation_id=None, at="Lahntal")
    services.remove(group, member("anna"))
    db.session.flush()
    assert queries.one(group.id) is None
    assert promise.removed_at
    services.restore(queries.removed(group.id), member("anna"))
    assert promise.removed_at is None
    assert queries.one(group.id).title == group.title


@pytest.mark.parametrize("typed", ["bauhof", "Gemeinsamer Bauhof", "coelbe", "wetter hessen"])
def test_a_group_is_found_by_title_and_by_partner(context, typed):
    group = cooperation()
    assert [one.id for one in queries.named(typed)] == [group.id]


def test_a_typed_title_is_read_or_asked_back(context):
    one, other = cooperation(title="Bauhof Nord"), cooperation(title="Bauhof Nordkreis")
    assert queries.read("Bauhof Nord")[0].value == str(one.id)
    assert "mehrere" in queries.read("Bauhof").message
    assert "keine Kooperation" in queries.read("Stadtreinigung").message
    assert queries.read("nordkreis")[0].value == str(other.id)


def test_a_council_that_agrees_moves_its_partner_on(context):
    from crm.resolutions import services as resolutions

    group = cooperation()
    made = factories.resolution(group, "Lahntal", -7, result=Result.ADOPTED, votes_for=11, votes_against=3)
    assert (partner(group).step, partner(group).days_at_step) == (Step.RESOLVED, 7)
    assert partner(group).steps[-1].resolution_id == made.id
    values = {"body": made.body, "kind": made.kind, "session_on": made.session_on, "result": Result.POSTPONED}
    resolutions.change(made, values, member("anna"))
    assert partner(group).step is Step.CANDIDATE
    resolutions.change(made, values | {"result": Result.AMENDED}, member("anna"))
    assert partner(group).step is Step.RESOLVED
    resolutions.remove(made, member("anna"))
    assert partner(group).step is Step.CANDIDATE


def test_the_stored_stage_is_what_the_table_says(context):
    """The copies for lists never drift: after a walk through everything they equal the computed ones."""
    group = cooperation()
    everybody(group, Step.INTERESTED, 9)
    factories.resolution(group, "Cölbe", -3, result=Result.ADOPTED)
    step(group, "Wetter (Hessen)", Step.DECLINED, 1, note="Kein Bedarf")
    db.session.flush()
    db.session.expire_all()
    for found in db.session.scalars(select(Cooperation)):
        before = (found.stage, found.stage_since, [(one.step, one.step_on) for one in found.partners])
        services.settle(found)
        assert before == (found.stage, found.stage_since, [(one.step, one.step_on) for one in found.partners])
