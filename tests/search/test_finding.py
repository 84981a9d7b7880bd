"""Who types something finds it, first, on both databases."""

import pytest
from sqlalchemy import select

from crm.db import db, today
from crm.search import queries
from crm.search.asking import read
from crm.search.models import EntryKind, SearchEntry
from crm.task_fields.models import TaskField
from tests import factories
from tests.statements import asked as counting


def find(text, by="anna"):
    """Answer a question."""
    return queries.find(factories.member(by), read(text, today()))


def first(text, kind=EntryKind.ORGANISATION, by="anna"):
    """The best hit of a kind."""
    return next((hit.title for hit in find(text, by).hits.get(kind, [])), None)


# What is typed, and what comes first; real names of the register.
PLACES = [
    ("mar", "Marburg"), ("marb", "Marburg"), ("Marburg", "Marburg"), ("MARBURG", "Marburg"),
    ("Marbrug", "Marburg"), ("Marbug", "Marburg"), ("kas", "Kassel"), ("ful", "Fulda"), ("gie", "Gießen"),
    ("Giessen", "Gießen"), ("gießen", "Gießen"), ("Gisen", "Gießen"), ("giesen", "Gießen"),
    ("Gross Gerau", "Groß-Gerau"), ("großgerau", "Groß-Gerau"), ("gross-gerau", "Groß-Gerau"),
    ("Münchhausen", "Münchhausen"), ("muenchhausen", "Münchhausen"), ("munchhausen", "Münchhausen"),
    ("muenchh", "Münchhausen"), ("Müncchausen", "Münchhausen"), ("coelbe", "Cölbe"), ("colbe", "Cölbe"),
    ("Kölbe", "Cölbe"), ("lahnt", "Lahntal"), ("Wetter", "Wetter (Hessen)"),
    ("Allendorf Lumda", "Allendorf (Lumda)"), ("Allendorf (Eder)", "Allendorf (Eder)"),
    ("Weimar b. Marburg", "Weimar (Lahn)"), ("weimar", "Weimar (Lahn)"), ("Kirchheim", "Kirchheim"),
    ("Kirchain", "Kirchhain"), ("06534014", "Marburg"), ("534014", "Marburg"),
    ("LK Fulda", "Landkreis Fulda"), ("Bad Homburg", "Bad Homburg v. d. Höhe"),
    ("Homburg v.d.H.", "Bad Homburg v. d. Höhe"), ("ffm", "Frankfurt am Main"),
    ("frankfurt", "Frankfurt am Main"), ("Franfurt", "Frankfurt am Main"), ("wisbaden", "Wiesbaden"),
    ("Darmstad", "Darmstadt"), ("rüselsheim", "Rüsselsheim am Main"), ("offenbch", "Offenbach am Main"),
    ("ekom21", "ekom21"), ("RP Kassel", "Regierungspräsidium Kassel"), ("Ober-Ramstadt", "Ober-Ramstadt"),
    ("oestrich", "Oestrich-Winkel"), ("ÖSTRICH", "Oestrich-Winkel"), ("Hoechst", "Höchst i. Odw."),
    ("nidda", "Nidda"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), PLACES, ids=[text for text, _name in PLACES])
def test_the_best_place_comes_first(context, text, name):
    assert first(text) == name


def test_there_are_enough_names():
    assert len(PLACES) >= 40


def shown(question, by="anna"):
    """What is found, as (kind, title), in the order of the page."""
    return [(kind.value, hit.title) for kind, hits in find(question, by).hits.items() for hit in hits]


@pytest.fixture
def office(context):
    """People, talks, groups and events that share words."""
    factories.person("Koch", "Petra", "Cölbe")
    factories.person("Kochendörfer", "Uwe", "Lahntal")
    factories.person("Müller", "Jürgen", "Lahntal")
    factories.person("Groß", "Weiß", "Buseck")
    factories.talk("Lahntal", note="Der Bauhof braucht einen Häcksler.", days_ago=400)
    factories.talk("Lahntal", "Cölbe", note="Bauhof: Kosten der Halle.", days_ago=3)
    factories.talk("Buseck", note="Es ging um die Halle in Lahntal.", days_ago=1, by="bert")
    factories.cooperation("Cölbe", "Lahntal", title="Gemeinsamer Bauhof Nordkreis")
    factories.cooperation("Buseck", "Lollar", title="Kassengemeinschaft")
    factories.event("Fachtagung Bauhof")
    factories.follow_up("Kosten des Bauhofs erfragen")
    db.session.commit()


