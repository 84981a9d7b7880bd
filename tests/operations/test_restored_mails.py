"""A restored database sends nothing of its own accord: it may have gone since the backup."""

from sqlalchemy import text

from crm.db import db
from crm.mail.models import MailKind, MailState
from tests.mail.outbox import change, office_for, send, states, write
from tests.operations.conftest import run


def test_what_waits_in_a_backup_is_held(app, empty_app, tmp_path):
    waits, hangs, done, link = write(app), write(app), write(app), write(app, kind=MailKind.PASSWORD)
    change(app, hangs, state=MailState.SENDING)
    change(app, done, state=MailState.SENT)
    path = str(tmp_path / "saved.kikz")
    assert run(app, "backup", "create", path).exit_code == 0
    restored = run(empty_app, "backup", "restore", path)
    assert restored.exit_code == 0, restored.output
    assert "Angehaltene Mails: 3." in restored.output
    with office_for(empty_app) as office:
        send(empty_app)
    assert office.taken == []
    assert states(empty_app) == {
        waits: MailState.REFUSED, hangs: MailState.REFUSED, done: MailState.SENT, link: MailState.DROPPED,
    }  # fmt: skip


def test_the_tables_of_the_bell_hinder_no_restoring(app, tmp_path):
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("CREATE TABLE huey_task (id bigserial PRIMARY KEY, queue text)"))
            db.session.commit()
    write(app)
    path = str(tmp_path / "saved.kikz")
    assert run(app, "backup", "create", path).exit_code == 0
    restored = run(app, "backup", "restore", path, "--yes")
    assert restored.exit_code == 0, restored.output
