"""A guest from another Land: found again, not entered twice, supervised by the ministry, never counted."""

from datetime import date

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.bodies import queries as bodies
from crm.bodies.supervision import Office, supervision
from crm.cooperations.kinds import PartnerRole, Step
from crm.cooperations.partners import change_role
from crm.db import db, today
from crm.errors import RuleBroken
from crm.organisations import finding
from crm.organisations.elsewhere import OTHER_STATES, create_elsewhere, named_in
from crm.organisations.models import Kind, Level, Organisation
from crm.register.services import plan_of
from crm.reports.groups import cooperations
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.talks import activity
from tests import factories
from tests.register.editions import LATER, edition


def added(name="Bodenfelde", state="Niedersachsen", **over):
    return create_elsewhere(name, state, factories.member("anna"), **over)


def test_a_place_of_another_land_is_described_like_those_of_a_file(context):
    place = added()
    assert (place.level, place.name, place.note) == (
        Level.ELSEWHERE,
        "Bodenfelde",
        "Gemeinde · Niedersachsen",
    )
    assert place.designations[0].kind is Kind.GEMEINDE
    assert place.exists
    assert added("Uslar", kind=Kind.TOWN).note == "Stadt · Niedersachsen"


def test_it_leaves_an_event(context):
    place = added()
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.name, event.record_id) == ("organisation.added-elsewhere", place.id)
    assert event.user_id == factories.member("anna").id


def test_the_same_place_is_never_added_twice(context):
    place = added()
    assert added("bodenfelde") is place
    assert added(" Bodenfelde ") is place
    assert added(state="Thüringen") is not place
    assert added("Bodenfelde-Amelith") is not place
    assert named_in("Bodenfelde", "Niedersachsen") == [place]


def test_one_that_a_file_brought_is_taken(context):
    place = Organisation(
        level=Level.ELSEWHERE, name="Bodenfelde", sort_key="bodenfelde",
        note="LK Northeim · Niedersachsen · 03155002", search_text="bodenfelde | gemeinde | niedersachsen",
    )  # fmt: skip
    db.session.add(place)
    db.session.flush()
    assert added() is place


def test_namesakes_of_one_land_are_named_not_guessed(context):
    for county in ("LK Northeim", "LK Holzminden"):
        place = added("Bodenfelde", "Thüringen")
        place.note = f"{county} · Niedersachsen · 0315500{len(county)}"
        db.session.flush()
    with pytest.raises(RuleBroken, match="LK Holzminden") as broken:
        added()
    assert broken.value.field == "name"


@pytest.mark.parametrize(
    ("name", "state", "field"),
    [
        ("Cölbe", "Hessen", "state"),
        ("Bodenfelde", "", "state"),
        ("Bodenfelde", "Narnia", "state"),
        ("", "Niedersachsen", "name"),
        ("…", "Niedersachsen", "name"),
    ],
)
def test_hessen_nowhere_and_nameless_are_refused(context, name, state, field):
    with pytest.raises(RuleBroken) as broken:
        added(name, state)
    assert broken.value.field == field
    assert len(OTHER_STATES) == 15


def test_it_is_found_among_the_partners_to_choose(app, anna):
    with app.app_context():
        number = added().id
        db.session.commit()
    found = anna.get("/kommunen/suche?q=bodenf").response.get_json()
    assert [(one["value"], one["note"]) for one in found] == [(str(number), "Gemeinde · Niedersachsen")]
    with app.test_request_context():
        (chip,) = finding.read("Bodenfelde")
        assert (chip.value, chip.counts) == (str(number), False)


def test_it_has_a_page(app, anna):
    with app.app_context():
        number = added().id
        db.session.commit()
    page = anna.get(f"/kommunen/{number}")
    assert page.status == 200
    assert page.soup.h1.get_text(" ", strip=True).startswith("Bodenfelde")


def test_a_group_with_it_is_supervised_by_the_ministry_with_the_hint_of_36(context):
    place = added()
    group = factories.cooperation("Oberzent", organisations=[factories.place("Wesertal").id, place.id])
    assert [one.role for one in group.partners] == [PartnerRole.MEMBER, PartnerRole.GUEST]
    judged = supervision(bodies.to_judge([one.organisation_id for one in group.partners], today()))
    assert judged.office is Office.MINISTRY
    assert any("§ 36 KGG" in text for text in judged.remarks)
    assert any("Bodenfelde" in text for text in judged.reasons)


def test_it_counts_in_no_report(context):
    place, before = added(), _counted()
    factories.talk("Bodenfelde", "Lahntal", held_on=date(2026, 5, 2))
    group = factories.cooperation(
        "Lahntal", organisations=[factories.place("Cölbe").id, place.id], step=Step.ACTIVE
    )
    change_role(group.partners[1], PartnerRole.MEMBER, factories.member("anna"))
    talks, participations, kommunen, *joint = [new - old for new, old in zip(_counted(), before, strict=True)]
    assert (talks, participations, kommunen) == (1, 1, 1)
    assert joint == [1, 1, 1, 0]


def _counted():
    user, scope = factories.member("anna"), Scope(Period(date(2026, 1, 1), today()))
    talks, groups = (report.read(user, scope).sheet.figures for report in (activity, cooperations))
    return [one.number.value for one in (*talks[:3], *groups)]


def test_a_register_file_does_not_stumble_over_it(context):
    added()
    plan = plan_of(edition(LATER))
    assert "Bodenfelde" not in [place.names[-1].value.name for place in plan.missing]


def test_a_long_name_whose_key_is_longer_still_is_taken(context):
    place = added("ß" * 150)
    assert (place.name, place.sort_key) == ("ß" * 150, "s" * 200)
    assert added("ß" * 150) is place
