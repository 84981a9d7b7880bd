"""Minutes from the draft to the filed paper: checked by personal links, released, corrected."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, update

from crm import jobs
from crm.audit import AuditEvent
from crm.consultations.models import Consultation, ConsultationKind, ParticipationPerson, Presence
from crm.consultations.services import Party
from crm.contacts.models import Person
from crm.db import db, now, today
from crm.documents.models import Document
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.mail.models import MailAttachment, MailState
from crm.minutes import duties, queries, steps
from crm.minutes.kinds import CheckAnswer, MinutesState
from crm.minutes.models import Minutes, MinutesCheck, MinutesRelease, Remark
from crm.notices.models import NoticeText
from tests import factories
from tests.factories import place
from tests.minutes.making import minutes as written
from tests.minutes.story import (
    PRIVATE,
    SECRET,
    TEXTS,
    circulated,
    drafted,
    link_to,
    mails,
    minutes,
    talk_id,
)
from tests.pdfs import Pdf

PETRA, JÖRG = "petra@lahntal.test", "joerg@coelbe.test"
AGREE, REMARK = {"answer": "agrees"}, {"answer": "remarks", "remark_results": "Nur Cölbe will prüfen."}


def checks(app):
    """Answers by address."""
    with app.app_context():
        return {one.email: one for one in db.session.scalars(select(MinutesCheck))}


def move(app, number, **columns):
    """Let time pass."""
    with app.app_context():
        db.session.execute(update(Minutes).where(Minutes.id == number).values(**columns))
        db.session.execute(update(MinutesCheck).values(created_at=now() - timedelta(days=5)))
        db.session.commit()


def work(app):
    """Let the worker look."""
    with app.app_context():
        duties.look()


def test_minutes_begin_with_the_texts_of_their_kind_and_the_facts_of_the_talk(app, anna):
    number = talk_id(app)
    assert "Protokoll schreiben" in anna.get(f"/beratungen/{number}").main
    fields = anna.get(f"/beratungen/{number}/protokoll").fields()
    assert fields["title"] == ["Protokoll: Gruppengespräch"]
    assert fields["occasion"] == [
        "Die Teilnehmenden sprachen über eine Zusammenarbeit: interkommunale Zusammenarbeit."
    ]
    assert "[…]" in fields["results"][0]
    page = anna.submit(f"/beratungen/{number}/protokoll", follow=True, **TEXTS)
    for words in (
        "Petra Henkel (Bürgermeisterin)",
        "Rathaus Cölbe",
        "Kosten sammeln",
        "15.01.2027",
        "Entwurf",
    ):
        assert words in page.main
    assert "Protokoll: Gruppengespräch" in anna.get(f"/beratungen/{number}").main
    again = anna.get(f"/beratungen/{number}/protokoll")
    assert again.status == 302


def test_nothing_of_the_notes_comes_into_minutes_anywhere(app, anna, stranger):
    number = circulated(app, anna)
    link = link_to(app, PETRA)
    for client, url in ((anna, f"/protokolle/{number}"), (anna, f"/protokolle/{number}/freigeben"),
                        (stranger, link)):  # fmt: skip
        page = client.get(url)
        assert page.status == 200
        assert SECRET not in page.html
        assert PRIVATE not in page.html
    words = Pdf(anna.get(f"/protokolle/{number}/protokoll.pdf").data).text
    assert "ENTWURF" in words
    assert SECRET not in words
    assert all(SECRET not in one.body for one in mails(app))


def test_a_gap_goes_to_nobody(app, anna):
    number = talk_id(app)
    made = anna.submit(f"/beratungen/{number}/protokoll").location
    page = anna.submit(f"{made}/abstimmen")
    assert page.status == 422
    assert "Eine Lücke […] steht noch in: Sachstand, Ergebnisse." in page.main
    ways = [f"{made}/bearbeiten#situation", f"{made}/bearbeiten#results"]
    for url in (made, f"{made}/abstimmen", f"{made}/freigeben"):
        page = anna.get(url)
        assert [one["href"] for one in page.soup.select(".notice a")] == ways
        assert "Noch zu schreiben:" in page.main
    assert {"situation", "results"} <= set(anna.get(f"{made}/bearbeiten").fields())
    assert anna.submit(f"{made}/freigeben").status == 422
    assert mails(app) == []
    anna.submit(f"{made}/bearbeiten", **TEXTS)
    assert "Noch zu schreiben" not in anna.get(made).main


def test_those_who_took_part_are_asked_by_a_link_of_their_own(app, anna):
    number = drafted(app, anna)
    page = anna.get(f"/protokolle/{number}/abstimmen")
    assert "Nicht Silke Stumm, Wetter (Hessen): keine E-Mail-Adresse bekannt. Adresse eintragen" in page.main
    page = anna.submit(f"/protokolle/{number}/abstimmen", follow=True, message="Mit der Bitte um Durchsicht.")
    assert "2 Personen sind gebeten" in page.main
    sent = mails(app)
    assert [one.recipient for one in sent] == [PETRA, JÖRG]
    assert "Mit der Bitte um Durchsicht." in sent[0].body
    assert "gilt das als Zustimmung" not in sent[0].body
    assert sent[0].reply_to == "anna@kikz.test"
    token = link_to(app, PETRA).rpartition("/")[2]
    kept = checks(app)[PETRA]
    assert kept.token_hash == queries.hash_of(token)
    assert token not in repr(vars(kept))


def test_who_stood_in_by_name_alone_is_said_to_get_nothing(app, anna):
    with app.app_context():
        petra = factories.person("Henkel", "Petra", email=PETRA)
        known, unknown = {"represented_by": "Frau Henkel"}, {"represented_by": "Herr Weber"}
        paul = factories.person("Web", "Paul", at="Cölbe", email=JÖRG)
        parties = [
            Party(place("Lahntal").id, Presence.REPRESENTED, people=[petra.id], **known),
            Party(place("Cölbe").id, Presence.REPRESENTED, people=[paul.id], **unknown),
        ]
        made = written(factories.talk(parties=parties, kind=ConsultationKind.GROUP)).id
        number = db.session.get(Minutes, made).consultation_id
        db.session.commit()
    page = anna.get(f"/protokolle/{made}/abstimmen")
    assert "Nicht Herr Weber, Cölbe: in der Beratung steht nur der Name." in page.main
    assert "Nicht Frau Henkel" not in page.main
    assert page.soup.select_one(f".hint a[href='/beratungen/{number}/bearbeiten']")
    assert "Nicht Herr Weber, Cölbe" in anna.get(f"/protokolle/{made}/freigeben").main
    shown = anna.get(f"/protokolle/{made}").main
    assert "vertreten durch Herr Weber" in shown
    assert "vertreten durch Frau Henkel" not in shown
    assert "2 Personen sind gebeten" in anna.submit(f"/protokolle/{made}/abstimmen", follow=True).main


def test_one_agrees_the_other_remarks_and_the_links_end(app, anna, stranger):
    number = circulated(app, anna)
    petra, jörg = link_to(app, PETRA), link_to(app, JÖRG)
    page = stranger.get(petra)
    assert "Drei Bauhöfe." in page.main
    assert "Petra Henkel (Bürgermeisterin)" in page.main
    answered = stranger.submit(petra, follow=True, **REMARK)
    assert "Ihre Antwort ist angekommen" in answered.main
    assert stranger.get(petra).status == 410
    stranger.submit(jörg, **AGREE)
    found = checks(app)
    assert {one.answer for one in found.values()} == {CheckAnswer.AGREED, CheckAnswer.REMARKED}
    assert all(one.token_hash is None for one in found.values())
    shown = anna.get(f"/protokolle/{number}").main
    assert "Nur Cölbe will prüfen." in shown
    assert "Die Abstimmung ist beendet." in shown
    assert "Nur Cölbe will prüfen." in anna.get(f"/protokolle/{number}/bearbeiten").main
    with app.app_context():
        task = db.session.scalars(select(FollowUp)).one()
        assert task.text == "Protokoll fertigstellen: 1 einverstanden, 1 mit Anmerkungen"
        assert task.owner_id == factories.member("anna").id
        marks = set(db.session.scalars(select(MinutesCheck.notice_mark)))
        assert marks == set(db.session.scalars(select(NoticeText.mark)))


def test_the_answer_is_asked_for_again_when_it_does_not_fit_and_nothing_typed_is_lost(app, anna, stranger):
    circulated(app, anna)
    link = link_to(app, PETRA)
    page = stranger.submit(link, remark_situation="Vier Bauhöfe.")
    assert page.status == 422
    assert "Sagen Sie, ob Sie einverstanden sind oder Anmerkungen haben." in page.main
    assert page.fields()["remark_situation"] == ["Vier Bauhöfe."]
    assert stranger.submit(link, remark_situation="Vier Bauhöfe.", **AGREE).status == 422
    assert stranger.submit(link, answer="remarks").status == 422
    assert stranger.submit(link, answer="nonsense").status == 422
    assert stranger.submit(link, remark_results="x" * 4001, answer="remarks").status == 422
    assert checks(app)[PETRA].answer is CheckAnswer.WAITING


def test_a_second_press_of_the_button_is_thanked_like_the_first(app, anna, stranger):
    circulated(app, anna)
    link = link_to(app, PETRA)
    fields = stranger.get(link).fields() | {"answer": ["agrees"]}
    for _time in range(2):
        assert stranger.post(link, fields).location == "/protokoll/antwort/danke"
    with app.app_context():
        assert (
            db.session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.name == "minutes.answered"))
            == 1
        )


def test_a_wrong_a_late_and_a_withdrawn_link_say_the_same(app, anna, stranger):
    number = circulated(app, anna)
    link = link_to(app, PETRA)
    wrong = stranger.get("/protokoll/" + "x" * 43)
    move(app, number, deadline_on=today() - timedelta(days=1))
    late = stranger.get(link)
    move(app, number, deadline_on=today() + timedelta(days=1))
    assert stranger.get(link).status == 200
    anna.submit(f"/protokolle/{number}/zurueckziehen")
    withdrawn = stranger.get(link)
    assert wrong.status == late.status == withdrawn.status == 410
    assert wrong.main == late.main == withdrawn.main
    assert stranger.post(link, answer="agrees").status == 410
    assert [one.state for one in mails(app)] == [MailState.DROPPED] * 2
    assert minutes(app, number).state is MinutesState.DRAFT


@pytest.mark.parametrize("change", ["confidential", "removed", "restricted"])
def test_a_link_ends_with_the_talk_or_the_person_out_of_sight(app, anna, stranger, change):
    circulated(app, anna)
    link = link_to(app, PETRA)
    person = checks(app)[PETRA].person_id
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        if change == "confidential":
            talk.confidential = True
        elif change == "removed":
            talk.removed_at = now()
        else:
            db.session.get(Person, person).restricted_on = today()
        db.session.commit()
    assert stranger.get(link).status == 410
    assert stranger.post(link, answer="agrees").status == 410


def test_whoever_is_silent_is_reminded_once_and_both_links_end_with_the_answer(app, anna, stranger):
    number = circulated(app, anna)
    work(app)
    assert len(mails(app)) == 2
    move(app, number, deadline_on=today() + timedelta(days=2))
    stranger.submit(link_to(app, JÖRG), **AGREE)
    work(app)
    work(app)
    assert [one.recipient for one in mails(app)] == [PETRA, JÖRG, PETRA]
    first, second = link_to(app, PETRA, 0), link_to(app, PETRA, 1)
    assert first != second
    assert stranger.get(first).status == stranger.get(second).status == 200
    stranger.submit(second, **AGREE)
    assert stranger.get(first).status == stranger.get(second).status == 410


@pytest.mark.parametrize("silence", [True, False])
def test_silence_counts_only_where_it_was_announced(app, anna, stranger, silence):
    number = circulated(app, anna, **({"silence_agrees": "y"} if silence else {}))
    told = "Hören wir bis dahin nichts von Ihnen, gilt das als Zustimmung."
    assert (told in mails(app)[0].body) is silence
    assert (told in stranger.get(link_to(app, PETRA)).main) is silence
    move(app, number, deadline_on=today() - timedelta(days=1))
    work(app)
    work(app)
    assert {one.answer for one in checks(app).values()} == {CheckAnswer.SILENT}
    with app.app_context():
        assert db.session.scalars(select(FollowUp)).one().text == "Protokoll fertigstellen: 2 ohne Antwort"
    anna.submit(f"/protokolle/{number}/freigeben")
    shown = anna.get(f"/protokolle/{number}").main
    assert "2 ohne Antwort" in shown
    assert ("gilt Schweigen als Zustimmung" in shown) is silence


def test_while_others_read_nothing_changes(app, anna):
    number = circulated(app, anna)
    page = anna.submit(f"/protokolle/{number}/bearbeiten", results="Anderes.")
    assert page.status == 422
    assert "Ziehen Sie erst die Abstimmung zurück" in page.main
    assert anna.submit(f"/protokolle/{number}/freigeben").status == 422
    assert anna.get(f"/protokolle/{number}/abstimmen").status == 302
    assert minutes(app, number).results == TEXTS["results"]


def test_released_minutes_are_filed_under_their_reference_and_sent(app, anna, stranger):
    number = circulated(app, anna)
    stranger.submit(link_to(app, PETRA), **REMARK)
    stranger.submit(link_to(app, JÖRG), **AGREE)
    refused = anna.submit(f"/protokolle/{number}/freigeben")
    assert "Anmerkungen sind noch offen." in refused.main
    with app.app_context():
        remark = db.session.scalars(select(Remark.id)).one()
    anna.post(f"/protokolle/{number}/anmerkungen/{remark}", ergebnis="taken-over")
    anna.submit(f"/protokolle/{number}/bearbeiten", results="Cölbe will prüfen.")
    page = anna.submit(f"/protokolle/{number}/freigeben", follow=True)
    assert "freigegeben und bei der Beratung abgelegt" in page.main
    with app.app_context():
        document = db.session.scalars(select(Document)).one()
        talk = db.session.scalars(select(Consultation)).one()
        assert document.consultation_id == talk.id
        paper = Pdf(document.content)
        assert f"IKZ {talk.held_on.year}/{talk.id:04}" in paper.text
        assert "Cölbe will prüfen." in paper.text
        assert "1 einverstanden, 1 mit Anmerkungen" in " ".join(paper.text.split())
        assert db.session.scalar(select(func.count(MailAttachment.id))) == 2
        assert db.session.scalars(select(FollowUp)).one().state is FollowUpState.DONE
    assert [one.subject for one in mails(app)][2:] == ["Freigegeben: Protokoll: Gruppengespräch"] * 2
    assert anna.get(f"/protokolle/{number}/freigeben").status == 302


def test_a_correction_is_a_new_version_and_the_old_one_stays(app, anna):
    number = drafted(app, anna)
    anna.submit(f"/protokolle/{number}/freigeben", people=[])
    assert mails(app) == []
    refused = anna.submit(f"/protokolle/{number}/bearbeiten", results="Anderes.")
    assert "neuen Fassung" in refused.main
    anna.submit(f"/protokolle/{number}/berichtigen")
    anna.submit(f"/protokolle/{number}/bearbeiten", results="Berichtigt.")
    assert anna.submit(f"/protokolle/{number}/freigeben").status == 422
    page = anna.submit(f"/protokolle/{number}/freigeben", follow=True, reason="Zahl verwechselt", people=[])
    assert "Zahl verwechselt" in page.main
    with app.app_context():
        first, second = db.session.scalars(select(MinutesRelease).order_by(MinutesRelease.edition))
        assert first.content["texts"]["results"] == TEXTS["results"]
        assert second.content["texts"]["results"] == "Berichtigt."
        assert db.session.get(Document, second.document_id).previous_id == first.document_id
        assert "Fassung" in Pdf(db.session.get(Document, second.document_id).content).text


def test_a_name_in_released_minutes_is_the_name_of_today(app, anna):
    number = drafted(app, anna)
    anna.submit(f"/protokolle/{number}/freigeben", people=[])
    with app.app_context():
        kept = db.session.scalars(select(MinutesRelease)).one()
        assert "Henkel" not in str(kept.content)
        person = db.session.scalars(select(Person).where(Person.last_name == "Henkel")).one()
        person.last_name = "Neumann"
        db.session.commit()
    assert "Petra Neumann" in anna.get(f"/protokolle/{number}").main


def test_a_confidential_talk_has_no_minutes(app, anna):
    number = talk_id(app, confidential=True)
    assert "Protokoll schreiben" not in anna.get(f"/beratungen/{number}").main
    page = anna.submit(f"/beratungen/{number}/protokoll", **TEXTS)
    assert page.status == 422
    assert "Diese Beratung ist vertraulich." in page.main


def test_minutes_of_what_became_confidential_are_seen_by_its_circle_only(app, anna, rita):
    number = drafted(app, anna)
    assert rita.get(f"/protokolle/{number}").status == 200
    with app.app_context():
        db.session.scalars(select(Consultation)).one().confidential = True
        db.session.commit()
    assert rita.get(f"/protokolle/{number}").status == 404
    assert "Gruppengespräch" not in rita.get("/protokolle").main
    page = anna.submit(f"/protokolle/{number}/abstimmen")
    assert page.status == 422
    assert anna.submit(f"/protokolle/{number}/freigeben").status == 422


def test_a_draft_is_thrown_away_with_all_remarks_but_nothing_released(app, anna, stranger):
    number = circulated(app, anna)
    stranger.submit(link_to(app, PETRA), **REMARK)
    anna.submit(f"/protokolle/{number}/zurueckziehen")
    page = anna.submit(f"/protokolle/{number}/verwerfen", follow=True)
    assert "Das Protokoll ist verworfen." in page.main
    with app.app_context():
        assert db.session.scalar(select(func.count(Remark.id))) == 0
    other = drafted(app, anna)
    anna.submit(f"/protokolle/{other}/freigeben", people=[])
    anna.submit(f"/protokolle/{other}/berichtigen")
    page = anna.submit(f"/protokolle/{other}/verwerfen", follow=True)
    assert "war schon freigegeben" in page.main


def test_texts_to_begin_with_are_changed_by_managers(app, mara, anna):
    url = "/protokolle/vorlagen/group"
    assert anna.get(url).status == 403
    page = mara.submit(url, occasion="Es ging um {felder} und {unsinn}.")
    assert page.status == 422
    assert "Niemand füllt" in page.main or "{unsinn}" in page.main
    mara.submit(url, occasion="Gespräch von {kommunen} am {tag}.", results="Ergebnis: […]")
    assert "eigene Texte" in anna.get("/protokolle/vorlagen").main
    begun = anna.get(f"/beratungen/{talk_id(app)}/protokoll").fields()
    assert begun["occasion"][0].startswith("Gespräch von Lahntal, Cölbe, Wetter (Hessen) am ")
    mara.submit(url, results="")
    assert mara.get(url).status == 200
    assert mara.get("/protokolle/vorlagen/unfug").status == 404


def test_the_list_and_the_first_page_say_what_is_in_check(app, anna, bert):
    number = circulated(app, anna)
    assert "1 Protokoll von Ihnen in Abstimmung" in anna.get("/").main
    assert "in Abstimmung" not in bert.get("/").main
    assert "in Abstimmung bis" in bert.get("/protokolle?stand=in-check").main
    assert "Noch kein Protokoll" in bert.get("/protokolle?stand=released").main
    move(app, number, deadline_on=today() - timedelta(days=1))
    work(app)
    assert "1 zurück" in anna.get("/").main


def test_a_colleague_who_was_faster_is_seen(app, anna, bert):
    number = drafted(app, anna)
    url = f"/protokolle/{number}/bearbeiten"
    mine = anna.get(url).fields()
    bert.submit(url, results="Von Bert.")
    page = anna.post(url, mine | {"results": ["Von Anna."]})
    assert page.status == 409
    assert "Von Bert." in page.main
    yes = anna.get(f"/protokolle/{number}/freigeben").fields()
    bert.submit(url, results="Noch anders.")
    assert anna.post(f"/protokolle/{number}/freigeben", yes).status in (409, 422)
    assert minutes(app, number).state is MinutesState.DRAFT


def test_a_release_whose_words_changed_while_it_was_typeset_is_refused(app, anna, monkeypatch):
    number = drafted(app, anna)
    real = steps.to_pdf

    def slow(*args):
        with db.engine.begin() as colleague:
            colleague.execute(update(Minutes).values(version=Minutes.version + 1))
        return real(*args)

    monkeypatch.setattr(steps, "to_pdf", slow)
    page = anna.submit(f"/protokolle/{number}/freigeben")
    assert page.status == 422
    assert "inzwischen geändert" in page.main
    with app.app_context():
        assert db.session.scalar(select(func.count(Document.id))) == 0


def test_the_worker_knows_the_duty():
    assert "minutes" in jobs.DUTIES


def test_who_was_not_asked_and_who_got_the_paper_stands_on_the_page(app, anna, stranger):
    number = circulated(app, anna)
    assert "Nicht gefragt: Silke Stumm, Wetter (Hessen) (keine E-Mail-Adresse bekannt)" in (
        anna.get(f"/protokolle/{number}").main
    )
    for address in (PETRA, JÖRG):
        stranger.submit(link_to(app, address), **AGREE)
    assert anna.submit(f"/protokolle/{number}/freigeben").status == 303
    page = anna.get(f"/protokolle/{number}").main
    assert f"Als PDF geschickt an: Petra Henkel ({PETRA}), Jörg Öztürk ({JÖRG})" in page
    assert "Nicht gefragt: Silke Stumm" in page


def test_an_address_that_is_missing_is_entered_on_the_way(app, anna):
    url = f"/protokolle/{drafted(app, anna)}/abstimmen"
    link = next(one for one in anna.get(url).soup.select("main a") if one.get_text() == "Adresse eintragen")
    saved = anna.submit(link["href"], email="silke@wetter.test")
    assert (saved.status, saved.location) == (303, url)
    assert "silke@wetter.test" in anna.get(url).main


@pytest.mark.parametrize(
    "elsewhere", ["https://boese.test/", "//boese.test", "/\\boese.test", "javascript:1"]
)
def test_nobody_is_led_out_of_the_house_on_the_way(app, anna, elsewhere):
    with app.app_context():
        number = factories.person().id
        db.session.commit()
    url = f"/kontakte/{number}"
    saved = anna.submit(f"{url}/bearbeiten?{urlencode({'next': elsewhere})}", phone="06421 1")
    assert (saved.status, saved.location) == (303, url)


def test_who_was_not_chosen_is_named_with_that_reason(app, anna):
    url = f"/protokolle/{drafted(app, anna)}"
    fields = anna.get(f"{url}/abstimmen").fields()
    fields["people"].pop()
    assert anna.post(f"{url}/abstimmen", fields).status == 303
    assert "Nicht gefragt: Jörg Öztürk, Cölbe (nicht ausgewählt)" in anna.get(url).main


def test_a_remark_that_is_only_ticked_is_told_until_the_text_is_changed(app, anna, stranger):
    number = circulated(app, anna)
    stranger.submit(link_to(app, PETRA), **REMARK)
    stranger.submit(link_to(app, JÖRG), **AGREE)
    with app.app_context():
        remark = db.session.scalars(select(Remark)).one().id
    told = "Der Text ist noch so, wie er in Abstimmung war."
    assert told not in anna.get(f"/protokolle/{number}").main
    anna.post(f"/protokolle/{number}/anmerkungen/{remark}", ergebnis="taken-over")
    assert told in anna.get(f"/protokolle/{number}").main
    assert told in anna.get(f"/protokolle/{number}/freigeben").main
    anna.submit(f"/protokolle/{number}/bearbeiten", results="Nur Cölbe will prüfen.")
    assert told not in anna.get(f"/protokolle/{number}").main


def test_many_people_cost_no_more_statements(app, anna):
    number = drafted(app, anna)
    few = len(anna.get(f"/protokolle/{number}").statements)
    with app.app_context():
        row = db.session.scalars(select(Consultation)).one().participations[0]
        for name in range(30):
            person = factories.person(f"Weitere{name}", "Eva", email=f"eva{name}@lahntal.test")
            row.people.append(ParticipationPerson(person_id=person.id))
        db.session.commit()
    page = anna.get(f"/protokolle/{number}")
    assert "Eva Weitere29" in page.main
    assert len(page.statements) <= few
