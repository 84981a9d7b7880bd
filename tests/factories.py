"""Plain functions with defaults: say only what the test is about."""

import io
import secrets
from datetime import datetime, time, timedelta

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from crm.access import Role
from crm.accounts import passwords, queries
from crm.accounts.models import User
from crm.attendance.models import HeadCount
from crm.barriers.models import BarrierReport
from crm.bodies.services import add_members, create_body
from crm.bulk.models import BulkAction
from crm.consultations.models import Channel, ConsultationKind
from crm.consultations.services import Party, log_consultation
from crm.contacts.models import Function, FunctionRole, Person
from crm.cooperations.kinds import Step, StepSource
from crm.cooperations.partners import report_step
from crm.cooperations.services import create_cooperation
from crm.db import BERLIN, db, now, today
from crm.definitions.days import last_end
from crm.definitions.models import ReportRecipient, Rhythm, SavedReport, Span
from crm.documents.models import Document, PagePicture, Preview
from crm.documents.services import attach, replace
from crm.duplicates.bodies import merge_bodies
from crm.duplicates.services import merge_people
from crm.elections import services as elections
from crm.elections.models import ElectionCheck, ElectionKind
from crm.events.models import Entrance, Event, EventKind, EventState
from crm.folding import fold, name_key
from crm.follow_ups.models import FollowUp
from crm.funding.applying import record_application
from crm.funding.kinds import PaperKind
from crm.funding.models import Application, Paper
from crm.funding.queries import rules_on
from crm.invitations.models import Invitation
from crm.mail.models import MailKind
from crm.mail.services import post
from crm.mailings.models import Mailing
from crm.mailings.texts import start
from crm.organisations.models import Kind, Organisation
from crm.proceedings.models import ApprovalKind, StudyState
from crm.proceedings.services import record_approval, record_study
from crm.registrations.models import GuestKind, Registration, Seat
from crm.releases.services import freeze
from crm.reports import REPORTS
from crm.reports.period import this_year
from crm.reports.scope import Scope
from crm.resolutions.models import Body, ResolutionKind
from crm.resolutions.services import record
from crm.sign_on.models import Identity
from crm.views.models import ListName, SavedView, ViewPin
from tests.documents.files import png

PASSWORD = "Sieben-Zwerge-42"
CAST = {
    "rita": ("Rita Reuter", {Role.READER}),
    "anna": ("Anna Adler", {Role.ADVISER}),
    "bert": ("Bert Braun", {Role.ADVISER}),
    "emil": ("Emil Ernst", {Role.COORDINATOR}),
    "mara": ("Mara Marx", {Role.MANAGER}),
    "ada": ("Ada Amt", {Role.ADMINISTRATOR}),
}


def cast():
    """Make the people of the suite; call once for the template."""
    for name, (full_name, roles) in CAST.items():
        user(f"{name}@kikz.test", full_name, roles)


def user(email="neu@kikz.test", name="Nora Neu", roles=frozenset({Role.READER}), **over):
    """Make a user who has set a password."""
    values = {"password_hash": passwords.hashed(PASSWORD), "must_change_password": False} | over
    made = User(email=email, name=name, roles=frozenset(roles), **values)
    db.session.add(made)
    db.session.flush()
    return made


def identity(email, subject="nora-1", issuer="https://login.kikz.test"):
    """Link somebody with a sign-on service."""
    made = Identity(issuer=issuer, subject=subject, user_id=queries.by_email(email).id)
    db.session.add(made)
    db.session.flush()
    return made


def member(name):
    """Find somebody of the cast."""
    return queries.by_email(f"{name}@kikz.test")


def place(name):
    """Find an organisation of the register by its present name."""
    found = db.session.scalars(select(Organisation).where(Organisation.name == name)).all()
    assert len(found) == 1, f"{name}: {len(found)} found"
    return found[0]


