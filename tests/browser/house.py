"""A filled house: something of everything, so that no page is drawn empty."""

from datetime import time, timedelta

from sqlalchemy import select

from crm import links
from crm.bodies import queries as bodies
from crm.bodies.services import CONTACT, add_members, change_body, end_member, set_supervisor
from crm.consents import services as consents
from crm.consents.models import Purpose, Way
from crm.consultations.models import Channel, ConsultationKind, Presence
from crm.consultations.services import Party, cancel, remove
from crm.contacts.models import FunctionRole, MailBasis
from crm.contacts.services import add_function, remove_function, remove_person
from crm.db import db, today
from crm.duplicates.kinds import BODIES, PEOPLE
from crm.duplicates.services import tell_apart
from crm.elections.answers import confirm, replace, vacate
from crm.elections.models import ElectionKind
from crm.elections.services import remove as remove_election
from crm.examples import inquiries
from crm.examples import services as services_of_examples
from crm.examples.models import Answer
from crm.follow_ups.models import FollowUpState
from crm.follow_ups.services import remove as remove_follow_up
from crm.geography.services import take_over
from crm.inbox import services
from crm.inbox.models import Remark
from crm.mail.models import MailKind, MailState
from crm.mail.services import post
from crm.notices.services import keep as keep_notice
from crm.office.queries import office
from crm.office.services import save as save_office
from crm.organisations.models import Kind
from crm.register.services import keep_waiting
from crm.reviews import services as reviews
from crm.rights import services as rights
from crm.rights.models import Right
from crm.task_fields.models import TaskField
from tests import factories
from tests.browser import gatherings, groups
from tests.examples import making as examples
from tests.factories import place
from tests.geography import grid
from tests.inbox import mails
from tests.materials import made
from tests.minutes import making as circulating
from tests.privacy import cases
from tests.register.editions import LATER, edition, municipality

LONG = "Gemeinsame Vergabestelle für Bauleistungen und Lieferungen im Nordkreis"

LONG_NAME = "Prof. Dr. Friedrich-Wilhelm Freiherr von Eschwege-Waldkappel-Reichensachsen"

OFFICE = {
    "name": "Kompetenzzentrum IKZ", "address": "Musterstraße 1\n35037 Marburg",
    "base_address": "https://ikz.example.de", "file_reference": "IKZ {jahr}/{nummer}",
}  # fmt: skip


def fill():
    """Store talks, people and follow-ups in every state; give the numbers that addresses need."""
    person = factories.person()
    factories.person("Freiherr von Eschwege-Waldkappel", "Friedrich-Wilhelm", "Cölbe")
    group = _group(person)
    body = _body()
    _others()
    take_over(grid.collection(), "", None)
    keep_waiting(
        grid.collection(grid.features()[:4]), "grenzen.geojson", "boundaries", factories.member("ada")
    )
    keep_waiting(_official_file(), "GV100AD_31012027.txt", "register", factories.member("ada"))
    save_office(office(), OFFICE, factories.member("ada"))
    gone = factories.talk("Münchhausen", days_ago=3)
    remove(gone, factories.member("anna"))
    gone_person = factories.person("Fort", "Frieda", "Marburg")
    remove_person(gone_person, factories.member("anna"))
    held = factories.person("Doppelt", "Dora", valid_to=today() + timedelta(days=60))
    gone_function = add_function(person, _office("Cölbe"), factories.member("anna"))
    remove_function(gone_function, factories.member("anna"))
    gone_follow_up = factories.follow_up("Doppelt vermerkt", person_id=held.id)
    remove_follow_up(gone_follow_up, factories.member("anna"))
    follow_up = _follow_ups(group)
    factories.user("gesperrt@kikz.test", "Gisela Gesperrt", locked_at=factories.db.func.now())
    numbers = {
        "talk": group.id, "gone": gone.id, "person": person.id, "function": person.functions[0].id,
        "gone_person": gone_person.id,
        "case": cases.due(factories.person("Fortan", "Fritz")).id, "gone_function": gone_function.id,
        "gone_follow_up": gone_follow_up.id, "bulk": factories.bulk_action(follow_up, by="mara").id,
        "notice": keep_notice("Wer sie sieht\nKolleginnen und Kollegen der Stelle."),
        "kind": "wiedervorlagen", "key": "verschieben", "people_kind": "kontakte",
        "body": body.id, "member": bodies.members_ever(body.id)[0].id,
        "follow_up": follow_up.id, "user": factories.member("anna").id, "place": place("Lahntal").id,
        "county": place("Landkreis Marburg-Biedenkopf").id, "field": _field("Bauhof").id,
    }  # fmt: skip
    factories.barrier(days_ago=50)
    factories.barrier(days_ago=9, answered_on=today(), answer="Ist behoben.")
    numbers |= _doubles() | _elections() | {"barrier": factories.barrier(location=LONG, text=LONG).id}
    numbers |= _consents(person) | _examples(group) | made.in_house(person) | _minutes(person)
    numbers |= groups.fill() | gatherings.fill(person) | _mails() | _inbox()
    db.session.commit()
    return numbers


