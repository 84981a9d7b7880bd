"""Minutes of the demo: one to go on with, one released with its paper."""

from sqlalchemy import select

from crm.db import db
from crm.documents.models import Document
from crm.minutes.kinds import MinutesState
from crm.minutes.models import Minutes
from crm.operations import demo_minutes
from tests import factories


def test_of_two_talks_one_has_a_draft_and_one_a_released_paper(context):
    talks = [factories.talk("Lahntal", "Cölbe", "Wetter (Hessen)", days_ago=ago) for ago in (9, 5, 1)]
    assert demo_minutes.fill(talks, factories.member("anna")) == 2
    states = {one.consultation_id: one.state for one in db.session.scalars(select(Minutes))}
    assert states == {talks[2].id: MinutesState.DRAFT, talks[1].id: MinutesState.RELEASED}
    paper = db.session.scalars(select(Document)).one()
    assert (paper.consultation_id, paper.content[:5]) == (talks[1].id, b"%PDF-")
