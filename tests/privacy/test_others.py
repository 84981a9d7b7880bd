"""An erasure changes nothing that is somebody else's: addresses, names, words, protocol, uploads."""

import pytest
from sqlalchemy import select

from crm import audit, drafts
from crm.db import db
from crm.drafts import Draft
from crm.errors import RuleBroken
from crm.mail.carriers import file_of
from crm.mail.models import MailKind, MailState
from crm.mail.services import post
from crm.privacy import queries, registry, services
from crm.privacy.erasing import needles_for
from crm.privacy.holders import others_phones
from crm.privacy.linking import subject_of
from crm.privacy.models import SealedValue
from crm.privacy.needles import needles_of
from crm.privacy.prose import PROSE
from crm.register.models import WaitingFile
from crm.register.services import keep_waiting
from crm.search.models import DocumentText
from tests import factories
from tests.privacy import cases

OWN, SHARED = "vorzimmer@lahntal.test", "rathaus@lahntal.test"


def held_by_others(kind):
    """Let somebody or something else have an address and a phone."""
    other = {"email": SHARED, "phone": "06420 82300"}
    if kind == "body":
        town = factories.place("Lahntal")
        town.email, town.phone = other["email"], other["phone"]
        return
    person = factories.person("Drossel", "Dirk")
    if kind == "guest":
        factories.registration(
            factories.event(in_days=-9), "Drossel", "Dirk", email=SHARED, address_key=SHARED
        )
    elif kind == "function":
        person.functions[0].email, person.functions[0].phone = other.values()
    else:
        person.email, person.phone = other.values()
    if kind == "restricted":
        cases.restricted(person)
    elif kind == "trash":
        person.removed_at = person.created_at
    db.session.flush()


@pytest.mark.parametrize("kind", ["contact", "trash", "restricted", "function", "guest", "body"])
def test_what_another_is_reached_by_is_no_mark_of_the_person(app, kind):
    with app.app_context():
        one = factories.person("Amsel", "Anna")
        one.email, one.phone = SHARED, "+49 6420 823-00"
        mine = needles_for(cases.restricted(one), False)
        assert (mine.contacts, mine.phones) == ((SHARED,), ("0642082300",))
        held_by_others(kind)
        found = needles_for(queries.case_of(one.id), False)
        assert found.contacts == ()
        assert found.phones == (("0642082300",) if kind == "guest" else ())
        assert subject_of(one.id).shared == {SHARED}
        assert others_phones([one.id], []) == set()


def test_a_guest_who_used_the_mailbox_of_a_contact_stays(app):
    with app.app_context():
        anna, karl = factories.person("Amsel", "Anna"), factories.person("Kleiber", "Karl")
        anna.email = OWN
        event = factories.event(in_days=-9)
        guest = factories.registration(event, "Kleiber", "Karl", email=OWN, address_key=OWN)
        hers = factories.registration(
            factories.event(in_days=-8), "Amsel", "Anna", email=OWN, address_key=OWN
        )
        talk = factories.talk("Lahntal", note="Karl Kleiber vertritt Anna Amsel.")
        cases.erased(anna)
        for row in (guest, hers, karl, talk):
            db.session.refresh(row)
        assert (guest.name, guest.email) == ("Karl Kleiber", OWN)
        assert karl.name == "Karl Kleiber"
        assert talk.note == "Karl Kleiber vertritt gelöschte Person."
        assert (hers.last_name, hers.email) == ("gelöschte Person", None)


def test_a_last_name_alone_is_left_where_it_may_be_a_word_or_the_name_of_another(app):
    with app.app_context():
        one, other = factories.person("Wetter", "Ute"), factories.person("Wetter", "Udo")
        other.note = "Frau Wetter rief an; das wetter war schlecht."
        town = factories.place("Wetter (Hessen)")
        town.note = "Stadt Wetter"
        guest = factories.registration(factories.event(in_days=-9), "Wetter", "Uli")
        view = factories.saved_view(name="Wetter", query="q=Wetter&wer=Ute+Wetter")
        drafts.keep(factories.member("anna").id, "/Wetter/neu", [["note", "x"], ["draft", "x" * 43]])
        db.session.flush()
        cases.erased(one, last_name_too=True)
        for row in (other, town, guest, view):
            db.session.refresh(row)
        assert other.note == "Frau gelöschte Person rief an; das wetter war schlecht."
        assert (other.last_name, other.sort_key) == ("Wetter", "wetter  udo")
        assert (town.name, town.note) == ("Wetter (Hessen)", "Stadt Wetter")
        assert guest.name == "Uli Wetter"
        assert (view.name, view.query) == ("Wetter", "q=Wetter&wer=gel%C3%B6schte+Person")
        assert db.session.scalars(select(Draft.path)).all() == ["/Wetter/neu"]


def test_the_page_says_beforehand_what_would_change_and_ticks_nothing(app, mara):
    with app.app_context():
        one = factories.person("Zeisig", "Ute")
        factories.talk("Lahntal", note="Ute Zeisig will.")
        factories.talk("Cölbe", note="Frau Zeisig will.")
        factories.talk("Cölbe", note="Frau Zeisig und Ute  Zeisig.")
        case = cases.due(one).id
        db.session.commit()
    page = mara.get(f"/personendaten/faelle/{case}/loeschen")
    assert "checked" not in str(page.soup.select("input[name=last_name_too]")[0])
    rows = [
        [cell.get_text(strip=True) for cell in row.select("th,td")] for row in page.soup.select("tbody tr")
    ]
    assert ["Beratungen", "2", "1"] in rows


def test_running_text_is_declared_and_is_text():
    for table, names in PROSE.items():
        said = {one.name for one in registry.ENTRIES[table].columns if one.prose}
        assert said == set(names.split()), table
    assert "organisations" not in PROSE


