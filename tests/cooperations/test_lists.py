"""Partner suggestions on screen: for a group and for a Kommune; nothing confidential shines through."""

from datetime import date, timedelta

import pytest

from crm.audit import AuditEvent
from crm.consultations import services as talks
from crm.consultations.models import Presence
from crm.consultations.services import Party
from crm.cooperations import services
from crm.cooperations.kinds import Stage, Step, StepSource
from crm.cooperations.models import Cooperation, Partner
from crm.db import db, today
from crm.geography import services as geography
from crm.organisations.models import Succession
from crm.task_fields import queries as task_fields
from tests import factories
from tests.geography.grid import collection


def field_id(name="Bauhof"):
    return next(one.id for one in task_fields.everything() if one.name == name)


@pytest.fixture
def group(app):
    """A group in the field Bauhof, of Cölbe and Lahntal."""
    with app.test_request_context():
        made = factories.cooperation("Cölbe", "Lahntal", task_fields=[field_id()])
        db.session.commit()
        return made.id


def rows(page):
    """Suggested Kommunen with what is said of each."""
    found = page.soup.select("main tbody tr")
    return {row.th.a.get_text(): [one.get_text() for one in row.select(".why li")] for row in found}


def url(number):
    return f"/kooperationen/{number}/partnersuche"


def stored(app, make):
    with app.test_request_context():
        made = make()
        db.session.commit()
        return made.id if made is not None else None


def test_a_group_sees_who_is_near_free_and_alive(app, rita, group):
    found = rows(rita.get(url(group)))
    assert len(found) == 12
    assert "Marburg" in found
    assert {"Cölbe", "Lahntal", "Bromskirchen"}.isdisjoint(found)
    assert next(iter(found)) != "Marburg"
    assert found["Wetter (Hessen)"][0] == "nah: 4,7 km bis Lahntal"


def test_what_has_been_dissolved_is_suggested_no_more(app, rita, group):
    with app.test_request_context():
        factories.place("Kirchhain").valid_to = today() - timedelta(days=1)
        db.session.commit()
    found = rows(rita.get(url(group)))
    assert found
    assert "Kirchhain" not in found


def test_true_neighbours_are_named_by_their_border(app, rita, group):
    with app.app_context():
        geography.take_over(collection(), "", None)
        db.session.commit()
    found = rows(rita.get(url(group)))
    assert found["Marburg"][0].startswith("grenzt an Lahntal (gemeinsame Grenze ")
    assert found["Kirchhain"][0].startswith("grenzt an Cölbe (gemeinsame Grenze ")


def test_a_talk_of_the_last_three_years_speaks_for_somebody(app, anna, group):
    def talk(name, days, **over):
        stored(app, lambda: factories.talk(name, days_ago=days, task_fields=[field_id()], **over))

    talk("Fulda", 40)
    talk("Hünfeld", 3 * 365 + 1)
    stored(app, lambda: factories.talk("Kassel", task_fields=[field_id("Archiv")]))
    found = rows(anna.get(url(group)))
    day = today() - timedelta(days=40)
    assert found["Fulda"][0] == f"Gespräch über Bauhof am {day:%d.%m.%Y}"
    assert {"Hünfeld", "Kassel"}.isdisjoint(found)


def test_no_confidential_talk_is_betrayed_to_a_reader(app, anna, rita, emil, group):
    before = rita.get(url(group)).main
    stored(app, lambda: factories.talk("Fulda", "Marburg", task_fields=[field_id()], confidential=True))
    assert "Gespräch über Bauhof" in anna.get(url(group)).main
    for reader in (rita, emil):
        assert reader.get(url(group)).main == before
    stored(app, lambda: factories.talk("Kirchhain", task_fields=[field_id()], confidential=True))
    number = stored(app, lambda: factories.place("Kirchhain"))
    address = f"/kommunen/{number}/partnersuche"
    assert [one.get_text() for one in anna.get(address).soup.select(".tabs a")] == ["Bauhof"]
    assert not rita.get(address).soup.select(".tabs a")
    assert "Bauhof" not in rita.get(address).soup.select_one(".page-sub").get_text()


@pytest.mark.parametrize("how", ["removed", "cancelled", "absent"])
def test_a_talk_that_does_not_count_speaks_for_nobody(app, anna, group, how):
    def make():
        by = factories.member("anna")
        presence = Presence.APOLOGISED if how == "absent" else Presence.PRESENT
        parties = [Party(factories.place("Fulda").id, presence=presence)]
        talk = factories.talk(parties=parties, task_fields=[field_id()])
        if how == "removed":
            talks.remove(talk, by)
        if how == "cancelled":
            talks.cancel(talk, by)

    stored(app, make)
    assert "Fulda" not in rows(anna.get(url(group)))


