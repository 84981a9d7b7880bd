"""Groups on screen, through the pages: add, look, report, correct, set aside, remove."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.cooperations.kinds import PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation, Partner, PartnerStep
from crm.db import db, today
from crm.resolutions.models import Resolution, Result
from crm.task_fields import queries as task_fields
from tests import factories

DAY = f"{today() - timedelta(days=12):%d.%m.%Y}"


def made(app, *places, **over):
    """A group on record; give its number and the numbers of its partners by name."""
    with app.app_context():
        group = factories.cooperation(*places, **over)
        db.session.commit()
        return group.id, {one.organisation_name: one.id for one in group.partners}


def groups(app):
    """All groups as (title, stage, partners)."""
    with app.app_context():
        found = db.session.scalars(select(Cooperation).order_by(Cooperation.id))
        return [(one.title, one.stage, one.places) for one in found]


def steps_of(app, partner_id):
    """The steps of a partner as (step, day, note)."""
    with app.app_context():
        query = select(PartnerStep).where(PartnerStep.partner_id == partner_id).order_by(PartnerStep.id)
        return [(one.step, one.reached_on, one.note) for one in db.session.scalars(query)]


def address(group_id, partner_id, step):
    """Where a cell of the matrix leads."""
    return f"/kooperationen/{group_id}/partner/{partner_id}/stand/{step}"


def test_a_group_is_added_with_typed_partners(app, anna):
    fields = {
        "title": "Archivverbund Ohmtal", "organisations-text": "coelbe, Lahntal; kirchhain",
        "lead-text": "Kirchhain", "task_fields-text": "Archiv", "reached_on": DAY,
    }  # fmt: skip
    page = anna.submit("/kooperationen/neu", **fields, follow=True)
    assert page.status == 200, page.errors()
    assert "Archivverbund Ohmtal" in page.main
    assert groups(app) == [("Archivverbund Ohmtal", Stage.IDEA, ["Kirchhain", "Cölbe", "Lahntal"])]
    with app.app_context():
        lead = db.session.scalars(select(Partner).where(Partner.role == PartnerRole.LEAD)).one()
        assert lead.organisation_name == "Kirchhain"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": " "}, "Geben Sie der Kooperation einen Titel"),
        ({"organisations-text": "Entenhausen"}, "„Entenhausen“ ist keine Kommune"),
        ({"organisations-text": "Weter"}, "Meinten Sie"),
        ({"reached_on": "morgen"}, "Der Tag liegt in der Zukunft"),
        ({"reached_on": "31.02.2026"}, "Dieses Datum gibt es nicht"),
        ({"lead-text": "Cölbe, Lahntal"}, "Wählen Sie nur"),
        ({"organisations-text": "Bromskirchen"}, "gehört seit 01.01.2023 zu Allendorf (Eder)"),
    ],
)
def test_a_wrong_form_says_why_and_keeps_what_was_typed(app, anna, fields, message):
    good = {"title": "Bauhof", "organisations-text": "Cölbe", "note": "Ein Satz."}
    page = anna.submit("/kooperationen/neu", **(good | fields))
    assert page.status == 422
    assert any(message in one for one in page.errors()), page.errors()
    assert page.fields()["note"] == ["Ein Satz."]
    assert groups(app) == []


def test_a_group_of_the_same_title_is_shown_first(app, anna):
    made(app, title="Gemeinsamer Bauhof")
    page = anna.submit("/kooperationen/neu", title="gemeinsamer  bauhof", **{"organisations-text": "Cölbe"})
    assert "gibt es schon eine Kooperation" in page.main
    again = anna.post("/kooperationen/neu", page.fields())
    assert again.status == 303
    assert len(groups(app)) == 2


def test_sent_twice_is_one_group(app, anna):
    fields = anna.get("/kooperationen/neu").fields() | {"title": "Bauhof", "organisations-text": "Cölbe"}
    one, two = (anna.post("/kooperationen/neu", fields) for _turn in range(2))
    assert one.location == two.location
    assert len(groups(app)) == 1


def test_a_group_begins_from_a_talk(app, anna):
    with app.app_context():
        talk = factories.talk("Lahntal", "Cölbe", days_ago=5)
        db.session.commit()
        talk_id = talk.id
    page = anna.submit(f"/kooperationen/neu?beratung={talk_id}", title="Bauhof", follow=True)
    assert groups(app) == [("Bauhof", Stage.SEARCH, ["Lahntal", "Cölbe"])]
    assert f"/beratungen/{talk_id}" in page.html


def test_the_page_says_for_whom_the_group_waits(app, anna):
    with app.app_context():
        group = factories.cooperation(lead="Cölbe")
        for name in ("Cölbe", "Wetter (Hessen)"):
            factories.step(group, name, Step.INTERESTED, 20)
        factories.step(group, "Lahntal", Step.CANDIDATE, 71)
        factories.resolution(group, "Lahntal", 14)
        db.session.commit()
        number = group.id
    page = anna.get(f"/kooperationen/{number}")
    line = page.soup.select_one(".stage-line").get_text(" ", strip=True)
    assert "Partnersuche" in line
    assert "Wartet auf" in line
    assert "Lahntal" in line
    assert "seit 71 Tagen" in line
    assert f"{today() + timedelta(days=14):%d.%m.%Y}" in line
    assert "Landrat" in page.main
    assert len(page.soup.select(".matrix tbody tr")) == 3


def test_a_step_is_one_click_on_a_cell_and_a_day(app, anna):
    number, partners = made(app)
    page = anna.get(f"/kooperationen/{number}")
    url = address(number, partners["Lahntal"], "interested")
    assert (
        page.soup.select_one(f'.matrix a[href="{url}"]')["aria-label"] == "Lahntal: „interessiert“ eintragen"
    )
    saved = anna.submit(url, reached_on=DAY, note="Brief der Bürgermeisterin", follow=True)
    assert f"Lahntal: interessiert seit {DAY}." in saved.main
    assert steps_of(app, partners["Lahntal"])[-1] == (
        Step.INTERESTED, today() - timedelta(days=12), "Brief der Bürgermeisterin",
    )  # fmt: skip
    history = anna.get(f"/kooperationen/{number}/aenderungen").main
    assert "Stand eines Partners gemeldet" in history
    assert "Brief der Bürgermeisterin" not in history


def test_a_second_look_at_a_cell_corrects_it(app, anna):
    number, partners = made(app)
    url = address(number, partners["Lahntal"], "candidate")
    anna.submit(url, reached_on=DAY)
    assert len(steps_of(app, partners["Lahntal"])) == 1
    assert steps_of(app, partners["Lahntal"])[0][1] == today() - timedelta(days=12)
    stale = {"number": "999"}
    page = anna.post(f"{url}/zurueck", stale, follow=True)
    assert "inzwischen geändert oder zurückgenommen" in page.text
    assert len(steps_of(app, partners["Lahntal"])) == 1
    anna.submit(url, form=1, to=f"{url}/zurueck")
    assert steps_of(app, partners["Lahntal"]) == []


def day(ago):
    return f"{today() - timedelta(days=ago):%d.%m.%Y}"


def test_whoever_comes_back_keeps_what_was_before(app, anna):
    number, partners = made(app)
    for step, ago in (("interested", 90), ("declined", 60)):
        anna.submit(address(number, partners["Lahntal"], step), reached_on=day(ago))
    link = anna.get(f"/kooperationen/{number}").soup.select_one("a[aria-label='Lahntal macht wieder mit']")
    for typed in ("", day(80)):
        page = anna.submit(link["href"], reached_on=typed)
        assert (page.status, page.errors()[:1]) == (
            422, [f"Lahntal: abgesagt {day(60)}. Geben Sie für die Rückkehr einen späteren Tag an."]
        )  # fmt: skip
    assert anna.submit(link["href"], reached_on=day(30)).status == 303
    anna.submit(address(number, partners["Lahntal"], "declined"), reached_on=day(9))
    found = [(step, taken) for step, taken, _note in steps_of(app, partners["Lahntal"])]
    assert [(one, taken) for one, taken in found if one is not Step.CANDIDATE] == [
        (step, today() - timedelta(days=ago))
        for step, ago in (
            (Step.INTERESTED, 90), (Step.DECLINED, 60), (Step.INTERESTED, 30), (Step.DECLINED, 9)
        )
    ]  # fmt: skip


def test_a_session_whose_day_has_come_asks_for_its_result(app, rita):
    number, _partners = made(app)
    with app.app_context():
        group = db.session.get(Cooperation, number)
        factories.resolution(group, "Cölbe", 5)
        factories.resolution(group, "Lahntal", -3)
        db.session.commit()
    rows = rita.get(f"/kooperationen/{number}").soup.select(".matrix tbody tr")
    said = {row.th.a.get_text(): row.get_text(" ", strip=True) for row in rows}
    assert f"Sitzung {day(3)}, Ergebnis fehlt" in said["Lahntal"]
    assert "Ergebnis fehlt" not in said["Cölbe"]


def test_of_several_new_partners_none_leads(app, anna):
    number, _partners = made(app)
    url = f"/kooperationen/{number}/partner/neu"
    assert PartnerRole.LEAD.value not in str(anna.get(url).soup.select_one("[name=role]").parent)
    page = anna.post(url, anna.get(url).fields() | {"organisations-text": "Marburg", "role": "lead"})
    assert page.status == 422
    assert len(groups(app)[0][2]) == 3


def test_a_confidential_talk_leaves_no_trace_in_the_group_made_from_it(app, anna, rita):
    with app.app_context():
        talk = factories.talk("Cölbe", "Lahntal", days_ago=8, confidential=True, by="anna")
        db.session.commit()
        number = talk.id
    anna.submit(f"/kooperationen/neu?beratung={number}", title="Bauhof")
    page = rita.get("/kooperationen/1")
    assert "Cölbe" in page.main
    assert day(8) not in page.main
    assert "Gespräch" not in page.soup.select_one(".matrix").get_text()


def test_a_renamed_task_field_finds_the_group(app, anna, mara):
    with app.app_context():
        field = next(one for one in task_fields.current() if one.name == "Bauhof").id
    made(app, title="Verbund", task_fields=[field])
    mara.submit(f"/aufgabenfelder/{field}/bearbeiten", name="Betriebshof")
    assert "Verbund" in anna.get("/kooperationen/liste?q=betriebshof").main


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("32.01.2026", "gibt es nicht"),
        ("übermorgen", "planen Sie einen Beschluss"),
        ("neulich", "so: 23.11.2026"),
    ],
)
def test_a_wrong_day_is_kept_and_named(app, anna, typed, message):
    number, partners = made(app)
    page = anna.submit(address(number, partners["Lahntal"], "resolved"), reached_on=typed, note="Satz")
    assert page.status == 422
    assert message in page.errors()[-1]
    assert page.fields()["note"] == ["Satz"]
    assert len(steps_of(app, partners["Lahntal"])) == 1


def test_an_empty_day_is_not_known(app, anna):
    number, partners = made(app)
    anna.submit(address(number, partners["Lahntal"], "interested"), reached_on="")
    assert steps_of(app, partners["Lahntal"])[-1][:2] == (Step.INTERESTED, None)
    assert "ohne Tag" in anna.get(f"/kooperationen/{number}").main


def test_the_second_of_two_who_report_the_same_step_is_told(app, anna, bert):
    number, partners = made(app)
    url = address(number, partners["Lahntal"], "interested")
    opened = bert.get(url).fields()
    anna.submit(url, reached_on=DAY)
    page = bert.post(url, opened | {"reached_on": "01.02.2026", "note": "Anruf"})
    assert page.status == 409
    assert "Anna Adler" in page.main
    assert DAY in page.main
    assert "01.02.2026" in page.main
    assert len(steps_of(app, partners["Lahntal"])) == 2
    kept = page.fields() | {"keep-reached_on": ["mine"]}
    assert bert.post(url, kept).status == 303
    assert steps_of(app, partners["Lahntal"])[-1][1].isoformat() == "2026-02-01"


def test_the_second_of_two_who_report_different_steps_is_told_too(app, anna, bert):
    number, partners = made(app)
    opened = bert.get(address(number, partners["Lahntal"], "declined")).fields()
    anna.submit(address(number, partners["Lahntal"], "interested"), reached_on=DAY)
    page = bert.post(address(number, partners["Lahntal"], "declined"), opened)
    assert page.status == 422
    assert "Beide Änderungen sind zusammengeführt" in " ".join(page.errors())
    assert len(steps_of(app, partners["Lahntal"])) == 2


def test_who_left_stays_in_the_table(app, anna):
    number, partners = made(app)
    anna.submit(address(number, partners["Lahntal"], "left"), reached_on=DAY, note="Eigener Bauhof")
    page = anna.get(f"/kooperationen/{number}")
    row = page.soup.select_one(".matrix .is-left").get_text(" ", strip=True)
    assert "Lahntal" in row
    assert f"Ausgeschieden {DAY}" in row
    assert "Eigener Bauhof" in row


def test_partners_are_added_also_from_another_land(app, anna):
    number, _partners = made(app, "Cölbe", "Lahntal")
    fields = {"outside_name": "Bodenfelde", "outside_state": "Niedersachsen", "organisations-text": "Marburg"}
    page = anna.submit(f"/kooperationen/{number}/partner/neu", **fields, follow=True)
    assert "Hinzugefügt: Marburg, Bodenfelde." in page.main
    assert "Gast aus einem anderen Land" in page.main
    assert "Ministerium" in page.main


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "mindestens einen Partner"),
        ({"outside_name": "Bodenfelde"}, "in welchem Land"),
        ({"organisations-text": "Lahntal"}, "Lahntal ist schon Partner"),
        ({"outside_name": "Bodenfelde", "outside_state": "Hessen"}, "Ungültige Auswahl"),
    ],
)
def test_wrong_partners_are_named(app, anna, fields, message):
    number, _partners = made(app, "Cölbe", "Lahntal")
    page = anna.submit(f"/kooperationen/{number}/partner/neu", **fields)
    assert page.status == 422
    assert any(message in one for one in page.errors()), page.errors()


def test_the_lead_is_changed_on_the_page_of_a_partner(app, anna):
    number, partners = made(app, lead="Cölbe")
    page = anna.submit(f"/kooperationen/{number}/partner/{partners['Lahntal']}", role="lead", follow=True)
    assert "Federführend Lahntal" in page.main


def test_a_mistaken_partner_is_taken_out_after_a_question(app, anna):
    number, partners = made(app)
    url = f"/kooperationen/{number}/partner/{partners['Lahntal']}/entfernen"
    assert "nie Partner" in anna.get(url).main
    question = anna.get(url).fields()
    anna.submit(address(number, partners["Lahntal"], "interested"), reached_on=DAY)
    assert "inzwischen geändert" in anna.post(url, question).main
    assert len(groups(app)[0][2]) == 3
    anna.submit(url)
    assert groups(app)[0][2] == ["Cölbe", "Wetter (Hessen)"]
    assert "Lahntal" in anna.get(f"/kooperationen/{number}/aenderungen").main


def test_a_mistaken_partner_takes_its_resolutions_and_costs_along(app, anna):
    number, partners = made(app)
    with app.app_context():
        group = db.session.get(Cooperation, number)
        taken = factories.resolution(group, "Lahntal", -5, result=Result.ADOPTED)
        factories.document(group, resolution_id=taken.id)
        factories.resolution(group, "Lahntal", 9)
        db.session.commit()
    anna.submit(f"/kooperationen/{number}/foerderung/kosten", **{"rows-0-staff_before": "1.000"})
    page = anna.submit(f"/kooperationen/{number}/partner/{partners['Lahntal']}/entfernen")
    assert page.status == 303
    with app.app_context():
        assert db.session.scalars(select(Resolution)).all() == []
        assert db.session.get(Cooperation, number).resolving_since is None


def test_a_partner_of_another_group_is_not_found_here(app, anna):
    one, _mine = made(app, title="Eins")
    _other, partners = made(app, title="Zwei")
    assert anna.get(f"/kooperationen/{one}/partner/{partners['Lahntal']}").status == 404
    assert anna.get(address(one, partners["Lahntal"], "interested")).status == 404
    assert anna.get(address(_other, partners["Lahntal"], "unfug")).status == 404


def test_a_colleagues_saving_is_seen_when_editing(app, anna, bert):
    number, _partners = made(app)
    opened = bert.get(f"/kooperationen/{number}/bearbeiten").fields()
    anna.submit(f"/kooperationen/{number}/bearbeiten", title="Bauhof der Vier")
    page = bert.post(f"/kooperationen/{number}/bearbeiten", opened | {"title": "Bauhof Nord"})
    assert page.status == 409
    assert "Bauhof der Vier" in page.main
    assert "Bauhof Nord" in page.main
    assert groups(app)[0][0] == "Bauhof der Vier"


def test_a_group_rests_and_goes_on(app, anna):
    number, _partners = made(app)
    page = anna.submit(
        f"/kooperationen/{number}/ruhen", halt="paused", halt_reason="Kommunalwahl", follow=True
    )
    assert "Kommunalwahl" in page.soup.select_one(".stage-line").get_text()
    assert groups(app)[0][1] is Stage.PAUSED
    anna.post(f"/kooperationen/{number}/fortsetzen")
    assert groups(app)[0][1] is Stage.IDEA


def test_a_halt_without_reason_is_refused(app, anna):
    number, _partners = made(app)
    page = anna.submit(f"/kooperationen/{number}/ruhen", halt="ended")
    assert page.status == 422
    assert "Tragen Sie den Grund ein." in page.errors()


def test_a_removed_group_is_gone_everywhere_and_comes_back(app, anna):
    number, _partners = made(app, title="Gemeinsamer Bauhof Nordkreis")
    anna.post(f"/kooperationen/{number}/entfernen")
    assert anna.get(f"/kooperationen/{number}").status == 404
    for url in ("/kooperationen", "/kooperationen/liste?stand=alle", "/kooperationen/suche?q=nordkreis"):
        assert "Nordkreis" not in anna.get(url).html
    assert "Gemeinsamer Bauhof Nordkreis" in anna.get("/entfernt").main
    anna.post(f"/kooperationen/{number}/wiederherstellen")
    assert anna.get(f"/kooperationen/{number}").status == 200


def several(group_id, step):
    """Where the step of several partners is reported."""
    return f"/kooperationen/{group_id}/stand/{step}"


def test_all_sign_on_one_day(app, anna):
    number, partners = made(app)
    page = anna.get(several(number, "signed"))
    assert len(page.fields()["partners"]) == 3
    saved = anna.submit(
        several(number, "signed"), reached_on=DAY, note="Unterzeichnung im Rathaus", follow=True
    )
    assert "Cölbe, Lahntal, Wetter (Hessen): unterzeichnet." in saved.main
    for partner_id in partners.values():
        assert steps_of(app, partner_id)[-1][:2] == (Step.SIGNED, today() - timedelta(days=12))
    assert groups(app)[0][1] is Stage.CONTRACT


def test_only_who_is_ticked_moves(app, anna):
    number, partners = made(app)
    anna.submit(several(number, "interested"), partners=[str(partners["Lahntal"])], reached_on=DAY)
    assert [len(steps_of(app, one)) for one in partners.values()] == [1, 2, 1]
    page = anna.get(several(number, "interested"))
    offered = [one["value"] for one in page.soup.select("input[name=partners]")]
    assert offered == [str(partners["Cölbe"]), str(partners["Wetter (Hessen)"])]
    assert "partners" not in page.fields(), "nobody is said to have done what nobody said"
    assert page.soup.select_one("[autofocus]")["id"] == "partners-0"
    signing = anna.get(several(number, "signed"))
    assert signing.soup.select_one("[autofocus]")["id"] == "reached_on"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"partners": []}, "Kreuzen Sie mindestens einen Partner an."),
        ({"partners": ["99999"]}, "Ungültige Auswahl"),
        ({"reached_on": "übermorgen"}, "planen Sie einen Beschluss"),
    ],
)
def test_wrong_reports_of_several_change_nobody(app, anna, fields, message):
    number, partners = made(app)
    page = anna.submit(several(number, "signed"), **({"note": "Satz"} | fields))
    assert page.status == 422
    assert any(message in one for one in page.errors()), page.errors()
    assert page.fields()["note"] == ["Satz"]
    assert [len(steps_of(app, one)) for one in partners.values()] == [1, 1, 1]


def test_who_reports_several_is_told_of_a_colleague(app, anna, bert):
    number, partners = made(app)
    opened = bert.get(several(number, "interested")).fields() | {"partners": [str(partners["Cölbe"])]}
    anna.submit(address(number, partners["Lahntal"], "interested"), reached_on=DAY)
    page = bert.post(several(number, "interested"), opened)
    assert page.status in (409, 422)
    assert [len(steps_of(app, one)) for one in partners.values()] == [1, 2, 1]


def test_nobody_is_left_to_report(app, anna):
    number, _partners = made(app)
    anna.submit(several(number, "active"))
    page = anna.get(several(number, "active"))
    assert page.status == 303
    assert "Auf niemanden wird hier" in anna.get(page.location).main
