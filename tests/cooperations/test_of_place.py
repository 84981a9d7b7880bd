"""The groups of a Kommune or body on its page: own step, who waits, what is over, what heirs took over."""

from datetime import date, timedelta

import pytest

from crm.cooperations import services
from crm.cooperations.kinds import Stage, Step
from crm.cooperations.models import Cooperation
from crm.cooperations.of_place import of_place
from crm.db import db, today
from crm.organisations import queries as organisations
from crm.organisations.models import Succession
from crm.task_fields import queries as task_fields
from tests import factories


def stored(app, make):
    with app.test_request_context():
        made = make()
        db.session.commit()
        return made.id if made is not None else None


def page_of(app, client, name):
    number = stored(app, lambda: factories.place(name))
    page = client.get(f"/kommunen/{number}")
    return client.get(page.location) if page.status == 302 else page


def section(page):
    return page.soup.select_one("section[aria-labelledby=cooperations]")


def said(page):
    """Title and everything said of each group, as it stands there."""
    return {row.a.get_text(): row.get_text(" ", strip=True) for row in section(page).select("li.row-item")}


def field_ids(*names):
    return [one.id for one in task_fields.everything() if one.name in names]


def waiting_group(days=71):
    """A group in which Lahntal is one step behind."""
    group = factories.cooperation(
        "Cölbe", "Lahntal", step=Step.INTERESTED, reached_on=today() - timedelta(days=days),
        task_fields=field_ids("Bauhof"),
    )  # fmt: skip
    factories.step(group, "Cölbe", Step.RESOLVED, days_ago=30)
    return group


def test_a_kommune_shows_its_own_step_the_stage_and_that_the_group_waits_for_it(app, rita):
    number = stored(app, waiting_group)
    page = page_of(app, rita, "Lahntal")
    (text,) = said(page).values()
    day = today() - timedelta(days=71)
    assert "wartet seit 71 Tagen" in text
    assert f"interessiert {day:%d.%m.%Y}" in text
    assert "Partnersuche · Bauhof" in text
    assert section(page).a["href"].endswith("/partnersuche")
    assert section(page).select_one(f"li a[href='/kooperationen/{number}']")
    assert "wartet" not in said(page_of(app, rita, "Cölbe"))["Gemeinsamer Bauhof"]


def test_waiting_is_said_without_a_day_and_of_today(app, rita):
    stored(app, lambda: factories.cooperation("Cölbe", "Lahntal"))
    assert "wartet seit heute" in said(page_of(app, rita, "Lahntal"))["Gemeinsamer Bauhof"]
    stored(app, lambda: factories.cooperation("Kirchhain", "Marburg", reached_on=None))
    assert "wartet, Tag nicht bekannt" in said(page_of(app, rita, "Marburg"))["Gemeinsamer Bauhof"]


def test_groups_that_wait_come_first_the_longest_wait_before(app, rita):
    def make():
        factories.cooperation("Lahntal", "Marburg", title="Läuft", step=Step.ACTIVE)
        old = today() - timedelta(days=90)
        factories.cooperation("Lahntal", "Kirchhain", title="Lange", step=Step.INTERESTED, reached_on=old)
        waiting_group(20)

    stored(app, make)
    assert list(said(page_of(app, rita, "Lahntal"))) == ["Lange", "Gemeinsamer Bauhof", "Läuft"]


def test_what_is_over_is_folded_away(app, rita):
    def make():
        ended = factories.cooperation("Lahntal", "Cölbe", title="Beendetes")
        values = {"halt": Stage.ENDED, "halted_on": today(), "halt_reason": "Frist"}
        services.halt(ended, values, factories.member("anna"))
        left = factories.cooperation("Lahntal", "Cölbe", title="Ohne uns", step=Step.ACTIVE)
        factories.step(left, "Lahntal", Step.LEFT)
        paused = factories.cooperation("Lahntal", "Cölbe", title="Ruhendes")
        services.halt(paused, values | {"halt": Stage.PAUSED}, factories.member("anna"))

    stored(app, make)
    found = section(page_of(app, rita, "Lahntal"))
    folded = [one.get_text() for one in found.select("details li .row-main > a")]
    assert sorted(folded) == ["Beendetes", "Ohne uns"]
    shown = [one.get_text() for one in found.select(".row-main > a") if not one.find_parent("details")]
    assert shown == ["Ruhendes"]
    assert "wartet" not in found.get_text()
    assert found.h2.select_one(".count").get_text() == "3"


