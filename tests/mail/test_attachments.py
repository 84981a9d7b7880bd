"""Files that go with mails: stored once, sent whole, gone with the last mail."""

import pytest
from sqlalchemy import select

from crm.db import db
from crm.errors import RuleBroken
from crm.mail.attachments import Attachment, names_of, of
from crm.mail.models import MailAttachment, MailFile, MailKind, OutgoingMail
from crm.mail.services import post
from tests.mail.outbox import office_for, send, write

PDF = Attachment("bericht.pdf", "application/pdf", bytes(range(256)) * 40)
SHEET = Attachment("Übersicht „neu“.xlsx", "application/vnd.ms-excel", b"PK" * 300)


def rows(app, model):
    """How many rows a table has."""
    with app.app_context():
        return db.session.query(model).count()


def test_files_arrive_whole_under_their_names(app):
    write(app, files=[PDF, SHEET])
    with office_for(app) as office:
        send(app)
    (taken,) = office.taken
    found = {one.get_filename(): one for one in taken.mail.iter_attachments()}
    assert {name: one.get_content() for name, one in found.items()} == {
        PDF.name: PDF.content, SHEET.name: SHEET.content,
    }  # fmt: skip
    assert found[PDF.name].get_content_type() == "application/pdf"
    assert taken.mail.get_body(("plain",)).get_content().startswith("Guten Tag")


def test_the_same_bytes_are_stored_once(app):
    for number in range(5):
        write(app, to=f"gast{number}@kommune.test", files=[PDF])
    write(app, files=[SHEET, PDF])
    assert (rows(app, MailFile), rows(app, MailAttachment)) == (2, 7)


def test_the_same_bytes_of_another_kind_are_another_file(app):
    write(app, files=[PDF, Attachment("bericht.bin", "application/octet-stream", PDF.content)])
    assert rows(app, MailFile) == 2


def test_mail_and_files_are_written_together_or_not_at_all(app):
    with app.app_context():
        post(MailKind.NOTICE, "petra@kommune.test", "Betreff", "Text", files=[PDF])
        db.session.rollback()
    assert rows(app, MailFile) == rows(app, MailAttachment) == rows(app, OutgoingMail) == 0


def test_a_second_mail_of_the_same_cause_brings_no_files(app):
    first = write(app, once_key="einmal", files=[PDF])
    with app.app_context():
        assert post(MailKind.NOTICE, "a@kommune.test", "B", "T", files=[SHEET], once_key="einmal") is None
        db.session.commit()
        assert names_of(first) == [PDF.name]
    assert rows(app, MailFile) == 1


def test_no_name_of_a_file_becomes_a_line_of_the_head(app):
    with pytest.raises(RuleBroken):
        write(app, files=[Attachment("a\r\nBcc: x@example.test", "application/pdf", b"x")])


def test_files_without_a_server_stand_in_the_written_mail(app):
    number = write(app, files=[PDF])
    send(app)
    (file,) = app.config["MAIL_FOLDER"].glob("*.eml")
    assert b"bericht.pdf" in file.read_bytes()
    with app.app_context():
        assert of(number) == (PDF,)
        assert db.session.scalar(select(MailFile.content)) == PDF.content
