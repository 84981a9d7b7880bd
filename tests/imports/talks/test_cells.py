"""Cells with many names: taken apart, each read as the register has it, nothing guessed."""

import pytest

from crm.imports import bodies
from crm.imports.talks.cells import roughly, take_apart
from crm.imports.talks.naming import Names, without_land

pytestmark = pytest.mark.usefixtures("context")
# What a cell means: names of the register, or "?" and those offered for what is not clear.
CLEAR = {
    "Birkenau, Mörlenbach, Rimbach + Fürth": "Birkenau|Mörlenbach|Rimbach|Fürth",
    "Dillenburg u. Haiger": "Dillenburg|Haiger",
    "Solms, Braunfels u. Leun": "Solms|Braunfels|Leun",
    "Homberg/Efze\nKnüllwald\nSchwarzenborn": "Homberg (Efze)|Knüllwald|Schwarzenborn",
    "Homberg/Efze/Knüllwald": "Homberg (Efze)|Knüllwald",
    "Gudensberg/Niedenstein/Edermünde": "Gudensberg|Niedenstein|Edermünde",
    "Bad Homburg": "Bad Homburg v. d. Höhe",
    "Bad Homburg v.d.H.": "Bad Homburg v. d. Höhe",
    "Dietzhölztal und Eschenburg": "Dietzhölztal|Eschenburg",
    "Kaufungen / Helsa / Nieste": "Kaufungen|Helsa|Nieste",
    "Limburg, Hadamar + Elz": "Limburg a. d. Lahn|Hadamar|Elz",
    "Allendorf/Eder - Bromskirchen": "Allendorf (Eder)|Bromskirchen",
    "Allendorf/Eder, Battenberg/Eder und Hatzfeld": "Allendorf (Eder)|Battenberg (Eder)|Hatzfeld (Eder)",
    "Borken / Jesberg / Bad Zwesten": "Borken (Hessen)|Jesberg|Bad Zwesten",
    "Beerfelden, Hesseneck, Rothenberg, Sensbachtal": "Beerfelden|Hesseneck|Rothenberg|Sensbachtal",
    "Beerfelden\nRothenberg u. Hesseneck": "Beerfelden|Rothenberg|Hesseneck",
    "Groß-Umstadt/Otzberg": "Groß-Umstadt|Otzberg",
    "MKK": "Main-Kinzig-Kreis",
    "MKK, Stadt Hanau": "Main-Kinzig-Kreis|Hanau",
    "HTK + Usingen": "Hochtaunuskreis|Usingen",
    "SEK": "Schwalm-Eder-Kreis",
    "LK Gießen, Lollar und Staufenberg": "Landkreis Gießen|Lollar|Staufenberg",
    "LK Fulda / Hünfeld": "Landkreis Fulda|Hünfeld",
    "Lk. Marburg-Biedenkopf": "Landkreis Marburg-Biedenkopf",
    "Landkreis Marburg-Biedenkopf": "Landkreis Marburg-Biedenkopf",
    "Königstein i.Ts., Kronberg und Glashütten": "Königstein im Taunus|Kronberg im Taunus|Glashütten",
    "Friedberg/H., Bad Nauheim": "Friedberg (Hessen)|Bad Nauheim",
    "Mörfelden-W., Kelsterbach": "Mörfelden-Walldorf|Kelsterbach",
    "Oestrich-W., Eltville u. Geisenheim": "Oestrich-Winkel|Eltville am Rhein|Geisenheim",
    "Grossalmerode, Witzenhausen + Bad Sooden-A.": "Großalmerode|Witzenhausen|Bad Sooden-Allendorf",
    "Hess. Lichtenau u. Grossalmerode": "Hessisch Lichtenau|Großalmerode",
    "Reichelsheim/Wett., Echzell": "Reichelsheim (Wetterau)|Echzell",
    "Rotenburg a.d.F.\nBebra": "Rotenburg a. d. Fulda|Bebra",
    "Rosbach v.d.H., Friedberg/H. u. Wöllstadt": "Rosbach v. d. Höhe|Friedberg (Hessen)|Wöllstadt",
    "Steinau a.d. Straße\nSchlüchtern": "Steinau an der Straße|Schlüchtern",
    "Steinau a. d. Str.": "Steinau an der Straße",
    "Frankfurt/M.": "Frankfurt am Main",
    "Waechtersbach": "Wächtersbach",
    "Cölbe/Gde. Lahntal": "Cölbe|Lahntal",
    "Gem. Cölbe": "Cölbe",
    "Gemünden/Wohra + Rosenthal": "Gemünden (Wohra)|Rosenthal",
    "Homberg/Ohm, Mücke": "Homberg (Ohm)|Mücke",
    "Lahntal (Video!)": "Lahntal",
    "Tann / Hilders / Ehrenberg": "Tann (Rhön)|Hilders|Ehrenberg (Rhön)",
    "Riedstadt/Stockstadt": "Riedstadt|Stockstadt am Rhein",
    "Wahlsburg/Oberweser": "Wahlsburg|Oberweser",
    "Biedenkopf-Breidenbach": "Biedenkopf|Breidenbach",
    "Cölbe; Lahntal; Cölbe": "Cölbe|Lahntal",
    "Cölbe & Lahntal": "Cölbe|Lahntal",
    "Cölbe sowie Lahntal": "Cölbe|Lahntal",
    "Cölbe,": "Cölbe",
    " Cölbe ": "Cölbe",
    "": "",
}  # fmt: skip
OPEN = {
    "Homberg": "?Homberg (Efze),Homberg (Ohm)",
    "Lautertal": "?Lautertal (Odenwald),Lautertal (Vogelsberg)",
    "Gemünden": "?Gemünden (Felda),Gemünden (Wohra)",
    "Bad Soden": "?Bad Soden am Taunus,Bad Soden-Salmünster",
    "Offenbach": "?Offenbach am Main,Landkreis Offenbach",
    "Marburg-Biedenkopf": "?Landkreis Marburg-Biedenkopf",
    "Krichheim, Oberaula": "?Kirchheim,Hochheim am Main,Kiedrich|Oberaula",
    "Karlshafen": "?Bad Karlshafen,Karben",
    "Hungn\nNidda": "?Hungen|Nidda",
    "Neu Isenburg u. Dreieich": "?Neu-Isenburg|Dreieich",
    "Stadt Allendorf, Neustadt": "?Stadtallendorf,Allendorf (Eder),Allendorf (Lumda)|Neustadt (Hessen)",
    "Bodenfelde (NI)": "?",
    "VG (RLP), Heidenrod": "?|Heidenrod",
    "Kreis Offenbach, 13 Kommunen": "Landkreis Offenbach|?",
    "alle Nordkreiskommunen": "?",
    "Knüllgruppe": "?",
    "alle Kommunen im Kreis Gießen": "?Landkreis Gießen",
    "?": "?",
}


