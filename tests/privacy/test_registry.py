"""Every column is declared, and the record of processing says what the registry says."""

import csv
import dataclasses
import io

from sqlalchemy import Column, Integer, MetaData, String, Table

from crm.db import db
from crm.privacy import record, registry
from crm.privacy.terms import Erase, Export


def test_every_column_of_every_table_is_declared(app):
    assert registry.undeclared(db.metadata.tables) == []


def test_a_new_column_fails_until_it_is_declared():
    scratch = MetaData()
    tables = {name: table.to_metadata(scratch) for name, table in db.metadata.tables.items()}
    tables["people"].append_column(Column("shoe_size", Integer))
    tables["shoes"] = Table("shoes", scratch, Column("id", Integer, primary_key=True), Column("who", String))
    assert registry.undeclared(tables) == ["people.shoe_size: not declared", "shoes.who: not declared"]


def test_a_column_that_went_or_is_said_twice_is_noticed(monkeypatch):
    feedback = registry.ENTRIES["feedback"]
    twice = dataclasses.replace(feedback, mention="liked", facts=f"{feedback.facts} liked missed colour")
    monkeypatch.setitem(registry.ENTRIES, "feedback", twice)
    assert registry.undeclared(db.metadata.tables) == [
        "feedback.colour: no such column", "feedback.liked: declared twice",
    ]  # fmt: skip
    scratch = MetaData()
    tables = {name: table.to_metadata(scratch) for name, table in db.metadata.tables.items()}
    del tables["feedback"]
    assert "feedback: no such table" in registry.undeclared(tables)


def test_every_column_marked_personal_in_the_models_is_personal_here():
    said = {(one.table, one.name) for one in registry.columns()}
    marked = {
        (table.name, column.name)
        for table in db.metadata.tables.values()
        for column in table.columns
        if column.info.get("personal")
    }
    assert marked - said == set()


def test_what_is_not_exported_or_stays_has_a_reason():
    for one in registry.columns():
        assert one.export is not Export.NOT or str(one.why_not_exported), one
        assert one.erase not in (Erase.KEPT, Erase.STAFF, Erase.LINK) or str(one.reason), one


def test_the_record_of_processing_names_every_table_and_every_personal_column(app, mara, ada, anna):
    page = mara.get("/personendaten/verzeichnis")
    for one in registry.columns():
        assert f"<code>{one.table}.{one.name}</code>" in page.html
    assert ada.get("/personendaten/verzeichnis").status == 200
    assert anna.get("/personendaten/verzeichnis").status == 403
    file = mara.get("/personendaten/verzeichnis.csv")
    rows = list(csv.reader(io.StringIO(file.response.data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1 + len(registry.PROCESSINGS)
    assert sorted(", ".join(row[-1] for row in rows[1:]).split(", ")) == sorted(registry.ENTRIES)
    with app.test_request_context():
        assert len(record.activities()) == len(registry.PROCESSINGS)