def person(last_name="Henkel", first_name="Petra", at="Lahntal", role=FunctionRole.OFFICE_MANAGER, **over):
    """Make a person in office."""
    made = Person(
        first_name=first_name,
        last_name=last_name,
        sort_key=name_key(last_name, first_name),
        search_text=fold(f"{first_name} {last_name}"),
    )
    db.session.add(made)
    db.session.flush()
    db.session.add(Function(**({"person_id": made.id, "organisation_id": place(at).id, "role": role} | over)))
    db.session.flush()
    return made


def silent_person(last_name="Still", first_name="Stefan", days=900, **over):
    """Make a contact nobody has heard of for so many days."""
    made = person(last_name, first_name, **over)
    made.created_at = now() - timedelta(days=days)
    db.session.flush()
    return made


def body(name="Zweckverband Ohmtal", kind=Kind.ZWECKVERBAND, members=(), since=None, **over):
    """Make a body with members."""
    made = create_body({"name": name, "kind": kind} | over, member("anna"))
    if members:
        ids = [place(one).id for one in members]
        add_members(made, {"organisations": ids, "valid_from": since}, member("anna"))
    return made


def talk(*places, by="anna", parties=None, days_ago=0, **over):
    """Log a talk by the service, as the page does."""
    author = member(by)
    values = {
        "held_on": today() - timedelta(days=days_ago),
        "kind": ConsultationKind.GROUP if len(places) > 1 else ConsultationKind.SINGLE,
        "channel": Channel.ON_SITE,
        "staff": [author.id],
        "note": "Ein Gespräch.",
    } | over
    rows = parties or [Party(organisation_id=place(name).id) for name in places or ("Lahntal",)]
    return log_consultation(values, rows, author)


def cooperation(*places, title="Gemeinsamer Bauhof", by="anna", lead=None, **over):
    """Make a group by the service; its partners are candidates, reached today, unless told otherwise."""
    values = {
        "title": title,
        "organisations": [place(name).id for name in places or ("Cölbe", "Lahntal", "Wetter (Hessen)")],
        "lead": [place(lead).id] if lead else [],
        "step": Step.CANDIDATE,
        "reached_on": today(),
        "source": StepSource.TALK,
    } | over
    return create_cooperation(values, member(by))


def step(group, place_name, step, days_ago=0, **over):
    """Report that a partner of a group reached a step; `days_ago=None` means the day is not known."""
    partner = next(one for one in group.partners if one.organisation_name == place_name)
    day = None if days_ago is None else today() - timedelta(days=days_ago)
    values = {"step": step, "reached_on": day, "source": StepSource.LETTER, "note": None} | over
    return report_step(partner, values, member("anna"))


def resolution(group, place_name, in_days=14, **over):
    """Plan (or record, with `result` and a day gone by) a resolution of a partner's council."""
    partner = next(one for one in group.partners if one.organisation_name == place_name)
    values = {
        "body": Body.COUNCIL,
        "kind": ResolutionKind.BASIC,
        "session_on": today() + timedelta(days=in_days),
    }
    return record(partner, values | over, member("anna"))


def study(group, **over):
    """Note a study of a group that is under way."""
    values = {"title": "Machbarkeit", "state": StudyState.BEGUN} | over
    return record_study(group, values, member("anna"))


def approval(group, **over):
    """Note an approval asked of the authority of a group."""
    return record_approval(group, {"kind": ApprovalKind.APPROVAL} | over, member("anna"))


def document(group, content=b"%PDF-1.7\n%%EOF\n", name="auszug.pdf", **over):
    """Attach a file to a group, a talk, a place, or what a group has."""
    upload = FileStorage(io.BytesIO(content), filename=name)
    return attach(upload, group, member("anna"), **over)


def drawn(document):
    """Say that the worker has drawn a file: a picture of one grey dot is its only page."""
    db.session.add(Preview(document_id=document.id, pages=1, drawn=1))
    db.session.flush()
    db.session.add(PagePicture(document_id=document.id, number=1, width=1, height=1, content=png()))
    return document


def newer(document, owner, content=b"%PDF-1.7\nneu\n%%EOF\n", name="auszug neu.pdf"):
    """Put a new version in the place of a file."""
    return replace(document, FileStorage(io.BytesIO(content), filename=name), owner, member("anna"))


