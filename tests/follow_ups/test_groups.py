"""Follow-ups of a cooperation group: made on its page, found by its title, gone and back with it."""

import pytest
from sqlalchemy import select

from crm.consultations.services import remove as remove_talk
from crm.cooperations import services as cooperations
from crm.cooperations.models import Cooperation
from crm.db import db, today
from crm.follow_ups import queries
from crm.follow_ups.models import FollowUp
from tests import factories
from tests.statements import asked

TITLE = "Gemeinsamer Bauhof Nordkreis"


@pytest.fixture
def group(app):
    """Number of a group."""
    with app.app_context():
        found = factories.cooperation(title=TITLE).id
        db.session.commit()
    return found


def made(app):
    """All follow-ups, removed ones too."""
    with app.app_context():
        query = select(FollowUp).order_by(FollowUp.id).execution_options(include_removed=True)
        return [(one.text, one.cooperation_id, one.about) for one in db.session.scalars(query)]


def link(page):
    """Where the place of the only row leads."""
    return page.soup.select_one(".rows .place")["href"]


def test_it_hangs_on_the_group_of_the_address(app, group, anna):
    page = anna.submit(f"/wiedervorlagen/neu?kooperation={group}", text="Haushalt klären", follow=True)
    facts = page.soup.select_one("section[aria-labelledby=about]")
    assert facts.select_one(f"a[href='/kooperationen/{group}']").get_text() == TITLE
    assert made(app) == [("Haushalt klären", group, TITLE)]
    assert link(anna.get("/wiedervorlagen")) == f"/kooperationen/{group}"
    assert link(anna.get("/")) == f"/kooperationen/{group}"


def test_it_may_name_a_municipality_too(app, group, anna):
    with app.app_context():
        number = factories.place("Cölbe").id
    anna.submit(
        f"/wiedervorlagen/neu?kooperation={group}", text="Haushalt klären", organisation=[str(number)]
    )
    links = anna.get("/wiedervorlagen").soup.select(".row-main p a")
    assert [one.get_text() for one in links] == [TITLE, "Cölbe"]
    assert [one["href"] for one in links] == [f"/kooperationen/{group}", f"/kommunen/{number}"]


@pytest.mark.parametrize("number", ["999999", "0"])
def test_a_group_that_is_none_is_not_found(anna, number):
    page = anna.get(f"/wiedervorlagen/neu?kooperation={number}")
    assert page.status == (404 if int(number) else 200)


def test_without_any_place_it_is_still_refused(anna):
    assert anna.submit("/wiedervorlagen/neu", text="Anrufen").status == 422


def test_it_is_changed_without_naming_a_municipality(app, group, anna):
    page = anna.submit(f"/wiedervorlagen/neu?kooperation={group}", text="Haushalt klären")
    done = anna.submit(f"{page.location}/bearbeiten", text="Haushalt geklärt")
    assert done.status == 303, done.errors()
    assert made(app) == [("Haushalt geklärt", group, TITLE)]


def test_the_title_finds_it_and_follows_its_change(app, group, anna):
    anna.submit(f"/wiedervorlagen/neu?kooperation={group}", text="Haushalt klären")
    assert "Haushalt klären" in anna.get("/wiedervorlagen?stand=offen&q=nordkreis").main
    with app.test_request_context():
        found = db.session.get(Cooperation, group)
        cooperations.change_cooperation(found, {"title": "Bauhof Süd"}, factories.member("anna"))
        db.session.commit()
    assert "Haushalt klären" in anna.get("/wiedervorlagen?stand=offen&q=süd").main
    assert "Haushalt klären" not in anna.get("/wiedervorlagen?stand=offen&q=nordkreis").main


def test_it_goes_and_comes_back_with_its_group(app, group, anna):
    page = anna.submit(f"/wiedervorlagen/neu?kooperation={group}", text="Haushalt klären")
    with app.test_request_context():
        cooperations.remove(db.session.get(Cooperation, group), factories.member("anna"))
        db.session.commit()
    assert anna.get(page.location).status == 404
    gone = anna.get(f"{page.location}/wiederherstellen")
    assert "Mit der Kooperation entfernt" in gone.main
    assert gone.soup.select_one(f"a[href='/kooperationen/{group}/wiederherstellen']")
    sent = anna.post(f"{page.location}/wiederherstellen")
    assert sent.location == f"/kooperationen/{group}/wiederherstellen"
    anna.post(sent.location)
    assert anna.get(page.location).status == 200


def test_one_removed_alone_is_taken_back_alone(group, anna):
    page = anna.submit(f"/wiedervorlagen/neu?kooperation={group}", text="Haushalt klären")
    anna.post(f"{page.location}/entfernen")
    assert anna.post(f"{page.location}/wiederherstellen").location == page.location


def test_the_talks_of_a_group_bring_theirs(app, group, anna):
    form = {"follow_up_on": "1.12.2099", "follow_up_text": "Kosten senden"}
    form |= {"parties__0__follow_up_on": "2.12.", "parties__0__follow_up_text": "Cölbe anrufen"}
    page = anna.submit(f"/beratungen/neu?kooperation={group}", **form)
    assert page.status == 303, page.errors()
    number = page.location.rpartition("/")[2]
    anna.submit(f"/wiedervorlagen/neu?beratung={number}", text="Protokoll schicken")
    about = "Cölbe, Lahntal, Wetter (Hessen)"
    assert made(app) == [(text, group, about) for text in ("Kosten senden", "Cölbe anrufen",
                                                           "Protokoll schicken")]  # fmt: skip


def test_the_open_ones_of_a_group_are_its_own_and_those_of_its_talks(app, group):
    with app.test_request_context():
        group_is = {"cooperation_id": group}
        factories.follow_up("Eigene", in_days=9, at="Cölbe", **group_is)
        factories.follow_up("Fremde", at="Cölbe")
        factories.follow_up("Erledigte", state=queries.FollowUpState.DONE, **group_is)
        due = {"follow_up_on": today(), "kind": factories.ConsultationKind.SINGLE} | group_is
        factories.talk("Cölbe", follow_up_text="Offene", **due)
        factories.talk("Lahntal", follow_up_text="Geheime", confidential=True, **due)
        remove_talk(factories.talk("Cölbe", follow_up_text="Entfernte", **due), factories.member("anna"))
        seen = {}
        for name in ("anna", "rita"):
            user = factories.member(name)
            with asked() as statements:
                found = queries.open_for_cooperation(user, group)
                seen[name] = [(one.text, one.owner.name) for one in found]
            assert len(statements) == 1
        owner = "Anna Adler"
        assert seen["anna"] == [("Offene", owner), ("Geheime", owner), ("Eigene", owner)]
        assert seen["rita"] == [("Offene", owner), ("Eigene", owner)]


def test_hiding_a_talk_hides_its_follow_ups_from_the_page_of_the_group(app, group, anna):
    anna.submit(f"/beratungen/neu?kooperation={group}", follow_up_on="1.12.2099", follow_up_text="Kosten")
    with app.app_context():
        number = db.session.scalars(select(FollowUp.consultation_id)).one()
        assert len(queries.open_for_cooperation(factories.member("rita"), group)) == 1
    anna.submit(f"/beratungen/{number}/bearbeiten", confidential="y")
    with app.app_context():
        assert queries.open_for_cooperation(factories.member("rita"), group) == []