def _consents(person):
    """Agreements of every kind: given, waiting for a click, withdrawn."""
    anna, usual = factories.member("anna"), {"given_on": None, "proof": None, "wording": None}
    person.email = person.email or "petra@lahntal.test"
    gone = consents.enter(person, usual | {"purpose": Purpose.PHOTOS, "way": Way.FORM}, anna)
    consents.withdraw(gone, None, anna)
    asked = consents.enter(person, usual | {"purpose": Purpose.PHOTOS, "way": Way.LINK}, anna)
    given = consents.enter(
        person, usual | {"purpose": Purpose.MAILINGS, "way": Way.PHONE, "proof": LONG}, anna
    )
    asked_for = {"way": Way.LETTER, "reason": LONG, "asked_on": today() - timedelta(days=50)}
    waits = rights.enter(person, asked_for | {"kind": Right.ACCESS}, anna)
    kept = factories.person("Ruhig", "Rita", "Cölbe")
    rights.enter(kept, asked_for | {"kind": Right.OBJECTION}, anna)
    quiet = [factories.silent_person(name).id for name in ("Still", LONG_NAME)]
    reviews.put_forward(quiet)
    return {"request": waits.id, "consent": given.id, "consent_token": consents.token_of(asked)}


def _examples(talk):
    """An open page with examples of every state; of one the contact has sent corrections."""
    examples.open_page()
    first = examples.running("Kirchhain", "Rauschenberg", "Stadtallendorf", title=LONG, field="Forst")
    person, file = examples.contact(at="Kirchhain"), examples.file_of(first, "x" * 90 + ".pdf")
    example = examples.example(first, person, [file])
    question, _secret = examples.asked(example)
    said = {"summary": LONG, "saving_euros": 1, "saving_note": LONG, "remark": LONG}
    inquiries.answer(question, said | {"answer": Answer.CHANGED})
    _question, secret = examples.asked(example)
    second = examples.example(examples.running("Lich", "Laubach", title="Bauhof Nord"))
    second.confirmed_on = today() - timedelta(days=400)
    services_of_examples.withdraw(
        examples.example(examples.running("Hungen", "Lich", title="Zurückgezogen")), factories.member("anna")
    )
    examples.referral(talk, first)
    return {"example": example.id, "example_group": first.id, "example_secret": secret}


def _minutes(person):
    """Minutes that came back with a remark, that go round, and that are released."""
    about = factories.talk(parties=[Party(place("Lahntal").id, people=[person.id])])
    back, going = circulating.minutes(about, situation=LONG), circulating.minutes()
    released = circulating.minutes()
    circulating.check(back, person, remark=LONG)
    _check, token = circulating.check(going, person, remark="")
    circulating.release(released)
    return {
        "minutes": back.id, "minutes_round": going.id, "minutes_released": released.id,
        "minutes_token": token, "kind_name": "group",
    }  # fmt: skip


