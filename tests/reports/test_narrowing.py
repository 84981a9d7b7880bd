"""Narrowed reports: every filter counts what a slow count of the same records finds."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from crm.consultations.models import COUNTED, Consultation, ConsultationKind, ConsultationState
from crm.cooperations import services as cooperations
from crm.db import db, now
from crm.organisations.models import Level
from crm.organisations.sizes import SizeClass
from crm.reports.period import Period
from crm.reports.scope import IN_ADDRESS, Scope
from crm.reports.talks import activity
from crm.task_fields.models import TaskField
from tests import factories
from tests.reports.talks import FIRST, LAST, scatter
from tests.reports.walking import check_all, numbers, table

URL = "/berichte/taetigkeit"
SPAN = Period(FIRST, LAST)


def read(by="anna", period=SPAN, **filters):
    return activity.read(factories.member(by), Scope(period, **filters))


def figures(**filters):
    return [one.number.value for one in read(**filters).sheet.figures[:3]]


def slow(keep_talk=lambda _talk: True, keep_part=lambda _part: True, only_with_parts=False):
    """Count record by record what passes: talks, participations, distinct Kommunen."""
    talks, parts, kommunen = 0, 0, set()
    for talk in db.session.scalars(select(Consultation)):
        if (
            talk.state is not ConsultationState.HELD
            or not FIRST <= talk.held_on <= LAST
            or not keep_talk(talk)
        ):
            continue
        kept = [one for one in talk.participations if one.presence in COUNTED]
        kept = [one for one in kept if one.organisation.level in (Level.MUNICIPALITY, Level.COUNTY)]
        kept = [one for one in kept if keep_part(one)]
        if kept or not only_with_parts:
            talks, parts = talks + 1, parts + len(kept)
            kommunen |= {one.organisation_id for one in kept}
    return [talks, parts, len(kommunen)]


def parent_of(place, day, level):
    found = [one.parent for one in place.memberships if one.holds_on(day) and one.parent.level is level]
    return found[0] if found else None


def county_of(place, day):
    return parent_of(place, day, Level.COUNTY)


def region_of(part):
    place, day = part.organisation, part.consultation.held_on
    return parent_of(county_of(place, day) or place, day, Level.REGION)


def people_of(place, day):
    if place.level is not Level.MUNICIPALITY:
        return None
    counts = sorted(place.figures, key=lambda one: one.counted_on)
    until = [one for one in counts if one.counted_on <= day] or counts[:1]
    return until[-1].population if until else None


def test_by_county(context):
    scatter()
    fulda = factories.place("Landkreis Fulda").id

    def lies_there(part):
        county = county_of(part.organisation, part.consultation.held_on)
        return part.organisation_id == fulda or (county is not None and county.id == fulda)

    assert figures(county_id=fulda) == slow(keep_part=lies_there, only_with_parts=True)
    assert figures(county_id=fulda)[0] > 3


def test_by_region(context):
    scatter()
    region = factories.place("Regierungsbezirk Gießen")
    found = slow(keep_part=lambda one: region_of(one) is region, only_with_parts=True)
    assert figures(region_id=region.id) == found
    assert found[0] > 10


@pytest.mark.parametrize("size", list(SizeClass))
def test_by_size_with_the_boundary_in_the_smaller_class(context, size):
    scatter()
    least, most = size.bounds

    def is_as_large(part):
        people = people_of(part.organisation, part.consultation.held_on)
        return people is not None and least <= people <= most

    assert figures(size=size) == slow(keep_part=is_as_large, only_with_parts=True)


@pytest.mark.parametrize(("people", "size"), [(5000, SizeClass.UP_TO_5000), (5001, SizeClass.UP_TO_10000)])
def test_a_municipality_at_the_boundary_is_in_one_class(context, people, size):
    place = factories.place("Cölbe")
    for one in place.figures:
        one.population = people
    factories.talk("Cölbe", held_on=date(2026, 1, 5))
    assert [one for one in SizeClass if figures(size=one)[0]] == [size]


def test_by_kind_field_cooperation_and_person(context):
    scatter()
    fields = list(db.session.scalars(select(TaskField).where(TaskField.parent_id.is_not(None)).limit(2)))
    group = factories.cooperation("Cölbe", "Lahntal")
    anna = factories.member("anna")
    talks = list(db.session.scalars(select(Consultation).order_by(Consultation.id)))
    for number, talk in enumerate(talks):
        talk.task_fields = [fields[number % 2]] if number % 3 else []
        talk.cooperation_id = group.id if number % 4 == 0 else None
    db.session.flush()
    kind = ConsultationKind.GROUP
    assert figures(kind=kind) == slow(lambda talk: talk.kind is kind)
    for field in (fields[0].id, fields[0].parent_id):
        assert figures(field_id=field) == slow(
            lambda talk, field=field: any(field in (one.id, one.parent_id) for one in talk.task_fields)
        )
    assert figures(cooperation_id=group.id) == slow(lambda talk: talk.cooperation_id == group.id)
    assert figures(staff_id=anna.id) == slow(lambda talk: anna in talk.staff)


def test_former_kommunen_count_as_they_were_or_as_what_they_are(context):
    for name in ("Beerfelden", "Rothenberg", "Oberzent"):
        day = date(2017, 5, 5) if name != "Oberzent" else date(2018, 5, 5)
        factories.talk(name, held_on=day)
    both = Period(date(2017, 1, 1), date(2018, 12, 31))
    before, after = (read(period=both, rolled_up=one).sheet for one in (False, True))
    assert [one.number.value for one in before.figures[:3]] == [3, 3, 3]
    assert [one.number.value for one in after.figures[:3]] == [3, 3, 1]
    assert "Nachfolgerin" in dict(after.definition)["Eingegrenzt auf"]


@pytest.mark.parametrize(
    "filters",
    [{"rolled_up": True}, {"size": SizeClass.UP_TO_10000}, {"kind": ConsultationKind.GROUP}],
    ids=["rolled-up", "size", "kind"],
)
def test_every_number_of_a_narrowed_report_is_what_its_list_is_worth(context, filters):
    scatter(60)
    assert len(check_all(read(**filters))) > 60


def test_the_trend_shows_both_periods_and_opens_both(context):
    for day in (date(2026, 3, 1), date(2026, 3, 2), date(2025, 3, 9), date(2024, 3, 9)):
        factories.talk("Cölbe", held_on=day)
    reading = read(period=Period(date(2026, 1, 1), date(2026, 6, 30)))
    assert reading.scope.before.period == Period(date(2025, 7, 1), date(2025, 12, 31))
    year = read(period=Period(date(2025, 1, 1), date(2025, 12, 31)))
    found = table(year.sheet, "vergleich")
    march = found.rows[2]
    assert [one.value for one in march[1:]] == [1, 1, 0]
    assert [one.value for one in found.total[1:]] == [1, 1, 0]
    lines = list(year.records(_args(march[2])).lines())
    assert [line.cells[0] for line in lines] == [date(2024, 3, 9)]


def _args(number):
    return MultiDict(number.link)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-03-01", "2026-03-31"), ("2026-03-05", "2026-03-05"), ("2000-01-01", "2019-12-31")],
)
def test_any_period_is_drawn_or_left_without_a_trend(context, first, last):
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    drawn = read(period=period).sheet.trend
    assert drawn is None or len(drawn.rows) > 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kreis=999999", "kreis"),
        ("kreis=x", "kreis"),
        ("bezirk=-1", "bezirk"),
        ("groesse=riesig", "groesse"),
        ("aufgabenfeld=99999999999999999999", "aufgabenfeld"),
        ("art-der-beratung=x", "art-der-beratung"),
        ("kooperation=999999", "kooperation"),
    ],
)
def test_a_filter_that_cannot_be_read_is_an_error_and_nothing_is_counted(anna, query, field):
    page = anna.get(f"{URL}?{query}")
    assert page.status == 422
    assert page.soup.select_one(f"[name={field}], [id={field}]")
    assert not page.soup.select("table")
    for ending in (".csv", ".xlsx", "/datensaetze"):
        assert anna.get(f"{URL}{ending}?{query}&was=beratungen").status == 422


def test_a_removed_cooperation_is_named_as_an_error(app, anna):
    with app.test_request_context():
        group = factories.cooperation("Cölbe", "Lahntal")
        cooperations.remove(group, factories.member("anna"))
        number = group.id
        db.session.commit()
        db.session.remove()
    assert anna.get(f"{URL}?kooperation={number}").status == 422


def test_figures_of_a_person_are_for_managers_alone(app, anna, mara):
    with app.test_request_context():
        number = factories.member("anna").id
        db.session.remove()
    assert anna.get(f"{URL}?person={number}").status == 403
    assert mara.get(f"{URL}?person={number}").status == 200
    assert not anna.get(URL).soup.select_one("[name=person]")
    assert mara.get(URL).soup.select_one("[name=person]")


def test_filters_stay_in_the_addresses_of_files_lists_and_usual_periods(app, anna):
    with app.test_request_context():
        county = factories.place("Landkreis Fulda").id
        db.session.remove()
    page = anna.get(f"{URL}?kreis={county}&von=01.01.2024&bis=31.12.2024")
    links = [link["href"] for link in page.soup.select("main a[href*='/berichte/taetigkeit']")]
    assert len(links) > 8
    assert all(f"kreis={county}" in link for link in links)
    assert "Landkreis Fulda" in page.soup.select_one(".defin").get_text()
    behind = next(link["href"] for link in page.soup.select("main a[href*=datensaetze]"))
    assert "Landkreis: Landkreis Fulda" in anna.get(behind).soup.select_one(".page-head").get_text()
    notes = load_workbook(io.BytesIO(anna.get(behind.replace("datensaetze?", "datensaetze.xlsx?")).data))
    assert "Landkreis Fulda" in " ".join(str(row[0].value) for row in notes.active.iter_rows(max_row=8))


def test_no_number_of_a_report_uses_a_name_of_a_filter(context):
    taken = {"von", "bis", *IN_ADDRESS.values()}
    scatter(40)
    assert not any(taken & one.link.keys() for one in numbers(read().sheet))


def test_a_talk_without_a_kommune_has_a_row_of_its_own_and_no_note_lies(context):
    factories.talk("Cölbe", held_on=date(2026, 1, 5))
    factories.talk("ekom21", held_on=date(2026, 1, 6))
    sizes = table(read().sheet, "klasse")
    assert sum(row[1].value for row in sizes.rows) == sizes.total[1].value == 2
    assert sizes.notes == ()


def test_a_town_that_left_its_county_still_exists(context):
    for day in (date(2025, 12, 5), date(2026, 1, 5)):
        factories.talk("Hanau", held_on=day)
    period = Period(date(2025, 1, 1), date(2026, 6, 30))
    county = factories.place("Main-Kinzig-Kreis").id
    areas = table(read(period=period, county_id=county).sheet, "gebiet")
    assert not any("Hanau" in note for note in areas.notes)


def test_staff_time_of_one_colleague_is_not_that_of_all(context):
    both = [factories.member("anna").id, factories.member("bert").id]
    factories.talk("Cölbe", held_on=date(2026, 1, 5), staff=both, duration_minutes=60)
    times = table(read(staff_id=both[0]).sheet, "zeiten")
    assert times.rows[1][1].value == 1
    assert table(read().sheet, "zeiten").rows[1][1].value == 2


def test_a_colleague_who_left_can_still_be_asked_about(app, mara):
    with app.test_request_context():
        bert = factories.member("bert")
        bert.locked_at = now()
        number = bert.id
        db.session.commit()
        db.session.remove()
    assert mara.get(f"{URL}?person={number}").status == 200
    assert mara.get(f"{URL}?person=999999").status == 422


def test_a_period_that_lies_ahead_is_compared_with_nothing(context):
    ahead = Period(date(2035, 1, 1), date(2035, 12, 31))
    assert [one.change for one in read(period=ahead).sheet.figures] == [""] * 5
