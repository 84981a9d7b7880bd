"""Partners report how far they are in a talk of their group; what was told is told once."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.consultations import services
from crm.consultations.models import Consultation
from crm.consultations.services import Party
from crm.cooperations.kinds import PartnerRole, Stage, Step, StepSource
from crm.cooperations.models import Cooperation, PartnerStep
from crm.db import db, today
from crm.organisations.queries import members
from tests import factories
from tests.factories import place

NAMES = ("Cölbe", "Lahntal", "Wetter (Hessen)", "Kirchhain")


@pytest.fixture
def known(app):
    """Numbers of a group of Cölbe, Lahntal and Wetter since a month, and of its places."""
    with app.app_context():
        group = factories.cooperation(reached_on=today() - timedelta(days=30))
        found = {name.split()[0]: place(name).id for name in NAMES} | {"group": group.id}
        db.session.commit()
    return SimpleNamespace(**found)


def fields(known, steps, **over):
    """What the form of a talk of the group sends, with a step chosen in some rows."""
    numbers = [str(getattr(known, name)) for name in steps]
    found = {"organisations": numbers, "cooperation": [str(known.group)], "note": "Ein Wort."}
    found |= {"kind": "group" if len(numbers) > 1 else "single", "channel": "on-site"}
    for index, (number, step) in enumerate(zip(numbers, steps.values(), strict=True)):
        found |= {f"parties-{index}-organisation": number, f"parties-{index}-step": step}
    return found | over


def told(app, known):
    """Every step that a talk told: (place, step, day, source)."""
    with app.app_context():
        steps = db.session.scalars(
            select(PartnerStep).where(PartnerStep.consultation_id.is_not(None)).order_by(PartnerStep.id)
        )
        return [(one.partner.organisation_name, one.step, one.reached_on, one.source) for one in steps]


def talks(app):
    """Numbers of all talks."""
    with app.app_context():
        return list(db.session.scalars(select(Consultation.id).order_by(Consultation.id)))


@pytest.mark.parametrize(
    ("channel", "source"),
    [
        ("on-site", StepSource.TALK),
        ("video", StepSource.TALK),
        ("phone", StepSource.CALL),
        ("mail", StepSource.MAIL),
    ],
)
def test_saving_reports_the_steps_of_the_day(app, known, anna, channel, source):
    day = today() - timedelta(days=3)
    over = {"channel": channel, "held_on": f"{day:%d.%m.%Y}"}
    steps = {"Cölbe": "interested", "Lahntal": "", "Wetter": "declined"}
    page = anna.submit("/beratungen/neu", **fields(known, steps, **over))
    assert page.status == 303, page.errors()
    assert told(app, known) == [
        ("Cölbe", Step.INTERESTED, day, source),
        ("Wetter (Hessen)", Step.DECLINED, day, source),
    ]
    with app.app_context():
        names = db.session.scalars(select(AuditEvent.name).order_by(AuditEvent.id)).all()
        assert names[-3:] == ["consultation.logged", "partner.advanced", "partner.advanced"]
        group = db.session.get(Cooperation, known.group)
        assert (group.stage, group.stage_since) == (Stage.SEARCH, day)
        assert [one.step for one in group.partners] == [Step.INTERESTED, Step.CANDIDATE, Step.DECLINED]
    shown = anna.get(page.location).soup.select_one("section[aria-labelledby=parties-title]").get_text()
    assert "Stand gemeldet: interessiert" in shown


def test_whoever_was_no_partner_joins_with_that_step(app, known, anna):
    page = anna.submit("/beratungen/neu", **fields(known, {"Kirchhain": "interested"}))
    assert page.status == 303, page.errors()
    assert told(app, known) == [("Kirchhain", Step.INTERESTED, today(), StepSource.TALK)]
    with app.app_context():
        partner = db.session.get(Cooperation, known.group).partners[-1]
        assert (partner.organisation_name, partner.role) == ("Kirchhain", PartnerRole.MEMBER)
        assert [one.step for one in partner.steps] == [Step.INTERESTED]
        noted = select(AuditEvent.changes).where(AuditEvent.name == "cooperation.partners-added")
        assert db.session.scalars(noted).all()[-1]["partners"] == [None, ["Kirchhain"]]


def test_who_took_part_without_a_step_stays_outside(app, known, anna):
    anna.submit("/beratungen/neu", **fields(known, {"Cölbe": "interested", "Kirchhain": ""}))
    with app.app_context():
        assert len(db.session.get(Cooperation, known.group).partners) == 3


def test_saving_again_tells_nothing_twice_and_a_further_step_once(app, known, anna):
    anna.submit("/beratungen/neu", **fields(known, {"Cölbe": "interested"}))
    url = f"/beratungen/{talks(app)[0]}/bearbeiten"
    again = anna.get(url)
    assert again.fields()["parties-0-step"] == [""], "what was told is said beside the field"
    assert "In diesem Gespräch gemeldet: interessiert" in again.main
    for step in ("interested", "", "interested"):
        assert anna.submit(url, parties__0__step=step, place="Rathaus").status == 303
    assert len(told(app, known)) == 1
    anna.submit(url, parties__0__step="resolved")
    assert [step for _name, step, _day, _source in told(app, known)] == [Step.INTERESTED, Step.RESOLVED]


def test_another_talk_may_tell_the_same_step(app, known, anna):
    anna.submit("/beratungen/neu", **fields(known, {"Cölbe": "interested"}))
    anna.submit("/beratungen/neu", **fields(known, {"Cölbe": "interested"}, channel="phone"))
    assert len(told(app, known)) == 2


def test_a_step_without_a_group_is_refused_at_the_field_and_kept(app, known, anna):
    page = anna.submit("/beratungen/neu", **fields(known, {"Cölbe": "interested"}, cooperation=[]))
    assert page.status == 422
    assert "Wählen Sie die Kooperation" in page.soup.select_one("#cooperation-error").get_text()
    assert page.fields()["parties-0-step"] == ["interested"]
    assert (talks(app), told(app, known)) == ([], [])


def refused_in_its_row(page, words):
    """Look at the sentence in the row; what holds the field is open, and the summary leads there."""
    error = page.soup.select_one("#parties-1-step-error")
    return (
        page.status == 422
        and words in error.get_text()
        and error.find_parent("details").has_attr("open")
        and page.soup.select_one(".err-sum a[href='#parties-1-step']") is not None
        and page.fields()["note"] == ["Ein Wort."]
    )


def test_a_planned_talk_tells_nothing_yet(app, known, anna):
    day = f"{today() + timedelta(days=9):%d.%m.%Y}"
    steps = {"Cölbe": "", "Lahntal": "interested"}
    page = anna.submit("/beratungen/neu", **fields(known, steps, held_on=day))
    assert refused_in_its_row(page, "wenn das Gespräch stattgefunden hat")
    assert (talks(app), told(app, known)) == ([], [])


def test_a_cancelled_talk_tells_nothing(app, known, anna):
    with app.app_context():
        number = factories.talk("Cölbe", "Lahntal", cooperation_id=known.group).id
        db.session.commit()
    change = {"parties__1__step": "interested", "state": "cancelled", "note": "Ein Wort."}
    page = anna.submit(f"/beratungen/{number}/bearbeiten", **change)
    assert refused_in_its_row(page, "wenn das Gespräch stattgefunden hat")


def test_a_confidential_talk_tells_nothing_that_everybody_sees(app, known, anna):
    steps = {"Cölbe": "", "Lahntal": "interested"}
    page = anna.submit("/beratungen/neu", **fields(known, steps, confidential="y"))
    assert refused_in_its_row(page, "das vertrauliche Gespräch")
    assert (talks(app), told(app, known)) == ([], [])


@pytest.mark.parametrize("wrong", ["candidate", "x", "INTERESTED"])
def test_a_step_that_nobody_can_tell_is_refused(app, known, anna, wrong):
    assert anna.submit("/beratungen/neu", **fields(known, {"Cölbe": wrong})).status == 422
    assert talks(app) == []


def test_a_refused_saving_leaves_no_step_behind(app, known, anna):
    steps = {"Cölbe": "interested", "Kirchhain": "interested"}
    page = anna.submit("/beratungen/neu", **fields(known, steps, kind="single"))
    assert page.status == 422
    assert told(app, known) == []


def test_a_talk_that_takes_place_in_the_form_tells_its_steps(app, known, anna):
    with app.app_context():
        talk = factories.talk("Cölbe", cooperation_id=known.group, held_on=today() + timedelta(days=1))
        talk.held_on, number = today(), talk.id
        db.session.commit()
    page = anna.submit(f"/beratungen/{number}/bearbeiten", state="held", parties__0__step="interested")
    assert page.status == 303, page.errors()
    assert told(app, known) == [("Cölbe", Step.INTERESTED, today(), StepSource.TALK)]


def test_two_editors_tell_of_different_partners(app, known, anna, bert):
    with app.app_context():
        number = factories.talk("Cölbe", "Lahntal", cooperation_id=known.group).id
        db.session.commit()
    url = f"/beratungen/{number}/bearbeiten"
    mine = anna.get(url).fields()
    bert.submit(url, parties__1__step="declined", parties__1__presence="absent")
    page = anna.post(url, mine | {"parties-0-step": ["interested"]})
    assert "zusammengeführt" in page.main
    assert page.fields()["parties-0-step"] == ["interested"]
    assert anna.post(url, page.fields()).status == 303
    assert [(name, step) for name, step, _day, _source in told(app, known)] == [
        ("Lahntal", Step.DECLINED),
        ("Cölbe", Step.INTERESTED),
    ]


def test_two_editors_of_one_row_choose_and_see_the_step(app, known, anna, bert):
    with app.app_context():
        number = factories.talk("Cölbe", "Lahntal", cooperation_id=known.group).id
        db.session.commit()
    url = f"/beratungen/{number}/bearbeiten"
    mine = anna.get(url).fields()
    bert.submit(url, parties__0__presence="absent")
    page = anna.post(url, mine | {"parties-0-step": ["interested"]})
    assert page.status == 409
    assert "Stand: interessiert" in page.soup.select_one(".conf").get_text()
    kept = page.fields() | {f"keep-{known.Cölbe}": ["stored"]}
    assert anna.post(url, kept).status == 303
    assert told(app, known) == []


def test_the_step_follows_the_corrected_day_of_its_talk(app, known, anna):
    anna.submit("/beratungen/neu", **fields(known, {"Cölbe": "interested", "Lahntal": "interested"}))
    number, day = talks(app)[0], today() - timedelta(days=4)
    with app.app_context():
        by_hand = db.session.scalars(
            select(PartnerStep).where(PartnerStep.consultation_id == number).order_by(PartnerStep.id.desc())
        ).first()
        by_hand.reached_on = today() - timedelta(days=9)
        db.session.commit()
    anna.submit(f"/beratungen/{number}/bearbeiten", held_on=f"{day:%d.%m.%Y}")
    assert [when for _name, _step, when, _source in told(app, known)] == [day, today() - timedelta(days=9)]
    with app.app_context():
        assert "partner.corrected" in db.session.scalars(select(AuditEvent.name)).all()


def test_what_was_told_stays_when_the_talk_goes(app, known, anna):
    anna.submit("/beratungen/neu", **fields(known, {"Cölbe": "interested"}))
    before = told(app, known)
    anna.post(f"/beratungen/{talks(app)[0]}/entfernen")
    assert told(app, known) == before
    with app.app_context():
        assert db.session.get(Cooperation, known.group).stage is Stage.SEARCH


def test_a_group_in_the_trash_hears_nothing(app, known):
    with app.test_request_context():
        talk = factories.talk("Cölbe", cooperation_id=known.group)
        db.session.get(Cooperation, known.group).removed_at = talk.created_at
        db.session.flush()
        values = {"held_on": talk.held_on, "kind": talk.kind, "channel": talk.channel}
        row = Party(place("Cölbe").id, step=Step.INTERESTED)
        with pytest.raises(services.RuleBroken) as broken:
            services.change_consultation(talk, values, [row], factories.member("anna"))
        assert broken.value.field == "cooperation"


def test_many_partners_ask_the_database_no_more_often(app, anna):
    with app.app_context():
        county = place("Landkreis Marburg-Biedenkopf")
        names = [one.name for one in members(county, today())][:20]
        numbers = [factories.cooperation(*names[:size], title=f"Gruppe {size}").id for size in (2, 20)]
        db.session.commit()
    few, many = (anna.get(f"/beratungen/neu?kooperation={one}") for one in numbers)
    assert len(many.fields()["organisations"]) == 20
    assert len(many.statements) <= min(len(few.statements), 20)


def left(page):
    """What is said to wait for somebody after a change of a talk."""
    return " ".join(one.get_text(" ", strip=True) for one in page.soup.select(".flashes .notice-wait"))


def reported(anna, app, known):
    """Log a talk of the day in which Cölbe and Lahntal are interested; its address."""
    anna.submit("/beratungen/neu", **fields(known, {"Cölbe": "interested", "Lahntal": "interested"}))
    return f"/beratungen/{talks(app)[0]}"


def test_a_talk_that_is_confidential_now_no_longer_moves_its_steps(app, known, anna, rita):
    url, day = reported(anna, app, known), today() - timedelta(days=4)
    page = anna.submit(f"{url}/bearbeiten", confidential="y", held_on=f"{day:%d.%m.%Y}", follow=True)
    assert "Cölbe (interessiert), Lahntal (interessiert). Nehmen Sie" in left(page)
    assert [when for _name, _step, when, _source in told(app, known)] == [today()] * 2
    with app.app_context():
        assert "partner.corrected" not in db.session.scalars(select(AuditEvent.name)).all()
    day -= timedelta(days=1)
    page = anna.submit(f"{url}/bearbeiten", held_on=f"{day:%d.%m.%Y}", follow=True)
    assert left(page) == "", "it was said once"
    assert [when for _name, _step, when, _source in told(app, known)] == [today()] * 2
    for about in ("", "/aenderungen"):
        assert f"{day:%d.%m.%Y}" not in rita.get(f"/kooperationen/{known.group}{about}").main


@pytest.mark.parametrize("way", ["absagen", "entfernen"])
def test_what_stays_of_a_talk_that_goes_is_said(app, known, anna, way):
    url = reported(anna, app, known)
    page = anna.post(f"{url}/{way}", follow=True)
    assert "Gemeldet bleibt" in left(page)
    assert "Cölbe (interessiert), Lahntal (interessiert). Nehmen Sie" in left(page)
    assert len(told(app, known)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"cooperation": []},
        {"state": "cancelled"},
        {"held_on": f"{today() + timedelta(days=5):%d.%m.%Y}", "state": "planned"},
    ],
)
def test_what_stays_of_a_changed_talk_is_said_once(app, known, anna, change):
    url = reported(anna, app, known)
    page = anna.submit(f"{url}/bearbeiten", follow=True, **change)
    assert page.status == 200, page.errors()
    assert "Cölbe (interessiert), Lahntal (interessiert). Nehmen Sie" in left(page)
    assert left(anna.submit(f"{url}/bearbeiten", follow=True, place="Rathaus")) == ""


def test_only_the_partner_taken_off_is_named(app, known, anna):
    url = reported(anna, app, known)
    page = anna.submit(f"{url}/bearbeiten", follow=True, organisations=[str(known.Lahntal)])
    assert page.status == 200, page.errors()
    assert "sichtbar: Cölbe (interessiert). Nehmen Sie" in left(page)


def test_an_ordinary_change_leaves_nothing_to_be_said(app, known, anna):
    url = reported(anna, app, known)
    assert left(anna.submit(f"{url}/bearbeiten", follow=True, place="Rathaus")) == ""
    bare = anna.submit("/beratungen/neu", **fields(known, {"Cölbe": ""}))
    assert left(anna.post(f"{bare.location}/absagen", follow=True)) == ""
