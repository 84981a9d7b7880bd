"""Rules of bodies: dated names, memberships that never overlap, and the built-in ones."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent, history_of
from crm.bodies import queries, services
from crm.bodies.models import BodyMember
from crm.bodies.services import CONTACT
from crm.bodies.standard import load_bodies
from crm.db import db, today
from crm.errors import RuleBroken
from crm.history import lines
from crm.organisations.models import Kind, Level, Organisation
from crm.organisations.queries import designation_on, key_on, name_on
from crm.organisations.standard import standard_bodies
from tests import factories
from tests.auditing.conftest import without_guards

pytestmark = pytest.mark.usefixtures("context")
YEAR = date(2020, 1, 1)


def anna():
    """Who writes here."""
    return factories.member("anna")


def values(body, **over):
    """What the form hands over for a body that is not changed."""
    kept = {name: getattr(body, name) for name in CONTACT}
    named = {
        "name": body.name,
        "kind": body.designations[-1].kind,
        "named_from": today(),
        "correction": False,
    }
    return kept | named | over


def join(body, *names, since=None, **over):
    """Add members."""
    ids = [factories.place(name).id for name in names]
    return services.add_members(body, {"organisations": ids, "valid_from": since} | over, anna())


def names_on(body, day):
    """Names of the members on a day."""
    db.session.flush()
    return [row.organisation.name for row in queries.members_on(body.id, day)]


def test_a_body_has_no_key_and_is_found_by_old_and_new_name():
    body = factories.body("Wasserverband Ohm")
    services.change_body(body, values(body, name="Wasserverband Wohra", named_from=date(2024, 5, 1)), anna())
    assert key_on(body, today()) is None
    assert (name_on(body, date(2024, 4, 30)), name_on(body, date(2024, 5, 1))) == (
        "Wasserverband Ohm",
        "Wasserverband Wohra",
    )
    assert (body.name, body.sort_key, body.note) == (
        "Wasserverband Wohra",
        "wasserverband wohra",
        "Zweckverband",
    )
    db.session.flush()
    for text in ("wasserverband ohm", "Wohra"):
        found = queries.listing(queries.Filters(text=text))
        assert db.session.scalars(found).unique().one() is body


def test_a_new_kind_is_dated_like_a_new_name():
    body = factories.body(kind=Kind.ASSOCIATION)
    services.change_body(body, values(body, kind=Kind.ZWECKVERBAND, named_from=date(2024, 5, 1)), anna())
    kinds = [designation_on(body, day).kind for day in (date(2024, 4, 30), date(2024, 5, 1))]
    assert kinds == [Kind.ASSOCIATION, Kind.ZWECKVERBAND]
    assert [event.name for event in history_of(body)] == ["body.renamed", "body.created"]


def test_a_correction_leaves_no_second_name():
    body = factories.body("Wasserverbnd Ohm")
    services.change_body(body, values(body, name="Wasserverband Ohm", correction=True), anna())
    assert [(one.name, one.valid_from) for one in body.designations] == [("Wasserverband Ohm", None)]
    (event, _created) = lines(history_of(body))
    assert str(event.label) == "Stelle geändert"
    assert event.changes == [("Name", "Wasserverbnd Ohm", "Wasserverband Ohm")]


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": "Neu", "named_from": None}, "named_from"),
        ({"name": "Neu", "named_from": today() + timedelta(days=1)}, "named_from"),
        ({"name": "Neu", "named_from": date(2019, 12, 31), "valid_from": YEAR}, "named_from"),
        ({"name": "Neu", "named_from": YEAR, "valid_from": YEAR}, "named_from"),
        ({"valid_from": YEAR, "valid_to": date(2019, 12, 31)}, "valid_to"),
    ],
)
def test_days_of_names_and_of_the_body_are_in_order(over, field):
    body = factories.body()
    with pytest.raises(RuleBroken) as broken:
        services.change_body(body, values(body, **over), anna())
    assert broken.value.field == field
    assert len(body.designations) == 1


def test_an_unchanged_body_leaves_no_event():
    body = factories.body()
    services.change_body(body, values(body), anna())
    assert [event.name for event in history_of(body)] == ["body.created"]


def test_members_belong_from_their_first_to_their_last_day():
    body = factories.body()
    (row,) = join(body, "Cölbe", since=YEAR)
    services.end_member(row, date(2021, 12, 31), anna())
    join(body, "Cölbe", since=date(2023, 1, 1))
    join(body, "Lahntal")
    days = [date(2019, 12, 31), YEAR, date(2021, 12, 31), date(2022, 1, 1), date(2023, 1, 1)]
    assert [len(names_on(body, day)) for day in days] == [1, 2, 2, 1, 2]
    assert names_on(body, days[1]) == ["Cölbe", "Lahntal"]
    assert [one.body for one in queries.bodies_of(factories.place("Cölbe").id, days[1])] == [body]
    assert queries.bodies_of(factories.place("Cölbe").id, days[3]) == []


@pytest.mark.parametrize(
    ("first", "last", "free"),
    [
        (None, date(2019, 12, 31), True),
        (None, YEAR, False),
        (date(2021, 12, 31), None, False),
        (date(2022, 1, 1), None, True),
        (None, None, False),
        (date(2020, 5, 1), date(2020, 5, 1), False),
    ],
)
def test_memberships_of_one_pair_never_overlap(first, last, free):
    body = factories.body()
    (old,) = join(body, "Cölbe", since=YEAR)
    services.end_member(old, date(2021, 12, 31), anna())
    (row,) = join(body, "Cölbe", since=date(2025, 1, 1))
    span = {"valid_from": first, "valid_to": last, "note": None}
    if free:
        services.change_member(row, span, anna())
        assert (row.valid_from, row.valid_to) == (first, last)
        return
    with pytest.raises(RuleBroken) as broken:
        services.change_member(row, span, anna())
    assert broken.value.field == "valid_from"
    assert "Cölbe (01.01.2020–31.12.2021)" in str(broken.value)
    assert row.valid_from == date(2025, 1, 1)


def test_one_of_many_who_belongs_already_stops_all():
    body = factories.body(members=["Cölbe"])
    with pytest.raises(RuleBroken) as broken:
        join(body, "Lahntal", "Cölbe", since=YEAR)
    assert broken.value.field == "organisations"
    assert names_on(body, today()) == ["Cölbe"]


def test_nobody_belongs_outside_its_own_time_or_to_itself():
    body = factories.body("Verband A", valid_from=YEAR)
    with pytest.raises(RuleBroken):
        join(body, "Cölbe", since=date(2019, 12, 31))
    with pytest.raises(RuleBroken):
        join(body, "Bromskirchen", since=date(2023, 1, 1))
    with pytest.raises(RuleBroken):
        join(body, "Verband A")
    (row,) = join(body, "Bromskirchen", since=YEAR)
    assert names_on(body, date(2022, 12, 31)) == ["Bromskirchen"]
    assert names_on(body, date(2023, 1, 1)) == []
    with pytest.raises(RuleBroken):
        services.end_member(row, date(2023, 1, 1), anna())


def test_bodies_and_counties_may_belong_but_no_region():
    body = factories.body(kind=Kind.ASSOCIATION)
    join(body, "Landkreis Fulda", "ekom21", "Regierungsbezirk Kassel")
    assert names_on(body, today()) == ["ekom21", "Landkreis Fulda"]


def test_every_change_of_members_stands_in_the_history_of_the_body():
    body = factories.body()
    (row, _other) = join(body, "Cölbe", "Lahntal", since=YEAR)
    services.end_member(row, date(2021, 12, 31), anna())
    services.remove_member(row, anna())
    told = [(str(one.label), one.changes) for one in lines(history_of(body))]
    assert told[:3] == [
        ("Irrtümliche Mitgliedschaft entfernt", [("Mitglieder", "Cölbe (01.01.2020–31.12.2021)", None)]),
        (
            "Mitgliedschaft geändert",
            [("Mitglieder", "Cölbe (01.01.2020–)", "Cölbe (01.01.2020–31.12.2021)")],
        ),
        ("Mitglieder aufgenommen", [("Mitglieder", None, "Cölbe, Lahntal"), ("Von", None, "01.01.2020")]),
    ]
    assert names_on(body, today()) == ["Lahntal"]


def test_another_authority_needs_a_reason():
    body = factories.body()
    with pytest.raises(RuleBroken) as broken:
        services.set_supervisor(body, "Landrat", None, anna())
    assert broken.value.field == "supervisor_reason"
    services.set_supervisor(body, "Landrat", "So bestimmt.", anna())
    services.trust_the_rule(body, anna())
    assert [event.name for event in history_of(body, 2)] == ["body.unsupervised", "body.supervised"]


def count_bodies():
    """How many bodies there are."""
    return db.session.scalar(select(func.count(Organisation.id)).where(Organisation.level == Level.BODY))


def test_the_built_in_bodies_are_there_once():
    assert load_bodies() == 0
    assert count_bodies() == len(standard_bodies()) == 9
    landkreistag = factories.place("Hessischer Landkreistag")
    members = queries.members_on(landkreistag.id, today())
    assert len(members) == 21
    assert {row.organisation.level for row in members} == {Level.COUNTY}
    assert {row.valid_from for row in members} == {None}
    for name in ("Hessischer Städtetag", "Hessischer Städte- und Gemeindebund"):
        assert queries.members_ever(factories.place(name).id) == []


def test_loading_sets_nothing_back():
    tag = factories.place("Hessischer Städtetag")
    services.change_body(tag, values(tag, name="Städtetag Hessen", phone="0611 1", correction=True), anna())
    provider = factories.place("ekom21")
    services.change_body(provider, values(provider, name="ekom22", valid_to=today()), anna())
    counties = factories.place("Hessischer Landkreistag")
    for row in queries.members_ever(counties.id):
        services.remove_member(row, anna())
    db.session.flush()
    before = db.session.scalar(select(func.count(AuditEvent.id)))
    assert load_bodies() == 0
    assert count_bodies() == 9
    assert queries.members_ever(counties.id) == []
    assert (tag.name, tag.phone, provider.valid_to) == ("Städtetag Hessen", "0611 1", today())
    assert db.session.scalar(select(func.count(AuditEvent.id))) == before


def test_a_body_that_somebody_entered_first_is_taken_as_it_is():
    counties = factories.place("Hessischer Landkreistag")
    for row in db.session.scalars(select(BodyMember)):
        db.session.delete(row)
    counties.designations[0].name = "HLT"
    # Its history begins with the hand that entered it, not with the standard.
    without_guards("DELETE FROM audit_events WHERE record_type = 'organisations'")
    assert load_bodies() == 0
    assert len(queries.members_ever(counties.id)) == 21
