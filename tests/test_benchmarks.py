"""The data sets of the benchmarks are what they say, and no page over them asks the database too often."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from benchmarks.germany import germany
from benchmarks.pages import MOST_STATEMENTS, entries, timed
from benchmarks.stage import stage
from benchmarks.stress import FIFTY, SIX, Size, fill
from crm.audit import AuditEvent
from crm.consultations.models import Consultation, Participation
from crm.consultations.queries import first_open_day
from crm.contacts.models import Person
from crm.cooperations.kinds import Stage
from crm.cooperations.models import Cooperation
from crm.cooperations.queries import WHOLE
from crm.cooperations.settling import note
from crm.db import db
from crm.funding.queries import applications_of
from crm.proceedings.models import StudyState
from crm.proceedings.queries import studies
from crm.register.checking import check
from crm.resolutions.models import Resolution
from crm.resolutions.queries import first_known

SMALL = Size(talks=300, people=600, events=1500, groups=150, happenings=30, documents=200)


@pytest.fixture(scope="module")
def measured(engine_name):
    """A stage with a small stress data set, and what to look at."""
    with stage(engine_name) as made:
        with made.app.app_context():
            known = fill(SMALL)
        made.sign_in()
        yield made, known


def test_the_stress_data_set_holds_what_was_asked_for(measured):
    made, known = measured
    with made.app.app_context():
        sizes = [db.session.scalar(select(func.count(one.id))) for one in (Consultation, Person, AuditEvent)]
        numbers = db.session.scalars(select(Participation.consultation_id))
        parties = Counter(numbers)
        assert (sizes[:2], set(parties)) == ([300, 600], set(range(1, 301)))
        assert sizes[2] >= SMALL.events
        assert (parties[known.six], parties[known.fifty], max(parties.values())) == (SIX, FIFTY, FIFTY)
        db.session.remove()


def test_what_follows_from_the_records_of_the_groups_is_true(measured):
    made, known = measured
    with made.app.test_request_context():
        groups = list(db.session.scalars(select(Cooperation).options(*WHOLE)))
        sizes = [len(group.partners) for group in groups]
        assert (len(groups), min(sizes), max(sizes)) == (SMALL.groups, 2, 20)
        assert (sizes[known.group_six - 1], sizes[known.group_twenty - 1]) == (6, 20)
        assert {len(partner.steps) for group in groups for partner in group.partners} == {1, 2, 3, 4, 5}
        assert {group.stage for group in groups} == set(Stage)
        assert 2 * len(groups) <= db.session.scalar(select(func.count(Resolution.id))) <= 4 * len(groups)
        for group in groups:
            begun = [one.begun_on for one in studies(group.id) if one.state is StudyState.BEGUN]
            waiting = [one.submitted_on for one in applications_of(group.id) if one.is_under_way]
            note(
                group, talked_on=first_open_day(group.id), resolving_since=first_known(group.id),
                study_since=min(begun, default=None), applied_on=min(waiting, default=None),
            )  # fmt: skip
        assert [one for one in db.session.dirty if db.session.is_modified(one)] == []
        db.session.rollback()


def test_every_measured_page_keeps_within_its_statements(measured):
    made, known = measured
    found = [timed(made, entry, rounds=2) for entry in entries(known, made.token)]
    assert [one.entry.name for one in found if not one.entry.saves and one.statements > MOST_STATEMENTS] == []


def test_saving_asks_no_more_often_for_more_organisations(measured):
    made, known = measured
    assert known.parties
    saving = next(one for one in entries(known, made.token) if one.saves)
    # One of them asks for files of the talk, whose hits name its day and its places.
    assert timed(made, saving, rounds=2).statements <= 41


def test_the_invented_register_is_one_the_program_takes(context):
    file = check(germany(), all_states=True)
    assert (len(file.states), len(file.municipalities)) == (16, 10_952)
    assert file.lines > 13_000
    assert not file.warnings
