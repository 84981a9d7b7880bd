"""Reports saved under a name: kept, listed, opened, changed, removed; by whom and by whom not."""

from datetime import date

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import db, today
from crm.definitions.models import Rhythm, SavedReport, Span
from tests import factories

NEW = "/berichte/gespeichert/neu/taetigkeit"
KEPT = "/berichte/gespeichert/"
FIXED = "?von=01.01.2012&bis=31.12.2017"


def saved(app, saved_id=None):
    """A saved report as it is stored; the newest without a number."""
    with app.app_context():
        query = select(SavedReport).order_by(SavedReport.id.desc())
        found = db.session.get(SavedReport, saved_id) if saved_id else db.session.scalar(query)
        if found is not None:
            list(found.recipients)
        db.session.expunge_all()
        return found


def keep(app, **over):
    """Save one behind the program's back."""
    with app.app_context():
        made = factories.saved_report(**over)
        db.session.commit()
        return made.id


def county(app, name="Landkreis Marburg-Biedenkopf"):
    """The number of a county."""
    with app.app_context():
        return factories.place(name).id


def events(app):
    """The names of all audit events."""
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent.name).order_by(AuditEvent.id)))


def test_a_report_is_saved_with_its_days_and_filters(app, anna):
    year, number = today().year, county(app)
    asked = f"?von=01.01.{year}&bis=31.12.{year}&kreis={number}&nachfolge=1"
    button = anna.get("/berichte/taetigkeit" + asked).soup.select_one(f"a[href^='{NEW}']")
    page = anna.submit(button["href"], name="Unser Kreis", follow=True)
    assert page.soup.select_one("h1").get_text(strip=True) == "Unser Kreis"
    one = saved(app)
    assert (one.slug, one.span, one.filters) == (
        "taetigkeit", Span.THIS_YEAR, {"kreis": number, "nachfolge": 1},
    )  # fmt: skip
    assert not one.shared
    assert events(app)[-1] == "saved-report.created"


def test_opening_leads_to_the_report_with_its_filters(app, anna):
    number = county(app)
    keep(app, by="anna", name="Kreis", filters={"kreis": number}, span=Span.LAST_YEAR)
    link = anna.get("/berichte").soup.find("a", string="Kreis")["href"]
    page = anna.get(link)
    assert page.status == 200
    assert page.soup.select_one("input[name=von]")["value"] == f"01.01.{today().year - 1}"
    assert page.soup.select_one("select[name=kreis] option[selected]")["value"] == str(number)


def test_other_days_than_the_usual_are_fixed_ones(app, anna):
    anna.submit(NEW + FIXED, name="Kleine Anfrage")
    one = saved(app)
    assert (one.span, one.since, one.until) == (Span.FIXED, date(2012, 1, 1), date(2017, 12, 31))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"name": " "}, "Name"),
        ({"name": "x" * 121}, "120"),
        ({"span": "fixed", "since": "", "until": ""}, "Tag"),
        ({"span": "fixed", "since": "2.1.2026", "until": "1.1.2026"}, "vor"),
        ({"span": "fixed", "since": "1.1.1950", "until": "1.1.2026"}, "20"),
        ({"span": "immer"}, "Auswahl"),
        ({"name": "=?utf-8?q?x?="}, "=?"),
    ],
)
def test_bad_input_is_named_and_stays(app, anna, changes, word):
    page = anna.submit(NEW, **changes)
    assert page.status == 422
    assert word in " ".join(page.errors())
    for name, text in changes.items():
        assert name == "span" or page.fields()[name] == [text.strip() or text]
    assert saved(app) is None


def test_a_wrong_question_is_not_saved(app, anna):
    assert anna.get(NEW + "?von=31.02.2026").status == 422
    assert anna.get(NEW + "?kreis=999999").status == 422
    assert anna.get("/berichte/gespeichert/neu/gibt-es-nicht").status == 404
    assert saved(app) is None


def test_a_form_sent_twice_saves_once(app, anna):
    fields = anna.get(NEW).fields()
    assert anna.post(NEW, fields).status == 303
    assert anna.post(NEW, fields).status == 303
    with app.app_context():
        assert db.session.query(SavedReport).count() == 1


