"""Words of attachments: read once by the worker, each file in a process of its own, none of them twice."""

import subprocess

import pytest
from sqlalchemy import delete, select

from crm import jobs
from crm.db import db, now
from crm.documents import contents
from crm.documents.models import Document
from crm.documents.services import remove
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


def test_a_document_is_found_by_what_it_hangs_on_and_by_the_new_name_of_that(context):
    talk, group, place = (
        factories.talk("Cölbe"),
        factories.cooperation("Lahntal"),
        factories.place("Amöneburg"),
    )
    factories.document(talk, name="eins.pdf", consultation_id=talk.id)
    factories.document(group, name="zwei.pdf", cooperation_id=group.id)
    factories.document(place, name="drei.pdf", organisation_id=place.id)
    db.session.commit()
    assert (names("cölbe"), names("amöneburg")) == (["eins.pdf"], ["drei.pdf"])
    group.title, place.name = "Bauhof Ohmtal", "Ohmstadt"
    talk.participations[0].organisation_name = "Cölbe-Bürgeln"
    db.session.commit()
    assert [names(one) for one in ("ohmtal", "ohmstadt", "bürgeln")] == [
        ["zwei.pdf"],
        ["drei.pdf"],
        ["eins.pdf"],
    ]
    assert services.out_of_step() == {}
    for thing in (talk, group, place):
        thing.removed_at = now()
    db.session.commit()
    assert [names(one) for one in ("eins", "zwei", "drei")] == [[]] * 3
    assert services.out_of_step() == {}


def test_of_a_document_the_newest_version_is_found(context):
    group = factories.cooperation("Cölbe")
    first = factories.document(group, pdf("Der Häcksler"), "alt.pdf", cooperation_id=group.id)
    db.session.commit()
    second = factories.newer(first, group, pdf("Der Kehrwagen"), "neu.pdf")
    db.session.commit()
    jobs.run("search-files")
    assert (names("haecksler"), names("kehrwagen")) == ([], ["neu.pdf"])
    assert services.out_of_step() == {}
    assert services.behind(EntryKind.DOCUMENT) == set()
    remove(second, group, None)
    db.session.commit()
    assert (names("haecksler"), names("kehrwagen")) == (["alt.pdf"], [])
    assert services.out_of_step() == {}
