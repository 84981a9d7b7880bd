"""What is due: four kinds of open entries, none twice, none that somebody must not see."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm import records
from crm.cooperations import services
from crm.cooperations.kinds import Stage, Step
from crm.cooperations.models import Cooperation
from crm.db import db, now, today
from crm.events.models import ChecklistItem, Event, EventState, Precision
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.funding.kinds import ObligationKind
from crm.funding.models import Application, Obligation
from crm.proceedings.models import Study, StudyState
from crm.reports import due
from crm.reports.due_entries import KINDS
from crm.reports.period import Period
from crm.reports.scope import Scope
from tests import factories
from tests.reports.groups import scatter as scatter_groups
from tests.reports.walking import check_all, narrowed, table

URL = "/berichte/faelliges"
FOLLOW_UP, OBLIGATION, REPAYMENT, TASK = KINDS


def around(days=60):
    return Period(today() - timedelta(days=days), today() + timedelta(days=days))


def read(who="mara", period=None, **narrowed):
    return due.read(factories.member(who), Scope(period or around(), **narrowed))


def figures(reading):
    """In the period, before, overdue today, longest overdue, without a day."""
    return [one.number.value for one in reading.sheet.figures]


def obligation(group, in_days, done=False):
    one = factories.application(group)
    made = Obligation(
        application_id=one.id, kind=ObligationKind.REPORT, due_on=today() + timedelta(days=in_days),
        done_on=today() if done else None,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def study(group, in_days, **over):
    day = None if in_days is None else today() + timedelta(days=in_days)
    values = {"title": "Studie", "state": StudyState.FINISHED, "grant": Decimal(1000), "repay_due_on": day}
    made = Study(cooperation_id=group.id, **(values | over))
    db.session.add(made)
    db.session.flush()
    return made


def task(in_days, event_in=30, **over):
    event = factories.event(in_days=event_in, **over)
    made = ChecklistItem(event_id=event.id, days=in_days - event_in, text="Einladen")
    db.session.add(made)
    db.session.flush()
    return made


def scatter(seed):
    """Store open and done entries of all kinds, some confidential, some in the trash."""
    dice = random.Random(seed)
    scatter_groups(12, seed)
    groups = list(db.session.scalars(select(Cooperation).order_by(Cooperation.id)))
    for _one in range(60):
        made = factories.follow_up(
            by=dice.choice(["anna", "bert", "mara"]), in_days=dice.randrange(-120, 120),
            confidential=dice.random() < 0.2,
            state=dice.choice([*[FollowUpState.OPEN] * 4, FollowUpState.DONE]),
            cooperation_id=dice.choice([None, dice.choice(groups).id]),
        )  # fmt: skip
        if dice.random() < 0.1:
            records.remove([made], factories.member("anna"), "follow-up.removed")
    for group in dice.sample(groups, 8):
        obligation(group, dice.randrange(-120, 120), done=dice.random() < 0.3)
        repaid = dice.choice([None, None, today()])
        study(group, dice.choice([None, dice.randrange(-120, 120)]), repaid_on=repaid)
    for _one in range(12):
        made = task(
            dice.randrange(-90, 90), dice.randrange(-90, 90), state=dice.choice(list(EVENTS)),
            precision=dice.choice([*[Precision.TIME] * 4, *Precision]),
        )  # fmt: skip
        made.done_at = now() if dice.random() < 0.3 else None
    db.session.commit()


EVENTS = [one for one in EventState if one is not EventState.FULL]


def slow(sees_confidential, period):
    """Count record by record: kinds in the period, before it, overdue, without a day."""
    inside, before, late, undated = Counter(), Counter(), Counter(), Counter()
    for kind, day in _open_days(sees_confidential):
        if day is None:
            undated[kind] += 1
        elif day <= period.until:
            (inside if day >= period.since else before)[kind] += 1
            late[kind] += day < today()
    return inside, before, late, undated


def _is_there(record):
    return record is not None and record.removed_at is None


def _open_days(sees_confidential):
    for one in db.session.scalars(select(FollowUp)):
        if one.state is FollowUpState.OPEN and (sees_confidential or not one.confidential):
            yield FOLLOW_UP, one.due_on
    for one in db.session.scalars(select(Obligation)):
        if one.done_on is None and _is_there(one.application.cooperation):
            yield OBLIGATION, one.due_on
    yield from _open_studies()
    yield from _open_tasks()


def _open_studies():
    for one in db.session.scalars(select(Study)):
        group = one.cooperation
        if one.repaid_on is not None or not _is_there(group):
            continue
        granted = any(
            other.cooperation_id == group.id and (other.granted or other.granted_on)
            for other in db.session.scalars(select(Application))
        )
        if one.repay_due_on:
            yield REPAYMENT, one.repay_due_on
        elif group.halt in (Stage.ENDED, Stage.ABANDONED) and not granted:
            yield REPAYMENT, None


def _open_tasks():
    for one in db.session.scalars(select(ChecklistItem)):
        event = one.event
        if one.done_at or event.state is EventState.CANCELLED or not _is_there(event):
            continue
        if event.precision in (Precision.TIME, Precision.DAY):
            yield TASK, one.due_on


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("who", ["mara", "rita"])
def test_the_report_counts_what_counting_record_by_record_finds(context, seed, who):
    scatter(seed)
    for period in (around(), around(10), Period(today() - timedelta(days=90), today() - timedelta(days=30))):
        found = read(who, period).sheet
        counted = slow(who == "mara", period)
        rows = table(found, "art").rows
        shown = {row[1].link["art"]: [row[place].value for place in (1, 2, 5, 3)] for row in rows}
        assert shown == {kind: [one[kind] for one in counted] for kind in KINDS}
        shown = {one.number.link["was"]: one.number.value for one in found.figures}
        assert [shown[key] for key in ("faellig", "vorher", "ueberfaellig", "ohne-tag")] == [
            one.total() for one in counted
        ]
        assert len(table(found, "liste").rows) == sum(counted[place].total() for place in (0, 1, 3))


@pytest.mark.parametrize("who", ["mara", "anna", "rita"])
def test_every_number_is_the_length_of_the_list_behind_it(context, who):
    scatter(5)
    assert len(check_all(read(who))) > 20


def test_first_and_last_day_count_and_overdue_begins_the_day_after(context):
    for days in (-11, -10, -1, 0, 10, 11):
        factories.follow_up(in_days=days)
    found = read(period=around(10))
    assert figures(found) == [4, 1, 3, 11, 0]
    assert [row[4].value for row in table(found.sheet, "liste").rows] == [11, 10, 1, None, None]


def test_of_a_period_to_come_what_is_open_before_it_is_not_all_overdue(context):
    for days in (-3, 5, 20):
        factories.follow_up(in_days=days)
    ahead = Period(today() + timedelta(days=10), today() + timedelta(days=30))
    assert figures(read(period=ahead)) == [1, 2, 1, 3, 0]


@time_machine.travel("2024-02-29 12:00:00+01:00", tick=False)
def test_a_leap_day_is_a_day(context):
    factories.follow_up(in_days=0)
    february = Period(date(2024, 2, 1), date(2024, 2, 29))
    found = read(period=february)
    assert figures(found) == [1, 0, 0, None, 0]
    assert [row[0] for row in table(found.sheet, "monat").rows] == ["Februar 2024"]


def test_what_is_done_or_removed_counts_nowhere(context):
    factories.follow_up(state=FollowUpState.DONE)
    gone = factories.follow_up()
    records.remove([gone], factories.member("anna"), "follow-up.removed")
    group = factories.cooperation("Cölbe", "Lahntal")
    obligation(group, 3)
    study(group, 3)
    obligation(factories.cooperation("Cölbe", title="Archiv"), 3, done=True)
    services.remove(group, factories.member("anna"))
    task(3, state=EventState.CANCELLED)
    task(3, precision=Precision.MONTH)
    event = task(3).event_id
    records.remove([db.session.get(Event, event)], factories.member("anna"), "event.removed")
    db.session.flush()
    assert figures(read()) == [0, 0, 0, None, 0]


def test_a_repayment_without_a_day_is_asked_for_when_nothing_came_of_the_study(context):
    group = factories.cooperation("Cölbe", "Lahntal")
    study(group, None)
    assert figures(read())[-1] == 0
    values = {"halt": Stage.ABANDONED, "halted_on": today(), "halt_reason": "Kein Wille"}
    services.halt(group, values, factories.member("anna"))
    found = read()
    assert figures(found)[-1] == 1
    assert str(found.records(MultiDict({"was": "ohne-tag"})).load(
        found.records(MultiDict({"was": "ohne-tag"})).ids)[0].cells[2]) == "Gemeinsamer Bauhof"  # fmt: skip


def test_confidential_follow_ups_exist_for_their_circle_only(context):
    factories.follow_up("Nur unter uns", confidential=True)
    assert figures(read("anna"))[0] == 1
    assert figures(read("rita"))[0] == 0
    assert "Nur unter uns" not in str(table(read("rita").sheet, "liste").rows)


def test_who_has_to_do_it_is_for_managers_alone(context):
    factories.follow_up(by="bert")
    names = [one.id for one in read("mara").sheet.tables]
    assert "zustaendig" in names
    for who in ("anna", "rita"):
        found = read(who)
        assert "zustaendig" not in [one.id for one in found.sheet.tables]
        assert "Bert Braun" not in str(found.sheet.tables)
        asked = {"was": "faellig", "zustaendig": str(factories.member("bert").id)}
        everybody = found.records(MultiDict(asked))
        assert len(everybody.ids) == 1


def test_filters_leave_what_lies_there_what_is_about_it_and_whose_it_is(context):
    group = factories.cooperation("Hünfeld", "Fulda", step=Step.INTERESTED)
    factories.follow_up(at="Cölbe", by="bert")
    factories.follow_up(at="Fulda")
    obligation(group, 3)
    talk = factories.talk("Cölbe", "Lahntal")
    factories.follow_up(consultation_id=talk.id)
    marburg, fulda = factories.place("Landkreis Marburg-Biedenkopf").id, factories.place("Landkreis Fulda").id
    assert figures(read())[0] == 4
    assert figures(read(county_id=marburg))[0] == 2
    assert figures(read(county_id=fulda))[0] == 2
    assert figures(read(cooperation_id=group.id))[0] == 1
    assert figures(read(staff_id=factories.member("bert").id))[0] == 1


def test_a_task_field_narrows_groups_talks_and_events(context):
    from crm.task_fields import queries

    fields = {one.name: one for one in queries.everything()}
    bauhof = fields["Bauhof"].id
    obligation(factories.cooperation("Cölbe", task_fields=[bauhof]), 3)
    obligation(factories.cooperation("Lahntal", title="Archiv", task_fields=[fields["Archiv"].id]), 3)
    talk = factories.talk("Cölbe", task_fields=[bauhof])
    factories.follow_up(consultation_id=talk.id)
    task(3).event.task_fields = [fields["Bauhof"]]
    task(3)
    db.session.flush()
    assert figures(read())[0] == 5
    assert figures(read(field_id=bauhof))[0] == 3
    assert figures(read(field_id=fields["Bauhof"].parent_id))[0] >= 3


def test_a_former_kommune_lies_where_its_successor_does(context):
    factories.follow_up(at="Beerfelden")
    assert figures(read(county_id=factories.place("Odenwaldkreis").id))[0] == 1


@pytest.fixture
def many(app):
    with app.test_request_context():
        scatter(9)
        for number in range(300):
            factories.follow_up(f"Sache {number}", in_days=number % 50)
        db.session.commit()
        db.session.remove()


@pytest.mark.parametrize("names", [(), ("groesse",), ("kreis", "groesse", "aufgabenfeld")])
def test_the_page_opens_for_whoever_reads(many, rita, anna, mara, names):
    chosen = narrowed(rita.get(URL), names)
    for client in (rita, anna, mara):
        page = client.get(URL + chosen)
        assert page.status == 200, page.main
        assert page.soup.select_one("h1").get_text(strip=True) == "Fälliges"
    assert "Nach zuständiger Person" in mara.get(URL).main
    assert "Nach zuständiger Person" not in anna.get(URL).main


def test_administrators_see_no_report_and_colleagues_no_person(many, ada, anna):
    assert ada.get(URL).status == 403
    assert anna.get(URL + "?person=2").status == 403


def test_numbers_lead_to_lists_on_the_page(many, mara):
    page = mara.get(URL)
    links = {link["href"]: link.get_text() for link in page.soup.select("main a[href*=datensaetze]")}
    assert len(links) > 12
    for address, text in list(links.items())[:12]:
        behind = mara.get(address)
        assert behind.status == 200
        if "laengste" not in address:
            assert behind.soup.select_one("main h1").get_text().split()[0] == text
    assert mara.get(f"{URL}/datensaetze?was=alles").status == 404
    assert mara.get(f"{URL}/datensaetze?was=faellig&art=x").status == 404
