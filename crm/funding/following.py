"""What follows an application: its stations, its papers, and the duties after the grant."""

from typing import Any

from flask_babel import gettext as _

from crm import audit
from crm.cooperations.models import Cooperation
from crm.db import db
from crm.errors import RuleBroken
from crm.funding import words
from crm.funding.applying import refuse_future, settle, touch
from crm.funding.kinds import PaperKind, PaperState
from crm.funding.models import Application, Obligation, Paper, Station
from crm.records import set_different

STATION, OBLIGATION = ("kind", "arrived_on", "note"), ("kind", "due_on", "done_on", "clause", "note")
PAPER = ("state", "dated_on", "note")


def report_station(group: Cooperation, one: Application, values: dict[str, Any], by: Any) -> Station:
    """Note where an application arrived; what has arrived somewhere counts as submitted."""
    refuse_future(values["arrived_on"], "arrived_on")
    made = Station(application_id=one.id, **{name: values.get(name) for name in STATION})
    one.stations.append(made)
    touch(one)
    if one.submitted_on is None:
        one.submitted_on = made.arrived_on
    db.session.flush()
    settle(group)
    audit.record("funding.station-reported", group, by, funding=(None, words.station(made)))
    return made


def remove_station(group: Cooperation, one: Application, station: Station, by: Any) -> None:
    """Take out a station that never was, and that the application was submitted if only it said so."""
    said, after = words.station(station), None
    one.stations.remove(station)
    touch(one)
    if not one.stations and not one.is_decided and one.submitted_on == station.arrived_on:
        one.submitted_on, after = None, _("not submitted")
        db.session.flush()
        settle(group)
    audit.record("funding.station-removed", group, by, funding=(said, after))


def set_papers(group: Cooperation, one: Application, rows: dict[PaperKind, dict[str, Any]], by: Any) -> None:
    """Note how far the papers of an application are; the version of the application counts up."""
    known = {paper.kind: paper for paper in one.papers}
    before, after = [], []
    for kind, values in rows.items():
        paper = known.get(kind) or Paper(kind=kind, state=PaperState.MISSING)
        said, different = words.paper(paper), set_different(paper, PAPER, values)
        if kind not in known:
            one.papers.append(paper)
        if different:
            before.append(said)
            after.append(words.paper(paper))
    if after:
        touch(one)
        said_of_all = words.change("; ".join(before), "; ".join(after))
        audit.record("funding.paper-changed", group, by, funding=said_of_all)


def record_obligation(group: Cooperation, one: Application, values: dict[str, Any], by: Any) -> Obligation:
    """Note a duty after the grant; raises RuleBroken."""
    _check(values)
    made = Obligation(application_id=one.id, **{name: values.get(name) for name in OBLIGATION})
    one.obligations.append(made)
    audit.record("funding.obligation-recorded", group, by, funding=(None, words.obligation(made)))
    return made


def change_obligation(group: Cooperation, one: Obligation, values: dict[str, Any], by: Any) -> None:
    """Change a duty, or note that it is done; raises RuleBroken."""
    _check(values)
    before = words.obligation(one)
    if set_different(one, OBLIGATION, values):
        said = words.change(before, words.obligation(one))
        audit.record("funding.obligation-changed", group, by, funding=said)


def remove_obligation(group: Cooperation, one: Obligation, by: Any) -> None:
    """Take out a duty that never was."""
    said = words.obligation(one)
    db.session.delete(one)
    audit.record("funding.obligation-removed", group, by, funding=(said, None))


def _check(values: dict[str, Any]) -> None:
    if not values.get("due_on"):
        raise RuleBroken(_("Enter the day by which it is due."), "due_on")
    refuse_future(values.get("done_on"), "done_on")
