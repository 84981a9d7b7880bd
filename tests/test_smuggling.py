"""A request sets what its form offers and leads where this site is."""

import re

import pytest
from sqlalchemy import inspect, select

from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.db import Record, db, today
from crm.follow_ups.models import FollowUp
from crm.task_fields.models import TaskField
from tests import factories
from tests.everything import PASSING, changed, fill, stored

MORE = {
    "is_admin": "1",
    "role": "administrator",
    "roles": "administrator",
    "id": "1",
    "owner_id": "1",
    "version": "999",
    "created_at": "2000-01-01",
    "status": "confirmed",
    "created_by_id": "1",
    "removed_at": "2026-01-01",
    "password_hash": "x",
    "must_change_password": "",
    "locked_at": "2026-01-01",
    "user_id": "1",
    "search_text": "x",
}


def columns(app):
    """Give all rows without what every saving counts up."""
    with app.app_context():
        return {
            table.name: sorted(
                repr([row[column] for column in table.c if column.name not in ("version", "updated_at")])
                for row in db.session.execute(select(table)).mappings()
            )
            for table in db.metadata.sorted_tables
            if table.name not in PASSING
        }


def test_forms_set_declared_columns_only(app, anna):
    numbers = fill(app)
    forms = {
        f"/beratungen/{numbers['consultation_id']}/bearbeiten": ("owner_id", "version"),
        f"/kontakte/{numbers['person_id']}/bearbeiten": ("version",),
        f"/wiedervorlagen/{numbers['follow_up_id']}/bearbeiten": ("owner_id", "version"),
        "/konto": ("version",),
    }
    for url, own in forms.items():
        assert anna.submit(url).status == 303, url
        before = columns(app)
        more = {name: value for name, value in MORE.items() if name not in own}
        assert anna.submit(url, **more).status == 303, url
        # Nothing else was changed since the first saving, so a difference comes from a smuggled field.
        assert changed(before, columns(app)) == [], url


def test_a_foreign_version_saves_nothing(app, anna):
    numbers = fill(app)
    before = stored(app)
    for version in ("999", "0", "", "-1", "1e3", "\u00b2", "9" * 5000, "1' or 1=1"):
        for path in ("beratungen/{consultation_id}", "kontakte/{person_id}", "wiedervorlagen/{follow_up_id}"):
            page = anna.submit(f"/{path.format(**numbers)}/bearbeiten", version=version, note="x", text="x")
            assert page.status in (400, 409, 422), (version, page.status)
    assert changed(before, stored(app)) == []


def test_new_records_take_no_foreign_columns(app, anna):
    work = {"text": "Anrufen", "organisation": [], "organisation-text": "Lahntal", "due_on": "1.12.2090"}
    assert anna.submit("/wiedervorlagen/neu", **work | MORE | {"owner_id": ""}).status in (303, 422)
    with app.app_context():
        for made in db.session.scalars(select(FollowUp)):
            assert made.version == 1
            assert made.created_at.year == today().year
            assert made.removed_at is None


def test_every_record_has_columns_that_no_form_names():
    for model in (Consultation, Person, FollowUp, TaskField):
        assert issubclass(model, Record)
        assert {"id", "version", "created_at", "updated_at"} <= set(inspect(model).column_attrs.keys())


FAR = [
    "//boese.test",
    "/\\boese.test",
    "https:boese.test",
    "https://boese.test",
    "javascript:1",
    "/%5cboese.test",
    "/\t/boese.test",
    "https://localhost@boese.test",
    "\\\\boese.test",
    "///boese.test",
    "/x\r\nLocation: //boese.test",
    "/\u2028/boese.test",
    "//boese.test/%2e%2e",
    "http:///boese.test",
    " //boese.test",
    "/./\\boese.test",
    "",
]


@pytest.mark.parametrize("target", FAR)
def test_signing_in_leads_to_this_site(app, stranger, target):
    page = stranger.post("/anmelden", email="anna@kikz.test", password=factories.PASSWORD, next=target)
    assert page.status == 303
    assert re.fullmatch(r"/(?![/\\])[!-~]*", page.location), page.location
    assert "boese" not in page.location or page.location.startswith("/%5c")


@pytest.mark.parametrize("target", FAR)
def test_buttons_lead_back_to_this_site(app, anna, target):
    with app.app_context():
        number = factories.follow_up().id
        db.session.commit()
    page = anna.post(f"/wiedervorlagen/{number}/erledigt", next=target)
    assert page.status == 303
    assert re.fullmatch(r"/(?![/\\])[!-~]*", page.location), page.location
