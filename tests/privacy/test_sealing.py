"""What lies sealed grows old as well, leaves the index, and comes back only where that does no harm."""

from datetime import timedelta

from sqlalchemy import select

from crm import records
from crm.db import db, now
from crm.events.models import ProgrammeItem
from crm.invitations.models import Invitation
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mail.services import post
from crm.privacy import archive, queries, services
from crm.privacy.models import SealedValue
from crm.registrations.models import Registration
from crm.retention.models import RetentionSetting
from crm.search.models import EntryKind, SearchEntry, SearchText
from tests import factories
from tests.privacy import cases
from tests.retention.running import forget

MAIL = "vera@lahntal.test"
FORGOTTEN = ("Rampe", "kommt später", "Ihr Anliegen", "alt@lahntal.test")


def somebody():
    """Somebody with a need of three weeks ago, a guest's place of long ago, an old answer and an old mail."""
    person = factories.person("Wiedehopf", "Vera")
    person.email = MAIL
    recent, old = factories.event("Forum", in_days=-20), factories.event("Tagung", in_days=-300)
    guest = {"person_id": person.id, "email": MAIL, "address_key": MAIL}
    factories.registration(recent, "Wiedehopf", "Vera", **guest, needs="Rampe")
    factories.registration(old, "Wiedehopf", "Vera", person_id=person.id, email="alt@lahntal.test")
    factories.invitation(old, person, remark="kommt später")
    mail = post(MailKind.NOTICE, MAIL, "Betreff", "Ihr Anliegen")
    mail.person_id, mail.state, mail.created_at = person.id, MailState.SENT, now() - timedelta(days=100)
    db.session.commit()
    return person


def sealed():
    """All that lies sealed, as the archive gets it, and with what it does not get."""
    whole = db.session.scalars(select(SealedValue.sealed)).all()
    return str(whole) + str(list(archive.lines_of(db.session.scalars(queries.open_cases()))))


def stored():
    """What stands in the rows themselves."""
    guests = [(one.last_name, one.email, one.needs) for one in db.session.scalars(select(Registration))]
    answers = list(db.session.scalars(select(Invitation.remark)))
    return str([guests, answers, list(db.session.scalars(select(OutgoingMail.body)))])


def test_what_a_period_ends_for_goes_from_the_sealed_values_and_does_not_come_back(context):
    case = cases.restricted(somebody())
    assert all(words in sealed() for words in FORGOTTEN)
    assert forget("needs", "guests", "answers", "mails") >= 4
    assert not any(words in sealed() for words in FORGOTTEN)
    assert MAIL in sealed()
    services.lift(case, factories.member("mara"))
    db.session.commit()
    assert not any(words in stored() for words in FORGOTTEN)
    assert ("Wiedehopf" in stored(), MAIL in stored()) == (True, True)


def test_lifting_brings_nothing_back_that_no_run_has_met_yet(context):
    case = cases.restricted(somebody())
    services.lift(case, factories.member("mara"))
    db.session.commit()
    assert not any(words in stored() for words in FORGOTTEN)
    assert MAIL in stored()


def test_where_the_rule_is_stopped_it_is_put_back(context):
    case = cases.restricted(somebody())
    for key in ("needs", "guests", "answers", "mails"):
        db.session.add(RetentionSetting(key=key, stopped_at=now(), reason="Prüfung"))
    db.session.commit()
    forget()
    services.lift(case, factories.member("mara"))
    db.session.commit()
    assert all(words in stored() for words in FORGOTTEN)


def index_of_events():
    """The words by which events are found."""
    query = select(SearchText.plain).join(SearchEntry, SearchEntry.id == SearchText.entry_id)
    return " ".join(db.session.scalars(query.where(SearchEntry.kind == EntryKind.EVENT)))


def test_the_index_forgets_a_restricted_speaker_and_knows_one_who_is_back(context):
    person, event = factories.person("Wiedehopf", "Vera"), factories.event()
    item = {"position": 1, "title": "Grußwort", "speaker": "Vera Wiedehopf", "person_id": person.id}
    db.session.add(ProgrammeItem(event_id=event.id, **item))
    db.session.commit()
    assert "Wiedehopf" in index_of_events()
    case = cases.restricted(person)
    db.session.commit()
    assert "Wiedehopf" not in index_of_events()
    services.lift(case, factories.member("mara"))
    db.session.commit()
    assert "Wiedehopf" in index_of_events()


def test_lifting_leaves_the_address_to_who_registered_again(context):
    person, event = factories.person("Wiedehopf", "Vera"), factories.event()
    guest = {"email": MAIL, "address_key": MAIL}
    first = factories.registration(event, "Wiedehopf", "Vera", person_id=person.id, **guest).id
    case = cases.restricted(person)
    second = factories.registration(event, "Wiedehopf", "Vera", **guest).id
    services.lift(case, factories.member("mara"))
    db.session.commit()
    old, new = db.session.get(Registration, first), db.session.get(Registration, second)
    assert (old.last_name, old.email, old.address_key) == ("Wiedehopf", MAIL, None)
    assert new.address_key == MAIL


def test_who_lay_in_the_trash_before_lies_there_again(context):
    person, by = factories.person("Wiedehopf", "Vera"), factories.member("mara")
    records.remove([person], by, "person.removed")
    db.session.commit()
    case = cases.restricted(queries.person(person.id))
    services.lift(case, by)
    db.session.commit()
    found = queries.person(person.id)
    assert (found.last_name, found.removed_at is not None) == ("Wiedehopf", True)


def test_the_page_says_that_somebody_is_back_in_the_trash(app, mara):
    with app.app_context():
        person = factories.person("Wiedehopf", "Vera")
        records.remove([person], factories.member("mara"), "person.removed")
        case = cases.restricted(person).id
        db.session.commit()
    page = mara.submit(f"/personendaten/faelle/{case}/aufheben")
    assert page.location == f"/personendaten/faelle/{case}"
    assert "liegt wie vorher unter „Entfernt“" in mara.get(page.location).text
