"""In a closed quarter nothing that counts changes without a reason, on whatever way."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import inspect, select

from crm.attendance import taking
from crm.attendance.models import HeadCount
from crm.audit import AuditEvent
from crm.closing import guard
from crm.closing import services as closing
from crm.closing.models import Correction, span_of
from crm.consultations.models import Consultation, ConsultationState
from crm.db import BERLIN, db, now, today
from crm.events.models import Event, EventState
from tests import factories

PAST = date(today().year - 1, 8, 12)
SPAN = span_of(PAST)
CLOSED = f"{SPAN.number}. Quartal {SPAN.year} ist abgeschlossen (M. Marx"
WHY = "Protokoll kam spät"


def store(app, make):
    """Do something in the database; give the number of what was made."""
    with app.test_request_context():
        number = getattr(make(), "id", None)
        db.session.commit()
        db.session.remove()
    return number


def close(app, day=PAST):
    """Close the quarter of a day."""
    store(app, lambda: closing.close(span_of(day), factories.member("mara")))


def corrections(app):
    """What was corrected, as (record, reason)."""
    with app.test_request_context():
        found = db.session.scalars(select(Correction).order_by(Correction.id))
        return [("talk" if one.consultation_id else "event", one.reason) for one in found]


@pytest.fixture
def talk(app):
    """A held talk in a quarter that was closed after it."""
    number = store(app, lambda: factories.talk("Lahntal", held_on=PAST, duration_minutes=60))
    close(app)
    return number


def event_of_the_past(**over):
    """An event that was held in the past."""
    starts = datetime(PAST.year, PAST.month, PAST.day, 10, tzinfo=BERLIN)
    values = {"state": EventState.HELD, "starts_at": starts, "ends_at": starts + timedelta(hours=2)} | over
    return factories.event("Fachtagung Bauhof", **values)


@pytest.fixture
def gathering(app):
    """A held event in a quarter that was closed after it."""
    number = store(app, event_of_the_past)
    close(app)
    return number


def edited(client, number, **changes):
    return client.submit(f"/beratungen/{number}/bearbeiten", **changes)


COUNTS = {
    "held_on": f"{PAST + timedelta(days=1):%d.%m.%Y}",
    "kind": "council",
    "duration_minutes": "90",
    "preparation_minutes": "15",
    "travel_minutes": "20",
    "confidential": "y",
    "state": "cancelled",
    "staff": [],
    "task_fields": ["1"],
    "parties__0__presence": "apologised",
}


@pytest.mark.parametrize("name", COUNTS)
def test_what_counts_of_a_talk_needs_a_reason(app, anna, talk, name):
    page = edited(anna, talk, **{name: COUNTS[name]})
    assert page.status == 422
    assert CLOSED in page.main
    assert "Nennen Sie einen Grund" in page.main
    assert page.soup.select_one("input[name=correction_reason]")
    assert corrections(app) == []
    again = anna.post(f"/beratungen/{talk}/bearbeiten", page.fields() | {"correction_reason": WHY})
    assert again.status == 303
    assert corrections(app) == [("talk", WHY)]


@pytest.mark.parametrize(
    "changes",
    [{"note": "Andere Notiz"}, {"agreements": "x"}, {"place": "Rathaus"}, {"file_reference": "Az 1"}, {}],
)
def test_words_no_report_counts_stay_free(app, anna, talk, changes):
    page = anna.get(f"/beratungen/{talk}/bearbeiten")
    assert f"{SPAN.number}. Quartal {SPAN.year} ist abgeschlossen. Wer ändert, was Berichte" in page.main
    assert page.soup.select_one("input[name=correction_reason]")
    assert edited(anna, talk, **changes).status == 303
    assert corrections(app) == []


def test_an_organisation_more_or_less_needs_a_reason(app, anna, talk):
    with app.test_request_context():
        other = str(factories.place("Cölbe").id)
        kept = str(factories.place("Lahntal").id)
    for chosen in ([kept, other], [other]):
        page = edited(anna, talk, organisations=chosen, kind="group")
        assert page.status == 422, chosen
        assert CLOSED in page.main, chosen


def test_the_mark_stands_on_the_page_in_the_history_and_in_the_list(app, anna, talk, rita):
    edited(anna, talk, duration_minutes="90", correction_reason=WHY)
    page = rita.get(f"/beratungen/{talk}")
    mark = page.soup.select_one(".notice").get_text(" ", strip=True)
    assert WHY in mark
    assert "Anna Adler" in mark
    assert f"{SPAN.number}. Quartal {SPAN.year}" in mark
    assert "Nach Abschluss berichtigt" in page.soup.select_one(".history").get_text()
    listed = rita.get(f"/berichte/quartale/{SPAN.year}/{SPAN.number}")
    assert WHY in listed.main
    assert listed.soup.select_one(f'a[href="/beratungen/{talk}"]')
    with app.test_request_context():
        events = db.session.scalars(
            select(AuditEvent).where(AuditEvent.name == "consultation.corrected")
        ).all()
        assert len(events) == 1
        assert WHY not in str(events[0].changes)


def test_a_new_talk_in_a_closed_quarter_needs_a_reason_and_keeps_what_was_typed(app, anna, talk):
    with app.test_request_context():
        place = str(factories.place("Cölbe").id)
    values = {
        "organisations": [place],
        "kind": "single",
        "held_on": f"{PAST:%d.%m.%Y}",
        "note": "Nachgetragen",
    }
    page = anna.submit("/beratungen/neu", **values)
    assert page.status == 422
    assert CLOSED in page.main
    assert "Nachgetragen" in page.soup.select_one("textarea[name=note]").get_text()
    page = anna.post("/beratungen/neu", page.fields() | {"correction_reason": WHY, "held_on": "32.13."})
    assert page.status == 422
    assert page.soup.select_one("input[name=correction_reason]")["value"] == WHY
    done = anna.post("/beratungen/neu", page.fields() | {"held_on": f"{PAST:%d.%m.%Y}"})
    assert done.status == 303
    assert corrections(app) == [("talk", WHY)]


def test_moving_into_or_out_of_a_closed_quarter_needs_a_reason(app, anna, talk):
    other = store(app, lambda: factories.talk("Cölbe", held_on=today()))
    assert edited(anna, other, held_on=f"{PAST:%d.%m.%Y}").status == 422
    assert edited(anna, talk, held_on=f"{today():%d.%m.%Y}").status == 422
    assert edited(anna, other, duration_minutes="30").status == 303


def test_removing_and_restoring_ask_on_a_page_of_their_own(app, anna, talk):
    page = anna.post(f"/beratungen/{talk}/entfernen")
    assert page.status == 422
    assert CLOSED in page.main
    assert not page.soup.select_one("main form").get("action"), "sent again to where it came from"
    page = anna.post(f"/beratungen/{talk}/entfernen", page.fields() | {"correction_reason": ["  "]})
    assert page.status == 422
    assert corrections(app) == []
    assert (
        anna.post(f"/beratungen/{talk}/entfernen", page.fields() | {"correction_reason": WHY}).status == 303
    )
    assert anna.post(f"/beratungen/{talk}/wiederherstellen").status == 422
    assert anna.post(f"/beratungen/{talk}/wiederherstellen", correction_reason="Doch").status == 303
    assert corrections(app) == [("talk", WHY), ("talk", "Doch")]


def test_a_planned_talk_is_confirmed_with_a_reason_and_cancelled_without(app, anna):
    def planned():
        made = factories.talk("Lahntal", held_on=PAST)
        made.state = ConsultationState.PLANNED
        return made

    first, second = store(app, planned), store(app, planned)
    close(app)
    assert anna.post(f"/beratungen/{first}/stattgefunden").status == 422
    assert anna.post(f"/beratungen/{first}/stattgefunden", correction_reason=WHY).status == 303
    assert anna.post(f"/beratungen/{second}/absagen").status == 303
    assert anna.post(f"/beratungen/{first}/absagen").status == 422
    assert corrections(app) == [("talk", WHY)]


def test_a_group_begun_from_a_talk_asks_too(app, anna, talk):
    page = anna.submit(f"/kooperationen/neu?beratung={talk}", title="Bauhof Nord")
    assert page.status == 422
    assert CLOSED in page.main
    again = page.fields() | {"correction_reason": WHY}
    assert anna.post(f"/kooperationen/neu?beratung={talk}", again).status == 303
    assert corrections(app) == [("talk", WHY)]


def test_an_event_is_changed_with_a_reason(app, emil, gathering):
    address = f"/veranstaltungen/{gathering}/bearbeiten"
    assert emil.submit(address, note="Nur Worte", venue="Halle").status == 303
    page = emil.submit(address, day=f"{PAST + timedelta(days=2):%d.%m.%Y}", last_day="")
    assert page.status == 422
    assert CLOSED in page.main
    page = emil.submit(address, kind="workshop")
    assert page.status == 422
    assert emil.post(address, page.fields() | {"correction_reason": WHY}).status == 303
    assert corrections(app) == [("event", WHY)]
    assert WHY in emil.get(f"/veranstaltungen/{gathering}").main


def test_an_event_is_taken_back_removed_and_restored_with_a_reason(app, emil, gathering):
    page = emil.get(f"/veranstaltungen/{gathering}/entfernen")
    version = page.fields()["version"][0]
    stand = f"/veranstaltungen/{gathering}/stand"
    assert emil.post(stand, state="closed", version=version).status == 422
    assert emil.post(stand, state="documented", version=version).status == 303
    version = emil.get(f"/veranstaltungen/{gathering}/entfernen").fields()["version"][0]
    assert emil.post(f"/veranstaltungen/{gathering}/entfernen", version=version).status == 422
    assert (
        emil.post(f"/veranstaltungen/{gathering}/entfernen", version=version, correction_reason=WHY).status
        == 303
    )
    assert emil.post(f"/veranstaltungen/{gathering}/wiederherstellen").status == 422
    assert emil.post(f"/veranstaltungen/{gathering}/wiederherstellen", correction_reason=WHY).status == 303
    assert corrections(app) == [("event", WHY)] * 2


def test_an_event_is_marked_as_held_with_a_reason(app, emil):
    number = store(app, lambda: event_of_the_past(state=EventState.CLOSED))
    close(app)
    version = emil.get(f"/veranstaltungen/{number}/entfernen").fields()["version"][0]
    stand = f"/veranstaltungen/{number}/stand"
    assert emil.post(stand, state="held", version=version).status == 422
    assert emil.post(stand, state="held", version=version, correction_reason=WHY).status == 303
    assert corrections(app) == [("event", WHY)]


def test_heads_are_counted_corrected_and_removed_with_a_reason(app, emil):
    def prepare():
        made = event_of_the_past()
        factories.heads(made)
        return made

    number = store(app, prepare)
    close(app)
    with app.test_request_context():
        heads = db.session.scalar(select(HeadCount.id))
    base = f"/veranstaltungen/{number}/anwesenheit/zaehlung"
    for address, values in (
        (base, {"heads": "30"}),
        (f"{base}/{heads}", {"heads": "13"}),
        (f"{base}/{heads}/entfernen", {}),
    ):
        page = emil.submit(address, **values)
        assert page.status == 422, address
        assert CLOSED in page.main, address
        assert emil.post(address, page.fields() | {"correction_reason": WHY}).status == 303
    assert corrections(app) == [("event", WHY)] * 3


def test_guests_are_ticked_entered_and_listed_with_a_reason(app, emil):
    def prepare():
        made = event_of_the_past()
        factories.registration(made)
        return made

    number = store(app, prepare)
    close(app)
    with app.test_request_context():
        guest = db.session.scalar(select(factories.Registration.id))
    door = f"/veranstaltungen/{number}/anwesenheit"
    page = emil.post(door, da=str(guest))
    assert page.status == 422
    assert CLOSED in page.main
    assert emil.post(door, da=str(guest), correction_reason=WHY).status == 303
    assert emil.post(door, weg=str(guest)).status == 422
    page = emil.submit(f"{door}/ohne-anmeldung", last_name="Neumann", first_name="Nina", kind="citizen")
    assert page.status == 422
    assert CLOSED in page.main
    assert emil.post(f"{door}/ohne-anmeldung", page.fields() | {"correction_reason": WHY}).status == 303
    page = emil.post(f"{door}/liste", text="Zufall, Zita", nehmen="1")
    assert page.status == 422
    assert corrections(app) == [("event", WHY)] * 2


def test_other_quarters_are_free(app, anna, talk):
    open_day = SPAN.next.first
    number = store(app, lambda: factories.talk("Cölbe", held_on=open_day))
    assert edited(anna, number, duration_minutes="45").status == 303
    assert corrections(app) == []


def test_the_first_and_last_day_of_a_quarter_belong_to_it(app, anna, talk):
    last = SPAN.next.first - timedelta(days=1)
    with app.test_request_context():
        for day, closed in (
            (SPAN.first, 1),
            (last, 1),
            (SPAN.next.first, 0),
            (SPAN.first - timedelta(days=1), 0),
        ):
            assert len(guard.closed_on([day])) == closed, day


def test_without_a_reason_nothing_is_stored_at_all(app, anna, talk):
    edited(anna, talk, duration_minutes="90", follow_up_on=f"{today():%d.%m.%Y}", follow_up_text="Anrufen")
    with app.test_request_context():
        assert db.session.get(Consultation, talk).duration_minutes == 60
        assert (
            db.session.scalars(select(AuditEvent).where(AuditEvent.name == "follow-up.created")).all() == []
        )
        assert db.session.scalars(select(Event)).all() == []


def test_one_small_statement_more_for_a_saving(app, anna):
    number = store(app, lambda: factories.talk("Lahntal", held_on=PAST))
    page = edited(anna, number, duration_minutes="50")
    asked = [one for one in page.statements if "quarters" in one]
    assert len(asked) == 1
    page = edited(anna, number, note="Nur Worte")
    assert not [one for one in page.statements if "quarters" in one]


def test_the_old_day_counts_though_nobody_had_read_it(app, talk):
    """A later way to write may set a day without looking at the old one."""
    with app.test_request_context():
        moved = db.session.get(Consultation, talk)
        db.session.expire(moved)
        moved.held_on = SPAN.next.first
        with pytest.raises(guard.ReasonNeeded):
            db.session.flush()
        db.session.rollback()


def test_a_list_in_which_everybody_is_there_already_changes_nothing_and_asks_nothing(app, emil):
    def prepare():
        made = event_of_the_past()
        factories.registration(made, "Henkel", "Petra", came_at=now())
        return made

    number = store(app, prepare)
    close(app)
    with app.test_request_context():
        event = db.session.get(Event, number)
        guests = set(db.session.scalars(select(factories.Registration.id)))
        assert taking._tick(event, guests) == 0
        db.session.rollback()
    assert corrections(app) == []


def test_a_savepoint_within_a_correction_leaves_one_mark(app, talk):
    with app.test_request_context():
        corrected = db.session.get(Consultation, talk)
        with guard.correcting(WHY, factories.member("anna")):
            corrected.duration_minutes = 45
            db.session.flush()
            with db.session.begin_nested():
                factories.member("anna").updated_at = now()
            corrected.travel_minutes = 10
        db.session.commit()
    assert corrections(app) == [("talk", WHY)]


@pytest.mark.parametrize("kind", list(guard.ROOTS), ids=lambda kind: kind.__name__)
def test_what_decides_on_which_day_a_record_counts_keeps_its_old_value(context, kind):
    for name in guard.ROOTS[kind].fields:
        assert inspect(kind).column_attrs[name].active_history, name