ANSWERS = [
    ("koch", [("person", "Petra Koch"), ("person", "Uwe Kochendörfer")]),
    ("koch petra", [("person", "Petra Koch")]),
    ("mueller", [("person", "Jürgen Müller")]),
    ("Muller", [("person", "Jürgen Müller")]),
    ("Mülller", [("person", "Jürgen Müller")]),
    ("weiss gross", [("person", "Weiß Groß")]),
    ("häcksler", [("consultation", "Lahntal")]),
    ("haecksler BAUHOF", [("consultation", "Lahntal")]),
    ("halle", [("consultation", "Buseck"), ("consultation", "Lahntal, Cölbe")]),
    ("halle von:anna", [("consultation", "Lahntal, Cölbe")]),
    ("halle von:B. Braun", []),
    ('halle von:"B. Braun"', []),
    ('"kosten der halle"', [("consultation", "Lahntal, Cölbe")]),
    ('"halle der kosten"', []),
    ("nordkreis", [("cooperation", "Gemeinsamer Bauhof Nordkreis")]),
    ("Nordkries", [("cooperation", "Gemeinsamer Bauhof Nordkreis")]),
    ("kassengem", [("cooperation", "Kassengemeinschaft")]),
    ("fachtagung", [("event", "Fachtagung Bauhof")]),
    ("Fachtagnug", [("event", "Fachtagung Bauhof")]),
    ("bauhof art:beratung", [("consultation", "Lahntal, Cölbe"), ("consultation", "Lahntal")]),
    ("bauhof art:wiedervorlage", [("follow-up", "Kosten des Bauhofs erfragen")]),
    ("bauhof seit:gestern art:beratung", []),
    ("kosten art:beratung diese:Woche", [("consultation", "Lahntal, Cölbe")]),
    ("von:ich halle", [("consultation", "Lahntal, Cölbe")]),
]


@pytest.mark.parametrize(("question", "wanted"), ANSWERS, ids=[question for question, _wanted in ANSWERS])
def test_the_same_is_found_on_both_databases(office, question, wanted):
    assert shown(question) == wanted


def test_a_word_leads_to_all_kinds_the_names_before_the_mentions(office):
    found = shown("bauhof")
    assert found == [
        ("cooperation", "Gemeinsamer Bauhof Nordkreis"), ("event", "Fachtagung Bauhof"),
        ("follow-up", "Kosten des Bauhofs erfragen"), ("consultation", "Lahntal, Cölbe"),
        ("consultation", "Lahntal"),
    ]  # fmt: skip


def test_a_task_field_finds_what_is_about_it_or_about_its_group(context):
    group = db.session.scalars(select(TaskField).where(TaskField.parent_id.is_(None))).first()
    member = db.session.scalars(select(TaskField).where(TaskField.parent_id == group.id)).first()
    factories.talk("Lahntal", task_fields=[member.id])
    factories.talk("Cölbe")
    db.session.commit()
    for name in (member.name, group.name):
        assert shown(f'thema:"{name}"') == [("consultation", "Lahntal")]
    assert "Kein Aufgabenfeld" in find("thema:qxqx lahntal").problems[0]


def test_namesakes_are_told_apart_by_what_stands_beside_them(context):
    hits = find("reichelsheim").hits[EntryKind.ORGANISATION]
    assert {hit.title for hit in hits} == {"Reichelsheim (Odenwald)", "Reichelsheim (Wetterau)"}
    assert len({hit.note for hit in hits}) == 2


def test_what_is_alike_stands_behind_what_is_called_so(context):
    hits = find("Kirchheim").hits[EntryKind.ORGANISATION]
    assert [hit.title for hit in hits] == ["Kirchheim", "Kirchhain"]
    assert [hit.match >= queries.ALIKE for hit in hits] == [False, True]


def test_a_former_name_is_named(context):
    formers = select(SearchEntry).where(SearchEntry.kind == EntryKind.ORGANISATION, SearchEntry.former != "")
    entry = db.session.scalars(formers.order_by(SearchEntry.weight, SearchEntry.record_id)).first()
    old = entry.former.split("\n")[0]
    found = find(old).hits[EntryKind.ORGANISATION]
    assert (entry.title, old) in [(hit.title, hit.former) for hit in found]


@pytest.mark.parametrize("question", ["bauhof", "marbrug", "von:anna thema:bau seit:1.1.2020 kosten", "a"])
def test_a_search_takes_few_statements(office, question):
    user = factories.member("anna")
    with counting() as statements:
        queries.find(user, read(question, today()))
    assert len(statements) <= 6


def test_talks_of_single_colleagues_are_for_managers(office):
    factories.follow_up("Bert fragt nach der Halle", by="bert")
    db.session.commit()
    question, asked = 'halle von:"B. Braun"', ("follow-up", "Bert fragt nach der Halle")
    assert shown(question) == [asked]
    assert "nur die Leitung" in find(question).problems[0]
    assert sorted(shown(question, by="mara")) == [("consultation", "Buseck"), asked]
    assert not find(question, by="mara").problems
    assert not find("halle von:anna").problems
