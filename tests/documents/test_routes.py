"""Attachments over the web: what is taken, what is given back and how, who may, and what is refused."""

import hashlib
import io
from urllib.parse import unquote

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from crm.audit import history_of
from crm.cooperations.models import Cooperation
from crm.cooperations.queries import one
from crm.cooperations.services import remove
from crm.db import db
from crm.documents.models import Document
from crm.documents.services import MOST_BYTES
from tests import factories
from tests.documents.files import BAD, GOOD, HTML, SVG, docx, pdf
from tests.pages import Page


@pytest.fixture
def numbers(app):
    """A group with a resolution and a paper of an application."""
    with app.app_context():
        group = factories.cooperation("Cölbe", "Lahntal")
        found = {
            "group": group.id,
            "beschluss": factories.resolution(group, "Lahntal").id,
            "unterlage": factories.paper(group).id,
        }
        db.session.commit()
    return found


@pytest.fixture(params=["beschluss", "unterlage"])
def form(request, numbers):
    """Address of the form of each kind of place."""
    return f"/dokumente/{request.param}/{numbers[request.param]}"


def back(form, numbers):
    """Where the form leads."""
    tab = "/foerderung" if "unterlage" in form else ""
    return f"/kooperationen/{numbers['group']}{tab}"


def send(client, form, content, name="auszug.pdf", said="application/octet-stream", **over):
    """Choose a file in the form and send it."""
    fields = client.get(form).fields() | {"file": (io.BytesIO(content), name, said)} | over
    return client.post(form, fields)


