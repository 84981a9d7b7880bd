"""A list of events does not change a closed quarter; taking a list back asks for a reason."""

from sqlalchemy import select

from crm.closing.models import span_of
from crm.db import db
from crm.events.models import Event
from crm.imports import services
from crm.imports.kinds import EVENTS
from tests import factories
from tests.closing.test_guard import PAST, SPAN, WHY, close, corrections
from tests.imports.lists import written

HEAD = ("Kennung", "Titel", "Datum", "Ort")


def listed(*rows):
    return written(*rows, head=HEAD)


def planned(app, content, write=False):
    """The rows as (action, errors); taken over where told."""
    with app.test_request_context():
        table = services.table_of(content, "liste.csv")
        mapping, problems = services.mapping_of(table, None, EVENTS)
        assert not problems, problems
        plan = services.plan_of(table, mapping, kind=EVENTS)
        found = [(line.action.value, [str(one.text) for one in line.entry.errors]) for line in plan.lines]
        run = services.take_over(plan, "liste.csv", factories.member("mara"), EVENTS).id if write else None
        db.session.commit()
        db.session.remove()
    return found, run


def test_rows_in_a_closed_quarter_are_errors_that_name_their_line(app):
    close(app)
    inside, after = f"{PAST:%d.%m.%Y}", f"{SPAN.next.first:%d.%m.%Y}"
    found, _run = planned(
        app, listed(("1", "Drin", inside, "Lahntal"), ("2", "Danach", after, "Lahntal")), write=True
    )
    assert [one[0] for one in found] == ["error", "new"]
    assert "Zeile 2" in found[0][1][0]
    assert "ist abgeschlossen" in found[0][1][0]
    with app.test_request_context():
        assert [one.title for one in db.session.scalars(select(Event))] == ["Danach"]


def test_a_row_that_changes_only_words_is_taken(app):
    inside = f"{PAST:%d.%m.%Y}"
    planned(app, listed(("1", "Drin", inside, "Lahntal")), write=True)
    close(app)
    assert planned(app, listed(("1", "Drin im Rathaus", inside, "Lahntal")))[0] == [("changed", [])]
    found, _run = planned(app, listed(("1", "Drin", f"{PAST.replace(day=20):%d.%m.%Y}", "Lahntal")))
    assert found[0][0] == "error"
    assert span_of(PAST) == SPAN


def test_taking_a_list_back_asks_for_a_reason(app, mara):
    _found, run = planned(app, listed(("1", "Drin", f"{PAST:%d.%m.%Y}", "Lahntal")), write=True)
    close(app)
    page = mara.post(f"/importe/{run}/zuruecknehmen")
    assert page.status == 422, page.main
    assert "ist abgeschlossen" in page.main, page.main
    assert (
        mara.post(f"/importe/{run}/zuruecknehmen", page.fields() | {"correction_reason": WHY}).status == 303
    )
    assert corrections(app) == [("event", WHY)]


def test_on_the_command_line_a_reason_is_an_option(app):
    _found, run = planned(app, listed(("1", "Drin", f"{PAST:%d.%m.%Y}", "Lahntal")), write=True)
    close(app)
    undo = ["events", "undo", str(run)]
    refused = app.test_cli_runner().invoke(args=undo)
    assert refused.exit_code == 1
    assert "--reason" in refused.output
    assert corrections(app) == []
    done = app.test_cli_runner().invoke(args=[*undo, "--reason", WHY])
    assert done.exit_code == 0, done.output
    assert corrections(app) == [("event", WHY)]
