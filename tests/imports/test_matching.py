"""Who is meant by the names of a row: nothing is silently wrong."""

import pytest

from crm.imports.matching import State
from crm.organisations.elsewhere import create_elsewhere
from tests.imports.lists import entry, plan, written

pytestmark = pytest.mark.usefixtures("context")


def named(choices=None, **cells):
    """Each text of one row with its state and key."""
    line = plan(entry(**cells), choices=choices).lines[0]
    return {one.text: (one.state.value, one.ags) for one in line.found.named}


def rows(*cells, head):
    """The rows of a list with these cells, each understood by itself."""
    numbered = [(f"Vorhaben {number}", *row) for number, row in enumerate(cells)]
    return plan(written(*numbered, head=("Titel", *head))).lines


PLAIN = {
    "Cölbe": "06534006",
    "COELBE": "06534006",
    "Stadt Butzbach": "06440005",
    "Rosbach v.d.H.": "06440023",
    "Rotenburg a.d. Fulda": "06632018",
    "Heringen": "06632009",
    "Heringen/Werra": "06632009",
    "Philippsthal": "06632016",
    "Landkreis Gießen": "06531",
    "LK Gießen": "06531",
    "Kreis Bergstrasse": "06431",
    "Gießen": "06531005",
    "Kassel": "06611000",
    "Landkreis Kassel": "06633",
    "Beerfelden": "06437002",
    "Bromskirchen": "06635005",
    "Oberzent": "06437016",
    "Hanau": "06415000",
}


def test_a_name_that_plainly_means_one_is_matched():
    found = [line.found.named[0] for line in rows(*((text,) for text in PLAIN), head=("Kommunen",))]
    assert {one.text: one.ags for one in found} == PLAIN
    assert {one.state for one in found} == {State.MATCHED}


ALIKE = {
    "Krichheim": "Kirchheim",
    "Ober Mörlen": "Ober-Mörlen",
    "Obermörlen": "Ober-Mörlen",
    "Badwildungen": "Bad Wildungen",
    "Alsbach Hähnlein": "Alsbach-Hähnlein",
    "Friedrich": "Friedrichsdorf",
    "Darmstadt-Dieburg": "Landkreis Darmstadt-Dieburg",
    "Fürth (Odenwald)": "Fürth",
    "Kelsterbahc": "Kelsterbach",
    "Main-Kinzig": "Main-Kinzig-Kreis",
}


def test_what_is_only_like_a_name_is_doubtful_with_the_right_one_first():
    lines = rows(*((f"{text}; Lich",) for text in ALIKE), head=("Kommunen",))
    for line, (text, first) in zip(lines, ALIKE.items(), strict=True):
        one = line.found.named[0]
        assert (one.state, one.ags, one.suggestions[0].name) == (State.DOUBTFUL, None, first)
        assert [place.name for place in line.found.places] == ["Lich"]
        assert f"Nicht zugeordnete Partner: „{text}“" in line.state["note"]
        assert f"„{text}“ steht so nicht im Verzeichnis. Meinten Sie {first}" in line.doubts[0].text


def test_nothing_near_is_unknown_and_nothing_at_all_is_attached():
    for line in rows(
        ("Xyqwolp",), ("12",), ("%",), ("alle Kommunen im Landkreis Fulda",), head=("Kommunen",)
    ):
        assert line.found.places == []
        assert line.found.named[0].state in (State.DOUBTFUL, State.UNKNOWN)
    assert named(Kommunen="Xyqwolp") == {"Xyqwolp": ("unknown", None)}


WETTERAU, ODENWALD = "06440021", "06437013"
NAMESAKES = (
    (("Reichelsheim; Butzbach; Karben", "", "", ""), WETTERAU),
    (("Reichelsheim; Erbach", "", "", ""), ODENWALD),
    (("Reichelsheim; Wetteraukreis", "", "", ""), WETTERAU),
    (("Reichelsheim", "Butzbach", "", ""), WETTERAU),
    (("Reichelsheim", "", "Odenwaldkreis", ""), ODENWALD),
    (("Reichelsheim (Odw.)", "", "", ""), ODENWALD),
    (("Reichelsheim", "", "", ""), None),
    (("Reichelsheim; Lich", "", "", ""), None),
    (("Reichelsheim; Butzbach; Erbach", "", "", ""), None),
    (("Reichelsheim; Krichheim", "", "", ""), None),
    (("Reichelsheim", "", "", WETTERAU), None),
)


def test_namesakes_are_decided_by_their_neighbours_only():
    head = ("Kommunen", "Federführung", "Landkreis", "AGS")
    lines = rows(*(cells for cells, _ags in NAMESAKES), head=head)
    for line, (cells, ags) in zip(lines, NAMESAKES, strict=True):
        one = line.found.named[0]
        assert (one.ags, one.state is State.MATCHED) == (ags, ags is not None), cells


KEYS = {
    "06534006; 06534012": State.MATCHED,
    "6534006, 6534012": State.MATCHED,
    "06534012; 06534006": State.MATCHED,
    "06534006": State.MATCHED,
    "": State.MATCHED,
    "06534007; 06534012": State.DOUBTFUL,
    "6,53E+06; 06534012": State.DOUBTFUL,
}


