"""Who plans a talk sees what else lies within 14 days with the same organisations."""

from datetime import timedelta

import pytest

from crm.consultations import collisions
from crm.consultations.services import cancel, remove
from crm.cooperations import services as cooperations
from crm.db import db, today
from crm.resolutions.models import Result
from tests import factories
from tests.factories import member, place
from tests.statements import asked

DAY = today() + timedelta(days=30)
TITLE = "In denselben 14 Tagen"


def planned(*places, days=0, **over):
    """Plan a talk some days after the day asked about."""
    return factories.talk(*places, held_on=DAY + timedelta(days=days), **over)


def session(*places, days=0, **over):
    """Plan the session of the council of the first place."""
    group = factories.cooperation(*places, title=f"Bauhof {places[0]}")
    return factories.resolution(group, places[0], in_days=30 + days, **over)


def around(*names, by="anna", day=DAY, **over):
    """Days apart of what lies around the day, with whom."""
    found = collisions.around(member(by), [place(name).id for name in names], day, **over)
    return [(one.apart, *one.places) for one in found]


def ask(client, *numbers, day=DAY, **over):
    """Ask as the script does."""
    more = "".join(f"&{name}={value}" for name, value in over.items())
    places = ",".join(str(one) for one in numbers)
    return client.get(f"/beratungen/neu/umfeld?tag={day:%d.%m.%Y}&kommune={places}{more}")


@pytest.mark.parametrize(("days", "seen"), [(-15, False), (-14, True), (0, True), (14, True), (15, False)])
def test_fourteen_days_are_near_and_fifteen_are_not(context, days, seen):
    planned("Cölbe", days=days)
    session("Cölbe", days=days)
    assert around("Cölbe") == ([(days, "Cölbe"), (days, "Cölbe")] if seen else [])


def test_only_what_concerns_the_same_organisations_is_near(context):
    planned("Cölbe", "Lahntal", days=2)
    planned("Hanau", days=1)
    session("Lahntal", "Kirchhain", days=3)
    assert around("Cölbe", "Gießen") == [(2, "Cölbe")]
    assert around("Lahntal", "Cölbe") == [(2, "Cölbe", "Lahntal"), (3, "Lahntal")]
    assert around("Kirchhain") == [], "another partner's session is none of Kirchhain"
    assert around() == []


def test_cancelled_removed_and_the_talk_itself_are_left_out(context):
    own = planned("Cölbe", days=0)
    cancel(planned("Cölbe", days=1), member("anna"))
    remove(planned("Cölbe", days=2), member("anna"))
    gone = session("Cölbe", days=3)
    cooperations.remove(gone.partner.cooperation, member("anna"))
    assert around("Cölbe", but=own.id) == []
    assert around("Cölbe") == [(0, "Cölbe")]


def test_the_nearest_come_first_and_ten_are_enough(context):
    for days in (9, -8, 7, -6, 5, -4, 3, -2, 1, 14, -14, 12):
        planned("Cölbe", days=days)
    session("Cölbe", days=-1)
    found = [apart for apart, _place in around("Cölbe")]
    assert found == [-1, 1, -2, 3, -4, 5, -6, 7, -8, 9]


def test_past_talks_and_decided_sessions_are_near_too(context):
    factories.talk("Cölbe", days_ago=3)
    session("Cölbe", days=-32, result=Result.ADOPTED)
    near = collisions.around(member("anna"), [place("Cölbe").id], today() + timedelta(days=1))
    assert [(one.apart, one.is_open) for one in near] == [(-3, False), (-4, False)]


def test_a_confidential_talk_is_near_for_its_circle_only(context):
    planned("Cölbe", days=1, confidential=True)
    assert (len(around("Cölbe")), around("Cölbe", by="rita")) == (1, [])


def test_many_are_found_in_three_statements(context):
    for days in range(1, 9):
        planned("Cölbe", "Lahntal", days=days)
        session("Cölbe", "Lahntal", days=days)
    user, numbers = member("anna"), [place(name).id for name in ("Cölbe", "Lahntal")]
    db.session.flush()
    db.session.expire_all()
    db.session.refresh(user)
    with asked() as statements:
        found = collisions.around(user, numbers, DAY)
        said = [(one.talk.heading if one.talk else one.body, one.places, one.apart) for one in found]
    assert len(statements) <= 3
    assert said[:2] == [("Gruppengespräch", ["Cölbe", "Lahntal"], 1), ("Gemeindevertretung", ["Cölbe"], 1)]


