"""Put a marked person into every place that can hold text, and look for what is left of it."""

import json
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import JSON, LargeBinary, String, delete, select, text, update
from sqlalchemy.exc import IntegrityError

from crm import audit, drafts
from crm.closing.models import Correction, Quarter
from crm.consultations.models import ConsultationKind, ParticipationPerson
from crm.contacts.models import Function, FunctionRole
from crm.db import db, today
from crm.documents.models import Document
from crm.events.models import Event, EventHost, ProgrammeItem
from crm.feedback.models import Feedback
from crm.folding import fold
from crm.imports.models import ImportAnswer, ImportJob, ImportMapping, JobState
from crm.mail.carriers import file_of
from crm.mail.models import MailAttachment, MailFile, MailKind, MailState, OutgoingMail
from crm.mail.services import post
from crm.minutes.models import MinutesTemplate
from crm.naming import token
from crm.once import Submission
from crm.outputs.models import Output, Paper
from crm.privacy import registry
from crm.privacy.terms import Erase
from crm.register.models import WaitingFile
from crm.search.models import DocumentText
from tests import factories
from tests.everything import fill

MARKER = "Marker-Petersen-58213"
FIRST = "Ilse"
MAIL, PHONE = "ilse@marker-petersen-58213.test", "06421 58213-0"
# In the ordinary spellings of a name and a number; in running text the last name stands alone, too.
SPELLINGS = (
    f"{FIRST}\n{MARKER}", f"{FIRST}  {MARKER}", f"{FIRST} {MARKER}-Termin", f"{MARKER}, {FIRST}",
    "06421/58213-0", "+49 6421 582130", f"{FIRST}+{MARKER}", f"{FIRST}%20{MARKER}", quote(MAIL),
)  # fmt: skip
FULL = f"Rückruf von {FIRST} {MARKER} am Montag, {MAIL}; {'; '.join(SPELLINGS)}."
SENTENCE = f"{FULL} {MARKER}s Antrag liegt vor."
# What the program itself writes there: codes, marks and fingerprints.
FILLED = (Erase.MENTION, Erase.REMADE, Erase.BLANK, Erase.NAME, Erase.EMPTIED)
TALKS, EVENTS, FUNCTIONS = 40, 12, 3


def mark_everything(app):
    """Fill all tables, put the person everywhere; give the person's number and the commit's counts."""
    fill(app)
    with app.app_context():
        person = _person()
        _rows_of_their_own()
        for entry in registry.ENTRIES.values():
            _mark_table(entry, person.id)
        audit.record("body.changed", factories.place("Lahntal"), None, note=(None, SENTENCE))
        _let_erase()
        _mark_files(app)
        db.session.commit()
        return person.id


def _let_erase():
    """Take away what holds every erasure up: lists being taken over, uploads, files nobody has read."""
    db.session.execute(update(ImportJob).values(state=JobState.DONE))
    db.session.execute(delete(WaitingFile))
    unread = select(Document.id).where(Document.id.not_in(select(DocumentText.document_id)))
    db.session.add_all([DocumentText(document_id=one, plain="") for one in db.session.scalars(unread)])


def _person():
    """Somebody with forty talks, twelve events, three functions, and a mail sent."""
    person = factories.person(MARKER, FIRST, email=MAIL, phone=PHONE)
    person.email, person.note = MAIL, SENTENCE
    for place in ("Cölbe", "Kirchhain"):
        held = {"organisation_id": factories.place(place).id, "role": FunctionRole.STAFF, "title": "Amt"}
        db.session.add(Function(person_id=person.id, **held))
    for number in range(TALKS):
        talk = factories.talk("Lahntal", days_ago=number, note=f"{SENTENCE} {token(person.id)}")
        talk.participations[0].people.append(ParticipationPerson(person_id=person.id, function_called="Amt"))
    for number in range(EVENTS):
        event = factories.event(f"Tagung {number}", in_days=-9)
        factories.registration(event, MARKER, FIRST, person_id=person.id, email=MAIL, address_key=MAIL)
        factories.invitation(event, person)
    sent = post(MailKind.NOTICE, MAIL, f"{FIRST} {MARKER}", SENTENCE)
    sent.state, sent.person_id = MailState.SENT, person.id
    post(MailKind.NOTICE, MAIL, "wartet", SENTENCE)
    db.session.flush()
    return person


