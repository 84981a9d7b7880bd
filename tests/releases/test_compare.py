"""A frozen report beside today: every number that differs, with the records that made it differ."""

from datetime import timedelta
from decimal import Decimal

from crm.consultations import services
from crm.consultations.models import Consultation, ConsultationKind
from crm.cooperations.kinds import Step, StepSource
from crm.cooperations.models import Cooperation
from crm.cooperations.partners import report_step
from crm.db import db, today
from crm.funding import applying
from crm.funding.models import Application
from tests import factories
from tests.releases.frozen import YEAR, freeze, store, talk


def compared(client, url):
    """The differences by table, row and column as (then, now, difference, records, link), and the page."""
    page = client.get(f"{url}/vergleich")
    assert page.status == 200, page.main
    found = {}
    for row in page.soup.select("section[aria-labelledby=zahlen] tbody tr"):
        cells = [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        link = row.select_one("a")
        found[cells[2], *cells[:2]] = (*cells[3:], link["href"] if link else "")
    return found, page


def causes(client, difference):
    """The causes of a difference, one text for each, with the page."""
    page = client.get(difference[-1])
    assert page.status == 200, page.main
    return [" ".join(one.get_text(" ").split()) for one in page.soup.select("main .row-item")], page


BIG = "Wichtigste Zahlen"
TALKS = (BIG, "Beratungen", "–")


def values_of(one, **over):
    return {
        name: getattr(one, name) for name in services.COLUMNS
    } | {"staff": [who.id for who in one.staff], "task_fields": []} | over  # fmt: skip


def edit(app, number, **over):
    def change():
        one = db.session.get(Consultation, number)
        parties = [services.Party(part.organisation_id, part.presence) for part in one.participations]
        services.change_consultation(one, values_of(one, **over), parties, factories.member("anna"))

    store(app, change)


def test_nothing_differs_says_so(app, mara):
    talk(app, "Lahntal")
    differences, page = compared(mara, freeze(mara))
    assert not differences
    assert "Nichts weicht ab" in page.main


def test_a_new_talk_is_named_with_who_logged_it(app, mara):
    talk(app, "Lahntal")
    url = freeze(mara)
    number = talk(app, "Cölbe")
    differences, _page = compared(mara, url)
    assert differences[TALKS][:4] == ("1", "2", "+1", "1 hinzugekommen")
    said, page = causes(mara, differences[TALKS])
    assert len(said) == 1
    assert said[0].startswith("hinzugekommen")
    assert "Anna Adler" in said[0]
    assert "Beratung erfasst" in said[0]
    assert page.soup.select_one(f'main .row-item a[href="/beratungen/{number}"]')


def test_a_removed_talk_is_named_without_a_link(app, mara):
    number = talk(app, "Lahntal")
    url = freeze(mara)
    store(app, lambda: services.remove(db.session.get(Consultation, number), factories.member("anna")))
    differences, _page = compared(mara, url)
    assert differences[TALKS][:4] == ("1", "0", "−1", "1 weggefallen")
    said, page = causes(mara, differences[TALKS])
    assert said[0].startswith("weggefallen")
    assert "Beratung entfernt" in said[0]
    assert "Anna Adler" in said[0]
    assert not page.soup.select_one(f'main .row-item a[href="/beratungen/{number}"]')


def test_a_talk_moved_out_of_the_period_went(app, mara):
    number = talk(app, "Lahntal", days_ago=20)
    url = freeze(mara, query=f"?von={today() - timedelta(days=25):%d.%m.%Y}&bis={today():%d.%m.%Y}")
    edit(app, number, held_on=today() - timedelta(days=60))
    differences, _page = compared(mara, url)
    assert differences[TALKS][:2] == ("1", "0")
    said, _page = causes(mara, differences[TALKS])
    assert said[0].startswith("weggefallen")
    assert "Tag" in said[0]
    assert "Anna Adler" in said[0]


def test_changed_minutes_are_shown_then_and_now(app, mara):
    number = talk(app, "Lahntal", duration_minutes=60)
    url = freeze(mara)
    edit(app, number, duration_minutes=90)
    differences, _page = compared(mara, url)
    found = differences[BIG, "Dauer der Beratungen", "–"]
    assert found[:4] == ("1", "1,5", "+0,5", "dieselben Datensätze, andere Werte")
    said, _page = causes(mara, found)
    assert said[0].startswith("geändert")
    assert "Minuten 60 → 90" in said[0]
    assert "Anna Adler" in said[0]
    assert TALKS not in differences


def test_a_talk_of_another_kind_came_to_one_row_and_went_from_another(app, mara):
    number = talk(app, "Lahntal")
    url = freeze(mara)
    edit(app, number, kind=ConsultationKind.COUNCIL)
    differences, _page = compared(mara, url)
    rows = {key[1:]: found[:2] for key, found in differences.items()}
    assert rows["Einzelgespräch", "Teilnahmen"] == ("1", "0")
    assert rows["Vertretung", "Teilnahmen"] == ("0", "1")
    assert TALKS not in differences


def test_the_same_number_of_other_records_is_a_difference(app, mara):
    number = talk(app, "Lahntal")
    url = freeze(mara)
    store(app, lambda: services.remove(db.session.get(Consultation, number), factories.member("anna")))
    talk(app, "Cölbe")
    differences, _page = compared(mara, url)
    assert differences[TALKS][:4] == ("1", "1", "±0", "1 hinzugekommen, 1 weggefallen")


def test_a_partner_that_left_is_a_cause(app, mara):
    number = store(
        app, lambda: factories.cooperation("Cölbe", "Lahntal", step=Step.INTERESTED, reached_on=today())
    )
    url = freeze(mara, "kooperationen", YEAR)

    def leave():
        partner = db.session.get(Cooperation, number).partners[0]
        values = {"step": Step.DECLINED, "reached_on": today(), "source": StepSource.TALK}
        report_step(partner, values, factories.member("anna"))

    store(app, leave)
    differences, _page = compared(mara, url)
    found = next(found for key, found in differences.items() if key[1] == "Teilnahmen")
    assert found[:4] == ("2", "1", "−1", "1 weggefallen")
    said, page = causes(mara, found)
    assert "Gemeinsamer Bauhof" in said[0]
    assert "Anna Adler" in said[0]
    assert page.soup.select_one(f'main .row-item a[href="/kooperationen/{number}"]')


def test_a_corrected_grant_shows_both_sums(app, mara):
    granted = {
        "submitted_on": today(),
        "granted_on": today(),
        "granted": Decimal(75_000),
        "amount_reason": "x",
    }

    def apply():
        return factories.application(factories.cooperation("Cölbe", "Lahntal"), **granted)

    number = store(app, apply)
    url = freeze(mara, "foerderung", YEAR)

    def correct():
        one = db.session.get(Application, number)
        values = {name: getattr(one, name) for name in applying.COLUMNS} | {"granted": Decimal(80_000)}
        group = db.session.get(Cooperation, one.cooperation_id)
        applying.change_application(group, one, values, factories.member("anna"))

    store(app, correct)
    differences, _page = compared(mara, url)
    found = next(found for found in differences.values() if found[1] == "80.000\xa0€")
    said, _page = causes(mara, found)
    assert said[0].startswith("geändert")
    assert "75.000 € → 80.000 €" in said[0].replace("\xa0", " ")
    assert "Anna Adler" in said[0]


def test_readers_cannot_compare(app, mara, rita):
    talk(app, "Lahntal")
    url = freeze(mara)
    assert rita.get(f"{url}/vergleich").status == 403
    assert not rita.get(url).soup.select_one("a[href$=vergleich]")


def test_what_no_report_writes_has_no_causes(app, mara):
    talk(app, "Lahntal")
    url = freeze(mara)
    for query in ("", "?was=quatsch", "?was=beratungen&monat=x"):
        assert mara.get(f"{url}/vergleich/ursachen{query}").status == 404, query
