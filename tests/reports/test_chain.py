"""The chain: talks after events within six months to the day, links and steps of groups, where they stand."""

import random
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from statistics import median

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm import records
from crm.attendance.models import HeadCount
from crm.consultations.models import (
    Channel,
    Consultation,
    ConsultationKind,
    ConsultationState,
    Participation,
    Presence,
)
from crm.cooperations import services
from crm.cooperations.kinds import PartnerRole, Stage, Step
from crm.cooperations.models import Cooperation
from crm.dates import months_later
from crm.db import BERLIN, db, now, today
from crm.events.models import OVER, Event, EventState, Precision
from crm.funding.models import Application
from crm.organisations.models import Level, Succession
from crm.proceedings.services import change_contract
from crm.registrations.models import Registration
from crm.reports.groups import chain
from crm.reports.groups.chain_links import LINKS
from crm.reports.period import Period
from crm.reports.scope import Scope
from tests import factories
from tests.reports.walking import check_all, narrowed, table
from tests.reports.ways import BACK, ago
from tests.reports.ways import scatter as scatter_groups

URL = "/berichte/kette"
EVENT, TALK, GROUP, RESOLUTIONS, CONTRACT, GRANT, REVIEW = LINKS
NAMES = ("Hanau", "Cölbe", "Lahntal", "Landkreis Fulda", "Kassel", "ekom21", "Marburg", "Fulda")
YEARS = Period(ago(700), today())


def read(period=None, who="anna", **over):
    return chain.read(factories.member(who), Scope(period or YEARS, **over))


def figures(reading):
    """Events followed, median days to the talk, chains that moved, on their way, nothing new for a year."""
    return [one.number.value for one in reading.sheet.figures]


def held(day, *places, title="Tagung", heads=(), **over):
    """An event that was held, to which somebody came from these places."""
    starts = datetime.combine(day, time(10), BERLIN)
    values = {"starts_at": starts, "ends_at": starts + timedelta(hours=5), "state": EventState.HELD} | over
    made = factories.event(title, **values)
    for place in places:
        factories.registration(made, last_name=f"Gast {place}", at=place, came_at=now())
    for place in heads:
        factories.heads(made, 5, organisation_id=factories.place(place).id)
    return made


def scatter(seed):
    """Store groups, events with guests and heads, and talks of every kind, some of them confidential."""
    dice = random.Random(seed)
    scatter_groups(seed)
    groups = list(db.session.scalars(select(Cooperation).order_by(Cooperation.id)))
    for group in groups:
        group.signed_on = dice.choice([None, None, ago(dice.randrange(BACK))])
        group.evaluated_on = dice.choice([None, None, ago(dice.randrange(200))])
    for number in range(25):
        made = held(
            ago(dice.randrange(600)), *dice.sample(NAMES, dice.randrange(4)), title=f"Tagung {number}",
            heads=dice.sample(NAMES, dice.randrange(2)), state=dice.choice([*[EventState.HELD] * 5, *STATES]),
            precision=dice.choice([*[Precision.DAY] * 6, *Precision]),
        )  # fmt: skip
        if dice.random() < 0.1:
            records.remove([made], factories.member("anna"), "event.removed")
    for _one in range(150):
        db.session.add(_talk(dice, groups))
    db.session.commit()


def _one():
    scatter(1)


def _two():
    scatter(2)


def _three():
    scatter(3)


def _four():
    scatter(4)


def _five():
    scatter(5)


def _nine():
    scatter(9)


@pytest.fixture
def mixed(prepared, seed):
    """Groups, events and talks at random, others for each seed."""
    prepared({1: _one, 2: _two, 3: _three, 4: _four, 5: _five}[seed])


STATES = [EventState.DOCUMENTED, EventState.CANCELLED, EventState.PLANNED]