def test_own_reports_are_seen_by_oneself_and_shared_ones_by_all(app, anna, rita):
    own, shared = keep(app, by="anna", name="Meines"), keep(app, by="anna", name="Unseres", shared=True)
    assert "Meines" in anna.get("/berichte").main
    assert "Meines" not in rita.get("/berichte").main
    assert "Unseres" in rita.get("/berichte").main
    assert rita.get(f"{KEPT}{own}").status == 404
    assert rita.get(f"{KEPT}{shared}").status == 200


def test_only_the_owner_changes_an_own_report_and_managers_a_shared_one(app, anna, rita, mara):
    own, shared = keep(app, by="anna"), keep(app, by="anna", shared=True)
    for what in ("bearbeiten", "mail", "loeschen"):
        assert rita.get(f"{KEPT}{shared}/{what}").status == 404
        assert rita.post(f"{KEPT}{shared}/{what}", version="1").status == 404
        assert mara.get(f"{KEPT}{own}/{what}").status == 404
        assert mara.get(f"{KEPT}{shared}/{what}").status == 200
        assert anna.get(f"{KEPT}{own}/{what}").status == 200


def test_a_change_is_kept_and_told(app, anna):
    one = keep(app, by="anna")
    anna.submit(f"{KEPT}{one}/bearbeiten", name="Neuer Name", span="this-quarter", shared="y")
    found = saved(app, one)
    assert (found.name, found.span, found.shared) == ("Neuer Name", Span.THIS_QUARTER, True)
    assert events(app)[-1] == "saved-report.changed"
    assert "Neuer Name" in anna.get(f"{KEPT}{one}").main


def test_filters_are_taken_over_from_the_report(app, anna):
    one, number = keep(app, by="anna", name="Altes", filters={"groesse": "5001-10000"}), county(app)
    offered = anna.get(NEW + f"?kreis={number}").soup.find("a", string="Altes")["href"]
    assert anna.submit(offered).status == 303
    assert saved(app, one).filters == {"kreis": number}


def test_a_change_without_filters_in_the_address_keeps_them(app, anna):
    one = keep(app, by="anna", filters={"groesse": "5001-10000"})
    anna.submit(f"{KEPT}{one}/bearbeiten", name="Anders")
    assert saved(app, one).filters == {"groesse": "5001-10000"}


def test_a_lost_update_is_refused(app, anna, mara):
    one = keep(app, by="anna", shared=True, name="Erst")
    fields = anna.get(f"{KEPT}{one}/bearbeiten").fields()
    mara.submit(f"{KEPT}{one}/bearbeiten", name="Maras Name")
    page = anna.post(f"{KEPT}{one}/bearbeiten", fields | {"name": "Annas Name"})
    assert page.status == 409
    assert saved(app, one).name == "Maras Name"


def test_a_lost_update_of_the_recipients_is_refused(app, anna, mara):
    one = keep(app, by="anna", shared=True, recipients=["anna"])
    fields = anna.get(f"{KEPT}{one}/mail").fields()
    with app.app_context():
        emil, bert = factories.member("emil").id, factories.member("bert").id
    mara.submit(f"{KEPT}{one}/mail", recipients=[str(emil)])
    page = anna.post(f"{KEPT}{one}/mail", fields | {"recipients": [str(bert)]})
    assert page.status == 409
    assert [each.user_id for each in saved(app, one).recipients] == [emil]


def test_removing_asks_once_more_and_forgets_recipients(app, anna):
    one = keep(app, by="anna", recipients=["anna", "rita"])
    anna.submit(f"{KEPT}{one}/loeschen")
    assert saved(app, one) is None
    assert events(app)[-1] == "saved-report.removed"
    assert anna.get(f"{KEPT}{one}").status == 404


def test_removing_what_changed_meanwhile_asks_again(app, anna, mara):
    one = keep(app, by="anna", shared=True)
    fields = anna.get(f"{KEPT}{one}/loeschen").fields()
    mara.submit(f"{KEPT}{one}/bearbeiten", name="Anders")
    anna.post(f"{KEPT}{one}/loeschen", fields)
    assert saved(app, one).name == "Anders"


