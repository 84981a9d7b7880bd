"""How alike a question and a case are: a table of cases, each with the reasons somebody reads."""

from dataclasses import replace

import pytest

from config import SuiteSettings
from crm import create_app
from crm.cooperations.kinds import LegalForm, Stage
from crm.cooperations.suggestions import Place
from crm.examples.likeness import USUAL, Case, Field, Question, best, score
from crm.examples.words import meeting, telling

YARD, OFFICE = Field(1, "Bauhof", 10, "Bauen und Technik"), Field(2, "Standesamt", 20, "Bürgerdienste")
BUILDING, TECHNICS = Field(3, "Bauverwaltung", 10, "Bauen und Technik"), Field(10, "Bauen und Technik")
NORTH, SOUTH = (8.8, 51.0), (8.8, 49.6)
ASKS = (Place(1, "Adorf", NORTH, 4000, False, 90, "Kreis Nord"), Place(2, "Bedorf", NORTH, 6000, False, 90))


@pytest.fixture(scope="module")
def speaking_app():
    """The application over no database."""
    return create_app(SuiteSettings("sqlite://"))


@pytest.fixture(autouse=True)
def words(speaking_app):
    """English words, as they stand in the code."""
    with speaking_app.test_request_context("/?sprache=en", base_url="http://localhost"):
        yield


def case(number=1, title="Etwas", fields=(YARD,), at=SOUTH, people=5000, county=91, size=2, **over):
    """A running case of so many places in one spot."""
    places = tuple(
        Place(number * 10 + one, f"Ort{one}", at, people, False, county, "Kreis Süd") for one in range(size)
    )
    return Case(number, title, Stage.RUNNING, None, fields, places, size, **over)


ASKED = Question((YARD,), places=ASKS)
REASONS = (
    ("the same field", case(), ["same task field: Bauhof", "alike in size: 5,000 inhabitants on average",
                                "also 2 partners"]),
    ("a field of the same group", case(fields=(BUILDING,), people=50_000, size=5),
     ["same group of tasks: Bauen und Technik (Bauverwaltung)"]),
    ("a title akin", case(title="Gemeinsamer Betriebshof", fields=(), people=50_000, size=5),
     ["related task: Gemeinsamer Betriebshof"]),
    ("near and in the same county", case(at=(8.9, 51.0), county=90, people=50_000, size=5),
     ["same task field: Bauhof", "same county: Kreis Süd", "near: 7.0 km to Ort0"]),
    ("released", case(people=50_000, size=5, is_released=True),
     ["same task field: Bauhof", "released as practice example"]),
    ("nothing of it", case(fields=(OFFICE,), people=50_000, size=5), []),
)  # fmt: skip


@pytest.mark.parametrize(("_said", "one", "reasons"), REASONS, ids=[one[0] for one in REASONS])
def test_the_reasons_say_what_is_alike(_said, one, reasons):
    assert score(ASKED, one).reasons == reasons


def test_the_same_form_is_a_reason():
    found = score(replace(ASKED, form=LegalForm.ZWECKVERBAND), replace(case(), form=LegalForm.ZWECKVERBAND))
    assert found.reasons[-1] == "same form: Zweckverband (§ 5 KGG)"


def test_a_county_as_a_partner_is_alike_and_has_no_size_of_its_own():
    county = Place(90, "Kreis Nord", NORTH, 200_000, True)
    with_county = replace(case(), places=(*case().places, replace(county, id=91, name="Kreis Süd")))
    found = score(Question((YARD,), places=(*ASKS, county)), with_county)
    assert "with the county as a partner" in found.reasons
    assert "alike in size: 5,000 inhabitants on average" in found.reasons


def test_the_task_counts_more_than_all_the_rest_together():
    far = case(1, people=80_000, size=9)
    near = case(2, fields=(BUILDING,), at=NORTH, county=90, is_released=True)
    assert [one.case.id for one in best(ASKED, [near, far], 5)] == [1, 2]
    blind = replace(USUAL, field=0, words=0, group=0, more=0)
    assert [one.case.id for one in best(ASKED, [near, far], 5, blind)] == [2, 1]


def test_what_has_nothing_to_do_with_it_is_no_answer_however_near():
    other = case(fields=(OFFICE,), at=NORTH, county=90, is_released=True)
    assert best(ASKED, [other], 5) == []
    assert [one.case for one in best(replace(ASKED, fields=()), [other], 5)] == [other]


def test_a_group_of_fields_stands_for_its_fields():
    assert score(Question((TECHNICS,)), case()).reasons[0] == "same task field: Bauhof"


def test_equal_ones_stand_in_the_order_of_their_titles():
    found = best(Question((YARD,)), [case(1, "Zwei"), case(2, "eins")], 5)
    assert [one.case.title for one in found] == ["eins", "Zwei"]


AKIN = (
    ("Standesamt", "Gemeinsames Personenstandswesen", True),
    ("Standesamt", "Standesamtsbezirk Neckartal", True),
    ("Bauhof", "Kooperation der Bauhöfe", True), ("Bauhof", "Gemeinsame Bauverwaltung", False),
    ("Abwasser", "Klärschlamm gemeinsam ausschreiben", True), ("Feuerwehr", "Löschzug Nord", True),
    ("Gemeindeverwaltungsverband", "Freiwillige Gemeindefusion", False),
    ("Informationssicherheit", "Cybersicherheit im Landkreis", True),
    ("IT und Digitalisierung", "Ordnungsamt Laubach und Lich", False),
    ("Kasse", "Gemeinsames Kassen- und Steueramt", True), ("Archiv", "Gemeinsames Ordnungsamt", False),
)  # fmt: skip


@pytest.mark.parametrize(("one", "other", "akin"), AKIN)
def test_words_are_akin_by_what_they_mean(one, other, akin):
    assert bool(meeting(telling(one), telling(other))) is akin


def test_words_of_every_title_say_nothing():
    assert telling("Gemeinsame Zusammenarbeit der Gemeinden im Landkreis") == ()