def application(group, by="anna", **over):
    """Note an application of a group by the service, under the rules of its day, submitted a month ago."""
    values = {"submitted_on": today() - timedelta(days=30)} | over
    rules = rules_on(values["submitted_on"] or today())
    values = {"rule_set_id": rules.id if rules else None} | values
    return record_application(group, values, member(by))


def paper(group, kind=PaperKind.LETTER):
    """Make a paper of an application of a group."""
    made = Paper(kind=kind)
    db.session.add(Application(cooperation_id=group.id, papers=[made]))
    db.session.flush()
    return made


def follow_up(text="Kostentabelle anfragen", by="anna", at="Lahntal", in_days=3, **over):
    """Make a follow-up."""
    values = {"owner_id": member(by).id, "due_on": today() + timedelta(days=in_days)}
    where = {} if "consultation_id" in over else {"organisation_id": place(at).id}
    made = FollowUp(text=text, **(values | where | over))
    db.session.add(made)
    db.session.flush()
    return made


def election(at="Lahntal", kind=ElectionKind.HEAD, in_days=-7, by="mara", **over):
    """Enter an election by the service; one that is over has its checklist."""
    values = {
        "kind": kind,
        "held_on": today() + timedelta(days=in_days),
        "takes_office_on": None,
        "title": None,
        "organisation_id": place(at).id if at else None,
        "owner_id": member(by).id,
        "note": None,
    }
    return elections.plan(values | over, member(by))


def checks(made, at=None):
    """What an election asks, in one Kommune or in all."""
    query = select(ElectionCheck).where(ElectionCheck.election_id == made.id).order_by(ElectionCheck.id)
    if at:
        query = query.where(ElectionCheck.organisation_id == place(at).id)
    return list(db.session.scalars(query))


def bulk_action(*rows, action="verschieben", by="anna"):
    """Note an action on some follow-ups as if it had moved them, so that it can be taken back."""
    before = {"owner_id": member(by).id, "due_on": today().isoformat()}
    entries = [{"id": one.id, "version": one.version, "before": before} for one in rows]
    made = BulkAction(kind="wiedervorlagen", action=action, user_id=member(by).id, entries=entries)
    db.session.add(made)
    db.session.flush()
    return made


def event(title="Fachtagung Bauhof", in_days=14, state=EventState.OPEN, **over):
    """Make an event of six hours, from half past nine on, that many days from now."""
    starts = datetime.combine(today() + timedelta(days=in_days), time(9, 30), BERLIN)
    values = {
        "kind": EventKind.CONFERENCE, "starts_at": starts, "ends_at": starts + timedelta(hours=6),
        "entrance": Entrance.LISTED, "capacity": 100,
        "venue": "Kulturzentrum", "place_id": place("Buseck").id,
    }  # fmt: skip
    made = Event(title=title, state=state, **(values | over))
    db.session.add(made)
    db.session.flush()
    return made


def registration(of, last_name="Henkel", first_name="Petra", at="Lahntal", seat=Seat.SEATED, **over):
    """Make a guest of an event who has confirmed; `at` None is somebody without an organisation."""
    email = f"{first_name}.{last_name}@kommune.test".lower()
    values = {
        "email": email, "address_key": email, "confirmed_at": now(), "kind": GuestKind.MANAGEMENT,
        "organisation_id": place(at).id if at else None,
        "search_text": fold(f"{first_name} {last_name} {at or ''}"),
        "sort_key": name_key(last_name, first_name),
    }  # fmt: skip
    made = Registration(
        event_id=of.id, last_name=last_name, first_name=first_name, seat=seat, **(values | over)
    )
    db.session.add(made)
    db.session.flush()
    return made


def invitation(of, who, at="Lahntal", **over):
    """Invite a person to an event."""
    values = {
        "organisation_id": place(at).id, "organisation_name": at, "called": "Büroleitung",
        "email": who.email or f"{who.last_name}@kommune.test".lower(),
    }  # fmt: skip
    made = Invitation(event_id=of.id, person_id=who.id, **(values | over))
    db.session.add(made)
    db.session.flush()
    return made


