"""What is in a file: words and pictures of pages, read by programs of their own within limits."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from crm.documents import contents, drawing, file_text
from tests.documents import files

OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX, XLSX = f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"
PPTX = f"{OFFICE}.presentationml.presentation"
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
SLIDES = {"ppt__slides__slide10": "<a:t>Ende</a:t></a:p>", "ppt__slides__slide2": "<a:t>Häcksler</a:t></a:p>"}
READABLE = [
    ("application/pdf", pdf("Der Häcksler", "wird beschafft"), "Der Häcksler\nwird beschafft"),
    ("application/pdf", pdf("Der Häcks-", "ler"), "Der Häcksler"),
    (DOCX, packed(word__document=LETTER + LETTER), "Der Häcksler & mehr\nDer Häcksler & mehr"),
    (DOCX, packed(word__document=LETTER, word__settings="<w:t>Geheim</w:t>"), "Der Häcksler & mehr"),
    (XLSX, packed(xl__sharedStrings="<si><t>Häcksler</t></si><si><t>Kosten</t></si>"), "Häcksler\nKosten"),
    (PPTX, packed(**SLIDES), "Häcksler\nEnde"),
    (ODT, packed(content="<x><text:p>Der <b>Häcksler</b></text:p><text:p>kommt</text:p></x>"),
     "Der Häcksler\nkommt"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "words"), READABLE)
def test_words_of_each_kind_of_file(kind, content, words):
    assert file_text.text_of(content, kind) == words
    assert contents.text_of(content, kind) == words


BROKEN = [b"", b"%PDF-1.7\n%%EOF\n", b"PK\x03\x04 nonsense", b"\x00" * 5000]


@pytest.mark.parametrize("content", BROKEN)
@pytest.mark.parametrize("kind", ["application/pdf", DOCX])
def test_a_broken_file_has_no_words_and_is_named_in_the_log(caplog, kind, content):
    assert contents.text_of(content, kind, "document 7741") == ""
    assert "7741" in caplog.text


def test_a_file_that_swells_is_read_up_to_a_limit():
    content = packed(word__document="<w:t>" + "wachsen " * 8_000_000 + "</w:t>")
    assert len(content) < 200_000
    assert len(contents.text_of(content, DOCX)) <= file_text.MOST_TEXT


def test_other_ways_of_packing_are_left_alone():
    assert file_text.text_of(packed(zipfile.ZIP_STORED, word__document=LETTER), DOCX) == "Der Häcksler & mehr"
    assert file_text.text_of(packed(zipfile.ZIP_BZIP2, word__document=LETTER), DOCX) == ""


def test_pages_become_pictures_without_colours_where_there_are_none():
    drawn = contents.pictures_of(pdf("Der Häcksler"), "application/pdf")
    assert (drawn.pages, len(drawn.pictures)) == (1, 1)
    picture = drawn.pictures[0]
    assert (picture.width, picture.height) == (1000, 1416)
    assert picture.content.startswith(b"\x89PNG")
    assert picture.content[25] == 0
    assert len(picture.content) < 20_000


def test_a_picture_is_drawn_anew_and_what_else_its_file_holds_stays_behind():
    content = files.png()
    place = content.index(b"IEND") - 4
    told = b"\x00\x00\x00\x05tEXtHeim\x00"
    drawn = contents.pictures_of(content[:place] + told + b"\x15\x90\x9f\xa6" + content[place:], "image/png")
    assert [(one.width, one.height) for one in drawn.pictures] == [(1000, 1000)]
    assert b"Heim" not in drawn.pictures[0].content


@pytest.mark.parametrize("content", BROKEN)
@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "image/jpeg"])
def test_a_broken_file_has_no_pictures(kind, content):
    assert contents.pictures_of(content, kind) == contents.Drawn()


def test_kinds_without_pages_have_neither_words_nor_pictures():
    assert contents.pictures_of(b"x", DOCX) == contents.Drawn()
    assert contents.text_of(b"x", "image/tiff") == ""


def test_a_picture_that_would_fill_the_memory_is_left_alone():
    content = files.png()
    huge = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00"
    swollen = content.replace(content[12:29], huge)
    assert contents.pictures_of(swollen, "image/png") == contents.Drawn()


@pytest.mark.control
def test_the_readers_know_no_secrets_and_write_no_files(tmp_path, monkeypatch):
    """What a file made of the reader would find: nothing of the surroundings, and no room on the disk."""
    monkeypatch.setenv("SECRET_KEY", "geheim")
    program = tmp_path / "spy.py"
    source = Path(file_text.__file__).read_text(encoding="utf-8")
    spying = (
        "def text_of(content, media_type):\n"
        "    import os\n"
        "    try:\n"
        f"        open({str(tmp_path / 'left')!r}, 'wb', buffering=0).write(b'x')\n"
        "    except OSError:\n"
        "        return os.environ.get('SECRET_KEY', 'nothing')\n"
        "    return 'written'\n\n\n"
    )
    program.write_text(source.replace("def main()", spying + "def main()"), encoding="utf-8")
    monkeypatch.setattr(file_text, "__file__", str(program))
    assert contents.text_of(b"x", DOCX) == "nothing"
    found = subprocess.run([sys.executable, "-c", "import os; print(os.environ['SECRET_KEY'])"],
                           capture_output=True, check=True)  # fmt: skip
    assert found.stdout.strip() == b"geheim"


def test_only_so_many_pages_and_bytes_are_drawn(monkeypatch):
    monkeypatch.setattr(drawing, "MOST_BYTES", 10)
    assert drawing.draw(pdf("x"), "application/pdf") == (1, [])


def test_when_time_is_up_the_pages_that_were_drawn_are_kept(monkeypatch):
    pages = iter([(1, 1, b"first"), (1, 1, b"second")])
    monkeypatch.setattr(drawing, "_pages", lambda _document: pages)
    monkeypatch.setattr(drawing, "ENOUGH", 0)
    assert drawing.draw(pdf("x"), "application/pdf") == (1, [(1, 1, b"first")])


def test_a_very_tall_picture_is_drawn_as_tall_as_a_page_at_most():
    tall = files.png((1, 9000))
    assert [(one.width, one.height) for one in contents.pictures_of(tall, "image/png").pictures] == [
        (1, drawing.MOST_HEIGHT)
    ]
