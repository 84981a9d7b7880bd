"""Bodies entered twice are found and merged; Kommunen never are, not even by a hand-made request."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.attendance.models import HeadCount
from crm.audit import AuditEvent
from crm.bodies.models import BodyMember
from crm.closing.guard import ReasonNeeded, correcting
from crm.closing.models import Correction, span_of
from crm.closing.services import close
from crm.consultations.models import ConsultationKind, Participation
from crm.consultations.services import Party
from crm.contacts.models import Function, FunctionRole
from crm.db import db, today
from crm.dispatches.models import DispatchRecipient
from crm.duplicates import bodies, undoing
from crm.duplicates.models import Merge
from crm.duplicates.references import OF_BODIES, moving
from crm.duplicates.scoring import Level
from crm.errors import RuleBroken
from crm.events.models import EventHost
from crm.examples.models import ExamplePlace
from crm.follow_ups.models import FollowUp
from crm.funding.models import Application
from crm.organisations.models import Designation, Organisation
from tests import factories
from tests.duplicates.conftest import differing, dump, example, hanging_on
from tests.materials import made

OHM = "Zweckverband Abwasser Ohmtal"

PAIRS = [
    ((OHM, None, None), (OHM.upper(), None, None), Level.SURE),
    ((OHM, None, None), ("Abwasser Ohmtal", None, None), Level.LIKELY),
    ((OHM, None, None), ("Abwasser-Zweckverband Ohmtal", None, None), Level.SURE),
    (("Verein Ohmtal e. V.", None, None), ("Verein Ohmtal", None, None), Level.LIKELY),
    ((OHM, None, None), ("Zweckverband Abwasser Ohmthal", None, None), Level.POSSIBLE),
    ((OHM, "https://www.zvo.de", None), ("Abwasser Ohmthal", "http://zvo.de/start", None), Level.LIKELY),
    ((OHM, "https://zvo.de", None), ("ZVO", "https://zvo.de", None), Level.POSSIBLE),
    ((OHM, None, "info@zvo.de"), ("Forstamt", None, "info@zvo.de"), None),
    ((OHM, None, None), ("Zweckverband Abwasser Lumdatal", None, None), None),
    ((OHM, None, None), ("Forstamt Kirchhain", None, None), None),
]


@pytest.mark.parametrize(("first", "second", "level"), PAIRS)
def test_two_bodies_are_judged_as_a_person_would(first, second, level):
    one, other = bodies.body(1, *first), bodies.body(2, *second)
    verdict = bodies.score(one, other)
    assert (verdict.level if verdict else None) is level
    assert not verdict or set(bodies.keys_of(one)) & set(bodies.keys_of(other))


@pytest.fixture
def pair(context):
    """Two bodies with one of everything that can hang on a body."""
    both = [factories.body(name, members=["Kirchhain", place]) for name, place in
            ((OHM, "Lahntal"), ("Abwasser Ohmtal", "Cölbe"))]  # fmt: skip
    for number, one in enumerate(both):
        one.phone, one.website = f"06422 {number}", None if number else "https://zvo.de"
        _hang_everything_on(one)
    db.session.flush()
    return both


def _hang_everything_on(one):
    factories.talk(parties=[Party(one.id, private_note=f"Nur für {one.id}")])
    group = factories.cooperation("Cölbe", "Lahntal", title=f"Gruppe {one.id}")
    factories.cooperation(one.name, "Lahntal", title=f"Mit {one.id}")
    person = factories.person("Amt", f"A{one.id}")
    event = factories.event(f"Tagung {one.id}", in_days=-3, place_id=one.id)
    db.session.add_all(
        [
            Function(person_id=person.id, organisation_id=one.id, role=FunctionRole.STAFF),
            FollowUp(
                text="Anrufen", owner_id=factories.member("anna").id, due_on=today(), organisation_id=one.id
            ),
            Application(cooperation_id=group.id, applicant_id=one.id),
            BodyMember(body_id=factories.body(f"Dach {one.id}").id, organisation_id=one.id),
            EventHost(event_id=event.id, organisation_id=one.id, name=one.name),
        ]
    )
    db.session.flush()
    factories.heads(event, organisation_id=one.id)
    factories.document(one, organisation_id=one.id)
    db.session.add(
        ExamplePlace(example_id=example(saving_euros=one.id).id, organisation_id=one.id, name=one.name)
    )
    handed = made.hand_out(made.material(f"Heft {one.id}").newest, person)
    db.session.add(
        DispatchRecipient(dispatch_id=handed.id, version_id=handed.version_id, organisation_id=one.id)
    )
    factories.invitation(event, person, at=one.name)
    factories.registration(event, at=one.name)


def test_everything_that_hung_on_the_lost_body_hangs_on_the_kept_one(pair):
    kept, lost = pair
    before = hanging_on(kept.id, "organisations")
    assert {(one.table, one.column) for one in moving(OF_BODIES)} <= set(before)
    factories.merge_of_bodies(kept, lost)
    after = hanging_on(kept.id, "organisations")
    for one in moving(OF_BODIES):
        key = one.table, one.column
        # Kirchhain was a member of both.
        assert after[key] == 2 * before[key] - (key == ("body_members", "body_id")), key
    left = {key for key in hanging_on(lost.id, "organisations") if key[0] != "merges"}
    assert left == {("designations", "organisation_id")}


def test_private_notes_stay_where_they_were(pair):
    notes = set(db.session.execute(select(Participation.consultation_id, Participation.private_note)))
    factories.merge_of_bodies(*pair)
    assert set(db.session.execute(select(Participation.consultation_id, Participation.private_note))) == notes


def test_the_lost_body_is_hidden_and_fields_are_taken(pair):
    kept, lost = pair
    factories.merge_of_bodies(kept, lost, name="other", phone="one")
    assert (kept.name, kept.phone, kept.website) == ("Abwasser Ohmtal", "06422 0", "https://zvo.de")
    assert bodies.both(kept.id, lost.id) == [kept]
    assert (
        db.session.scalar(select(Designation.name).where(Designation.organisation_id == kept.id)) == kept.name
    )
    noted = db.session.scalars(select(AuditEvent.record_id).where(AuditEvent.name == "body.merged"))
    assert set(noted) == {kept.id, lost.id}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_undoing_gives_every_row_as_it_was(pair, order):
    kept, lost = (pair[place] for place in order)
    before = dump()
    made = factories.merge_of_bodies(kept, lost, name="other", phone="other")
    assert differing(before, dump())
    db.session.expire_all()
    undoing.undo(made, factories.member("anna"))
    db.session.expire_all()
    assert differing(before, dump()) == {}


def test_an_open_end_stays_open(pair):
    kept, lost = pair
    kept.valid_from, kept.valid_to = date(2020, 1, 1), today() + timedelta(days=9)
    lost.valid_from = date(2010, 1, 1)
    db.session.flush()
    factories.merge_of_bodies(kept, lost)
    assert (kept.valid_from, kept.valid_to) == (date(2010, 1, 1), None)


def _same_talk(kept, lost):
    factories.talk(parties=[Party(kept.id), Party(lost.id)], kind=ConsultationKind.GROUP)


def _same_group(kept, lost):
    factories.cooperation(kept.name, lost.name, "Lahntal")


def _member_of_the_other(kept, lost):
    db.session.add(BodyMember(body_id=kept.id, organisation_id=lost.id))
    db.session.flush()


@pytest.mark.parametrize(
    ("meddle", "said"),
    [
        (_same_talk, "derselben Beratung"),
        (_same_group, "derselben Kooperation"),
        (_member_of_the_other, "Mitglied der anderen"),
    ],
)
def test_what_would_lose_something_is_refused(pair, meddle, said):
    meddle(*pair)
    with pytest.raises(RuleBroken, match=said):
        factories.merge_of_bodies(*pair)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("names", [("Cölbe", "Lahntal"), ("Landkreis Fulda", "Cölbe")])
def test_kommunen_are_never_merged(names):
    with pytest.raises(RuleBroken, match="Rechtsnachfolge"):
        factories.merge_of_bodies(*(factories.place(one) for one in names))
    assert db.session.scalar(select(func.count(Merge.id))) == 0


@pytest.mark.usefixtures("context")
def test_a_kommune_is_not_merged_with_a_body_of_its_name():
    with pytest.raises(RuleBroken, match="Rechtsnachfolge"):
        factories.merge_of_bodies(factories.body("Gemeinde Cölbe"), factories.place("Cölbe"))


@pytest.mark.usefixtures("context")
def test_mergers_of_kommunen_are_no_doubles():
    kommunen = set(
        db.session.scalars(select(Organisation.id).where(Organisation.level != bodies.Standing.BODY))
    )
    assert not {number for one in bodies.pairs() for number in (one.low, one.high)} & kommunen


def test_a_closed_quarter_asks_for_a_reason(context):
    kept, lost = factories.body(OHM), factories.body("Abwasser Ohmtal")
    day = today() - timedelta(days=200)
    factories.talk(parties=[Party(lost.id)], held_on=day)
    close(span_of(day), factories.member("mara"))
    db.session.commit()
    with pytest.raises(ReasonNeeded), db.session.begin_nested():
        factories.merge_of_bodies(kept, lost)
    db.session.rollback()
    kept, lost = (db.session.get(Organisation, number) for number in (kept.id, lost.id))
    with correcting("War doppelt", factories.member("anna")):
        factories.merge_of_bodies(kept, lost)
    assert db.session.scalar(select(func.count(Correction.id))) == 1
    assert db.session.scalar(select(func.count(HeadCount.id))) == 0
