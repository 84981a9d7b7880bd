"""Releasing an example: word by word, with who has agreed, with files that may go; changed, taken back."""

import pytest

from crm.consents import services as consents
from crm.cooperations.kinds import LegalForm, PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation
from crm.cooperations.services import halt
from crm.db import db, today
from crm.documents.models import Document
from crm.examples.models import PracticeExample
from tests import factories
from tests.examples import making

FORM = "freigeben"


@pytest.fixture
def world(app):
    """A group that works, somebody to name, and two files of which one is confidential."""
    with app.app_context():
        group = making.running(legal_form=LegalForm.CONTRACT)
        person = making.contact()
        making.contact("Stumm", agreed=False)
        making.file_of(group)
        making.file_of(group, "geheim.pdf", confidential=True)
        db.session.commit()
        return f"/kooperationen/{group.id}/praxisbeispiel", group.id, person.id


def option(page, name, text):
    """The value of a choice by what it says."""
    found = page.soup.select(f"select[name={name}] option, input[name={name}]")
    return next(one["value"] for one in found if text in (one.get_text() or one.parent.get_text()))


def release(client, world, follow=True, **over):
    """Fill in the form and send it."""
    page = client.get(f"{world[0]}/{FORM}")
    values = {
        "summary": making.SUMMARY, "saving_euros": "40.000",
        "person_id": option(page, "person_id", "Kontakt"),
        "documents": [option(page, "documents", "vertrag.pdf")],
    } | over  # fmt: skip
    return client.submit(f"{world[0]}/{FORM}", follow=follow, **values)


def test_it_is_released_with_words_form_saving_contact_and_file(world, app, anna):
    form = anna.get(f"{world[0]}/{FORM}")
    assert form.fields()["title"] == ["Gemeinsamer Bauhof"]
    assert form.fields()["legal_form"] == [LegalForm.CONTRACT.value]
    assert "geheim.pdf" not in form.main
    page = release(anna, world)
    assert "Als Praxisbeispiel freigegeben." in page.main
    for said in (making.SUMMARY, "40.000 € im Jahr", "Karla Kontakt", "Büroleitung, Lahntal", "vertrag.pdf",
                 "Cölbe, Lahntal", "Bauhof", "Anna Adler"):  # fmt: skip
        assert said in page.main, said
    assert "privat.kontakt" not in page.html
    assert "freigegeben" in anna.get(f"/kooperationen/{world[1]}").main
    assert "Gemeinsamer Bauhof" in anna.get("/erfahrung/beispiele").main


def test_only_what_runs_or_ran_and_only_partners_that_signed(app, anna):
    with app.app_context():
        idea = factories.cooperation(title="Idee")
        over = making.running("Cölbe", "Lahntal", title="War einmal")
        halt(
            over,
            {"halt": Stage.ENDED, "halted_on": today(), "halt_reason": "Vorbei"},
            factories.member("anna"),
        )
        more = making.running("Lich", "Laubach", "Hungen", title="Mit Zaungast")
        factories.step(more, "Hungen", Step.LEFT)
        more.partners[1].role = PartnerRole.OBSERVER
        db.session.commit()
        ids = idea.id, over.id, more.id
    page = anna.submit(f"/kooperationen/{ids[0]}/praxisbeispiel/{FORM}", summary="Etwas")
    assert "die läuft, ruht oder beendet ist" in page.main
    assert anna.submit(f"/kooperationen/{ids[1]}/praxisbeispiel/{FORM}", summary="Etwas").status == 303
    shown = anna.submit(f"/kooperationen/{ids[2]}/praxisbeispiel/{FORM}", summary="Etwas", follow=True)
    names, said = ([one.get_text() for one in shown.soup.select(kind)] for kind in ("dt", "dd"))
    assert dict(zip(names, said, strict=True))["Partner"] == "Lich"


def test_who_has_not_agreed_is_not_named_and_all_typed_stays(world, app, anna):
    page = anna.get(f"{world[0]}/{FORM}")
    answer = release(anna, world, person_id=option(page, "person_id", "Stumm"))
    assert answer.status == 422
    assert "hat der Nennung nicht zugestimmt" in answer.main
    assert making.SUMMARY in answer.html
    assert release(anna, world, summary="").errors()
    with app.app_context():
        hidden = db.session.query(Document).filter_by(file_name="geheim.pdf").one().id
    assert release(anna, world, documents=[str(hidden)]).status == 422
    assert release(anna, world, saving_euros="viel").status == 422
    with app.app_context():
        assert db.session.query(PracticeExample).count() == 0


