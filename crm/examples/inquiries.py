"""The yearly question: a link to a filled-in page, answered without signing in, and what comes of it."""

from datetime import timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import exists, select, update
from sqlalchemy.orm import joinedload

from crm import audit, links, records
from crm.contacts.finding import functions_over_time
from crm.contacts.models import Person
from crm.cooperations.models import Cooperation
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.examples.models import HOLDS, Answer, ExampleInquiry, PracticeExample
from crm.examples.queries import agreed, has_agreed, passed_on
from crm.i18n import day
from crm.mail import services as mail
from crm.mail.models import MailKind
from crm.office.queries import office
from crm.tokens import hash_of, new_token

LIFETIME = timedelta(days=30)
# Who presses twice asks once.
JUST_NOW = timedelta(minutes=5)
MOST = 20


def ask(example: PracticeExample, by: Any) -> ExampleInquiry:
    """Send the contact of an example the link; links sent before die. Gives the question.

    Raises RuleBroken where nobody can be asked, has not agreed to be a contact, or was asked just now.
    """
    person, address = _whom(example)
    end_links(example)
    secret = new_token()
    made = ExampleInquiry(
        example_id=example.id, person_id=person.id, address=address,
        token_hash=hash_of(secret), expires_at=now() + LIFETIME,
    )  # fmt: skip
    db.session.add(made)
    audit.record("example.asked", example, by)
    _write(example, made, secret)
    return made


def _whom(example: PracticeExample) -> tuple[Person, str]:
    """Who is asked, and where; two presses come here one after the other."""
    db.session.execute(select(PracticeExample.id).where(PracticeExample.id == example.id).with_for_update())
    person, address = example.person, address_of(example.person) if example.person else None
    if example.is_withdrawn or person is None or not address:
        raise RuleBroken(
            _("There is nobody to ask: the example has no contact with an official mail address.")
        )
    if not has_agreed(person.id):
        raise RuleBroken(_("The contact has not agreed to be named. Choose another one, or none, first."))
    if _asked_just_now(example, address):
        raise RuleBroken(_("The contact was asked a moment ago; the mail is on its way."))
    return person, address


def address_of(person: Person) -> str | None:
    """The official address of somebody; a private one is not asked for what an office has released."""
    held = [one.email for one in functions_over_time(person) if one.is_current and one.email]
    return held[0] if held else None


def _asked_just_now(example: PracticeExample, address: str) -> bool:
    query = _open_of(example).where(
        ExampleInquiry.address == address, ExampleInquiry.created_at > now() - JUST_NOW
    )
    return db.session.scalar(query.limit(1)) is not None


def _open_of(example: PracticeExample) -> Any:
    return select(ExampleInquiry.token_hash).where(
        ExampleInquiry.example_id == example.id, ExampleInquiry.answered_at.is_(None),
        ExampleInquiry.expires_at > now(),
    )  # fmt: skip


def end_links(example: PracticeExample) -> None:
    """Let all open links of an example end now; mails with them that still wait are not sent."""
    marks = list(db.session.scalars(_open_of(example)))
    open_ones = ExampleInquiry.token_hash.in_(marks), ExampleInquiry.answered_at.is_(None)
    dead = update(ExampleInquiry).where(*open_ones)
    db.session.execute(dead.values(expires_at=now()).execution_options(synchronize_session="fetch"))
    for mark in marks:
        mail.drop(_("the link is no longer valid"), once_key=_key(mark))


def _key(token_hash: str) -> str:
    """What a mail is known by; SQLite gives the number of a question that has gone to a new one."""
    return f"example-{token_hash}"


def _write(example: PracticeExample, inquiry: ExampleInquiry, secret: str) -> None:
    with force_locale("de"):
        lines = [
            _("Good day %(name)s,", name=inquiry.person.name),
            _(
                "you are named as the contact of the practice example “%(title)s”. Once a year we ask "
                "whether it still holds. It takes two minutes; all is filled in:",
                title=example.title,
            ),
            links.to("practice.confirm", secret=secret),
            _("The link holds until %(day)s and for one answer.", day=day(inquiry.expires_at)),
            office().name or "KIKZ",
        ]
        subject = _("Does it still hold? %(title)s", title=example.title)[:300]
    mail.post(
        MailKind.NOTICE, inquiry.address, subject, "\n\n".join(lines), person_id=inquiry.person_id,
        recipient_name=inquiry.person.name[:300], once_key=_key(inquiry.token_hash),
    )  # fmt: skip


