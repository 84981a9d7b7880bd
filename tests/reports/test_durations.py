"""Time per stage: every day looked at one by one finds the same stays; unknown days are never guessed."""

from dataclasses import replace
from datetime import date
from statistics import median

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.cooperations import services
from crm.cooperations.kinds import HALTS, Stage, Step
from crm.cooperations.models import Cooperation
from crm.cooperations.on_day import groups_on
from crm.cooperations.settling import facts_of
from crm.cooperations.standing import stage_of
from crm.db import db, today
from crm.funding.kinds import StationKind
from crm.funding.models import Application, Station
from crm.proceedings.models import Study, StudyState
from crm.reports.groups import durations, stays
from crm.reports.period import Period
from crm.reports.scope import Scope
from tests import factories
from tests.reports.walking import check_all, narrowed, table
from tests.reports.ways import BACK, ago, scatter

URL = "/berichte/dauer"
OVER = (Stage.ENDED, Stage.ABANDONED)


def year():
    return Period(ago(365), today())


def read(period=None, who="anna", **over):
    return durations.read(factories.member(who), Scope(period or year(), **over))


def row(reading, stage, name="stufe"):
    """What a table says of a stage."""
    return [cell.value for cell in next(
        one[1:] for one in table(reading.sheet, name).rows if one[0] == str(stage.label)
    )]  # fmt: skip


def slow_stays():
    """Look at every day of every group: (title, stage, first day or None, days or None, end or None)."""
    found = []
    for group in db.session.scalars(select(Cooperation)):
        days = [ago(back) for back in range(BACK + 1, -1, -1)]
        stages = [(day, _standing(group, day)) for day in days if _had_begun(group, day)]
        runs = []
        for day, standing in stages:
            if runs and runs[-1][0] is standing.stage:
                continue
            known = standing.since is not None and day != days[0]
            runs.append((standing.stage, day, known))
        for place, (stage, day, known) in enumerate(runs):
            after = runs[place + 1] if place + 1 < len(runs) else None
            found.append((group.title, stage, day, known, after and after[1], after and after[2]))
    return found


def _standing(group, day):
    facts = facts_of(group, day)
    studies = [
        one.begun_on
        for one in db.session.scalars(select(Study).where(Study.cooperation_id == group.id))
        if one.begun_on <= day and (one.finished_on is None or one.finished_on > day)
    ]
    sent = [
        one.submitted_on
        for one in db.session.scalars(select(Application).where(Application.cooperation_id == group.id))
        if one.submitted_on <= day and (one.granted_on is None or one.granted_on > day)
    ]
    study, waiting = min(studies, default=None), min(sent, default=None)
    return stage_of(replace(facts, study_since=study, applied_on=waiting))


def _had_begun(group, day):
    steps = [step for one in group.partners for step in one.steps]
    if any(step.reached_on is None and step.step is not Step.CANDIDATE for step in steps):
        return True
    noted = (group.talked_on, group.resolving_since, group.study_since, group.applied_on)
    days = [step.reached_on for step in steps] + [group.first_contact_on, group.halted_on, *noted]
    return min(one for one in [*days, group.created_at.date()] if one) <= day


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_looking_at_every_day_finds_the_same_stays(context, seed):
    scatter(seed)
    whole = slow_stays()
    for period in (year(), Period(ago(300), ago(100)), Period(ago(30), today())):
        found, cutoff = read(period), period.cutoff
        for stage in Stage:
            if stage in OVER:
                continue
            left = [one for one in whole if one[1] is stage and one[4] and period.since <= one[4] <= cutoff]
            days = [(end - day).days for _t, _s, day, known, end, sure in left if known and sure]
            assert row(found, stage) == [
                len(left), half(days), min(days, default=None), max(days, default=None),
                len(left) - len(days),
            ], (stage, period)  # fmt: skip
            here = [
                one
                for one in whole
                if one[1] is stage and one[2] <= cutoff and not (one[4] and one[4] <= cutoff)
            ]
            lasting = [(cutoff - one[2]).days for one in here if one[3]]
            assert row(found, stage, "stufe-laufend") == [
                len(here), half(lasting), max(lasting, default=None), len(here) - len(lasting),
            ], (stage, period)  # fmt: skip


def half(days):
    return median(days) if days else None


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_the_last_stay_is_the_stage_of_today(context, seed):
    scatter(seed, 30)
    known = stays.dated(stays.applications())
    for group in groups_on(today()):
        assert stays.of_group(group, known, today())[-1].stage is group.stage, group.title


@pytest.mark.parametrize("seed", [8, 9])
def test_every_number_is_the_length_of_the_list_behind_it(context, seed):
    scatter(seed, 25)
    assert len(check_all(read())) > 60


