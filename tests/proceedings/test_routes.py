"""Contract, studies, approvals and notices over the web: the four questions of every form, and the page."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.audit import history_of
from crm.cooperations.kinds import LegalForm, Stage, Step
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.funding.models import Application
from crm.proceedings.models import Answer, Approval, ApprovalKind, Study, StudyState
from tests import factories

DAY, LATER = f"{today() - timedelta(days=12):%d.%m.%Y}", f"{today() + timedelta(days=12):%d.%m.%Y}"
LANDRAT = "Landrat als Behörde der Landesverwaltung (Landkreis Marburg-Biedenkopf)"
KRONBERG = {"effective_on": date(2012, 1, 1), "term_until": date(2014, 12, 31)}


def made(app, *places, **over):
    """A group on record; give its number."""
    with app.app_context():
        group = factories.cooperation(*(places or ("Cölbe", "Lahntal")), **over)
        db.session.commit()
        return group.id


def page_of(number):
    """Address of the page."""
    return f"/kooperationen/{number}/verfahren"


def add(app, number, what, **over):
    """Note a study or an approval by the service; give the address of its form."""
    with app.app_context():
        group = db.session.get(Cooperation, number)
        record = getattr(factories, what)(group, **over)
        db.session.commit()
        return f"/kooperationen/{number}/{'studien' if what == 'study' else 'genehmigungen'}/{record.id}"


def stored(app, model, *columns):
    """Some columns of all records of a table."""
    with app.app_context():
        found = db.session.scalars(select(model).order_by(model.id))
        return [tuple(getattr(one, name) for name in columns) for one in found]


def events(app, number):
    """Names of what happened to a group, the newest first."""
    with app.app_context():
        return [event.name for event in history_of(db.session.get(Cooperation, number))]


def section(page, name):
    """What a section of the page says."""
    return " ".join(page.soup.select_one(f"section[aria-labelledby={name}]").get_text(" ").split())


CONTRACT = {
    "legal_form": "mandate", "legal_form_note": "Vereinbarung zur Kasse", "first_contact_on": "1.2.2020",
    "signed_on": "1.3.2021", "effective_on": "1.4.2021", "term_until": "31.3.2031", "renewal_months": "12",
    "notice_months": "6", "termination": "§ 9: sechs Monate", "evaluated_on": DAY,
}  # fmt: skip


def test_a_contract_is_kept_and_its_notice_computed(app, anna, rita):
    number = made(app)
    page = anna.submit(f"/kooperationen/{number}/vertrag", **CONTRACT)
    assert (page.status, page.location) == (303, page_of(number))
    columns = ("legal_form", "signed_on", "term_until", "term_unlimited", "renewal_months", "notice_months")
    assert stored(app, Cooperation, *columns) == [
        (LegalForm.MANDATE, date(2021, 3, 1), date(2031, 3, 31), False, 12, 6)
    ]
    assert events(app, number)[0] == "cooperation.changed"
    said = section(rita.get(page_of(number)), "contract")
    for words in (
        "Mandat", "Vereinbarung zur Kasse", "01.02.2020", "01.03.2021", "01.04.2021", "§ 9: sechs Monate",
        "bis 31.03.2031, verlängert sich um 12 Monate", "Nächste Kündigung bis 30.09.2030 zum 31.03.2031",
        DAY,
    ):  # fmt: skip
        assert words in said, words
    form = anna.get(f"/kooperationen/{number}/vertrag").fields()
    assert (form["term_until"], form["renewal_months"]) == (["31.03.2031"], ["12"])


def test_a_renewed_contract_shows_the_next_notice(app, rita):
    number = made(app, **KRONBERG, renewal_months=36, notice_months=6)
    assert "Kündigung bis 30.06." in section(rita.get(page_of(number)), "contract")


WRONG_CONTRACTS = [
    ("signed_on", LATER, "in der Zukunft"), ("signed_on", "31.2.2020", "Dieses Datum gibt es nicht"),
    ("first_contact_on", LATER, "in der Zukunft"), ("evaluated_on", LATER, "in der Zukunft"),
    ("term_until", "bald", "Schreiben Sie den Tag so"), ("term_until", "1.1.2101", "1900 und 2100"),
    ("renewal_months", "0", "zwischen 1 und 600"), ("renewal_months", "-3", "zwischen 1 und 600"),
    ("renewal_months", "1,5", "ganze Zahlen"), ("renewal_months", "drei", "keine Zahl"),
    ("notice_months", "601", "zwischen 0 und 600"), ("termination", "x" * 301, "höchstens 300 Zeichen"),
    ("legal_form", "verein", "Ungültige Auswahl"), ("legal_form_note", "a\x00b", "Steuerzeichen"),
    ("term_unlimited", "y", "unbefristet oder hat ein Ende"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "words"), WRONG_CONTRACTS)
def test_a_wrong_contract_is_refused_and_kept_on_screen(app, anna, name, value, words):
    number = made(app)
    page = anna.submit(f"/kooperationen/{number}/vertrag", **CONTRACT | {name: value})
    assert page.status == 422
    assert words in " ".join(page.errors())
    assert page.fields()["termination" if name != "termination" else "signed_on"] != [""]
    assert stored(app, Cooperation, "legal_form", "signed_on") == [(None, None)]


def test_days_out_of_order_are_saved_and_named(app, anna):
    number = made(app)
    odd = {"signed_on": DAY, "effective_on": "1.1.2020", "term_until": "1.1.2019"}
    assert anna.submit(f"/kooperationen/{number}/vertrag", **odd).status == 303
    said = section(anna.get(page_of(number)), "odd")
    assert "gilt aber schon seit 01.01.2020" in said
    assert "beginnt aber erst am 01.01.2020" in said


def test_two_who_change_the_contract_are_told(app, anna, bert):
    number = made(app, signed_on=date(2020, 1, 1))
    form = f"/kooperationen/{number}/vertrag"
    mine = anna.get(form).fields()
    assert bert.submit(form, signed_on="1.2.2020", notice_months="3").status == 303
    page = anna.post(form, mine | {"signed_on": ["1.3.2020"]})
    assert page.status == 409
    assert "Bert Braun" in page.main
    assert "01.02.2020" in page.main
    assert page.fields()["notice_months"] == ["3"]
    assert stored(app, Cooperation, "signed_on") == [(date(2020, 2, 1),)]


STUDY = {
    "title": "Bauhof im Ohmtal", "state": "begun", "contractor": "Büro Nord", "cost": "60.000",
    "grant": "1.234,56", "begun_on": DAY, "result": "Drei Modelle",
}  # fmt: skip


def test_a_study_is_noted_changed_and_removed(app, anna, rita):
    number = made(app)
    page = anna.submit(f"/kooperationen/{number}/studien/neu", **STUDY)
    assert (page.status, page.location) == (303, page_of(number))
    assert stored(app, Study, "title", "state", "cost", "grant") == [
        ("Bauhof im Ohmtal", StudyState.BEGUN, Decimal(60_000), Decimal("1234.56"))
    ]
    assert stored(app, Cooperation, "stage") == [(Stage.STUDY,)]
    said = section(rita.get(page_of(number)), "studies")
    for words in ("Bauhof im Ohmtal", "Büro Nord", "Drei Modelle", "60.000 €", "1.234,56 €", f"ab {DAY}"):
        assert words in said, words
    form = anna.get(page_of(number)).soup.select_one("main a[href*='/studien/']:not([href$=neu])")["href"]
    assert anna.get(form).fields()["grant"] == ["1.234,56"]
    anna.submit(form, finished_on=LATER)
    assert f"ab {DAY}, erwartet bis {LATER}" in section(rita.get(page_of(number)), "studies")
    refused = anna.submit(form, state="finished")
    assert "in der Zukunft" in " ".join(refused.errors())
    assert anna.submit(form, state="finished", finished_on=DAY).status == 303
    assert stored(app, Cooperation, "stage", "study_since") == [(Stage.IDEA, None)]
    assert "Bauhof im Ohmtal" in anna.get(f"{form}/entfernen").main
    question = f"{form}/entfernen"
    stale = anna.post(question, anna.get(question).fields() | {"version": "9"})
    assert "inzwischen geändert" in stale.main
    assert anna.submit(question).location == page_of(number)
    assert stored(app, Study, "id") == []
    assert events(app, number)[:3] == ["study.removed", "study.changed", "study.changed"]
    assert [anna.get(form).status, anna.post(f"{form}/entfernen").status] == [404, 404]


AMOUNTS = [
    ("1234.5", "keine Zahl"), ("12,345", "höchstens 2"), ("-5", "nicht negativ"), ("−5", "nicht negativ"),
    ("100000000,01", "100 Millionen"), ("9" * 30, "keine Zahl"), ("1.23,4", "keine Zahl"),
    ("NaN", "keine Zahl"), ("1e5", "keine Zahl"), ("12 345 €x", "keine Zahl"), ("١٢", "keine Zahl"),
    ("5\x00", "Steuerzeichen"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "words"), AMOUNTS)
@pytest.mark.parametrize("name", ["cost", "grant"])
def test_a_wrong_sum_is_refused_and_kept_on_screen(app, anna, name, typed, words):
    number = made(app)
    page = anna.submit(f"/kooperationen/{number}/studien/neu", **STUDY | {name: typed})
    assert page.status == 422
    assert words in " ".join(page.errors())
    assert page.fields()["title"] == ["Bauhof im Ohmtal"]
    if "\x00" not in typed:
        assert page.fields()[name] == [typed]
    assert stored(app, Study, "id") == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1.234,56", "1234.56"), ("1234,5", "1234.5"), ("1 234", "1234"), ("75.000 €", "75000"),
        ("0", "0"), ("100.000.000", "100000000"), ("12.345", "12345"),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_germans_write_it(app, anna, typed, kept):
    number = made(app)
    assert anna.submit(f"/kooperationen/{number}/studien/neu", **STUDY | {"cost": typed}).status == 303
    assert stored(app, Study, "cost") == [(Decimal(kept),)]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("title", " \u00a0", "Geben Sie der Studie einen Titel"),
        ("title", "x" * 201, "höchstens 200 Zeichen"),
        ("state", "", "wie weit die Studie ist"), ("state", "x", "Ungültige Auswahl"),
        ("begun_on", LATER, "beginnt erst nach heute"),
        ("finished_on", "31.2.2030", "Dieses Datum gibt es nicht"),
        ("repaid_on", LATER, "in der Zukunft"), ("begun_on", "30.2.2026", "Dieses Datum gibt es nicht"),
        ("result", "x" * 1001, "höchstens 1000 Zeichen"),
    ],
)  # fmt: skip
def test_a_wrong_study_is_refused_and_kept_on_screen(app, anna, name, value, words):
    number = made(app)
    page = anna.submit(f"/kooperationen/{number}/studien/neu", **STUDY | {name: value})
    assert page.status == 422
    assert words in " ".join(page.errors())
    assert page.fields()["contractor"] == ["Büro Nord"]
    assert stored(app, Study, "id") == []


def test_two_who_change_a_study_are_told(app, anna, bert):
    number = made(app)
    form = add(app, number, "study", contractor="Alt")
    mine = anna.get(form).fields()
    bert.submit(form, contractor="Bert & Co", cost="5")
    add(app, number, "approval")
    page = anna.post(form, mine | {"contractor": ["Anna AG"]})
    assert page.status == 409
    assert "Bert Braun" in page.main
    assert "Bert & Co" in page.main
    assert page.fields()["cost"] == ["5"]
    assert stored(app, Study, "contractor") == [("Bert & Co",)]


@pytest.mark.parametrize("kind", ["studien", "genehmigungen"])
def test_a_form_sent_twice_makes_one_record(app, anna, kind):
    number = made(app)
    form = f"/kooperationen/{number}/{kind}/neu"
    sent = anna.get(form).fields() | (STUDY if kind == "studien" else {"kind": "approval"})
    assert [anna.post(form, sent).status for _time in range(3)] == [303] * 3
    assert len(stored(app, Study if kind == "studien" else Approval, "id")) == 1


@pytest.mark.parametrize("halt", [Stage.ENDED, Stage.ABANDONED])
def test_a_study_that_led_to_nothing_asks_whether_its_grant_is_owed(app, anna, halt):
    number = made(app)
    add(app, number, "study", state=StudyState.FINISHED, grant=Decimal(20_000))
    hint, tab, overview = "Rückzahlung prüfen", page_of(number), f"/kooperationen/{number}"
    assert hint not in anna.get(tab).main
    with app.app_context():
        group = db.session.get(Cooperation, number)
        group.halt = group.stage = halt
        group.halt_reason = "Zu teuer"
        db.session.commit()
    assert [hint in anna.get(url).main for url in (tab, overview)] == [True, True]
    with app.app_context():
        db.session.add(Application(cooperation_id=number, granted=Decimal(1)))
        db.session.commit()
    assert [hint in anna.get(url).main for url in (tab, overview)] == [False, False]


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"repay_due_on": today() - timedelta(days=1)}, "Rückzahlung überfällig war fällig am"),
        ({"repay_due_on": today() + timedelta(days=1)}, "Rückzahlung fällig bis"),
        ({"repay_due_on": today(), "repaid_on": today()}, "zurückgezahlt am"),
    ],
)
def test_a_repayment_is_shown_until_it_is_made(app, rita, over, words):
    number = made(app)
    add(app, number, "study", state=StudyState.FINISHED, grant=Decimal(1), **over)
    assert words in section(rita.get(page_of(number)), "studies")


def test_the_legal_form_presets_what_is_asked(app, anna):
    for form, kind in (("mandate", "notice"), ("delegation", "approval"), ("commission", "consent")):
        number = made(app, title=form, legal_form=LegalForm(form))
        assert anna.get(f"/kooperationen/{number}/genehmigungen/neu").fields()["kind"] == [kind]
    assert "Diese Rechtsform braucht eine Zustimmung." in anna.get(page_of(number)).main
    assert f"Zuständig: {LANDRAT}." in anna.get(page_of(number)).main


def test_an_approval_is_noted_answered_and_removed(app, anna, rita):
    number = made(app)
    page = anna.submit(f"/kooperationen/{number}/genehmigungen/neu", kind="approval", sent_on=DAY)
    assert (page.status, page.location) == (303, page_of(number))
    assert stored(app, Approval, "kind", "authority", "authority_reason") == [
        (ApprovalKind.APPROVAL, LANDRAT, None)
    ]
    said = section(rita.get(page_of(number)), "approvals")
    assert LANDRAT in said
    assert "seit 12 Tagen offen" in said
    form = anna.get(page_of(number)).soup.select_one("main a[href*='/genehmigungen/']:not([href$=neu])")[
        "href"
    ]
    assert anna.get(form).fields()["authority"] == [""]
    assert anna.submit(form, answered_on=DAY, answer="granted", note="Ohne Auflagen").status == 303
    assert stored(app, Approval, "answer", "authority") == [(Answer.GRANTED, LANDRAT)]
    said = section(rita.get(page_of(number)), "approvals")
    assert "erteilt" in said
    assert "Ohne Auflagen" in said
    assert "offen" not in said
    assert "Genehmigung" in anna.get(f"{form}/entfernen").main
    question = f"{form}/entfernen"
    stale = anna.post(question, anna.get(question).fields() | {"version": "9"})
    assert "inzwischen geändert" in stale.main
    assert anna.submit(question).location == page_of(number)
    assert stored(app, Approval, "id") == []
    assert events(app, number)[:3] == ["approval.removed", "approval.changed", "approval.recorded"]
    assert [anna.get(form).status, anna.post(f"{form}/entfernen").status] == [404, 404]


def test_another_authority_is_shown_with_its_reason(app, anna):
    number = made(app)
    named = {"kind": "approval", "authority": "RP Kassel", "authority_reason": "Vom Ministerium bestimmt"}
    assert anna.submit(f"/kooperationen/{number}/genehmigungen/neu", **named).status == 303
    said = section(anna.get(page_of(number)), "approvals")
    assert "RP Kassel" in said
    assert "Vom Ministerium bestimmt" in said
    form = anna.get(page_of(number)).soup.select_one("main a[href*='/genehmigungen/']:not([href$=neu])")[
        "href"
    ]
    assert anna.get(form).fields()["authority"] == ["RP Kassel"]
    assert anna.submit(form, authority="", authority_reason="", sent_on=DAY).status == 303
    assert stored(app, Approval, "authority", "authority_reason") == [(LANDRAT, None)]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"kind": ""}, "worum es geht"), ({"kind": "x"}, "Ungültige Auswahl"),
        ({"sent_on": LATER}, "in der Zukunft"), ({"answered_on": LATER}, "in der Zukunft"),
        ({"authority": "RP Kassel"}, "warum diese Behörde zuständig ist"),
        ({"authority_reason": "So bestimmt"}, "dann gilt die berechnete"),
        ({"authority": "x" * 101, "authority_reason": "x"}, "höchstens 100 Zeichen"),
        ({"note": "x" * 501}, "höchstens 500 Zeichen"), ({"answer": "vielleicht"}, "Ungültige Auswahl"),
    ],
)  # fmt: skip
def test_a_wrong_approval_is_refused_and_kept_on_screen(app, anna, sent, words):
    number = made(app)
    form = f"/kooperationen/{number}/genehmigungen/neu"
    page = anna.submit(form, **{"kind": "notice", "note": "Eilt"} | sent)
    assert page.status == 422
    assert words in " ".join(page.errors())
    assert page.fields()["note"] == [sent.get("note", "Eilt")]
    assert stored(app, Approval, "id") == []


def test_two_who_change_an_approval_are_told(app, anna, bert):
    number = made(app)
    form = add(app, number, "approval", note="Alt")
    mine = anna.get(form).fields()
    bert.submit(form, note="Von Bert", sent_on=DAY)
    page = anna.post(form, mine | {"note": ["Von Anna"]})
    assert page.status == 409
    assert "Von Bert" in page.main
    assert page.fields()["sent_on"] == [DAY]
    assert stored(app, Approval, "note") == [("Von Bert",)]


@pytest.mark.parametrize("who", ["rita", "emil"])
def test_who_only_reads_sees_all_and_changes_nothing(request, app, who):
    number = made(app)
    client = request.getfixturevalue(who)
    forms = [add(app, number, "study"), add(app, number, "approval"), f"/kooperationen/{number}/vertrag"]
    page = client.get(page_of(number))
    assert page.status == 200
    assert "Machbarkeit" in page.main
    assert not page.soup.select(
        "main a[href*='/studien/'], main a[href*='/genehmigungen/'], main a[href$=vertrag]"
    )
    for form in forms:
        assert [client.get(form).status, client.post(form).status] == [403, 403]


def test_the_authority_and_its_reasons_stand_beside(app, rita):
    number = made(app, "Cölbe", "Lahntal", "Frankfurt am Main")
    said = section(rita.get(page_of(number)), "supervision")
    assert "Ministerium des Innern" in said
    assert "Frankfurt am Main ist Mitglied" in said
    with app.app_context():
        group = db.session.get(Cooperation, number)
        factories.step(group, "Frankfurt am Main", Step.DECLINED)
        group.legal_form = LegalForm.MERGER
        db.session.commit()
    said = section(rita.get(page_of(number)), "supervision")
    assert LANDRAT in said
    assert "Eine Fusion genehmigt die obere Aufsichtsbehörde: Regierungspräsidium Gießen" in said


def test_an_empty_page_says_what_will_stand_here(app, rita):
    page = rita.get(page_of(made(app)))
    for words in ("Noch nichts gesendet oder geplant", "Noch keine Studie"):
        assert words in page.main
    assert page.soup.select_one("#odd") is None
    assert page.soup.title.get_text().startswith("Gemeinsamer Bauhof: Vertrag und Verfahren")


def test_the_overview_shows_contract_open_approvals_and_studies(app, rita):
    number = made(app, **KRONBERG, renewal_months=36, notice_months=6, legal_form=LegalForm.MANDATE)
    add(app, number, "study")
    add(app, number, "approval", sent_on=today() - timedelta(days=3))
    add(app, number, "approval", kind=ApprovalKind.CONSENT, answer=Answer.GRANTED)
    said = section(rita.get(f"/kooperationen/{number}"), "proceedings")
    for words in (
        "Mandat",
        "Kündigung bis",
        "wirksam seit 01.01.2012",
        "seit 3 Tagen offen",
        "Machbarkeit",
        "in Arbeit",
    ):
        assert words in said, words
    assert "Zustimmung" not in said


@pytest.mark.parametrize(
    "path", ["verfahren", "vertrag", "studien/neu", "genehmigungen/neu", "studien/1", "genehmigungen/1"]
)
def test_what_is_not_there_is_not_found(anna, path):
    assert anna.get(f"/kooperationen/999/{path}").status == 404


def test_a_study_of_another_group_is_not_found(app, anna):
    first, second = made(app), made(app, title="Andere")
    for kind in ("study", "approval"):
        form = add(app, first, kind).replace(f"/{first}/", f"/{second}/", 1)
        assert [anna.get(form).status, anna.get(f"{form}/entfernen").status] == [404, 404]
        assert [anna.post(form).status, anna.post(f"{form}/entfernen").status] == [404, 404]


def test_a_contract_to_come_is_not_said_to_be_in_force(app, anna):
    with app.app_context():
        ahead, past = today() + timedelta(days=40), today() - timedelta(days=40)
        coming = factories.cooperation(title="Kommt", effective_on=ahead).id
        running = factories.cooperation(title="Gilt", effective_on=past).id
        db.session.commit()
    assert f"wirksam ab {ahead:%d.%m.%Y}" in anna.get(f"/kooperationen/{coming}").main
    assert f"wirksam seit {past:%d.%m.%Y}" in anna.get(f"/kooperationen/{running}").main
