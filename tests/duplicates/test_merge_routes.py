"""The comparison of two people, the merge and the way back on screen."""

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.consultations.models import ParticipationPerson
from crm.consultations.services import Party
from crm.contacts.models import MailBasis, Person
from crm.db import db, now, today
from crm.duplicates.models import DistinctPair, Merge
from crm.follow_ups.models import FollowUp
from crm.invitations.models import Answer
from crm.operations.sweeping import end_sessions
from tests import factories


@pytest.fixture
def twins(app):
    """Numbers of Petra Henkel and Petra Hinkel, Cölbe, with a confidential talk of the second."""
    with app.app_context():
        one = factories.person(at="Cölbe", title="Büroleitung")
        other = factories.person("Hinkel", at="Cölbe", title="Hauptamt")
        one.email, other.email, other.note = "p@coelbe.de", "hinkel@web.de", "Ruft gern an."
        other.mail_basis = MailBasis.OBJECTED
        place = factories.place("Cölbe").id
        factories.talk(parties=[Party(place, people=[other.id])], confidential=True, note="Streng geheim")
        db.session.commit()
        return one.id, other.id


def page_of(low, high):
    """Address of a comparison."""
    return f"/doppelte/kontakte/{low}/{high}"


def merged(client, twins, **fields):
    """Merge as a browser does; give the page that follows."""
    return client.submit(page_of(*twins), follow=True, **fields)


def person(app, number):
    """A person as stored, in the trash or not."""
    with app.app_context():
        query = select(Person).where(Person.id == number).execution_options(include_removed=True)
        return db.session.scalar(query)


def merges(app):
    """Number of merges and of those undone."""
    with app.app_context():
        return (
            db.session.scalar(select(func.count(Merge.id))),
            db.session.scalar(select(func.count(Merge.undone_at))),
        )


def test_the_comparison_shows_both_and_what_comes_together(anna, twins):
    page = anna.get(page_of(*twins))
    assert "Namen bis auf einen Buchstaben oder im Klang gleich" in page.main
    for words in (
        "beide in Cölbe",
        "p@coelbe.de",
        "hinkel@web.de",
        "Ruft gern an.",
        "1 Beratung",
        "hat widersprochen",
    ):
        assert words in page.main, words
    assert "zur selben Zeit, bleibt" in page.main
    assert "Bei Serienbriefen gilt das Strengere: hat widersprochen." in page.main


def _confide(app, twins):
    """Hang a confidential follow-up on the second."""
    with app.app_context():
        factories.follow_up(person_id=twins[1], confidential=True)
        db.session.commit()


def test_who_may_not_know_of_a_talk_does_not_see_it_counted(app, emil, anna, twins):
    _confide(app, twins)
    seen, all_of_it = emil.get(page_of(*twins)), anna.get(page_of(*twins))
    for words in ("1 Beratung", "1 Wiedervorlage"):
        assert words not in seen.main
        assert words in all_of_it.main
    assert "Streng geheim" not in seen.html


def test_the_proposal_does_not_betray_what_may_not_be_known(emil, anna, twins):
    assert emil.get(page_of(*twins)).fields()["kept"] == [str(twins[0])]
    assert anna.get(page_of(*twins)).fields()["kept"] == [str(twins[1])]


def test_the_way_back_counts_only_what_may_be_known_and_takes_all_back(app, emil, anna, twins):
    low, high = twins
    _confide(app, twins)
    merged(emil, twins, kept=str(low))
    with app.app_context():
        factories.talk(parties=[Party(factories.place("Cölbe").id, people=[low])], confidential=True)
        db.session.commit()
    way = "/doppelte/zusammengefuehrt/1"
    assert "Kam später dazu" in anna.get(way).main
    shown = emil.get(way).main
    for words in ("Beratung", "Wiedervorlage", "Kam später dazu"):
        assert words not in shown, words
    assert emil.submit(way).status == 303
    with app.app_context():
        query = select(FollowUp.person_id)
        assert list(db.session.scalars(query)) == [high]
        people = select(ParticipationPerson.person_id).order_by(ParticipationPerson.id)
        assert list(db.session.scalars(people)) == [high, low]


def test_what_contradicts_unseen_is_said_without_a_number(app, emil, twins):
    merged(emil, twins, kept=str(twins[0]))
    with app.app_context():
        row = db.session.scalar(select(ParticipationPerson))
        row.person_id = factories.person("Weg", "Udo").id
        db.session.commit()
    shown = emil.get("/doppelte/zusammengefuehrt/1").main
    assert "Etwas, das Sie nicht sehen dürfen, spricht dagegen" in shown
    assert "Beratung" not in shown