def send_large(client, form, content):
    """The same from memory, as the client would leave a large file open on the disk."""
    fields = {name: values[0] for name, values in client.get(form).fields().items()}
    file = FileStorage(io.BytesIO(content), "auszug.pdf", "file")
    boundary, body = encode_multipart(fields | {"file": file})
    answer = client.browser.post(form, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return Page(answer, [])


def stored(app):
    """All files as (name, size)."""
    with app.app_context():
        found = db.session.scalars(select(Document).order_by(Document.id))
        return [(one.file_name, one.size) for one in found]


def newest(app):
    """Address of the file attached last."""
    with app.app_context():
        return f"/dokumente/{db.session.scalars(select(Document.id).order_by(Document.id.desc())).first()}"


def test_a_file_is_attached_and_comes_back_byte_for_byte(app, anna, rita, numbers, form):
    content = docx()
    page = send(anna, form, content, "Auszug Öffentlich.DOCX")
    assert (page.status, page.location) == (303, back(form, numbers))
    assert stored(app) == [("Auszug Öffentlich.docx", len(content))]
    answer = rita.get(newest(app))
    assert answer.status == 200
    assert answer.data == content
    assert answer.response.mimetype == GOOD["DOCX"][2]
    named = answer.headers["Content-Disposition"]
    assert named.startswith('attachment; filename="Auszug Oeffentlich.docx"; filename*=UTF-8')
    assert unquote(named.rsplit("''")[-1]) == "Auszug Öffentlich.docx"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", GOOD)
def test_every_good_kind_is_taken(app, anna, numbers, name):
    content, ending, media_type = GOOD[name]
    page = send(anna, f"/dokumente/beschluss/{numbers['beschluss']}", content, "Datei." + ending)
    assert page.status == 303, page.errors()
    answer = anna.get(newest(app))
    assert answer.response.mimetype == media_type
    assert hashlib.sha256(answer.data).digest() == hashlib.sha256(content).digest()


UPLOADS = {
    "svg with script": (SVG, "bild.svg", "image/svg+xml"),
    "svg called png": (SVG, "bild.png", "image/png"),
    "html called pdf": (HTML, "auszug.pdf", "application/pdf"),
    "html in capitals": (HTML.upper(), "AUSZUG.PDF", "application/pdf"),
    "pdf and page in one": (HTML + pdf(), "auszug.pdf", "application/pdf"),
    "page behind the head of a pdf": (pdf(HTML), "auszug.pdf", "application/pdf"),
    "phtml": (b"<?php system('id'); ?>", "x.PHTML", "image/jpeg"),
    "double ending": (b"<?php system('id'); ?>", "x.pdf.php", "application/pdf"),
    "macros": (BAD["DOCX with macros inside"], "brief.docx", "application/msword"),
    "a swelling archive": (BAD["an archive that swells"], "brief.docx", "application/msword"),
    "text": (b"Guten Tag", "notiz.txt", "text/plain"),
    "nothing in it": (b"", "leer.pdf", "application/pdf"),
}  # fmt: skip


@pytest.mark.parametrize("case", UPLOADS)
def test_anything_else_is_refused_with_a_sentence(app, anna, numbers, case):
    content, name, said = UPLOADS[case]
    page = send(anna, f"/dokumente/beschluss/{numbers['beschluss']}", content, name, said)
    assert page.status == 422
    words = " ".join(page.errors())
    assert ("leer" if not content else "PDF, PNG, JPEG") in words
    assert page.soup.select_one("#file[aria-invalid=true]")
    assert stored(app) == []


def test_no_file_is_asked_for(app, anna, form):
    for sent in ({}, {"file": ""}, {"file": (io.BytesIO(b""), "")}):
        page = anna.submit(form, **sent)
        assert page.status == 422
        assert "Wählen Sie eine Datei." in " ".join(page.errors())
    assert stored(app) == []


def test_a_file_that_is_too_large_is_refused_at_two_borders(app, anna, numbers):
    form = f"/dokumente/beschluss/{numbers['beschluss']}"
    page = send_large(anna, form, pdf(b"x" * MOST_BYTES))
    assert page.status == 422
    assert "höchstens 10 MB" in " ".join(page.errors())
    page = send_large(anna, form, pdf(b"x" * (MOST_BYTES + 200_000)))
    assert page.status == 413
    assert stored(app) == []


def test_two_files_are_not_taken_for_one_and_one_not_for_two(app, anna, form, numbers):
    fields = anna.get(form).fields()
    answers = [anna.post(form, fields | {"file": (io.BytesIO(pdf()), "a.pdf")}) for _time in range(2)]
    assert [one.location for one in answers] == [back(form, numbers)] * 2
    assert stored(app) == [("a.pdf", len(pdf()))]
    other = pdf(b"anderes")
    assert anna.post(form, fields | {"file": (io.BytesIO(other), "a.pdf")}).status == 303
    assert stored(app) == [("a.pdf", len(pdf())), ("a.pdf", len(other))]


def test_a_mistake_does_not_use_the_form_up(app, anna, form):
    wrong = send(anna, form, HTML)
    assert wrong.status == 422
    assert anna.post(form, wrong.fields() | {"file": (io.BytesIO(pdf()), "a.pdf")}).status == 303
    assert len(stored(app)) == 1


def test_a_name_that_means_something_elsewhere_means_nothing_here(app, anna, numbers):
    form = f"/dokumente/beschluss/{numbers['beschluss']}"
    names = ("../../x.pdf", 'a";b=".pdf', "<script>alert(1)</script>.pdf", "文書.pdf", "x" * 300 + ".pdf")
    for number, name in enumerate(names):
        assert send(anna, form, pdf(str(number).encode()), name).status == 303
        answer = anna.get(newest(app))
        named = answer.headers["Content-Disposition"]
        assert named.count('"') == 2
        assert "/" not in named.replace("UTF-8''", "")
        assert "\n" not in named
        assert named.endswith((".pdf", '.pdf"'))


def test_a_file_is_removed_after_a_question(app, anna, form, numbers):
    send(anna, form, pdf())
    url = newest(app)
    asked = anna.get(f"{url}/entfernen")
    assert "auszug.pdf" in asked.main
    assert len(stored(app)) == 1
    page = anna.post(f"{url}/entfernen")
    assert (page.status, page.location) == (303, back(form, numbers))
    assert stored(app) == []
    assert [anna.get(url).status, anna.post(f"{url}/entfernen").status] == [404, 404]
    with app.app_context():
        events = [event.name for event in history_of(db.session.get(Cooperation, numbers["group"]))]
    assert events[:2] == ["document.removed", "document.attached"]


@pytest.mark.parametrize("who", ["rita", "emil"])
def test_who_only_reads_neither_attaches_nor_removes(request, app, anna, form, who):
    send(anna, form, pdf())
    client, url = request.getfixturevalue(who), newest(app)
    assert client.get(url).status == 200
    assert [client.get(form).status, client.post(form).status] == [403, 403]
    assert [client.get(f"{url}/entfernen").status, client.post(f"{url}/entfernen").status] == [403, 403]
    assert len(stored(app)) == 1


def test_what_hangs_on_a_removed_group_is_gone_with_it(app, anna, form, numbers):
    send(anna, form, pdf())
    url = newest(app)
    with app.app_context():
        remove(one(numbers["group"]), factories.member("anna"))
        db.session.commit()
    for address in (url, f"{url}/entfernen", form):
        assert anna.get(address).status == 404
    assert [anna.post(form).status, anna.post(f"{url}/entfernen").status] == [404, 404]
    assert len(stored(app)) == 1


@pytest.mark.parametrize("url", ["/dokumente/999", "/dokumente/beschluss/999", "/dokumente/unterlage/999"])
def test_what_is_not_there_is_not_found(anna, url):
    assert anna.get(url).status == 404


def test_a_removed_resolution_takes_its_files_along(app, anna, numbers):
    send(anna, f"/dokumente/beschluss/{numbers['beschluss']}", pdf())
    url = f"/kooperationen/{numbers['group']}/beschluesse/{numbers['beschluss']}"
    assert anna.submit(f"{url}/entfernen").status == 303
    assert stored(app) == []


def test_the_page_of_a_resolution_lists_its_files(app, anna, numbers):
    send_large(anna, f"/dokumente/beschluss/{numbers['beschluss']}", pdf(b"x" * 820_000))
    page = anna.get(f"/kooperationen/{numbers['group']}/beschluesse/{numbers['beschluss']}")
    link = page.soup.select_one(f"main a[href='{newest(app)}/ansehen']")
    assert link.get_text() == "auszug.pdf"
    assert "820 KB" in page.main
    shown = anna.get(f"{newest(app)}/ansehen")
    assert shown.soup.select_one(f"main a[href='{newest(app)}/entfernen']")
