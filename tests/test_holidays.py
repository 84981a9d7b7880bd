"""Public holidays in Hessen are named where somebody plans on one."""

from datetime import date, datetime, timedelta

import pytest

from crm.consultations.models import Consultation, ConsultationState
from crm.db import BERLIN, db, today
from crm.events.models import Precision
from crm.holidays import holiday, is_holiday
from tests import factories


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2026, 1, 1), "Neujahr"), (date(2026, 4, 3), "Karfreitag"), (date(2026, 4, 6), "Ostermontag"),
     (date(2026, 5, 14), "Christi Himmelfahrt"), (date(2026, 5, 25), "Pfingstmontag"),
     (date(2026, 6, 4), "Fronleichnam"), (date(2027, 5, 27), "Fronleichnam"),
     (date(2026, 10, 3), "Tag der Deutschen Einheit"), (date(2026, 12, 26), "2. Weihnachtstag"),
     (date(2026, 10, 31), ""), (date(2026, 11, 1), ""), (date(2026, 4, 5), ""), (None, "")],
)  # fmt: skip
def test_a_day_is_named(german, day, name):
    assert holiday(day) == name
    assert day is None or is_holiday(day) is bool(name)


def christmas():
    """The next first day of Christmas that lies ahead."""
    day = date(today().year, 12, 25)
    return day if day > today() else day.replace(year=day.year + 1)


def test_the_form_of_a_talk_says_it_before_anything_is_saved(app, anna):
    day = christmas()
    asked = anna.get(f"/beratungen/neu/umfeld?tag={day:%d.%m.%Y}")
    assert f"Am {day:%d.%m.%Y} ist 1. Weihnachtstag." in asked.text
    working = anna.get(f"/beratungen/neu/umfeld?tag={day + timedelta(days=5):%d.%m.%Y}")
    assert "Feiertag" not in working.text


@pytest.mark.parametrize(
    ("precision", "said"), [(Precision.TIME, True), (Precision.DAY, True), (Precision.MONTH, False)]
)
def test_the_page_of_an_event_says_it_where_the_day_is_known(app, emil, precision, said):
    with app.app_context():
        day = christmas()
        starts = datetime(day.year, 12, 25, 18, tzinfo=BERLIN)
        made = factories.event(starts_at=starts, ends_at=None, precision=precision)
        db.session.commit()
        number = made.id
    assert ("Feiertag:" in emil.get(f"/veranstaltungen/{number}").main) is said


def test_the_page_of_a_planned_talk_says_it_until_it_was_held(app, anna):
    with app.app_context():
        number = factories.talk("Cölbe", held_on=christmas()).id
        db.session.commit()
    assert "1. Weihnachtstag" in anna.get(f"/beratungen/{number}").main
    with app.app_context():
        db.session.get(Consultation, number).state = ConsultationState.HELD
        db.session.commit()
    assert "Weihnachtstag" not in anna.get(f"/beratungen/{number}").main


def test_what_is_over_says_nothing(app, emil):
    with app.app_context():
        made = factories.event(starts_at=datetime(2024, 12, 25, 18, tzinfo=BERLIN), ends_at=None)
        db.session.commit()
        number = made.id
    assert "Feiertag:" not in emil.get(f"/veranstaltungen/{number}").main
