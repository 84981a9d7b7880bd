"""The handover page: what stands on it, and what never can."""

from datetime import timedelta

import pytest

from crm.access import Permission
from crm.consultations.models import ConsultationKind, Presence
from crm.consultations.services import Party, cancel
from crm.contacts import services as people
from crm.contacts.models import FunctionRole
from crm.cooperations.kinds import Step
from crm.db import db, today
from crm.elections import handover
from crm.elections.handover import groups, talks
from crm.elections.outside import OUTSIDE, Outsider
from crm.events.models import Entrance
from crm.funding.following import record_obligation
from crm.funding.kinds import ObligationKind
from crm.i18n import day
from crm.resolutions.models import ResolutionKind, Result
from tests import factories
from tests.pdfs import Pdf

SECRET = "Streng geheim"


def said(name="Lahntal"):
    """All lines of the page, by section."""
    return {part.key: [one.cells for one in part.items] for part in handover.parts_of(factories.place(name))}


def words(name="Lahntal"):
    """All that stands on the page."""
    return repr(said(name))


def furnish():
    """Make a group with everything a page can tell."""
    anna = factories.member("anna")
    ida = factories.person("Kranz", "Ida", role=FunctionRole.HEAD, is_head=True, title="Bürgermeisterin")
    group = factories.cooperation("Cölbe", "Lahntal", "Wetter (Hessen)", adviser_id=anna.id)
    factories.step(group, "Cölbe", Step.INTERESTED, 9)
    factories.step(group, "Cölbe", Step.RESOLVED, 5)
    factories.step(group, "Wetter (Hessen)", Step.DECLINED, 5)
    factories.resolution(group, "Lahntal", paper_number="VL-41/2026", note=SECRET)
    factories.resolution(group, "Lahntal", -8, paper_number="VL-12/2026", result=Result.POSTPONED)
    factories.resolution(group, "Lahntal", -60, paper_number="VL-03/2026", result=Result.ADOPTED)
    factories.resolution(group, "Cölbe", paper_number="CÖ-1", kind=ResolutionKind.FINAL)
    grant = factories.application(
        group, granted_on=today() - timedelta(days=9), granted=100_000, note=SECRET, amount_reason=SECRET
    )
    duty = {"kind": ObligationKind.REPORT, "due_on": today() + timedelta(days=90), "clause": "Nr. 7"}
    record_obligation(group, grant, duty | {"note": SECRET}, anna)
    frida = factories.person("Fremd", "Frida", "Cölbe")
    parties = [
        Party(factories.place("Lahntal").id, people=[ida.id], private_note=SECRET),
        Party(factories.place("Cölbe").id, people=[frida.id]),
    ]
    texts = {"note": SECRET, "agreements": "Zahlen bis Mai", "next_step": "Treffen"}
    kind = ConsultationKind.GROUP
    factories.talk(parties=parties, days_ago=3, kind=kind, cooperation_id=group.id, **texts)
    factories.follow_up("Muster für den Vertrag schicken", waiting_for=SECRET)
    factories.event("Fachtagung Bauhof", entrance=Entrance.LISTED, note=SECRET)
    db.session.flush()


@pytest.fixture
def house(context):
    """The same at hand, without a request."""
    furnish()


def test_each_section_says_its_things(house):
    found = said()
    assert found["beratung"] == [["Anna Adler", "Gemeinsamer Bauhof", "anna@kikz.test"]]
    (line,) = found["vorhaben"]
    assert line[0].startswith("Gemeinsamer Bauhof")
    assert line[1:] == ["Cölbe (beschlossen)", *line[2:4], "Unterschrift unter den Vertrag"]
    assert "beschlossen seit" in line[3]
    assert [row[3:] for row in found["beschluss"]] == [
        ["VL-12/2026", "vertagt"],
        ["VL-41/2026", "zu entscheiden"],
    ]
    assert found["zusage"] == [["Muster für den Vertrag schicken", day(today() + timedelta(days=3))]]
    assert found["absprache"][0][1] == "Vereinbart: Zahlen bis Mai\nNächster Schritt: Treffen"
    assert [row[1] for row in found["zuwendung"]] == [
        "Zuwendung von 100.000\u00a0€",
        "Erfahrungsbericht Nr. 7",
    ]
    assert found["gespraech"][0][2] == "Ida Kranz (Bürgermeisterin)"
    assert [row[1] for row in found["veranstaltung"]] == ["Fachtagung Bauhof"]


