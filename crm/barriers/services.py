"""What is done with reported barriers: taken in, answered, forgotten."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from crm import audit
from crm.addresses import comparable
from crm.barriers import letters, queries
from crm.barriers.models import BarrierReport
from crm.db import db, now, today

# HVBIT: an answer within six weeks.
ANSWER_WITHIN = timedelta(weeks=6)
# The sender may turn to the enforcement body meanwhile; then nobody needs to know any more who it was.
NOBODY: dict[str, Any] = {
    "location": None, "text": "", "sender_name": None, "sender_email": None, "address_key": None,
}  # fmt: skip


def take_in(values: dict[str, Any], key: str) -> BarrierReport:
    """Keep a report and write both mails; the same sent twice by one form gives the first report.

    What was corrected on the way back and sent once more is a report of its own.

    `values` holds location, text, sender_name and sender_email; `key` is the mark of the opened form.
    """
    form_key = _mark(key, values)
    if known := queries.of_form(form_key):
        return known
    address, day = values.get("sender_email"), today()
    made = BarrierReport(form_key=form_key, received_on=day, due_on=day + ANSWER_WITHIN, **values)
    made.address_key = comparable(address) if address else None
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        # The twin of a double click was faster.
        return queries.of_form(form_key)  # type: ignore[return-value]
    audit.record("barrier.reported", made, None)
    letters.confirm(made)
    letters.tell_office(made)
    return made


def _mark(key: str, values: dict[str, Any]) -> str:
    content = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(f"barrier:{key}:{content}".encode()).hexdigest()


def answer(report: BarrierReport, values: dict[str, Any], by: Any) -> bool:
    """Note the answer with its day, and mail it if asked; tell whether a mail was written.

    `values` holds answered_on, answer and send.
    """
    first = report.answered_on is None
    report.answered_on, report.answer = values["answered_on"], values["answer"]
    report.answered_by_id = by.id
    audit.record("barrier.answered" if first else "barrier.answer-changed", report, by)
    if values.get("send") and report.sender_email:
        letters.send_answer(report)
        return True
    return False


def forget(number: int) -> None:
    """Empty what says who reported a barrier; its number and its days stay. The caller commits."""
    report = db.session.get(BarrierReport, number, with_for_update=True)
    if report is None or report.forgotten_at or report.answered_on is None:
        return
    for name, value in NOBODY.items():
        setattr(report, name, value)
    report.answer, report.forgotten_at = "", now()
    audit.record("barrier.forgotten", report, None)