def test_who_plans_or_runs_the_same_is_said(app, rita, group):
    def make(*places, **over):
        return factories.cooperation(*places, task_fields=[field_id()], **over)

    stored(app, lambda: make("Kirchhain", "Rauschenberg", title="Bauhof Ost", step=Step.INTERESTED))
    stored(app, lambda: make("Fulda", "Hünfeld", title="Bauhof Fulda", step=Step.INTERESTED))
    stored(app, lambda: make("Marburg", "Weimar (Lahn)", title="Bauhof Süd", step=Step.ACTIVE))
    gone = stored(app, lambda: make("Amöneburg", "Neustadt (Hessen)", title="Altes", step=Step.INTERESTED))
    with app.test_request_context():
        services.remove(db.session.get(Cooperation, gone), factories.member("anna"))
        db.session.commit()
    found = rows(rita.get(url(group)))
    assert "plant das Gleiche: Bauhof Ost" in found["Kirchhain"]
    assert "plant das Gleiche: Bauhof Fulda" in found["Fulda"]
    assert "plant das Gleiche" not in str(found["Amöneburg"])
    assert list(found).index("Kirchhain") < list(found).index("Amöneburg")
    assert "Marburg" not in found or list(found)[-1] == "Marburg"


def test_whoever_declined_stands_last_with_a_way_to_report_otherwise(app, anna, group):
    with app.test_request_context():
        made = db.session.get(Cooperation, group)
        factories.step(made, "Lahntal", Step.DECLINED, days_ago=3)
        partner = made.partners[1].id
        db.session.commit()
    page = anna.get(url(group))
    found = rows(page)
    assert list(found)[-1] == "Lahntal"
    assert f"aber: abgesagt am {today() - timedelta(days=3):%d.%m.%Y}" in found["Lahntal"]
    last = page.soup.select("main tbody tr")[-1]
    assert not last.select("form")
    assert last.select_one(f"a[href='/kooperationen/{group}/partner/{partner}/stand/interested?neu=1']")


def test_the_heir_of_a_partner_is_a_partner(app, rita):
    number = stored(
        app,
        lambda: factories.cooperation(
            "Beerfelden", "Erbach", reached_on=date(2016, 5, 5), task_fields=[field_id()]
        ),
    )
    found = rows(rita.get(url(number)))
    assert found
    assert "Oberzent" not in found


def test_a_group_that_is_over_looks_for_nobody(app, rita, group):
    with app.test_request_context():
        values = {"halt": Stage.ENDED, "halted_on": today(), "halt_reason": "Frist"}
        services.halt(db.session.get(Cooperation, group), values, factories.member("anna"))
        db.session.commit()
    page = rita.get(url(group))
    assert "sucht niemanden mehr" in page.main
    assert not rows(page)


def test_taking_one_in_makes_a_candidate_and_leaves_an_event(app, anna, group):
    page = anna.get(url(group))
    form = next(one for one in page.soup.select("main tbody form") if "Marburg" in one.button["aria-label"])
    number = form.select_one("input[name=organisation]")["value"]
    page = anna.post(form["action"], organisation=number, follow=True)
    assert "Marburg ist jetzt als Kandidat dabei" in page.main
    assert "Marburg" not in rows(page)
    with app.app_context():
        partner = db.session.query(Partner).filter_by(organisation_id=int(number)).one()
        assert (partner.step, partner.step_on) == (Step.CANDIDATE, today())
        assert partner.steps[0].source is StepSource.OFFICE
        event = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
        assert (event.name, event.changes["partners"]) == ("cooperation.partners-added", [None, ["Marburg"]])


def test_taking_one_in_twice_tells_the_second(app, anna, bert, group):
    number = stored(app, lambda: factories.place("Marburg"))
    assert anna.post(f"{url(group)}/aufnehmen", organisation=number).status == 303
    assert (
        "Marburg ist schon Partner"
        in bert.post(f"{url(group)}/aufnehmen", organisation=number, follow=True).main
    )


@pytest.mark.parametrize("number", ["", "x", "0", "-1", "999999", "99999999999999999999"])
def test_taking_in_what_is_nobody_is_told_and_changes_nothing(app, anna, group, number):
    page = anna.post(f"{url(group)}/aufnehmen", organisation=number, follow=True)
    assert page.soup.select_one(".notice-bad")
    with app.app_context():
        assert db.session.query(Partner).count() == 2