def test_after_a_lost_session_the_choices_are_there_again(app, anna, twins):
    fields = anna.get(page_of(*twins)).fields()
    fields |= {"kept": str(twins[0]), "take-last_name": "other", "take-email": "one"}
    with app.app_context():
        end_sessions()
        db.session.commit()
    asked = anna.post(page_of(*twins), fields)
    signed = {"email": "anna@kikz.test", "password": factories.PASSWORD}
    back = anna.get(anna.post("/anmelden", asked.fields() | signed).location).fields()
    chosen = {name: back[name] for name in ("kept", "take-last_name", "take-email")}
    assert chosen == {"kept": [str(twins[0])], "take-last_name": ["other"], "take-email": ["one"]}


def test_two_answers_to_one_invitation_are_named(app, anna, twins):
    with app.app_context():
        people = [db.session.get(Person, number) for number in twins]
        said = (Answer.ACCEPTED, None), (Answer.DECLINED, "bitte im Mai")
        for answers, title in ((said, "Fachtagung Bauhof"), (said[:1] * 2, "Einig")):
            event = factories.event(title)
            for one, (answer, remark) in zip(people, answers, strict=True):
                factories.invitation(event, one, answer=answer, answered_at=now(), remark=remark)
        db.session.commit()
    shown = anna.get(page_of(*twins)).main
    assert "Zwei Antworten auf dieselbe Einladung" in shown
    day = f"{today():%d.%m.%Y}"
    assert f"Fachtagung Bauhof: zugesagt ({day}) / abgesagt ({day}; bitte im Mai)" in shown
    assert "Einig" not in shown


def test_merging_takes_what_was_chosen_and_leads_to_the_merge(app, anna, twins):
    low, high = twins
    page = merged(anna, twins, kept=str(low), take__last_name="other", take__email="one")
    assert "Zusammengeführt. War das falsch" in page.text
    assert "1 Beratung" in page.main
    stays = person(app, low)
    assert (stays.last_name, stays.email, stays.note) == ("Hinkel", "p@coelbe.de", "Ruft gern an.")
    assert stays.mail_basis is MailBasis.OBJECTED
    assert person(app, high).removed_at is not None
    with app.app_context():
        noted = select(func.count(AuditEvent.id)).where(AuditEvent.name == "person.merged")
        assert db.session.scalar(noted) == 2


def test_the_fuller_record_is_proposed_to_stay(app, anna, twins):
    merged(anna, twins)
    assert person(app, twins[0]).removed_at is not None
    assert person(app, twins[1]).removed_at is None


@pytest.mark.parametrize(
    "path", ["", "/bearbeiten", "/entfernen", "/funktionen/neu", "/wiederherstellen", "/mit"]
)
def test_who_went_answers_with_the_way_to_who_stayed(anna, twins, path):
    low, high = twins
    merged(anna, twins, kept=str(low))
    address = f"/doppelte/kontakte/{high}/mit" if path == "/mit" else f"/kontakte/{high}{path}"
    page = anna.get(address)
    assert page.status == 410
    assert page.soup.select_one(f"main a[href='/kontakte/{low}']")


def test_a_form_sent_for_who_went_is_refused_with_the_way(app, anna, bert, twins):
    low, high = twins
    fields = bert.get(f"/kontakte/{high}/bearbeiten").fields()
    merged(anna, twins, kept=str(low))
    page = bert.post(f"/kontakte/{high}/bearbeiten", fields | {"note": "Zu spät"})
    assert page.status == 410
    assert page.soup.select_one(f"main a[href='/kontakte/{low}']")
    assert anna.post(f"/kontakte/{high}/wiederherstellen").status == 410
    assert person(app, high).removed_at is not None


def test_readers_see_who_stayed_but_no_way_back(anna, rita, twins):
    low, high = twins
    merged(anna, twins, kept=str(low))
    page = rita.get(f"/kontakte/{high}")
    assert page.status == 410
    assert "rückgängig" not in page.main


def test_who_may_not_write_neither_compares_nor_merges(app, rita, ada, twins):
    for client in (rita, ada):
        assert client.get(page_of(*twins)).status == 403
        assert client.post(page_of(*twins), kept=str(twins[0])).status == 403
    assert merges(app) == (0, 0)


@pytest.mark.parametrize(
    ("field", "said"),
    [("take-email", "Wählen Sie einen der gezeigten Werte"), ("kept", "Wählen Sie, welcher der beiden")],
)
def test_a_choice_that_was_not_offered_is_refused_and_others_stay(app, anna, twins, field, said):
    fields = anna.get(page_of(*twins)).fields() | {"take-last_name": "other"}
    page = anna.post(page_of(*twins), fields | {field: "999"})
    assert page.status == 422
    assert said in " ".join(page.errors())
    assert page.fields()["take-last_name"] == ["other"]
    assert merges(app) == (0, 0)


