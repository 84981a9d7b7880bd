"""Mails from the command line."""

from sqlalchemy import select

from crm.db import db
from crm.inbox.models import InboxItem
from tests.inbox.mails import raw


def test_files_are_taken_in_and_what_is_none_is_named(app, tmp_path):
    names = {"a.eml": raw(subject="Eins"), "b.eml": raw(subject="Eins"), "c.eml": raw(subject="Zwei")}
    names |= {"d.pdf": b"%PDF-1.7\n%%EOF"}
    for name, content in names.items():
        (tmp_path / name).write_bytes(content)
    done = app.test_cli_runner().invoke(args=["inbox", "add", *(str(tmp_path / name) for name in names)])
    assert done.exit_code == 1
    for words in ("a.eml: Mail", "b.eml: lag schon da als Mail", "c.eml: Mail", "d.pdf: Das ist keine Mail"):
        assert words in done.output + done.stderr
    with app.app_context():
        found = list(db.session.scalars(select(InboxItem).order_by(InboxItem.id)))
        assert [one.subject for one in found] == ["Eins", "Zwei"]
        assert found[0].uploaded_by_id is None


def test_only_mails_end_well(app, tmp_path):
    (tmp_path / "a.eml").write_bytes(raw())
    assert app.test_cli_runner().invoke(args=["inbox", "add", str(tmp_path / "a.eml")]).exit_code == 0