def test_the_page_of_a_kommune_nobody_knows_says_so(context):
    assert all(part.nothing and not part.items for part in handover.parts_of(factories.place("Bebra")))


def test_no_note_and_nobody_else_stands_on_it(house):
    text = words()
    assert SECRET not in text
    assert "Fremd" not in text
    assert "CÖ-1" not in text
    assert "Wetter" not in text
    assert "VL-03/2026" not in text


@pytest.mark.parametrize("over", [{"confidential": True}, {"kind": ConsultationKind.INTERNAL}])
def test_no_confidential_and_no_internal_talk_stands_on_it(context, over):
    values = {"agreements": SECRET, "next_step": SECRET, "follow_up_on": today(), "follow_up_text": SECRET}
    factories.talk("Lahntal", "Cölbe", **values)
    assert words().count(SECRET) == 3, "the control: an open talk is told"
    factories.talk("Lahntal", "Cölbe", **values, **over)
    assert words().count(SECRET) == 3


def test_what_hangs_on_a_confidential_talk_stays_in_the_house_whatever_its_flag_says(context):
    talk = factories.talk("Lahntal", confidential=True)
    follow_up = factories.follow_up(
        SECRET, consultation_id=talk.id, organisation_id=factories.place("Lahntal").id
    )
    assert not follow_up.confidential
    assert SECRET not in words()


def test_a_confidential_follow_up_stays_in_the_house(context):
    follow_up = factories.follow_up(SECRET)
    assert SECRET in words()
    follow_up.confidential = True
    db.session.flush()
    assert SECRET not in words()


def test_whoever_prints_it_reads_as_an_outsider(context, monkeypatch):
    """The control: with the rights of the house the confidential talk would stand there."""
    factories.talk("Lahntal", confidential=True, agreements=SECRET)
    assert SECRET not in words()
    monkeypatch.setattr(Outsider, "may", lambda _self, _permission: True)
    assert SECRET in words()


def test_an_outsider_may_read_content_and_nothing_else(one_app):
    assert {one for one in Permission if OUTSIDE.may(one)} == {Permission.READ_CONTENT}


def test_only_talks_it_took_part_in_are_told(context):
    place, anna = factories.place("Lahntal").id, factories.member("anna")
    factories.talk(parties=[Party(place, Presence.ABSENT)])
    factories.talk("Lahntal", held_on=today() + timedelta(days=3))
    cancel(factories.talk("Lahntal", held_on=today() + timedelta(days=4)), anna)
    factories.talk("Cölbe")
    assert said()["gespraech"] == []
    factories.talk("Lahntal")
    assert len(said()["gespraech"]) == 1


def test_the_last_five_talks_keep_the_function_of_their_day(context):
    ida = factories.person("Kranz", "Ida", role=FunctionRole.HEAD, is_head=True, title="Bürgermeisterin")
    place = factories.place("Lahntal").id
    for days_ago in range(1, 8):
        factories.talk(parties=[Party(place, people=[ida.id])], days_ago=days_ago)
    people.change_function(
        ida.functions[0], {"organisation_id": place, "role": FunctionRole.STAFF, "title": "Beraterin"},
        factories.member("anna"),
    )  # fmt: skip
    db.session.expire_all()
    rows = said()["gespraech"]
    assert len(rows) == talks.TALKS
    assert {row[2] for row in rows} == {"Ida Kranz (Bürgermeisterin)"}


def test_events_by_invitation_are_not_announced(context):
    factories.event("Nur geladen", entrance=Entrance.INVITED)
    factories.event("Mit Adresse", entrance=Entrance.UNLISTED)
    assert said()["veranstaltung"] == []


