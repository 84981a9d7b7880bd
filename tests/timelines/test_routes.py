"""The timeline of a Kommune: everything with a day in one order, each entry leading to its page."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from crm.attendance.models import Certainty
from crm.cooperations.kinds import Step
from crm.db import BERLIN, db, now, today
from crm.events.models import EventState, Precision
from crm.registrations.models import Origin, Seat
from crm.resolutions.models import Result
from crm.timelines import queries
from tests import factories
from tests.materials.made import hand_out, material, person

KINDS = ("beratungen", "veranstaltungen", "kooperationen", "beschluesse", "foerderung", "materialien")


@pytest.fixture
def full(app):
    """Lahntal with one thing of each kind, and the numbers they have."""
    with app.app_context():
        group = factories.cooperation("Cölbe", "Lahntal", reached_on=today() - timedelta(days=400))
        talk = factories.talk("Lahntal", "Cölbe", days_ago=300, cooperation_id=group.id)
        event = factories.event(in_days=-200, state=EventState.HELD, venue="Bürgerhaus")
        factories.registration(event, came_at=now(), companions=1)
        factories.registration(event, "Althaus", "Sven", came_at=now())
        factories.registration(event, "Weiß", "Wanda", at="Cölbe", came_at=now())
        factories.heads(event, 12, organisation_id=factories.place("Lahntal").id)
        factories.step(group, "Lahntal", Step.INTERESTED, days_ago=150)
        factories.resolution(group, "Lahntal", -100, result=Result.POSTPONED, paper_number="41/2026")
        day = today() - timedelta(days=50)
        factories.application(group, submitted_on=day, requested=Decimal(50000))
        guide = hand_out(material().newest, person("Rupp", "Ilse"), handed_on=today() - timedelta(days=9))
        db.session.commit()
        return SimpleNamespace(
            place=factories.place("Lahntal").id, colbe=factories.place("Cölbe").id, group=group.id,
            talk=talk.id, event=event.id, guide=guide.id,
        )  # fmt: skip


def section(page):
    """The timeline on a page."""
    return page.soup.select_one("section[aria-labelledby=timeline]")


def words(tag):
    """What a tag says, blanks folded; None where there is none."""
    return tag and " ".join(tag.get_text(" ").split())


def shown(page):
    """The entries on a page: title, badge and what is said of it."""
    parts = (".tl-title a", ".tag", ".tl-meta")
    entries = section(page).select(".tl-item")
    return [tuple(words(one.select_one(part)) for part in parts) for one in entries]


def tabs(page):
    """The tabs above the timeline as on screen."""
    return [words(one) for one in section(page).select(".tabs a")]


def test_everything_stands_in_one_order_the_newest_first(rita, full):
    page = rita.get(f"/kommunen/{full.place}")
    assert [one[:2] for one in shown(page)] == [
        ("Leitfaden Bauhof", None),
        ("Gemeinsamer Bauhof", "eingereicht"),
        ("Gemeinsamer Bauhof", "vertagt"),
        ("Gemeinsamer Bauhof", "interessiert"),
        ("Fachtagung Bauhof", "teilgenommen"),
        ("Gruppengespräch", None),
        ("Gemeinsamer Bauhof", "Kandidat"),
    ]
    said = [one[2] for one in shown(page)]
    assert said[0] == "Material · Fassung 1 · persönlich · an 1 Person"
    assert said[1] == "Förderung · 50.000 €"
    assert said[2] == "Grundsatzbeschluss · Gemeindevertretung · 41/2026"
    assert said[3] == "Kooperation · Quelle: Brief"
    assert said[4].endswith("Bürgerhaus · 3 Personen gekommen, 12 gezählt")


def test_each_entry_leads_to_its_page(rita, full):
    links = [one["href"] for one in section(rita.get(f"/kommunen/{full.place}")).select(".tl-title a")]
    group = f"/kooperationen/{full.group}"
    assert links == [
        f"/ausgaben/{full.guide}", f"{group}/foerderung", group, group, f"/veranstaltungen/{full.event}",
        f"/beratungen/{full.talk}", group,
    ]  # fmt: skip
    assert [rita.get(one).status for one in dict.fromkeys(links)] == [200] * 5


def test_tabs_count_each_kind_and_show_one_of_them(rita, full):
    page = rita.get(f"/kommunen/{full.place}")
    assert tabs(page) == [
        "Alles 7", "Beratungen 1", "Veranstaltungen 1", "Kooperationen 2", "Beschlüsse 1", "Förderung 1",
        "Materialien 1",
    ]  # fmt: skip
    assert "7 Einträge" in section(page).get_text(" ")
    numbers = [len(shown(rita.get(one["href"]))) for one in section(page).select(".tabs a")]
    assert numbers == [7, 1, 1, 2, 1, 1, 1]
    events = rita.get(f"/kommunen/{full.place}?verlauf=veranstaltungen")
    assert [one[0] for one in shown(events)] == ["Fachtagung Bauhof"]
    assert (
        section(events).select_one("[aria-current=page]").get_text(strip=True).startswith("Veranstaltungen")
    )


@pytest.mark.parametrize("asked", ["quatsch", "", "TALK", "beratungen%00"])
def test_a_kind_nobody_knows_shows_everything(rita, full, asked):
    assert len(shown(rita.get(f"/kommunen/{full.place}?verlauf={asked}"))) == 7


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_entries_says_so(app, rita, kind):
    with app.app_context():
        factories.talk("Lahntal")
        db.session.commit()
        url = f"/kommunen/{factories.place('Wetter (Hessen)').id}?verlauf={kind}"
    page = rita.get(url)
    assert shown(page) == []
    assert "Noch nichts" in section(page).get_text(" ")


def test_the_others_have_only_what_is_theirs(rita, full):
    page = rita.get(f"/kommunen/{full.colbe}")
    assert [one[:2] for one in shown(page)] == [
        ("Gemeinsamer Bauhof", "eingereicht"), ("Fachtagung Bauhof", "teilgenommen"),
        ("Gruppengespräch", None), ("Gemeinsamer Bauhof", "Kandidat"),
    ]  # fmt: skip
    assert shown(page)[1][2].endswith("1 Person gekommen")


def test_who_reads_no_content_sees_no_timeline(ada, full):
    page = ada.get(f"/kommunen/{full.place}")
    assert page.status == 200
    assert section(page) is None
    assert "Gemeinsamer Bauhof" not in page.main


@pytest.fixture
def hidden(app, full):
    """A confidential talk with Lahntal in which something was handed out; the address of the Kommune."""
    with app.app_context():
        talk = factories.talk("Lahntal", note="Nur für uns.", confidential=True)
        hand_out(material("Geheimes").newest, places=("Lahntal",), consultation_id=talk.id)
        db.session.commit()
    return f"/kommunen/{full.place}"


def test_a_hidden_talk_is_neither_shown_nor_counted(rita, anna, hidden):
    assert tabs(rita.get(hidden))[0] == "Alles 7"
    assert "Geheimes" not in rita.get(hidden).main
    assert tabs(anna.get(hidden))[0] == "Alles 9"
    assert "Geheimes" in anna.get(hidden).main


def test_without_asking_who_looks_the_hidden_talk_would_show(rita, hidden, monkeypatch):
    monkeypatch.setattr(queries.Sight, "of", lambda _user: queries.Sight(confidential=True))
    page = rita.get(f"{hidden}?verlauf=materialien")
    assert "Geheimes" in page.main
    assert tabs(page)[0] == "Alles 9"


@pytest.mark.parametrize(
    ("seat", "over", "badge", "said"),
    [
        (Seat.SEATED, {}, "angemeldet", "1 Person angemeldet"),
        (Seat.SEATED, {"companions": 2}, "angemeldet", "3 Personen angemeldet"),
        (Seat.WAITING, {"position": 1}, None, "Kulturzentrum"),
        (Seat.SIGNED_OFF, {}, "nichts", "nichts"),
        (Seat.LAPSED, {}, "nichts", "nichts"),
    ],
)
def test_an_event_ahead_says_who_registered(app, rita, seat, over, badge, said):
    with app.app_context():
        factories.registration(factories.event(), seat=seat, **over)
        db.session.commit()
        number = factories.place("Lahntal").id
    found = shown(rita.get(f"/kommunen/{number}"))
    assert found == [] if said == "nichts" else (found[0][1], found[0][2].endswith(said)) == (badge, True)


def test_who_registered_and_who_came_without_are_told_apart(app, rita):
    with app.app_context():
        held = factories.event("Ohne Haken", in_days=-3, state=EventState.HELD)
        factories.registration(held)
        door = factories.event("An der Tür", in_days=-5, state=EventState.HELD)
        factories.registration(door, origin=Origin.AT_THE_DOOR, came_at=now(), seat=Seat.LAPSED)
        about = factories.event("Geschätzt", in_days=-7, state=EventState.HELD)
        own = factories.place("Lahntal").id
        factories.heads(about, 30, organisation_id=own, certainty=Certainty.ESTIMATED)
        off = factories.event("Fiel aus", in_days=-9, state=EventState.CANCELLED)
        factories.registration(off)
        db.session.commit()
    found = [
        (title, badge, meta.split(" · ")[-1]) for title, badge, meta in shown(rita.get(f"/kommunen/{own}"))
    ]
    assert found == [
        ("Ohne Haken", "angemeldet", "1 Person angemeldet"),
        ("An der Tür", "teilgenommen", "1 Person gekommen"),
        ("Geschätzt", "teilgenommen", "etwa 30 geschätzt"),
        ("Fiel aus", "abgesagt", "1 Person angemeldet"),
    ]


def test_an_event_in_its_place_stands_there_and_what_is_removed_does_not(app, rita):
    with app.app_context():
        factories.event("Bleibt")
        factories.event("Weg", removed_at=now())
        group = factories.cooperation("Buseck", "Cölbe", title="Weg damit")
        group.removed_at = now()
        talk = factories.talk("Buseck", title="Auch weg")
        talk.removed_at = now()
        db.session.commit()
        number = factories.place("Buseck").id
    assert [one[0] for one in shown(rita.get(f"/kommunen/{number}"))] == ["Bleibt"]


@pytest.mark.parametrize(
    ("precision", "month", "day"),
    [(Precision.DAY, "Mai 2019", "03.05."), (Precision.MONTH, "Mai 2019", ""), (Precision.YEAR, "2019", "")],
)
def test_a_day_that_is_not_known_is_not_made_up(app, rita, precision, month, day):
    starts = datetime(2019, 5, 3, tzinfo=BERLIN)
    with app.app_context():
        factories.event(starts_at=starts, ends_at=None, precision=precision, state=EventState.HELD)
        db.session.commit()
        number = factories.place("Buseck").id
    found = section(rita.get(f"/kommunen/{number}"))
    assert found.select_one(".tl-month").get_text(strip=True) == month
    assert found.select_one(".tl-d").get_text(strip=True) == day


def test_a_step_that_follows_from_a_resolution_is_told_once(app, rita):
    with app.app_context():
        group = factories.cooperation("Cölbe", "Lahntal", reached_on=today() - timedelta(days=400))
        factories.resolution(group, "Lahntal", -10, result=Result.ADOPTED)
        db.session.commit()
        number = factories.place("Lahntal").id
    assert [one[1] for one in shown(rita.get(f"/kommunen/{number}"))] == ["angenommen", "Kandidat"]


def test_a_step_known_from_a_talk_does_not_say_so(app, rita):
    with app.app_context():
        group = factories.cooperation("Cölbe", "Lahntal", reached_on=today() - timedelta(days=400))
        talk = factories.talk("Lahntal", confidential=True, cooperation_id=group.id)
        factories.step(group, "Lahntal", Step.INTERESTED, days_ago=3, consultation_id=talk.id)
        db.session.commit()
        number = factories.place("Lahntal").id
    assert shown(rita.get(f"/kommunen/{number}"))[0] == ("Gemeinsamer Bauhof", "interessiert", "Kooperation")


def test_a_session_to_come_is_planned_and_one_gone_by_asks(app, rita):
    with app.app_context():
        group = factories.cooperation("Cölbe", "Lahntal", step=None, reached_on=None)
        factories.resolution(group, "Lahntal", 10)
        factories.resolution(group, "Lahntal", -10)
        db.session.commit()
        url = f"/kommunen/{factories.place('Lahntal').id}?verlauf=beschluesse"
    assert [one[1] for one in shown(rita.get(url))] == ["geplant", "Ergebnis fehlt"]


def test_money_counts_for_those_who_have_not_left(app, rita):
    with app.app_context():
        group = factories.cooperation("Cölbe", "Lahntal", reached_on=today() - timedelta(days=400))
        factories.application(
            group, submitted_on=today() - timedelta(days=90), granted_on=today() - timedelta(days=9),
            granted=Decimal("50000.50"), paid_on=today(), amount_reason="Cent",
        )  # fmt: skip
        factories.step(group, "Cölbe", Step.LEFT, days_ago=30, note="Haushalt")
        db.session.commit()
        stays, gone = factories.place("Lahntal").id, factories.place("Cölbe").id
    found = shown(rita.get(f"/kommunen/{stays}?verlauf=foerderung"))
    assert [one[1:] for one in found] == [
        ("ausgezahlt", "Förderung"), ("bewilligt", "Förderung · 50.000,50 €"), ("eingereicht", "Förderung"),
    ]  # fmt: skip
    assert "foerderung" not in str(section(rita.get(f"/kommunen/{gone}")))


def test_a_body_has_the_same_timeline(app, rita):
    with app.app_context():
        made = factories.body()
        hand_out(material().newest, places=(made.name,))
        factories.talk(made.name)
        db.session.commit()
        url = f"/stellen/{made.id}"
    page = rita.get(url)
    assert [one[0] for one in shown(page)] == ["Einzelgespräch", "Leitfaden Bauhof"]
    assert shown(page)[1][2] == "Material · Fassung 1 · persönlich"
    only = rita.get(rita.get(section(page).select(".tabs a")[-1]["href"]).location)
    assert [one[0] for one in shown(only)] == ["Leitfaden Bauhof"]


def test_older_entries_of_one_kind_are_loaded_in_few_statements(app, rita):
    with app.app_context():
        for days in range(30):
            event = factories.event(f"Abend {days}", in_days=-days - 1, state=EventState.HELD)
            factories.registration(event, came_at=now())
            factories.talk("Lahntal", days_ago=days)
        db.session.commit()
        url = f"/kommunen/{factories.place('Lahntal').id}"
    first = rita.get(url)
    assert len(shown(first)) == 20
    few = rita.get(f"{url}?verlauf=veranstaltungen")
    button = section(few).select("a.btn")[-1]
    assert "Ältere Einträge laden (10)" in button.get_text(" ")
    assert len(shown(rita.get(button["href"].split("#")[0]))) == 30
    whole = rita.get(f"{url}?eintraege=60")
    assert len(shown(whole)) == 60
    assert len(whole.statements) == len(first.statements)
