"""What is kept of a file: its name made harmless, its kind, its size, its bytes; the group tells of it."""

import io

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage

from crm.audit import history_of
from crm.db import db
from crm.documents import queries, services
from crm.documents.models import Document
from crm.documents.sniffing import JPEG as JPEG_KIND
from crm.documents.sniffing import PDF, TIFF
from crm.errors import RuleBroken
from crm.history import lines
from crm.imports.cooperations import KIND as GROUPS
from crm.imports.talks.understanding import KIND as TALKS
from crm.imports.undoing import KINDS
from crm.resolutions.queries import of_cooperation
from tests import factories
from tests.documents.files import BAD, pdf

NAMES = [
    ("auszug.pdf", PDF, "auszug.pdf"),
    ("AUSZUG.PDF", PDF, "AUSZUG.pdf"),
    ("../../etc/passwd", PDF, "passwd.pdf"),
    (r"C:\fakepath\Beschluss Nr. 41.pdf", PDF, "Beschluss Nr. 41.pdf"),
    ("aushang.html", PDF, "aushang.pdf"),
    ("aushang.PHTML", PDF, "aushang.pdf"),
    ("aushang.php.pdf", PDF, "aushang.php.pdf"),
    ("Nr. 41 vom 14.9.2026", PDF, "Nr. 41 vom 14.9.2026.pdf"),
    ("Nr. 41/2026", PDF, "2026.pdf"),
    ("ohne Ending", PDF, "ohne Ending.pdf"),
    ("a\r\nSet-Cookie: x=1.pdf", PDF, "a Set-Cookie x=1.pdf"),
    ('a"; filename="b.exe.pdf', PDF, "a ; filename= b.exe.pdf"),
    ("a\x00b.pdf", PDF, "a b.pdf"),
    ("rechnung\u202efdp.exe", PDF, "rechnungfdp.pdf"),
    ("\u200b\u00a0.pdf", PDF, "dokument.pdf"),
    (".htaccess", PDF, "htaccess.pdf"),
    ("..pdf", PDF, "dokument.pdf"),
    ("", PDF, "dokument.pdf"),
    ("Mu\u0308ller.pdf", PDF, "Müller.pdf"),
    ("文書.pdf", PDF, "文書.pdf"),
    ("Ärger/Öl.tiff", TIFF, "Öl.tiff"),
    ("bild.JPEG", JPEG_KIND, "bild.jpeg"),
    ("x" * 300 + ".pdf", PDF, "x" * 146 + ".pdf"),
    ("x" * 300, PDF, "x" * 146 + ".pdf"),
    ("👍🏽.pdf", PDF, "👍🏽.pdf"),
]


@pytest.mark.usefixtures("context")
def test_a_name_becomes_harmless_and_ends_as_its_kind():
    for name, kind, clean in NAMES:
        assert services.clean_name(name, kind) == clean, name
        assert len(services.clean_name(name, kind)) <= services.LONGEST_NAME


@pytest.fixture
def group(context):
    """A group with a planned resolution."""
    made = factories.cooperation("Cölbe", "Lahntal")
    factories.resolution(made, "Lahntal")
    db.session.commit()
    return made


def resolution_of(group):
    """Number of its resolution."""
    return of_cooperation(group.id)[0].id


def upload(content, name="auszug.pdf"):
    """A file as a browser sends it."""
    return FileStorage(io.BytesIO(content), filename=name)


def test_a_file_is_kept_with_its_kind_and_the_group_tells_of_it(group):
    anna = factories.member("anna")
    made = services.attach(upload(pdf(), "Auszug.pdf"), group, anna, resolution_id=resolution_of(group))
    db.session.commit()
    stored = db.session.scalars(select(Document)).one()
    assert (stored.file_name, stored.media_type, stored.size) == ("Auszug.pdf", "application/pdf", len(pdf()))
    assert stored.content == pdf()
    assert stored.uploaded_by_id == anna.id
    event = history_of(group)[0]
    assert event.name == "document.attached"
    assert lines([event])[0].changes == [("Dokumente", None, "Auszug.pdf")]
    services.remove(made, group, anna)
    assert history_of(group)[0].changes == {"documents": ["Auszug.pdf", None]}
    assert db.session.scalars(select(Document)).all() == []


def test_a_file_hangs_on_a_paper_as_well(group):
    paper = factories.paper(group)
    made = services.attach(upload(pdf()), group, factories.member("anna"), paper_id=paper.id)
    assert (made.resolution_id, made.paper_id) == (None, paper.id)


def test_a_file_hangs_on_one_thing(group):
    places = {"resolution_id": resolution_of(group), "paper_id": factories.paper(group).id}
    for wrong in ({}, places):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            services.attach(upload(pdf()), group, factories.member("anna"), **wrong)


@pytest.mark.parametrize("name", [*BAD, "nothing", "too much"])
def test_what_is_no_such_file_is_refused_with_a_sentence(group, name):
    content = BAD | {"nothing": b"", "too much": pdf(b"x" * services.MOST_BYTES)}
    with pytest.raises(RuleBroken) as refused:
        services.attach(upload(content[name]), group, None, resolution_id=resolution_of(group))
    assert refused.value.field == "file"
    words = {"nothing": "leer", "too much": "höchstens 10 MB"}
    assert words.get(name, "PDF, PNG, JPEG, TIFF, DOCX, XLSX, PPTX, ODT") in str(refused.value.message)
    assert db.session.scalars(select(Document)).all() == []


def test_a_file_of_exactly_the_most_is_taken(group):
    rest = services.MOST_BYTES - len(pdf(b""))
    made = services.attach(upload(pdf(b"x" * rest)), group, None, resolution_id=resolution_of(group))
    assert made.size == services.MOST_BYTES


def test_lists_do_not_load_the_bytes(group):
    services.attach(upload(pdf()), group, None, resolution_id=resolution_of(group))
    db.session.commit()
    stored = db.session.scalars(select(Document)).one()
    assert "content" not in vars(stored)


def test_what_has_a_document_is_not_taken_back_with_its_list(group):
    talk = factories.talk("Cölbe")
    assert (KINDS[GROUPS].hanging([group.id]), KINDS[TALKS].hanging([talk.id])) == (set(), set())
    factories.document(group, cooperation_id=group.id)
    factories.document(talk, consultation_id=talk.id)
    assert (KINDS[GROUPS].hanging([group.id]), KINDS[TALKS].hanging([talk.id])) == ({group.id}, {talk.id})


@pytest.mark.usefixtures("context")
def test_what_was_taken_back_from_guests_does_not_return_when_a_later_version_goes():
    event = factories.event()
    first = factories.document(event, event_id=event.id, for_guests=True)
    second = factories.newer(first, event)
    services.show_guests(second, event, False, None)
    services.remove(second, event, None)
    assert queries.for_guests(event.id) == []
