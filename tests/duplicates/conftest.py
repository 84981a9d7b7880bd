"""Two people with one of everything that can hang on a person, and a look at all rows."""

from datetime import date

import pytest
from sqlalchemy import select

from crm.consents import services as consents
from crm.consents.models import Purpose, Way
from crm.consultations.services import Party
from crm.contacts.models import MailBasis
from crm.db import db, now, today
from crm.duplicates.references import columns_to
from crm.events import programme
from crm.examples.models import ExampleInquiry, PracticeExample
from crm.mail.models import MailKind
from crm.mail.services import post
from crm.outputs.models import Output, OutputPerson, Paper
from crm.reviews.models import ContactReview
from crm.rights import services as rights
from crm.rights.models import Right
from tests import factories
from tests.materials import made
from tests.minutes import making

# What counts up, is computed anew, or is the memory of merges itself.
PASSING = {"audit_events", "merges", "merge_moves", "user_sessions", "submissions", "sign_in_attempts"}
DERIVED = {"version", "updated_at", "search_text", "sort_key"}


def dump():
    """Give every row of every table as {table: {id: columns}}, without what may differ."""
    db.session.flush()
    found = {}
    for table in db.metadata.sorted_tables:
        if table.name not in PASSING:
            keys = [column.name for column in table.primary_key]
            found[table.name] = {
                tuple(row[key] for key in keys): {
                    name: value for name, value in row.items() if name not in DERIVED
                }
                for row in db.session.execute(select(table)).mappings()
            }
    return found


def differing(before, after):
    """Give the rows that differ, by table and number, as they were and as they are; new tables have none."""
    return {
        (table, key): (before[table].get(key), after[table].get(key))
        for table in before
        for key in before[table].keys() | after[table].keys()
        if before[table].get(key) != after[table].get(key)
    }


def example(**over):
    """A released example of a group of its own."""
    group = factories.cooperation(title=f"Beispiel {over}")
    made = PracticeExample(
        cooperation_id=group.id, title=group.title, summary="Ein Bauhof.", released_at=now(), **over
    )
    db.session.add(made)
    db.session.flush()
    return made


def one_of_each(person):
    """Hang one row of every kind on a person; give the tables."""
    talk = factories.talk(parties=[Party(factories.place("Lahntal").id, people=[person.id])])
    event = factories.event(f"Tagung {person.id}")
    factories.follow_up(person_id=person.id)
    making.check(making.minutes(), person)
    factories.invitation(event, person, email=person.email)
    factories.registration(
        event, person_id=person.id, email=f"{person.id}@x.de", address_key=f"{person.id}@x.de"
    )
    point = {"starts_at": None, "title": "Vortrag", "speaker": "", "person_id": person.id}
    programme.add(event, point, factories.member("emil"))
    said = {"purpose": Purpose.PHOTOS, "way": Way.PHONE, "given_on": None, "proof": None, "wording": None}
    consents.enter(person, said, factories.member("anna"))
    db.session.add(ContactReview(person_id=person.id))
    output = Output(user_id=factories.member("anna").id, paper=Paper.CARDS, ending="vcf", number=1)
    db.session.add(output)
    db.session.flush()
    db.session.add(OutputPerson(output_id=output.id, person_id=person.id))
    asked = {"kind": Right.ACCESS, "way": Way.LETTER, "asked_on": None, "reason": "Was ist gespeichert?"}
    rights.enter(person, asked, factories.member("anna"))
    made.hand_out(made.material(f"Leitfaden {person.id}").newest, person)
    db.session.add(
        ExampleInquiry(
            example_id=example(person_id=person.id).id, person_id=person.id, address=person.email,
            token_hash=f"Frage {person.id}", expires_at=now(),
        )
    )  # fmt: skip
    post(MailKind.INVITATION, person.email, "Betreff", "Text", person_id=person.id, event_id=event.id)
    db.session.flush()
    return talk, event


@pytest.fixture
def pair(context):
    """Two people in office with addresses, notes and one of everything; the second has objected."""
    kept = factories.person(
        "Henkel", "Petra", at="Cölbe", email="p.henkel@coelbe.de", valid_from=date(2020, 1, 1)
    )
    lost = factories.person("Hinkel", "Petra", at="Lahntal", email="p.henkel@lahntal.de")
    for one, mail in ((kept, "petra@web.de"), (lost, "henkel@web.de")):
        one.email, one.phone, one.note = mail, f"0171 {one.id}", f"Bemerkung {one.id}"
        one.search_text += f" {mail}"
    lost.mail_basis, lost.mail_basis_on = MailBasis.OBJECTED, today()
    db.session.flush()
    for one in (kept, lost):
        one_of_each(one)
    return kept, lost


def hanging_on(number, target="people"):
    """How many rows name a person, by (table, column), asked of the database past all rules."""
    found = {}
    for name, column in columns_to(target):
        table = db.metadata.tables[name]
        rows = db.session.execute(select(table).where(table.c[column] == number)).all()
        if rows:
            found[name, column] = len(rows)
    return found