@pytest.mark.parametrize("seed", [1, 2])
def test_stations_are_counted_one_by_one(context, seed):
    scatter(seed, 30)
    period = year()
    found = read(period)
    for kind in StationKind:
        passed, lying = [], []
        for one in db.session.scalars(select(Application)):
            if one.cooperation is None:
                continue
            order = sorted(one.stations, key=lambda station: (station.arrived_on, station.id))
            for place, station in enumerate(order):
                end = order[place + 1].arrived_on if place + 1 < len(order) else one.granted_on
                if station.kind is not kind or (end and end < station.arrived_on):
                    continue
                if end is None:
                    lying.append((today() - station.arrived_on).days)
                elif end >= period.since:
                    passed.append((end - station.arrived_on).days)
        shown = row(found, kind, "station")
        assert shown[:6] == [
            len(passed), half(passed), min(passed, default=None), max(passed, default=None),
            len(lying), half(lying),
        ]  # fmt: skip


def group_of(*places, days=(), step=Step.INTERESTED, **over):
    made = factories.cooperation(*places, reached_on=ago(400), first_contact_on=ago(400), **over)
    for name, back in zip(places, days, strict=True):
        factories.step(made, name, step, days_ago=back)
    db.session.flush()
    return made


def test_the_weakest_partner_decides_when_a_stage_is_left(context):
    group_of("Cölbe", "Lahntal", days=(200, 100))
    found = read()
    assert row(found, Stage.IDEA) == [1, 200, 200, 200, 0]
    group = db.session.scalar(select(Cooperation))
    for name, back in (("Cölbe", 50), ("Lahntal", 20)):
        factories.step(group, name, Step.ACTIVE, days_ago=back)
    found = read()
    assert row(found, Stage.SEARCH) == [1, 180, 180, 180, 0]
    assert row(found, Stage.RUNNING, "stufe-laufend") == [1, 20, 20, 0]


def test_first_and_last_day_of_the_period_count(context):
    group_of("Cölbe", days=(100,))
    for since, until, counted in ((100, 50, 1), (150, 100, 1), (99, 50, 0), (150, 101, 0)):
        assert row(read(Period(ago(since), ago(until))), Stage.IDEA)[0] == counted, since
    running = read(Period(ago(150), ago(101)))
    assert row(running, Stage.IDEA, "stufe-laufend") == [1, 299, 299, 0]


def test_a_step_without_a_day_is_in_no_median_and_opens_its_group(context):
    group = group_of("Cölbe", "Lahntal", days=(200, 200))
    for name, back in (("Cölbe", 50), ("Lahntal", None)):
        factories.step(group, name, Step.ACTIVE, days_ago=back)
    found = read()
    assert row(found, Stage.SEARCH) == [1, None, None, None, 1]
    assert row(found, Stage.RUNNING, "stufe-laufend") == [1, None, None, 1]
    for what in ("ohne-tag", "laufend-ohne-tag"):
        behind = found.records(MultiDict({"was": what}))
        assert [str(line.cells[0]) for line in behind.lines()] == ["Gemeinsamer Bauhof"]


def test_whoever_leaves_lets_the_others_go_on(context):
    group = group_of("Cölbe", "Lahntal", days=(200, 200))
    factories.step(group, "Cölbe", Step.ACTIVE, days_ago=150)
    factories.step(group, "Lahntal", Step.LEFT, days_ago=90)
    assert row(read(), Stage.SEARCH) == [1, 110, 110, 110, 0]


@pytest.mark.parametrize("halt", HALTS)
def test_a_halt_ends_a_stay_and_what_is_over_is_no_stay(context, halt):
    group = group_of("Cölbe", days=(200,))
    services.halt(
        group, {"halt": halt, "halted_on": ago(50), "halt_reason": "Grund"}, factories.member("anna")
    )
    found = read()
    assert row(found, Stage.SEARCH) == [1, 150, 150, 150, 0]
    names = [one[0] for one in table(found.sheet, "stufe").rows]
    assert (str(halt.label) in names) == (halt is Stage.PAUSED)
    if halt is Stage.PAUSED:
        assert row(found, halt, "stufe-laufend") == [1, 50, 50, 0]


def test_a_finished_study_keeps_its_days(context):
    group = group_of("Cölbe", "Lahntal", days=(200, 200))
    factories.study(group, begun_on=ago(150), finished_on=ago(60), state=StudyState.FINISHED)
    assert row(read(), Stage.STUDY) == [1, 90, 90, 90, 0]
    assert row(read(), Stage.SEARCH) == [1, 50, 50, 50, 0]


