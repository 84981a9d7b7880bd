"""Elections on screen: enter, change, remove; and the checklist with its answers."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.contacts.models import Function, FunctionRole, Person
from crm.db import db, today
from crm.elections.models import CheckState, Election, ElectionCheck, ElectionKind
from crm.elections.services import remove
from tests import factories

NEW = "/wahlen/neu"
DAY = today() + timedelta(days=30)


def german(day):
    """Write a day as people do."""
    return f"{day:%d.%m.%Y}"


def noted(app, name):
    """Count events of a name."""
    with app.app_context():
        return db.session.scalar(select(func.count()).where(AuditEvent.name == name))


def one(app, model, number):
    """A record as it is stored."""
    with app.app_context():
        return db.session.get(model, number)


@pytest.fixture
def election(app):
    """Local elections in Lahntal a week ago, with head, chair and two members of the council known."""
    with app.app_context():
        factories.person("Kranz", "Ida", role=FunctionRole.COUNCIL_CHAIR, title="Vorsitz")
        for first_name in ("Uwe", "Ulla"):
            factories.person("Rat", first_name, role=FunctionRole.COUNCILLOR)
        made = factories.election(kind=ElectionKind.COUNCIL)
        numbers = {"id": made.id, "place": made.organisation_id, "url": f"/wahlen/{made.id}"}
        numbers["checks"] = [check.id for check in factories.checks(made)]
        db.session.commit()
    return numbers


def check_url(election, number, verb):
    """Address of what can be done with a check."""
    return f"{election['url']}/pruefungen/{election['checks'][number]}/{verb}"


def states(app, election):
    """What came out about each function."""
    with app.app_context():
        query = (
            select(ElectionCheck)
            .where(ElectionCheck.election_id == election["id"])
            .order_by(ElectionCheck.id)
        )
        return [check.state for check in db.session.scalars(query)]


OPEN, CONFIRMED, REPLACED, VACANT = CheckState


def test_an_election_is_entered_and_waits_for_its_day(app, mara):
    page = mara.submit(NEW, held_on=german(DAY), kind="council", follow=True)
    assert "Beginnt am" in page.main
    assert "442" in page.main
    assert noted(app, "election.planned") == 1
    assert "Kommunalwahl" in mara.get("/wahlen").main


def test_a_double_click_enters_one(app, mara):
    fields = mara.get(NEW).fields() | {"held_on": german(DAY), "kind": "council"}
    first, second = mara.post(NEW, fields), mara.post(NEW, fields)
    assert first.location == second.location
    assert noted(app, "election.planned") == 1


@pytest.mark.parametrize("path", ["/wahlen/neu", "{url}/bearbeiten", "{url}/entfernen"])
@pytest.mark.parametrize("name", ["rita", "anna", "emil", "ada"])
def test_only_the_management_plans(request, app, election, name, path):
    client = request.getfixturevalue(name)
    assert client.get(path.format(**election)).status == 403
    assert client.post(path.format(**election), held_on=german(DAY)).status == 403
    assert noted(app, "election.planned") == 1


def test_bad_input_is_refused_in_german_and_kept(mara):
    page = mara.submit(NEW, held_on="irgendwann", kind="head", title="Stichwahl")
    assert page.status == 422
    assert "Stichwahl" in page.html
    assert page.errors()
    page = mara.submit(NEW, held_on=german(DAY), kind="head", title="Stichwahl")
    assert "Wählen Sie die Kommune, deren Spitze gewählt wird." in page.errors()


def test_an_election_is_changed_and_a_lost_update_refused(app, mara, election):
    url = f"{election['url']}/bearbeiten"
    fields = mara.get(url).fields()
    assert mara.post(url, fields | {"title": "Kommunalwahl Lahntal"}).status == 303
    page = mara.post(url, fields | {"title": "Andere"})
    assert page.status == 409
    assert "Andere" in page.html
    assert one(app, Election, election["id"]).title == "Kommunalwahl Lahntal"
    assert noted(app, "election.changed") == 1


def test_the_day_of_a_running_election_stays(mara, election):
    page = mara.submit(f"{election['url']}/bearbeiten", held_on=german(DAY))
    assert page.status == 422
    assert any("Prüfliste ist da" in error for error in page.errors())


def test_removed_and_taken_back(app, mara, election):
    page = mara.submit(f"{election['url']}/entfernen", follow=True)
    assert "zurückholen" in page.main
    assert mara.get(election["url"]).status == 404
    assert "Kommunalwahl Lahntal" in mara.get("/entfernt").main
    assert mara.submit(f"{election['url']}/wiederherstellen").status == 303
    assert "Kranz" in mara.get(election["url"]).main
    assert (noted(app, "election.removed"), noted(app, "election.restored")) == (1, 1)


def test_removing_what_a_colleague_changed_meanwhile_asks_again(app, mara, election):
    fields = mara.get(f"{election['url']}/entfernen").fields()
    mara.submit(f"{election['url']}/bearbeiten", title="Neu")
    assert mara.post(f"{election['url']}/entfernen", fields).status == 200
    assert one(app, Election, election["id"]).removed_at is None


def test_one_click_confirms_one(app, anna, election):
    url = f"{election['url']}/bestaetigen"
    page = anna.post(url, one=election["checks"][0], check=election["checks"], follow=True)
    assert "1 Funktion bestätigt." in page.text
    assert states(app, election) == [CONFIRMED, OPEN, OPEN]
    assert noted(app, "election.confirmed") == 1


def test_ticked_ones_are_confirmed_together(app, anna, election):
    page = anna.post(f"{election['url']}/bestaetigen", check=election["checks"][1:], follow=True)
    assert "2 Funktionen bestätigt." in page.text
    assert states(app, election) == [OPEN, CONFIRMED, CONFIRMED]


def test_nothing_ticked_is_said(app, anna, election):
    page = anna.post(f"{election['url']}/bestaetigen", follow=True)
    assert "Kreuzen Sie zuerst" in page.text
    assert states(app, election) == [OPEN, OPEN, OPEN]


def test_checks_of_another_election_are_not_confirmed(app, anna, election):
    with app.app_context():
        other = factories.election("Cölbe").id
        db.session.commit()
    anna.post(f"/wahlen/{other}/bestaetigen", check=election["checks"])
    assert states(app, election) == [OPEN, OPEN, OPEN]


def test_confirming_what_a_colleague_answered_is_refused(app, anna, bert, election):
    bert.submit(check_url(election, 0, "ausgeschieden"))
    page = anna.post(f"{election['url']}/bestaetigen", check=election["checks"], follow=True)
    assert "Bert Braun hat das inzwischen beantwortet" in page.text
    assert states(app, election) == [VACANT, OPEN, OPEN]


def test_a_successor_is_entered(app, anna, election):
    url = check_url(election, 0, "nachfolge")
    fields = anna.get(url).fields()
    assert fields["title"] == ["Vorsitz"]
    sent = fields | {"successor-text": "Jan Nord", "valid_from": german(today()), "last_day": ""}
    page = anna.post(url, sent, follow=True)
    assert f"Jan Nord hat die Funktion ab {german(today())}." in page.text
    assert states(app, election)[0] is REPLACED
    assert anna.post(url, sent).status == 303
    assert [noted(app, f"{name}") for name in ("election.replaced", "person.created")] == [1, 1]
    with app.app_context():
        old = db.session.get(ElectionCheck, election["checks"][0]).function
        assert old.valid_to == today() - timedelta(days=1)


def test_the_first_day_is_that_of_the_new_term(app, anna, mara, election):
    begins = today() + timedelta(days=20)
    mara.submit(f"{election['url']}/bearbeiten", takes_office_on=german(begins))
    assert anna.get(check_url(election, 0, "nachfolge")).fields()["valid_from"] == [german(begins)]


def test_twins_are_asked_about(app, anna, election):
    with app.app_context():
        known = factories.person("Nord", "Jan", "Marburg").id
        db.session.commit()
    url = check_url(election, 0, "nachfolge")
    sent = anna.get(url).fields() | {"successor-text": "Jan Nord", "valid_from": german(today())}
    page = anna.post(url, sent)
    assert page.status == 422
    assert "Marburg" in page.main
    assert str(known) in [tag["value"] for tag in page.soup.select("main input[type=radio]")]
    assert states(app, election)[0] is OPEN


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"successor-text": ""}, "Wählen oder nennen Sie"),
        ({"successor-text": "Jan Nord", "valid_from": "bald"}, "Schreiben Sie den Tag so"),
        (
            {"successor-text": "Jan Nord", "last_day": german(today())},
            "Der letzte Tag muss vor dem ersten Tag",
        ),
        ({"successor-text": "Jan Nord", "official_email": "keine"}, "Schreiben Sie die Adresse so"),
    ],
)
def test_a_wrong_successor_is_refused_and_kept(app, anna, election, fields, said):
    url = check_url(election, 0, "nachfolge")
    sent = anna.get(url).fields() | {"valid_from": german(today()), "official_phone": "06420 1"} | fields
    page = anna.post(url, sent)
    assert page.status == 422
    assert any(said in error for error in page.errors()), page.errors()
    assert "06420 1" in page.html
    assert states(app, election)[0] is OPEN
    assert one(app, Person, 99) is None


def test_leaving_ends_the_function(app, anna, election):
    url = check_url(election, 1, "ausgeschieden")
    assert anna.submit(url, valid_to="").status == 422
    page = anna.submit(url, valid_to=german(today()), follow=True)
    assert "Nachfolge offen" in page.main
    assert states(app, election)[1] is VACANT
    assert noted(app, "election.vacated") == 1
    page = anna.submit(check_url(election, 1, "ausgeschieden"), valid_to=german(today()))
    assert page.status == 422


def test_an_answer_is_taken_back(app, anna, election):
    url = check_url(election, 0, "nachfolge")
    sent = anna.get(url).fields() | {"successor-text": "Jan Nord", "valid_from": german(today())}
    anna.post(url, sent)
    stale = {"version": 1}
    assert "Kolleg" in anna.post(check_url(election, 0, "zuruecknehmen"), stale, follow=True).text
    version = one(app, ElectionCheck, election["checks"][0]).version
    page = anna.post(check_url(election, 0, "zuruecknehmen"), {"version": version}, follow=True)
    assert "Antwort zurückgenommen." in page.text
    assert states(app, election)[0] is OPEN
    assert noted(app, "election.taken-back") == 1
    with app.app_context():
        assert db.session.scalar(select(func.count(Person.id)).where(Person.last_name == "Nord")) == 0
        assert db.session.get(ElectionCheck, election["checks"][0]).function.valid_to is None


@pytest.mark.parametrize("name", ["rita", "ada"])
def test_readers_answer_nothing(request, app, election, name):
    client = request.getfixturevalue(name)
    for verb in ("nachfolge", "ausgeschieden", "zuruecknehmen"):
        assert client.post(check_url(election, 0, verb), valid_to=german(today())).status == 403
    assert client.post(f"{election['url']}/bestaetigen", check=election["checks"]).status == 403
    assert states(app, election) == [OPEN, OPEN, OPEN]


def test_readers_see_no_buttons(rita, election):
    page = rita.get(election["url"])
    assert "Kranz" in page.main
    assert not page.soup.select("main form[method=post], main .row-acts a")


def test_one_more_function_is_asked_about(app, anna, election):
    with app.app_context():
        person = factories.person("Neu", "Nele", role=FunctionRole.COUNCILLOR, valid_from=today())
        number = person.functions[0].id
        db.session.commit()
    url = f"{election['url']}/kommunen/{election['place']}"
    assert "Neu" in anna.get(url).main
    for _time in range(2):
        anna.post(f"{url}/auch-pruefen", function=number)
    assert len(states(app, election)) == 4
    assert noted(app, "election.added") == 1


def test_a_kommune_that_is_not_asked_has_no_page(app, anna, election):
    with app.app_context():
        other = factories.place("Cölbe").id
    assert anna.get(f"{election['url']}/kommunen/{other}").status == 404


def test_the_page_of_the_kommune_says_what_is_open(app, anna, election):
    url = f"/kommunen/{election['place']}"
    assert "noch zu bestätigen: 3" in anna.get(url).main
    anna.post(f"{election['url']}/bestaetigen", check=election["checks"])
    assert "noch zu bestätigen" not in anna.get(url).main


def test_open_ones_as_a_file(anna, election):
    anna.post(f"{election['url']}/bestaetigen", check=election["checks"][:1])
    text = anna.get(f"{election['url']}/offen.csv").data.decode("utf-8-sig")
    assert "Uwe Rat" in text
    assert "Kranz" not in text
    assert "Lahntal" in text


@pytest.fixture
def hessen(app):
    """Local elections everywhere, with two functions in each of fifty Kommunen."""
    with app.app_context():
        person = factories.person(role=FunctionRole.COUNCILLOR)
        for number in range(1, 101):
            values = {
                "person_id": person.id,
                "organisation_id": number // 2 + 2,
                "role": FunctionRole.COUNCILLOR,
            }
            db.session.add(Function(**values))
        made = factories.election(None, ElectionKind.COUNCIL).id
        db.session.commit()
    return f"/wahlen/{made}"


def test_all_kommunen_of_hessen_are_paged_in_few_statements(anna, hessen):
    """The client refuses a page of more than 20 statements."""
    page = anna.get(hessen)
    assert "1–50 von 442" in page.main
    assert len(page.soup.select(".election-place")) == 50
    assert len(page.statements) <= 14
    assert "0 von 442 Kommunen geprüft" in page.main


def test_a_county_and_what_is_open_narrow_the_list(app, anna, hessen):
    with app.app_context():
        county = factories.place("Landkreis Marburg-Biedenkopf").id
    page = anna.get(f"{hessen}?kreis={county}")
    names = [tag.get_text(strip=True) for tag in page.soup.select(".election-place h3")]
    assert names[0] == "Landkreis Marburg-Biedenkopf"
    assert len(names) == 23
    assert "Frankfurt am Main" in anna.get(f"{hessen}?kreis=0").main
    with app.app_context():
        db.session.execute(
            db.update(ElectionCheck)
            .where(ElectionCheck.county_id == county)
            .values(state="confirmed", answered_at=func.now())
        )
        db.session.commit()
    assert not anna.get(f"{hessen}?kreis={county}&offen=y").soup.select(".election-place")
    assert "23 von 442 Kommunen geprüft" in anna.get(hessen).main


@pytest.mark.parametrize("query", ["kreis=x", "kreis=99999", "seite=999", "offen=%00", "kreis=-1"])
def test_odd_addresses_show_a_list(anna, hessen, query):
    assert anna.get(f"{hessen}?{query}").status == 200


def test_the_follow_up_leads_to_the_checklist(mara, election):
    page = mara.get("/wiedervorlagen")
    link = page.soup.select_one(f"a[href='{election['url']}']")
    assert link is not None
    assert re.search(r"Kommunalwahl Lahntal .*: 1 Kommune prüfen", page.main)


def test_a_follow_up_that_went_with_its_election_leads_back_to_it(app, mara, election):
    with app.app_context():
        remove(db.session.get(Election, election["id"]), factories.member("mara"))
        db.session.commit()
    page = mara.get("/entfernt").main
    assert "Kommune prüfen" not in page


def test_what_is_still_open_with_who_goes_stands_beside_the_successor(app, mara, election):
    with app.app_context():
        ida = db.session.scalars(select(Person).where(Person.last_name == "Kranz")).one()
        factories.follow_up("Kostentabelle an den Vorsitz", person_id=ida.id)
        chair = next(
            one.id for one in db.session.scalars(select(ElectionCheck))
            if one.function and one.function.person_id == ida.id
        )  # fmt: skip
        db.session.commit()
        person = ida.id
    page = mara.get(f"{election['url']}/pruefungen/{chair}/nachfolge")
    assert "Kostentabelle an den Vorsitz" in page.soup.select_one("[aria-labelledby=left]").get_text()
    assert "Kranz" in mara.get(f"/wiedervorlagen/neu?person={person}").main
