"""A report is frozen once, as it stands on the page, by those who may."""

from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.consultations.models import Presence
from crm.db import db
from crm.releases.models import FrozenReport
from crm.releases.packing import pack, unpack
from crm.reports import REPORTS
from crm.reports.sheet import Linked
from crm.task_fields.models import TaskField
from tests import factories
from tests.releases.frozen import YEAR, content, figures, freeze, store, talk

ANSWERS = [slug for slug, report in REPORTS.items() if report.is_answer]
FORM = f"/berichte/taetigkeit/einfrieren{YEAR}"


def count(app):
    with app.test_request_context():
        return db.session.scalar(select(func.count(FrozenReport.id)))


def test_the_title_says_what_the_report_is_narrowed_to(app, mara):
    with app.app_context():
        field = db.session.scalars(select(TaskField.id).where(TaskField.name == "Bauhof")).one()
    plain, narrowed = mara.get(FORM).fields(), mara.get(f"{FORM}&aufgabenfeld={field}").fields()
    assert "Bauhof" not in plain["title"][0]
    assert narrowed["title"] == [f"{plain['title'][0]}, Aufgabenfeld: Bauhof"]


def test_a_manager_freezes_a_report_and_it_leaves_an_audit_event(app, mara):
    talk(app, "Lahntal", "Cölbe")
    url = freeze(mara, title="Tätigkeit für den Landtag", note="Stand nach Abschluss.")
    page = mara.get(url)
    assert "Tätigkeit für den Landtag" in page.main
    assert "Kleine Anfrage 19/5291" in page.main
    assert "Mara Marx" in page.main
    assert "Stand nach Abschluss." in page.main
    assert figures(page)["Beratungen"] == "1"
    assert figures(page)["Teilnahmen"] == "2"
    with app.test_request_context():
        event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert (event.name, event.record_type) == ("report.frozen", "frozen_reports")
        assert (
            "sheet" not in event.changes
            and event.changes["note"] == [None, None]
            or not event.changes["note"]
        )


def test_the_button_stands_on_the_page_of_managers_only(app, mara, anna):
    address = f"/berichte/taetigkeit{YEAR}"
    assert mara.get(address).soup.select_one('a[href^="/berichte/taetigkeit/einfrieren"]')
    assert not anna.get(address).soup.select_one('a[href*="einfrieren"]')


def test_the_form_shows_definition_and_numbers_once_more(app, mara):
    talk(app, "Lahntal")
    page = mara.get(FORM)
    assert page.soup.select_one(".defin")
    assert figures(page)["Beratungen"] == "1"
    assert page.soup.select_one("input[name=title]")["value"].startswith("Tätigkeitsbericht")


def test_a_missing_purpose_is_refused_and_the_rest_stays(app, mara):
    page = mara.submit(FORM, title="Meine Antwort", purpose="", note="Bleibt stehen")
    assert page.status == 422
    assert count(app) == 0
    assert page.soup.select_one("input[name=title]")["value"] == "Meine Antwort"
    assert "Bleibt stehen" in page.soup.select_one("textarea[name=note]").get_text()


def test_numbers_that_changed_since_the_page_was_opened_are_shown_before_they_are_frozen(app, mara):
    fields = mara.get(FORM).fields() | {"purpose": ["Landtag"]}
    talk(app, "Lahntal")
    page = mara.post(FORM, fields)
    assert page.status == 422
    assert count(app) == 0
    assert figures(page)["Beratungen"] == "1"
    assert mara.post(FORM, page.fields()).status == 303
    assert count(app) == 1


def test_a_double_click_freezes_once(app, mara):
    fields = mara.get(FORM).fields() | {"purpose": ["Landtag"]}
    first, second = mara.post(FORM, fields), mara.post(FORM, fields)
    assert first.location == second.location
    assert count(app) == 1


def test_a_wrong_period_cannot_be_frozen(mara):
    page = mara.get("/berichte/taetigkeit/einfrieren?von=01.01.2026&bis=01.01.2025")
    assert page.status == 422
    assert mara.get("/berichte/gibt-es-nicht/einfrieren").status == 404


def test_every_report_can_be_frozen_and_compared(app, mara):
    talk(app, "Lahntal", "Cölbe", duration_minutes=60, follow_up_on=factories.today(), follow_up_text="x")
    store(app, lambda: factories.application(factories.cooperation("Cölbe", "Lahntal")))
    for slug in ANSWERS:
        url = freeze(mara, slug, "")
        assert mara.get(url).status == 200, slug
        page = mara.get(f"{url}/vergleich")
        assert page.status == 200, (slug, page.main)
        assert "Nichts weicht ab" in page.main, (slug, page.main)


def test_no_names_and_no_notes_are_frozen(app, mara):
    def private():
        person = factories.person("Geheimrat", "Xaver")
        party = factories.Party(
            factories.place("Lahntal").id, people=[person.id], private_note="Quarzsand", role="Basaltrolle"
        )
        other = factories.Party(
            factories.place("Cölbe").id, Presence.REPRESENTED, represented_by="Zitronenfalter"
        )
        return factories.talk(
            parties=[party, other], kind=factories.ConsultationKind.GROUP, note="Kobaltblau",
            agreements="Kobaltblau", next_step="Kobaltblau", place="Kobaltblau",
            follow_up_on=factories.today(), follow_up_text="Frau Kobaltblau anrufen",
        )  # fmt: skip

    store(app, private)
    for slug in ANSWERS:
        freeze(mara, slug, "")
        kept = content(app)
        for word in ("Geheimrat", "Quarzsand", "Zitronenfalter", "Basaltrolle", "Kobaltblau"):
            assert word not in kept, (slug, word)


def test_a_report_that_names_people_cannot_be_frozen(mara):
    assert [slug for slug in REPORTS if slug not in ANSWERS] == ["datenpruefung"]
    assert mara.get("/berichte/datenpruefung/einfrieren").status == 404
    assert not mara.get("/berichte/datenpruefung").soup.select_one("a[href*=einfrieren]")


def test_names_of_contacts_are_left_out_wherever_they_stand(context):
    typed = Linked("Frau Muster anrufen", "follow_ups.show", (("follow_up_id", 1),), typed=True)
    named = Linked("Petra Muster", "contacts.show", (("person_id", 1),))
    kept = Linked("Cölbe", "organisations.show", (("organisation_id", 1),))
    assert "Muster" not in str(pack([typed, named]))
    assert unpack(pack(kept)) == kept
