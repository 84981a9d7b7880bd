"""The finder on screen: from a talk, from a group, by its own form; few statements, however many groups."""

import pytest
from sqlalchemy import insert

from crm.cooperations.kinds import PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation, CooperationTaskField, Partner
from crm.cooperations.services import halt
from crm.db import db, now, today
from tests import factories
from tests.examples import making

URL = "/erfahrung"


def way_to_finder(page):
    """The link of a page that asks who has done it before."""
    said = "Wer hat das schon gemacht?"
    return next(one["href"] for one in page.soup.select("main a") if one.get_text(strip=True) == said)


def titles(page):
    """What the list names, in its order."""
    return [one.get_text(strip=True) for one in page.soup.select("main tbody th a")]


def reasons(page, title):
    """Why a group is shown."""
    rows = [row for row in page.soup.select("main tbody tr") if row.select_one("th a").get_text() == title]
    return [one.get_text(strip=True) for one in rows[0].select(".why li")]


@pytest.fixture
def world(app):
    """A small invented list: what runs, what is agreed on, what is over, and what is but planned."""
    with app.app_context():
        making.running("Freigericht", "Hasselroth", title="Bauhöfe Kinzig")
        making.running("Dreieich", "Neu-Isenburg", title="Bauhof der Großen")
        making.running("Hammersbach", "Ronneburg", title="Trauungen Kinzig", field="Standesamt")
        making.running("Laubach", "Lich", title="Winterdienst Nord", field=None)
        making.running("Fuldatal", "Calden", title="Baubetriebshof Nord", step=Step.SIGNED)
        making.running("Berkatal", "Meißner", title="Bauhof geplant", step=Step.INTERESTED)
        over = making.running("Münchhausen", "Wetter (Hessen)", title="Bauhof beendet")
        values = {"halt": Stage.ENDED, "halted_on": today(), "halt_reason": "Kündigung"}
        halt(over, values, factories.member("anna"))
        talk = factories.talk(
            "Rauschenberg", "Wohratal", task_fields=[making.task_field("Bauhof").id], note="Frage"
        )
        db.session.commit()
        return talk.id


def test_a_talk_asks_with_its_field_its_places_and_their_number(world, anna):
    page = anna.get(way_to_finder(anna.get(f"/beratungen/{world}")))
    assert titles(page)[0] == "Bauhof beendet"
    assert set(titles(page)) == {
        "Bauhof beendet", "Bauhöfe Kinzig", "Baubetriebshof Nord", "Bauhof der Großen", "Winterdienst Nord",
    }  # fmt: skip
    said = reasons(page, "Bauhof beendet")
    assert said[0] == "gleiches Aufgabenfeld: Bauhof"
    assert "gleicher Landkreis: Landkreis Marburg-Biedenkopf" in said
    assert "auch 2 Partner" in said
    assert any(one.startswith("ähnlich groß: ") for one in said)
    form = page.soup.select_one("form.filters")
    assert form.select_one("select[name=feld] option[selected]").get_text() == "Bauhof"
    assert form.select_one("input[name=partner]")["value"] == "2"
    assert form.select_one("input[name=beratung]")["value"] == str(world)


def test_a_talk_about_two_fields_says_that_both_are_looked_for(world, app, anna):
    assert "Gesucht wird auch nach" not in anna.get(f"{URL}?beratung={world}").main
    with app.app_context():
        fields = [making.task_field(name).id for name in ("Bauhof", "Standesamt")]
        talk = factories.talk("Rauschenberg", "Wohratal", task_fields=fields)
        db.session.commit()
        number = talk.id
    page = anna.get(f"{URL}?beratung={number}")
    assert "Gesucht wird auch nach: Standesamt" in page.main
    assert "Trauungen Kinzig" in titles(page)


def test_partners_lead_to_their_pages(world, anna):
    row = anna.get(f"{URL}?gefragt=1&worte=bauhof").soup.select_one("main tbody tr")
    places = [one["href"] for one in row.select("a.place")]
    assert len(places) == 2
    for url in places:
        assert anna.get(url).status == 200


