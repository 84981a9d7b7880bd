"""Mails on screen: put in, assigned, put aside, deleted; who may not, what is refused, who was faster."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.closing.models import Quarter, span_of
from crm.consultations.models import Channel, Consultation, ConsultationKind
from crm.db import BERLIN, db, now
from crm.follow_ups.models import FollowUp
from crm.inbox.models import InboxItem, MailItemState
from tests import factories
from tests.everything import changed, stored
from tests.inbox import mails

URL = "/posteingang"


def put_in(client, *files, **over):
    """Send files by the form of the inbox."""
    return client.post(URL, {"files": list(files) or [mails.file(**over)]})


@pytest.fixture
def number(app):
    """A mail of somebody known in Lahntal lies in the inbox."""
    with app.app_context():
        factories.person(email="p.henkel@lahntal.test")
        made = mails.item().id
        db.session.commit()
    return made


def page_of(number):
    """Address of a mail."""
    return f"{URL}/{number}"


def events(app):
    """Names of the events about mails."""
    with app.app_context():
        query = select(AuditEvent.name).where(AuditEvent.record_type == "inbox_items")
        return list(db.session.scalars(query.order_by(AuditEvent.id)))


def test_a_mail_put_in_is_opened_and_readable(app, anna):
    page = put_in(anna)
    assert page.status == 303
    shown = anna.get(page.location)
    for words in (
        "1 Mail liegt im Posteingang",
        "Gemeinsamer Bauhof",
        "Petra Henkel",
        "wir möchten den Bauhof",
    ):
        assert words in shown.main
    assert events(app) == ["inbox.created"]


def test_several_mails_lead_to_the_list_newest_first(anna):
    page = put_in(anna, mails.file(subject="Eins"), mails.file(subject="Zwei"))
    assert page.location == URL
    shown = anna.get(URL)
    assert "2 Mails liegen im Posteingang" in shown.main
    assert [row.get_text() for row in shown.soup.select("tbody th a")] == ["Zwei", "Eins"]


def test_the_list_goes_by_the_day_a_mail_was_written(anna):
    old = format_datetime(mails.SENT - timedelta(days=9))
    put_in(anna, mails.file(subject="Neu"), mails.file(subject="Alt", Date=old))
    assert [row.get_text() for row in anna.get(URL).soup.select("tbody th a")] == ["Neu", "Alt"]


def test_the_same_mail_is_told_and_opened(app, anna, bert):
    first = put_in(anna).location
    page = put_in(bert)
    assert page.location == first
    assert "1 Mail lag schon hier" in bert.get(first).main
    assert events(app) == ["inbox.created"]


def test_what_is_no_mail_is_named_and_the_others_are_taken(app, anna):
    page = put_in(anna, mails.file(), (mails.io.BytesIO(b"%PDF-1.7\n%%EOF"), "bescheid.pdf"))
    assert page.status == 303
    shown = anna.get(page.location).main
    assert "bescheid.pdf: Das ist keine Mail" in shown
    assert "1 Mail liegt im Posteingang" in shown


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Die Datei ist leer"),
        (b"%PDF-1.7\n%%EOF", "Das ist keine Mail"),
        (b"PK\x03\x04" + b"\0" * 40, "Das ist keine Mail"),
        (b"Nur ein Text ohne Kopf.\n", "Das ist keine Mail"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Outlook-Datei (.msg)"),
    ],
)
def test_only_what_is_no_mail_is_refused(app, anna, content, said):
    before = stored(app)
    page = put_in(anna, mails.file(content, "datei.eml"))
    assert page.status == 422
    assert any(said in one for one in page.errors()), page.errors()
    assert changed(before, stored(app)) == []


def test_nothing_chosen_and_too_many_are_refused(app, anna):
    assert "Wählen Sie mindestens eine Mail" in " ".join(anna.post(URL, {}).errors())
    page = put_in(anna, *[mails.file(subject=str(one)) for one in range(31)])
    assert "Höchstens 30 Mails auf einmal" in " ".join(page.errors())
    assert events(app) == []


@pytest.mark.parametrize("name", ["rita", "emil", "ada"])
def test_nobody_else_sees_mails_or_learns_of_them(request, app, number, name):
    client = request.getfixturevalue(name)
    before = stored(app)
    for way in ("", "/anhaengen", "/wiedervorlage", "/loeschen"):
        assert client.get(page_of(number) + way).status == 403
        assert client.post(page_of(number) + way, {"organisations": "1"}).status == 403
    for way in ("/ablegen", "/aufnehmen"):
        assert client.post(page_of(number) + way).status == 403
    assert put_in(client).status in (400, 403)
    start = client.get("/", follow=True) if name == "ada" else client.get("/")
    assert "Posteingang" not in start.text
    assert changed(before, stored(app)) == []


def test_a_mail_becomes_a_talk_with_what_is_suggested(app, anna, number):
    page = anna.get(page_of(number))
    assert "p.henkel@lahntal.test ist in den Kontakten bekannt" in page.main
    saved = anna.submit(page_of(number), form=1)
    assert saved.status == 303
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        item = db.session.scalars(select(InboxItem)).one()
        assert saved.location == f"/beratungen/{talk.id}"
        assert (talk.places, talk.channel, talk.kind) == (["Lahntal"], Channel.MAIL, ConsultationKind.SINGLE)
        assert [one.person.name for one in talk.participations[0].people] == ["Petra Henkel"]
        assert [one.name for one in talk.task_fields] == ["Bauhof"]
        assert [one.name for one in talk.staff] == ["Anna Adler"]
        assert talk.held_on == mails.SENT.astimezone(BERLIN).date()
        assert talk.note == "Gemeinsamer Bauhof\n\nGuten Tag,\nwir möchten den Bauhof teilen."
        assert (item.state, item.consultation_id) == (MailItemState.LOGGED, talk.id)
    assert events(app) == ["inbox.created", "inbox.assigned"]
    assert "Diese Mail ist übernommen" in anna.get(page_of(number)).main
    assert "Gemeinsamer Bauhof" not in anna.get(URL).main
    assert "Beratung vom" in anna.get(f"{URL}?stand=erledigt").main


def test_a_double_click_makes_one_talk(app, anna, number):
    fields = anna.get(page_of(number)).fields(1)
    first, second = (anna.post(page_of(number), fields) for _click in range(2))
    assert (first.status, second.status) == (303, 303)
    assert first.location == second.location
    with app.app_context():
        assert len(list(db.session.scalars(select(Consultation)))) == 1


def test_bad_input_is_named_and_what_was_typed_stays(app, anna, number):
    before = stored(app)
    page = anna.submit(page_of(number), form=1, organisations=[], held_on="31.4.2026", note="Mein Vermerk")
    assert page.status == 422
    assert page.fields(1)["note"] == ["Mein Vermerk"]
    assert "Dieses Datum gibt es nicht" in " ".join(page.errors())
    assert "Fügen Sie mindestens eine Kommune hinzu" in " ".join(page.errors())
    assert changed(before, stored(app)) == []


def test_a_follow_up_needs_both_and_is_made(app, anna, number):
    page = anna.submit(page_of(number), form=1, follow_up_text="Anrufen")
    assert page.status == 422
    assert (
        anna.submit(page_of(number), form=1, follow_up_text="Anrufen", follow_up_on="1.3.2090").status == 303
    )
    with app.app_context():
        assert db.session.scalars(select(FollowUp)).one().text == "Anrufen"


def test_a_new_person_goes_to_the_one_municipality(app, anna, number):
    with app.app_context():
        places = [str(factories.place(name).id) for name in ("Lahntal", "Cölbe")]
    new = {"people": ["+Dora Neu, Kasse"]}
    page = anna.submit(page_of(number), form=1, organisations=places, **new)
    assert "Eine neue Person braucht eine Kommune" in " ".join(page.errors())
    assert anna.submit(page_of(number), form=1, organisations=places[:1], **new).status == 303
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        assert [one.person.name for one in talk.participations[0].people] == ["Dora Neu"]


def test_who_settles_it_second_is_told_and_keeps_the_text(app, anna, bert, number):
    fields = anna.get(page_of(number)).fields(1)
    assert bert.submit(page_of(number), form=1).status == 303
    page = anna.post(page_of(number), fields | {"note": ["Annas Vermerk"]})
    assert page.status == 422
    assert "inzwischen" in " ".join(page.errors())
    assert page.fields()["note"] == ["Annas Vermerk"]
    with app.app_context():
        assert len(list(db.session.scalars(select(Consultation)))) == 1


def test_earlier_mails_are_left_out_unless_wanted(app, anna):
    text = "Neu.\n\nAm 12.11.2026 um 10:00 schrieb Anna:\n> Alt."
    url = put_in(anna, text=text).location
    with app.app_context():
        place = [str(factories.place("Lahntal").id)]
    page = anna.get(url)
    assert page.soup.select_one("details.mail-thread .mail-text").get_text().endswith("> Alt.")
    anna.submit(url, form=1, organisations=place, with_thread="y")
    with app.app_context():
        note = db.session.scalars(select(Consultation)).one().note
        assert note.startswith("Gemeinsamer Bauhof\n\nNeu.\n\n**Frühere Mails**")
        assert note.endswith("> Alt.")


def test_a_removed_talk_brings_the_mail_back_and_takes_it_again(app, anna, number):
    talk = anna.submit(page_of(number), form=1).location
    anna.post(f"{talk}/entfernen")
    assert "Gemeinsamer Bauhof" in anna.get(URL).main
    assert "liegt unter „Entfernt“" in anna.get(page_of(number)).main
    anna.post(f"{talk}/wiederherstellen")
    assert "Gemeinsamer Bauhof" not in anna.get(URL).main


def test_a_mail_is_put_aside_and_taken_up_again(app, anna, bert, number):
    assert anna.post(f"{page_of(number)}/ablegen", follow=True).status == 200
    assert "Gemeinsamer Bauhof" in anna.get(f"{URL}?stand=abgelegt").main
    assert bert.post(f"{page_of(number)}/ablegen").status == 422, "already put aside"
    for _twice in range(2):
        assert bert.post(f"{page_of(number)}/aufnehmen").status == 303
    assert "Gemeinsamer Bauhof" in anna.get(URL).main
    assert events(app) == ["inbox.created", "inbox.dismissed", "inbox.reopened"]


def test_a_mail_becomes_a_follow_up_only(app, anna, number):
    url = f"{page_of(number)}/wiedervorlage"
    page = anna.submit(url, text="", organisations=[], due_on="xx")
    assert page.status == 422
    assert len(page.soup.select(".err-sum li")) == 3
    saved = anna.submit(url)
    assert saved.status == 303
    with app.app_context():
        made = db.session.scalars(select(FollowUp)).one()
        assert (made.text, made.organisation.name) == ("Gemeinsamer Bauhof", "Lahntal")
    assert "übernommen" in anna.get(page_of(number)).main
    assert anna.post(url, anna.get(url).fields()).status == 422, "settled meanwhile"


def test_a_mail_is_written_below_the_note_of_a_talk(app, anna, bert, number):
    with app.app_context():
        talk = factories.talk("Lahntal", note="Vorher.", days_ago=3).id
        hidden = factories.talk("Cölbe", by="bert").id
        db.session.commit()
    url = f"{page_of(number)}/anhaengen"
    assert anna.submit(url, talk="", text="").status == 422
    assert anna.submit(url, talk="999999").status == 422
    assert hidden
    form = anna.get(url).fields() | {"talk": [str(talk)]}
    bert.submit(f"/beratungen/{talk}/bearbeiten", note="Von Bert.")
    assert anna.post(url, form).location == f"/beratungen/{talk}"
    with app.app_context():
        note = db.session.get(Consultation, talk).note
        assert note.startswith("Von Bert.\n\n**Mail vom ")
        assert note.endswith("wir möchten den Bauhof teilen.")
    assert anna.post(url, form).location == f"/beratungen/{talk}", "a double click adds it once"
    assert bert.post(url, bert.get(url).fields() | {"talk": [str(talk)]}).status == 422


def test_texts_are_deleted_for_good(app, anna, bert, number):
    url = f"{page_of(number)}/loeschen"
    form = anna.get(url).fields()
    bert.post(f"{page_of(number)}/ablegen")
    assert "inzwischen" in anna.post(url, form).text, "a colleague changed it"
    assert anna.post(url, anna.get(url).fields()).location == URL
    with app.app_context():
        rows = repr([tuple(row) for row in db.session.execute(select(InboxItem.__table__))])
    assert "Henkel" not in rows
    assert "Bauhof" not in rows
    page = anna.get(page_of(number))
    assert "Die Texte dieser Mail wurden" in page.main
    assert not page.soup.select("textarea")
    assert anna.get(f"{URL}?stand=abgelegt").soup.select("tbody tr") == []


def test_the_navigation_counts_what_is_open(anna, number):
    assert number
    link = anna.get("/kommunen").soup.select_one("nav.side a[href='/posteingang']")
    assert link.get_text(" ", strip=True) == "Posteingang 1 zu erledigen"


def test_somebody_new_is_known_by_the_address_next_time(app, anna):
    first = put_in(anna, From="Dora Neu <dora.neu@coelbe.test>", subject="Archiv").location
    second = put_in(anna, From="Dora Neu <dora.neu@coelbe.test>", subject="Wieder").location
    with app.app_context():
        place = [str(factories.place("Cölbe").id)]
    assert "Dora Neu steht noch nicht in den Kontakten" in anna.get(first).main
    assert anna.submit(first, form=1, organisations=place, people=["+Dora Neu"]).status == 303
    page = anna.get(second)
    assert "steht noch nicht" not in page.main
    assert page.fields(1)["organisations"] == place
    assert "Dora Neu" in page.main


def test_another_name_does_not_get_the_address(app, anna):
    url = put_in(anna, From="Vorzimmer <vz@coelbe.test>").location
    with app.app_context():
        place = [str(factories.place("Cölbe").id)]
    assert anna.submit(url, form=1, organisations=place, people=["+Dora Neu"]).status == 303
    with app.app_context():
        assert not [one for one in db.session.scalars(select(factories.Function)) if one.email]


def test_saving_leads_to_the_next_mail_as_long_as_there_is_one(app, anna, number):
    with app.app_context():
        other = mails.item(subject="Noch eine").id
        place = [str(factories.place("Lahntal").id)]
        db.session.commit()
    assert anna.submit(page_of(number), form=1, next="1").location == page_of(other)
    assert anna.submit(page_of(other), form=1, next="1", organisations=place).location.startswith(
        "/beratungen/"
    )


def test_a_closed_quarter_asks_for_a_reason(app, anna, mara, number):
    with app.app_context():
        held = mails.SENT.astimezone(BERLIN).date()
        span = span_of(held)
        db.session.add(Quarter(year=span.year, number=span.number, closed_at=now(), closed_by_id=None))
        db.session.commit()
    page = anna.submit(page_of(number), form=1, note="Mein Vermerk")
    assert page.status == 422
    assert page.fields(1)["note"] == ["Mein Vermerk"]
    assert "abgeschlossen" in " ".join(page.errors())
    fields = page.fields(1) | {"correction_reason": ["Nachgetragen"]}
    assert anna.post(page_of(number), fields).status == 303
