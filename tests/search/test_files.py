"""Words of attachments: read once by the worker, each file in a process of its own, none of them twice."""

import io
import subprocess
import zipfile

import pytest
from sqlalchemy import delete, select

from crm import jobs
from crm.db import db
from crm.documents.models import Document
from crm.search import duties, file_text, services
from crm.search.models import DocumentText, EntryKind
from tests import factories
from tests.search.test_finding import find

OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX, XLSX = f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"


def pdf(*lines):
    """A PDF of one page."""
    shown = b" ".join(b"(" + line.encode("cp1252") + b") Tj 0 -14 Td" for line in lines)
    stream = b"BT /F1 12 Tf 72 700 Td " + shown + b" ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n" % len(stream) + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, one) for number, one in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF\n"


def packed(packing=zipfile.ZIP_DEFLATED, **parts):
    """An archive; two underlines in a name stand for a stroke."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return target.getvalue()


LETTER = "<w:p><w:r><w:t>Der Häcks</w:t></w:r><w:r><w:t xml:space='preserve'>ler &amp; mehr</w:t></w:r></w:p>"
READABLE = [
    ("application/pdf", pdf("Der Häcksler", "wird beschafft"), "Der Häcksler\nwird beschafft"),
    ("application/pdf", pdf("Der Häcks-", "ler"), "Der Häcksler"),
    (DOCX, packed(word__document=LETTER + LETTER), "Der Häcksler & mehr\nDer Häcksler & mehr"),
    (DOCX, packed(word__document=LETTER, word__settings="<w:t>Geheim</w:t>"), "Der Häcksler & mehr"),
    (XLSX, packed(xl__sharedStrings="<si><t>Häcksler</t></si><si><t>Kosten</t></si>"), "Häcksler\nKosten"),
    (ODT, packed(content="<x><text:p>Der <b>Häcksler</b></text:p><text:p>kommt</text:p></x>"),
     "Der Häcksler\nkommt"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "words"), READABLE)
def test_words_of_each_kind_of_file(kind, content, words):
    assert file_text.text_of(content, kind) == words
    assert duties.words_of(content, kind, 1) == words


BROKEN = [b"", b"%PDF-1.7\n%%EOF\n", b"PK\x03\x04 nonsense", b"\x00" * 5000]


@pytest.mark.parametrize("content", BROKEN)
@pytest.mark.parametrize("kind", ["application/pdf", DOCX])
def test_a_broken_file_has_no_words_and_is_named_in_the_log(caplog, kind, content):
    assert duties.words_of(content, kind, 7741) == ""
    assert "7741" in caplog.text


def test_a_file_that_swells_is_read_up_to_a_limit():
    content = packed(word__document="<w:t>" + "wachsen " * 8_000_000 + "</w:t>")
    assert len(content) < 200_000
    assert len(duties.words_of(content, DOCX, 1)) <= file_text.MOST_TEXT


def test_other_ways_of_packing_are_left_alone():
    assert file_text.text_of(packed(zipfile.ZIP_STORED, word__document=LETTER), DOCX) == "Der Häcksler & mehr"
    assert file_text.text_of(packed(zipfile.ZIP_BZIP2, word__document=LETTER), DOCX) == ""


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
    monkeypatch.setattr(duties, "words_of", lambda *_args: pytest.fail("read twice"))
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
