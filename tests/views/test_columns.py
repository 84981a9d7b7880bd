"""Columns of every list: chosen, ordered, computed, exported; whatever an address says."""

import csv
import io
from datetime import datetime, time, timedelta

import pytest

from crm.consultations import table as talks
from crm.consultations.models import ConsultationKind, ConsultationState
from crm.consultations.services import Party
from crm.contacts import table as people
from crm.cooperations import table as groups
from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation
from crm.db import BERLIN, db, today
from crm.events import table as events
from crm.events.models import EventState
from crm.folding import sort_key
from crm.organisations import table as places
from tests import factories

LISTS = {
    "/beratungen": talks.COLUMNS,
    "/kommunen": places.COLUMNS,
    "/kontakte": people.COLUMNS,
    "/kooperationen/liste?stand=alle": groups.COLUMNS,
    "/veranstaltungen?zeit=alle": events.COLUMNS,
}
EACH = [(url, column) for url, columns in LISTS.items() for column in columns]
SORTED = [(url, column.key) for url, column in EACH if column.sort]
NAMES = ["Ähre", "Ahrens", "Ober", "Öder", "Ofen", "Straße", "Strasser", "Zander"]


def ask(url, **more):
    """Give the address of a list with more said in it."""
    return url + ("&" if "?" in url else "?") + "&".join(f"{name}={value}" for name, value in more.items())


def heads(page):
    """Heads of the table, without the one over the ticks."""
    found = page.working.select("#results thead th:not(:has(.pick-all))")
    return [" ".join(tag.get_text(" ").split()) for tag in found]


def cells(page):
    """Texts of the cells, row by row."""
    rows = [row.select("th, td:not(.pick)") for row in page.working.select("#results tbody tr")]
    return [[" ".join(cell.get_text(" ").split()) for cell in row] for row in rows]


def table_of(client, url):
    """Head and rows of a file of a list."""
    text = client.get(url).data.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    return head, rows


def something():
    """Something in every list, with umlauts and ß where names are."""
    for number, name in enumerate(NAMES):
        factories.person(name, "Petra")
        state = list(EventState)[number % 3]
        factories.event(name, in_days=number * 3 - 9, state=state, sort_key=sort_key(name))
        factories.cooperation("Lahntal", "Cölbe", title=name)
        factories.talk("Lahntal", "Marburg", days_ago=number, duration_minutes=number * 10 or None)


@pytest.fixture
def filled(prepared):
    """The filled lists."""
    prepared(something)


@pytest.mark.parametrize(("url", "column"), EACH, ids=lambda part: getattr(part, "key", part))
def test_a_list_can_show_each_column_beside_the_name(filled, mara, url, column):
    page = mara.get(ask(url, spalten=column.key))
    fixed = next(one for one in LISTS[url] if one.fixed)
    if column.fixed:
        # The name alone is no choice.
        assert len(heads(page)) > 1
        return
    assert page.status == 200
    with mara.app.test_request_context():
        assert heads(page) == [str(fixed.heading), str(column.heading)]
    assert all(len(row) == 2 for row in cells(page))
    assert len(cells(page)) > 1


def file_of(url):
    """Give the address of the file of a list."""
    path, _sign, asked = url.partition("?")
    return f"{path.removesuffix('/liste')}/liste.csv?{asked}"


@pytest.mark.parametrize(("url", "key"), SORTED)
def test_each_order_has_all_rows_and_turned_round_the_same_ones(filled, mara, url, key):
    up, down = (table_of(mara, ask(file_of(url), sortierung=sign + key))[1] for sign in ("", "-"))
    assert sorted(up) == sorted(down)
    assert len(up) > 1
    page = mara.get(ask(url, sortierung=f"-{key}", spalten=key))
    marked = [tag["aria-sort"] for tag in page.working.select("th[aria-sort]")]
    assert marked == ["descending"]


