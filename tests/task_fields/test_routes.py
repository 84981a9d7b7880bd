"""The catalogue of task fields on screen."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.db import db, today
from crm.task_fields import queries
from crm.task_fields.models import TaskField


def field_named(name):
    """Find a task field of the standard catalogue."""
    return db.session.scalars(select(TaskField).where(TaskField.name == name)).one()


@pytest.fixture
def kasse(app):
    """Number of a field."""
    with app.app_context():
        return field_named("Kasse").id


@pytest.fixture
def finanzen(app):
    """Number of a group."""
    with app.app_context():
        return field_named("Finanzen").id


def events(app, name):
    """Changes noted under a name after the catalogue was loaded."""
    with app.app_context():
        query = select(AuditEvent).where(AuditEvent.name == name, AuditEvent.user_id.is_not(None))
        return [event.changes for event in db.session.scalars(query)]


def test_the_catalogue_is_a_table_of_groups_with_their_fields(rita):
    page = rita.get("/aufgabenfelder")
    groups = [row.get_text(" ", strip=True) for row in page.soup.select("th[scope=rowgroup]")]
    assert groups[0].startswith("Bauen und Technik")
    assert "Innere Verwaltung" in page.main
    assert "Lohnabrechnung" in page.main
    assert not page.soup.select("a[href*=bearbeiten]"), "a reader is offered nothing to change"


def test_a_manager_adds_a_field_and_it_is_noted(app, mara, finanzen):
    page = mara.submit("/aufgabenfelder/neu", name="Gebühren", parent_id=str(finanzen), follow=True)
    assert "Gebühren" in page.main
    assert events(app, "task-field.created") == [{"name": [None, "Gebühren"], "parent_id": [None, finanzen]}]


def test_a_manager_says_in_which_applications_a_field_is_fundable(app, mara, rita, kasse):
    url = f"/aufgabenfelder/{kasse}/bearbeiten"
    mara.submit(url, fundable_from="2.12.2011", fundable_until="31.12.2030")
    row = next(one for one in rita.get("/aufgabenfelder").soup.select("tbody tr") if "Kasse" in one.text)
    assert "ab 02.12.2011" in row.get_text(" ", strip=True)
    assert "bis 31.12.2030" in row.get_text(" ", strip=True)
    assert events(app, "task-field.changed") == [
        {"fundable_from": [None, "2011-12-02"], "fundable_until": [None, "2030-12-31"]}
    ]
    assert "Förderfähig bis" in mara.get(url).main
    page = mara.submit(url, fundable_until="1.1.2001")
    assert (page.status, page.fields()["fundable_until"]) == (422, ["1.1.2001"])


@pytest.mark.parametrize("who", ["rita", "anna", "emil", "ada"])
@pytest.mark.parametrize("path", ["neu", "{}/bearbeiten", "{}/beenden"])
def test_nobody_else_changes_the_catalogue(request, who, path, kasse):
    client, url = request.getfixturevalue(who), f"/aufgabenfelder/{path.format(kasse)}"
    assert client.get(url).status == 403
    assert client.post(url, name="X", valid_to="heute").status == 403


def test_bad_input_is_refused_and_kept(app, mara, finanzen):
    page = mara.submit(
        "/aufgabenfelder/neu", name="Gebühren", parent_id=str(finanzen), valid_from="31.04.2026"
    )
    assert page.status == 422
    assert page.fields()["name"] == ["Gebühren"]
    assert page.fields()["valid_from"] == ["31.04.2026"]
    assert mara.submit("/aufgabenfelder/neu", name=" \u200b ").status == 422
    assert mara.submit("/aufgabenfelder/neu", name="x" * 101).status == 422
    assert mara.submit("/aufgabenfelder/neu", name="X", parent_id="999999").status == 422
    assert events(app, "task-field.created") == []


def test_a_name_stands_once_in_a_group_at_a_time(mara, finanzen):
    page = mara.submit("/aufgabenfelder/neu", name="kasse", parent_id=str(finanzen))
    assert page.status == 422
    assert page.soup.select_one("#name-error")
    assert mara.submit("/aufgabenfelder/neu", name="Kasse").status == 303, "another level is another place"


def test_a_change_is_saved_and_noted(app, mara, kasse):
    page = mara.submit(f"/aufgabenfelder/{kasse}/bearbeiten", name="Gemeinsame Kasse", follow=True)
    assert "Gemeinsame Kasse" in page.main
    assert events(app, "task-field.changed") == [{"name": ["Kasse", "Gemeinsame Kasse"]}]


def test_edit_refuses_a_lost_update(app, mara, kasse):
    url = f"/aufgabenfelder/{kasse}/bearbeiten"
    form = mara.get(url).fields()
    mara.submit(url, name="Erste Fassung")
    page = mara.post(url, form | {"name": ["Zweite Fassung"]})
    assert page.status == 409
    assert "Erste Fassung" in page.main
    assert page.fields()["name"] == ["Zweite Fassung"]
    with app.app_context():
        assert db.session.get(TaskField, kasse).name == "Erste Fassung"


def test_ending_takes_a_field_from_the_suggestions_but_not_from_the_catalogue(app, mara, kasse):
    yesterday = today() - timedelta(days=1)
    mara.submit(f"/aufgabenfelder/{kasse}/beenden", valid_to=f"{yesterday:%d.%m.%Y}", follow=True)
    found = mara.get("/aufgabenfelder/suche?q=kasse").response.get_json()
    assert str(kasse) not in [one["value"] for one in found]
    assert "Kasse" not in mara.get("/aufgabenfelder").main
    assert "Kasse" in mara.get("/aufgabenfelder?alle=1").main
    assert events(app, "task-field.changed") == [{"valid_to": [None, yesterday.isoformat()]}]


def test_ending_needs_a_day_and_keeps_the_order_of_days(mara, kasse):
    assert mara.submit(f"/aufgabenfelder/{kasse}/beenden").status == 422
    mara.submit(f"/aufgabenfelder/{kasse}/bearbeiten", valid_from="01.02.2026")
    assert mara.submit(f"/aufgabenfelder/{kasse}/beenden", valid_to="31.01.2026").status == 422


def test_a_form_sent_twice_makes_one_field(app, mara):
    form = mara.get("/aufgabenfelder/neu").fields() | {"name": ["Neue Gruppe"]}
    assert [mara.post("/aufgabenfelder/neu", form).status for _ in range(2)] == [303, 303]
    with app.app_context():
        query = select(func.count()).where(TaskField.name == "Neue Gruppe")
        assert db.session.scalar(query) == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("Ordnungsamt", "Ordnungswesen"), ("ordnungsa", "Ordnungswesen"), ("kita", "Kinderbetreuung"),
     ("Lohnbuchhaltung", "Lohnabrechnung"), ("edv", "IT und Digitalisierung")],
)  # fmt: skip
def test_a_field_is_found_by_what_people_call_it(app, anna, typed, meant):
    found = anna.get(f"/aufgabenfelder/suche?q={typed}").response.get_json()
    assert found[0]["text"] == meant
    if typed != "ordnungsa":
        with app.app_context():
            assert [one.text for one in queries.read(typed)] == [meant]


def test_suggestions_answer_the_chips_field(rita, kasse):
    found = rita.get("/aufgabenfelder/suche?q=KASSE").response.get_json()
    assert found[0] == {"value": str(kasse), "text": "Kasse", "note": "Finanzen"}
    assert rita.get("/aufgabenfelder/suche?q=").response.get_json() == []
    assert rita.get("/aufgabenfelder/suche?q=%25").response.get_json() == []
    assert rita.get("/aufgabenfelder/suche?q=" + "x" * 10_000).status == 200


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "2147483648", "999999", "abc", "%00"])
def test_what_does_not_exist_is_not_found(mara, number):
    assert mara.get(f"/aufgabenfelder/{number}/bearbeiten").status == 404