def test_a_colleagues_change_meanwhile_is_told_and_shown(app, anna, bert, twins):
    fields = anna.get(page_of(*twins)).fields() | {"take-email": "one"}
    assert bert.submit(f"/kontakte/{twins[1]}/bearbeiten", note="Ganz neu").status == 303
    page = anna.post(page_of(*twins), fields)
    assert page.status == 409
    assert "Inzwischen wurde einer der beiden Einträge geändert" in page.main
    assert "Ganz neu" in page.main
    assert page.fields()["take-email"] == ["one"]
    assert merges(app) == (0, 0)
    assert anna.post(page_of(*twins), page.fields()).status == 303


def test_of_two_who_merge_the_same_pair_one_is_told(app, anna, bert, twins):
    late = bert.get(page_of(*twins)).fields()
    merged(anna, twins, kept=str(twins[0]))
    page = bert.post(page_of(*twins), late)
    assert page.status == 410
    assert page.soup.select_one(f"main a[href='/kontakte/{twins[0]}']")
    assert merges(app) == (1, 0)


def test_a_double_click_merges_once(app, anna, twins):
    fields = anna.get(page_of(*twins)).fields()
    first, second = (anna.post(page_of(*twins), fields) for _click in range(2))
    assert first.status == 303
    assert second.status in (303, 410)
    assert merges(app) == (1, 0)


def test_addresses_of_no_pair_lead_nowhere(anna, twins):
    low, high = twins
    for pair in ((high, low), (low, low), (low, 99999)):
        assert anna.get(page_of(*pair)).status == 404


def test_undoing_on_screen_brings_both_back(app, anna, twins):
    low, high = twins
    before = {number: (person(app, number).name, person(app, number).email) for number in twins}
    merged(anna, twins, kept=str(low), take__last_name="other")
    page = anna.submit("/doppelte/zusammengefuehrt/1", follow=True)
    assert "Beide Personen sind wieder da" in page.text
    assert page.status == 200
    assert {number: (person(app, number).name, person(app, number).email) for number in twins} == before
    with app.app_context():
        noted = select(func.count(AuditEvent.id)).where(AuditEvent.name == "person.unmerged")
        assert db.session.scalar(noted) == 2
    assert "rückgängig gemacht" in anna.get("/doppelte?stufe=zusammengefuehrt").main
    assert "Rückgängig gemacht" in anna.get("/doppelte/zusammengefuehrt/1").main
    assert merges(app) == (1, 1)


def test_undoing_twice_or_late_is_refused(app, anna, bert, twins):
    merged(anna, twins)
    late = bert.get("/doppelte/zusammengefuehrt/1").fields()
    assert anna.submit("/doppelte/zusammengefuehrt/1").status == 303
    page = bert.post("/doppelte/zusammengefuehrt/1", late)
    assert page.status == 409
    assert "Rückgängig gemacht am" in page.main
    assert merges(app) == (1, 1)


def test_undoing_against_what_happened_since_names_the_reasons(app, anna, twins):
    low, high = twins
    merged(anna, twins, kept=str(low))
    fields = anna.get("/doppelte/zusammengefuehrt/1").fields()
    anna.post(f"/kontakte/{low}/entfernen")
    page = anna.post("/doppelte/zusammengefuehrt/1", fields)
    assert page.status == 422
    assert "selbst entfernt oder zusammengeführt" in " ".join(page.errors())
    assert not anna.get("/doppelte/zusammengefuehrt/1").soup.select("main form[data-form]")
    assert merges(app) == (1, 0)


def test_who_may_not_write_undoes_nothing(app, anna, rita, twins):
    merged(anna, twins)
    assert rita.get("/doppelte/zusammengefuehrt/1").status == 403
    assert rita.post("/doppelte/zusammengefuehrt/1").status == 403
    assert merges(app) == (1, 0)


def test_who_went_is_not_among_what_can_be_taken_back(anna, twins):
    merged(anna, twins)
    assert "Henkel" not in anna.get("/entfernt").main


def test_a_pair_is_told_apart_from_the_comparison_with_a_reason(app, anna, twins):
    page = anna.get(page_of(*twins))
    action = page.soup.select("main form[action$=verschieden]")[0]["action"]
    assert anna.post(action, reason="Schwestern").status == 303
    with app.app_context():
        assert db.session.scalar(select(DistinctPair.reason)) == "Schwestern"


def test_a_person_with_much_is_compared_and_merged_in_few_statements(app, anna, twins):
    low, high = twins
    with app.app_context():
        place = factories.place("Cölbe").id
        for number in range(30):
            factories.talk(parties=[Party(place, people=[high, low] if number % 2 else [high])])
            factories.follow_up(person_id=high)
        db.session.commit()
    assert "31 Beratungen" in anna.get(page_of(low, high)).main
    page = merged(anna, twins, kept=str(low))
    assert "31 Beratungen" in page.main
    assert "30 Wiedervorlagen" in page.main
