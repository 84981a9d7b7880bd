"""The timeline of a Kommune: everything with a day in one order, each entry leading to its page."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from crm.attendance.models import Certainty
from crm.cooperations.kinds import PartnerRole, Stage, Step
from crm.db import BERLIN, db, now, today
from crm.events.models import EventHost, EventState, Precision
from crm.registrations.models import Origin, Seat
from crm.resolutions.models import Result
from crm.timelines import kinds, queries
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
    assert said[1] == "Förderung · 50.000 € für die Kooperation"
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
    ("seat", "over", "said"),
    [
        (Seat.SEATED, {}, "1 Person angemeldet"),
        (Seat.SEATED, {"companions": 2}, "3 Personen angemeldet"),
        (Seat.OFFERED, {}, "1 Person angemeldet"),
        (Seat.WAITING, {"position": 1}, None),
        (Seat.SIGNED_OFF, {}, None),
        (Seat.LAPSED, {}, None),
        (Seat.SEATED, {"origin": Origin.AT_THE_DOOR}, None),
    ],
)
def test_an_event_ahead_says_who_registered(app, rita, seat, over, said):
    with app.app_context():
        factories.registration(factories.event(), seat=seat, **over)
        hand_out(material().newest, places=("Lahntal",))
        db.session.commit()
        number = factories.place("Lahntal").id
    found = [one for one in shown(rita.get(f"/kommunen/{number}")) if one[0] == "Fachtagung Bauhof"]
    assert found == (
        [("Fachtagung Bauhof", "angemeldet", f"Fachtagung · Kulturzentrum · {said}")] if said else []
    )


def test_who_registered_and_who_came_without_are_told_apart(app, rita):
    with app.app_context():
        held = factories.event("Ohne Haken", in_days=-3, state=EventState.HELD)
        factories.registration(held, companions=1)
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
        ("Ohne Haken", None, "2 Personen waren angemeldet"),
        ("An der Tür", "teilgenommen", "1 Person gekommen"),
        ("Geschätzt", "teilgenommen", "etwa 30 geschätzt"),
        ("Fiel aus", "abgesagt", "1 Person war angemeldet"),
    ]


def test_who_gives_an_event_has_it_too(app, rita):
    with app.app_context():
        number = factories.place("Lahntal").id
        made = factories.event()
        made.hosts.append(EventHost(organisation_id=number, name="Lahntal"))
        factories.event("Ohne Lahntal")
        db.session.commit()
    assert [one[0] for one in shown(rita.get(f"/kommunen/{number}"))] == ["Fachtagung Bauhof"]


def test_a_material_counts_people_of_the_place_alone(app, rita):
    with app.app_context():
        hand_out(material().newest, person("Rupp", "Ilse"), person("Weiß", "Wanda", at="Cölbe"))
        db.session.commit()
        number = factories.place("Cölbe").id
    assert shown(rita.get(f"/kommunen/{number}"))[0][2] == "Material · Fassung 1 · persönlich · an 1 Person"


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


def money(app, person, name):
    """What the timeline of a Kommune says of funding."""
    with app.app_context():
        number = factories.place(name).id
    return [one[1:] for one in shown(person.get(f"/kommunen/{number}?verlauf=foerderung"))]


def test_money_is_told_where_somebody_took_part_on_the_day(app, rita):
    with app.app_context():
        group = factories.cooperation(
            "Cölbe", "Lahntal", "Buseck", "Marburg", reached_on=today() - timedelta(days=400)
        )
        factories.application(
            group, submitted_on=today() - timedelta(days=90), granted_on=today() - timedelta(days=9),
            granted=Decimal("50000.50"), paid_on=today() - timedelta(days=9), amount_reason="Cent",
        )  # fmt: skip
        factories.step(group, "Cölbe", Step.LEFT, days_ago=30, note="Haushalt")
        by_name = {one.organisation_name: one for one in group.partners}
        by_name["Buseck"].role = PartnerRole.OBSERVER
        by_name["Marburg"].steps[0].reached_on = today() - timedelta(days=20)
        db.session.commit()
    granted = "bewilligt", "Förderung · 50.000,50 € für die Kooperation"
    whole = [("ausgezahlt", "Förderung"), granted, ("eingereicht", "Förderung")]
    assert money(app, rita, "Lahntal") == whole
    assert money(app, rita, "Cölbe") == whole[2:]
    assert money(app, rita, "Buseck") == []
    assert money(app, rita, "Marburg") == whole[:2]


def test_where_all_came_after_the_day_all_count(app, rita):
    with app.app_context():
        group = factories.cooperation("Cölbe", "Lahntal", reached_on=today())
        factories.application(group, submitted_on=today() - timedelta(days=90))
        db.session.commit()
    assert money(app, rita, "Lahntal") == [("eingereicht", "Förderung")]


def test_of_a_group_that_is_over_nobody_waits_for_a_result(app, rita):
    with app.app_context():
        group = factories.cooperation("Cölbe", "Lahntal", reached_on=today() - timedelta(days=400))
        factories.resolution(group, "Lahntal", -90, result=Result.POSTPONED)
        factories.resolution(group, "Lahntal", -10)
        group.halt, group.halted_on, group.halt_reason = Stage.ABANDONED, today(), "Kein Geld"
        db.session.commit()
        url = f"/kommunen/{factories.place('Lahntal').id}?verlauf=beschluesse"
    assert [one[1] for one in shown(rita.get(url))] == ["vertagt"]


@pytest.mark.parametrize("change", ["gone", "left"])
def test_a_talk_changed_while_the_page_is_made_is_left_out(app, rita, monkeypatch, change):
    with app.app_context():
        factories.cooperation("Cölbe", "Lahntal", reached_on=today() - timedelta(days=9))
        number, url = factories.talk("Lahntal", "Cölbe").id, f"/kommunen/{factories.place('Lahntal').id}"
        db.session.commit()
    loaded = queries.consultations.for_timelines

    def late(user, ids):
        found = loaded(user, ids)
        if change != "left":
            return [one for one in found if one.id != number]
        db.session.expunge_all()
        found[0].participations = [one for one in found[0].participations if one.position]
        return found

    monkeypatch.setattr(queries.consultations, "for_timelines", late)
    assert [one[1] for one in shown(rita.get(url))] == ["Kandidat"]


def test_no_button_promises_more_than_a_page_can_show(app, rita, monkeypatch):
    monkeypatch.setattr(kinds, "MOST", 3)
    monkeypatch.setattr(queries, "MOST", 3)
    with app.app_context():
        for days in range(5):
            factories.talk("Lahntal", days_ago=days)
        db.session.commit()
        url = f"/kommunen/{factories.place('Lahntal').id}"
    assert "laden (2)" in section(rita.get(f"{url}?eintraege=1")).get_text(" ")
    assert "laden" not in section(rita.get(f"{url}?eintraege=9")).get_text(" ")


def test_what_is_known_by_its_year_does_not_part_a_month(app, rita):
    with app.app_context():
        for day, precision in (
            (1, Precision.YEAR),
            (1, Precision.DAY),
            (1, Precision.YEAR),
            (3, Precision.DAY),
        ):
            starts = datetime(2019, 1, day, tzinfo=BERLIN)
            factories.event(starts_at=starts, ends_at=None, precision=precision, state=EventState.HELD)
        factories.event(
            starts_at=datetime(2019, 1, 9, tzinfo=BERLIN), ends_at=None, precision=Precision.UNKNOWN
        )
        db.session.commit()
        page = rita.get(f"/kommunen/{factories.place('Buseck').id}")
    assert sorted(one.get_text() for one in section(page).select(".tl-month")) == ["2019", "Januar 2019"]
    assert len(shown(page)) == 4


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
