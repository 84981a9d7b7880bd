"""Confirm, replace, leave vacant, take back: on functions, people and the follow-up."""

from datetime import timedelta

import pytest

from crm.consultations.services import Party
from crm.contacts import queries as contacts
from crm.contacts import services as people
from crm.contacts.models import Function, FunctionRole
from crm.db import db, today
from crm.elections import answers, queries
from crm.elections.models import CheckState, ElectionKind
from crm.errors import RuleBroken
from tests import factories

TOMORROW, YESTERDAY = today() + timedelta(days=1), today() - timedelta(days=1)


@pytest.fixture
def ida(context):
    """The head of Lahntal."""
    return factories.person("Kranz", "Ida", role=FunctionRole.HEAD, is_head=True, title="Bürgermeisterin")


@pytest.fixture
def check(ida):
    """What the election of a head in Lahntal asks."""
    return factories.checks(factories.election())[0]


@pytest.fixture
def anna(context):
    """Somebody who answers."""
    return factories.member("anna")


def follows(check, who="Jan Nord", by="anna", **over):
    """Enter a successor from today on."""
    values = {"valid_from": today(), "last_day": None, "title": None, "email": None, "phone": None}
    return answers.replace(check, who, values | over, factories.member(by))


def test_confirming_leaves_the_function_alone(check, ida, anna):
    assert answers.confirm([check], anna) == 1
    assert (check.state, check.answered_by_id) == (CheckState.CONFIRMED, anna.id)
    assert ida.functions[0].valid_to is None
    assert answers.confirm([check], anna) == 0


def test_confirming_lifts_the_end_of_the_old_term_and_taking_back_sets_it_again(check, ida, anna):
    people.end_function(ida.functions[0], TOMORROW, anna)
    answers.confirm([check], anna)
    assert ida.functions[0].valid_to is None
    answers.take_back(check, anna)
    assert (check.state, ida.functions[0].valid_to) == (CheckState.OPEN, TOMORROW)


def test_nobody_can_not_be_confirmed(context, anna):
    check = factories.checks(factories.election())[0]
    with pytest.raises(RuleBroken):
        answers.confirm([check], anna)


def test_a_successor_follows_in_the_same_breath(check, ida):
    made = follows(check, title="Bürgermeister")
    assert (made.person.name, made.title, made.is_head, made.valid_from) == (
        "Jan Nord", "Bürgermeister", True, today(),
    )  # fmt: skip
    assert ida.functions[0].valid_to == YESTERDAY
    assert (check.state, check.successor_id) == (CheckState.REPLACED, made.id)


def test_the_old_term_may_end_earlier(check, ida):
    follows(check, last_day=today() - timedelta(days=3))
    assert ida.functions[0].valid_to == today() - timedelta(days=3)


def test_two_heads_at_one_time_are_refused_and_nothing_is_changed(check, ida):
    with pytest.raises(RuleBroken) as broken:
        follows(check, last_day=today())
    assert broken.value.field == "last_day"
    assert ida.functions[0].valid_to is None


def test_somebody_known_may_follow(check):
    known = factories.person("Henkel", "Petra")
    made = follows(check, known.id)
    assert made.person_id == known.id


@pytest.mark.parametrize("known", [False, True])
def test_taking_back_gives_the_end_back_and_removes_the_successor(check, ida, anna, known):
    who = factories.person("Henkel", "Petra") if known else None
    made = follows(check, who.id if known else "Jan Nord")
    answers.take_back(check, anna)
    assert (check.state, check.successor_id, ida.functions[0].valid_to) == (CheckState.OPEN, None, None)
    assert made.removed_at is not None
    assert (made.person.removed_at is None) is known
    assert [one.person.last_name for one in contacts.other_heads(check.organisation_id)] == ["Kranz"]


def test_a_successor_somebody_worked_on_is_not_taken_away(check, anna):
    made = follows(check)
    people.end_function(made, TOMORROW, anna)
    with pytest.raises(RuleBroken, match="Jan Nord"):
        answers.take_back(check, anna)


def test_a_new_person_who_was_at_a_talk_stays(check, anna):
    made = follows(check)
    party = Party(check.organisation_id, people=[made.person_id])
    factories.talk(parties=[party])
    answers.take_back(check, anna)
    assert made.removed_at is not None
    assert made.person.removed_at is None


def test_a_function_ended_elsewhere_since_is_not_overwritten(check, ida, anna):
    answers.vacate(check, TOMORROW, anna)
    people.end_function(ida.functions[0], today() + timedelta(days=9), anna)
    with pytest.raises(RuleBroken, match="Kranz"):
        answers.take_back(check, anna)


def test_leaving_vacant_ends_the_function(check, ida, anna):
    answers.vacate(check, today(), anna)
    assert (check.state, ida.functions[0].valid_to) == (CheckState.VACANT, today())
    answers.take_back(check, anna)
    assert ida.functions[0].valid_to is None


def test_where_nobody_is_known_somebody_is_entered(context, anna):
    check = factories.checks(factories.election())[0]
    made = follows(check, "Dr. Jan Nord, Bürgermeister")
    assert (made.person.name, made.role, made.is_head, made.title) == (
        "Dr. Jan Nord", FunctionRole.HEAD, True, "Bürgermeister",
    )  # fmt: skip
    answers.take_back(check, anna)
    assert made.person.removed_at is not None
    answers.vacate(check, None, anna)
    assert check.state is CheckState.VACANT


def test_what_is_answered_is_answered_once(check, anna):
    answers.vacate(check, today(), factories.member("bert"))
    db.session.flush()
    db.session.expire(check)
    for answer in (
        lambda: answers.confirm([check], anna),
        lambda: follows(check),
        lambda: answers.vacate(check, today(), anna),
    ):
        with pytest.raises(RuleBroken, match="Bert Braun"):
            answer()


def test_a_talk_keeps_the_function_of_its_day(check, ida):
    """Trap 4: changing an office does not change old talks."""
    party = Party(check.organisation_id, people=[ida.id])
    talk = factories.talk(parties=[party], days_ago=3)
    follows(check)
    db.session.expire_all()
    assert talk.participations[0].people[0].function_called == "Bürgermeisterin"
    assert db.session.get(Function, check.function_id).valid_to == YESTERDAY


def test_the_follow_up_is_done_when_nothing_is_left(check, anna):
    election, reminder = check.election, queries.follow_up_of(check.election_id)
    answers.settle(election, anna)
    assert reminder.is_open
    answers.confirm([check], anna)
    answers.settle(election, anna)
    assert not reminder.is_open
    answers.take_back(check, anna)
    answers.settle(election, anna)
    assert reminder.is_open


def test_a_function_added_since_can_be_asked_about_once(context, anna):
    election = factories.election(kind=ElectionKind.COUNCIL)
    factories.person("Neu", "Nele", role=FunctionRole.COUNCILLOR, valid_from=today())
    place = factories.place("Lahntal").id
    (function,) = queries.not_asked(election, place)
    first, second = (answers.ask_also(election, function, anna) for _time in range(2))
    assert first is second
    assert queries.not_asked(election, place) == []


def test_a_function_removed_as_a_mistake_asks_nothing(check, ida, anna):
    people.remove_function(ida.functions[0], anna)
    db.session.flush()
    assert queries.progress([check.election_id]) == {}
    assert queries.is_done(check.election_id)
    assert queries.open_at(check.organisation_id) == []
