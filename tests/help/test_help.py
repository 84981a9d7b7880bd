"""The help tells the truth: its links lead somewhere, its words stand on the screen, each page its own."""

import re

import pytest
from babel.messages.pofile import read_po

import config
from crm.help.topics import TEXTS, TOPICS, below, text_of, topic_of
from crm.navigation import LOW, MAIN

BY_SLUG = pytest.mark.parametrize("topic", TOPICS, ids=lambda one: one.slug)
LINK = re.compile(r"\]\((/[^)]*)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*")
# Words in bold that stand above a list of the text itself.
HEADS = {"Gut zu wissen", "Mails", "Listen", "Nach einer Wahl", "Praxisbeispiele"}
STRANGERS = {"assets", "guests", "practice", "monitoring", "help"}


def words_of_the_screen():
    """Every German text of the program, as it is shown."""
    path = config.ROOT / "crm" / "translations" / "de" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        texts = [one.string for one in read_po(file, locale="de") if one.id]
    return {text for each in texts for text in (each if isinstance(each, tuple) else (each,))}


def test_each_topic_has_a_text_and_no_text_is_left_over():
    assert {path.stem for path in TEXTS.glob("*.md")} == {one.slug for one in TOPICS}


@BY_SLUG
def test_a_page_shows_text_and_picture(app, rita, topic):
    page = rita.get(f"/hilfe/{topic.slug}")
    with app.test_request_context():
        assert page.soup.select_one("h1").get_text(strip=True) == str(topic.title)
    assert page.soup.select_one(".prose[lang=de] ol, .prose[lang=de] ul")
    picture = page.soup.select_one("main figure img")
    assert rita.get(picture["src"]).status == 200
    assert len(page.soup.select(".topic-more li")) == len(TOPICS) - 1


@BY_SLUG
def test_links_lead_to_pages_of_the_program(app, topic):
    door = app.url_map.bind("localhost")
    for address in LINK.findall(text_of(topic)):
        assert door.match(address, "GET"), address


@BY_SLUG
def test_words_in_bold_stand_on_the_screen(topic):
    assert set(BOLD.findall(text_of(topic))) - HEADS <= words_of_the_screen()


def test_the_list_leads_to_every_topic(ada):
    page = ada.get("/hilfe/")
    assert [one["href"] for one in page.soup.select(".topics a")] == [f"/hilfe/{one.slug}" for one in TOPICS]


@pytest.mark.parametrize(
    ("url", "slug"),
    [("/", "anfang"), ("/beratungen", "beratung"), ("/konten", "verwaltung"), ("/konto", "anfang")],
)
def test_every_page_leads_to_the_task_at_hand(mara, ada, url, slug):
    page = (ada if url == "/konten" else mara).get(url)
    assert page.soup.select_one(".top-links a[href^='/hilfe']")["href"] == f"/hilfe/{slug}"


def test_a_page_of_the_help_leads_to_the_list(rita):
    page = rita.get("/hilfe/beratung")
    assert page.soup.select_one(".top-links a[href^='/hilfe']")["href"] == "/hilfe/"


def test_an_unknown_task_is_not_found(rita):
    assert rita.get("/hilfe/gibt-es-nicht").status == 404


def test_every_part_of_the_program_with_pages_is_explained_once(app):
    areas = [area for one in TOPICS for area in one.areas]
    assert len(areas) == len(set(areas))
    named = {endpoint.partition(".")[0] for endpoint, _text, _icon, _permission in (*MAIN, *LOW)}
    assert {area for area in named if not topic_of(f"{area}.index")} == set()
    shown = {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert {area for area in shown - STRANGERS if not topic_of(area)} == set()


def test_links_stay_inside_a_program_below_a_path():
    assert below("/ikz", "Im [Konto](/konto).") == "Im [Konto](/ikz/konto)."
    assert below("", "Im [Konto](/konto).") == "Im [Konto](/konto)."
