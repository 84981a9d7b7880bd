"""The funding of a group on screen: what the page says, judging, the cost table, the panel."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.cooperations import queries as cooperations
from crm.cooperations.kinds import LegalForm, Step
from crm.db import db, today
from crm.funding import panel, queries, services
from crm.funding.kinds import Judgement
from crm.funding.models import CostRow, RuleSet
from crm.organisations.models import Level, Organisation
from crm.task_fields.models import TaskField
from tests import factories

BAUHOF = ("Cölbe", "Lahntal", "Münchhausen", "Wetter (Hessen)")
WRITING = ("beurteilen", "kosten", "antraege/neu")


@pytest.fixture
def group(app):
    """Number of a group of four, three of which have resolved."""
    with app.app_context():
        over = {"legal_form": LegalForm.AGREEMENT, "term_unlimited": True, "reached_on": date(2026, 2, 4)}
        made = factories.cooperation(*BAUHOF, lead="Cölbe", planned_start=date(2027, 7, 1), **over)
        for name in ("Cölbe", "Münchhausen", "Wetter (Hessen)"):
            factories.step(made, name, Step.RESOLVED, 100)
        db.session.commit()
        return made.id


def url(group, path=""):
    """Address of the funding of a group."""
    return f"/kooperationen/{group}/foerderung" + (f"/{path}" if path else "")


def lamps(page):
    """The conditions as pairs of lamp and title."""
    return [
        (one.select_one(".lamp").get_text(strip=True), one.select_one("h3").get_text(strip=True))
        for one in page.soup.select("ol.conds > li")
    ]


def events(app, name):
    """What was noted under a name."""
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent.changes).where(AuditEvent.name == name)))


def test_the_page_says_what_is_missing_at_whom_since_when(rita, group):
    page = rita.get(url(group))
    assert lamps(page) == [
        ("erfüllt", "Rechtsgrundlage"),
        ("zu klären", "Wesentlicher Teil der Aufgabe"),
        ("erfüllt", "Mindestens drei Partner"),
        ("zu klären", "Dauer mindestens fünf Jahre"),
        ("fehlt", "Einsparung mindestens 15 % im Jahr"),
    ]
    assert page.soup.select("ol.conds .lamp svg"), "a lamp is a sign, a word and a colour"
    assert "2 von 5 Bedingungen erfüllt" in page.main
    assert re.search(r"Kosten vorher: Cölbe, Lahntal, .*\(dabei seit 04\.02\.2026\)", page.main)
    assert "Auch ohne Lahntal erfüllt, dann mit 75.000" in page.main
    assert "Zuwendung, wenn alle Bedingungen erfüllt sind: 100.000" in page.main
    assert "3 von 4 Beschlüssen, es fehlt Lahntal" in page.main
    assert "Kosten von 0 von 4 Partnern" in page.main
    assert "Landrat als Behörde der Landesverwaltung (Landkreis Marburg-Biedenkopf)" in page.main
    assert not page.soup.select("main a[href$=beurteilen], main a[href$=kosten], main a[href$=neu]")


def test_a_day_without_rules_says_so_and_offers_to_enter_them(app, anna, mara, group):
    with app.app_context():
        db.session.scalars(select(RuleSet).where(RuleSet.name == "Regelwerk 2021")).one().valid_to = date(
            2026, 1, 1
        )
        db.session.commit()
    page = anna.get(url(group))
    assert f"Für den {today():%d.%m.%Y} ist kein Regelwerk bekannt" in page.main
    assert "Die Leitung trägt ein" in page.main
    assert not page.soup.select("main a[href='/foerderregeln/neu']")
    assert mara.get(url(group)).soup.select("main a[href='/foerderregeln/neu']")
    assert "kein Regelwerk" in anna.get(f"/kooperationen/{group}").main


def test_the_end_of_the_rules_is_said_as_long_as_nothing_is_submitted(app, rita, mara, group):
    ends = "„Regelwerk 2021“ endet am 31.12.2026. Eine Nachfolge ist noch nicht eingetragen."
    assert ends in rita.get(url(group)).main
    mara.submit("/foerderregeln/neu", name="Regelwerk 2027", valid_from="1.1.2027")
    assert "endet am" not in rita.get(url(group)).main


def test_a_registry_office_is_not_fundable_any_more(app, rita, group):
    with app.app_context():
        field = db.session.scalars(select(TaskField).where(TaskField.name == "Standesamt")).one()
        made = cooperations.one(group)
        made.task_fields.append(field)
        db.session.commit()
    for page in (url(group), f"/kooperationen/{group}"):
        shown = rita.get(page).main
        assert "„Standesamt“ ist nur in Anträgen bis 31.12.2010 förderfähig." in shown
        assert "und nichts mehr zu prüfen ist:" in shown


def test_a_delegation_that_runs_without_approval_is_named(app, rita, group):
    with app.app_context():
        made = cooperations.one(group)
        made.legal_form = LegalForm.DELEGATION
        for name in BAUHOF:
            factories.step(made, name, Step.ACTIVE, 3)
        db.session.commit()
    assert "es fehlt, was ihre Rechtsform braucht: Genehmigung" in rita.get(url(group)).main


def test_conditions_are_judged_on_screen(app, anna, group):
    typed = {
        "substantial": "yes", "substantial_note": "Alles außer Friedhof.", "amount": "90.000,00 €",
        "amount_reason": "Mit dem Ministerium besprochen.",
    }  # fmt: skip
    page = anna.submit(url(group, "beurteilen"), **typed, follow=True)
    assert "Beurteilung gespeichert." in page.soup.get_text()
    assert "Alles außer Friedhof." in page.main
    assert "Zuwendung, wenn alle Bedingungen erfüllt sind: 90.000" in page.main
    assert "Berechnet: 100.000" in page.main
    [change] = events(app, "funding.judged")
    assert "Friedhof" not in str(change), "free text is not stored a second time"
    assert anna.get(url(group, "beurteilen")).fields()["amount"] == ["90.000"]
    page = anna.submit(url(group, "beurteilen"), substantial="open", amount="", amount_reason="", follow=True)
    assert "Zuwendung, wenn alle Bedingungen erfüllt sind: 100.000" in page.main


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"amount": "90000"}, "warum eine andere Summe"),
        ({"amount": "-1", "amount_reason": "x"}, "kann nicht negativ sein"),
        ({"amount": "100.000.001", "amount_reason": "x"}, "Mehr als 100 Millionen"),
        ({"amount": "12.5"}, "Schreiben Sie sie so: 1.234,56"),
        ({"brigades": "0"}, "zwischen 1 und 200"),
        ({"substantial": "maybe"}, "Ungültige Auswahl"),
    ],
)
def test_a_wrong_judgement_is_refused_and_kept(app, anna, group, typed, words):
    page = anna.submit(url(group, "beurteilen"), **typed, few_partners_reason="Insellage.")
    assert page.status == 422
    assert words in " ".join(page.errors())
    assert page.fields()["few_partners_reason"] == ["Insellage."]
    assert events(app, "funding.judged") == []


@pytest.mark.parametrize("who", ["rita", "emil", "ada"])
@pytest.mark.parametrize("path", WRITING)
def test_whoever_does_not_advise_writes_nothing(request, group, who, path):
    client = request.getfixturevalue(who)
    assert client.get(url(group, path)).status == 403
    assert client.post(url(group, path), version="0").status == 403


def test_the_first_judgement_of_two_is_not_lost(app, anna, bert, group):
    form = anna.get(url(group, "beurteilen")).fields()
    bert.submit(url(group, "beurteilen"), substantial="yes", substantial_note="Bert sagt ja.")
    page = anna.post(url(group, "beurteilen"), form | {"substantial_note": ["Anna sagt nein."]})
    assert page.status == 409
    assert "Bert Braun" in page.main
    assert "Bert sagt ja." in page.main
    with app.app_context():
        assert queries.plan_of(group).substantial_note == "Bert sagt ja."


def numbers(app, group):
    """Numbers of the partners by name."""
    with app.app_context():
        return {one.organisation_name: one.id for one in cooperations.one(group).partners}


def test_the_cost_table_is_one_form_and_the_saving_follows(app, anna, group):
    ids, typed = numbers(app, group), {}
    for name in BAUHOF:
        typed |= {f"staff_before_{ids[name]}": "100.000", f"material_before_{ids[name]}": "50000,50"}
    page = anna.submit(url(group, "kosten"), **typed, cost_after="480.000 €", follow=True)
    assert "Kosten gespeichert." in page.soup.get_text()
    assert "Einsparung: 20,0 %. Vorher 600.002" in page.main
    assert ("erfüllt", "Einsparung mindestens 15 % im Jahr") in lamps(page)
    [change] = events(app, "funding.costs-changed")
    assert "Lahntal: 100.000" in change["funding"][1]
    with app.app_context():
        row = queries.costs_of(group)[ids["Lahntal"]]
        assert (row.staff_before, row.material_before) == (Decimal(100_000), Decimal("50000.50"))


def test_a_wrong_cell_is_refused_and_the_others_are_kept(app, anna, group):
    ids = numbers(app, group)
    first, second = f"staff_before_{ids['Cölbe']}", f"staff_after_{ids['Lahntal']}"
    page = anna.submit(url(group, "kosten"), **{first: "1.234,5", second: "-7"})
    assert page.status == 422
    assert page.errors()[0] == "Lahntal: Personal nachher: Eine Summe kann nicht negativ sein."
    assert (page.fields()[first], page.fields()[second]) == (["1.234,5"], ["-7"])
    with app.app_context():
        assert db.session.scalars(select(CostRow)).all() == []


def test_two_fill_in_the_same_table_and_the_second_is_told(app, anna, bert, group):
    ids = numbers(app, group)
    mine, theirs = f"staff_before_{ids['Cölbe']}", f"staff_before_{ids['Lahntal']}"
    form = anna.get(url(group, "kosten")).fields()
    bert.submit(url(group, "kosten"), **{theirs: "200", mine: "100"})
    page = anna.post(url(group, "kosten"), form | {mine: ["150"]})
    assert page.status == 409
    assert page.fields()[theirs] == ["200"], "what only the colleague changed is taken over"
    assert "Cölbe: Personal vorher" in page.main
    page = anna.post(url(group, "kosten"), page.fields() | {f"keep-{mine}": ["mine"], mine: ["150"]})
    assert page.status == 303
    with app.app_context():
        costs = queries.costs_of(group)
        assert [costs[ids[name]].staff_before for name in ("Cölbe", "Lahntal")] == [150, 200]


def test_a_partner_the_form_does_not_know_keeps_its_costs(app, anna, group):
    ids = numbers(app, group)
    with app.app_context():
        values = dict.fromkeys(services.COSTS) | {"staff_before": Decimal(7)}
        services.set_costs(cooperations.one(group), {ids["Lahntal"]: values}, None, factories.member("anna"))
        db.session.commit()
    form = anna.get(url(group, "kosten")).fields()
    sent = {name: value for name, value in form.items() if not name.endswith(f"_{ids['Lahntal']}")}
    assert anna.post(url(group, "kosten"), sent).status == 303
    with app.app_context():
        assert queries.costs_of(group)[ids["Lahntal"]].staff_before == Decimal(7)


def test_a_mistaken_partner_takes_its_costs_along(app, anna, group):
    number = numbers(app, group)["Lahntal"]
    anna.submit(url(group, "kosten"), **{f"staff_before_{number}": "7"})
    assert anna.submit(f"/kooperationen/{group}/partner/{number}/entfernen").status == 303
    with app.app_context():
        assert db.session.scalars(select(CostRow)).all() == []
    assert anna.get(url(group)).status == 200


def test_a_group_without_partners_has_no_table(app, anna, group):
    with app.app_context():
        made = cooperations.one(group)
        for name in BAUHOF:
            factories.step(made, name, Step.DECLINED, 1)
        db.session.commit()
    assert anna.get(url(group, "kosten")).status == 200
    assert lamps(anna.get(url(group)))[2] == ("fehlt", "Mindestens drei Partner")


def test_the_panel_asks_four_questions_and_leads_to_the_page(app, rita, group):
    with app.test_request_context("/"):
        made, user = cooperations.one(group), factories.member("rita")
        with rita._watched() as statements:
            found = panel.of(user, made)
        assert len(statements) <= 4, "\n".join(statements)
        assert found["funding"].fulfilled == 2
        assert found["application_state"] is None
    page = rita.get(f"/kooperationen/{group}")
    assert "2 von 5 Bedingungen erfüllt" in page.main
    assert page.soup.select(f"main a[href='{url(group)}']")


@pytest.mark.parametrize("path", ["", *WRITING, "antraege/1/station", "stationen/1/entfernen", "pflichten/1"])
def test_a_group_that_does_not_exist_is_not_found(anna, path):
    assert anna.get(url(4711, path)).status == 404


def test_what_belongs_to_another_group_is_not_found(app, anna, group):
    with app.app_context():
        other = factories.cooperation("Marburg", "Gladenbach", title="Andere")
        one = factories.application(other)
        db.session.commit()
        number = one.id
    for path in ("bearbeiten", "entfernen", "station", "unterlagen", "pflichten/neu"):
        assert anna.get(url(group, f"antraege/{number}/{path}")).status == 404, path
    assert "Noch kein Antrag" in anna.get(f"{url(group)}?antrag={number}").main


def test_a_large_group_costs_as_few_statements_as_a_small_one(app, rita, group):
    small = len(rita.get(url(group)).statements)
    with app.app_context():
        names = (
            select(Organisation.name)
            .where(Organisation.on(today()), Organisation.level == Level.COUNTY)
            .order_by(Organisation.id)
            .limit(20)
        )
        places = list(db.session.scalars(names))
        large = factories.cooperation(*places, title="Groß", lead=places[0])
        one = factories.application(large)
        db.session.commit()
        number, days = large.id, one.submitted_on
    assert len(rita.get(url(number)).statements) <= small + 3
    assert today() - days == timedelta(days=30)


def test_every_judgement_has_an_answer():
    assert [str(one.label) for one in Judgement]
