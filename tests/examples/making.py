"""Examples, questions and referrals for tests, made by the services as the pages do."""

import re

from sqlalchemy import select

from crm.consents import services as consents
from crm.consents.models import Purpose, Way
from crm.contacts.models import Function
from crm.cooperations.kinds import Step
from crm.db import db
from crm.documents.models import Document
from crm.examples import inquiries, referring, services
from crm.examples.models import PracticeExample, Referral
from crm.mail.models import OutgoingMail
from crm.office.models import Office
from crm.task_fields.models import TaskField
from tests import factories

SUMMARY = "Zwei Orte, ein Bauhof: gemeinsamer Fuhrpark, ein Leiter."


def task_field(name):
    """Find a task field."""
    return db.session.scalars(select(TaskField).where(TaskField.name == name)).one()


def running(*places, title="Gemeinsamer Bauhof", field="Bauhof", **over):
    """Make a group that works, in a task field."""
    values = {"task_fields": [task_field(field).id], "step": Step.ACTIVE} if field else {"step": Step.ACTIVE}
    return factories.cooperation(*places or ("Cölbe", "Lahntal"), title=title, **(values | over))


def agree(person, by="anna", purpose=Purpose.EXAMPLES):
    """Enter that somebody has agreed to be named."""
    values = {"purpose": purpose, "way": Way.PHONE, "given_on": None, "proof": None, "wording": None}
    return consents.enter(person, values, factories.member(by))


def contact(last_name="Kontakt", at="Lahntal", agreed=True, **over):
    """Make somebody with an official address who may be named."""
    values = {"email": f"{last_name.lower()}@amt.test", "phone": "06421 12345"} | over
    made = factories.person(last_name, "Karla", at=at, **values)
    made.email = f"privat.{last_name.lower()}@heim.test"
    if agreed:
        agree(made)
    db.session.flush()
    return made


def file_of(group, name="vertrag.pdf", **over):
    """Hang a file on a group."""
    content = b"%PDF-1.7\n%%EOF\n"
    made = Document(
        file_name=name, media_type="application/pdf", size=len(content), content=content,
        cooperation_id=group.id, **over,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def example(group=None, person=None, files=(), by="anna", **over):
    """Release a group as practice example."""
    group = group or running()
    values = {
        "title": group.title, "summary": SUMMARY, "legal_form": None, "saving_euros": 40_000,
        "saving_note": "und schneller im Winter", "person_id": person.id if person else None,
        "documents": [one.id for one in files],
    }  # fmt: skip
    return services.release(group, values | over, factories.member(by))


def asked(made, by="anna"):
    """Send the contact of an example the yearly question; give the question and the end of its link."""
    question = inquiries.ask(made, factories.member(by))
    newest = db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    return question, re.search(r"/praxisbeispiele/bestaetigen/(\S+)", newest.body).group(1)


def referral(talk, group, by="anna"):
    """Note that a talk named a group."""
    referring.refer(talk, group, factories.member(by))
    return db.session.scalars(select(Referral).where(Referral.consultation_id == talk.id)).first()


def open_page():
    """Let everybody see the released examples."""
    office = db.session.get(Office, 1) or Office(id=1, file_reference="IKZ {jahr}/{nummer}")
    office.shows_examples = True
    db.session.add(office)
    db.session.flush()


def of_everything(talk):
    """One of all for the filled database: what addresses want, by the name of the argument."""
    open_page()
    group = running("Kirchhain", "Rauschenberg", title="Gemeinsamer Forst", field="Forst")
    person = contact("Beispiel", at="Kirchhain")
    made = example(group, person, [file_of(group)])
    question, secret = asked(made)
    fresh = running("Amöneburg", "Neustadt (Hessen)", title="Gemeinsames Archiv", field="Archiv")
    named = referral(talk, group)
    numbers = {
        "example_id": made.id, "inquiry_id": question.id,
        "practice.confirm secret": secret, "practice.document document_id": made.documents[0].id,
        "referral_id": named.id,
    }  # fmt: skip
    ours = ("ask", "confirm", "edit", "release_again", "settle", "show", "withdraw")
    of_group = {f"examples.{name} cooperation_id": group.id for name in ours}
    numbers["examples.new cooperation_id"] = fresh.id
    return numbers | of_group


def released(number):
    """Load an example anew."""
    return db.session.get(PracticeExample, number)


def held_by(person):
    """The function somebody holds."""
    return db.session.scalars(select(Function).where(Function.person_id == person.id)).one()