def test_kommunen_stand_as_in_a_german_register_however_many_pages_there_are(mara):
    names = [row[0] for row in table_of(mara, "/kommunen/liste.csv?sortierung=name")[1]]
    assert len(names) == 442
    assert [sort_key(name) for name in names] == sorted(sort_key(name) for name in names)
    assert names.index("Grünberg") < names.index("Gründau") < names.index("Guxhagen")
    second = mara.get("/kommunen?sortierung=name&seite=2")
    assert [row[0] for row in cells(second)] == names[50:100]


@pytest.mark.parametrize(
    "url", ["/kontakte", "/veranstaltungen?zeit=alle", "/kooperationen/liste?stand=alle"]
)
def test_names_stand_as_in_a_german_register(filled, mara, url):
    key = next(one.key for one in LISTS[url] if one.fixed)

    def shown(order):
        page = mara.get(ask(url, sortierung=order, spalten=f"{key},mail,state,stage"))
        return [next(name for name in NAMES if row[0].startswith(name)) for row in cells(page)]

    # ä counts as a, ö as o, ß as ss.
    assert shown(key) == ["Ähre", "Ahrens", "Ober", "Öder", "Ofen", "Straße", "Strasser", "Zander"]
    assert shown(f"-{key}") == list(reversed(shown(key)))


HOSTILE = [
    "", ",", "gibt-es-nicht", "day;drop table users", "'--", "%00", "day," * 500, "__class__", "-", "--day",
    "%F0%9F%98%80", "day%0Aplaces", "../..", "{{7*7}}", "<script>",
]  # fmt: skip


@pytest.mark.parametrize("url", [*LISTS, "/wiedervorlagen"])
def test_whatever_an_address_says_of_columns_and_order_the_list_stays(filled, mara, url):
    usual = heads(mara.get(url))
    for text in HOSTILE:
        page = mara.get(ask(url, spalten=text, sortierung=text))
        assert page.status == 200, text
        assert "<script>" not in str(page.working)
        if not text.startswith("day"):
            assert heads(page) == usual, text
        assert mara.get(ask(url, spalte=text, hoch=text, runter=text)).status in (200, 302), text


def test_columns_are_moved_by_buttons_and_the_usual_ones_leave_the_address(filled, mara):
    page = mara.get("/beratungen?kind=group&hoch=kind&spalte=day&spalte=places&spalte=kind")
    assert page.location.endswith("/beratungen?kind=group&spalten=day%2Ckind%2Cplaces&spaltenwahl=hoch-kind")
    opened = mara.get(page.location)
    assert heads(opened) == ["Tag", "Art, Weg", "Kommunen"]
    assert opened.working.select_one("details.columns").has_attr("open")
    assert opened.working.select_one("[data-autofocus]")["value"] == "kind"
    form = "&".join(f"spalte={one.key}" for one in talks.COLUMNS if one.shown)
    assert mara.get(f"/beratungen?kind=group&{form}").location.endswith("/beratungen?kind=group")
    last = mara.get("/beratungen?runter=kind&spalte=places&spalte=kind")
    assert "spalten=places%2Ckind" in last.location


def test_a_file_has_the_chosen_columns_in_their_order_and_the_order_of_the_screen(filled, mara):
    asked = "spalten=minutes,places,follow-ups&sortierung=-minutes"
    head, rows = table_of(mara, f"/beratungen/liste.csv?{asked}")
    assert head == ["Minuten", "Kommunen", "Offene Wiedervorlagen"]
    assert [row[0] for row in rows] == [row[0] for row in cells(mara.get(f"/beratungen?{asked}"))][:-1] + [""]
    for url in ("/kommunen", "/kontakte", "/kooperationen", "/veranstaltungen"):
        usual, _rows = table_of(mara, f"{url}/liste.csv")
        chosen, _rows = table_of(mara, f"{url}/liste.csv?spalten=name,title,last,follow-ups,state")
        assert chosen != usual
        assert mara.get(f"{url}/liste.xlsx").status == 200
        assert mara.get(f"{url}/liste.pdf").status == 404


