"""Old lists spoilt by chance: read or refused, never a fault; a check and a refusal write nothing."""

import random

import pytest
from sqlalchemy import func, select

from crm.db import Base, db
from crm.importing import Refused
from crm.imports import services, tables
from crm.imports.kinds import TALKS
from tests import mutating
from tests.imports.talks.old_lists import old_list

GOOD = old_list(
    ("19. Juli 2010", "Telefonat", "Birkenau, Mörlenbach + Fürth", "Bgm.", "Kasse", "", "erl.", "Q2", "KH"),
    ("Di 5.10.10", "Ortstermin", "Dillenburg u. Haiger", "", "Archiv", "1,5 h", "folgt", "erl.", "PM"),
    ("2010-09-07", "Einzelgespräch", "Homberg", "12", "Feuerwehr", "120'", "???", "07.09.2011 erl.", "zm"),
    ("2017", "", "", "", "", "", "", "", ""),
    ("8.12.11", "Gruppe", "Butzbach/Münzenberg", "Hr. Z.", "Jugendpflege", "3:00", "gut", "1.2.2099", "KH"),
)  # fmt: skip


def spoilt(number, seed):
    """Give spoilt files: text taken apart and mixed, in one of the usual encodings, bytes changed."""
    chance = random.Random(seed)
    text = GOOD.decode("utf-8-sig")
    for one in mutating.texts([text], number, seed):
        content = bytearray(one.encode(chance.choice(("utf-8", "cp1252", "utf-16", "latin-1")), "replace"))
        for _turn in range(chance.randint(0, 3)):
            if content:
                content[chance.randrange(len(content))] = chance.randrange(256)
        yield bytes(content)


def rows():
    """How many rows every table holds."""
    tables = Base.metadata.sorted_tables
    return {one.name: db.session.scalar(select(func.count()).select_from(one)) for one in tables}


def look(number, seed):
    """Check spoilt files; count those that were read and those that were refused."""
    read = refused = 0
    for content in spoilt(number, seed):
        try:
            table = services.table_of(content, "alt.csv")
            columns, problems = services.mapping_of(table, None, TALKS)
            if problems:
                refused += 1
                continue
            services.plan_of(table, columns, None, TALKS)
            read += 1
        except Refused as found:
            refused += bool(found.findings)
    return read, refused


def test_spoilt_lists_are_checked_or_refused(context):
    before = rows()
    read, refused = look(80, seed=1)
    assert read > 10 < refused
    assert rows() == before


@pytest.mark.stress
def test_fifteen_thousand_spoilt_lists_are_checked_or_refused(context, engine_name, promise):
    before, number = rows(), mutating.share(15_000, engine_name)
    read, refused = look(number, seed=2)
    assert rows() == before
    control = "tests/imports/talks/test_spoilt.py::test_bytes_of_another_alphabet_would_be_a_fault"
    figure = f"{read} gelesen, {refused} abgelehnt, nichts geschrieben"
    promise("Verdorbene Listen werden geprüft oder abgelehnt", figure, control)


@pytest.mark.control
def test_bytes_of_another_alphabet_would_be_a_fault(context, monkeypatch):
    """Without a second alphabet and a sentence for none, a list saved by an old program ends the check."""
    monkeypatch.setattr(tables, "UnicodeDecodeError", ZeroDivisionError, raising=False)
    with pytest.raises(UnicodeDecodeError):
        look(300, seed=2)
