"""Minutes at the edges: thrown away and begun again, corrected, left behind, answered twice at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.consultations.models import Consultation, ConsultationState
from crm.db import db, now
from crm.documents.models import Document
from crm.follow_ups.models import FollowUp, FollowUpState
from crm.minutes.models import MinutesRelease
from crm.reads.models import ConfidentialRead
from crm.retention.doing import DOINGS
from tests import factories
from tests.minutes import making
from tests.minutes.story import TEXTS, circulated, drafted, link_to, mails, minutes
from tests.minutes.test_story import AGREE, JÖRG, PETRA, REMARK


def begun_again(app, client, number):
    """Throw minutes away and begin and send others for the same talk; their number."""
    talk = minutes(app, number).consultation_id
    client.submit(f"/protokolle/{number}/zurueckziehen")
    client.submit(f"/protokolle/{number}/verwerfen")
    made = client.submit(f"/beratungen/{talk}/protokoll", **TEXTS | {"title": "Zweites"}).location
    assert client.submit(f"{made}/abstimmen").status == 303
    return int(made.rpartition("/")[2])


def test_whoever_is_asked_anew_after_minutes_were_thrown_away_gets_a_mail(app, anna, stranger):
    number = begun_again(app, anna, circulated(app, anna))
    assert len(mails(app)) == 4
    assert stranger.get(link_to(app, PETRA)).status == 200
    assert "verworfen" not in anna.get(f"/protokolle/{number}").main


def test_a_correction_says_nothing_of_the_check_of_the_version_before(app, anna, stranger):
    number = circulated(app, anna)
    for address in (PETRA, JÖRG):
        stranger.submit(link_to(app, address), **AGREE)
    anna.submit(f"/protokolle/{number}/freigeben", people=[])
    anna.submit(f"/protokolle/{number}/berichtigen")
    anna.submit(f"/protokolle/{number}/freigeben", reason="Zahl verwechselt", people=[])
    with app.app_context():
        first, second = db.session.scalars(select(MinutesRelease).order_by(MinutesRelease.edition))
        assert "2 einverstanden" in str(first.content)
        assert "einverstanden" not in str(second.content)


def test_a_colleague_who_was_faster_with_the_arrangements_is_seen(app, anna, bert):
    number = drafted(app, anna)
    url = f"/protokolle/{number}/bearbeiten"
    mine = anna.get(url).fields()
    bert.submit(url, what_0="Kosten schätzen")
    assert anna.post(url, mine | {"what_0": ["Kosten prüfen"]}).status == 409


def test_the_paper_of_a_correction_is_as_confidential_as_the_one_before(app, anna, rita):
    number = drafted(app, anna)
    anna.submit(f"/protokolle/{number}/freigeben", people=[])
    with app.app_context():
        db.session.scalars(select(Document)).one().confidential = True
        db.session.commit()
    anna.submit(f"/protokolle/{number}/berichtigen")
    anna.submit(f"/protokolle/{number}/freigeben", reason="Zahl verwechselt", people=[])
    with app.app_context():
        first, second = db.session.scalars(select(Document).order_by(Document.id))
        assert (second.previous_id, second.confidential) == (first.id, True)
    assert rita.get(f"/dokumente/{second.id}").status == 404
    assert "Fassung-2" not in rita.get(f"/beratungen/{minutes(app, number).consultation_id}").html


def test_a_remark_is_decided_about_no_more_once_the_minutes_are_released(app, anna, stranger):
    number = circulated(app, anna)
    stranger.submit(link_to(app, PETRA), **REMARK)
    stranger.submit(link_to(app, JÖRG), **AGREE)
    url = f"/protokolle/{number}/anmerkungen/1"
    assert anna.post(url, ergebnis="taken-over").status == 303
    anna.submit(f"/protokolle/{number}/freigeben", people=[])
    refused = anna.post(url, ergebnis="not-taken-over")
    assert refused.status == 422
    assert "freigegeben" in refused.main


def test_minutes_go_round_again_only_when_every_remark_was_answered(app, anna, stranger):
    number = circulated(app, anna)
    stranger.submit(link_to(app, PETRA), **REMARK)
    anna.submit(f"/protokolle/{number}/zurueckziehen")
    refused = anna.submit(f"/protokolle/{number}/abstimmen")
    assert refused.status == 422
    assert "Anmerkungen sind noch offen." in refused.main
    anna.post(f"/protokolle/{number}/anmerkungen/1", ergebnis="taken-over")
    assert anna.submit(f"/protokolle/{number}/abstimmen").status == 303


@pytest.mark.parametrize("over", [True, False])
def test_who_checked_is_forgotten_though_the_minutes_were_never_released(app, over):
    with app.app_context():
        made = making.minutes()
        check, _link = making.check(made, factories.person(), remark="Anders." if over else "")
        check.created_at = now() - timedelta(days=181)
        db.session.commit()
        due = list(db.session.scalars(DOINGS["minutes-checks"].query(now() - timedelta(days=180))))
        assert due == ([check.id] if over else [])


@pytest.mark.parametrize(("deputy", "falls_to"), [("bert", "bert"), (None, "mara")])
def test_what_comes_back_to_somebody_who_left_falls_to_the_deputy_or_a_manager(
    app, anna, stranger, deputy, falls_to
):
    circulated(app, anna)
    with app.app_context():
        author = factories.member("anna")
        author.locked_at, author.deputy = now(), deputy and factories.member(deputy)
        db.session.commit()
    for address in (PETRA, JÖRG):
        stranger.submit(link_to(app, address), **AGREE)
    with app.app_context():
        task = db.session.scalars(select(FollowUp)).one()
        assert task.owner_id == factories.member(falls_to).id


def test_what_called_for_minutes_that_were_thrown_away_is_done(app, anna, stranger):
    number = circulated(app, anna)
    for address in (PETRA, JÖRG):
        stranger.submit(link_to(app, address), **AGREE)
    anna.submit(f"/protokolle/{number}/verwerfen")
    with app.app_context():
        assert db.session.scalars(select(FollowUp)).one().state is FollowUpState.DONE


def test_mails_about_minutes_are_shown_only_to_who_reads_confidential_talks(app, anna, emil):
    circulated(app, anna, message="Unter uns.")
    number = mails(app)[0].id
    assert "Unter uns." in anna.get(f"/postausgang/{number}").main
    assert emil.get(f"/postausgang/{number}").status == 404
    assert "Protokoll: Gruppengespräch" not in emil.get("/postausgang").main


@pytest.mark.parametrize("step", ["", "/bearbeiten", "/abstimmen", "/freigeben"])
def test_who_sees_minutes_of_what_became_confidential_is_noted_at_every_step(app, anna, step):
    number = drafted(app, anna)
    with app.app_context():
        db.session.scalars(select(Consultation)).one().confidential = True
        db.session.commit()
    anna.get(f"/protokolle/{number}{step}")
    with app.app_context():
        assert db.session.scalars(select(ConfidentialRead.consultation_id)).all() == [1]


@pytest.mark.parametrize("step", ["abstimmen", "freigeben"])
def test_minutes_of_a_talk_that_did_not_take_place_after_all_go_nowhere(app, anna, step):
    number = drafted(app, anna)
    with app.app_context():
        db.session.get(Consultation, minutes(app, number).consultation_id).state = ConsultationState.CANCELLED
        db.session.commit()
    page = anna.submit(f"/protokolle/{number}/{step}")
    assert page.status == 422
    assert "wird geschrieben, wenn" in page.main
    assert mails(app) == []
