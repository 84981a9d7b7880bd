"""The index says what the records say, whatever changed them; and no private note ever stands in it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, text, update

from crm import jobs
from crm.consultations import services as consultations
from crm.consultations.models import Consultation, ConsultationKind
from crm.contacts import models as contact_models
from crm.contacts import services as contacts
from crm.contacts.models import Function, FunctionRole, Person
from crm.cooperations import services as cooperations
from crm.db import db, today
from crm.follow_ups import services as follow_ups
from crm.follow_ups.models import FollowUp
from crm.organisations.models import Organisation
from crm.search import people, services
from crm.search.models import EntryKind as Kind
from crm.search.models import SearchEntry, SearchText
from crm.task_fields import services as task_fields
from crm.task_fields.models import TaskField
from tests import factories
from tests.search.test_finding import find
from tests.statements import asked

SECRET = "Geheimzeile7741"


def titles(question, kind, by="anna"):
    """What is found of a kind, whatever was changed before."""
    db.session.commit()
    return [hit.title for hit in find(question, by).hits.get(kind, [])]


def in_step():
    """Nothing differs from its record."""
    db.session.commit()
    return services.out_of_step() == {}


def one_of_each():
    """Something of every kind; give a few of them."""
    person = factories.person()
    talk = factories.talk("Cölbe", "Lahntal", note="Der Häcksler wird gemeinsam beschafft.")
    group = factories.cooperation()
    resolution = factories.resolution(group, "Cölbe")
    factories.document(group, resolution_id=resolution.id, name="häckslervertrag.pdf")
    event = factories.event("Werkstatt Häcksler")
    factories.event_paper(event)
    factories.follow_up("Häcksler ansehen")
    return person, talk, group, event


def test_everything_new_is_found_at_once(context):
    one_of_each()
    assert titles("häcksler", Kind.CONSULTATION) == ["Cölbe, Lahntal"]
    assert titles("haecksler", Kind.FOLLOW_UP) == ["Häcksler ansehen"]
    assert titles("hacksler", Kind.EVENT) == ["Werkstatt Häcksler"]
    assert titles("häckslervertrag", Kind.DOCUMENT) == ["häckslervertrag.pdf"]
    assert titles("bauhof", Kind.COOPERATION) == ["Gemeinsamer Bauhof"]
    assert titles("henkel", Kind.PERSON) == ["Petra Henkel"]
    assert in_step()


def test_the_check_notices_what_went_past_the_program(context):
    one_of_each()
    assert in_step()
    db.session.connection().execute(text("UPDATE consultations SET note = 'heimlich'"))
    db.session.commit()
    assert list(services.out_of_step()) == [Kind.CONSULTATION]


def test_a_changed_record_is_found_by_its_new_words_only(context):
    _person, talk, _group, _event = one_of_each()
    db.session.commit()
    anna, parties = factories.member("anna"), [factories.Party(factories.place("Buseck").id)]
    values = {name: getattr(talk, name) for name in ("held_on", "kind", "channel")}
    values |= {"note": "Der Bagger kommt.", "staff": [anna.id]}
    consultations.change_consultation(talk, values, parties, anna)
    assert titles("bagger", Kind.CONSULTATION) == ["Buseck"]
    assert titles("häcksler", Kind.CONSULTATION) == []
    assert in_step()


def test_what_goes_to_the_trash_goes_from_the_index_and_comes_back(context):
    person, talk, group, _event = one_of_each()
    anna = factories.member("anna")
    db.session.commit()
    consultations.remove(talk, anna)
    cooperations.remove(group, anna)
    contacts.remove_person(person, anna)
    assert titles("häcksler", Kind.CONSULTATION) == []
    assert titles("bauhof", Kind.COOPERATION) == []
    assert titles("häckslervertrag", Kind.DOCUMENT) == []
    assert titles("henkel", Kind.PERSON) == []
    assert in_step()
    consultations.restore(talk, anna)
    cooperations.restore(group, anna)
    contacts.restore_person(person, anna)
    assert titles("häcksler", Kind.CONSULTATION) == ["Cölbe, Lahntal"]
    assert titles("häckslervertrag", Kind.DOCUMENT) == ["häckslervertrag.pdf"]
    assert titles("henkel", Kind.PERSON) == ["Petra Henkel"]
    assert in_step()


def test_a_removed_event_takes_its_files_along(context):
    *_rest, event = one_of_each()
    db.session.commit()
    event.removed_at = event.created_at
    assert titles("folien", Kind.DOCUMENT) == []
    assert titles("werkstatt", Kind.EVENT) == []
    assert in_step()


def test_names_that_others_bear_are_followed(context):
    person, *_rest = one_of_each()
    mine = factories.Party(factories.place("Lahntal").id, people=[person.id])
    factories.talk(parties=[mine], note="Kurz gesprochen.", task_fields=[2])
    db.session.commit()
    contacts.change_person(person, {"last_name": "Zwickmühl"}, factories.member("anna"))
    assert titles("zwickmühl", Kind.CONSULTATION) == ["Lahntal"]
    field = db.session.get(TaskField, 2)
    values = {name: getattr(field, name) for name in ("parent_id", "valid_from", "valid_to")}
    task_fields.change(field, values | {"name": "Krempelwesen"}, factories.member("mara"))
    assert titles("krempelwesen", Kind.CONSULTATION) == ["Lahntal"]
    factories.place("Lahntal").name = "Lahntalien"
    assert [hit.note for hit in find_after_commit("zwickmühl").hits[Kind.PERSON]] == [
        "Büroleitung · Lahntalien"
    ]
    assert in_step()


def find_after_commit(question):
    """Commit, then answer."""
    db.session.commit()
    return find(question)


def test_a_function_that_begins_or_ends_is_said_from_that_day_on(context, monkeypatch):
    person = factories.person(valid_to=today() + timedelta(days=3))
    db.session.commit()
    assert services.behind(Kind.PERSON) == set()
    later = today() + timedelta(days=4)
    for module in (services, people, contact_models):
        monkeypatch.setattr(module, "today", lambda: later)
    assert services.behind(Kind.PERSON) == {person.id}
    jobs.run("search")
    assert services.behind(Kind.PERSON) == set()
    assert [hit.note for hit in find("henkel").hits[Kind.PERSON]] == ["nicht mehr: Büroleitung · Lahntal"]


def test_rows_written_in_bulk_are_found_at_the_commit(context):
    row = {"last_name": "Bulkmann", "sort_key": "bulkmann", "search_text": "bulkmann", "version": 1}
    db.session.execute(insert(Person), [row])
    assert titles("bulkmann", Kind.PERSON) == ["Bulkmann"]
    person = db.session.scalar(select(Person))
    place = {"organisation_id": factories.place("Lahntal").id, "role": FunctionRole.STAFF, "version": 1}
    db.session.execute(insert(Function), [place | {"person_id": person.id}])
    db.session.execute(update(Person).values(last_name="Neumann", version=Person.version + 1))
    assert titles("lahntal", Kind.PERSON) == ["Neumann"]
    assert in_step()


def test_the_worker_finds_what_was_written_past_the_session(context):
    one_of_each()
    db.session.commit()
    connection = db.session.connection()
    connection.execute(text("DELETE FROM search_entries"))
    db.session.commit()
    assert titles("häcksler", Kind.CONSULTATION) == []
    jobs.run("search")
    assert titles("häcksler", Kind.CONSULTATION) == ["Cölbe, Lahntal"]
    assert in_step()


def test_an_upgraded_database_is_found_after_one_round_of_the_worker(app):
    with app.app_context():
        one_of_each()
        db.session.commit()
        places = db.session.query(Organisation).count()
        db.session.connection().execute(text("DELETE FROM search_entries"))
        db.session.commit()
    with app.app_context():
        jobs.run("search")
        assert db.session.query(SearchEntry).filter_by(kind=Kind.ORGANISATION).count() == places
        assert services.out_of_step() == {}


def test_the_commands_tell_and_mend(app):
    runner = app.test_cli_runner()
    with app.app_context():
        one_of_each()
        db.session.commit()
        db.session.connection().execute(text("UPDATE people SET last_name = 'Heimlich'"))
        db.session.commit()
    told = runner.invoke(args=["search", "check"])
    assert told.exit_code == 1
    assert "Kontakte" in told.output
    assert runner.invoke(args=["search", "rebuild"]).exit_code == 0
    told = runner.invoke(args=["search", "check"])
    assert (told.exit_code, told.output) == (0, "Der Suchindex stimmt.\n")


def everything_said():
    """All words that stand anywhere in the index."""
    entries = [str(vars(one)) for one in db.session.scalars(select(SearchEntry))]
    texts = [f"{one.plain} {one.folded}" for one in db.session.scalars(select(SearchText))]
    return " ".join(entries + texts).casefold()


@pytest.mark.parametrize(("column", "there"), [("private_note", False), ("role", True)])
def test_private_notes_never_stand_in_the_index(context, column, there):
    """The second case is the control: what is not private does stand in it."""
    party = factories.Party(factories.place("Lahntal").id, **{column: SECRET})
    factories.talk(parties=[party])
    db.session.commit()
    assert (SECRET.casefold() in everything_said()) is there
    assert bool(titles(SECRET, Kind.CONSULTATION, by="mara")) is there


def test_a_rolled_back_change_leaves_no_trace(context):
    one_of_each()
    db.session.commit()
    factories.follow_up("Zurückgenommenes")
    db.session.rollback()
    factories.follow_up("Bleibendes")
    assert titles("zurückgenommenes", Kind.FOLLOW_UP) == []
    assert titles("bleibendes", Kind.FOLLOW_UP) == ["Bleibendes"]
    assert in_step()


def test_done_follow_ups_stand_behind_open_ones(context):
    done, _open = factories.follow_up("Satzung prüfen"), factories.follow_up("Satzung prüfen lassen")
    follow_ups.finish(done, factories.member("anna"))
    assert titles("satzung", Kind.FOLLOW_UP) == ["Satzung prüfen lassen", "Satzung prüfen"]


def test_a_dissolved_place_says_so_and_stands_last(context):
    gone = db.session.scalars(select(Organisation).where(Organisation.valid_to < date(2026, 1, 1))).first()
    entry = db.session.scalar(
        select(SearchEntry).where(SearchEntry.kind == Kind.ORGANISATION, SearchEntry.record_id == gone.id)
    )
    assert f"bis {gone.valid_to:%d.%m.%Y}" in entry.note
    assert entry.weight % 2 == 1


def test_a_deleted_record_leaves_no_text_behind(context):
    one_of_each()
    db.session.commit()
    before = db.session.query(SearchText).count()
    db.session.delete(db.session.scalars(select(FollowUp)).first())
    db.session.commit()
    assert db.session.query(SearchText).count() == before - 1 == db.session.query(SearchEntry).count()
    assert db.session.scalar(select(Consultation.id)) is not None


def test_keeping_in_step_costs_few_statements(context):
    parties = [factories.Party(factories.place(name).id) for name in ("Cölbe", "Lahntal", "Buseck")]
    factories.talk(parties=parties, task_fields=[1, 2], kind=ConsultationKind.GROUP)
    with asked() as statements:
        db.session.commit()
    assert len(statements) <= 12


def test_setting_up_after_an_upgrade_finds_what_was_there(app):
    with app.app_context():
        one_of_each()
        db.session.commit()
        db.session.connection().execute(text("DELETE FROM search_entries"))
        db.session.commit()
    done = app.test_cli_runner().invoke(args=["setup", "--no-account"])
    assert done.exit_code == 0
    with app.app_context():
        assert services.out_of_step() == {}


def pieces(word):
    """How many blocks of the index of SQLite hold a piece of a word."""
    found = text("SELECT count(*) FROM search_fts_data WHERE instr(block, CAST(:word AS BLOB)) > 0")
    return db.session.scalar(found, {"word": word})


def test_no_piece_of_an_erased_word_stays_in_the_index(context):
    if db.engine.dialect.name != "sqlite":
        assert services.forget_old_words() == 0
        return
    talk = factories.talk("Lahntal", note="Xqzw")
    db.session.commit()
    talk.note = "Anders"
    db.session.commit()
    assert pieces("xqz") > 0, "until the pieces of the index are joined it is still there"
    assert services.forget_old_words() == 1
    db.session.commit()
    assert pieces("xqz") == 0
