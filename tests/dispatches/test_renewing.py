"""The new version goes to all who hold the old one, once, to nobody who does not want it."""

import pytest
from sqlalchemy import func, select

from crm.contacts.models import MailBasis, Person
from crm.db import db, today
from crm.dispatches import addressing, queries, renewing, services
from crm.dispatches.models import Dispatch, DispatchRecipient
from crm.errors import RuleBroken
from crm.mail.models import MailKind, MailState, OutgoingMail
from crm.mailings.services import object_to_mailings
from crm.materials import queries as materials
from tests import factories
from tests.crowds import at_once
from tests.materials.made import hand_out, material, next_version, person


@pytest.fixture
def revised(app):
    """The number of a new version whose old one four people and two places hold, for several reasons."""
    with app.app_context():
        made = material()
        people = [
            person("Henkel", "Petra", email="p.henkel@lahntal.test"),
            person("Nein", "Nina", {"mail_basis": MailBasis.OBJECTED}, email="n@lahntal.test"),
            person("Still", "Stefan", {"restricted_on": today()}, email="s@lahntal.test"),
            person("Ohne", "Olaf"),
        ]
        factories.place("Cölbe").email = "post@coelbe.test"
        hand_out(made.newest, *people, places=["Cölbe", "Wetter (Hessen)"])
        has_it = factories.person("Hat", "Hanna", email="h@lahntal.test")
        hand_out(made.newest, has_it)
        new = next_version(made)
        hand_out(new, has_it)
        db.session.commit()
        return new.id


def written(app):
    """To whom the new version was written."""
    with app.app_context():
        query = select(OutgoingMail.recipient).where(OutgoingMail.kind == MailKind.NEW_VERSION)
        return sorted(db.session.scalars(query))


def question(number):
    """Address of the question."""
    return f"/ausgaben/neue-fassung/{number}"


def test_the_question_says_who_gets_it_and_who_does_not_and_why(app, anna, rita, revised):
    with app.app_context():
        number = materials.version(revised).material_id
    assert "6 Stellen oder Personen haben nur eine ältere Fassung." in anna.get(f"/materialien/{number}").main
    page = anna.get(question(revised))
    assert "Neue Fassung an 2 Stellen oder Personen senden?" in page.main
    who = page.soup.select_one("[aria-labelledby=who]").get_text(" ", strip=True)
    assert "p.henkel@lahntal.test" in who
    assert "post@coelbe.test" in who
    left = page.soup.select_one("[aria-labelledby=left-out]").get_text(" ", strip=True)
    for name in ("Nina Nein", "Stefan Still", "Olaf Ohne", "Wetter (Hessen)", "Hanna Hat"):
        assert name in left
    by_hand = page.soup.select_one(f"main a[href$='fassung={revised}']")
    assert by_hand.get_text(strip=True) == "Auf anderem Weg ausgeben"
    assert rita.get(question(revised)).status == 403
    assert written(app) == []


def test_one_click_sends_it_once(app, anna, mara, revised):
    fields = anna.get(question(revised)).fields()
    late = mara.get(question(revised)).fields()
    first, second = anna.post(question(revised), fields), anna.post(question(revised), fields)
    assert first.location == second.location
    page = mara.post(question(revised), late)
    assert page.status == 422
    assert "Es bleibt niemand, der die neue Fassung bekommt." in " ".join(page.errors())
    assert "Niemand bekommt die neue Fassung" in page.main
    assert written(app) == ["p.henkel@lahntal.test", "post@coelbe.test"]
    with app.app_context():
        mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.person_id.is_not(None))).one()
        assert "Neue Fassung: Leitfaden Bauhof" in mail.subject
        assert "/keine-post/" in mail.body
        assert mail.unsubscribe_url


def test_a_shared_address_gets_it_once_however_often_it_is_sent(app, anna):
    with app.app_context():
        made = material()
        factories.place("Cölbe").email = "post@coelbe.test"
        udo = person("Kern", "Udo", email="Post@Coelbe.test")
        hand_out(made.newest, places=["Cölbe"])
        hand_out(made.newest, udo)
        new = next_version(made)
        db.session.commit()
        number, material_id = new.id, made.id
    left = anna.get(question(number)).soup.select_one("[aria-labelledby=left-out]").get_text(" ", strip=True)
    assert "Cölbe" in left
    assert anna.submit(question(number)).status == 303
    assert [one.casefold() for one in written(app)] == ["post@coelbe.test"]
    assert "nur eine ältere Fassung" not in anna.get(f"/materialien/{material_id}").main
    assert anna.submit(question(number)).status == 422
    assert len(written(app)) == 1


def test_who_holds_what_follows(app, anna, rita, revised):
    anna.submit(question(revised))
    with app.app_context():
        number = materials.version(revised).material_id
    rows = {
        row.th.get_text(strip=True): row.get_text(" ", strip=True)
        for row in rita.get(f"/ausgaben/material/{number}").soup.select("tbody tr")
    }
    assert "2. Auflage" in next(text for name, text in rows.items() if name.startswith("Petra Henkel"))
    assert "veraltet" in next(text for name, text in rows.items() if name.startswith("Nina Nein"))


