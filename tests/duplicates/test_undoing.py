"""A merge taken back gives the former state exactly, or is refused with the reasons."""

import random
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import delete, func, select

from crm.audit import AuditEvent
from crm.consultations.models import Participation, ParticipationPerson
from crm.consultations.services import Party
from crm.contacts import services as contacts
from crm.contacts.models import Function, FunctionRole, MailBasis, Person
from crm.db import db, now, today
from crm.duplicates import undoing
from crm.errors import RuleBroken
from crm.events.models import ProgrammeItem
from crm.follow_ups.models import FollowUp
from crm.invitations.models import Answer, Invitation
from crm.registrations.models import Registration
from tests import factories
from tests.duplicates.conftest import differing, dump

pytestmark = pytest.mark.usefixtures("context")


def undo(merge):
    """Take a merge back and forget what the session knew."""
    db.session.expire_all()
    undoing.undo(merge, factories.member("anna"))
    db.session.flush()
    db.session.expire_all()


def way_back(merge):
    """What undoing would do, as somebody sees it who may know of everything."""
    return undoing.way_back(merge, factories.member("anna"))


def against(merge):
    """What contradicts, in one text."""
    db.session.expire_all()
    with pytest.raises(RuleBroken) as broken:
        undoing.undo(merge, factories.member("anna"))
    return str(broken.value.message)


@pytest.fixture
def quiet(pair):
    """The same two people, none of whom has objected: no waiting mail is stopped."""
    for one in pair:
        one.mail_basis, one.mail_basis_on = MailBasis.CONSENT, date(2024, 1, one.id)
        contacts.name_anew(one)
    return pair


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_undoing_gives_every_row_as_it_was(quiet, order):
    kept, lost = (quiet[place] for place in order)
    before = dump()
    merge = factories.merge(kept, lost)
    assert differing(before, dump())
    undo(merge)
    assert differing(before, dump()) == {}
    assert merge.undone_at is not None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("answered", [0, 1, None])
def test_undoing_puts_rows_back_that_had_become_one(quiet, order, answered):
    kept, lost = (quiet[place] for place in order)
    event = factories.event("Für beide")
    for place, one in enumerate(quiet):
        answer = {"answer": Answer.ACCEPTED} if place == answered else {}
        invited = factories.invitation(event, one, **answer)
        key = f"gast{one.id}@x.de"
        factories.registration(event, person_id=one.id, invitation_id=invited.id, email=key, address_key=key)
    factories.talk(parties=[Party(factories.place("Lahntal").id, people=[one.id for one in quiet])])
    values = {"organisation_id": factories.place("Kirchhain").id, "role": FunctionRole.FINANCE}
    for one in quiet:
        db.session.add(Function(person_id=one.id, **values))
    db.session.flush()
    before = dump()
    undo(factories.merge(kept, lost))
    assert differing(before, dump()) == {}


def test_undoing_parts_two_answers_that_had_become_one(quiet):
    event = factories.event("Für beide")
    said = (Answer.ACCEPTED, "vegan"), (Answer.DECLINED, "bitte im Mai")
    for one, (answer, remark) in zip(quiet, said, strict=True):
        factories.invitation(event, one, answer=answer, answered_at=now(), remark=remark)
    before = dump()
    merge = factories.merge(*quiet)
    (left,) = db.session.scalars(select(Invitation).where(Invitation.event_id == event.id))
    assert left.remark == "bitte im Mai; vegan"
    undo(merge)
    assert differing(before, dump()) == {}


def test_a_number_given_away_meanwhile_is_replaced_and_guests_follow(quiet):
    kept, lost = quiet
    event = factories.event("Für beide")
    factories.invitation(event, kept, answer=Answer.ACCEPTED)
    other = factories.invitation(event, lost, remark="die andere")
    guest = factories.registration(event, person_id=lost.id, invitation_id=other.id)
    merge, number = factories.merge(kept, lost), other.id
    db.session.add(Invitation(id=number, event_id=event.id, person_id=factories.person("Weg", "Udo").id))
    db.session.flush()
    undo(merge)
    (back,) = db.session.scalars(select(Invitation).where(Invitation.remark == "die andere"))
    assert back.id != number
    assert db.session.get(Registration, guest.id).invitation_id == back.id


