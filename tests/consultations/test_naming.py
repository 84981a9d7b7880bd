"""People named in the texts of a talk: typed by name, stored by number, shown by the name of today."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from crm import naming
from crm.access import Role
from crm.audit import AuditEvent
from crm.consultations.models import Consultation, Naming
from crm.contacts import services as contacts
from crm.contacts.models import Person
from crm.db import db, today
from crm.duplicates import services as merges
from crm.duplicates import undoing
from crm.search import services as search
from tests import factories
from tests.inbox import mails
from tests.pages import MOST_STATEMENTS
from tests.pdfs import Pdf

TEMPLATES = Path(__file__).parent.parent.parent / "templates"
NOTE = "Mit @[Dr. Petra Henkel] gesprochen.\n\n- @[Petra Henkel] **ruft** an"


@pytest.fixture
def ids(app):
    """Numbers of a talk of two places, and of people: Dr. Petra Henkel and two called Karl Otto."""
    with app.app_context():
        petra = factories.person("Henkel", "Petra")
        petra.academic_title = "Dr."
        same = [factories.person("Otto", "Karl", at=at) for at in ("Cölbe", "Lahntal")]
        talk = factories.talk("Cölbe", "Lahntal", note="Erste Fassung.")
        db.session.commit()
        return {"talk": talk.id, "petra": petra.id, "karl": same[0].id, "otto": same[1].id}


def edit(client, ids, **texts):
    """Change texts of the talk by its page."""
    return client.submit(f"/beratungen/{ids['talk']}/bearbeiten", **texts)


def stored(app, number, name="note"):
    """A text of a talk as it stands in the database."""
    with app.app_context():
        return getattr(db.session.get(Consultation, number), name)


def named_in(app, number):
    """Numbers of the people that the index says a talk names."""
    with app.app_context():
        query = select(Naming.person_id).where(Naming.consultation_id == number)
        return set(db.session.scalars(query))


def outputs(client, ids, word):
    """Every place that shows the texts of a talk, as {place: text}."""
    talk = f"/beratungen/{ids['talk']}"
    with client.app.app_context():
        place = factories.place("Cölbe").id
    pages = {
        "page": talk, "preview": f"{talk}/vorschau", "print": f"{talk}/vermerk",
        "municipality": f"/kommunen/{place}", "search": f"/suche?q={word}",
        "list": f"/beratungen?q={word}", "handover": f"/kommunen/{place}/uebergabe",
    }  # fmt: skip
    found = {name: client.get(url).text for name, url in pages.items()}
    return found | {"pdf": Pdf(client.get(f"{talk}/vermerk.pdf").data).text}


def test_a_name_is_stored_as_a_number_and_shown_everywhere(app, anna, ids):
    page = edit(anna, ids, note=NOTE, agreements="@[Petra Henkel] prüft.", next_step="Termin")
    assert page.status == 303
    token = naming.token(ids["petra"])
    assert stored(app, ids["talk"]) == f"Mit {token} gesprochen.\n\n- {token} **ruft** an"
    assert named_in(app, ids["talk"]) == {ids["petra"]}
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "consultation.changed")).one()
        assert event.changes["note"] == [None, None]
    for place, text in outputs(anna, ids, "Henkel").items():
        assert "Dr. Petra Henkel" in text or place == "list", place
        assert "@[" not in text, place
    link = anna.get(f"/beratungen/{ids['talk']}").soup.select_one(".prose a")
    assert (link.text, link["href"]) == ("Dr. Petra Henkel", f"/kontakte/{ids['petra']}")


def test_a_changed_name_is_changed_in_every_text(app, anna, ids):
    edit(anna, ids, note=NOTE, agreements="@[Petra Henkel] prüft.")
    anna.submit(f"/kontakte/{ids['petra']}/bearbeiten", last_name="Neu*haus_[x]")
    for place, text in outputs(anna, ids, "Haus").items():
        assert "Henkel" not in text, place
        assert "Petra Neu*haus_[x]" in text or place in ("list", "search"), place
    assert "Petra Neu" in anna.get("/suche?q=Petra Neu").main


def test_a_text_goes_through_the_form_without_loss(app, anna, ids):
    numbers = f"@[Karl Otto #{ids['karl']}] und @[Karl Otto #{ids['otto']}]"
    edit(anna, ids, note=f"{numbers} mit @[petra henkel], @petra und @[] sowie @[[Petra]] und \\@[Petra]")
    before = stored(app, ids["talk"])
    assert naming.numbers_in(before) == {ids["karl"], ids["otto"], ids["petra"]}
    url = f"/beratungen/{ids['talk']}/bearbeiten"
    shown = anna.get(url).fields()["note"][0]
    assert shown.startswith(
        f"{numbers} mit @[Dr. Petra Henkel], @petra und @[] sowie @[[Petra]] und \\@[Petra]"
    )
    assert anna.submit(url, place="Rathaus").status == 303
    assert stored(app, ids["talk"]) == before


BAD = (
    ("@[Karl Otto] war da", "Mehrere Kontakte heißen „Karl Otto“"),
    ("@[Karla Kolumna] war da", "Kein Kontakt heißt „Karla Kolumna“"),
    ("@[#99999] war da", "Einen Kontakt mit der Nummer 99999 gibt es nicht"),
    ("@[#9999999999] war da", "Einen Kontakt mit der Nummer 9999999999 gibt es nicht"),
    ("@[Karl Otto #{petra}] war da", "Die Nummer {petra} gehört zu @[Dr. Petra Henkel #{petra}]"),
    ("@[#{gone}] war da", "Einen Kontakt mit der Nummer {gone} gibt es nicht"),
    (" ".join(f"@[Nr {number} X]" for number in range(1, 202)), "höchstens 200"),
)


def test_what_names_nobody_is_refused_and_kept(app, anna, ids):
    with app.app_context():
        gone = factories.person("Weg", "Willi")
        contacts.remove_person(gone, factories.member("anna"))
        db.session.commit()
        numbers = ids | {"gone": gone.id}
    for typed, message in BAD:
        text = re.sub(r"\{(\w+)\}", lambda match: str(numbers[match[1]]), typed)
        page = edit(anna, ids, note=text)
        assert page.status == 422, text[:80]
        assert message.format(**numbers) in " ".join(page.errors()), text[:80]
        assert page.fields()["note"] == [text]
    assert stored(app, ids["talk"]) == "Erste Fassung."
    assert named_in(app, ids["talk"]) == set()


def test_ten_thousand_times_the_same_person_is_one_naming(app, anna, ids):
    edit(anna, ids, note="@[Petra Henkel] " * 10_000)
    assert named_in(app, ids["talk"]) == {ids["petra"]}
    page = anna.get(f"/beratungen/{ids['talk']}")
    assert page.html.count(">Dr. Petra Henkel</a>") == 10_000
    assert len(page.statements) <= MOST_STATEMENTS
    edit(anna, ids, note="niemand mehr")
    assert named_in(app, ids["talk"]) == set()


def test_a_number_nobody_has_becomes_words_that_never_name_anybody(app, anna):
    with app.app_context():
        talk = factories.talk("Cölbe", note="Aus einer Liste: @[#4711] und @[#99999999999].").id
        db.session.commit()
    assert stored(app, talk) == "Aus einer Liste: \\@[#4711] und @[#99999999999]."
    assert "@[#4711]" in anna.get(f"/beratungen/{talk}").main
    assert named_in(app, talk) == set()
    assert "\\@[#4711]" in anna.get(f"/beratungen/{talk}/bearbeiten").fields()["note"][0]


def test_brackets_of_a_text_from_elsewhere_hinder_nobody(app, anna):
    with app.app_context():
        number = factories.talk("Cölbe", note="Aus einer Mail: @[Team Bauhof] und @[#77777]").id
        db.session.commit()
    page = anna.submit(f"/beratungen/{number}/bearbeiten", place="Rathaus")
    assert page.status == 303
    assert stored(app, number) == "Aus einer Mail: @[Team Bauhof] und \\@[#77777]"
    page = anna.submit(f"/beratungen/{number}/bearbeiten", note="@[Team Bauhof] und @[Team Wald]")
    assert ["Team Wald" in one for one in page.errors()] == [True, True]


def test_a_mail_becomes_a_talk_that_names_somebody(app, anna, ids):
    with app.app_context():
        item = mails.item().id
        db.session.commit()
        place = factories.place("Cölbe").id
    page = anna.get(f"/posteingang/{item}")
    assert page.soup.select_one("#note")["data-naming"] == "/kontakte/nennen"
    said = {"organisations": [place], "held_on": f"{today():%d.%m.%Y}"}
    page = anna.submit(f"/posteingang/{item}", note="@[Petra Henkel] schreibt.", **said)
    assert page.status == 303, page.errors()
    assert "Dr. Petra Henkel schreibt." in anna.get(page.location).main
    with app.app_context():
        item = mails.item(subject="Noch eine").id
        db.session.commit()
    url = f"/posteingang/{item}/anhaengen"
    assert anna.submit(url, talk=ids["talk"], text="@[Petra Henkel] dankt.").status == 303
    assert naming.token(ids["petra"]) + " dankt." in stored(app, ids["talk"])


def test_excerpts_cut_no_token(app, anna, ids):
    edit(anna, ids, note="a" * 230 + " @[Petra Henkel]")
    for place, text in outputs(anna, ids, "Henkel").items():
        assert "@[" not in text, place
        assert "#" + str(ids["petra"]) not in text, place


def test_a_merge_names_who_stayed_and_undoing_names_both_again(app, anna, ids):
    note = f"@[Karl Otto #{ids['karl']}] und @[Karl Otto #{ids['otto']}]"
    edit(anna, ids, note=note)
    with app.app_context():
        anna_user = factories.member("anna")
        karl, otto = (db.session.get(Person, ids[one]) for one in ("karl", "otto"))
        versions = {one.id: str(one.version) for one in (karl, otto)}
        merge = merges.merge_people(karl.id, otto.id, versions, {}, anna_user)
        db.session.commit()
        assert search.out_of_step() == {}
        number = merge.id
    links = anna.get(f"/beratungen/{ids['talk']}").soup.select(".prose a")
    assert [one["href"] for one in links] == [f"/kontakte/{ids['karl']}"] * 2
    assert f"/beratungen/{ids['talk']}" in anna.get(f"/kontakte/{ids['karl']}").html
    assert anna.submit(f"/beratungen/{ids['talk']}/bearbeiten", place="Rathaus").status == 303
    assert named_in(app, ids["talk"]) == {ids["karl"], ids["otto"]}
    with app.app_context():
        undoing.undo(db.session.get(merges.Merge, number), factories.member("anna"))
        db.session.commit()
        assert search.out_of_step() == {}
    links = anna.get(f"/beratungen/{ids['talk']}").soup.select(".prose a")
    assert [one["href"] for one in links] == [f"/kontakte/{ids[one]}" for one in ("karl", "otto")]


def test_a_confidential_talk_names_nobody_to_others(app, anna, rita, ids):
    with app.app_context():
        assert factories.member("rita").roles == {Role.READER}
        talk = db.session.get(Consultation, ids["talk"])
        talk.confidential, talk.note = True, naming.token(ids["petra"])
        open_talk = factories.talk("Wetter (Hessen)", note=naming.token(ids["petra"])).id
        db.session.commit()
    page = f"/kontakte/{ids['petra']}"
    assert f"/beratungen/{ids['talk']}" in anna.get(page).html
    assert "In Vermerken genannt" in rita.get(page).main
    assert f"/beratungen/{ids['talk']}" not in rita.get(page).html
    assert f"/beratungen/{open_talk}" in rita.get(page).html
    listed = rita.get("/beratungen?q=Henkel").html
    assert f"/beratungen/{open_talk}" in listed
    assert f"/beratungen/{ids['talk']}" not in listed


def test_the_people_of_many_talks_are_looked_up_at_once(app, anna):
    with app.app_context():
        for number in range(15):
            person = factories.person(f"Name{number}", "Vera")
            factories.talk("Lahntal", days_ago=number, note=naming.token(person.id))
        db.session.commit()
        place = factories.place("Lahntal").id
    page = anna.get(f"/kommunen/{place}")
    assert page.main.count("Vera Name") > 5
    assert len([one for one in page.statements if "academic_title" in one and "person_id" not in one]) == 1


def test_suggestions_offer_the_people_of_the_talk_first(app, anna, rita, ids):
    with app.app_context():
        places = ",".join(str(factories.place(one).id) for one in ("Wetter (Hessen)", "Lahntal"))
    found = anna.get(f"/kontakte/nennen?q=otto&kommune={places}").response.json
    assert [(one["value"], one["text"]) for one in found] == [
        (str(ids[one]), f"Karl Otto #{ids[one]}") for one in ("otto", "karl")
    ]
    assert "Lahntal" in found[0]["note"]
    assert [one["text"] for one in anna.get("/kontakte/nennen?q=hen").response.json] == ["Dr. Petra Henkel"]
    assert anna.get(f"/kontakte/nennen?q=&kommune={places}").response.json[0]["text"] == "Dr. Petra Henkel"
    assert anna.get("/kontakte/nennen?q=%&kommune=x,-1,99999999999").response.json == []


def test_every_template_says_the_texts_of_a_talk_with_names():
    shown = re.compile(r"\btalk\.(?:note|agreements|next_step)\b(?=\s*(?:\||\}\}|,| or))(?!\s*\|\s*named)")
    for path in TEMPLATES.rglob("*.html"):
        assert shown.findall(path.read_text(encoding="utf-8")) == [], path
