"""Two people become one: everything moves, nothing is lost, and who is late is told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.consultations.models import Consultation
from crm.consultations.services import Party
from crm.contacts import queries as contacts
from crm.contacts.models import Function, FunctionRole, MailBasis, Person
from crm.db import db, now
from crm.duplicates import choosing, queries, services
from crm.duplicates.choosing import BOTH, ONE, OTHER
from crm.duplicates.journal import Outdated
from crm.duplicates.models import Merge, MergeMove
from crm.duplicates.references import OF_PEOPLE, moving
from crm.errors import RuleBroken
from crm.invitations.models import Answer, Invitation
from crm.mail.models import MailState, OutgoingMail
from crm.registrations.models import Registration
from tests import factories
from tests.duplicates.conftest import hanging_on

pytestmark = pytest.mark.usefixtures("context")


def test_everything_that_hung_on_the_lost_one_hangs_on_the_kept_one(pair):
    kept, lost = pair
    before = hanging_on(kept.id)
    factories.merge(kept, lost)
    after = hanging_on(kept.id)
    for one in moving(OF_PEOPLE):
        assert after[one.table, one.column] == 2 * before[one.table, one.column]
    assert {key for key in hanging_on(lost.id) if key[0] != "merges"} == set()


def test_the_lost_one_lies_in_the_trash_and_leads_to_the_kept_one(pair):
    kept, lost = pair
    factories.merge(kept, lost)
    assert lost.removed_at is not None
    assert contacts.one(lost.id) is None
    assert queries.successor(lost.id) is kept
    assert queries.successor(kept.id) is None


def test_a_chain_of_merges_leads_to_its_end(pair):
    kept, lost = pair
    third = factories.person("Henkel", "P.")
    factories.merge(kept, lost)
    factories.merge(third, kept)
    assert queries.successor(lost.id) is third


@pytest.mark.parametrize(
    ("chosen", "email", "note"),
    [
        ({"email": ONE, "note": ONE}, "petra@web.de", "Bemerkung 1"),
        ({"email": OTHER, "note": OTHER}, "henkel@web.de", "Bemerkung 2"),
        ({"email": OTHER, "note": BOTH}, "henkel@web.de", "Bemerkung 1\n\nBemerkung 2"),
    ],
)
def test_fields_are_taken_as_chosen(pair, chosen, email, note):
    kept, lost = pair
    factories.merge(kept, lost, **chosen)
    assert (kept.email, kept.note) == (email, note)


def test_without_a_choice_the_fuller_and_the_newer_value_remain(pair):
    kept, lost = pair
    kept.first_name, lost.updated_at = "Petra Maria", kept.updated_at + timedelta(days=1)
    db.session.flush()
    factories.merge(kept, lost)
    assert (kept.first_name, kept.phone) == ("Petra Maria", f"0171 {lost.id}")
    assert kept.note == "Bemerkung 1\n\nBemerkung 2"


def test_chosen_fields_mean_the_same_whichever_record_stays(pair):
    one, other = pair
    factories.merge(other, one, last_name=ONE, email=OTHER)
    assert (other.last_name, other.email) == ("Henkel", "henkel@web.de")


def test_an_empty_field_is_filled_and_the_name_is_found(pair):
    kept, lost = pair
    kept.note, lost.academic_title = None, "Dr."
    db.session.flush()
    factories.merge(kept, lost, last_name=OTHER)
    assert (kept.note, kept.name) == ("Bemerkung 2", "Dr. Petra Hinkel")
    assert list(db.session.scalars(contacts.listing("Hinkel"))) == [kept]
    assert kept.sort_key == "hinkel  petra"


@pytest.mark.parametrize(
    ("one", "other", "remains"),
    [
        ("office", "objected", "objected"), ("objected", "consent", "objected"),
        ("consent", "withdrawn", "withdrawn"), ("withdrawn", "objected", "objected"),
        ("office", "not-asked", "not-asked"), ("office", "consent", "consent"),
        ("not-asked", "consent", "consent"), ("office", "office", "office"),
    ],
)  # fmt: skip
def test_the_stricter_basis_of_mailings_wins(pair, one, other, remains):
    kept, lost = pair
    for person, basis in ((kept, one), (lost, other)):
        person.mail_basis, person.mail_basis_on = MailBasis(basis), None
    db.session.flush()
    factories.merge(kept, lost)
    assert kept.mail_basis is MailBasis(remains)


def test_control_with_the_order_reversed_the_laxest_would_win(pair, monkeypatch):
    monkeypatch.setattr(choosing, "STRICTEST", choosing.STRICTEST[::-1])
    with pytest.raises(AssertionError):
        test_the_stricter_basis_of_mailings_wins(pair, "office", "objected", "objected")


def test_an_objection_stops_what_waits_and_keeps_its_day(pair):
    kept, lost = pair
    lost.mail_basis_on = date(2020, 5, 4)
    db.session.flush()
    factories.merge(kept, lost)
    assert kept.mail_basis_on == date(2020, 5, 4)
    assert set(db.session.scalars(select(OutgoingMail.state))) == {MailState.DROPPED}


def test_both_at_one_talk_become_one_and_the_day_keeps_its_function(pair):
    kept, lost = pair
    place = factories.place("Lahntal").id
    talk = factories.talk(parties=[Party(place, people=[kept.id, lost.id], private_note="Nur hier")])
    row = talk.participations[0]
    called = {one.person_id: one.function_called for one in row.people}
    factories.merge(kept, lost)
    db.session.expire_all()
    assert [(one.person_id, one.function_called) for one in row.people] == [
        (kept.id, called[kept.id] or called[lost.id])
    ]
    assert row.private_note == "Nur hier"


def test_both_invited_keep_the_answer_and_the_guest(pair):
    kept, lost = pair
    event = factories.event("Für beide")
    factories.invitation(event, kept)
    answered = factories.invitation(event, lost, answer=Answer.ACCEPTED, remark="kommt zu zweit")
    guest = factories.registration(event, person_id=lost.id, invitation_id=answered.id)
    factories.merge(kept, lost)
    (left,) = db.session.scalars(select(Invitation).where(Invitation.event_id == event.id))
    assert (left.person_id, left.answer, left.remark) == (kept.id, Answer.ACCEPTED, "kommt zu zweit")
    assert (db.session.get(Registration, guest.id).invitation_id, guest.person_id) == (left.id, kept.id)


@pytest.mark.parametrize(("days", "holds"), [((9, 2), Answer.DECLINED), ((2, 9), Answer.ACCEPTED)])
def test_of_two_answers_the_later_holds_and_no_remark_is_lost(pair, days, holds):
    kept, lost = pair
    event = factories.event("Für beide")
    said = (Answer.ACCEPTED, None), (Answer.DECLINED, "bitte im Mai")
    for one, ago, (answer, remark) in zip(pair, days, said, strict=True):
        when = now() - timedelta(days=ago)
        factories.invitation(event, one, answer=answer, answered_at=when, remark=remark)
    factories.merge(kept, lost)
    (left,) = db.session.scalars(select(Invitation).where(Invitation.event_id == event.id))
    assert (left.person_id, left.answer, left.remark) == (kept.id, holds, "bitte im Mai")


@pytest.mark.parametrize(
    ("answers", "by", "remark"),
    [
        ((Answer.REPRESENTED, Answer.REPRESENTED), "S. Roth", "vegan; Rollstuhl"),
        ((Answer.ACCEPTED, Answer.REPRESENTED), None, "vegan; Vertretung: S. Roth; Rollstuhl"),
    ],
)
def test_whom_the_answer_that_goes_named_is_kept(pair, answers, by, remark):
    kept, lost = pair
    event, when = factories.event("Für beide"), now() - timedelta(days=3)
    factories.invitation(event, kept, answer=answers[0], answered_at=when, remark="vegan")
    more = {"represented_by": "S. Roth", "remark": "Rollstuhl", "answered_at": when}
    factories.invitation(event, lost, answer=answers[1], **more)
    factories.merge(kept, lost)
    (left,) = db.session.scalars(select(Invitation).where(Invitation.event_id == event.id))
    assert (left.answer, left.represented_by, left.remark) == (answers[0], by, remark)


def test_of_two_invitations_worth_the_same_the_kept_ones_stays_and_guests_follow(pair):
    kept, lost = pair
    event = factories.event("Für beide")
    own, other = factories.invitation(event, kept), factories.invitation(event, lost)
    guest = factories.registration(event, person_id=lost.id, invitation_id=other.id)
    factories.merge(kept, lost)
    assert list(db.session.scalars(select(Invitation).where(Invitation.event_id == event.id))) == [own]
    db.session.refresh(guest)
    assert guest.invitation_id == own.id


def test_the_same_function_becomes_one_and_others_stay(pair):
    kept, lost = pair
    shared = {
        "organisation_id": factories.place("Kirchhain").id,
        "role": FunctionRole.FINANCE,
        "title": "Kasse",
    }
    for person, title in ((kept, "Kasse"), (lost, "KASSE")):
        db.session.add(Function(person_id=person.id, **(shared | {"title": title})))
    db.session.flush()
    factories.merge(kept, lost)
    names = sorted(f"{one.called} {one.organisation.name}" for one in kept.functions)
    assert names == ["Büroleitung Cölbe", "Büroleitung Lahntal", "Kasse Kirchhain"]


def test_one_event_of_each_is_noted_without_names(pair):
    kept, lost = pair
    factories.merge(kept, lost)
    noted = list(db.session.scalars(select(AuditEvent).where(AuditEvent.name == "person.merged")))
    assert {one.record_id for one in noted} == {kept.id, lost.id}
    assert "Henkel" not in repr([one.changes for one in noted])


def test_columns_of_the_journal_are_personal():
    for column in ("before", "after"):
        assert MergeMove.__table__.c[column].info == {"personal": True}


def test_who_saw_an_older_version_is_told_and_nothing_changes(pair):
    kept, lost = pair
    versions = {one.id: str(one.version) for one in pair}
    lost.note = "Neu"
    db.session.flush()
    with pytest.raises(Outdated, match="geändert"):
        services.merge_people(kept.id, lost.id, versions, {}, factories.member("anna"))
    assert db.session.scalar(select(func.count(Merge.id))) == 0
    assert lost.removed_at is None


@pytest.mark.parametrize("late", [(0, 1), (1, 0)])
def test_the_second_of_two_who_merge_the_same_pair_is_told(pair, late):
    versions = {one.id: str(one.version) for one in pair}
    numbers = [one.id for one in pair]
    factories.merge(*pair)
    with pytest.raises(Outdated, match="inzwischen zusammengeführt"):
        services.merge_people(*(numbers[place] for place in late), versions, {}, factories.member("bert"))


def test_nobody_is_merged_with_oneself(pair):
    kept = pair[0]
    with pytest.raises(RuleBroken, match="nicht mit sich selbst"):
        services.merge_people(kept.id, kept.id, {kept.id: str(kept.version)}, {}, factories.member("anna"))


def test_figures_of_talks_do_not_change(pair):
    kept, lost = pair
    factories.talk(parties=[Party(factories.place("Cölbe").id, people=[kept.id, lost.id])])
    counted = select(func.count(Consultation.id), func.sum(Consultation.duration_minutes))
    before = db.session.execute(counted).one()
    factories.merge(kept, lost)
    assert db.session.execute(counted).one() == before


def test_a_person_counts_once_in_the_list(pair):
    factories.merge(*pair)
    assert (
        db.session.scalar(select(func.count(Person.id)).where(Person.last_name.in_(("Henkel", "Hinkel"))))
        == 1
    )