def test_a_double_click_makes_one_and_readers_make_none(world, app, anna, rita):
    fields = anna.get(f"{world[0]}/{FORM}").fields() | {"summary": ["Etwas"]}
    first, second = (anna.post(f"{world[0]}/{FORM}", fields) for _time in range(2))
    assert (first.status, first.location) == (second.status, second.location)
    assert rita.get(f"{world[0]}/{FORM}").status == 403
    assert "Etwas" in rita.get(world[0]).main
    assert anna.get(f"{world[0]}/{FORM}").location.endswith("/bearbeiten")


def test_a_change_is_noted_and_nobody_overwrites_a_colleague(world, app, anna, bert):
    release(anna, world)
    url = f"{world[0]}/bearbeiten"
    mine = bert.get(url).fields()
    page = anna.submit(url, summary="Neu gefasst", documents=[], follow=True)
    assert "Neu gefasst" in page.main
    assert "Praxisbeispiel geändert" in page.main
    assert bert.post(url, mine | {"summary": ["Anders gefasst"]}).status == 409
    with app.app_context():
        assert db.session.query(PracticeExample).one().summary == "Neu gefasst"


def test_taken_back_and_released_again(world, app, anna):
    release(anna, world)
    page = anna.submit(f"{world[0]}/zurueckziehen", follow=True)
    assert "Das Beispiel ist zurückgezogen." in page.main
    assert "Noch einmal" not in page.main
    again = anna.post(f"{world[0]}/wieder-freigeben", follow=True)
    assert "Als Praxisbeispiel freigegeben." in again.main
    assert "schon freigegeben" in anna.post(f"{world[0]}/wieder-freigeben", follow=True).main


def test_without_the_agreement_it_cannot_be_released_again(world, app, anna):
    release(anna, world)
    anna.submit(f"{world[0]}/zurueckziehen")
    with app.app_context():
        example = db.session.query(PracticeExample).one()
        given = consents.queries.holding(example.person_id)[0]
        consents.withdraw(given, None, factories.member("anna"))
        db.session.commit()
    page = anna.post(f"{world[0]}/wieder-freigeben", follow=True)
    assert "hat der Nennung nicht zugestimmt" in page.main
    with app.app_context():
        assert db.session.query(PracticeExample).one().is_withdrawn


def test_a_file_taken_out_goes_from_the_example_and_a_removed_group_hides_it(world, app, anna):
    release(anna, world)
    with app.app_context():
        db.session.delete(db.session.query(Document).filter_by(file_name="vertrag.pdf").one())
        db.session.commit()
    assert "vertrag.pdf" not in anna.get(world[0]).main
    anna.submit(f"/kooperationen/{world[1]}/entfernen")
    assert anna.get(world[0]).status == 404
    assert "Gemeinsamer Bauhof" not in anna.get("/erfahrung/beispiele").main
    with app.app_context():
        assert db.session.get(Cooperation, world[1], execution_options={"include_removed": True})


def test_the_name_of_a_file_kept_confidential_by_now_is_told_only_to_its_circle(world, app, anna, rita):
    release(anna, world)
    anna.submit(f"{world[0]}/bearbeiten", documents=[])
    page = anna.get(f"{world[0]}/bearbeiten")
    anna.submit(f"{world[0]}/bearbeiten", documents=[option(page, "documents", "vertrag.pdf")])
    assert "vertrag.pdf" in rita.get(world[0]).main
    with app.app_context():
        db.session.query(Document).filter_by(file_name="vertrag.pdf").one().confidential = True
        db.session.commit()
    assert "inzwischen vertraulich" in anna.get(world[0]).main
    assert "vertrag.pdf" not in rita.get(world[0]).main


def test_what_was_released_is_found_by_its_words_until_it_is_taken_back(world, app, anna):
    release(anna, world, summary="Der Mulchhäcksler steht in Lahntal.")
    assert "Gemeinsamer Bauhof" in anna.get("/suche?q=mulchhäcksler").main
    anna.submit(f"{world[0]}/zurueckziehen")
    assert "Gemeinsamer Bauhof" not in anna.get("/suche?q=mulchhäcksler").main


def test_who_has_agreed_is_offered_first_and_says_so(app, anna):
    with app.app_context():
        group = making.running("Cölbe", "Lahntal")
        making.contact("Anders", at="Cölbe", agreed=False)
        making.contact("Kontakt", at="Lahntal")
        db.session.commit()
        number = group.id
    page = anna.get(f"/kooperationen/{number}/praxisbeispiel/freigeben")
    options = [one.get_text() for one in page.soup.select("#person_id option")]
    assert "Kontakt" in options[1]
    assert options[1].endswith("(hat eingewilligt)")
    assert all(one.endswith("(hat noch nicht eingewilligt)") for one in options[2:])
