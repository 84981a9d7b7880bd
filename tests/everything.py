"""The whole program at once: a filled database, an address for every route, and all that is stored."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from crm import links
from crm.access import Role
from crm.bodies import queries as bodies
from crm.calendars import feeds
from crm.consents import services as consents
from crm.consents.models import Purpose, Way
from crm.contacts.models import FunctionRole
from crm.db import SAFE_METHODS, db, now, today
from crm.duplicates.kinds import BODIES, PEOPLE
from crm.duplicates.services import tell_apart
from crm.events import checklist, programme
from crm.events.models import EventState
from crm.funding.following import record_obligation, report_station
from crm.funding.kinds import ObligationKind, StationKind
from crm.imports.models import ImportJob, JobState
from crm.mail.models import MailKind
from crm.mail.services import post
from crm.mailings.letters import OPT_OUT
from crm.naming import token
from crm.notices import services as notices
from crm.register.services import keep_waiting
from crm.registrations.letters import path_to
from crm.reports import REPORTS
from crm.reviews import services as reviews
from crm.reviews.models import ContactReview
from crm.rights import services as rights
from crm.rights.models import Right
from crm.task_fields.models import TaskField
from tests import factories
from tests.examples import making as examples
from tests.imports.lists import take, written
from tests.inbox import mails
from tests.materials import made
from tests.minutes import making as circulating
from tests.pages import CarefulClient
from tests.privacy import cases
from tests.register.editions import LATER, edition

# What follows from other tables, or only from time.
PASSING = {
    "audit_events", "user_sessions", "sign_in_attempts", "search_entries", "search_texts",
    "confidential_reads", "outputs", "output_people",
}  # fmt: skip
# Open to strangers, but off until a service is named in the settings.
OFF = {"sign_on.carry", "sign_on.come_back", "sign_on.sign_out_there", "sign_on.start"}
CHIEF = "chef@kikz.test"


@dataclass(frozen=True)
class Address:
    """One way into the program: endpoint, method, and where it leads with numbers that exist."""

    endpoint: str
    method: str
    url: str


def one_of_everything():
    """Make one of everything that routes ask for; give the numbers by argument name."""
    talk = factories.talk("Lahntal", "Cölbe", follow_up_on=today(), follow_up_text="Anrufen")
    person = factories.person()
    talk.next_step = f"{token(person.id)} anrufen"
    field = db.session.scalars(select(TaskField).where(TaskField.parent_id.is_not(None))).first()
    body = factories.body("Abwasserverband Ohm", members=["Kirchhain", "Stadtallendorf"])
    keep_waiting(edition(LATER), "GV100AD.txt", "register", factories.member("ada"))
    group = factories.cooperation("Cölbe", "Lahntal", lead="Cölbe")
    resolution = factories.resolution(group, "Cölbe")
    numbers = {
        "cooperation_id": group.id,
        "partner_id": group.partners[0].id,
        "step": "interested",
        "resolution_id": resolution.id,
        "study_id": factories.study(group).id,
        "approval_id": factories.approval(group).id,
        "document_id": _documents(group, resolution, talk),
        "page_number": 1,
        "paper_id": factories.paper(group).id,
        **_funding(group),
        **_minutes(person),
        **_event(person),
        **made.everything(person),
        **_election(),
        **_doubles(),
        **examples.of_everything(talk),
        "run_id": _import(),
        "job_id": _long_list(),
        "saved_id": factories.saved_report(by="anna", shared=True, recipients=["rita", "anna"]).id,
        "view_id": factories.saved_view(shared=True, pinned=["rita", "anna"]).id,
        "list_name": "kommunen",
        "consultation_id": talk.id,
        "body_id": body.id,
        "member_id": bodies.members_ever(body.id)[0].id,
        "person_id": person.id,
        "function_id": person.functions[0].id,
        "follow_up_id": factories.follow_up().id,
        "field_id": field.id,
        "user_id": factories.user("nora@kikz.test").id,
        "identity_id": factories.identity("nora@kikz.test").id,
        "organisation_id": factories.place("Lahntal").id,
        "report_id": factories.barrier().id,
        "item_id": mails.item().id,
        "mail_id": post(MailKind.NOTICE, "petra@kommune.test", "Hinweis", "Guten Tag").id,
        "reset_token": _password_link(factories.member("bert")),
        "slug": next(iter(REPORTS)),
        "topic_slug": "beratung",
        "rule_name": "gaeste",
        "mark": notices.keep("Hinweise für Gäste"),
        "frozen_id": factories.frozen_report().id,
        "year": 1990,
        "number": 1,
        "ending": "csv",
        "kind": "wiedervorlagen",
        "key": "verschieben",
        "action_id": factories.bulk_action(factories.follow_up("Einladen")).id,
        "feed_kind": feeds.TEAM,
        "feed_token": links.make(feeds.PURPOSES[feeds.TEAM], factories.member("anna").id, 0),
        "case_id": cases.due(factories.person("Fortan", "Fritz")).id,
        "digest": current_app.extensions["assets"].digest,
        "name": "app.css",
    }
    db.session.commit()
    return numbers


def fill(app):
    """Make it at once, where no other test of the file wants the same."""
    with app.app_context():
        return one_of_everything()


def _minutes(person):
    """Minutes that came back with a remark, and others that go round with a link nobody used."""
    back, round_ = circulating.minutes(), circulating.minutes()
    check, _link = circulating.check(back, person)
    _check, link = circulating.check(round_, person, remark="")
    return {
        "minutes_id": back.id, "remark_id": check.remarks[0].id, "kind_name": "group",
        "minutes.check token": link, "minutes.withdraw minutes_id": round_.id,
    }  # fmt: skip


def _documents(group, resolution, talk):
    """Files of a group in two versions, of its resolution, of a talk and of a municipality."""
    place = factories.place("Lahntal")
    factories.document(group, resolution_id=resolution.id)
    factories.document(talk, consultation_id=talk.id)
    factories.document(place, organisation_id=place.id)
    first = factories.document(group, cooperation_id=group.id)
    return factories.drawn(factories.newer(first, group)).id


def _password_link(user):
    return links.make("password", user.id, user.password_link_basis)


def _funding(group):
    """An application with a station and a duty."""
    by, one = factories.member("anna"), factories.application(group)
    report_station(group, one, {"kind": StationKind.COUNTY, "arrived_on": today()}, by)
    duty = {"kind": ObligationKind.REPORT, "due_on": today()}
    return {
        "application_id": one.id, "station_id": one.stations[0].id, "rule_set_id": one.rule_set_id,
        "obligation_id": record_obligation(group, one, duty, by).id,
    }  # fmt: skip


def _event(person):
    """An open event with a guest, an invited person and a paper for guests, and the links of strangers."""
    event, held = factories.event(), factories.event("Fachtagung Kasse", in_days=-3, state=EventState.HELD)
    guest, invited = factories.registration(event), factories.invitation(event, person)
    paper, emil = factories.event_paper(event), factories.member("emil")
    task = checklist.add(event, {"text": "Einladen", "days": -42, "owner_id": None}, emil)
    opening = {"starts_at": None, "title": "Begrüßung", "speaker": "", "person_id": None}
    point = programme.add(event, opening, emil)
    return {
        "point_id": point.id, "task_id": task.id, "file_id": paper.id, "event_id": event.id,
        "registration_id": guest.id, "invitation_id": invited.id, "secret": event.secret,
        "guests.manage token": path_to(guest).rpartition("/")[2], "guests.document document_id": paper.id,
        "feedback.give secret": held.secret, "mailing_id": factories.mailing(event).id,
        **_consent(person),
        **_request(person),
        "mailings.opt_out token": links.make(OPT_OUT, person.id),
        "head_count_id": factories.heads(event).id,
    }  # fmt: skip


def _consent(person):
    """A link to agree that nobody used, and an agreement that holds."""
    anna, usual = factories.member("anna"), {"given_on": None, "proof": None, "wording": None}
    person.email = person.email or "petra@lahntal.test"
    asked = consents.enter(person, usual | {"purpose": Purpose.PHOTOS, "way": Way.LINK}, anna)
    given = consents.enter(person, usual | {"purpose": Purpose.PHOTOS, "way": Way.PHONE}, anna)
    return {"consent_id": given.id, "consents.confirm token": consents.token_of(asked)}


def _request(person):
    """A request that waits for its answer, and a silent contact to review."""
    reviews.put_forward([factories.silent_person().id])
    review = db.session.scalars(select(ContactReview.id)).one()
    asked = {"kind": Right.ACCESS, "way": Way.LETTER, "asked_on": None, "reason": "Was ist gespeichert?"}
    return {"request_id": rights.enter(person, asked, factories.member("anna")).id, "review_id": review}


def _election():
    """An election that is over, with somebody to confirm."""
    factories.person("Kranz", "Ida", role=FunctionRole.HEAD, is_head=True)
    election = factories.election()
    return {"election_id": election.id, "check_id": factories.checks(election)[0].id}


def _doubles():
    """Two people likely to be one, two who are two after all, and a merge."""
    low, high = factories.person("Zweimal", "Zita"), factories.person("Zweimal", "Zita")
    decided = factories.person("Weber", "Karl"), factories.person("Weber", "Karl")
    pair = tell_apart(PEOPLE, [one.id for one in decided], "Vater und Sohn", factories.member("anna"))
    bodies = [
        factories.body(f"Forstverband {name}")
        for name in ("Burgwald", "Burgwald", "Lahn", "Lahn", "Ohm", "Ohm")
    ]
    merge, ids = factories.merge_of_bodies(*bodies[:2]), [one.id for one in bodies]
    apart = tell_apart(BODIES, ids[2:4], None, factories.member("anna"))
    numbers = {"low_id": low.id, "high_id": high.id, "pair_id": pair.id, "merge_id": factories.merged().id}
    for endpoint in ("merge_bodies", "tell_bodies_apart"):
        numbers |= {f"duplicates.{endpoint} low_id": ids[4], f"duplicates.{endpoint} high_id": ids[5]}
    more = {"undo_bodies merge_id": merge.id, "doubt_bodies_again pair_id": apart.id}
    return numbers | {f"duplicates.{name}": number for name, number in more.items()}


def values(rule, numbers):
    """Fill in the address of a rule; what strangers get by mail is another thing for every endpoint."""
    return {name: numbers.get(f"{rule.endpoint} {name}", numbers.get(name)) for name in rule.arguments}


def _import():
    """A list taken over, one of its rows left out, and another that waits."""
    mara = factories.member("mara")
    _plan, run = take(written(("1", "Kasse", "Lich; Laubach", "Idee"), ("2", "", "Lich", "Idee")), by=mara)
    keep_waiting(written(("3", "Archiv", "Krichheim; Bebra", "Idee")), "liste.csv", "cooperations", mara)
    return run.id


def _long_list():
    """An old list of talks that the worker is taking over, and one that waits with questions."""
    mara = factories.member("mara")
    rows = (("Mai 2012", "VA", "Homberg"), ("8.3.2012", "Tel.", "Lich"))
    keep_waiting(written(*rows, head=("Datum", "Art", "Kommunen")), "alt.csv", "talks", mara)
    job = ImportJob(
        kind="talks", file_name="alt.csv", digest="x", rows=900, state=JobState.RUNNING, by_id=mara.id
    )
    job.begun_at = now()
    db.session.add(job)
    db.session.flush()
    return job.id


def planned(app, places=("Lahntal",)):
    """Make a talk to come."""
    with app.app_context():
        talk = factories.talk(*places, held_on=today() + timedelta(days=3))
        db.session.commit()
        return talk.id


def chief(app):
    """Sign in somebody who may do everything."""
    with app.app_context():
        factories.user(CHIEF, "Cora Chef", set(Role))
        db.session.commit()
    client = CarefulClient(app)
    client.sign_in(CHIEF)
    return client


def addresses(app, numbers, safe):
    """Every rule with every method of its own, as addresses that exist; reading or writing ones."""
    made, adapter = [], app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        url = adapter.build(rule.endpoint, values(rule, numbers))
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            if (method in SAFE_METHODS) is safe:
                made.append(Address(rule.endpoint, method, url))
    return made


def stored(app, without=PASSING):
    """Give every row of every table that no answer may change by the way."""
    with app.app_context():
        return {
            table.name: sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
            for table in db.metadata.sorted_tables
            if table.name not in without
        }


def counted(app, without=()):
    """Give the number of rows of every table."""
    return {name: len(rows) for name, rows in stored(app, without).items()}


def changed(before, after):
    """Name the tables that differ."""
    return sorted(name for name in before if before[name] != after[name])