def _elections():
    """Elections to come, to be checked and in the trash; the running one has answers of every kind."""
    mara, anna = factories.member("mara"), factories.member("anna")
    for last_name, title in (("Kranz", "Bürgermeisterin"), ("Vogt", None)):
        leads = title is not None
        role = FunctionRole.HEAD if leads else FunctionRole.COUNCIL_CHAIR
        factories.person(last_name, "Ida", role=role, is_head=leads, title=title)
    for first_name in ("Uwe", "Ulla", "Urs"):
        factories.person("Rat", first_name, role=FunctionRole.COUNCILLOR)
    factories.person("Bleibt", "Bea", "Cölbe", role=FunctionRole.COUNCIL_CHAIR)
    running = factories.election(None, ElectionKind.COUNCIL)
    in_lahntal = factories.checks(running, "Lahntal")
    confirm(in_lahntal[:1], anna)
    replace(in_lahntal[1], LONG_NAME, {"valid_from": today()}, anna)
    vacate(in_lahntal[2], today(), anna)
    gone = factories.election("Wetter (Hessen)", in_days=-30)
    remove_election(gone, mara)
    factories.election(None, ElectionKind.COUNCIL, in_days=400, note="Termin steht noch nicht fest.")
    return {"election": running.id, "check": in_lahntal[3].id, "gone_election": gone.id}


def _doubles():
    """Two people likely to be one with something to choose, two who are two after all, and a merge."""
    values = {"at": "Rauschenberg", "email": "z.zweimal@rauschenberg.de"}
    low = factories.person("Zweimal", "Zita", title="Hauptamt", **values)
    high = factories.person("Zweimal-Freiherr", "Zita", title="Büroleitung", **values)
    low.phone, high.phone, low.note, high.note = "06425 1", "06425 2", "Ruft gern an.", LONG
    high.mail_basis = MailBasis.OBJECTED
    factories.talk(parties=[Party(place("Rauschenberg").id, people=[low.id])])
    others = [factories.person("Weber", "Karl", at="Rauschenberg").id for _generation in range(2)]
    pair = tell_apart(PEOPLE, others, "Vater und Sohn", factories.member("anna"))
    merge = factories.merged(at="Rauschenberg")
    bodies = [factories.body(f"Forstverband {name}", phone=str(number)) for number, name in
              enumerate(("Burgwald", "Burgwald", "Lahn", "Lahn", "Ohm", "Ohm"))]  # fmt: skip
    of_bodies, ids = factories.merge_of_bodies(*bodies[:2]), [one.id for one in bodies]
    apart = tell_apart(BODIES, ids[2:4], "Nord und Süd", factories.member("anna"))
    return {
        "low": low.id, "high": high.id, "distinct_pair": pair.id, "merge": merge.id,
        "low_body": ids[4], "high_body": ids[5], "merge_of_bodies": of_bodies.id,
        "pair_of_bodies": apart.id,
    }  # fmt: skip


def _official_file():
    """A file with something of everything a check can say."""
    new = municipality(LATER, "06534099", "Neustadt am Wald", "63")
    return edition(
        LATER, {"06534006": "Cölbe, Radfahrstadt"}, without=["06534021", "06534012"], k06534099=new
    )


def _mails():
    """Mails in every state, and a link to a new password."""
    texts = ("a@kommune.test", LONG, f"Guten Tag,\n\n{LONG}\nhttps://www.example.org/" + "pfad/" * 30)
    mails = [post(MailKind.INVITATION, *texts, recipient_name="Petra Henkel") for _state in MailState]
    for mail, state in zip(mails, MailState, strict=True):
        mail.state = state
    mails[3].last_error, mails[3].attempts = "550 5.1.1 Recipient address rejected: User unknown", 3
    bert = factories.member("bert")
    return {"mail": mails[3].id, "reset_token": links.make("password", bert.id, bert.password_link_basis)}