def _talk(dice, groups):
    made = Consultation(
        held_on=ago(dice.randrange(600)), kind=dice.choice(list(ConsultationKind)), channel=Channel.PHONE,
        state=dice.choice([*[ConsultationState.HELD] * 5, *ConsultationState]),
        confidential=dice.random() < 0.3, cooperation_id=dice.choice([None, dice.choice(groups).id]),
    )  # fmt: skip
    for name in dice.sample(NAMES, dice.randrange(4)):
        place = factories.place(name)
        made.participations.append(
            Participation(
                organisation_id=place.id, organisation_name=name, presence=dice.choice(list(Presence))
            )
        )
    return made


def slow_pairs(sees_confidential, period):
    """Look at every event, every guest, every talk: {(event, Kommune): days to the talk or None}."""
    found = {}
    for event in db.session.scalars(select(Event)):
        if event.state not in OVER or not _lies_in(event, period):
            continue
        for place in _guests(event):
            days = []
            for talk in db.session.scalars(select(Consultation)):
                if talk.confidential and not sees_confidential:
                    continue
                there = {one.organisation_id for one in talk.participations if one.counts}
                if talk.state is ConsultationState.HELD and place in there:
                    days.append((talk.held_on - event.day).days)
            limit = (months_later(event.day, 6) - event.day).days
            exact = event.precision in (Precision.TIME, Precision.DAY)
            found[event.id, place] = min((one for one in days if exact and 0 < one <= limit), default=None)
    return found


def _lies_in(event, period):
    last = event.day
    if event.precision is Precision.MONTH:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    elif event.precision is Precision.YEAR:
        last = last.replace(month=12, day=31)
    return period.since <= event.day and last <= period.until


def _guests(event):
    came = select(Registration).where(Registration.event_id == event.id, Registration.came_at.is_not(None))
    counted = select(HeadCount).where(HeadCount.event_id == event.id)
    places = {one.organisation for query in (came, counted) for one in db.session.scalars(query)}
    return {one.id for one in places if one and one.level in (Level.MUNICIPALITY, Level.COUNTY)}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("who", ["anna", "rita"])
