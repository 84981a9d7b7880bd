"""The activity report as a sheet: every number has exactly its list, sums and notes explain themselves."""

from datetime import date

import pytest
import time_machine
from werkzeug.datastructures import MultiDict

from crm.db import db
from crm.reports import sheet
from crm.reports.period import Period, presets
from crm.reports.scope import Scope
from crm.reports.sheet import Number
from crm.reports.talks import activity
from tests import factories
from tests.reports.talks import FIRST, LAST, scatter
from tests.reports.walking import check_all, table

PERIODS = (Period(FIRST, LAST), Period(date(2025, 10, 5), date(2026, 1, 20)), Period(date(2023, 1, 1), LAST))


def made(period, by="anna"):
    return activity.read(factories.member(by), Scope(period)).sheet


@pytest.mark.parametrize(
    ("who", "period"),
    list(zip(("anna", "rita", "anna"), PERIODS, strict=True)),
    ids=["hanau", "reader", "years"],
)
def test_every_number_is_the_length_of_the_list_behind_it(context, who, period):
    scatter(80)
    assert len(check_all(activity.read(factories.member(who), Scope(period)))) > 100


@pytest.mark.parametrize("period", PERIODS, ids=["hanau-leaves", "months", "years"])
def test_lists_hold_the_records_that_were_counted(context, period):
    scatter()
    reading = activity.read(factories.member("anna"), Scope(period))
    for what in ("beratungen", "teilnahmen", "kommunen", "ohne-dauer", "dauer"):
        found = reading.records(MultiDict({"was": what}))
        lines = list(found.lines())
        assert [line.id for line in lines] == found.ids
        if what == "dauer":
            assert round(sum(line.cells[-1].value for line in lines) / 60, 1) == found.worth.value


def test_columns_add_up_or_a_note_says_why(context):
    scatter()
    for period in PERIODS:
        for one in made(period).all_tables:
            for place, total in enumerate(one.total):
                column = [row[place].value for row in one.rows] if isinstance(total, Number) else []
                if column and place != one.bar and sum(value or 0 for value in column) != total.value:
                    text = next(note for note in one.notes if note.startswith(total.mark))
                    assert f" {sum(column)}" in text, (one.id, place)


def test_a_talk_of_two_counties_is_explained_under_the_table(context):
    factories.talk("Cölbe", "Hünfeld", held_on=date(2024, 5, 2))
    areas = table(made(Period(date(2024, 1, 1), date(2024, 12, 31))), "gebiet")
    assert areas.total[1] == Number(1, {"was": "beratungen"}, "1")
    assert areas.notes[0].startswith("1 ")
    assert " 2," in areas.notes[0]


def test_a_kommune_that_ended_is_named_and_not_in_the_percentage(context):
    factories.talk("Bromskirchen", "Cölbe", held_on=date(2022, 5, 2))
    found = made(Period(date(2022, 1, 1), date(2023, 12, 31)))
    areas = table(found, "gebiet")
    assert [areas.total[place].value for place in (3, 4, 5, 6)] == [2, 1, 442, 441]
    assert areas.notes[-1].endswith("Bromskirchen.")
    assert found.figures[2].number.value == 2


@pytest.mark.parametrize(
    ("last", "base"), [(date(2016, 12, 31), 447), (date(2021, 12, 31), 443), (LAST, 442)]
)
def test_the_base_is_the_register_of_the_last_day(context, last, base):
    areas = table(made(Period(date(last.year, 1, 1), last)), "gebiet")
    assert areas.total[5].value == base


@time_machine.travel("2026-11-24 12:00:00+01:00", tick=False)
def test_the_base_of_a_running_year_is_the_register_of_today(context):
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    found = made(period)
    assert period.cutoff == date(2026, 11, 24)
    assert len(table(found, "monat").rows) == 11
    assert dict(found.definition)[found.definition[1][0]] == "24.11.2026"


@time_machine.travel("2026-02-10 12:00:00+01:00", tick=False)
def test_usual_periods_are_whole_years_and_quarters(context):
    spans = [(one.since.isoformat(), one.until.isoformat()) for _name, one in presets()]
    assert spans == [
        ("2026-01-01", "2026-12-31"),
        ("2025-01-01", "2025-12-31"),
        ("2026-01-01", "2026-03-31"),
        ("2025-10-01", "2025-12-31"),
        ("2026-02-01", "2026-02-28"),
        ("2026-01-01", "2026-01-31"),
    ]


@pytest.mark.parametrize(
    ("since", "until", "steps"),
    [
        (date(2024, 1, 1), date(2025, 12, 31), 24),
        (date(2024, 1, 1), date(2026, 1, 1), 3),
        (date(2024, 2, 29), date(2024, 2, 29), 1),
        (date(2024, 1, 31), date(2024, 2, 1), 2),
    ],
)
def test_up_to_24_months_are_shown_by_month_more_by_year(context, since, until, steps):
    assert len(Period(since, until).steps(date.min)) == steps


def test_a_period_ahead_is_empty_and_no_error(context):
    found = made(Period(date(2030, 1, 1), date(2030, 3, 31)))
    assert [one.number.value for one in found.figures] == [0] * 5
    assert len(table(found, "monat").rows) == 1


def test_an_empty_register_gives_no_percentage_and_no_error(context):
    found = made(Period(date(1900, 1, 1), date(1900, 1, 2)))
    assert found.figures[0].number.value == 0


def test_sheets_hold_no_private_text(context):
    talk = factories.talk("Cölbe", held_on=date(2024, 5, 2), title="Geheimtitel")
    talk.participations[0].private_note = "Nur-fuer-uns"
    db.session.flush()
    lines = str(sheet.as_lines("Bericht", made(Period(date(2024, 1, 1), date(2024, 12, 31)))))
    assert "Nur-fuer-uns" not in lines
    assert "Geheimtitel" not in lines
