"""Words of attachments: read once by the worker, each file in a process of its own, none of them twice."""

import subprocess

import pytest
from sqlalchemy import delete, select

from crm import jobs
from crm.db import db
from crm.documents import contents
from crm.documents.models import Document
from crm.search import services
from crm.search.models import DocumentText, EntryKind
from tests import factories
from tests.documents.test_contents import pdf
from tests.search.test_finding import find


def attached(content, name="vertrag.pdf", media_type="application/pdf"):
    """A file of a group."""
    group = factories.cooperation()
    resolution = factories.resolution(group, "Cölbe")
    made = Document(
        file_name=name, media_type=media_type, size=len(content), content=content, resolution_id=resolution.id
    )
    db.session.add(made)
    db.session.commit()
    return made.id


def names(question):
    """Files that are found."""
    return [hit.title for hit in find(question).hits.get(EntryKind.DOCUMENT, [])]


def test_the_words_of_a_file_are_found_once_the_worker_has_read_it(context):
    attached(pdf("Der Häcksler wird beschafft"))
    assert (names("vertrag"), names("haecksler")) == (["vertrag.pdf"], [])
    jobs.run("search-files")
    assert names("haecksler") == ["vertrag.pdf"]
    assert services.out_of_step() == {}


def test_every_file_is_read_once_even_a_broken_one(context, monkeypatch):
    attached(b"%PDF-1.7 kaputt")
    attached(b"bild", "bild.png", "image/png")
    jobs.run("search-files")
    assert [one.plain for one in db.session.scalars(select(DocumentText))] == [""]
    monkeypatch.setattr(contents, "text_of", lambda *_args: pytest.fail("read twice"))
    jobs.run("search-files")


def test_a_reader_that_hangs_or_dies_takes_nothing_along(context, monkeypatch):
    number = attached(pdf("Der Häcksler"))

    def hang(*_args, **_options):
        raise subprocess.TimeoutExpired("reader", 1)

    monkeypatch.setattr(subprocess, "run", hang)
    jobs.run("search-files")
    assert db.session.get(DocumentText, number).plain == ""
    assert names("vertrag") == ["vertrag.pdf"]


def test_with_a_file_its_words_go(context):
    number = attached(pdf("Der Häcksler"))
    jobs.run("search-files")
    db.session.execute(delete(Document).where(Document.id == number))
    db.session.commit()
    assert names("haecksler") == []
    assert db.session.scalars(select(DocumentText)).all() == []
