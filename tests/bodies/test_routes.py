"""Bodies, their members and who supervises them on screen."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.bodies import queries
from crm.bodies.models import BodyMember
from crm.db import db, today
from crm.organisations.models import Kind, Organisation
from tests import factories


@pytest.fixture
def verband(app):
    """Number of a Zweckverband with two members."""
    with app.app_context():
        made = factories.body(
            "Abwasserverband Ohm", members=["Kirchhain", "Cölbe"], since=date(2020, 1, 1)
        ).id
        db.session.commit()
    return made


def number(app, name):
    """Number of an organisation."""
    with app.app_context():
        return factories.place(name).id


def stored(app, body_id):
    """Name, phone and authority of a body as stored."""
    with app.app_context():
        body = db.session.get(Organisation, body_id)
        return body.name, body.phone, body.supervisor


def rows(app, body_id):
    """Memberships as stored: name, first day, last day."""
    with app.app_context():
        found = queries.members_ever(body_id)
        return [(row.organisation.name, row.valid_from, row.valid_to) for row in found]


def first_row(app, body_id):
    """Number of the first membership by name."""
    with app.app_context():
        return queries.members_ever(body_id)[0].id


def noted(app, name):
    """Count events of a name about bodies somebody made."""
    with app.app_context():
        query = select(func.count()).where(AuditEvent.name == name, AuditEvent.user_id.is_not(None))
        return db.session.scalar(query)


def names(page):
    """Names in the list."""
    return [tag.get_text(strip=True) for tag in page.soup.select("#results tbody th a")]


def members(page):
    """Names of the members shown for the day."""
    return [tag.get_text(strip=True) for tag in page.soup.select("#members-on > .table-wrap tbody th a")]


def test_the_list_shows_the_built_in_bodies_with_their_members(rita, ada):
    for client in (rita, ada):
        page = client.get("/stellen")
        assert len(names(page)) == 9
        assert "Hessischer Landkreistag Verband 21" in page.main
    assert names(rita.get("/stellen?kind=authority"))[0].startswith("Hessisches Ministerium")
    assert names(rita.get("/stellen?sortierung=-members"))[0] == "Hessischer Landkreistag"
    assert names(rita.get("/stellen?sortierung=kind"))[0] == "Hessischer Landkreistag"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("HSGB", "Hessischer Städte- und Gemeindebund"), ("hstt", "Hessischer Städtetag"),
        ("hlt", "Hessischer Landkreistag"), ("staedtetag", "Hessischer Städtetag"), ("ekom", "ekom21"),
        ("rp gießen", "Regierungspräsidium Gießen"), ("HMdI", "Hessisches Ministerium"),
        ("uni kassel", "Universität Kassel"),
    ],
)  # fmt: skip
def test_words_and_initials_find_a_body(rita, typed, first):
    assert names(rita.get(f"/stellen?q={typed}"))[0].startswith(first)


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%25", "kind=town", "kind=x", "sortierung=x", "seite=99", "ended=y"]
)
def test_odd_addresses_show_a_list(rita, query):
    assert rita.get(f"/stellen?{query}").status == 200


def test_ended_bodies_are_found_by_words_and_on_demand(app, rita):
    with app.app_context():
        factories.body("Altverband", valid_to=today() - timedelta(days=1))
        db.session.commit()
    assert "Altverband" not in names(rita.get("/stellen"))
    assert "Altverband" in names(rita.get("/stellen?ended=y"))
    assert names(rita.get("/stellen?q=altverband")) == ["Altverband"]


def test_an_adviser_adds_a_body_once(app, anna):
    form = anna.get("/stellen/neu").fields() | {"name": ["Wasserverband"], "kind": ["zweckverband"]}
    form |= {
        "website": ["www.example.org/wasser"],
        "email": ["post@example.org"],
        "address": ["Weg 1\r\n35094 Ort"],
    }
    answers = [anna.post("/stellen/neu", form) for _ in range(2)]
    assert [one.status for one in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    page = anna.get(answers[0].location)
    assert page.soup.h1.get_text(" ", strip=True) == "Wasserverband Zweckverband"
    assert page.soup.select_one("main a[href='https://www.example.org/wasser']")
    assert "Weg 1 35094 Ort" in page.main
    assert noted(app, "body.created") == 1


@pytest.mark.parametrize("who", ["rita", "emil", "ada"])
def test_who_only_reads_writes_nothing(app, request, who, verband):
    client, row = request.getfixturevalue(who), first_row(app, verband)
    inside = f"{verband}/mitglieder"
    for path in (
        "neu", f"{verband}/bearbeiten", f"{verband}/aufsicht", f"{inside}/neu", f"{inside}/{row}",
        f"{inside}/{row}/beenden", f"{inside}/{row}/entfernen",
    ):  # fmt: skip
        assert client.get(f"/stellen/{path}").status == 403
        assert client.post(f"/stellen/{path}", name="X").status == 403
    assert client.post(f"/stellen/{verband}/aufsicht/zurueck").status == 403
    page = client.get(f"/stellen/{verband}")
    assert page.status == 200
    assert not page.soup.select("main a[href*=bearbeiten], main a[href*=mitglieder]")
    assert len(rows(app, verband)) == 2


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", " \u00a0"), ("name", "x" * 201), ("name", "a\x00b"), ("kind", "town"),
        ("kind", ""), ("kind", "x"),
        ("email", "kein at"), ("website", "javascript:alert(1)"), ("website", "ohnepunkt"),
        ("website", "https://"), ("website", "http://[x"), ("website", "x.de/" + "y" * 300),
        ("address", "x" * 301), ("phone", "1" * 61), ("valid_from", "31.02.2026"), ("valid_to", "01.01.1999"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_kept(app, anna, field, wrong):
    fields = {
        "name": "Verband",
        "kind": "other",
        "phone": "0611",
        "address": "Hier",
        "valid_from": "01.01.2000",
    }
    page = anna.submit("/stellen/neu", **fields | {field: wrong})
    assert page.status == 422
    assert page.errors()
    kept = page.fields()
    assert kept["address" if field != "address" else "phone"] == ["Hier" if field != "address" else "0611"]
    assert noted(app, "body.created") == 0


def test_a_body_of_the_same_name_is_shown_before_a_second_is_made(app, anna):
    page = anna.submit("/stellen/neu", name="hessischer staedtetag", kind="association")
    assert page.status == 200
    assert page.soup.select_one(f".notice a[href='/stellen/{number(app, 'Hessischer Städtetag')}']")
    assert noted(app, "body.created") == 0
    assert anna.post("/stellen/neu", page.fields()).status == 303
    assert noted(app, "body.created") == 1


def test_a_new_name_begins_on_its_day_and_the_old_one_stays(app, anna, verband):
    url = f"/stellen/{verband}/bearbeiten"
    page = anna.submit(url, name="Abwasserverband Wohra", named_from="01.05.2024", follow=True)
    assert "Abwasserverband Wohra" in page.soup.h1.get_text()
    assert "Abwasserverband Ohm Zweckverband bis 30.04.2024" in page.main
    assert names(anna.get("/stellen?q=verband+ohm")) == ["Abwasserverband Wohra"]
    refused = anna.submit(url, name="Abwasserverband Lahn", named_from="30.04.2024")
    assert refused.status == 422
    assert refused.soup.select_one("#named_from-error")
    assert refused.fields()["name"] == ["Abwasserverband Lahn"]
    assert (
        anna.submit(url, name="Abwasserverband Lahn", named_from="30.04.2024", correction="y").status == 303
    )
    assert (noted(app, "body.renamed"), noted(app, "body.changed")) == (1, 1)


def test_edit_refuses_a_lost_update(app, anna, bert, verband):
    url = f"/stellen/{verband}/bearbeiten"
    form = anna.get(url).fields()
    bert.submit(url, phone="06422 1")
    page = anna.post(url, form | {"phone": ["06422 2"]})
    assert page.status == 409
    assert "Bert Braun" in page.main
    assert page.fields()["phone"] == ["06422 2"]
    assert stored(app, verband)[1] == "06422 1"


def test_the_page_shows_the_members_of_a_day(app, rita, verband):
    assert members(rita.get(f"/stellen/{verband}")) == ["Cölbe", "Kirchhain"]
    assert members(rita.get(f"/stellen/{verband}?am=31.12.2019")) == []
    assert "Cölbe" in rita.get(f"/stellen/{verband}?am=31.12.2019").main
    wrong = rita.get(f"/stellen/{verband}?am=31.02.2020&eintraege=x")
    assert wrong.status == 200
    assert wrong.errors()


def test_many_members_come_on_demand_and_cost_no_more_statements(app, anna, verband):
    few = len(anna.get(f"/stellen/{verband}").statements)
    with app.app_context():
        bund = factories.place("Hessischer Städte- und Gemeindebund")
        towns = db.session.scalars(select(Organisation.id).where(Organisation.name.like("%a%")).limit(300))
        rows = [BodyMember(body_id=bund.id, organisation_id=one) for one in towns if one != bund.id]
        db.session.add_all(rows)
        db.session.commit()
        body, total = bund.id, len(rows)
    page = anna.get(f"/stellen/{body}")
    assert len(members(page)) == 12
    assert len(page.statements) <= few
    assert len(members(anna.get(f"/stellen/{body}?alle=1"))) >= total - 20


def test_many_members_are_added_at_once(app, anna, verband):
    url = f"/stellen/{verband}/mitglieder/neu"
    page = anna.submit(
        url,
        organisations__text="Amöneburg; lk fulda, ekom21",
        valid_from="01.01.2024",
        note="als Gast",
        follow=True,
    )
    assert members(page) == ["Amöneburg", "Cölbe", "ekom21", "Kirchhain", "Landkreis Fulda"]
    assert "als Gast" in page.main
    assert noted(app, "body.members-added") == 2
    refused = anna.submit(url, organisations__text="Cölbe, Lahntal", valid_from="01.01.2024")
    assert refused.status == 422
    assert "Cölbe (01.01.2020–)" in refused.main
    assert len(refused.soup.select("[data-chips] li")) == 2
    assert anna.submit(url, organisations__text="Atlantis").fields()["organisations-text"] == ["Atlantis"]
    assert anna.submit(url).status == 422
    assert len(rows(app, verband)) == 5


def test_a_form_sent_twice_adds_members_once(app, anna, verband):
    url = f"/stellen/{verband}/mitglieder/neu"
    form = anna.get(url).fields() | {"organisations": [str(number(app, "Lahntal"))]}
    assert [anna.post(url, form).status for _ in range(2)] == [303, 303]
    assert len(rows(app, verband)) == 3


def test_a_membership_is_corrected_ended_and_removed(app, anna, verband):
    row = first_row(app, verband)
    url = f"/stellen/{verband}/mitglieder/{row}"
    assert anna.submit(url, valid_from="01.07.2019", note="Gründung").status == 303
    assert anna.submit(url, valid_to="30.06.2019").status == 422
    assert anna.submit(f"{url}/beenden", valid_to="").status == 422
    page = anna.submit(f"{url}/beenden", valid_to="gestern", follow=True)
    assert members(page) == ["Kirchhain"]
    assert rows(app, verband)[0] == ("Cölbe", date(2019, 7, 1), today() - timedelta(days=1))
    assert anna.get(f"{url}/entfernen").status == 200
    page = anna.post(f"{url}/entfernen", follow=True)
    assert len(rows(app, verband)) == 1
    assert "Irrtümliche Mitgliedschaft entfernt" in page.main
    assert anna.post(f"{url}/entfernen").status == 404
    assert noted(app, "body.member-removed") == 1


def test_a_membership_refuses_a_lost_update(app, anna, bert, verband):
    url = f"/stellen/{verband}/mitglieder/{first_row(app, verband)}"
    for path in (url, f"{url}/beenden"):
        form = anna.get(path).fields()
        bert.submit(
            url, valid_to=f"{today():%d.%m.%Y}" if path == url else f"{today() - timedelta(days=1):%d.%m.%Y}"
        )
        page = anna.post(path, form | {"valid_to": ["31.12.2025"]})
        assert page.status == 409
        assert "Bert Braun" in page.main


def test_a_membership_is_found_under_its_own_body_only(app, anna, verband):
    row, other = first_row(app, verband), number(app, "ekom21")
    assert anna.get(f"/stellen/{other}/mitglieder/{row}").status == 404
    assert anna.get(f"/stellen/{number(app, 'Cölbe')}").status == 404
    assert anna.get(f"/stellen/{number(app, 'Cölbe')}/mitglieder/neu").status == 404


def test_the_computed_authority_stays_visible_beside_another_one(app, anna, rita, verband):
    computed = "Landrat als Behörde der Landesverwaltung (Landkreis Marburg-Biedenkopf)"
    url = f"/stellen/{verband}/aufsicht"
    assert computed in rita.get(f"/stellen/{verband}").main
    refused = anna.submit(url, supervisor="Regierungspräsidium Gießen")
    assert refused.status == 422
    assert refused.fields()["supervisor"] == ["Regierungspräsidium Gießen"]
    assert stored(app, verband)[2] is None
    fields = {"supervisor": "Regierungspräsidium Gießen", "supervisor_reason": "So bestimmt."}
    page = anna.submit(url, **fields, follow=True)
    for words in ("Regierungspräsidium Gießen", "So bestimmt.", computed, "Aufsichtsbehörde festgelegt"):
        assert words in page.main
    assert computed in anna.get(url).main
    anna.post(f"{url}/zurueck")
    assert stored(app, verband)[2] is None
    assert noted(app, "body.unsupervised") == 1


def test_another_authority_refuses_a_lost_update(app, anna, bert, verband):
    url = f"/stellen/{verband}/aufsicht"
    form = anna.get(url).fields()
    bert.submit(url, supervisor="A", supervisor_reason="B")
    assert anna.post(url, form | {"supervisor": ["C"], "supervisor_reason": ["D"]}).status == 409
    assert stored(app, verband)[2] == "A"


def test_only_a_zweckverband_is_supervised_by_its_members(app, anna):
    assert anna.get(f"/stellen/{number(app, 'ekom21')}/aufsicht").status == 404
    assert not anna.get(f"/stellen/{number(app, 'ekom21')}").soup.select("#supervision")


def test_any_set_can_be_asked_about_without_storing(app, rita, ada):
    coelbe, fulda = number(app, "Cölbe"), number(app, "Fulda")
    for url in (
        f"kommunen={coelbe},{fulda}",
        f"kommunen={coelbe}&kommunen={fulda}",
        "kommunen-text=coelbe,fulda",
    ):
        for client in (rita, ada):
            page = client.get(f"/stellen/aufsicht?{url}")
            assert "Ministerium des Innern" in page.main
            assert "§ 35 Abs. 2 Nr. 3 KGG" in page.main
            assert len(page.soup.select("[data-chips] li")) == 2
    hanau = number(app, "Hanau")
    assert "Main-Kinzig-Kreis" in rita.get(f"/stellen/aufsicht?kommunen={hanau}&am=31.12.2025").main
    assert "Main-Kinzig-Kreis" not in rita.get(f"/stellen/aufsicht?kommunen={hanau}&am=01.01.2026").main


@pytest.mark.parametrize(
    "query",
    ["", "kommunen=", "kommunen=x", "kommunen=1,,x", "kommunen=999999999", "kommunen=" + "9" * 40, "am=x"],
)
def test_odd_sets_are_answered(rita, query):
    assert rita.get(f"/stellen/aufsicht?{query}").status == 200


def test_links_to_the_organisation_lead_to_the_body(app, rita):
    body = number(app, "ekom21")
    page = rita.get(f"/kommunen/{body}?eintraege=50")
    assert (page.status, page.location) == (302, f"/stellen/{body}?eintraege=50")
    assert rita.get(f"/kommunen/{body}").location == f"/stellen/{body}"


def test_the_page_of_a_kommune_names_its_memberships(app, rita, verband):
    page = rita.get(f"/kommunen/{number(app, 'Kirchhain')}")
    shown = page.soup.select_one("section[aria-labelledby=memberships]")
    assert "Abwasserverband Ohm Zweckverband · seit 01.01.2020" in " ".join(shown.get_text(" ").split())
    assert not rita.get(f"/kommunen/{number(app, 'Lahntal')}").soup.select("#memberships")
    county = rita.get(f"/kommunen/{number(app, 'Landkreis Fulda')}")
    assert "Hessischer Landkreistag" in county.main


def test_the_list_of_kommunen_is_narrowed_to_members_of_an_association(app, rita):
    body = number(app, "Hessischer Landkreistag")
    page = rita.get(f"/kommunen?member={body}")
    assert page.soup.select_one("h1 .count").get_text().split()[0] == "21"
    assert rita.get(f"/kommunen?member={number(app, 'ekom21')}").errors()
    with app.app_context():
        union = factories.body("Städtebund", Kind.ASSOCIATION, members=["Fulda", "ekom21"]).id
        db.session.commit()
    assert rita.get(f"/kommunen?member={union}").soup.select_one("h1 .count").get_text().split()[0] == "1"


def test_the_page_answers_a_visit(app, anna, rita, ada, verband):
    with app.app_context():
        factories.talk("Abwasserverband Ohm", "Cölbe")
        factories.talk("Abwasserverband Ohm", confidential=True)
        factories.person("Brandt", "Birgit", "Abwasserverband Ohm", title="Verbandsvorsteherin")
        factories.follow_up("Satzung anfordern", at="Abwasserverband Ohm")
        body = db.session.get(Organisation, verband)
        factories.document(body, name="Umlagestreit.pdf", organisation_id=verband)
        db.session.commit()
    page = anna.get(f"/stellen/{verband}")
    assert "Umlagestreit.pdf" in page.soup.select_one("section[aria-labelledby=history]").get_text()
    for words in ("Verbandsvorsteherin", "Birgit Brandt", "Satzung anfordern", "2 Einträge", "mit Cölbe"):
        assert words in page.main
    assert page.soup.select(f"a[href*='/beratungen/neu'][href*='kommune={verband}']")
    assert "1 Eintrag" in rita.get(f"/stellen/{verband}").main
    hidden = ada.get(f"/stellen/{verband}").main
    assert "Brandt" not in hidden
    assert "Satzung" not in hidden
    assert "Umlagestreit" not in hidden


def test_a_long_name_whose_key_is_longer_still_is_taken(app, anna):
    page = anna.submit("/stellen/neu", name="ß" * 150, kind="zweckverband")
    assert page.status == 303, page.errors()
    with app.app_context():
        assert factories.place("ß" * 150).sort_key == "s" * 200