def test_no_file_has_a_private_note_and_no_cell_is_a_formula(app, mara):
    with app.app_context():
        person = factories.person("=SUMME(A1)")
        person.note = "Geheim1"
        place = factories.place("Lahntal").id
        factories.talk(parties=[Party(place, people=[person.id], private_note="Geheim2")])
        db.session.commit()
    for url, columns in LISTS.items():
        path, keys = url.partition("?")[0].removesuffix("/liste"), ",".join(one.key for one in columns)
        text = mara.get(f"{path}/liste.csv?spalten={keys}").data.decode()
        assert "Geheim" not in text
        assert ";=" not in text
        assert "\n=" not in text


def what_happened():
    """Lahntal with a held talk, a newer confidential one, follow-ups, a running group and dates ahead."""
    person = factories.person("Henkel", "Petra", at="Cölbe")
    lahntal = factories.place("Lahntal").id
    both = [Party(lahntal, people=[person.id]), Party(factories.place("Cölbe").id)]
    factories.talk(parties=both, days_ago=10, kind=ConsultationKind.GROUP)
    secret = factories.talk(
        parties=[Party(lahntal, people=[person.id])], days_ago=3, confidential=True,
        follow_up_on=today(), follow_up_text="Vertraulich anrufen",
    )  # fmt: skip
    factories.follow_up("Eigene", at="Lahntal")
    group = factories.cooperation("Lahntal", "Cölbe", title="Bauhof Nord")
    for name in ("Lahntal", "Cölbe"):
        factories.step(group, name, Step.ACTIVE)
    ahead = {"state": ConsultationState.PLANNED, "cooperation_id": group.id}
    factories.talk("Lahntal", "Cölbe", days_ago=-20, **ahead)
    factories.talk("Lahntal", days_ago=-2, confidential=True, **ahead)
    return {"secret": secret.id, "group": group.id, "place": lahntal}


@pytest.fixture
def happened(prepared):
    """What happened; its numbers."""
    return prepared(what_happened)


def day(in_days):
    """A day as the screen writes it."""
    return f"{today() + timedelta(days=in_days):%d.%m.%Y}"


def row_of(client, url, name):
    """The row of a name in a list."""
    return next(row for row in cells(client.get(url)) if any(cell.startswith(name) for cell in row))


def test_a_kommune_tells_what_other_areas_know_of_it_as_far_as_one_may_see_it(happened, anna, rita):
    url = "/kommunen?q=Lahntal&spalten=last,days,follow-ups,next,groups"
    assert row_of(anna, url, "Lahntal")[1:] == [day(-3), "3", "2", day(2), "1"]
    assert row_of(rita, url, "Lahntal")[1:] == [day(-10), "10", "1", day(20), "1"]
    none = "/kommunen?q=Marburg&spalten=last,days,follow-ups,next,groups"
    assert row_of(anna, none, "Marburg")[1:] == ["–"] * 5


def test_a_group_and_its_talks_tell_the_next_date_as_far_as_one_may_see_it(happened, anna, rita):
    for client, wanted in ((anna, day(2)), (rita, day(20))):
        assert row_of(client, "/kooperationen/liste?stand=alle&spalten=next", "Bauhof")[1] == wanted
        assert cells(client.get("/beratungen?sortierung=-next&spalten=places,next"))[0][1] == wanted


def test_a_person_tells_the_last_talk_as_far_as_one_may_see_it(happened, anna, rita):
    url = "/kontakte?spalten=last&sortierung=-last"
    assert row_of(anna, url, "Henkel")[1] == day(-3)
    assert row_of(rita, url, "Henkel")[1] == day(-10)