def test_old_and_new_talks_keep_the_function_of_their_day(quiet):
    kept, lost = quiet
    rows = select(ParticipationPerson.person_id, ParticipationPerson.function_called)
    before = set(db.session.execute(rows))
    undo(factories.merge(kept, lost))
    assert set(db.session.execute(rows)) == before


def test_what_came_later_stays_and_is_named(quiet):
    kept, lost = quiet
    merge = factories.merge(kept, lost)
    late = factories.follow_up("Kam später", person_id=kept.id)
    db.session.expire_all()
    assert way_back(merge).fresh == {"follow_ups": 1}
    undo(merge)
    assert late.person_id == kept.id


def test_a_field_changed_since_stays_and_is_named(quiet):
    kept, lost = quiet
    merge = factories.merge(kept, lost, phone="other", email="other")
    kept.phone = "0800 1"
    db.session.flush()
    db.session.expire_all()
    assert [str(one) for one in way_back(merge).stay] == ["Telefon, weitere"]
    undo(merge)
    assert (kept.phone, kept.email) == ("0800 1", "petra@web.de")


def test_mails_stopped_by_the_merge_stay_stopped_and_are_named(pair):
    merge = factories.merge(*pair)
    assert way_back(merge).stopped == 2
    undo(merge)
    assert pair[0].mail_basis is MailBasis.OFFICE


def _give_away(kept):
    row = db.session.scalars(select(FollowUp).where(FollowUp.person_id == kept.id)).all()[-1]
    row.person_id = factories.person("Weg", "Udo").id
    db.session.flush()


def _delete(kept):
    number = db.session.scalar(
        select(func.max(ParticipationPerson.id)).where(ParticipationPerson.person_id == kept.id)
    )
    db.session.execute(delete(ParticipationPerson).where(ParticipationPerson.id == number))


def _merge_again(kept):
    factories.merge(kept, factories.person("Henkel", "P."))


def _merge_away(kept):
    factories.merge(factories.person("Henkel", "P."), kept)


def _remove(kept):
    contacts.remove_person(kept, factories.member("anna"))


@pytest.mark.parametrize(
    ("meddle", "said"),
    [
        (_give_away, "gehört jetzt zu jemand anderem: 1 Wiedervorlage"),
        (_delete, "nicht mehr da: 1 Beratung"),
        (_merge_again, "noch einmal zusammengeführt"),
        (_merge_away, "selbst entfernt oder zusammengeführt"),
        (_remove, "selbst entfernt oder zusammengeführt"),
    ],
)
def test_what_contradicts_is_named_and_nothing_changes(quiet, meddle, said):
    kept, lost = quiet
    merge = factories.merge(kept, lost)
    meddle(kept)
    before = dump()
    assert said in against(merge)
    assert differing(before, dump()) == {}


def test_another_row_with_the_number_of_a_deleted_one_is_not_taken_for_it(quiet):
    kept, lost = quiet
    merge = factories.merge(kept, lost)
    row = db.session.scalars(select(ParticipationPerson).order_by(ParticipationPerson.id)).all()[-1]
    number = row.id
    db.session.delete(row)
    db.session.flush()
    other = factories.talk("Kirchhain").participations[0]
    db.session.add(ParticipationPerson(id=number, participation_id=other.id, person_id=kept.id))
    db.session.flush()
    assert "nicht mehr da: 1 Beratung" in against(merge)


def test_both_reasons_are_named_at_once(quiet):
    merge = factories.merge(*quiet)
    _give_away(quiet[0])
    _delete(quiet[0])
    said = against(merge)
    assert "1 Wiedervorlage" in said
    assert "1 Beratung" in said


def test_a_merge_is_undone_once(quiet):
    merge = factories.merge(*quiet)
    undo(merge)
    assert "schon rückgängig gemacht" in against(merge)


@pytest.mark.parametrize(("days", "late"), [(89, False), (91, True)])
def test_after_its_time_a_merge_is_not_undone(quiet, days, late):
    merge = factories.merge(*quiet)
    with time_machine.travel(now() + timedelta(days=days)):
        said = way_back(merge).against
    assert ["Es ist zu spät" in one for one in said] == [True] * late


def test_merges_are_undone_from_the_last_to_the_first(quiet):
    kept, lost = quiet
    third = factories.person("Henkel", "P.")
    before = dump()
    first = factories.merge(kept, lost)
    second = factories.merge(third, kept)
    undo(second)
    undo(first)
    assert differing(before, dump()) == {}