@pytest.fixture
def numbers(app):
    """A talk of Bert's and a session close to each other; numbers of talk, group and place."""
    with app.app_context():
        talk = planned("Wetter (Hessen)", days=3, by="bert")
        met = session("Wetter (Hessen)", days=-4)
        found = talk.id, met.partner.cooperation_id, place("Wetter (Hessen)").id
        db.session.commit()
    return found


def test_the_script_gets_what_lies_around_with_a_way_to_join(numbers, anna):
    talk, group, number = numbers
    page = ask(anna, number)
    assert TITLE in page.text
    assert "3 Tage danach" in page.text
    assert "Stadtverordnetenversammlung Wetter (Hessen)" in page.text
    links = [link["href"] for link in page.soup.select("a")]
    assert links == [f"/beratungen/{talk}", f"/beratungen/{talk}/bearbeiten", f"/kooperationen/{group}"]
    assert "B. Braun" in page.text
    assert ask(anna, number, beratung=talk).text.count("Stadtverordnetenversammlung") == 1
    assert f"/beratungen/{talk}" not in ask(anna, number, beratung=talk).html


def test_numbers_may_stand_one_by_one(numbers, anna):
    url = f"/beratungen/neu/umfeld?tag={DAY:%d.%m.%Y}&kommune=1&kommune={numbers[2]}"
    assert TITLE in anna.get(url).text


@pytest.mark.parametrize("day", [today(), today() - timedelta(days=1)])
def test_a_day_that_is_not_to_come_asks_for_nothing(app, anna, day):
    with app.app_context():
        number = place("Cölbe").id
        factories.talk("Cölbe", held_on=day)
        db.session.commit()
    page = ask(anna, number, day=day)
    assert (page.status, page.text) == (200, "")


@pytest.mark.parametrize(
    "query",
    ["", "tag=", "tag=bald&kommune=1", "tag=31.02.2099&kommune=1", "kommune=1", "tag=2.1.2099",
     "tag=2.1.2099&kommune=x,-1,,99999999999,%00", "tag=2.1.2099&kommune=1&beratung=x", "tag=%00&kommune=1"],
)  # fmt: skip
def test_odd_questions_are_answered_with_nothing(anna, query):
    page = anna.get(f"/beratungen/neu/umfeld?{query}")
    assert (page.status, page.text) == (200, "")


def test_who_may_not_plan_is_not_told(numbers, rita, emil, ada):
    for client in (rita, emil, ada):
        assert ask(client, numbers[2]).status == 403


def test_the_form_knows_where_to_ask(app, numbers, anna):
    region = anna.get("/beratungen/neu").soup.select_one("[data-nearby]")
    assert (region["data-nearby"], region["aria-live"]) == ("/beratungen/neu/umfeld", "polite")
    assert region["data-today"] == f"{today():%d.%m.%Y}"
    assert region.get_text() == ""
    region = anna.get(f"/beratungen/{numbers[0]}/bearbeiten").soup.select_one("[data-nearby]")
    assert region["data-nearby"] == f"/beratungen/neu/umfeld?beratung={numbers[0]}"


def test_the_page_of_a_planned_talk_tells_it_without_a_script(app, numbers, anna, rita):
    with app.app_context():
        found = planned("Wetter (Hessen)", days=1).id, factories.talk("Wetter (Hessen)").id
        db.session.commit()
    own, held = (anna.get(f"/beratungen/{one}") for one in found)
    notice = own.soup.select_one(".notice-info")
    assert TITLE in notice.get_text()
    assert f"/beratungen/{found[0]}/bearbeiten" not in [one["href"] for one in notice.select("a")]
    assert f"/beratungen/{numbers[0]}/bearbeiten" in [one["href"] for one in notice.select("a")]
    assert TITLE not in held.main
    assert TITLE not in rita.get(f"/beratungen/{found[0]}").main, "who plans nothing is spared"


def test_a_planned_talk_alone_has_no_notice(app, anna):
    with app.app_context():
        number = planned("Cölbe").id
        db.session.commit()
    assert TITLE not in anna.get(f"/beratungen/{number}").main