def test_each_number_opens_the_records_behind_it(happened, anna, rita):
    for client, more in ((anna, 1), (rita, 0)):
        page = client.get("/kommunen?q=Lahntal&spalten=last,follow-ups,next,groups")
        links = [link["href"] for link in page.working.select("#results tbody td a")]
        assert len(cells(client.get(links[0]))) == 1 + more
        opened = client.get(links[1].partition("#")[0])
        assert len(opened.working.select("section[aria-labelledby=open] .row-item")) == 1 + more
        assert client.get(links[2]).status == 200
        assert [row[0].startswith("Bauhof Nord") for row in cells(client.get(links[3]))] == [True]


def test_the_day_of_an_event_is_the_day_in_berlin_on_both_databases(app, anna):
    tomorrow = today() + timedelta(days=1)
    with app.app_context():
        event = factories.event("Kurz nach Mitternacht", place_id=factories.place("Lahntal").id)
        event.starts_at = datetime.combine(tomorrow, time(0, 30), BERLIN)
        event.ends_at = None
        db.session.commit()
    for asked in ("spalten=next", "spalten=next&sortierung=next"):
        assert cells(anna.get(f"/kommunen?{asked}&q=Lahntal"))[0][1] == day(1)


def test_a_partner_that_left_no_longer_counts(app, happened, anna):
    with app.app_context():
        group = db.session.get(Cooperation, happened["group"])
        factories.step(group, "Lahntal", Step.LEFT)
        db.session.commit()
    assert row_of(anna, "/kommunen?q=Lahntal&spalten=groups", "Lahntal")[1] == "–"
    assert cells(anna.get(f"/kooperationen/liste?stand=alle&kommune={happened['place']}")) == []


def test_what_is_removed_counts_nowhere(app, happened, anna):
    assert anna.submit(f"/beratungen/{happened['secret']}/entfernen").status == 303
    assert anna.submit(f"/kooperationen/{happened['group']}/entfernen").status == 303
    row = row_of(anna, "/kommunen?q=Lahntal&spalten=last,follow-ups,groups", "Lahntal")
    assert row[1:] == [day(-10), "1", "–"]


def test_administrators_see_no_column_of_content(happened, ada):
    page = ada.get("/kommunen?q=Lahntal&spalten=last,days,follow-ups,next,groups&sortierung=-last")
    assert heads(page) == ["Name", "Art", "Gehört zu", "Einwohner", "Schlüssel"]
    head, _rows = table_of(ada, "/kommunen/liste.csv?spalten=last,next,groups")
    assert head == ["Name", "Art", "Gehört zu", "Einwohner", "Gezählt am", "Schlüssel"]


@pytest.mark.parametrize("url", LISTS)
def test_every_column_at_once_takes_few_statements_however_many_rows(app, filled, mara, url):
    every = ",".join(one.key for one in LISTS[url])
    page = mara.get(ask(url, spalten=every))
    assert len(heads(page)) == len(LISTS[url])
    assert len(page.statements) <= 20
    with app.app_context():
        for number in range(12):
            factories.talk("Lahntal", "Cölbe", days_ago=number)
            factories.person(f"Neu{number}")
        db.session.commit()
    assert len(mara.get(ask(url, spalten=every)).statements) <= len(page.statements)


def test_follow_ups_are_ordered_by_day_person_and_place(app, anna):
    with app.app_context():
        factories.follow_up("Eins", in_days=3, at="Wetter (Hessen)", by="mara")
        factories.follow_up("Zwei", in_days=2, at="Amöneburg", by="anna")
        factories.follow_up("Drei", in_days=1, at="Ebsdorfergrund", by="anna")
        db.session.commit()

    def shown(key):
        page = anna.get(f"/wiedervorlagen?stand=offen&sortierung={key}")
        return [link.get_text() for link in page.working.select("#results .row-main > a")]

    assert shown("due") == ["Drei", "Zwei", "Eins"]
    assert shown("-due") == ["Eins", "Zwei", "Drei"]
    assert shown("place") == ["Zwei", "Drei", "Eins"]
    assert shown("owner") == ["Drei", "Zwei", "Eins"]
    assert shown("-owner") == ["Eins", "Drei", "Zwei"]
