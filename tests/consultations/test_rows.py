"""What stands in the row of an organisation is never lost to a chip, a colleague or a second sending."""

import pytest
from sqlalchemy import select

from crm.consultations.models import Consultation, ConsultationKind, Participation
from crm.consultations.services import Party
from crm.db import db
from crm.organisations.models import Level, Organisation
from tests import factories
from tests.factories import place

NOTE = "Standort soll bleiben."


@pytest.fixture
def numbers(app):
    """A talk of Cölbe and Lahntal with a private note about Lahntal; numbers of talk and places."""
    with app.app_context():
        person = factories.person("Henkel", at="Lahntal")
        rows = [Party(place("Cölbe").id), Party(place("Lahntal").id, people=[person.id], private_note=NOTE)]
        found = {"talk": factories.talk(parties=rows, kind=ConsultationKind.GROUP).id, "person": person.id}
        found |= {name: place(name).id for name in ("Cölbe", "Lahntal", "Wetter (Hessen)")}
        db.session.commit()
    return found


def edit(numbers):
    """Address of the form."""
    return f"/beratungen/{numbers['talk']}/bearbeiten"


def notes(app, numbers):
    """Private notes of the talk by organisation."""
    with app.app_context():
        rows = select(Participation).where(Participation.consultation_id == numbers["talk"])
        return {one.organisation_name: one.private_note for one in db.session.scalars(rows)}


def without_rows(fields):
    """The fields as a browser without the rows would send them."""
    return {name: value for name, value in fields.items() if not name.startswith("parties-")}


def test_a_row_that_was_not_sent_stays_as_it_is(app, anna, numbers):
    assert anna.post(edit(numbers), without_rows(anna.get(edit(numbers)).fields())).status == 303
    assert notes(app, numbers)["Lahntal"] == NOTE


def test_taking_a_place_off_and_adding_it_again_keeps_its_note(app, anna, numbers):
    fields = anna.get(edit(numbers)).fields() | {"organisations": [str(numbers["Cölbe"])], "kind": ["single"]}
    refused = anna.post(edit(numbers), fields)
    assert refused.status == 422
    both = {"organisations": [str(numbers["Cölbe"]), str(numbers["Lahntal"])], "kind": ["group"]}
    assert anna.post(edit(numbers), refused.fields() | both).status == 303
    assert notes(app, numbers)["Lahntal"] == NOTE


def test_the_script_gets_the_stored_row_of_a_talk(anna, numbers):
    url = f"/beratungen/neu/zeile?value={numbers['Lahntal']}&index=7"
    assert NOTE in anna.get(f"{url}&talk={numbers['talk']}").html
    assert NOTE not in anna.get(url).html


def test_a_row_of_a_region_does_not_exist(app, anna):
    with app.app_context():
        number = place("Regierungsbezirk Gießen").id
    assert anna.get(f"/beratungen/neu/zeile?value={number}&index=0").status == 404


def test_a_place_the_colleague_added_comes_with_all_it_holds(app, anna, bert, numbers):
    mine = anna.get(edit(numbers)).fields()
    theirs = bert.get(edit(numbers)).fields()
    wetter = str(numbers["Wetter (Hessen)"])
    added = {
        "organisations": [*theirs["organisations"], wetter], "parties-9-organisation": [wetter],
        "parties-9-presence": ["present"], "parties-9-private_note": ["Bert über Wetter."],
    }  # fmt: skip
    assert bert.post(edit(numbers), theirs | added).status == 303
    page = anna.post(edit(numbers), mine | {"parties-1-private_note": ["Annas Notiz."]})
    assert anna.post(edit(numbers), page.fields()).status == 303
    assert notes(app, numbers) == {
        "Cölbe": None,
        "Lahntal": "Annas Notiz.",
        "Wetter (Hessen)": "Bert über Wetter.",
    }


def test_the_stored_row_can_be_kept(app, anna, bert, numbers):
    mine = anna.get(edit(numbers)).fields()
    bert.submit(edit(numbers), parties__1__private_note="Bert.")
    page = anna.post(edit(numbers), mine | {"parties-1-private_note": ["Anna."]})
    assert page.status == 409
    kept = page.fields() | {f"keep-{numbers['Lahntal']}": ["stored"]}
    assert anna.post(edit(numbers), kept).status == 303
    assert notes(app, numbers)["Lahntal"] == "Bert."


def test_a_long_list_of_typed_keys_is_read_whole(app, anna):
    with app.app_context():
        towns = select(Organisation).where(Organisation.level == Level.MUNICIPALITY)
        keys = [one.keys[-1].key for one in db.session.scalars(towns) if one.exists]
    typed = ", ".join(keys)
    page = anna.submit("/beratungen/neu", **{"organisations-text": typed, "kind": "group"})
    assert page.status == 303, page.errors()
    with app.app_context():
        assert len(db.session.scalars(select(Consultation)).one().participations) == 421


def test_a_form_sent_again_with_other_content_asks(app, anna, numbers):
    form = anna.get(f"/beratungen/neu?kommune={numbers['Cölbe']}").fields() | {"kind": ["single"]}
    assert anna.post("/beratungen/neu", form | {"note": ["Erstes Gespräch."]}).status == 303
    again = anna.post("/beratungen/neu", form | {"note": ["Zweites Gespräch."], "held_on": ["1.9.2026"]})
    assert again.status == 422
    assert again.fields()["note"] == ["Zweites Gespräch."]
    assert anna.post("/beratungen/neu", again.fields()).status == 303
    with app.app_context():
        assert len(list(db.session.scalars(select(Consultation)))) == 3


def test_text_about_a_talk_removed_meanwhile_is_kept(anna, bert, numbers):
    form = anna.get(edit(numbers)).fields() | {"note": ["Annas langer Text."]}
    bert.post(f"/beratungen/{numbers['talk']}/entfernen")
    page = anna.post(edit(numbers), form)
    assert page.location.endswith("/wiederherstellen")
    anna.post(page.location)
    assert anna.get(f"{edit(numbers)}?entwurf={form['draft'][0]}").fields()["note"] == ["Annas langer Text."]


def test_editing_does_not_cut_the_thread_to_a_removed_talk(app, anna, numbers):
    with app.app_context():
        later = factories.talk("Cölbe", follows_id=numbers["talk"]).id
        db.session.commit()
    anna.post(f"/beratungen/{numbers['talk']}/entfernen")
    assert anna.submit(f"/beratungen/{later}/bearbeiten", place="Rathaus").status == 303
    with app.app_context():
        assert db.session.get(Consultation, later).follows_id == numbers["talk"]


def test_the_query_of_a_form_comes_back_with_its_text(anna, numbers):
    url = f"/wiedervorlagen/neu?person={numbers['person']}"
    fields = anna.get(url).fields() | {"text": ["Anrufen"]}
    anna.post("/abmelden")
    door = anna.post(url, fields).fields()
    back = anna.post("/anmelden", door | {"email": "anna@kikz.test", "password": factories.PASSWORD})
    assert f"person={numbers['person']}" in back.location
    assert anna.get(back.location).fields()["text"] == ["Anrufen"]


def test_three_fields_are_enough(app, anna, numbers):
    sent = {"organisations": [str(numbers["Cölbe"])], "held_on": "1.9.2026", "kind": "single"}
    once = anna.get("/beratungen/neu").fields()["once"]
    assert anna.post("/beratungen/neu", sent | {"once": once}).status == 303
