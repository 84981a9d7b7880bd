"""Bodies and places outside Hessen as parties of a talk: found behind Kommunen, shown, never counted."""

from datetime import date, timedelta

import pytest

from crm.consultations.models import ConsultationKind
from crm.consultations.services import Party
from crm.db import db, today
from crm.errors import RuleBroken
from crm.organisations import finding
from crm.organisations.models import Designation, Kind, Level, Organisation, OrganisationKey
from crm.organisations.queries import count_existing
from crm.reports import territory
from crm.reports.period import Period
from crm.reports.scope import Scope
from crm.reports.talks import counting
from tests import factories

YEAR = Period(date(2024, 1, 1), date(2024, 12, 31))


def outside(name="Weimar", key="16055000", note="Thüringen"):
    """A town of another Land, as an import brings it."""
    made = Organisation(
        level=Level.ELSEWHERE, name=name, note=f"{note} · {key}", sort_key=name.casefold(),
        search_text=f"{name.casefold()} | {key}",
    )  # fmt: skip
    made.designations.append(Designation(name=name, official_name=name, kind=Kind.TOWN))
    made.keys.append(OrganisationKey(key=key))
    db.session.add(made)
    db.session.flush()
    return made


def suggested(client, text):
    """Names that the chips suggest."""
    return [one["text"] for one in client.get(f"/kommunen/suche?q={text}").response.json]


def test_chips_find_bodies_behind_kommunen(anna):
    assert suggested(anna, "kassel")[0] == "Kassel"
    found = suggested(anna, "gießen")
    assert found[:2] == ["Gießen", "Landkreis Gießen"]
    assert found.index("Landkreis Gießen") < found.index("Regierungspräsidium Gießen")
    assert suggested(anna, "hsgb") == ["Hessischer Städte- und Gemeindebund"]
    assert suggested(anna, "regierungspr")[:3] == [
        f"Regierungspräsidium {name}" for name in ("Darmstadt", "Gießen", "Kassel")
    ]
    (chip,) = anna.get("/kommunen/suche?q=ekom").response.json
    assert (chip["text"], chip["note"]) == ("ekom21", "IT-Dienstleister")


@pytest.mark.usefixtures("context")
def test_a_name_of_hessen_means_hessen():
    outside()
    hits = [hit.organisation for hit in finding.search("Weimar", levels=(*finding.KOMMUNEN, Level.ELSEWHERE))]
    assert [(one.name, one.level) for one in hits] == [
        ("Weimar (Lahn)", Level.MUNICIPALITY),
        ("Weimar", Level.ELSEWHERE),
    ]
    assert [one.name for one in finding.resolve("Weimar").organisations] == ["Weimar (Lahn)"]
    outside("Bodenfelde", "03155002", "Niedersachsen")
    assert [one.name for one in finding.resolve("bodenfelde").organisations] == ["Bodenfelde"]
    assert finding.search("bo", levels=(Level.ELSEWHERE,)) == []
    assert [hit.organisation.name for hit in finding.search("bod", levels=(Level.ELSEWHERE,))] == [
        "Bodenfelde"
    ]
    assert finding.search("denfelde", levels=(Level.ELSEWHERE,)) == []


@pytest.mark.usefixtures("context")
def test_a_typed_name_of_a_body_is_read():
    for text in ("HStT", "hessischer staedtetag", "ekom"):
        assert len(finding.resolve(text).organisations) == 1
    assert finding.resolve("ekom31").suggestions == ["ekom21"]


def test_the_list_and_the_counts_of_kommunen_stay_as_they_are(app, rita):
    with app.app_context():
        outside()
        factories.body("Zweckverband Fulda")
        db.session.commit()
        assert count_existing(today()) == 442
    assert rita.get("/kommunen").soup.select_one("h1 .count").get_text().split()[0] == "442"
    assert "Zweckverband" not in [
        tag.get_text() for tag in rita.get("/kommunen?q=fulda").soup.select("tbody th a")
    ]
    result = app.test_cli_runner().invoke(args=["register", "count", "--on", "2026-06-30"])
    assert result.output == "442\n"


def test_the_search_of_every_page_leads_to_a_body(app, rita):
    with app.app_context():
        body = factories.place("ekom21").id
    assert rita.get("/kommunen?q=ekom21&oeffnen=1").location == f"/kommunen/{body}"


def test_a_talk_is_logged_with_bodies_and_places_outside(app, anna, rita):
    with app.app_context():
        outside("Bodenfelde", "03155002", "Niedersachsen")
        db.session.commit()
    typed = {"organisations__text": "ekom21, HSGB, Bodenfelde, Cölbe", "kind": "group", "channel": "phone"}
    page = anna.submit("/beratungen/neu", held_on="heute", note="Besprochen.", **typed, follow=True)
    for name in ("ekom21", "Hessischer Städte- und Gemeindebund", "Bodenfelde", "Cölbe"):
        assert name in page.main
    assert "zählt als 1 Teilnahme" in page.main
    with app.app_context():
        ids = [factories.place(name).id for name in ("ekom21", "Bodenfelde")]
    assert "Besprochen." in rita.get(f"/stellen/{ids[0]}").main
    assert "Besprochen." in rita.get(f"/kommunen/{ids[1]}").main