def test_looking_at_every_event_and_talk_finds_the_same_pairs(mixed, context, seed, who):
    for period in (YEARS, Period(ago(400), ago(200))):
        found, counted = read(period, who), slow_pairs(who == "anna", period)
        lists = {what: found.records(MultiDict({"was": what})) for what in ("gekommen", "gespraech")}
        talked = {pair: days for pair, days in counted.items() if days is not None}
        assert len(lists["gekommen"].ids) == len(counted)
        assert len(lists["gespraech"].ids) == len(talked)
        assert {(number // 1_000_000, number % 1_000_000) for number in lists["gespraech"].ids} == set(talked)
        assert figures(found)[:2] == [
            len({event for event, _place in talked}), median(talked.values()) if talked else None,
        ]  # fmt: skip


INSIDE = (Step.INTERESTED, Step.RESOLVED, Step.SIGNED, Step.ACTIVE)


def slow_links(group, sees_confidential):
    """Look at the records of one group: the day of each link but the event, None where nobody knows it."""
    found = {}
    talks = [
        one.held_on
        for one in db.session.scalars(select(Consultation))
        if one.cooperation_id == group.id and one.state is ConsultationState.HELD
        and one.kind is not ConsultationKind.INTERNAL and (sees_confidential or not one.confidential)
    ]  # fmt: skip
    if talks:
        found[TALK] = min(talks)
    required = [one for one in group.partners if one.role in (PartnerRole.LEAD, PartnerRole.MEMBER)]
    interest = []
    for one in required:
        steps = [step for step in one.steps if step.step in INSIDE]
        if steps:
            interest.append(min((step.reached_on for step in steps if step.reached_on), default=None))
    if required and len(interest) >= min(2, len(required)):
        found[GROUP] = None if None in interest else sorted(interest)[min(2, len(required)) - 1]
    if group.signed_on:
        found[CONTRACT] = group.signed_on
    grants = [
        one.granted_on
        for one in db.session.scalars(select(Application).where(Application.cooperation_id == group.id))
        if one.granted_on
    ]
    if [one for one in grants if one <= today()]:
        found[GRANT] = min(grants)
    if group.evaluated_on:
        found[REVIEW] = group.evaluated_on
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("who", ["anna", "rita"])
def test_looking_at_every_record_of_a_group_finds_the_same_links(mixed, context, seed, who):
    found = read(who=who).records(MultiDict({"was": "ketten"}))
    lines = {line.id: line.cells for line in found.lines()}
    groups = list(db.session.scalars(select(Cooperation)))
    assert set(lines) == {one.id for one in groups}
    for group in groups:
        expected = slow_links(group, who == "anna")
        cells = dict(zip(LINKS, lines[group.id][1:], strict=False))
        for link in (TALK, GROUP, GRANT, REVIEW):
            shown = cells[link] if link in expected else "none"
            if link not in expected:
                assert cells[link] is None, (group.title, link)
            elif expected[link] is None:
                assert isinstance(shown, str), (group.title, link)
            else:
                assert shown == expected[link], (group.title, link)
        if CONTRACT in expected:
            assert cells[CONTRACT] == expected[CONTRACT]


@pytest.mark.parametrize("seed", [4, 5])
@pytest.mark.parametrize("who", ["anna", "rita"])
def test_every_number_is_the_length_of_the_list_behind_it(mixed, context, seed, who):
    assert len(check_all(read(who=who))) > 40


@pytest.mark.parametrize("seed", [6])
def test_steps_are_the_days_between_neighbouring_links(context, seed):
    scatter(seed)
    found = read()
    lines = list(found.records(MultiDict({"was": "ketten"})).lines())
    for place, after in enumerate(LINKS[1:], start=1):
        days = []
        for line in lines:
            first, last = line.cells[place], line.cells[place + 1]
            if isinstance(first, date) and isinstance(last, date) and max(first, last) >= YEARS.since:
                days.append((last - first).days)
        counts = next(row for row in table(found.sheet, "schritt").rows if row[1].link["schritt"] == after)
        forward = [one for one in days if one >= 0]
        assert [one.value for one in counts[1:6]] == [
            len(forward), median(forward) if forward else None, min(forward, default=None),
            max(forward, default=None), len(days) - len(forward),
        ]  # fmt: skip


def spring(year=2026):
    return Period(date(year, 1, 1), date(year, 6, 30))


@time_machine.travel("2026-11-26 12:00:00+01:00", tick=False)
@pytest.mark.parametrize(
    ("event", "talk", "counts"),
    [
        (date(2026, 3, 10), date(2026, 9, 10), True),
        (date(2026, 3, 10), date(2026, 9, 11), False),
        (date(2026, 3, 10), date(2026, 3, 11), True),
        (date(2026, 3, 10), date(2026, 3, 10), False),
        (date(2026, 3, 10), date(2026, 3, 9), False),
        (date(2026, 3, 31), date(2026, 9, 30), True),
        (date(2026, 3, 31), date(2026, 10, 1), False),
    ],
)
def test_six_months_to_the_day(context, event, talk, counts):
    held(event, "Cölbe")
    factories.talk("Cölbe", held_on=talk)
    assert figures(read(spring()))[0] == int(counts)


@time_machine.travel("2024-11-26 12:00:00+01:00", tick=False)
@pytest.mark.parametrize(("talk", "counts"), [(date(2024, 2, 29), 1), (date(2024, 3, 1), 0)])
def test_six_months_that_end_on_a_leap_day(context, talk, counts):
    held(date(2023, 8, 31), "Cölbe")
    factories.talk("Cölbe", held_on=talk)
    assert figures(read(Period(date(2023, 8, 31), date(2023, 8, 31))))[0] == counts


@pytest.mark.parametrize("presence", list(Presence))
def test_only_who_took_part_had_a_talk(context, presence):
    held(ago(100), "Cölbe")
    talk = factories.talk("Cölbe", "Lahntal", held_on=ago(50))
    talk.participations[0].presence = presence
    db.session.flush()
    assert figures(read())[0] == int(presence in (Presence.PRESENT, Presence.REPRESENTED))


def test_planned_cancelled_and_removed_talks_follow_nothing(context):
    held(ago(100), "Cölbe")
    for state in (ConsultationState.PLANNED, ConsultationState.CANCELLED):
        factories.talk("Cölbe", held_on=ago(60)).state = state
    gone = factories.talk("Cölbe", held_on=ago(50))
    records.remove([gone], factories.member("anna"), "consultation.removed")
    db.session.flush()
    assert figures(read())[0] == 0


def test_a_confidential_talk_follows_for_its_circle_only(context):
    held(ago(100), "Cölbe")
    group = factories.cooperation("Cölbe", "Lahntal", reached_on=ago(90))
    factories.talk("Cölbe", held_on=ago(50), confidential=True, cooperation_id=group.id)
    assert figures(read(who="anna"))[0] == 1
    assert figures(read(who="rita"))[0] == 0
    for who, day in (("anna", ago(50)), ("rita", None)):
        line = next(read(who=who).records(MultiDict({"was": "ketten"})).lines())
        assert line.cells[1 + LINKS.index(TALK)] == day


def test_guests_who_did_not_come_and_other_bodies_make_no_pair(context):
    event = held(ago(100), "Cölbe", "ekom21", heads=("Lahntal",))
    factories.registration(event, last_name="Fern", at="Hanau")
    factories.talk("Lahntal", held_on=ago(90))
    found = read()
    assert [len(found.records(MultiDict({"was": what})).ids) for what in ("gekommen", "gespraech")] == [2, 1]
    line = table(found.sheet, "anlaesse").rows[0]
    assert [line[place].value for place in (2, 3, 4)] == [2, 1, 10]
    assert check_all(found)


@time_machine.travel("2018-11-26 12:00:00+01:00", tick=False)
def test_a_former_kommune_talks_as_what_it_has_become(context):
    held(date(2017, 11, 20), "Beerfelden")
    held(date(2017, 11, 21), "Rothenberg", title="Zweite")
    factories.talk("Oberzent", held_on=date(2018, 1, 1))
    found = read(Period(date(2017, 1, 1), date(2017, 12, 31)))
    assert figures(found)[:2] == [2, 41.5]


@time_machine.travel("2018-11-26 12:00:00+01:00", tick=False)
def test_before_the_merger_it_is_another(context):
    held(date(2017, 8, 1), "Beerfelden")
    factories.talk("Rothenberg", held_on=date(2017, 9, 1))
    assert figures(read(Period(date(2017, 1, 1), date(2017, 12, 31))))[0] == 0
    assert db.session.scalars(select(Succession)).first() is not None


def test_an_event_known_to_the_month_only_is_followed_by_nothing(context):
    held(ago(100), "Cölbe", precision=Precision.MONTH)
    factories.talk("Cölbe", held_on=ago(50))
    found = read()
    assert figures(found)[0] == 0
    assert table(found.sheet, "anlaesse").rows[0][1] is None
    assert "nicht bekannt" in table(found.sheet, "anlaesse").rows[0][5]


def test_six_months_that_are_not_over_are_said(context):
    held(ago(20), "Cölbe")
    held(ago(300), "Lahntal", title="Alte")
    held(ago(10), title="Ohne")
    said = {str(row[0]): row[5] for row in table(read().sheet, "anlaesse").rows}
    assert "nicht um" in said["Tagung"]
    assert said["Alte"].startswith("keine Beratung")
    assert said["Ohne"].startswith("keine Kommune")


def whole_chain():
    held(ago(300), "Cölbe")
    group = factories.cooperation("Cölbe", "Lahntal", reached_on=ago(280))
    factories.talk("Cölbe", "Lahntal", held_on=ago(280), cooperation_id=group.id)
    for step, days in ((Step.INTERESTED, (270, 260)), (Step.RESOLVED, (200, 180)), (Step.SIGNED, (170, 150))):
        for name, back in zip(("Cölbe", "Lahntal"), days, strict=True):
            factories.step(group, name, step, days_ago=back)
    one = factories.application(group, submitted_on=ago(140))
    one.granted_on = ago(100)
    change_contract(group, {"evaluated_on": ago(10)}, factories.member("anna"))
    db.session.flush()
    return group


def test_a_whole_chain_has_a_day_for_every_link(context):
    whole_chain()
    found = read()
    line = table(found.sheet, "ketten").rows[0]
    assert line[1:8] == tuple(ago(days) for days in (300, 280, 260, 180, 150, 100, 10))
    between = table(found.sheet, "abstaende").rows[0]
    assert [one.value for one in between[1:]] == [20, 20, 80, 30, 50, 90, 290]
    steps = [row[2].value for row in table(found.sheet, "schritt").rows]
    assert steps == [20, 20, 80, 30, 50, 90]


def test_who_left_since_was_part_of_the_group_then(context):
    group = whole_chain()
    factories.step(group, "Lahntal", Step.LEFT, days_ago=5)
    line = table(read().sheet, "ketten").rows[0]
    assert line[1 + LINKS.index(GROUP)] == ago(260)


def test_a_link_without_a_day_is_reached_and_in_no_median(context):
    group = factories.cooperation("Cölbe", "Lahntal", step=Step.INTERESTED, reached_on=ago(100))
    factories.step(group, "Cölbe", Step.RESOLVED, days_ago=50)
    factories.step(group, "Lahntal", Step.RESOLVED, days_ago=None)
    found = read()
    steps = {row[1].link["schritt"]: row for row in table(found.sheet, "schritt").rows}
    assert [one.value for one in steps[RESOLUTIONS][1:]] == [0, None, None, None, 0, 1]
    standing = {row[1].link["glied"]: row[1].value for row in table(found.sheet, "glied").rows}
    assert standing[RESOLUTIONS] == 1


def test_links_in_reverse_order_are_counted_apart(context):
    group = factories.cooperation("Cölbe", "Lahntal", step=Step.INTERESTED, reached_on=ago(100))
    factories.talk("Cölbe", held_on=ago(50), cooperation_id=group.id)
    steps = {row[1].link["schritt"]: row for row in table(read().sheet, "schritt").rows}
    assert [one.value for one in steps[GROUP][1:]] == [0, None, None, None, 1, 0]


@pytest.mark.parametrize(("back", "stuck"), [(365, 0), (366, 1)])
def test_where_groups_stand_still(context, back, stuck):
    factories.cooperation("Cölbe", "Lahntal", step=Step.INTERESTED, reached_on=ago(back))
    assert figures(read())[3:] == [1, stuck]


@pytest.mark.parametrize("halt", [Stage.PAUSED, Stage.ABANDONED, Stage.ENDED])
def test_paused_groups_are_on_their_way_and_those_over_are_not(context, halt):
    group = factories.cooperation("Cölbe", "Lahntal", step=Step.INTERESTED, reached_on=ago(100))
    values = {"halt": halt, "halted_on": ago(3), "halt_reason": "Grund"}
    services.halt(group, values, factories.member("anna"))
    found = read()
    assert figures(found)[3] == int(halt is Stage.PAUSED)
    over = next(row for row in table(found.sheet, "glied").rows if row[1].link["glied"] == GROUP)[6]
    assert over.value == int(halt is not Stage.PAUSED)


def test_a_removed_group_has_no_chain(context):
    services.remove(whole_chain(), factories.member("anna"))
    db.session.flush()
    found = read()
    assert not table(found.sheet, "ketten").rows
    assert figures(found)[0] == 1


def test_first_and_last_day_of_the_period_count(context):
    factories.cooperation("Cölbe", "Lahntal", step=Step.INTERESTED, reached_on=ago(100))
    for since, until, moved in ((100, 50, 1), (150, 100, 1), (99, 50, 0), (150, 101, 0)):
        assert figures(read(Period(ago(since), ago(until))))[2] == moved, since


def test_the_period_of_last_year_asks_for_the_talks_of_this_year(context):
    held(ago(100), "Cölbe")
    factories.talk("Cölbe", held_on=ago(50))
    assert figures(read(Period(ago(110), ago(90))))[0] == 1


def test_filters_narrow_events_guests_and_groups(context):
    held(ago(100), "Cölbe", "Hünfeld")
    for place in ("Cölbe", "Hünfeld"):
        factories.talk(place, held_on=ago(50))
    group = factories.cooperation("Cölbe", "Lahntal", step=Step.INTERESTED, reached_on=ago(90))
    factories.cooperation("Hünfeld", "Fulda", step=Step.INTERESTED, reached_on=ago(90), title="Archiv")
    fulda = factories.place("Landkreis Fulda").id
    assert len(read().records(MultiDict({"was": "gespraech"})).ids) == 2
    assert len(read(county_id=fulda).records(MultiDict({"was": "gespraech"})).ids) == 1
    assert figures(read())[3] == 2
    assert figures(read(county_id=fulda))[3] == 1
    assert figures(read(cooperation_id=group.id))[3] == 1


def test_the_rule_claims_no_cause(app, rita):
    page = rita.get(URL)
    terms = {one.dt.get_text(): one.dd.get_text() for one in page.working.select(".defin > div")}
    assert "nie dass eines das andere bewirkt" in terms["Zählregel"]


@pytest.fixture
def many(prepared):
    prepared(_nine)


@pytest.mark.parametrize("names", [(), ("groesse",), ("kreis", "groesse", "aufgabenfeld")])
def test_the_page_opens_for_whoever_reads(many, rita, anna, mara, names):
    chosen = narrowed(rita.get(URL), names)
    for client in (rita, anna, mara):
        page = client.get(URL + chosen)
        assert page.status == 200
        assert page.working.select_one("h1").get_text(strip=True) == "Von der Veranstaltung zur Förderung"


def test_numbers_lead_to_lists_on_the_page(many, rita, ada):
    page = rita.get(URL)
    links = {link["href"]: link.get_text() for link in page.working.select("main a[href*=datensaetze]")}
    counted = {
        one: text for one, text in links.items()
        if not any(f"was={key}" in one for key in ("schritt-", "tage-"))
    }  # fmt: skip
    assert len(counted) > 20
    for address, text in list(counted.items())[::3]:
        behind = rita.get(address)
        assert behind.working.select_one("main h1").get_text().split()[0] == text, address
    for query in ("was=alles", "was=ketten&glied=x", "was=gekommen&anlass=999999"):
        assert rita.get(f"{URL}/datensaetze?{query}").status == 404
    assert ada.get(URL).status == 403


@time_machine.travel("2026-11-26 12:00:00+01:00", tick=False)
@pytest.mark.parametrize(
    ("event", "seen"),
    [
        (date(2026, 3, 10), True),
        (date(2026, 3, 9), False),
        (date(2026, 9, 9), True),
        (date(2026, 9, 10), False),
    ],
)
def test_the_event_of_a_chain_lies_in_the_six_months_before_all_else(context, event, seen):
    held(event, "Lahntal")
    held(date(2026, 9, 1), "Marburg", title="Andere")
    factories.cooperation("Cölbe", "Lahntal", step=Step.INTERESTED, reached_on=date(2026, 9, 10))
    assert table(read().sheet, "ketten").rows[0][1] == (event if seen else None)
