"""Lines spoilt by chance: read without a fault, quickly shown, and saved only when all is clear."""

import pytest
from sqlalchemy import func, select

from crm.consultations.models import Consultation
from crm.db import db
from crm.quicklog import days
from crm.quicklog.known import Known
from crm.quicklog.parts import PartKind
from crm.quicklog.reading import read
from crm.reading import Misread
from tests import factories, mutating
from tests.quicklog.test_lines import LINES, TODAY

GOOD = [line for line, _said in LINES]


def look(app, number, seed):
    """Read spoilt lines; whatever was typed is read as something, and a sure part has a value."""
    with app.test_request_context():
        known = Known(factories.member("anna"), TODAY)
        for text in mutating.texts(GOOD, number, seed):
            line = read(text, known)
            assert line.parts, text
            assert all(one.value is not None for one in line.parts if not one.is_open), text
            assert line.open or line.of(PartKind.PLACE), text


def test_spoilt_lines_are_read(app):
    look(app, 400, seed=1)


@pytest.mark.stress
def test_twenty_thousand_spoilt_lines_are_read(app, engine_name, promise):
    number = mutating.share(20_000, engine_name)
    look(app, number, seed=2)
    control = "tests/quicklog/test_spoilt.py::test_a_day_that_cannot_be_would_be_a_fault"
    promise("Verdorbene Kurzzeilen werden gelesen", f"{number} Zeilen, 0 Fehler", control)


@pytest.mark.control
def test_a_day_that_cannot_be_would_be_a_fault(app, monkeypatch):
    """Without the question to whoever typed it, the 31st of a short month ends the reading."""
    monkeypatch.setattr(days, "Misread", ZeroDivisionError)
    with pytest.raises(Misread):
        look(app, 3_000, seed=2)


def test_spoilt_lines_are_answered(app, anna):
    token, saved = anna.token(), 0
    for text in mutating.texts(GOOD, 60, seed=3):
        sent = {"line": text, "csrf_token": token, "anyway": "1"}
        answer = anna.browser.post("/kurzzeile", data=sent)
        assert answer.status_code in (303, 422), (answer.status_code, text)
        saved += answer.status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(Consultation.id))) == saved > 0
