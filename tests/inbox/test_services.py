"""What time, colleagues and long texts do to mails."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.consultations.models import Consultation
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.fields import NOTE
from crm.inbox import queries, services
from crm.inbox.models import InboxItem, MailItemState
from tests import factories
from tests.inbox import mails
from tests.retention.running import at_noon, forget


def settled(days, state=MailItemState.DISMISSED, **over):
    """A mail that was settled that many days ago."""
    made = mails.item(**over)
    made.state, made.settled_at = state, at_noon(today() - timedelta(days=days))
    db.session.flush()
    return made


def test_texts_go_after_their_time_and_not_before(context):
    young, old = settled(89, subject="Jung"), settled(90, subject="Alt")
    waiting = mails.item(subject="Offen")
    waiting.received_at = now() - timedelta(days=900)
    assert forget("inbox") == 1
    assert (young.subject, waiting.subject) == ("Jung", "Offen")
    kept = {column.key for column in InboxItem.__table__.columns if getattr(old, column.key)}
    assert not kept & {column.key for column in InboxItem.__table__.columns if column.info.get("personal")}
    assert old.fingerprint is None
    assert forget("inbox") == 0
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "inbox.emptied")).one()
    assert (event.record_id, event.user_id) == (old.id, None)
    assert "Alt" not in repr(event.changes)


def test_the_talk_keeps_what_was_taken_over(context):
    made = mails.item()
    talk = services.assign(made, _values(made), factories.member("anna"))
    made.settled_at = now() - timedelta(days=91)
    db.session.flush()
    assert forget("inbox") == 1
    assert "Bauhof teilen" in talk.note
    assert made.consultation_id == talk.id


def test_a_mail_whose_talk_lies_in_the_trash_waits_and_stays(context):
    made, anna = mails.item(), factories.member("anna")
    talk = services.assign(made, _values(made), anna)
    made.settled_at = now() - timedelta(days=91)
    talk.removed_at = now()
    db.session.flush()
    db.session.expire_all()
    assert forget("inbox") == 0
    assert db.session.scalar(queries.open_count()) == 1
    again = services.assign(queries.one(made.id), _values(made), anna)
    assert queries.one(made.id).consultation_id == again.id != talk.id
    assert db.session.scalar(queries.open_count()) == 0


def _values(item):
    empty = dict.fromkeys(("follow_up_on", "follow_up_text"))
    return empty | {
        "organisations": [factories.place("Lahntal").id], "people": [], "new_people": [], "answers": {},
        "task_fields": [], "held_on": services.day_of(item), "note": services.note_of(item),
        "with_thread": False, "confidential": False,
    }  # fmt: skip


def test_the_audit_holds_no_word_of_a_mail(context):
    made = mails.item(text="Streng geheim", subject="Betreff geheim")
    services.dismiss(made, factories.member("anna"))
    services.empty(made, factories.member("anna"))
    told = repr([one.changes for one in db.session.scalars(select(AuditEvent))])
    assert "geheim" not in told
    assert "henkel" not in told.lower()


def test_several_people_stand_at_their_own_places(context):
    here, there = factories.person(), factories.person("Rupp", at="Cölbe")
    nobody = factories.person("Fremd", at="Marburg")
    made = mails.item()
    places = [factories.place(name).id for name in ("Lahntal", "Cölbe")]
    values = _values(made) | {"organisations": places, "people": [here.id, there.id, nobody.id]}
    talk = services.assign(made, values, factories.member("anna"))
    found = [sorted(who.person.last_name for who in one.people) for one in talk.participations]
    assert found == [["Fremd", "Henkel"], ["Rupp"]]


def test_a_note_that_gets_too_long_is_refused(context):
    made, anna = mails.item(), factories.member("anna")
    made.quoted = "x" * NOTE
    with pytest.raises(RuleBroken, match="zu lang"):
        services.assign(made, _values(made) | {"with_thread": True}, anna)
    talk = factories.talk("Lahntal", note="x" * NOTE)
    with pytest.raises(RuleBroken, match="voll"):
        services.append(made, talk, "mehr", anna)


def test_two_who_put_in_the_same_mail_at_once_get_one(context, monkeypatch):
    first, seen = mails.item(), queries.twin
    asked = []

    def late(fingerprint):
        asked.append(fingerprint)
        return None if len(asked) == 1 else seen(fingerprint)

    monkeypatch.setattr(queries, "twin", late)
    again, is_new = services.take_in(mails.raw(), factories.member("bert"))
    assert (again.id, is_new) == (first.id, False)
    assert len(list(db.session.scalars(select(InboxItem)))) == 1


def test_the_subject_loses_what_answering_put_before_it(context):
    made = mails.item(subject="AW: WG: Re[2]: Bauhof")
    assert services.plain_subject(made) == "Bauhof"
    assert mails.item(subject="WG: AW: Bauhof").is_forwarded
    assert not made.is_forwarded


def test_emptying_an_open_mail_settles_it(context):
    made = mails.item()
    services.empty(made, factories.member("anna"))
    assert (made.state, made.is_open) == (MailItemState.DISMISSED, False)
    with pytest.raises(RuleBroken, match="gelöscht"):
        services.dismiss(made, factories.member("anna"))
    services.reopen(made, factories.member("anna"))
    assert made.state is MailItemState.DISMISSED


def test_the_whole_form_is_preset_and_settles_the_mail(app, anna, bert):
    with app.app_context():
        factories.person(email="p.henkel@lahntal.test")
        number = mails.item(
            subject="WG: Bauhof", text="z. K.\n\nVon: X <x@y.test>\nGesendet: 1.1.\n\nAlt."
        ).id
        db.session.commit()
    url = f"/beratungen/neu?mail={number}"
    form = anna.get(url).fields()
    assert (form["channel"], form["kind"]) == (["mail"], ["single"])
    assert form["note"][0].startswith("WG: Bauhof\n\nz. K.\n\nVon: X")
    assert form["parties-0-people"]
    later = bert.get(url).fields()
    saved = anna.post(url, form)
    assert saved.status == 303
    assert "Aus der Mail WG: Bauhof" in anna.get(saved.location).main
    page = bert.post(url, later | {"anyway": ["1"]})
    assert page.status == 422
    assert "inzwischen erledigt" in " ".join(page.errors())
    with app.app_context():
        assert len(list(db.session.scalars(select(Consultation)))) == 1
    assert bert.get(f"/beratungen/neu?mail={number}").fields()["note"] == [""]
    assert (
        bert.get("/beratungen/neu?mail=abc").status == bert.get("/beratungen/neu?mail=999999").status == 200
    )


def test_who_only_reads_sees_no_trace_of_the_mail_at_the_talk(app, anna, rita):
    with app.app_context():
        made = mails.item(subject="Geheimer Betreff")
        talk = services.assign(made, _values(made) | {"note": "Kurz."}, factories.member("anna")).id
        db.session.commit()
    assert "Geheimer Betreff" in anna.get(f"/beratungen/{talk}").text
    assert "Geheimer Betreff" not in rita.get(f"/beratungen/{talk}").text
