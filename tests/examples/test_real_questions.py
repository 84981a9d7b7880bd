"""Twenty questions to the real list of cooperations: four of five are answered by the first five."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy import select

from crm.db import db
from crm.examples import cases
from crm.examples.likeness import Question
from crm.task_fields.models import TaskField
from tests import factories
from tests.examples.questions import QUESTIONS
from tests.imports.lists import real, take

pytestmark = pytest.mark.usefixtures("context")
FIRST, ENOUGH = 5, 0.8


@pytest.fixture
def marks():
    """The real list taken over; the mark in the list by the number of the group."""
    found, _run = take(real(), "cooperations_he.csv")
    known = {row["coop_id"] for row in csv.DictReader(io.StringIO(real().decode()))}
    assert {mark for asked in QUESTIONS for mark in asked.right} <= known
    return {line.record_id: line.entry.source_id for line in found.lines}


def question(asked, known):
    """Say a question as a talk would."""
    ids = db.session.scalars(select(TaskField.id).where(TaskField.name == asked.field)) if asked.field else ()
    places = known.places_of([factories.place(name).id for name in asked.places])
    return Question(known.fields_of(ids), asked.words, places)


def answered(marks, said=question):
    """The questions whose right answers are all among the first five."""
    known, right = cases.known(), []
    for asked in QUESTIONS:
        found = cases.found(factories.member("anna"), said(asked, known), known, most=FIRST)
        assert all(one.reasons for one in found), asked.said
        if set(asked.right) <= {marks[one.case.id] for one in found}:
            right.append(asked.said)
    return right


def without_task(asked, known):
    """The same question of the same places, but nobody says what about."""
    return replace(question(asked, known), fields=(), words="")


def test_four_of_five_are_right_and_only_because_the_task_counts(marks):
    assert len(QUESTIONS) == 20
    assert len(answered(marks)) >= ENOUGH * len(QUESTIONS)
    assert len(answered(marks, without_task)) < ENOUGH * len(QUESTIONS)