def meant(text):
    """What a cell means, in the words of the tables above."""
    names = Names(bodies.load(without_land(part) for part in roughly(text)))
    said = []
    for name in take_apart(text, names).names:
        reading = names.read(name)
        if reading.clear:
            said.append(reading.clear.name)
        else:
            said.append("?" + ",".join(one.name for one in reading.namesakes or reading.near))
    return "|".join(said)


def test_clear_cells():
    assert {text: meant(text) for text in CLEAR} == CLEAR


def test_cells_that_stay_open():
    assert {text: meant(text) for text in OPEN} == OPEN


@pytest.mark.parametrize("text", ["dto.", "s.o.", "s. o.", "dito", "wie oben", '"', "''", "„"])
def test_a_cell_that_points_to_the_row_above(text):
    assert take_apart(text, Names(bodies.load([]))).is_above


@pytest.mark.parametrize(
    "text", ["Beerfelden u. a.", "Beerfelden u.a.", "Beerfelden etc.", "Beerfelden usw."]
)
def test_others_that_are_not_named(text):
    cell = take_apart(text, Names(bodies.load([])))
    assert (cell.names, bool(cell.others)) == (("Beerfelden",), True)


def test_all_of_a_county_are_those_that_lie_in_it():
    names = Names(bodies.load([]))
    county = names.whole_county("alle Kommunen im Landkreis Gießen")
    inside = names.municipalities_of(county)
    assert (county.name, len(inside)) == ("Landkreis Gießen", 18)
    assert names.whole_county("alle Kommunen im Nirgendwo") is None
