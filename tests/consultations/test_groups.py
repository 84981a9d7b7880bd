"""Talks of a cooperation group: what the form presets, where a talk shows its group, who may move it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from crm.audit import AuditEvent
from crm.consultations import queries, services, short
from crm.consultations.models import Consultation
from crm.cooperations.kinds import Step
from crm.cooperations.models import Cooperation
from crm.cooperations.services import remove
from crm.db import db, today
from crm.follow_ups.models import FollowUp
from crm.task_fields.models import TaskField
from tests import factories
from tests.factories import place
from tests.statements import asked

TITLE = "Gemeinsamer Bauhof Nordkreis"


def field(name):
    """Find a task field of the standard catalogue."""
    return db.session.scalars(select(TaskField).where(TaskField.name == name)).one()


@pytest.fixture
def known(app):
    """Numbers of a group of Cölbe, Lahntal and Wetter, of its places, and of another group."""
    with app.app_context():
        fields = [field("Bauhof").id, field("Kasse").id]
        group = factories.cooperation(title=TITLE, task_fields=fields)
        found = {name: place(name).id for name in ("Cölbe", "Lahntal", "Wetter (Hessen)", "Kirchhain")}
        found |= {"group": group.id, "other": factories.cooperation("Hanau", "Gießen", title="Archiv").id}
        found["Bauhof"], found["Kasse"] = fields
        db.session.commit()
    return SimpleNamespace(**{name.split()[0]: number for name, number in found.items()})


def fields(known, *names, **over):
    """What the form of a talk of the group sends."""
    chosen = [str(getattr(known, name)) for name in names]
    kind = "group" if len(names) > 1 else "single"
    found = {"organisations": chosen, "cooperation": [str(known.group)], "kind": kind, "note": "Ein Wort."}
    return found | over


def last(app):
    """Number and group of the talk that was logged last."""
    with app.app_context():
        talk = db.session.scalars(select(Consultation).order_by(Consultation.id.desc())).first()
        return talk.id, talk.cooperation_id


def test_the_page_of_a_group_presets_its_partners_and_fields(known, anna):
    form = anna.get(f"/beratungen/neu?kooperation={known.group}").fields()
    assert form["cooperation"] == [str(known.group)]
    assert form["organisations"] == [str(one) for one in (known.Cölbe, known.Lahntal, known.Wetter)]
    assert set(form["task_fields"]) == {str(known.Bauhof), str(known.Kasse)}
    assert form["kind"] == ["group"]


def test_who_has_gone_and_what_has_ended_is_not_preset(app, known, anna):
    with app.app_context():
        group = db.session.get(Cooperation, known.group)
        factories.step(group, "Lahntal", Step.DECLINED)
        place("Wetter (Hessen)").valid_to = today() - timedelta(days=1)
        field("Kasse").valid_to = today() - timedelta(days=1)
        db.session.commit()
    form = anna.get(f"/beratungen/neu?kooperation={known.group}").fields()
    assert form["organisations"] == [str(known.Cölbe)]
    assert form["task_fields"] == [str(known.Bauhof)]
    assert form["kind"] == ["single"]


def test_a_call_with_one_partner_names_the_one(known, anna):
    address = f"/beratungen/neu?weg=anruf&kooperation={known.group}&kommune={known.Lahntal}"
    form = anna.get(address).fields()
    assert (form["organisations"], form["cooperation"]) == ([str(known.Lahntal)], [str(known.group)])
    assert (form["kind"], form["channel"]) == (["single"], ["phone"])


@pytest.mark.parametrize("number", ["999999", "abc", "-1", ""])
def test_an_address_without_such_a_group_opens_an_empty_form(anna, number):
    page = anna.get(f"/beratungen/neu?kooperation={number}")
    assert (page.status, page.fields().get("cooperation")) == (200, None)


def test_the_group_of_an_earlier_talk_is_kept(app, known, anna):
    with app.app_context():
        number = factories.talk("Cölbe", "Lahntal", days_ago=3, cooperation_id=known.group).id
        db.session.commit()
    for name in ("folgt", "wie"):
        assert anna.get(f"/beratungen/neu?{name}={number}").fields()["cooperation"] == [str(known.group)]
    with app.app_context():
        remove(db.session.get(Cooperation, known.group), factories.member("anna"))
        db.session.commit()
    assert "cooperation" not in anna.get(f"/beratungen/neu?folgt={number}").fields()


def test_a_talk_belongs_to_its_group_and_shows_it(app, known, anna, rita):
    page = anna.submit("/beratungen/neu", **fields(known, "Cölbe", "Lahntal"))
    assert page.status == 303, page.errors()
    assert last(app)[1] == known.group
    for client in (anna, rita):
        facts = client.get(page.location).soup.select_one("section[aria-labelledby=facts]")
        assert facts.select_one(f"a[href='/kooperationen/{known.group}']").get_text() == TITLE
        assert facts.select_one(f"a[href='/beratungen?kooperation={known.group}']")
        assert facts.select_one(".tag").get_text(strip=True) == "Partnersuche"


def test_a_typed_title_is_read_without_a_script(app, known, anna):
    typed = {"cooperation": [], "cooperation-text": "gemeinsamer bauhof"}
    assert anna.submit("/beratungen/neu", **fields(known, "Cölbe") | typed).status == 303
    assert last(app)[1] == known.group


@pytest.mark.parametrize(
    "wrong", [{"cooperation-text": "Nirgendwo"}, {"cooperation": ["999999"]}, {"cooperation": ["x"]}]
)
def test_a_group_nobody_knows_is_refused_and_the_rest_kept(app, known, anna, wrong):
    page = anna.submit("/beratungen/neu", **fields(known, "Cölbe") | wrong)
    assert page.status == 422
    assert page.soup.select_one("#cooperation-error")
    assert page.fields()["note"] == ["Ein Wort."]
    with app.app_context():
        assert db.session.scalars(select(Consultation)).all() == []


def test_a_talk_belongs_to_one_group_only(known, anna):
    two = {"cooperation": [str(known.group), str(known.other)]}
    assert anna.submit("/beratungen/neu", **fields(known, "Cölbe") | two).status == 422


def test_a_service_refuses_a_group_that_is_none(app, known):
    with app.test_request_context(), pytest.raises(services.RuleBroken) as broken:
        factories.talk("Cölbe", cooperation_id=999_999)
    assert broken.value.field == "cooperation"


def test_moving_a_talk_to_another_group_is_noted(app, known, anna):
    anna.submit("/beratungen/neu", **fields(known, "Cölbe", follow_up_on="1.12.2099", follow_up_text="Rufen"))
    number, _group = last(app)
    page = anna.submit(f"/beratungen/{number}/bearbeiten", cooperation=[str(known.other)], follow=True)
    history = page.soup.select_one(".history").get_text(" ", strip=True)
    assert f"Kooperation {TITLE} → Archiv" in history
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "consultation.changed")).one()
        assert event.changes["cooperation_id"] == [known.group, known.other]
        assert db.session.scalars(select(FollowUp.cooperation_id)).all() == [known.other]


def test_a_colleagues_choice_of_the_group_is_merged_or_asked_for(app, known, anna, bert):
    anna.submit("/beratungen/neu", **fields(known, "Cölbe"))
    url = f"/beratungen/{last(app)[0]}/bearbeiten"
    mine = anna.get(url).fields()
    bert.submit(url, cooperation=[str(known.other)])
    merged = anna.post(url, mine | {"note": ["Annas Wort."]})
    assert merged.fields()["cooperation"] == [str(known.other)], "what only Bert changed is taken over"
    both = anna.post(url, mine | {"cooperation": []})
    assert both.status == 409
    assert "Archiv" in both.soup.select_one(".conf").get_text()
    assert anna.post(url, both.fields() | {"keep-cooperation": ["stored"]}).status == 303
    assert last(app)[1] == known.other


def test_a_draft_brings_the_group_and_the_steps_back(app, known, anna):
    form = anna.get("/beratungen/neu").fields()
    row = {"parties-0-organisation": str(known.Cölbe), "parties-0-step": "interested"}
    sent = form | fields(known, "Cölbe") | row
    assert anna.post("/entwurf?path=/beratungen/neu", sent).status in (200, 204)
    kept = anna.get(f"/beratungen/neu?entwurf={form['draft'][0]}").fields()
    assert (kept["cooperation"], kept["parties-0-step"]) == ([str(known.group)], ["interested"])


def test_editing_does_not_cut_the_thread_to_a_group_in_the_trash(app, known, anna):
    anna.submit("/beratungen/neu", **fields(known, "Cölbe"))
    number, _group = last(app)
    anna.post(f"/kooperationen/{known.group}/entfernen")
    page = anna.submit(f"/beratungen/{number}/bearbeiten", place="Rathaus", follow=True)
    assert TITLE not in page.soup.select_one("section[aria-labelledby=facts]").get_text()
    assert last(app) == (number, known.group)
    anna.post(f"/kooperationen/{known.group}/wiederherstellen")
    assert TITLE in anna.get(f"/beratungen/{number}").main


def test_a_group_begun_from_a_talk_takes_it(app, known):
    with app.test_request_context():
        talk = factories.talk("Cölbe", follow_up_on=today(), follow_up_text="Rufen")
        group = db.session.get(Cooperation, known.group)
        for _turn in range(2):
            services.join(talk, group, factories.member("anna"))
        assert (talk.cooperation_id, group.talked_on) == (group.id, today())
        assert db.session.scalars(select(FollowUp)).one().cooperation_id == group.id
        names = db.session.scalars(
            select(AuditEvent.changes).where(AuditEvent.name == "consultation.changed")
        )
        assert names.all() == [{"cooperation_id": [None, group.id]}]


def test_the_list_is_narrowed_to_a_group_and_the_filter_has_its_name(app, known, anna):
    with app.app_context():
        factories.talk("Cölbe", "Lahntal", cooperation_id=known.group)
        factories.talk("Hanau")
        db.session.commit()
    page = anna.get(f"/beratungen?kooperation={known.group}")
    assert page.soup.select_one("h1 .count").get_text() == "1"
    assert TITLE in page.soup.select_one(".chip").get_text()
    chosen = page.soup.select_one("select[name=kooperation] option[selected]")
    assert chosen["value"] == str(known.group), "another filter does not lose it"
    assert anna.get("/beratungen?kooperation=999999").soup.select_one("h1 .count").get_text() == "2"


def test_files_of_the_list_name_the_group(app, known, anna):
    with app.app_context():
        factories.talk("Cölbe", cooperation_id=known.group)
        db.session.commit()
    content = anna.get(f"/beratungen/liste.csv?kooperation={known.group}").data.decode("utf-8-sig")
    head, row = content.strip().splitlines()
    assert (head.rpartition(";")[2], row.rpartition(";")[2]) == ("Kooperation", TITLE)


def test_the_record_names_the_group(app, known, anna):
    with app.app_context():
        numbers = factories.talk("Cölbe", cooperation_id=known.group).id, factories.talk("Lahntal").id
        db.session.commit()
    facts = [anna.get(f"/beratungen/{one}/vermerk").soup.select_one(".paper-facts") for one in numbers]
    assert [TITLE in one.get_text() for one in facts] == [True, False]


def test_the_timeline_of_a_kommune_names_the_group(app, known, rita):
    with app.app_context():
        factories.talk("Cölbe", cooperation_id=known.group)
        db.session.commit()
    line = rita.get(f"/kommunen/{known.Cölbe}").soup.select_one(".tl-meta")
    assert line.select_one("a")["href"] == f"/kooperationen/{known.group}"


def test_talks_of_a_group_come_in_few_statements_the_newest_first(app, known):
    with app.test_request_context():
        for days in (9, 1, 5, 3):
            factories.talk("Cölbe", "Lahntal", days_ago=days, cooperation_id=known.group,
                           task_fields=[known.Bauhof, known.Kasse])  # fmt: skip
        factories.talk("Cölbe", cooperation_id=known.group, confidential=True)
        factories.talk("Cölbe")
        db.session.expire_all()
        user = factories.member("rita")
        db.session.refresh(user)
        with asked() as statements:
            talks = short.for_cooperation(user, known.group, 3)
            shown = [(one.heading, one.about) for one in talks]
        assert len(statements) <= 3
        assert [(today() - one.held_on).days for one in talks] == [1, 3, 5]
        assert shown[0] == ("Gruppengespräch Bauhof, Kasse", "Cölbe, Lahntal")
        assert len(short.for_cooperation(factories.member("anna"), known.group, 9)) == 5


def test_the_last_talk_of_groups_is_the_last_held_one_a_user_may_see(app, known):
    with app.test_request_context():
        for days in (9, 4):
            factories.talk("Cölbe", days_ago=days, cooperation_id=known.group)
        factories.talk("Cölbe", days_ago=1, cooperation_id=known.group, confidential=True)
        factories.talk("Cölbe", days_ago=-3, cooperation_id=known.group)
        gone = factories.talk("Cölbe", days_ago=2, cooperation_id=known.group)
        services.remove(gone, factories.member("anna"))
        for name, days in (("rita", 4), ("anna", 1)):
            user, day = factories.member(name), today() - timedelta(days=days)
            assert db.session.execute(queries.last_held_by_group(user)).all() == [(known.group, day)]


def test_a_user_sees_the_talks_of_the_own_circle(app, known):
    with app.test_request_context():
        open_one, hidden = factories.talk("Cölbe").id, factories.talk("Cölbe", confidential=True).id
        gone = factories.talk("Lahntal")
        services.remove(gone, factories.member("anna"))
        named = aliased(Consultation)
        for name, seen in (("rita", [open_one]), ("anna", [open_one, hidden])):
            query = select(named.id).where(queries.seen_by(factories.member(name), named.id))
            found = db.session.scalars(query.order_by(named.id).execution_options(include_removed=True))
            assert found.all() == seen