def test_keys_beside_the_names_only_contradict():
    lines = rows(*(("Cölbe; Lahntal", keys) for keys in KEYS), head=("Kommunen", "AGS"))
    for line, (keys, state) in zip(lines, KEYS.items(), strict=True):
        colbe, lahntal = line.found.named
        assert (colbe.state, lahntal.state) == (state, State.MATCHED), keys
        if state is State.DOUBTFUL:
            assert colbe.suggestions[0].name == "Cölbe"
            assert "aber die Schlüssel daneben sagen etwas anderes" in colbe.why


def test_the_key_of_a_successor_does_not_contradict_its_predecessor():
    cells = {"Kommunen": "Beerfelden; Hesseneck", "AGS": "06437016", "Beginn": "2018-01-01"}
    assert named(**cells) == {"Beerfelden": ("matched", "06437002"), "Hesseneck": ("matched", "06437008")}


def test_a_key_is_given_as_the_list_or_its_day_knows_it():
    assert named(Kommunen="Hanau", AGS="06435014") == {"Hanau": ("matched", "06435014")}
    assert named(Kommunen="Hanau", Beginn="2019") == {"Hanau": ("matched", "06435014")}


def test_the_source_has_the_say_where_its_spelling_is_kept():
    cells = {"Kommunen": "Kirchheim; Bebra", "Partner laut Quelle": "Krichheim, Bebra"}
    assert named(**cells) == {"Krichheim": ("doubtful", None), "Bebra": ("matched", "06632003")}


def test_a_lead_outside_the_partners_joins_them_and_one_inside_is_marked():
    line = plan(entry(Kommunen="Bebra; Wildeck", Federführung="Landkreis Hersfeld-Rotenburg")).lines[0]
    assert [place.name for place in line.found.places] == ["Landkreis Hersfeld-Rotenburg", "Bebra", "Wildeck"]
    assert line.found.lead.name == "Landkreis Hersfeld-Rotenburg"
    line = plan(entry(Kommunen="Bebra; Wildeck", Federführung="Wildeck")).lines[0]
    assert [one.is_lead for one in line.found.named] == [False, True]


def test_a_misspelt_lead_is_doubtful_once():
    line = plan(entry(Kommunen="Krichheim; Bebra", Federführung="Krichheim")).lines[0]
    assert [(one.text, one.is_lead) for one in line.open] == [("Krichheim", True)]
    assert line.found.lead is None


def test_a_place_twice_is_taken_once_and_told():
    line = plan(entry(Kommunen="Lich; Lich; Laubach")).lines[0]
    assert len(line.found.places) == 2
    assert "„Lich“ steht zweimal in der Zeile und zählt einmal." in line.doubts[0].text


def test_the_last_two_of_an_enumeration_are_parted():
    assert list(named(Kommunen="Cölbe, Lahntal und Wetter")) == ["Cölbe", "Lahntal", "Wetter"]
    assert list(named(Kommunen="Cölbe und Umgebung")) == ["Cölbe und Umgebung"]


def test_a_choice_counts_for_a_misspelling_everywhere_and_for_a_namesake_in_its_row():
    content = written(
        ("1", "Bauhof", "Krichheim", ""), ("2", "Archiv", "Krichheim", ""),
        ("3", "Kasse", "Reichelsheim", ""), ("4", "Forst", "Reichelsheim", ""),
    )  # fmt: skip
    lines = plan(content).lines
    marks = [line.open[0].mark for line in lines]
    assert marks[0] == marks[1]
    assert marks[2] != marks[3]
    kirchheim, odenwald = lines[0].open[0].suggestions[0], lines[2].open[0].suggestions[0]
    chosen = plan(content, choices={marks[0]: kirchheim.id, marks[2]: odenwald.id}).lines
    assert [[place.name for place in line.found.places] for line in chosen] == [
        ["Kirchheim"], ["Kirchheim"], ["Reichelsheim (Odenwald)"], [],
    ]  # fmt: skip
    nonsense = plan(content, choices={marks[0]: odenwald.id, "x": 1}).lines
    assert nonsense[0].found.places == []


def test_a_namesake_in_another_land_needs_the_neighbours_too(context):
    create_elsewhere("Heringen", "Thüringen", None)
    create_elsewhere("Bodenfelde", "Niedersachsen", None)
    assert named(Kommunen="Heringen")["Heringen"][0] == "doubtful"
    assert named(Kommunen="Heringen; Bebra")["Heringen"] == ("matched", "06632009")
    line = plan(entry(Kommunen="Bodenfelde; Bad Karlshafen")).lines[0]
    guest = next(one for one in line.found.places if one.name == "Bodenfelde")
    assert line.state[f"partner:{guest.id}"][0] == "guest"


def test_a_county_and_a_city_of_one_name_are_not_decided_by_neighbours():
    assert named(Kommunen="Offenbach; Dreieich")["Offenbach"] == ("matched", "06413000")