def test_who_objects_before_the_sending_gets_nothing(app, anna, revised):
    fields = anna.get(question(revised)).fields()
    with app.app_context():
        object_to_mailings(db.session.scalars(select(Person).where(Person.last_name == "Henkel")).one())
        db.session.commit()
    page = anna.post(question(revised), fields, follow=True)
    assert written(app) == ["post@coelbe.test"]
    assert "Bei der Rückfrage waren es 2" in page.text


def test_who_objects_while_the_mail_waits_gets_it_not(app, anna, revised):
    anna.submit(question(revised))
    with app.app_context():
        object_to_mailings(db.session.scalars(select(Person).where(Person.last_name == "Henkel")).one())
        db.session.commit()
        query = select(OutgoingMail.state).where(OutgoingMail.recipient == "p.henkel@lahntal.test")
        assert db.session.scalars(query).all() == [MailState.DROPPED]


def test_whose_mail_was_not_taken_does_not_hold_it_and_can_be_sent_it_anew_once(app, anna, revised):
    anna.submit(question(revised))
    with app.app_context():
        query = select(OutgoingMail).where(OutgoingMail.recipient == "p.henkel@lahntal.test")
        db.session.scalars(query).one().state = MailState.REFUSED
        db.session.commit()
    assert "an 1 Stelle oder Person senden?" in anna.get(question(revised)).main
    assert anna.submit(question(revised)).status == 303
    assert written(app) == ["p.henkel@lahntal.test"] * 2 + ["post@coelbe.test"]
    with app.app_context():
        states = list(
            db.session.scalars(query.with_only_columns(OutgoingMail.state).order_by(OutgoingMail.id))
        )
        assert states == [MailState.DROPPED, MailState.WAITING]


def test_of_many_holders_those_with_the_newest_are_cut_off_and_nobody_seems_to_hold_less(
    app, context, monkeypatch
):
    made = material()
    for name in ("Lahntal", "Cölbe", "Wetter (Hessen)"):
        hand_out(made.newest, places=[name])
    hand_out(next_version(made), places=["Lahntal", "Cölbe"])
    monkeypatch.setattr(queries, "MOST_HOLDERS", 3)
    found = queries.holders(factories.member("anna"), made.id)
    assert sorted(one.material_version.number for one in found) == [1, 2, 2]


def test_a_version_that_is_old_by_now_is_not_sent(app, anna, revised):
    fields = anna.get(question(revised)).fields()
    with app.app_context():
        next_version(materials.version(revised).material, label="3. Auflage")
        db.session.commit()
    page = anna.post(question(revised), fields)
    assert "Inzwischen gibt es eine neuere Fassung." in " ".join(page.errors())
    assert written(app) == []


def sender(number, by):
    """Send the new version."""

    def send():
        return renewing.send(materials.version(number), factories.member(by)).mails

    return send


def test_of_two_colleagues_at_once_one_sends(app, revised):
    said = at_once(app, sender(revised, "anna"), sender(revised, "mara"))
    assert sorted(map(str, said)) == sorted(["2", str(RuleBroken)])
    assert written(app) == ["p.henkel@lahntal.test", "post@coelbe.test"]


def see_double(app, revised, monkeypatch):
    """Let the second look as if the first had not been there: only the unique key stands between."""
    with app.app_context():
        seen = addressing.of_older(factories.member("anna"), materials.version(revised).material)
        monkeypatch.setattr(addressing, "of_older", lambda _user, _material: seen)
        sender(revised, "anna")()
        db.session.commit()
        try:
            sender(revised, "mara")()
            db.session.commit()
        except RuleBroken:
            db.session.rollback()
    assert len(written(app)) == 2


def test_even_who_does_not_see_the_first_sends_nobody_a_second(app, revised, monkeypatch):
    see_double(app, revised, monkeypatch)


def test_without_the_key_there_would_be_two(app, revised, monkeypatch):
    monkeypatch.setattr(renewing, "once_key", lambda _version, _who: None)
    with pytest.raises(AssertionError):
        see_double(app, revised, monkeypatch)


def test_a_kill_in_between_leaves_nothing_half_and_the_next_click_sends_all(app, anna, revised, monkeypatch):
    class Killed(BaseException):
        """The process ends here."""

    def die(*_args):
        raise Killed

    monkeypatch.setattr(services, "post_all", die)
    with pytest.raises(Killed), app.app_context():
        sender(revised, "anna")()
    monkeypatch.undo()
    with app.app_context():
        db.session.rollback()
        renewed = select(func.count(Dispatch.id)).where(Dispatch.renews)
        assert db.session.scalar(renewed) == 0
    assert anna.submit(question(revised)).status == 303
    assert len(written(app)) == 2


def test_merged_people_hold_what_both_held(app, anna, revised):
    with app.app_context():
        petra = db.session.scalars(select(Person).where(Person.last_name == "Henkel")).one()
        double = factories.person("Henkel", "Petra", email="p.henkel@lahntal.test")
        hand_out(materials.version(revised), double)
        db.session.flush()
        factories.merge(petra, double)
        db.session.commit()
        kept = select(DispatchRecipient.person_id).where(DispatchRecipient.person_id == double.id)
        assert not db.session.scalars(kept).all()
        held = queries.holders(factories.member("anna"), materials.version(revised).material_id)
        assert next(one.material_version.number for one in held if one.person_id == petra.id) == 2