def test_what_was_reached_and_left_on_one_day_is_no_stay(context):
    group = group_of("Cölbe", "Lahntal", days=(200, 200))
    for name in ("Cölbe", "Lahntal"):
        factories.step(group, name, Step.RESOLVED, days_ago=50)
        factories.step(group, name, Step.ACTIVE, days_ago=50)
    assert row(read(), Stage.CONTRACT)[0] == 0
    assert row(read(), Stage.SEARCH) == [1, 150, 150, 150, 0]


def test_a_removed_group_counts_nowhere_and_comes_back(context):
    group = group_of("Cölbe", days=(200,))
    services.remove(group, factories.member("anna"))
    db.session.flush()
    assert [one.number.value for one in read().sheet.figures] == [0, None, None, 0]
    services.restore(group, factories.member("anna"))
    db.session.flush()
    assert read().sheet.figures[0].number.value == 1


@time_machine.travel("2024-03-01 12:00:00+01:00", tick=False)
def test_a_leap_day_is_a_day(context):
    group_of("Cölbe", days=(2,))
    assert ago(2) == date(2024, 2, 28)
    assert row(read(), Stage.SEARCH, "stufe-laufend")[1] == 2


def test_filters_narrow_groups_and_their_applications(context):
    from crm.task_fields import queries

    bauhof = next(one for one in queries.everything() if one.name == "Bauhof")
    first = group_of("Cölbe", days=(200,), task_fields=[bauhof.id])
    group_of("Oberzent", days=(100,), title="Archiv", by="bert")
    odenwald = factories.place("Odenwaldkreis").id

    def left(**over):
        return read(**over).sheet.figures[0].number.value

    assert left() == 2
    assert left(county_id=odenwald) == 1
    assert left(cooperation_id=first.id) == 1
    assert left(field_id=bauhof.id) == left(field_id=bauhof.parent_id) == 1
    cell = table(read().sheet, "feld").rows[0][1]
    assert (cell.value, cell.link["feld"]) == (200, str(bauhof.parent_id))


def test_large_numbers_are_compared_with_the_period_before(context):
    group_of("Cölbe", days=(100,))
    period = Period(ago(150), ago(1))
    assert read(period).sheet.figures[0].change.startswith("+1 ")


@pytest.fixture
def many(app):
    with app.test_request_context():
        scatter(3, 60)
        db.session.remove()


@pytest.mark.parametrize("names", [(), ("groesse",), ("kreis", "groesse", "aufgabenfeld")])
def test_the_page_opens_for_whoever_reads(many, rita, anna, mara, names):
    chosen = narrowed(rita.get(URL), names)
    for client in (rita, anna, mara):
        page = client.get(URL + chosen)
        assert page.status == 200
        assert page.soup.select_one("h1").get_text(strip=True) == "Dauer je Stufe"


def test_numbers_lead_to_lists_on_the_page(many, rita, ada):
    page = rita.get(URL)
    counted = {
        link["href"]: link.get_text()
        for link in page.soup.select("main a[href*=datensaetze]")
        if "was=beendet" in link["href"] or "was=laufend&" in link["href"] or "was=liegt&" in link["href"]
    }
    assert len(counted) > 5
    for address, text in list(counted.items())[:12]:
        behind = rita.get(address)
        assert behind.soup.select_one("main h1").get_text().split()[0] == text
    for query in ("was=alles", "was=beendet&stufe=x", "was=liegt&station=x"):
        assert rita.get(f"{URL}/datensaetze?{query}").status == 404
    assert ada.get(URL).status == 403


@pytest.mark.parametrize(("until", "passed", "lying"), [(60, 1, 0), (61, 0, 1)])
def test_an_application_lies_at_a_station_until_it_arrives_at_the_next(context, until, passed, lying):
    one = factories.application(factories.cooperation("Cölbe", reached_on=ago(200)), submitted_on=ago(120))
    one.stations = [
        Station(kind=StationKind.COUNTY, arrived_on=ago(100)),
        Station(kind=StationKind.REGION, arrived_on=ago(60)),
    ]
    db.session.flush()
    shown = row(read(Period(ago(150), ago(until))), StationKind.COUNTY, "station")
    assert (shown[0], shown[4]) == (passed, lying)
    assert shown[1] == (40 if passed else None)
    assert shown[5] == (39 if lying else None)


def test_a_station_whose_end_nobody_knows_is_in_no_median(context):
    one = factories.application(factories.cooperation("Cölbe", reached_on=ago(200)), submitted_on=ago(120))
    one.stations, one.granted = [Station(kind=StationKind.COUNTY, arrived_on=ago(100))], 1000
    db.session.flush()
    assert row(read(), StationKind.COUNTY, "station") == [0, None, None, None, 0, None, 1]