def by_secret(secret: str) -> ExampleInquiry | None:
    """Find the open question behind a link; used, old, replaced and invented ones are all none."""
    if not 20 <= len(secret) <= 100:
        return None
    query = (
        select(ExampleInquiry)
        .join(ExampleInquiry.example)
        .join(ExampleInquiry.person)
        .join(PracticeExample.cooperation)
        .where(
            ExampleInquiry.token_hash == hash_of(secret), ExampleInquiry.answered_at.is_(None),
            ExampleInquiry.expires_at > now(), PracticeExample.withdrawn_at.is_(None),
            Cooperation.removed_at.is_(None), ExampleInquiry.person_id == PracticeExample.person_id, agreed(),
        )
        .options(
            joinedload(ExampleInquiry.example).selectinload(PracticeExample.places),
            joinedload(ExampleInquiry.example).options(passed_on()),
            joinedload(ExampleInquiry.person).selectinload(Person.functions),
        )
    )  # fmt: skip
    return db.session.scalar(query)


def answer(inquiry: ExampleInquiry, values: dict[str, Any]) -> bool:
    """Take an answer, once; tell whether it was the first.

    What holds is confirmed, what is over is taken back at once, corrections wait for the office.
    """
    said = values["answer"]
    taken = update(ExampleInquiry).where(
        ExampleInquiry.id == inquiry.id, ExampleInquiry.answered_at.is_(None)
    )
    done: Any = db.session.execute(
        taken.values(answered_at=now(), answer=said).execution_options(synchronize_session=False)
    )
    if not done.rowcount:
        return False
    db.session.refresh(inquiry)
    example = inquiry.example
    inquiry.remark = values["remark"]
    if said is Answer.CHANGED:
        for name in ("summary", "saving_euros", "saving_note"):
            setattr(inquiry, name, values[name])
        audit.record("example.corrected", example, None)
    elif said is Answer.HOLDS:
        inquiry.settled_at = None if inquiry.remark else now()
        records.change(example, {"confirmed_on": today()}, None, "example.confirmed")
    else:
        records.change(example, {"withdrawn_at": now()}, None, "example.withdrawn")
    db.session.flush()
    return True


def one(example_id: int, inquiry_id: int) -> ExampleInquiry | None:
    """Load a question of an example."""
    query = select(ExampleInquiry).where(
        ExampleInquiry.id == inquiry_id, ExampleInquiry.example_id == example_id
    )
    return db.session.scalar(query.options(joinedload(ExampleInquiry.person)))


def of_example(example_id: int) -> list[ExampleInquiry]:
    """The questions about an example, the newest first."""
    query = select(ExampleInquiry).where(ExampleInquiry.example_id == example_id)
    query = query.options(joinedload(ExampleInquiry.person)).order_by(ExampleInquiry.id.desc())
    return list(db.session.scalars(query.limit(MOST)))


def settle(inquiry: ExampleInquiry, takes: bool, by: Any) -> None:
    """Take the corrections of an answer over, or note that somebody has looked at it."""
    if not inquiry.waits_for_office:
        raise RuleBroken(_("Somebody has dealt with this answer already."))
    inquiry.settled_at = now()
    example = inquiry.example
    if takes and inquiry.answer is Answer.CHANGED:
        values = {
            "summary": inquiry.summary, "saving_euros": inquiry.saving_euros,
            "saving_note": inquiry.saving_note, "confirmed_on": today(),
        }  # fmt: skip
        records.change(example, values, by, "example.changed")
    else:
        audit.record("example.answer-noted", example, by)
    db.session.flush()


def due() -> list[int]:
    """Examples nobody has confirmed for a year whose contact can be asked and was not asked lately."""
    lately = exists().where(
        ExampleInquiry.example_id == PracticeExample.id, ExampleInquiry.created_at > now() - 2 * LIFETIME
    )
    query = (
        select(PracticeExample.id)
        .join(PracticeExample.cooperation)
        .where(
            PracticeExample.withdrawn_at.is_(None), PracticeExample.confirmed_on < today() - HOLDS,
            Cooperation.removed_at.is_(None), agreed(), ~lately,
        )
    )  # fmt: skip
    return list(db.session.scalars(query.order_by(PracticeExample.id)))


def whole(example_id: int) -> PracticeExample | None:
    """Load an example with whom to ask."""
    query = select(PracticeExample).where(PracticeExample.id == example_id)
    person = joinedload(PracticeExample.person).selectinload(Person.functions)
    return db.session.scalar(query.options(person))