def test_what_is_typed_takes_the_place_of_what_the_talk_says(world, app, anna):
    with app.app_context():
        field = making.task_field("Standesamt").id
    page = anna.get(f"{URL}?beratung={world}&gefragt=1&feld={field}&worte=&einwohner=&partner=3&kreis=&form=")
    assert titles(page) == ["Trauungen Kinzig"]
    assert "auch 3 Partner" not in page.main


def test_words_alone_find_what_is_called_alike(world, anna):
    assert titles(anna.get(f"{URL}?gefragt=1&worte=Personenstandswesen")) == ["Trauungen Kinzig"]
    assert "Niemand Bekanntes hat das gemacht" in anna.get(f"{URL}?gefragt=1&worte=Raumfahrt").main


def test_a_group_is_no_answer_to_itself(world, app, anna):
    with app.app_context():
        group = making.running("Kirchhain", "Amöneburg", title="Bauhof Ohm")
        db.session.commit()
        number = group.id
    page = anna.get(f"/kooperationen/{number}")
    found = anna.get(way_to_finder(page))
    assert "Bauhof Ohm" not in titles(found)
    assert "Bauhof beendet" in titles(found)


def test_a_wrong_question_is_named_and_a_hidden_talk_is_none(world, app, anna, rita):
    page = anna.get(f"{URL}?gefragt=1&einwohner=viele&feld=99999")
    assert page.errors()
    with app.app_context():
        hidden = factories.talk("Marburg", confidential=True)
        db.session.commit()
        number = hidden.id
    assert anna.get(f"{URL}?beratung={number}").status == 200
    assert rita.get(f"{URL}?beratung={number}").status == 404
    assert anna.get(f"{URL}?gruppe=4711").status == 404


def crowd(number):
    """Store so many running groups of three, past the services."""
    places = [factories.place(name) for name in ("Cölbe", "Lahntal", "Marburg", "Lich", "Laubach", "Hungen")]
    field = making.task_field("Bauhof").id
    common = {"version": 1, "created_at": now(), "updated_at": now()}
    first = 10_000
    groups = [
        common | {"id": first + one, "title": f"Bauhof {one}", "sort_key": f"bauhof {one}",
                  "search_text": f"bauhof {one}", "stage": Stage.RUNNING, "term_unlimited": False}
        for one in range(number)
    ]  # fmt: skip
    db.session.execute(insert(Cooperation), groups)
    partners = [
        common | {"cooperation_id": one["id"], "organisation_id": places[(one["id"] + two) % 6].id,
                  "organisation_name": "Ort", "position": two, "role": PartnerRole.MEMBER,
                  "step": Step.ACTIVE}
        for one in groups for two in range(3)
    ]  # fmt: skip
    db.session.execute(insert(Partner), partners)
    db.session.execute(
        insert(CooperationTaskField),
        [{"cooperation_id": one["id"], "task_field_id": field} for one in groups],
    )


def test_a_thousand_groups_take_as_few_statements_as_seven(world, app, anna):
    few = len(anna.get(f"{URL}?beratung={world}").statements)
    with app.app_context():
        crowd(1000)
        db.session.commit()
    page = anna.get(f"{URL}?beratung={world}")
    assert len(titles(page)) == 10
    assert len(page.statements) <= few <= 20


def test_of_a_file_only_the_newest_version_is_passed_on(world, app, anna):
    with app.app_context():
        group = making.running("Lich", "Laubach", title="Bauhof Lich")
        old = making.file_of(group, "alt.pdf")
        making.example(group, files=[old])
        db.session.commit()
        number, group_id = old.id, group.id
    assert "alt.pdf" in anna.get(URL).main
    with app.app_context():
        making.file_of(db.session.get(Cooperation, group_id), "neu.pdf", previous_id=number)
        db.session.commit()
    assert "alt.pdf" not in anna.get(URL).main