def test_a_name_in_what_is_sealed_of_others_goes_and_their_own_stays(app):
    with app.app_context():
        one, other = factories.person("Amsel", "Anna"), factories.person("Drossel", "Dirk")
        other.note, other.email = "Vertritt Anna Amsel, auch Frau Amsel", "dirk@lahntal.test"
        namesake = factories.person("Amsel", "Arno")
        cases.restricted(namesake)
        kept = cases.restricted(other)
        cases.erased(one)
        db.session.expire_all()
        sealed = {
            row.case_id: row.sealed
            for row in db.session.scalars(select(SealedValue))
            if row.table_name == "people"
        }
        assert sealed[kept.id]["note"] == "Vertritt gelöschte Person, auch Frau gelöschte Person"
        assert sealed[kept.id]["email"] == "dirk@lahntal.test"
        assert sealed[queries.case_of(namesake.id).id]["last_name"] == "Amsel"


def test_the_protocol_of_others_is_not_emptied_by_a_part_of_a_word(app):
    with app.app_context():
        one, by = factories.person("Lahn", "Ute"), factories.member("anna")
        town, bridge = factories.place("Lahntal"), factories.place("Cölbe")
        about = audit.record("body.changed", town, by, title=("Lahn", "Lahntal"), note=(None, "an der Lahn"))
        named = audit.record("body.changed", bridge, by, note=(None, "Ute\nLahn war da"))
        cases.erased(one)
        for row in (about, named):
            db.session.refresh(row)
        assert about.changes["title"] == ["Lahn", "Lahntal"]
        assert (about.redacted_at, named.changes) == (None, {})


@pytest.mark.parametrize(
    "text",
    [
        "Ute\nMüller-Zeisig",
        "Ute  Müller-Zeisig", "Ute Müller-Zeisig-Termin", "MÜLLER-ZEISIG,UTE", "06421/5821377",
        "+49 (0) 6421 58 21-377", "q=Ute+M%C3%BCller-Zeisig&seite=2", "?q=Ute%20M%C3%BCller-Zeisig",
        "an=ute%40lich.test", "utemulerzeisig | ute muller zeisig", "Ute Müller-Zeisigs Antrag",
    ],
)  # fmt: skip
def test_ordinary_spellings_are_found_by_pattern_and_database(app, text):
    row = {
        "first_name": "Ute",
        "last_name": "Müller-Zeisig",
        "email": "ute@lich.test",
        "phone": "06421 5821377",
    }
    needles = needles_of([row], last_name_too=False)
    assert needles.found_in(text)
    with app.app_context():
        talk = factories.talk("Lahntal", note=f"Vorher {text} nachher")
        cases.erased(_like(row))
        db.session.refresh(talk)
        assert talk.note.startswith("Vorher ")
        assert "gelöschte Person" in talk.note
        assert not needles.found_in(talk.note)


def _like(row):
    person = factories.person(row["last_name"], row["first_name"])
    person.email, person.phone = row["email"], row["phone"]
    db.session.flush()
    return person


def test_other_numbers_and_names_are_not_found():
    row = {"first_name": "Ute", "last_name": "Zeisig", "email": "ute@lich.test", "phone": "06421 58213"}
    needles = needles_of([row], last_name_too=False)
    for text in (
        "06421 582137",
        "Frau Zeisig",
        "Ute Zeisiger",
        "beute@lich.test",
        "[#06421 58213]",
        "Zeisig",
    ):
        assert not needles.found_in(text), text
    assert needles.cleaned({"vor": "Ute", "nach": "Zeisig", "ort": "Lich"}) == {
        "vor": "gelöschte Person", "nach": "gelöschte Person", "ort": "Lich",
    }  # fmt: skip
    assert needles.cleaned({"nach": "Zeisig"}) == {"nach": "Zeisig"}


def test_unread_files_and_waiting_uploads_hold_an_erasure_up(app, mara):
    with app.app_context():
        group = factories.cooperation()
        paper = factories.document(group, resolution_id=factories.resolution(group, "Cölbe").id)
        kept = keep_waiting(b"x", "liste.csv", "cooperations", factories.member("anna"))
        case = cases.due(factories.person("Zeisig", "Ute"))
        by, (number, upload) = factories.member("mara"), (paper.id, kept.id)
        db.session.commit()
        with pytest.raises(RuleBroken, match=r"noch nicht gelesen hat: 1.*Hochgeladene Listen.*: 1"):
            services.erase(case, False, "Antrag", by)
        db.session.rollback()
        assert db.session.get(WaitingFile, upload) is not None
        db.session.delete(db.session.get(WaitingFile, upload))
        db.session.add(DocumentText(document_id=number, plain=""))
        db.session.commit()
        case_id = case.id
    page = mara.get(f"/personendaten/faelle/{case_id}/loeschen")
    assert "noch nicht gelesen" not in page.html
    assert f"/dokumente/{number}/ansehen" in page.html
    assert "auszug.pdf" in page.html
    with app.app_context():
        services.erase(queries.one(case_id), False, "Antrag", factories.member("mara"))


def test_only_files_of_mails_of_the_case_are_looked_at(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "MAIL_FOLDER", tmp_path)
    with app.app_context():
        one = factories.person("Zeisig", "Ute")
        one.email = OWN
        mine, foreign = post(MailKind.NOTICE, OWN, "a", "b"), post(MailKind.NOTICE, "x@x.test", "a", "b")
        foreign.recipient, foreign.state = "", MailState.SENT
        db.session.flush()
        for mail in (mine, foreign):
            file_of(tmp_path, mail.message_id).write_text("x")
        cases.erased(one)
        assert not file_of(tmp_path, mine.message_id).exists()
        assert file_of(tmp_path, foreign.message_id).exists()