def test_taking_in_what_exists_no_more_offers_the_successor(app, anna, group):
    number = stored(app, lambda: factories.place("Beerfelden"))
    page = anna.post(f"{url(group)}/aufnehmen", organisation=number, follow=True)
    assert "Oberzent" in page.soup.select_one(".notice-bad").get_text()


def test_a_reader_sees_suggestions_but_no_button(rita, group):
    page = rita.get(url(group))
    assert rows(page)
    assert not page.soup.select("main tbody form")
    assert rita.post(f"{url(group)}/aufnehmen", organisation=1).status == 403


def for_place(app, client, name, query=""):
    number = stored(app, lambda: factories.place(name))
    return client.get(f"/kommunen/{number}/partnersuche{query}")


def test_a_kommune_starts_with_the_field_it_talked_about_last(app, anna):
    stored(app, lambda: factories.talk("Cölbe", task_fields=[field_id("Archiv")], days_ago=9))
    stored(app, lambda: factories.talk("Cölbe", task_fields=[field_id("Kasse")], days_ago=3))
    stored(app, lambda: factories.cooperation("Cölbe", "Lahntal", task_fields=[field_id("Forst")]))
    page = for_place(app, anna, "Cölbe")
    assert [one.get_text() for one in page.soup.select(".tabs a")] == ["Kasse", "Archiv", "Forst"]
    assert page.soup.select_one(".tabs [aria-current]").get_text() == "Kasse"
    assert page.soup.select_one("select[name=feld] option[selected]").get_text() == "Kasse"
    assert page.soup.select_one(".page-sub").get_text() == "Für Kasse"


def test_a_kommune_has_the_fields_of_its_predecessors(app, anna):
    with app.test_request_context():
        heir, old = factories.place("Wesertal"), factories.place("Lahntal")
        db.session.add(Succession(predecessor_id=old.id, successor_id=heir.id, effective_on=today()))
        factories.talk("Lahntal", days_ago=900, task_fields=[field_id("Archiv")])
        db.session.commit()
    assert "Archiv" in for_place(app, anna, "Wesertal").soup.select_one(".tabs").get_text()


def test_picked_ones_lead_to_a_new_cooperation_with_all_of_them(app, anna):
    with app.test_request_context():
        number, kasse = factories.place("Cölbe").id, field_id("Kasse")
    page = for_place(app, anna, "Cölbe", f"?feld={kasse}")
    form = page.soup.select_one("form.picks")
    assert form["action"] == "/kooperationen/neu"
    fixed = [(one["name"], one["value"]) for one in form.select("input[type=hidden]")]
    assert fixed == [("kommune", str(number)), ("feld", str(kasse))]
    picks = [one["value"] for one in form.select("input[name=kommune][type=checkbox]")][:2]
    target = anna.get(
        f"/kooperationen/neu?kommune={number}&kommune={picks[0]}&kommune={picks[1]}&feld={kasse}"
    )
    chosen = [one["value"] for one in target.soup.select("input[name=organisations]")]
    assert chosen == [str(number), *picks]


def test_partners_of_a_kommune_in_the_field_are_not_suggested_again(app, anna):
    with app.test_request_context():
        bauhof = field_id()
        made = factories.cooperation("Cölbe", "Lahntal", "Marburg", task_fields=[bauhof])
        factories.step(made, "Marburg", Step.LEFT, days_ago=8)
        db.session.commit()
    found = rows(for_place(app, anna, "Cölbe", f"?feld={bauhof}"))
    assert "Lahntal" not in found
    assert list(found)[-1] == "Marburg"
    with app.test_request_context():
        archiv = field_id("Archiv")
    assert "Lahntal" in rows(for_place(app, anna, "Cölbe", f"?feld={archiv}"))


@pytest.mark.parametrize("query", ["?feld=x", "?feld=999999", "?feld=" + "9" * 30])
def test_a_field_that_is_none_is_told(app, rita, query):
    page = for_place(app, rita, "Cölbe", query)
    assert page.status == 200
    assert page.soup.select_one("#feld")["aria-invalid"] == "true"
    assert rows(page)


@pytest.mark.parametrize("name", ["Beerfelden", "ekom21", "Regierungsbezirk Gießen"])
def test_only_kommunen_of_today_look_for_partners(app, rita, name):
    assert for_place(app, rita, name).status == 404


def test_administrators_see_no_suggestions(app, ada, group):
    assert ada.get(url(group)).status == 403
    assert for_place(app, ada, "Cölbe").status == 403