def test_groups_of_predecessors_are_told_with_their_name(context):
    group = factories.cooperation("Hatzfeld (Eder)", "Allendorf (Eder)")
    assert said("Allendorf (Eder)")["vorhaben"][0][1] == "Hatzfeld (Eder)"
    assert groups.MOST > 0
    assert group.id


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("Lahntal", "die neue Bürgermeisterin oder den neuen Bürgermeister"),
        ("Marburg", "die neue Oberbürgermeisterin oder den neuen Oberbürgermeister"),
        ("Frankfurt am Main", "die neue Oberbürgermeisterin oder den neuen Oberbürgermeister"),
        ("Landkreis Fulda", "die neue Landrätin oder den neuen Landrat"),
    ],
)
def test_it_is_addressed_to_the_office(app, anna, name, asked):
    with app.app_context():
        number = factories.place(name).id
    assert asked in anna.get(f"/kommunen/{number}/uebergabe").main


def test_it_is_addressed_to_the_head_who_comes(app, anna):
    with app.app_context():
        factories.person("Alt", "Anton", role=FunctionRole.HEAD, is_head=True, valid_to=today())
        first = today() + timedelta(days=1)
        factories.person(
            "Neu", "Nele", role=FunctionRole.HEAD, is_head=True, title="Bürgermeisterin", valid_from=first
        )
        number = factories.place("Lahntal").id
        db.session.commit()
    assert "Bürgermeisterin Nele Neu" in anna.get(f"/kommunen/{number}/uebergabe").main


@pytest.fixture
def page_url(app):
    """Address of the page of Lahntal, and the key of one of its lines."""
    with app.app_context():
        furnish()
        db.session.commit()
        number = factories.place("Lahntal").id
        key = handover.parts_of(factories.place("Lahntal"))[3].items[0].key
    return f"/kommunen/{number}/uebergabe", key


def test_the_page_says_what_is_left_out_and_needs_few_statements(rita, page_url):
    page = rita.get(page_url[0])
    assert "vertrauliche und interne Gespräche" in page.main
    assert SECRET not in page.html
    assert len(page.statements) <= 20


def test_a_line_and_a_section_can_be_left_out(anna, page_url):
    url, key = page_url
    page = anna.get(f"{url}?ohne={key}&ohne=vorhaben&ohne=quatsch")
    ticked = [tag["value"] for tag in page.soup.select("input[name=ohne][checked]")]
    assert ticked == ["vorhaben", key]
    whole, cut = (Pdf(anna.get(f"{url}.pdf{query}").data) for query in ("", f"?ohne={key}&ohne=vorhaben"))
    for text in ("MusterfürdenVertrag", "LaufendeundgeplanteKooperationen"):
        assert text in whole.letters
        assert text not in cut.letters
    assert "VL-41/2026" in cut.letters


def test_the_paper_is_tagged_and_german_and_says_what_is_left_out(anna, page_url):
    answer = anna.get(f"{page_url[0]}.pdf")
    pdf = Pdf(answer.data)
    assert answer.headers["Content-Disposition"].count("Uebergabe-Lahntal")
    assert pdf.root["/Lang"] == "de"
    assert any(role.endswith("Table") for role in pdf.roles)
    assert "vertraulicheundinterneGespräche" in pdf.letters
    assert SECRET.replace(" ", "") not in pdf.letters


@pytest.mark.parametrize("name", ["Regierungsbezirk Gießen", "Bromskirchen"])
def test_what_has_no_head_to_come_has_no_page(app, anna, name):
    with app.app_context():
        number = factories.place(name).id
    assert anna.get(f"/kommunen/{number}/uebergabe").status == 404
    assert anna.get(f"/kommunen/{number}/uebergabe.pdf").status == 404


@pytest.mark.parametrize(
    ("presence", "own", "told"),
    [
        (Presence.PRESENT, False, True),
        (Presence.ABSENT, False, False),
        (Presence.APOLOGISED, False, False),
        (Presence.APOLOGISED, True, True),
    ],
)
def test_what_was_promised_to_all_is_told_to_who_was_there(context, presence, own, told):
    place = factories.place("Lahntal").id
    parties = [Party(factories.place("Cölbe").id), Party(place, presence)]
    talk = factories.talk(parties=parties, kind=ConsultationKind.GROUP)
    factories.follow_up("Zahlen", consultation_id=talk.id, organisation_id=place if own else None)
    assert ("Zahlen" in str(said()["zusage"])) is told
