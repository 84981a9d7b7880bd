"""The list of doubles, what is decided about pairs, and what is known while somebody types."""

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.contacts.models import Person
from crm.db import db
from crm.duplicates.models import DistinctPair
from tests import factories

LIST = "/doppelte"


@pytest.fixture
def twins(app):
    """Numbers of Petra Henkel, Cölbe, entered twice."""
    with app.app_context():
        found = [factories.person(at="Cölbe", email="p.henkel@coelbe.de").id for _ in range(2)]
        db.session.commit()
    return found


def apart(low, high):
    """Address that says of two that they are two."""
    return f"/doppelte/kontakte/{low}/{high}/verschieden"


def decisions(app):
    """What was said of pairs."""
    with app.app_context():
        return [
            (one.low_person_id, one.high_person_id, one.reason)
            for one in db.session.scalars(select(DistinctPair))
        ]


def events(app, name):
    """How often something was noted."""
    with app.app_context():
        return db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.name == name))


def test_the_list_shows_pairs_with_reasons_the_surest_first(app, anna, twins):
    with app.app_context():
        factories.person("Hinkel", at="Cölbe")
        factories.person(at="Lahntal")
        db.session.commit()
    page = anna.get(LIST)
    assert "Petra Henkel" in page.main
    assert "gleiche E-Mail-Adresse, gleicher Name, beide in Cölbe" in page.main
    (current,) = page.soup.select(".tabs [aria-current]")
    assert current.get_text(" ", strip=True) == "sicher 1"
    assert "wahrscheinlich 2" in page.main
    assert "möglich 2" in page.main
    assert "Namen bis auf einen Buchstaben" in anna.get(LIST + "?stufe=wahrscheinlich").main


def test_nobody_twice_is_said_in_words(anna):
    assert "Hier ist kein Paar" in anna.get(LIST).main
    for tab in ("wahrscheinlich", "moeglich", "entschieden", "zusammengefuehrt", "unfug"):
        assert anna.get(f"{LIST}?stufe={tab}").status == 200


def test_a_removed_person_is_no_double(app, anna, twins):
    assert anna.post(f"/kontakte/{twins[1]}/entfernen").status == 303
    assert "Hier ist kein Paar" in anna.get(LIST).main


def test_different_people_are_remembered_and_not_proposed_again(app, anna, twins):
    page = anna.post(apart(*twins), reason="Mutter und Tochter", follow=True)
    assert "Petra Henkel und Petra Henkel bleiben getrennt." in page.text
    assert decisions(app) == [(*twins, "Mutter und Tochter")]
    assert events(app, "person.told-apart") == 2
    assert "Hier ist kein Paar" in page.main
    listed = anna.get(LIST + "?stufe=entschieden")
    assert "Mutter und Tochter" in listed.main
    assert "Anna Adler" in listed.main


def test_saying_it_twice_changes_nothing(app, anna, bert, twins):
    for client in (anna, anna, bert):
        assert client.post(apart(*twins)).status == 303
    assert len(decisions(app)) == 1


def test_proposing_again_asks_first_and_shows_the_reason(app, anna, twins):
    anna.post(apart(*twins), reason="Mutter und Tochter")
    listed = anna.get(LIST + "?stufe=entschieden")
    assert not listed.soup.select("form[action*=aufheben]")
    page = anna.get(listed.soup.select_one("a[href$=aufheben]")["href"])
    assert "Grund: Mutter und Tochter" in page.main
    assert decisions(app) == [(*twins, "Mutter und Tochter")]
    assert anna.submit("/doppelte/entschieden/1/aufheben").status == 303
    assert decisions(app) == []


def test_a_decision_can_be_taken_back(app, anna, twins):
    anna.post(apart(*twins))
    with app.app_context():
        number = db.session.scalar(select(DistinctPair.id))
    page = anna.post(f"/doppelte/entschieden/{number}/aufheben", follow=True)
    assert "wieder vorgeschlagen" in page.text
    assert events(app, "person.doubted") == 2
    assert decisions(app) == []
    assert "Petra Henkel" in anna.get(LIST).main
    assert anna.post(f"/doppelte/entschieden/{number}/aufheben").status == 404