def event_paper(of, name="folien.pdf", for_guests=True):
    """Hang a file on an event; guests may have it."""
    content = b"%PDF-1.7\n%%EOF\n"
    made = Document(
        file_name=name, media_type="application/pdf", size=len(content), content=content,
        event_id=of.id, for_guests=for_guests,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def mailing(of, kind=MailKind.INVITATION, **over):
    """Write a mailing of an event with its usual text; nothing is sent."""
    subject, body = start(of, kind, with_documents=False)
    made = Mailing(event_id=of.id, kind=kind, **({"subject": subject, "body": body} | over))
    db.session.add(made)
    db.session.flush()
    return made


def heads(of, heads=12, **over):
    """Note heads without names at an event."""
    made = HeadCount(event_id=of.id, heads=heads, **over)
    db.session.add(made)
    db.session.flush()
    return made


def merged(by="anna", **over):
    """Two people who were one, merged by the service; the one of the lower number stays."""
    kept, lost = person("Zwilling", "Zoe", **over), person("Zwilling", "Zoë", **over)
    db.session.flush()
    return merge(kept, lost, by)


def merge_of_bodies(kept, lost, by="anna", **chosen):
    """Merge two bodies as the page does, with the proposals of the page."""
    versions = {one.id: str(one.version) for one in (kept, lost)}
    return merge_bodies(kept.id, lost.id, versions, chosen, member(by))


def merge(kept, lost, by="anna", **chosen):
    """Merge two people as the page does, with the proposals of the page."""
    versions = {one.id: str(one.version) for one in (kept, lost)}
    return merge_people(kept.id, lost.id, versions, chosen, member(by))


def saved_report(name="Unser Jahr", by="mara", recipients=(), **over):
    """Keep a report under a name; `recipients` of the cast get it every month."""
    values = {"slug": "taetigkeit", "span": Span.LAST_MONTH, "filters": {}} | over
    if recipients:
        usual = {"rhythm": Rhythm.MONTHLY, "mailed_until": last_end(Rhythm.MONTHLY, today())}
        people = [ReportRecipient(user_id=member(one).id) for one in recipients]
        values = usual | {"recipients": people} | values
    made = SavedReport(name=name, owner_id=member(by).id, **values)
    db.session.add(made)
    db.session.flush()
    return made


def saved_view(name="Gruppen", by="anna", list_name=ListName.TALKS, query="kind=group", pinned=(), **over):
    """Keep a view of a list; those of the cast in `pinned` have it as a tab."""
    made = SavedView(name=name, owner_id=member(by).id, list_name=list_name, query=query, **over)
    db.session.add(made)
    db.session.flush()
    for place, who in enumerate(pinned):
        db.session.add(ViewPin(view_id=made.id, user_id=member(who).id, position=place + made.id))
    db.session.flush()
    return made


def mail_to(guest, kind):
    """Let a mail to a guest wait in the outbox."""
    columns = {"event_id": guest.event_id, "registration_id": guest.id}
    return post(kind, guest.email, "Betreff", "Guten Tag", **columns)


def frozen_report(by="mara", slug="taetigkeit", title="Antwort an den Landtag", **over):
    """Freeze a report of this year."""
    author, scope = member(by), Scope(this_year())
    values = {"title": title, "purpose": "Kleine Anfrage 19/5291", "note": None} | over
    report = REPORTS[slug]
    return freeze(report, scope, report.read(author, scope), values, author, "de")


def barrier(days_ago=3, **over):
    """A reported barrier, open unless `answered_on` and `answer` are given."""
    day = today() - timedelta(days=days_ago)
    values = {
        "received_on": day, "due_on": day + timedelta(weeks=6), "location": "Anmeldung",
        "text": "Der Vorleser nennt die Felder nicht.", "sender_name": "Petra Henkel",
        "sender_email": "petra@kommune.test", "address_key": "petra@kommune.test",
        "form_key": secrets.token_hex(32),
    }  # fmt: skip
    found = BarrierReport(**(values | over))
    db.session.add(found)
    db.session.flush()
    return found