def _inbox():
    """Mails in every state; the one that is open says all that can be said of a mail."""
    for number in range(3):
        mails.item(subject=f"{LONG} {number}", text=LONG)
    services.dismiss(mails.item(subject="Werbung"), factories.member("anna"))
    made = mails.item(
        subject=LONG, text=f"{LONG}\n\nAm 1.10. um 10:00 schrieb Anna:\n> {LONG}\n> " + "x" * 300
    )
    made.remarks, made.attachments = [one.value for one in Remark], [{"name": "x" * 140, "size": 4096}]
    return {"item": made.id}


def _office(at):
    return {"organisation_id": place(at).id, "role": FunctionRole.OTHER, "title": "Beirat"}


def _field(name):
    return db.session.scalars(select(TaskField).where(TaskField.name == name)).one()


def _group(person):
    """One talk with everything a talk can hold."""
    parties = [
        Party(place("Lahntal").id, people=[person.id], private_note="Die Kämmerei ist **dagegen**."),
        Party(place("Wetter (Hessen)").id, Presence.REPRESENTED, represented_by="Cölbe"),
        Party(place("Cölbe").id, Presence.APOLOGISED, role="Gastgeberin"),
    ]
    return factories.talk(
        parties=parties,
        kind=ConsultationKind.GROUP,
        note=f"- {LONG}\n- **Zweiter** Punkt\n\nhttps://www.example.org/" + "pfad/" * 30,
        agreements="Alle fragen ihre Gremien.",
        next_step="Kostentabelle verschicken.",
        starts_at=time(0, 30), duration_minutes=90, preparation_minutes=30, travel_minutes=60,
        task_fields=[_field("Bauhof").id, _field("Kasse").id], place="Rathaus Cölbe",
        file_reference="IKZ 7/26", follow_up_on=today() + timedelta(days=9), follow_up_text=LONG,
    )  # fmt: skip


def _body():
    """A Zweckverband with members of all times, an old name and another authority than the computed one."""
    by = factories.member("anna")
    body = factories.body("Abwasserverband Ohm", members=["Kirchhain", "Stadtallendorf"], phone="06422 1")
    named = {"named_from": today() - timedelta(days=30), "correction": False, "kind": Kind.ZWECKVERBAND}
    contact = {name: getattr(body, name) for name in CONTACT} | {"website": "https://www.example.org"}
    change_body(body, contact | named | {"name": "Abwasserverband Ohm-Wohra"}, by)
    set_supervisor(body, "Regierungspräsidium Kassel", "Vom Ministerium so bestimmt.", by)
    gone = {"organisations": [place("Amöneburg").id], "valid_from": today() - timedelta(days=900)}
    end_member(add_members(body, gone | {"note": "als Gast"}, by)[0], today() - timedelta(days=9), by)
    factories.talk("Kirchhain", body.name, days_ago=2)
    factories.person("Brandt", "Birgit", body.name)
    factories.follow_up("Satzung anfordern", at=body.name)
    return body


def _others():
    factories.talk("Kassel", days_ago=40, confidential=True, channel=Channel.PHONE)
    factories.talk("Hanau", "Fulda", days_ago=10, note=None, by="mara")
    coming = factories.talk("Marburg", days_ago=-5, starts_at=time(14, 0), by="mara")
    cancel(coming, factories.member("mara"))
    factories.talk("Gießen", days_ago=-9)
    due = factories.talk("Wetzlar", days_ago=-1)
    due.held_on = today()
    factories.talk("Stadtallendorf", starts_at=time(23, 59), by="mara", duration_minutes=60)
    for number in range(30):
        factories.talk("Cölbe", "Lahntal", days_ago=20 + number * 9, note=LONG)


def _follow_ups(group):
    for days in (-12, -1, 0, 2, 6, 30):
        factories.follow_up(f"{LONG} ({days})", in_days=days, by="mara")
    waiting = {"in_days": 1, "waiting_for": "Gemeindevertretung Cölbe"}
    factories.follow_up("Beschluss abwarten", by="mara", **waiting)
    factories.follow_up(
        "Längst erledigt", by="mara", state=FollowUpState.DONE, done_at=factories.db.func.now()
    )
    return factories.follow_up("Protokoll verschicken", in_days=4, consultation_id=group.id, at="Lahntal")