def test_a_reason_too_long_is_refused_and_nothing_is_decided(app, anna, twins):
    page = anna.post(apart(*twins), reason="x" * 301)
    assert page.status == 422
    assert "höchstens 300 Zeichen" in " ".join(page.errors())
    assert page.soup.select_one("input[name=reason]")["value"] == "x" * 301
    assert decisions(app) == []


def test_nobody_is_told_apart_from_oneself_or_from_nobody(app, anna, twins):
    for low, high in ((twins[0], twins[0]), (twins[1], twins[0]), (twins[0], 99999)):
        assert anna.post(apart(low, high)).status == 404
    assert decisions(app) == []


def test_readers_neither_see_doubles_nor_decide(app, rita, twins):
    assert rita.get(LIST).status == 403
    assert rita.post(apart(*twins)).status == 403
    assert decisions(app) == []


def test_choosing_offers_who_is_likely_and_leads_to_the_comparison(app, anna, twins):
    low, high = twins
    with app.app_context():
        other = factories.person("Sommer", "Sina").id
        db.session.commit()
    page = anna.get(f"/doppelte/kontakte/{high}/mit")
    assert page.soup.select_one(f"a[href='/doppelte/kontakte/{low}/{high}']")
    assert anna.get(f"/doppelte/kontakte/{high}/mit?person={other}").location.endswith(
        f"/doppelte/kontakte/{high}/{other}"
    )
    same = anna.get(f"/doppelte/kontakte/{high}/mit?person={high}")
    assert "nicht mit sich selbst" in same.main
    assert "nicht bekannt" in anna.get(f"/doppelte/kontakte/{high}/mit?person-text=Niemand").main
    assert f"/doppelte/kontakte/{high}/mit" in anna.get(f"/kontakte/{high}").html


KNOWN = [
    ("first_name=Petra&last_name=Henkel", True),
    ("first_name=petra&last_name=HENKEL", True),
    ("last_name=Ganz+Anders&email=P.Henkel@Coelbe.de", True),
    ("first_name=Petra&last_name=Hinkel", False),
    ("first_name=Petra&last_name=Hinkel&organisation={place}", True),
    ("last_name=Neu", False),
    ("", False),
    ("first_name=%25&last_name=%25&email=%25", False),
    ("organisation=x&person=y&last_name=Henkel", False),
]


@pytest.mark.parametrize(("asked", "is_known"), KNOWN)
def test_who_is_known_is_said_while_typing(app, anna, asked, is_known):
    with app.app_context():
        number = factories.person(at="Cölbe", title="Büroleitung", email="p.henkel@coelbe.de").id
        place = factories.place("Cölbe").id
        db.session.commit()
    page = anna.get("/doppelte/bekannt?" + asked.format(place=place))
    assert page.status == 200
    assert bool(page.soup.select_one(f"a[href='/kontakte/{number}']")) is is_known
    assert ("Petra Henkel , Büroleitung, Cölbe" in page.text) is is_known


def test_the_answer_while_typing_takes_few_statements(app, anna, twins):
    page = anna.get(
        "/doppelte/bekannt?first_name=Petra&last_name=Henkel&email=p.henkel@coelbe.de&phone=01711234567"
    )
    assert "Petra Henkel" in page.text
    assert len(page.statements) <= 6, page.statements


def test_editing_asks_only_about_what_the_change_brings(app, anna, twins):
    with app.app_context():
        other = factories.person("Sommer", "Sina", at="Cölbe").id
        db.session.commit()
    assert anna.submit(f"/kontakte/{twins[0]}/bearbeiten", note="Nur eine Bemerkung").status == 303
    url = f"/kontakte/{other}/bearbeiten"
    page = anna.submit(url, first_name="Petra", last_name="Henkel", note="Bleibt stehen")
    assert page.status == 200
    assert page.soup.select_one(f".notice-wait a[href='/kontakte/{twins[0]}']")
    assert page.fields()["note"] == ["Bleibt stehen"]
    assert anna.post(url, page.fields()).status == 303
    with app.app_context():
        assert db.session.get(Person, other).name == "Petra Henkel"


def test_who_is_edited_is_not_known_to_oneself_nor_who_was_told_apart(app, anna, twins):
    asked = f"/doppelte/bekannt?first_name=Petra&last_name=Henkel&person={twins[0]}"
    found = anna.get(asked)
    assert [a["href"] for a in found.soup.select("a")] == [f"/kontakte/{twins[1]}"]
    anna.post(apart(*twins))
    assert anna.get(asked).text == ""