def test_a_row_of_a_body_is_not_counted_on_the_form(app, anna):
    with app.app_context():
        ids = [factories.place(name).id for name in ("ekom21", "Cölbe")]
    rows = [anna.get(f"/beratungen/neu/zeile?value={one}&index=0").soup.li for one in ids]
    assert [row.has_attr("data-uncounted") for row in rows] == [True, False]
    page = anna.get(f"/beratungen/neu?kommune={ids[0]}&kommune={ids[1]}")
    assert "1 Teilnahme" in page.soup.select_one("[data-count]").get_text()


@pytest.mark.usefixtures("context")
def test_a_body_takes_part_only_while_it_exists():
    factories.body("Altverband", valid_to=today() - timedelta(days=10))
    factories.talk("Altverband", days_ago=10)
    with pytest.raises(RuleBroken) as broken:
        factories.talk("Altverband")
    assert str(broken.value) == "Altverband bestand an diesem Tag nicht."


@pytest.mark.usefixtures("context")
def test_a_talk_keeps_the_name_a_body_had_that_day():
    body = factories.body("Alter Name")
    body.designations[0].valid_to = date(2024, 4, 30)
    new = {"name": "Neuer Name", "official_name": "Neuer Name", "kind": Kind.ZWECKVERBAND}
    body.designations.append(Designation(**new, valid_from=date(2024, 5, 1)))
    body.name = "Neuer Name"
    db.session.flush()
    days = (date(2024, 4, 30), date(2024, 5, 1))
    assert [factories.talk("Neuer Name", held_on=day).places for day in days] == [
        ["Alter Name"],
        ["Neuer Name"],
    ]


def count(talk_names, **over):
    """Log a talk and give (talks, participations, distinct Kommunen, areas)."""
    factories.talk(*talk_names, held_on=date(2024, 5, 2), **over)
    found = counting.load(factories.member("anna"), Scope(YEAR), territory.load())
    areas = {area: len(one.talks) for area, one in found.areas.items()}
    return len(found.talks), len(found.participations), len(found.kommunen), areas


@pytest.mark.usefixtures("context")
def test_only_kommunen_are_participations_and_kommunen():
    area = str(factories.place("Landkreis Marburg-Biedenkopf").id)
    assert count(["Cölbe", "Lahntal", "ekom21", "Hessischer Städtetag"]) == (1, 2, 2, {area: 1})


@pytest.mark.usefixtures("context")
def test_a_talk_with_bodies_only_is_a_talk_with_no_kommune():
    assert count(["ekom21", "Universität Kassel"]) == (1, 0, 0, {"andere": 1})


@pytest.mark.usefixtures("context")
def test_a_place_outside_hessen_is_no_kommune_of_the_report():
    place = outside()
    parties = [Party(place.id), Party(factories.place("Cölbe").id)]
    assert count([], parties=parties, kind=ConsultationKind.GROUP)[:3] == (1, 1, 1)


def test_the_report_and_the_lists_behind_it_cope_with_bodies(app, rita):
    with app.app_context():
        factories.talk("ekom21", "Hessischer Städtetag", held_on=date(2024, 5, 2), duration_minutes=60)
        factories.talk("Cölbe", "ekom21", held_on=date(2024, 6, 2), duration_minutes=60)
        db.session.commit()
    span = "von=01.01.2024&bis=31.12.2024"
    page = rita.get(f"/berichte/taetigkeit?{span}")
    assert page.status == 200
    assert "Nur andere Stellen" in page.main
    for what, rows in (("beratungen", 2), ("teilnahmen", 1), ("kommunen", 1), ("angerechnet", 2)):
        behind = rita.get(f"/berichte/taetigkeit/datensaetze?was={what}&{span}")
        assert behind.status in (200, 404)
        if behind.status == 200:
            assert len(behind.soup.select("tbody tr")) == rows, what
    assert (
        len(
            rita.get(f"/berichte/taetigkeit/datensaetze?was=beratungen&gebiet=andere&{span}").soup.select(
                "tbody tr"
            )
        )
        <= 1
    )


def test_a_talk_of_two_leads_to_the_rule_of_supervision(app, rita):
    with app.app_context():
        pair, single = factories.talk("Cölbe", "Fulda").id, factories.talk("Cölbe").id
        db.session.commit()
    link = rita.get(f"/beratungen/{pair}").soup.select_one("main a[href^='/stellen/aufsicht']")
    page = rita.get(link["href"])
    assert "Ministerium des Innern" in page.main
    assert not rita.get(f"/beratungen/{single}").soup.select("main a[href^='/stellen/aufsicht']")


def test_people_and_follow_ups_hang_on_a_body(app, anna):
    with app.app_context():
        body = factories.place("ekom21").id
    page = anna.submit(f"/kontakte/neu?kommune={body}", last_name="Rupp", title="Referentin", follow=True)
    assert "ekom21" in page.main
    anna.submit(f"/wiedervorlagen/neu?kommune={body}", text="Angebot einholen", due_on="31.12.2030")
    page = anna.get(f"/stellen/{body}")
    assert "Rupp" in page.main
    assert "Angebot einholen" in page.main
