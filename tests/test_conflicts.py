"""Two in each other's way: the database breaks one off, the program does it anew, and the end is right."""

import threading
from contextlib import contextmanager, suppress
from functools import partial

import psycopg
import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from crm import faults, jobs
from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.db import db
from crm.duplicates.models import Merge
from crm.events.models import EventState
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.organisations.models import Organisation
from crm.register import services as register
from crm.registrations.letters import path_to
from crm.registrations.models import Registration, Seat
from crm.retention import doing
from crm.search import services as search
from crm.search.models import EntryKind, SearchEntry, SearchText
from tests import factories
from tests.crowds import all_at_once
from tests.doors import cookie_of
from tests.mail.outbox import settings
from tests.markup import parsed
from tests.register.editions import LATER, edition
from tests.test_error_pages import fail_with

TURNS = 100
CONTROL = "tests/test_conflicts.py::test_without_a_second_try_one_of_two_is_turned_away"
PAUSE = 0.3


class Meeting:
    """The first two that write wait for each other after their first writing, so that their ways cross."""

    def __init__(self, engine):
        self.engine, self.there, self.met = engine, threading.Barrier(2), threading.local()

    def __enter__(self):
        event.listen(self.engine, "after_cursor_execute", self._wait)

    def __exit__(self, *_error):
        event.remove(self.engine, "after_cursor_execute", self._wait)

    def _wait(self, _connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and not getattr(self.met, "done", False):
            self.met.done = True
            # Who is held up by the other, as everybody is on SQLite, cannot come.
            with suppress(threading.BrokenBarrierError):
                self.there.wait(PAUSE)


def meet(app, *works):
    """Let two do something, their ways crossing; give what each gave, a fault in place of it."""
    found = [None] * len(works)

    def go(number, work):
        try:
            found[number] = work()
        except Exception as fault:
            found[number] = fault
        finally:
            with app.app_context():
                db.session.remove()

    with app.app_context():
        engine = db.engine
    with Meeting(engine):
        all_at_once(*(partial(go, number, work) for number, work in enumerate(works)))
    return found


def post(app, client, path, fields):
    """Send a form with a browser of its own; give (status, text)."""
    browser = app.test_client()
    if client is not None:
        browser.set_cookie("kikz", cookie_of(client))
    answer = browser.post(path, data=fields)
    return answer.status_code, answer.get_data(as_text=True)


def commanding(app, work):
    """Do what a command or the worker does; give what it gives."""
    with app.app_context():
        done = work()
        db.session.commit()
        return done


# The races: each prepares, lets two meet and says what is wrong with the end.


def last_seat(app, cast):
    with app.app_context():
        event = factories.event(capacity=1)
        path, number = f"/anmeldung/{event.secret}", event.id
        db.session.commit()
    sent = []
    for name in ("Roth", "Weiß"):
        browser = cast["stranger"]
        fields = browser.get(path).fields()
        sent.append(fields | {"last_name": name, "email": f"{name.casefold()}@kommune.test"})
    cookie = cast["stranger"]
    answers = meet(app, *(partial(post, app, cookie, path, one) for one in sent))
    with app.app_context():
        query = select(Registration.seat).where(Registration.event_id == number)
        seats = sorted(one.value for one in db.session.scalars(query))
    wrong = [one for one in answers if not isinstance(one, tuple) or one[0] != 303]
    return wrong + ([] if seats == ["seated", "waiting"] else [seats])


def promote_and_cancel(app, cast):
    with app.app_context():
        event = factories.event(capacity=1)
        going = factories.registration(event, "Geht")
        waiting = [
            factories.registration(event, name, seat=Seat.WAITING, position=place)
            for place, name in enumerate(("Erste", "Zweite"), 1)
        ]
        paths, number = [path_to(one) for one in (going, waiting[0])], event.id
        db.session.commit()
    fields = [cast["stranger"].get(path).fields() | {"antwort": ["abmelden"]} for path in paths]
    works = [partial(post, app, cast["stranger"], *one) for one in zip(paths, fields, strict=True)]
    answers = meet(app, *works)
    with app.app_context():
        query = select(Registration.last_name, Registration.seat).where(Registration.event_id == number)
        seats = dict(db.session.execute(query).all())
        own = select(Registration.id).where(Registration.event_id == number)
        offers = (OutgoingMail.kind == MailKind.OFFER, OutgoingMail.registration_id.in_(own))
        mails = db.session.scalars(select(OutgoingMail.recipient).where(*offers))
        told = [one for one in mails if one.startswith("petra.zweite")]
    wrong = [one for one in answers if not isinstance(one, tuple) or one[0] != 303]
    return wrong + ([] if (seats["Zweite"], len(told)) == (Seat.OFFERED, 1) else [seats, told])


def edit_and_edit(app, cast):
    with app.app_context():
        number = factories.talk("Lahntal", note="Anfang").id
        db.session.commit()
    path = f"/beratungen/{number}/bearbeiten"
    sent = [(cast[name], path, cast[name].get(path).fields() | {"note": [name]}) for name in ("anna", "bert")]
    answers = meet(app, *(partial(post, app, *one) for one in sent))
    if any(isinstance(one, Exception) for one in answers):
        return answers
    statuses = [one[0] for one in answers]
    with app.app_context():
        note = db.session.get(Consultation, number).note
    lost = [name for name, one in zip(("anna", "bert"), answers, strict=True) if one[0] == 409]
    kept = [name for name, one in zip(("anna", "bert"), answers, strict=True) if one[0] == 303]
    right = sorted(statuses) == [303, 409] and kept == [note]
    # The second sees both versions, and the own text is still in the form.
    shown = parsed(answers[statuses.index(409)][1]) if right else None
    own = shown.select_one("textarea[name=note]").get_text().strip() if right else None
    return [] if right and own == lost[0] else [statuses, note, own]


def merge_and_edit(app, cast):
    with app.app_context():
        low, high = (factories.person(name, at="Cölbe").id for name in ("Henkel", "Hinkel"))
        db.session.commit()
    paths = f"/doppelte/kontakte/{low}/{high}", f"/kontakte/{high}/bearbeiten"
    fields = cast["anna"].get(paths[0]).fields(), cast["bert"].get(paths[1]).fields() | {"note": ["Neu"]}
    sent = zip((cast["anna"], cast["bert"]), paths, fields, strict=True)
    answers = meet(app, *(partial(post, app, *one) for one in sent))
    if any(isinstance(one, Exception) for one in answers):
        return answers
    with app.app_context():
        query = select(Person.note).where(Person.id.in_([low, high]))
        notes = list(db.session.scalars(query, execution_options={"include_removed": True}))
        merges = db.session.scalar(select(func.count(Merge.id)).where(Merge.kept_person_id.in_([low, high])))
    merged, edited = (one[0] for one in answers)
    fine = merged in (303, 409) and edited in (303, 404, 409, 410)
    saved = edited != 303 or any(note and "Neu" in note for note in notes)
    return [] if fine and saved and merges == (merged == 303) else [merged, edited, notes, merges]


def two_imports(app, cast):
    def take():
        plan = register.locked_plan_of(edition(LATER, {"06534001": "Neuname"}))
        return register.take_over(plan, "gv.txt", None)

    answers = meet(app, *(partial(commanding, app, take) for _turn in range(2)))
    with app.app_context():
        names = db.session.scalar(select(func.count(Organisation.id)).where(Organisation.name == "Neuname"))
    faults = [one for one in answers if isinstance(one, Exception)]
    return faults + ([] if names == 1 else [names])


def forget_and_mail(app, cast):
    with app.app_context():
        event = factories.event("Alte Tagung", in_days=-400, state=EventState.HELD)
        guest = factories.registration(event, "Weg")
        factories.mail_to(guest, MailKind.OFFER)
        number, event_id = guest.id, event.id
        db.session.commit()

    def forget():
        return doing.run()

    answers = meet(app, *(partial(commanding, app, one) for one in (forget, partial(jobs.run, "mail"))))
    with app.app_context():
        mails = list(db.session.scalars(select(OutgoingMail).where(OutgoingMail.registration_id == number)))
        wrong = [one.state for one in mails if one.state is MailState.SENDING]
        names = db.session.scalars(select(Registration.last_name).where(Registration.event_id == event_id))
        left = [name for name in names if name == "Weg"]
    faults = [one for one in answers if isinstance(one, Exception)]
    return faults + wrong + left


RACES = {
    "letzter Platz": last_seat,
    "Nachrücken und Abmelden": promote_and_cancel,
    "zwei ändern dasselbe": edit_and_edit,
    "Zusammenführen und Ändern": merge_and_edit,
    "zwei Importe": two_imports,
    "Löschen und Versenden": forget_and_mail,
}


def repeated(app, stage, race, cast, times):
    """Let a race happen so many times; give what was wrong with each that ended wrongly."""
    with settings(app, PUBLIC_FORM_SECONDS=0, PUBLIC_POSTS_PER_HOUR=0):
        found = []
        for _turn in range(times):
            if wrong := race(app, cast):
                found.append(wrong)
            if race is two_imports:
                begin_anew(app, stage)
        return found


def begin_anew(app, stage):
    """Take a fresh copy: a file is taken over once."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    stage.reset()


@pytest.fixture
def cast(anna, bert, stranger):
    """Who meets whom."""
    return {"anna": anna, "bert": bert, "stranger": stranger}


@pytest.mark.parametrize("race", RACES.values(), ids=RACES)
def test_races_end_rightly(app, stage, race, cast):
    assert repeated(app, stage, race, cast, 1) == []


@pytest.mark.stress
@pytest.mark.parametrize("name", RACES)
def test_a_hundred_races_end_rightly(app, stage, name, cast, promise):
    wrong = repeated(app, stage, RACES[name], cast, TURNS)
    promise(f"Zwei zugleich: {name}", f"{TURNS - len(wrong)} von {TURNS} mit richtigem Ende", CONTROL)
    assert wrong == []


@contextmanager
def crossing(app, monkeypatch):
    """Two views that take the same two rows in opposite order; gives their addresses."""
    with app.app_context():
        numbers = [factories.talk("Lahntal").id, factories.talk("Cölbe").id]
        # On SQLite only one writes at a time: there the other cannot come.
        patience = 20 if db.engine.dialect.name == "postgresql" else 1
        db.session.commit()
    there = threading.Barrier(2)

    def crosswise(order, endpoint):
        def view(**_kw):
            for place, number in enumerate(order):
                db.session.execute(update(Consultation).where(Consultation.id == number).values(note="neu"))
                if place == 0:
                    with suppress(threading.BrokenBarrierError):
                        there.wait(patience)
                        # They meet once; who does it anew waits for nobody.
                        there.abort()
            db.session.commit()
            return "ok"

        view.permission = app.view_functions[endpoint].permission
        monkeypatch.setitem(app.view_functions, endpoint, view)

    crosswise(numbers, "follow_ups.new")
    crosswise(numbers[::-1], "consultations.log")
    yield "/wiedervorlagen/neu", "/beratungen/neu"


def deadlocked(app, anna, bert, monkeypatch):
    """Send both at once; give what was answered."""
    found = {}
    with crossing(app, monkeypatch) as paths:

        def go(client, path, token):
            found[path] = post(app, client, path, {"csrf_token": token})[0]

        tokens = anna.token(), bert.token()
        works = zip((anna, bert), paths, tokens, strict=True)
        all_at_once(*(partial(go, *one) for one in works))
    return sorted(found.values())


def test_a_deadlock_is_done_anew_and_both_are_saved(app, anna, bert, monkeypatch):
    assert deadlocked(app, anna, bert, monkeypatch) == [200, 200]


@pytest.mark.control
def test_without_a_second_try_one_of_two_is_turned_away(app, anna, bert, engine_name, monkeypatch):
    """The control; SQLite has one writer at a time and knows no deadlock."""
    monkeypatch.setattr(faults, "MOST_RETRIES", 0)
    assert deadlocked(app, anna, bert, monkeypatch) == ([200, 200] if engine_name == "sqlite" else [200, 503])


@pytest.mark.parametrize("fault", [psycopg.errors.SerializationFailure, StaleDataError])
def test_after_four_tries_it_is_given_up(app, anna, monkeypatch, fault):
    tries = []

    def fail(**_kw):
        tries.append(1)
        raise fault() if fault is StaleDataError else OperationalError("UPDATE", {}, fault())

    fail.permission = app.view_functions["home.index"].permission
    monkeypatch.setitem(app.view_functions, "home.index", fail)
    page = anna.get("/")
    assert len(tries) == faults.MOST_RETRIES + 1
    assert page.status == (409 if fault is StaleDataError else 503)


def test_what_was_committed_is_never_done_anew(app, anna, monkeypatch):
    tries = []

    def commit_and_fail(**_kw):
        tries.append(1)
        db.session.execute(update(Consultation).values(note="x"))
        db.session.commit()
        raise OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected())

    commit_and_fail.permission = app.view_functions["home.index"].permission
    monkeypatch.setitem(app.view_functions, "home.index", commit_and_fail)
    assert anna.get("/").status == 503
    assert len(tries) == 1


def test_the_end_of_a_savepoint_is_no_commit(app, anna, monkeypatch):
    tries = []

    def nest_and_fail(**_kw):
        tries.append(1)
        with db.session.begin_nested():
            db.session.execute(update(Consultation).values(note="x"))
        if len(tries) == 1:
            raise OperationalError("UPDATE", {}, psycopg.errors.DeadlockDetected())
        return "ok"

    nest_and_fail.permission = app.view_functions["home.index"].permission
    monkeypatch.setitem(app.view_functions, "home.index", nest_and_fail)
    assert anna.browser.get("/").status_code == 200
    assert len(tries) == 2


def test_our_own_mistakes_are_not_repeated(app, anna, monkeypatch):
    fail_with(app, monkeypatch, "home.index", OperationalError("SELECT", {}, Exception("no such table: x")))
    assert anna.get("/").status == 500


def indexed_late(app, monkeypatch):
    """Index a talk from what was read before it was changed and indexed; give the text that stays."""
    with app.app_context():
        number = factories.talk("Lahntal", note="Der alte Text").id
        db.session.commit()
        db.session.execute(SearchText.__table__.delete())
        db.session.execute(SearchEntry.__table__.delete())
        db.session.commit()
        old = search._described(EntryKind.CONSULTATION, [number])
        db.session.rollback()
        talk = db.session.get(Consultation, number)
        talk.note = "Der neue Text"
        db.session.commit()
        search._write(old)
        db.session.commit()
        query = select(SearchText.plain).join(SearchEntry, SearchText.entry_id == SearchEntry.id)
        query = query.where(SearchEntry.kind == EntryKind.CONSULTATION, SearchEntry.record_id == number)
        return db.session.scalars(query).one()


def test_an_older_text_never_replaces_a_newer_one_in_the_index(app, engine_name, monkeypatch):
    if engine_name == "sqlite":
        pytest.skip("on SQLite nobody reads before another writes: the lock is taken first")
    assert "Der neue Text" in indexed_late(app, monkeypatch)


@pytest.mark.control
def test_without_the_version_the_older_text_would_stay(app, engine_name, monkeypatch):
    if engine_name == "sqlite":
        pytest.skip("on SQLite nobody reads before another writes: the lock is taken first")
    upsert = search._upsert
    monkeypatch.setattr(search, "_upsert", lambda *given, **_more: upsert(*given))
    assert "Der alte Text" in indexed_late(app, monkeypatch)