def test_a_removed_group_is_on_no_page(app, rita):
    number = stored(app, waiting_group)
    with app.test_request_context():
        services.remove(db.session.get(Cooperation, number), factories.member("anna"))
        db.session.commit()
    assert said(page_of(app, rita, "Lahntal")) == {}
    assert "Noch in keiner Kooperation" in section(page_of(app, rita, "Lahntal")).get_text()


def test_a_successor_has_the_groups_of_its_predecessors_and_says_by_whom(app, rita):
    stored(app, lambda: factories.cooperation("Beerfelden", "Erbach", reached_on=date(2016, 5, 5)))
    assert "über Beerfelden" in said(page_of(app, rita, "Oberzent"))["Gemeinsamer Bauhof"]
    assert "über" not in said(page_of(app, rita, "Beerfelden"))["Gemeinsamer Bauhof"]
    assert not section(page_of(app, rita, "Beerfelden")).select("a[href$=partnersuche]")


def test_a_group_of_two_predecessors_is_one_line_at_the_step_it_waits_for(app, rita):
    def make():
        group = factories.cooperation("Beerfelden", "Rothenberg", "Erbach", reached_on=date(2016, 5, 5))
        for name in ("Beerfelden", "Erbach"):
            factories.step(group, name, Step.INTERESTED, reached_on=date(2017, 5, 5))
        return group

    stored(app, make)
    (text,) = said(page_of(app, rita, "Oberzent")).values()
    assert "über Beerfelden, Rothenberg" in text
    assert "wartet" in text
    assert "Kandidat 05.05.2016" in text


def test_predecessors_count_over_several_generations(context):
    heir, between, first = (factories.place(name) for name in ("Marburg", "Cölbe", "Beerfelden"))
    old = factories.place("Oberzent")
    for before, after in ((old, between), (between, heir), (heir, old)):
        db.session.add(Succession(predecessor_id=before.id, successor_id=after.id, effective_on=today()))
    factories.cooperation("Beerfelden", "Erbach", reached_on=date(2016, 5, 5))
    lineage = organisations.lineage(heir)
    assert [one.predecessor.name for one in lineage.before] == ["Cölbe"]
    assert {"Cölbe", "Oberzent", "Beerfelden", "Rothenberg"} <= set(lineage.former.values())
    found = of_place(factories.member("rita"), heir.id, lineage.former)
    assert [(one.part.title, one.via) for one in found.current] == [("Gemeinsamer Bauhof", "Beerfelden")]
    assert first.id in lineage.former


def test_bodies_and_counties_have_their_groups_too(app, rita):
    stored(app, lambda: factories.cooperation("ekom21", "Landkreis Fulda", "Fulda", title="Rechenzentrum"))
    for name in ("ekom21", "Landkreis Fulda"):
        assert "Rechenzentrum" in said(page_of(app, rita, name))
    assert not section(page_of(app, rita, "ekom21")).select("a[href$=partnersuche]")


@pytest.mark.parametrize("name", ["Main-Kinzig-Kreis", "Lahntal", "Oberzent", "ekom21"])
def test_many_groups_cost_two_statements(app, rita, name):
    def make():
        factories.talk(name)
        for number in range(12):
            factories.cooperation(name, "Cölbe", title=f"Vorhaben {number}", task_fields=field_ids("Bauhof"))

    before = len(page_of(app, rita, name).statements)
    stored(app, make)
    page = page_of(app, rita, name)
    assert len(said(page)) == 12
    assert len(section(page).select("details li")) == 4
    tables = ("cooperation_partners", "cooperation_task_fields")
    mine = [one for one in page.statements if any(table in one for table in tables)]
    # The timeline asks for steps, too, in a statement of its own.
    assert len([one for one in mine if "partner_steps" not in one]) == 2
    assert before <= len(page.statements) <= 20


def test_administrators_see_no_groups(app, ada):
    stored(app, waiting_group)
    page = page_of(app, ada, "Lahntal")
    assert section(page) is None
    assert "Bauhof" not in page.main


def test_whoever_reads_no_content_gets_no_groups_whatever_the_page_asks(context):
    waiting_group()
    number = factories.place("Lahntal").id
    assert of_place(factories.member("rita"), number).number == 1
    assert of_place(factories.member("ada"), number).number == 0