def _rows_of_their_own():
    """Rows of tables that stay empty otherwise."""
    anna = factories.member("anna").id
    drafts.keep(anna, "/beratungen/neu", [["note", SENTENCE], ["draft", "x" * 43]])
    talk = factories.talk("Lahntal")
    event = db.session.scalars(select(Event.id).order_by(Event.id.desc())).first()
    mail = db.session.scalars(select(OutgoingMail.id)).first()
    file = MailFile(digest="x", media_type="text/plain", content=b"x")
    db.session.add(file)
    db.session.flush()
    db.session.add_all(
        [
            Correction(year=2026, number=1, consultation_id=talk.id, reason="x", by_id=anna),
            Quarter(year=2020, number=1),
            Feedback(event_id=event, given_on=today(), rating=3),
            EventHost(event_id=event, name="x", position=0),
            ProgrammeItem(event_id=event, title="x", position=9),
            ImportAnswer(kind="talks", mark="x", answer="x"),
            ImportMapping(kind="talks", header="x", meanings={}),
            Submission(key="x", user_id=anna, content="x", target="x"),
            Output(user_id=anna, paper=Paper.CARDS, ending="vcf", number=1),
            MailAttachment(mail_id=mail, file_id=file.id, name="x"),
            MinutesTemplate(
                kind=ConsultationKind.COUNCIL, occasion="x", situation="x", results="x", next_meeting="x"
            ),
        ]
    )
    db.session.flush()


def _mark_table(entry, person_id):
    """Write the marker into every text and JSON column of the last row of a table."""
    table = registry.table_of(entry.table)
    keys = list(table.primary_key)
    row = db.session.execute(select(*keys).order_by(*(key.desc() for key in keys)).limit(1)).first()
    if row is None or entry.table in ("people", "audit_events"):
        return
    where = [key == value for key, value in zip(keys, row, strict=True)]
    if entry.link and entry.table != "privacy_cases":
        # What stands in rows about others is theirs.
        db.session.execute(update(table).where(*where).values(**{entry.link: person_id}))
    for one in entry.columns:
        name = one.name
        if one.erase not in FILLED or (words := _words(table.c[name], one.prose)) is None:
            continue
        # Some columns must stay empty while another one is.
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.execute(update(table).where(*where).values(**{name: words}))


def _words(column, prose):
    words = SENTENCE if prose else FULL
    if column.name == "messages":
        return [["ok", words]]
    if column.name == "sealed":
        return {"note": SENTENCE}
    if isinstance(column.type, JSON):
        return {"vor": FIRST, "nach": MARKER, "texte": [words, {"noch": f"tief {FIRST} {MARKER}"}]}
    if not isinstance(column.type, String) or not hasattr(column.type, "length"):
        return None
    if column.type.length and column.type.length < len(words):
        name = f"{FIRST} {MARKER}"
        return name if column.type.length >= len(name) else None
    return words


def _mark_files(app):
    folder = Path(app.config["MAIL_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    for number in db.session.scalars(select(OutgoingMail.message_id).where(OutgoingMail.recipient == MAIL)):
        file_of(folder, number).write_text(SENTENCE)


def marked_columns():
    """Name the columns that hold the marker now."""
    return {where.rpartition("#")[0] for where in traces()}


def traces():
    """Say where the marker stands, in any spelling: all columns of all tables, the index's own tables too."""
    found = []
    for table in db.metadata.sorted_tables:
        columns = [one for one in table.columns if isinstance(one.type, String | JSON | LargeBinary)]
        for row in db.session.execute(select(*columns)) if columns else ():
            found += [
                f"{table.name}.{column.name}#{value!r:.60}"
                for column, value in zip(columns, row, strict=True)
                if names_marker(value)
            ]
    return found + _index_traces()


def names_marker(value):
    """Tell whether a value of a row names the person."""
    text_of = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
    if isinstance(text_of, bytes):
        return MARKER.encode() in text_of
    whole = text_of.lower() if type(text_of) is str else ""
    forms = (MARKER.lower(), fold(MARKER), fold(MARKER).replace(" ", ""), MAIL, PHONE)
    return any(one in whole for one in forms)


def _index_traces():
    """The full-text index of SQLite has tables of its own."""
    if db.engine.dialect.name != "sqlite":
        return []
    asked = "SELECT count(*) FROM search_fts WHERE search_fts MATCH '\"petersen 58213\"'"
    return ["search_fts.#"] * bool(db.session.scalar(text(asked)))


def in_files(*places):
    """Name the files below some folders that hold the marker."""
    files = [one for place in places for one in (place.rglob("*") if place.is_dir() else [place])]
    words = (MARKER.encode().lower(), MAIL.encode(), fold(MARKER).encode())
    return [
        str(one) for one in files if one.is_file() and any(word in one.read_bytes().lower() for word in words)
    ]
