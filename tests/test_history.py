"""The history of every record in words a clerk reads: who, when, which field, from what to what."""

from datetime import time

import pytest
from sqlalchemy import inspect

from crm import audit, history, records
from crm.accounts.models import User
from crm.consultations.models import Consultation
from crm.contacts.models import Function, FunctionRole, Person
from crm.contacts.services import add_function, change_function
from crm.db import db
from crm.follow_ups.models import FollowUp
from crm.task_fields.models import TaskField
from tests import factories
from tests.everything import fill

MODELS = (User, Person, Function, TaskField, FollowUp, Consultation)
# What a reader learns from the name of the event, from another line, or must not learn at all.
UNTOLD = {
    "about", "consultation_id", "created_by_id", "done_at", "done_by_id", "election_id", "feed_number",
    "follows_id", "locked_at", "must_change_password", "password_until", "person_id", "removal", "removed_at",
    "removed_by_id", "second_factor_at",
}  # fmt: skip


@pytest.fixture
def numbers(app):
    """One of everything."""
    return fill(app)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_has_a_name_in_the_history(model):
    silent = audit.SILENT | UNTOLD | set(history.LABELS)
    columns = {column.key for column in inspect(model).column_attrs}
    assert columns - silent == set()


def entries(page):
    """Entries of the history on a page, newest first."""
    return [" ".join(tag.get_text(" ").split()) for tag in page.soup.select(".history > li")]


@pytest.mark.parametrize(
    ("who", "url", "change", "said"),
    [
        ("mara", "/beratungen/{consultation_id}/bearbeiten", {"place": "Rathaus"}, "Ort Rathaus"),
        ("mara", "/wiedervorlagen/{follow_up_id}/bearbeiten", {"due_on": "1.3.2090"}, "→ 01.03.2090"),
        ("mara", "/kontakte/{person_id}/bearbeiten", {"note": "Neu"}, "Bemerkung geändert"),
        ("mara", "/kontakte/{person_id}/funktionen/{function_id}", {"valid_to": "1.3.2090"}, "01.03.2090"),
        ("mara", "/aufgabenfelder/{field_id}/bearbeiten", {"name": "Umbenannt"}, "→ Umbenannt"),
        ("ada", "/konten/{user_id}", {"name": "Nora Umbenannt"}, "→ Nora Umbenannt"),
    ],
)  # fmt: skip
def test_a_change_is_told_on_the_page_of_each_record(request, app, numbers, who, url, change, said):
    client, url = request.getfixturevalue(who), url.format(**numbers)
    assert client.submit(url, form=1 if who == "ada" else 0, to=url, **change).status == 303
    page = url if who == "ada" or "aufgabenfelder" in url else url.rsplit("/", 1)[0]
    shown = client.get(page.removesuffix("/funktionen"))
    name = "Ada Amt" if who == "ada" else "Mara Marx"
    assert said in entries(shown)[0]
    assert name in entries(shown)[0]


def test_a_new_record_lists_no_first_values_as_changes(app, anna, mara):
    with app.app_context():
        place = factories.place("Lahntal").id
    made = [
        anna.submit(f"/wiedervorlagen/neu?kommune={place}", text="Anrufen", due_on="1.3.2090", follow=True),
        anna.submit(f"/kontakte/neu?kommune={place}", last_name="Neu", title="Amt", follow=True),
        anna.submit(f"/beratungen/neu?kommune={place}", kind="single", note="Text", follow=True),
    ]
    for page in made:
        assert entries(page)
        assert all("geändert" not in one and "→" not in one for one in entries(page))
        assert not page.soup.select(".history dl")


def test_it_is_said_which_function_of_a_person_changed(app, anna):
    with app.app_context():
        person, by = factories.person(title="Büroleitung"), factories.member("anna")
        beside = {"organisation_id": factories.place("Cölbe").id, "role": FunctionRole.OTHER}
        function = add_function(person, beside | {"title": "Beirat"}, by)
        moved = {"organisation_id": factories.place("Wetter (Hessen)").id, "role": FunctionRole.OTHER}
        change_function(function, moved | {"title": "Beirat"}, by)
        number = person.id
        db.session.commit()
    first, second = entries(anna.get(f"/kontakte/{number}"))
    assert "Funktion geändert : Beirat, Wetter (Hessen)" in first
    assert "Cölbe → Wetter (Hessen)" in first
    assert "Beirat, Wetter (Hessen)" in second


def test_times_and_colleagues_are_told_as_on_screen(app, context):
    talk = factories.talk("Lahntal")
    follow_up = factories.follow_up()
    anna, bert = factories.member("anna"), factories.member("bert")
    records.change(talk, {"starts_at": time(9, 30)}, anna, "consultation.changed")
    records.change(follow_up, {"owner_id": bert.id}, anna, "follow-up.changed")
    (line, *_rest) = history.lines(audit.history_of(talk))
    assert line.changes == [("Beginn", None, "09:30 Uhr")]
    (line, *_rest) = history.lines(audit.history_of(follow_up))
    assert line.changes == [("Zuständig", "Anna Adler", "Bert Braun")]


def test_a_long_history_costs_no_more_statements(app, anna):
    with app.app_context():
        talk, by = factories.talk("Lahntal"), factories.member("anna")
        for number in range(80):
            records.change(talk, {"place": f"Raum {number}"}, by, "consultation.changed")
        number = talk.id
        db.session.commit()
    page = anna.get(f"/beratungen/{number}")
    assert len(entries(page)) == 50
    assert len(page.statements) <= 16