def test_a_second_head_meanwhile_contradicts(quiet):
    kept, lost = quiet
    place = factories.place("Kirchhain").id
    values = {"organisation_id": place, "role": FunctionRole.HEAD, "is_head": True}
    for one in (kept, lost):
        db.session.add(Function(person_id=one.id, **values))
    db.session.flush()
    merge = factories.merge(kept, lost)
    (held,) = [one for one in kept.functions if one.is_head]
    held.valid_to = today() - timedelta(days=1)
    db.session.add(Function(person_id=factories.person("Weg", "Udo").id, **values))
    db.session.flush()
    assert "Udo Weg leitet inzwischen Kirchhain" in against(merge)


def test_undoing_is_noted_at_both(quiet):
    undo(factories.merge(*quiet))
    noted = db.session.scalars(select(AuditEvent.record_id).where(AuditEvent.name == "person.unmerged"))
    assert set(noted) == {one.id for one in quiet}


# Undoing either is refused with reasons, or leaves every row as if there had never been a merge: the same
# doings of others are done once without the merge and once between the merge and undoing it.


def _set(table, column, value):
    """Something done to one row: a column changes."""

    def do(number, _people):
        row = db.session.get(table, number)
        setattr(row, column, value)

    do.table = table
    return do


def _lose(table):
    """Something done to one row: it is deleted."""

    def do(number, _people):
        db.session.delete(db.session.get(table, number))

    do.table = table
    return do


def _give(table):
    """Something done to one row: it now belongs to somebody else."""

    def do(number, people):
        db.session.get(table, number).person_id = people[2].id

    do.table = table
    return do


def _new_rows(_number, people):
    factories.talk(parties=[Party(factories.place("Kirchhain").id, people=[people[0].id])])
    factories.follow_up("Ganz neu", person_id=people[0].id)


def _edit_kept(_number, people):
    people[0].note = "Seitdem geändert"


_new_rows.table = _edit_kept.table = FollowUp
DOINGS = (
    _set(Function, "title", "Neuer Titel"), _set(FollowUp, "text", "Neuer Text"),
    _set(Invitation, "remark", "x"), _set(Registration, "needs", "Rampe"),
    _set(Participation, "private_note", "Vertraulich"),
    _lose(ParticipationPerson), _lose(ProgrammeItem), _give(Invitation), _give(FollowUp), _give(Registration),
    _new_rows, _edit_kept,
)  # fmt: skip


def _people_with_rows():
    """Three people, two of whom were invited together; the rows of that event may become one."""
    both = factories.event("Für beide")
    people = [*db.session.scalars(select(Person).order_by(Person.id)), factories.person("Weg", "Udo")]
    for one in people[:2]:
        factories.invitation(both, one)
    db.session.flush()
    return people, both


def _chosen(dice, both):
    """What is done to which rows, none of which becomes one with another."""
    found = []
    for do in dice.sample(DOINGS, dice.randrange(0, 5)):
        query = select(do.table.id).order_by(do.table.id)
        if do.table is Invitation:
            query = query.where(Invitation.event_id != both.id)
        found.append((do, dice.choice(list(db.session.scalars(query)))))
    return found


def _do_all(doings, people):
    for do, number in doings:
        do(number, people)
        db.session.flush()


def _try(seed):
    """Do things with and without a merge around; tell whether undoing was refused."""
    dice = random.Random(seed)
    people, both = _people_with_rows()
    doings, start = _chosen(dice, both), dump()
    with db.session.begin_nested() as savepoint:
        _do_all(doings, people)
        wanted = dump()
        savepoint.rollback()
    db.session.expire_all()
    assert differing(start, dump()) == {}
    merge = factories.merge(people[0], people[1])
    _do_all(doings, people)
    done = dump()
    if way_back(merge).against:
        assert against(merge)
        assert differing(done, dump()) == {}
        return True
    undo(merge)
    known = {(table, key) for table, rows in start.items() for key in rows}
    assert {key: rows for key, rows in differing(wanted, dump()).items() if key in known} == {}
    return False


@pytest.mark.usefixtures("quiet")
def test_whatever_is_done_undoing_is_exact_or_refused_with_reasons():
    outcomes = []
    for seed in range(40):
        with db.session.begin_nested() as savepoint:
            outcomes.append(_try(seed))
            savepoint.rollback()
        db.session.expire_all()
    assert outcomes.count(False) >= 10
    assert outcomes.count(True) >= 5
