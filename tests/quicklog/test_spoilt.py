"""Lines spoilt by chance: read without a fault, quickly shown, and saved only when all is clear."""

import pytest
from sqlalchemy import func, select

from crm.consultations.models import Consultation
from crm.db import db
from crm.quicklog.known import Known
from crm.quicklog.parts import PartKind
from crm.quicklog.reading import read
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
def test_twenty_thousand_spoilt_lines_are_read(app):
    look(app, 20_000, seed=2)


def test_spoilt_lines_are_answered(app, anna):
    token, saved = anna.token(), 0
    for text in mutating.texts(GOOD, 60, seed=3):
        sent = {"line": text, "csrf_token": token, "anyway": "1"}
        answer = anna.browser.post("/kurzzeile", data=sent)
        assert answer.status_code in (303, 422), (answer.status_code, text)
        saved += answer.status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(Consultation.id))) == saved > 0
