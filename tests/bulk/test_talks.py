"""Task fields and follow-ups for many talks: what is hidden stays hidden, what is closed stays closed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.consultations.models import Consultation
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from crm.task_fields.models import TaskField
from tests import factories
from tests.bulk.steps import address, confirm, done, preview, undo
from tests.closing.test_guard import CLOSED, PAST, WHY, close, corrections, store

KIND = "beratungen"
PROMISE = {"text": "Protokoll senden", "due_on": f"{today():%d.%m.%Y}"}


@pytest.fixture
def talks(app):
    """An open talk, a confidential one, and the number of a task field."""
    with app.app_context():
        numbers = [factories.talk("Lahntal").id, factories.talk("Cölbe", confidential=True).id]
        field = db.session.scalars(select(TaskField).where(TaskField.name == "Bauhof")).one().id
        db.session.commit()
    return [*numbers, field]


def fields(app, number):
    """Names of the task fields of a talk."""
    with app.app_context():
        return [one.name for one in db.session.get(Consultation, number).task_fields]


def follow_ups(app):
    """(text, number of the talk, hidden) of all follow-ups there are."""
    with app.app_context():
        return [
            (one.text, one.consultation_id, one.confidential) for one in db.session.scalars(select(FollowUp))
        ]


def anna_id(app):
    """Anna's number."""
    with app.app_context():
        return factories.member("anna").id


def test_a_task_field_is_added_and_goes_again(app, anna, talks):
    one, two, field = talks
    url = address(KIND, "aufgabenfeld", [one, two])
    listed = done(anna, url, task_field=field)
    assert "2 Beratungen geändert." in listed.main
    assert fields(app, one) == fields(app, two) == ["Bauhof"]
    again = preview(anna, url, task_field=field)
    assert "hat dieses Aufgabenfeld schon" in again.main
    assert len(again.statements) < 20
    undo(anna, listed)
    assert fields(app, one) == fields(app, two) == []
    with app.app_context():
        names = list(db.session.scalars(select(AuditEvent.name)))
    assert names.count("consultation.changed") == 4


def test_each_talk_gets_a_follow_up_as_hidden_as_itself(app, anna, talks):
    url = address(KIND, "wiedervorlage", talks[:2])
    fields = anna.get(url).fields()
    assert (fields["owner_id"], fields["due_on"]) == (
        [str(anna_id(app))], [f"{today() + timedelta(days=7):%d.%m.%Y}"],
    )  # fmt: skip
    listed = done(anna, url, owner_id=anna_id(app), **PROMISE)
    assert "2 Wiedervorlagen angelegt." in listed.main
    assert sorted(follow_ups(app)) == [
        ("Protokoll senden", talks[0], False),
        ("Protokoll senden", talks[1], True),
    ]
    undo(anna, listed)
    assert follow_ups(app) == []


def test_a_follow_up_without_text_is_refused_and_the_rest_is_kept(app, anna, talks):
    page = preview(
        anna, address(KIND, "wiedervorlage", talks[:2]), owner_id=anna_id(app), text="", due_on="1.12.2090"
    )
    assert page.status == 422
    assert page.fields()["due_on"] == ["1.12.2090"]
    assert follow_ups(app) == []


def test_a_talk_of_a_closed_quarter_changes_only_with_a_reason(app, anna, talks):
    past = store(app, lambda: factories.talk("Marburg", held_on=PAST))
    close(app)
    url = address(KIND, "aufgabenfeld", [talks[0], past])
    page = preview(anna, url, task_field=talks[2])
    assert CLOSED in page.main
    assert "1 Beratung ändern" in page.main
    confirm(anna, url, page)
    assert (fields(app, talks[0]), fields(app, past)) == (["Bauhof"], [])
    page = preview(anna, url, task_field=talks[2], correction_reason=WHY)
    assert confirm(anna, url, page).status == 303
    assert fields(app, past) == ["Bauhof"]
    assert corrections(app) == [("talk", WHY)]


def test_a_quarter_closed_after_the_preview_is_noticed(app, anna, talks):
    past = store(app, lambda: factories.talk("Marburg", held_on=PAST))
    url = address(KIND, "aufgabenfeld", [past])
    page = preview(anna, url, task_field=talks[2])
    close(app)
    again = confirm(anna, url, page)
    assert again.status == 409
    assert CLOSED in again.main
    assert fields(app, past) == []


def test_taking_back_in_a_closed_quarter_asks_for_the_reason(app, anna, talks):
    past = store(app, lambda: factories.talk("Marburg", held_on=PAST))
    listed = done(anna, address(KIND, "aufgabenfeld", [past]), task_field=talks[2])
    close(app)
    asked = undo(anna, listed, follow=False)
    assert asked.status == 422
    assert fields(app, past) == ["Bauhof"]
    url = listed.soup.select_one("a[href*='/auswahl/vorgaenge/']")["href"]
    assert anna.post(url, asked.fields() | {"correction_reason": WHY}).status == 303
    assert fields(app, past) == []


def test_hidden_talks_cannot_be_touched_by_guessed_numbers(app, emil, rita, talks):
    for client in (emil, rita):
        for action in ("aufgabenfeld", "wiedervorlage"):
            assert client.get(address(KIND, action, talks[:2])).status == 403
    for ending in ("csv", "xlsx"):
        file = rita.get(f"/beratungen/liste.{ending}?auswahl=1&nummer={talks[1]}")
        assert "Cölbe".encode() not in file.data


def test_a_removed_talk_is_counted_as_missing(app, anna, mara, talks):
    mara.submit(f"/beratungen/{talks[0]}/entfernen")
    page = preview(anna, address(KIND, "aufgabenfeld", talks[:2]), task_field=talks[2])
    assert "1 gewählten Eintrag gibt es nicht oder nicht mehr." in page.main
    assert "1 Beratung ändern" in page.main


def test_the_whole_list_is_meant_by_its_filters(app, anna, talks):
    url = address(KIND, "aufgabenfeld", [], q="Gespräch", alle=2)
    listed = done(anna, url, task_field=talks[2])
    assert "2 Beratungen geändert." in listed.main
    assert listed.soup.select_one(".filters input[name=q]")["value"] == "Gespräch"
    assert "Die Liste hat sich geändert" in anna.get(address(KIND, "aufgabenfeld", [], alle=7)).main
    assert "Die Liste hat sich geändert" not in anna.get(address(KIND, "aufgabenfeld", [], alle=2)).main