def test_figures_of_single_colleagues_are_shown_to_managers_alone(app, anna, rita, mara):
    with app.app_context():
        person = factories.member("bert").id
    one = keep(app, by="mara", shared=True, name="Berts Zahlen", filters={"person": person})
    assert "Berts Zahlen" in mara.get("/berichte").main
    for client in (anna, rita):
        assert "Berts Zahlen" not in client.get("/berichte").main
        assert client.get(f"{KEPT}{one}").status == 404
    offered = mara.get(f"{KEPT}{one}/mail").soup.select("input[name=recipients]")
    with app.app_context():
        assert [tag["value"] for tag in offered] == [str(factories.member("mara").id)]


def test_mails_are_set_up_and_told(app, anna):
    one = keep(app, by="anna")
    with app.app_context():
        rita = factories.member("rita").id
    anna.submit(f"{KEPT}{one}/mail", rhythm="quarterly", as_pdf="y", as_xlsx="y", recipients=[str(rita)])
    found = saved(app, one)
    assert (found.rhythm, found.as_pdf, found.as_xlsx) == (Rhythm.QUARTERLY, True, True)
    assert found.mailed_until is not None
    assert [each.user_id for each in found.recipients] == [rita]
    assert events(app)[-1] == "saved-report.mailing-changed"
    assert "Rita" in anna.get(f"{KEPT}{one}").main


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"rhythm": "monthly", "as_pdf": [], "recipients": ["1"]}, "Datei"),
        ({"rhythm": "monthly", "as_pdf": "y", "recipients": []}, "bekommt"),
        ({"rhythm": "monthly", "as_pdf": "y", "recipients": ["999999"]}, "Auswahl"),
        ({"rhythm": "monthly", "as_pdf": "y", "recipients": ["x"]}, "Auswahl"),
        ({"rhythm": "täglich"}, "Auswahl"),
    ],
)
def test_mails_nobody_can_get_are_refused(app, anna, changes, word):
    one = keep(app, by="anna")
    if changes.get("recipients") == ["1"]:
        with app.app_context():
            changes = changes | {"recipients": [str(factories.member("anna").id)]}
    page = anna.submit(f"{KEPT}{one}/mail", **changes)
    assert page.status == 422
    assert word in " ".join(page.errors())
    assert saved(app, one).rhythm is Rhythm.NEVER


def test_who_only_reads_may_name_nobody_but_oneself(app, rita):
    one = keep(app, by="rita")
    offered = rita.get(f"{KEPT}{one}/mail").soup.select("input[name=recipients]")
    assert len(offered) == 1
    with app.app_context():
        anna = factories.member("anna").id
    assert rita.submit(f"{KEPT}{one}/mail", rhythm="monthly", recipients=[str(anna)]).status == 422


def test_somebody_unsubscribes_alone(app, rita):
    one = keep(app, by="anna", recipients=["rita", "bert"])
    page = rita.get(f"{KEPT}{one}")
    assert page.status == 200
    rita.post(f"{KEPT}{one}/abbestellen")
    with app.app_context():
        assert [each.user_id for each in saved(app, one).recipients] == [factories.member("bert").id]
    assert events(app)[-1] == "saved-report.unsubscribed"
    assert rita.get(f"{KEPT}{one}").status == 404


def test_unsubscribing_from_what_one_does_not_get_changes_nothing(app, rita):
    one = keep(app, by="anna", shared=True, recipients=["bert"])
    assert rita.post(f"{KEPT}{one}/abbestellen").status == 303
    assert len(saved(app, one).recipients) == 1


def test_a_filter_that_names_something_deleted_is_said(app, anna):
    one = keep(app, by="anna", filters={"kooperation": 424242})
    assert "Kooperation: entfernt" in anna.get(f"{KEPT}{one}").main


def test_there_is_an_end_of_saving(app, anna):
    with app.app_context():
        for number in range(100):
            factories.saved_report(f"Nummer {number}", by="anna")
        db.session.commit()
    page = anna.submit(NEW, name="Einer zu viel")
    assert page.status == 422
    assert "100" in " ".join(page.errors())
    assert anna.get("/berichte").status == 200
