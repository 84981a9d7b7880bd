"""Applications on screen: presets, stations, papers, duties, and what is asked before a removal."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.cooperations import queries as cooperations
from crm.cooperations.kinds import Stage
from crm.db import db, today
from crm.funding import queries
from crm.funding.models import Application, Obligation, Station
from tests import factories

YESTERDAY = today() - timedelta(days=1)


@pytest.fixture
def group(app):
    """Number of a group led by Cölbe."""
    with app.app_context():
        made = factories.cooperation(lead="Cölbe")
        db.session.commit()
        return made.id


@pytest.fixture
def application(app, group):
    """Number of an application of this group, submitted a month ago."""
    with app.app_context():
        made = factories.application(cooperations.one(group))
        db.session.commit()
        return made.id


def url(group, path=""):
    """Address of the funding of a group."""
    return f"/kooperationen/{group}/foerderung" + (f"/{path}" if path else "")


def german(day):
    """A day as it is typed."""
    return f"{day:%d.%m.%Y}"


def count(app, model):
    """How many records of a kind there are."""
    with app.app_context():
        return db.session.scalar(select(func.count(model.id)))


def last_event(app):
    """Name of the newest event."""
    with app.app_context():
        return db.session.scalars(select(AuditEvent.name).order_by(AuditEvent.id.desc())).first()


def test_rules_applicant_and_sum_are_suggested(app, anna, group):
    with app.app_context():
        cölbe, rules = factories.place("Cölbe").id, queries.rules_on(today()).id
    page = anna.get(url(group, "antraege/neu"))
    fields = page.fields()
    assert (fields["applicant_id"], fields["rule_set_id"]) == ([str(cölbe)], [str(rules)])
    assert fields["requested"] == ["75.000"]
    assert "Regelzuwendung: 75.000" in page.main


def test_an_application_is_entered_and_moves_the_group(app, anna, group):
    page = anna.submit(url(group, "antraege/neu"), submitted_on=german(YESTERDAY), follow=True)
    assert f"Eingereicht am {german(YESTERDAY)}." in page.main
    assert "Antragsunterlagen 0 von 5" in page.main
    with app.app_context():
        made = cooperations.one(group)
        assert (made.stage, made.stage_since) == (Stage.APPLICATION, YESTERDAY)
    assert last_event(app) == "funding.application-recorded"


def test_the_head_of_the_group_says_that_nobody_has_decided_yet(anna, group):
    said = "Der Antrag ist gestellt und noch nicht entschieden."
    assert said not in anna.get(f"/kooperationen/{group}").main
    anna.submit(url(group, "antraege/neu"), submitted_on=german(YESTERDAY))
    assert said in anna.get(f"/kooperationen/{group}").main


def test_a_form_sent_twice_makes_one_application(app, anna, group):
    form = anna.get(url(group, "antraege/neu")).fields()
    assert [anna.post(url(group, "antraege/neu"), form).status for _ in range(2)] == [303, 303]
    assert count(app, Application) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"requested": "80.000"}, "Die Regelzuwendung beträgt 75.000"),
        ({"granted": "100.000.000,01"}, "Mehr als 100 Millionen"),
        ({"granted": "-1"}, "kann nicht negativ sein"),
        ({"refused_on": "1.10.2026"}, "Grund der Ablehnung"),
        ({"refusal_reason": "Zu klein."}, "Tag der Ablehnung"),
        ({"submitted_on": "01.01.2099"}, "Der Tag liegt in der Zukunft"),
        ({"submitted_on": "31.02.2026"}, "gibt es nicht"),
        ({"applicant_id": "999"}, "Ungültige Auswahl"),
        ({"rule_set_id": "999"}, "Ungültige Auswahl"),
    ],
)
def test_bad_input_is_refused_and_kept(app, anna, group, typed, words):
    page = anna.submit(url(group, "antraege/neu"), notice_reference="IV 4", **typed)
    assert page.status == 422
    assert words in " ".join(page.errors()).replace("\u00a0", " ")
    assert page.fields()["notice_reference"] == ["IV 4"]
    assert count(app, Application) == 0


def test_days_out_of_order_are_said_and_saved(app, anna, group, application):
    edit = url(group, f"antraege/{application}/bearbeiten")
    page = anna.submit(edit, completed_on="1.1.2026", follow=True)
    assert "liegt vor „eingereicht“" in page.main
    assert "Antrag gespeichert." in page.main
    assert last_event(app) == "funding.application-changed"


def test_editing_refuses_a_lost_update(app, anna, bert, group, application):
    edit = url(group, f"antraege/{application}/bearbeiten")
    form = anna.get(edit).fields()
    bert.submit(edit, notice_reference="von Bert")
    page = anna.post(edit, form | {"notice_reference": ["von Anna"]})
    assert page.status == 409
    assert "Bert Braun" in page.main
    assert "von Bert" in page.main


def test_a_refusal_needs_its_reason_and_gives_the_stage_back(app, anna, group, application):
    edit = url(group, f"antraege/{application}/bearbeiten")
    reason = "Nur zwei Partner, keine Begründung."
    page = anna.submit(edit, refused_on=german(YESTERDAY), refusal_reason=reason, follow=True)
    assert f"Abgelehnt am {german(YESTERDAY)}." in page.main
    assert reason in page.main
    with app.app_context():
        assert cooperations.one(group).stage is Stage.IDEA


def test_stations_follow_the_usual_way_and_count_their_days(app, anna, group, application):
    station = url(group, f"antraege/{application}/station")
    assert anna.get(station).fields()["kind"] == ["county"]
    anna.submit(station, arrived_on=german(today() - timedelta(days=29)))
    assert anna.get(station).fields()["kind"] == ["region"]
    page = anna.submit(station, arrived_on=german(today() - timedelta(days=9)), follow=True)
    assert "Liegt seit 9 Tagen beim Regierungspräsidium." in page.main
    assert "20 Tage" in page.main
    assert last_event(app) == "funding.station-reported"
    page = anna.submit(station, kind="county", arrived_on="heute", follow=True)
    assert "Liegt seit heute beim Landkreis." in page.main, "any station may be reported"


@pytest.mark.parametrize(
    ("places", "first"), [(("Kassel", "Kaufungen"), "region"), (("Kaufungen", "Kassel"), "county")]
)
def test_a_county_free_city_begins_at_the_region(app, anna, places, first):
    with app.app_context():
        made = factories.cooperation(*places, title="Kassel", lead=places[0])
        one = factories.application(made, applicant_id=made.lead.organisation_id)
        db.session.commit()
        number, one = made.id, one.id
    assert anna.get(url(number, f"antraege/{one}/station")).fields()["kind"] == [first]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"arrived_on": "1.1.2099"}, "in der Zukunft"),
        ({"arrived_on": ""}, "Tag des Eingangs"),
        ({"kind": "x"}, "Ungültige Auswahl"),
    ],
)
def test_a_wrong_station_is_refused(app, anna, group, application, typed, words):
    page = anna.submit(url(group, f"antraege/{application}/station"), note="Kurier", **typed)
    assert page.status == 422
    assert words in " ".join(page.errors())
    assert page.fields()["note"] == ["Kurier"]
    assert count(app, Station) == 0


def test_papers_are_one_form(app, anna, group, application):
    form = url(group, f"antraege/{application}/unterlagen")
    typed = {
        "state_letter": "draft",
        "dated_on_letter": "2.11.2026",
        "state_agreement": "present",
        "note_agreement": "Fassung 3",
    }
    page = anna.submit(form, **typed, follow=True)
    assert "Antragsunterlagen 1 von 5" in page.main
    assert "02.11.2026" in page.main
    assert "Fassung 3" in page.main
    assert last_event(app) == "funding.paper-changed"
    assert page.soup.select("main a[href^='/dokumente/unterlage/']")
    assert anna.submit(form, state_costs="").status == 303, "an empty state means missing"
    page = anna.submit(form, dated_on_costs="31.2.2026", note_costs="bleibt")
    assert (page.status, page.fields()["note_costs"]) == (422, ["bleibt"])


def test_papers_refuse_a_lost_update(app, anna, bert, group, application):
    form = url(group, f"antraege/{application}/unterlagen")
    fields = anna.get(form).fields()
    bert.submit(form, note_letter="von Bert")
    page = anna.post(form, fields | {"note_letter": ["von Anna"]})
    assert page.status == 409
    assert "von Bert" in page.main


def test_a_duty_is_entered_changed_and_done(app, anna, group, application):
    duty = {"kind": "proof-of-use", "due_on": german(today() + timedelta(days=10)), "clause": "Nr. 4"}
    page = anna.submit(url(group, f"antraege/{application}/pflichten/neu"), **duty, follow=True)
    assert "Verwendungsnachweis" in page.main
    assert "in 10 Tagen" in page.main
    with app.app_context():
        number = db.session.scalars(select(Obligation.id)).one()
    edit = url(group, f"pflichten/{number}")
    form = anna.get(edit).fields()
    page = anna.submit(edit, done_on="heute", follow=True)
    assert f"erledigt {german(today())}" in page.main
    assert anna.post(edit, form | {"clause": ["Nr. 5"]}).status == 422, (
        "both changes are merged and asked again"
    )
    page = anna.submit(url(group, f"antraege/{application}/pflichten/neu"), kind="", clause="Nr. 9")
    assert (page.status, page.fields()["clause"]) == (422, ["Nr. 9"])
    assert {"Wählen Sie, was zu leisten ist."} <= set(page.errors())


def test_removing_asks_first_and_keeps_the_trace(app, anna, group, application):
    anna.submit(url(group, f"antraege/{application}/station"), arrived_on="heute")
    anna.submit(url(group, f"antraege/{application}/pflichten/neu"), kind="report", due_on="1.1.2027")
    with app.app_context():
        station = db.session.scalars(select(Station.id)).one()
        duty = db.session.scalars(select(Obligation.id)).one()
    for path, event in (
        (f"stationen/{station}/entfernen", "funding.station-removed"),
        (f"pflichten/{duty}/entfernen", "funding.obligation-removed"),
        (f"antraege/{application}/entfernen", "funding.application-removed"),
    ):
        assert "irrtümlich" in anna.get(url(group, path)).main
        if "stationen" not in path:
            stale = anna.post(url(group, path), anna.get(url(group, path)).fields() | {"version": "99"})
            assert "inzwischen geändert" in stale.main
        assert anna.submit(url(group, path)).status == 303
        assert last_event(app) == event
        assert anna.get(url(group, path)).status == 404
    assert [count(app, model) for model in (Station, Obligation, Application)] == [0, 0, 0]
    history = anna.get(f"/kooperationen/{group}/aenderungen").main
    assert "Irrtümlicher Antrag entfernt" in history or "eingereicht" in history


@pytest.mark.parametrize("who", ["rita", "emil"])
def test_whoever_only_reads_changes_nothing(request, app, group, application, who):
    client = request.getfixturevalue(who)
    page = client.get(url(group))
    assert page.status == 200
    assert not [one["href"] for one in page.soup.select("main .cols a") if "/antraege/" in one["href"]]
    for path in ("bearbeiten", "entfernen", "station", "unterlagen", "pflichten/neu"):
        assert client.post(url(group, f"antraege/{application}/{path}"), version="1").status == 403, path


def test_of_several_applications_the_one_under_way_is_shown(app, anna, group, application):
    with app.app_context():
        old = {"submitted_on": date(2019, 3, 1), "purpose": "Machbarkeitsstudie"}
        made = factories.application(cooperations.one(group), **old)
        db.session.commit()
        number = made.id
    page = anna.get(url(group))
    assert "Weitere Anträge 1" in page.main
    assert f"Eingereicht am {german(today() - timedelta(days=30))}" in page.main
    page = anna.get(f"{url(group)}?antrag={number}")
    assert "Regeln und Beteiligte vom 01.03.2019, dem Tag des Antrags" in page.main
    assert "Regelwerk 2016" in page.main
    for odd in ("x", "-1", "99999999999999999999", "%F0%9F%98%80"):
        assert anna.get(f"{url(group)}?antrag={odd}").status == 200


def test_an_application_without_day_and_purpose_is_named(app, anna, group, application):
    with app.app_context():
        factories.application(cooperations.one(group), submitted_on=None)
        db.session.commit()
    page = anna.get(url(group))
    assert "Antrag ohne Tag" in [one.get_text() for one in page.soup.select("main a[href*=antrag]")]


def test_editing_keeps_an_applicant_that_is_no_partner_any_more(app, anna, group):
    with app.app_context():
        made = cooperations.one(group)
        applicant = made.lead.organisation_id
        number = factories.application(made, applicant_id=applicant).id
        made.partners.remove(made.lead)
        db.session.commit()
    edit = url(group, f"antraege/{number}/bearbeiten")
    assert anna.get(edit).fields()["applicant_id"] == [str(applicant)]
    assert anna.submit(edit, notice_reference="IV 4").status == 303
    with app.app_context():
        assert db.session.get(Application, number).applicant_id == applicant
