"""German names are found however they are typed: spellings share a key, names do not."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.folding import Match, closest, fold, rank, search_text, search_words, sort_key
from crm.organisations.facts import TOWN_TYPES, facts

BODIES = facts().bodies
NAMES = [body.name for body in BODIES]
TOWNS = [
    body.name for body in BODIES if len(body.code) == 8 and body.type in TOWN_TYPES and body.valid_to is None
]
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
BARE = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "Ä": "A", "Ö": "O", "Ü": "U", "ß": "ss"})


def hits(query, **more):
    """Rank all names of the register, the best first."""
    context = {body.name: f"{body.type} {body.designations[-1].official_name}" for body in BODIES}
    scored = ((rank(query, [name], context=context[name], **more), sort_key(name), name) for name in NAMES)
    return [name for score, _key, name in sorted(hit for hit in scored if hit[0] is not None)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Müller", "muller"),
        ("MÜLLER", "Mu\u0308ller"),
        ("Groß-Gerau", "gross gerau"),
        ("GROẞ-GERAU", "Groß Gerau"),
        ("Rosbach v. d. Höhe", "Rosbach v.d.H."),
        ("Rosbach v. d. Höhe", "Rosbach vor der Höhe"),
        ("Bad Homburg v. d. Höhe", "bad homburg v.d. hoehe"),
        ("Bad Homburg v. d. Höhe", "Bad Homburg vdH"),
        ("Heuchelheim a. d. Lahn", "Heuchelheim an der Lahn"),
        ("Heuchelheim a. d. Lahn", "heuchelheim a.d.lahn"),
        ("Frankfurt am Main", "Frankfurt a. Main"),
        ("Frankfurt am Main", "Ffm"),
        ("Höchst i. Odw.", "Höchst im Odenwald"),
        ("Königstein im Taunus", "Königstein i.Ts."),
        ("Steinau an der Straße", "Steinau a.d. Str."),
        ("Breitenbach a. Herzberg", "Breitenbach am Herzberg"),
        ("Homberg (Efze)", "Homberg/Efze"),
        ("Allendorf (Lumda)", "Allendorf/Lda."),
        ("Landkreis Gießen", "LK Gießen"),
        ("Landkreis Offenbach", "Krs. Offenbach"),
        ("Landkreis Offenbach", "Kr. Offenbach"),
        ("St. Goar", "Sankt Goar"),
        ("O'Brien", "O’Brien"),
        ("Karl von der Heide", "Karl v. d. Heide"),
        ("Oestrich-Winkel", "östrich winkel"),
        ("Gie\u00adßen", "Gies\u200bsen"),
        ("Bad\u00a0Orb", " bad  orb "),
        ("１２", "12"),
    ],
)
def test_spellings_of_one_name_fold_to_one_key(one, other):
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Weimar (Lahn)", "Weimar (Thüringen)"),
        ("Allendorf (Eder)", "Allendorf (Lumda)"),
        ("Homberg (Efze)", "Homburg (Efze)"),
        ("Gießen", "Landkreis Gießen"),
        ("Nauheim", "Bad Nauheim"),
        ("Rothenberg", "Rotenburg a. d. Fulda"),
    ],
)
def test_different_names_keep_different_keys(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("letters", "key"),
    [
        ("Đặng", "dang"), ("Żółć", "zolc"), ("ĳssel", "ijssel"), ("ŉ", "n"), ("M̂", "m"), ("ǧ", "g"),
        ("Łódź", "lodz"), ("Ærø", "aro"), ("Œuvre", "ouvre"), ("Þór", "thor"), ("Ħ", "h"), ("ı", "i"),
        ("İ", "i"),
        ("Ŋ", "n"), ("Ŧ", "t"), ("Ə", "e"), ("Ǥ", "g"), ("Ʒ", "z"), ("Ð", "d"), ("ẞ", "ss"), ("ſ", "s"),
        ("Ș", "s"), ("Ț", "t"), ("Ḩ", "h"), ("Z̆", "z"), ("C̆", "c"), ("ẖ", "h"), ("ǯ", "z"),
    ],
)  # fmt: skip
def test_letters_of_din_91379_fold_to_base_letters(letters, key):
    assert fold(letters) == key
    assert fold(unicodedata.normalize("NFD", letters)) == key


@pytest.mark.parametrize(
    "nothing", ["", "  ", "%", "_", "\\", "*", "\u200b\u202e", "👨‍👩‍👧", "\x00", "-/.", "\ud800"]
)
def test_text_without_letters_folds_to_nothing(nothing):
    assert fold(nothing) == sort_key(nothing) == ""
    assert rank(nothing, ["Gießen"]) is None
    assert search_words(nothing) == closest(nothing, NAMES) == []


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_and_decomposed_text_fold_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_ten_thousand_characters_are_no_burden():
    start = time.perf_counter()
    for text in ("ö" * 10_000, "v. d. H. " * 1_100, "ä\u0308" * 5_000, "a b " * 2_500):
        fold(text)
        sort_key(text)
        search_words(text)
        closest(text, NAMES)
        hits(text)
    assert time.perf_counter() - start < 2


def test_sorting_treats_umlauts_as_base_letters_without_the_e():
    names = ["Zwingenberg", "Ärzte", "Aßlar", "Bad Orb", "Badenhausen", "Aerzen", "Gießen", "Giesel", "Assel"]
    expected = [
        "Aerzen",
        "Ärzte",
        "Assel",
        "Aßlar",
        "Bad Orb",
        "Badenhausen",
        "Giesel",
        "Gießen",
        "Zwingenberg",
    ]
    assert sorted(names, key=sort_key) == expected


@pytest.mark.parametrize(
    "spelling", [str, lambda name: name.translate(GERMAN), lambda name: name.translate(BARE)]
)
def test_every_municipality_finds_itself_first(spelling):
    assert len(TOWNS) == 421
    assert [name for name in TOWNS if hits(spelling(name))[:1] != [name]] == []


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("gross gerau", "Groß-Gerau"),
        ("Rosbach v.d.H.", "Rosbach v. d. Höhe"),
        ("b. Marburg", "Marburg"),
        ("Weimar b. Marburg", "Weimar (Lahn)"),
        ("Weimar", "Weimar (Lahn)"),
        ("Wetter", "Wetter (Hessen)"),
        ("Frankfurt a.M.", "Frankfurt am Main"),
        ("Frankfurt/Main", "Frankfurt am Main"),
        ("Friedberg/H.", "Friedberg (Hessen)"),
        ("Rotenburg a.d.F.", "Rotenburg a. d. Fulda"),
        ("Mörfelden-W.", "Mörfelden-Walldorf"),
        ("Bad Sooden-A.", "Bad Sooden-Allendorf"),
        ("Hess. Lichtenau", "Hessisch Lichtenau"),
        ("Neu Isenburg", "Neu-Isenburg"),
        ("Neuisenburg", "Neu-Isenburg"),
        ("Stadt Allendorf", "Stadtallendorf"),
        ("Grossalmerode", "Großalmerode"),
        ("Waechtersbach", "Wächtersbach"),
        ("Karlshafen", "Bad Karlshafen"),
        ("Gde. Lahntal", "Lahntal"),
        ("Stadt Hanau", "Hanau"),
        ("Magistrat der Stadt Linden", "Linden"),
        ("Kreis Offenbach", "Landkreis Offenbach"),
        ("Offenbach", "Offenbach am Main"),
        ("Allendorf/Eder", "Allendorf (Eder)"),
        ("Marktflecken Villmar", "Villmar"),
        ("Point Alpha", "Rasdorf"),
    ],
)
def test_the_way_people_write_finds_the_right_place_first(query, first):
    assert hits(query)[0] == first


def test_better_matches_come_first():
    kinds = ["Sinn", "Sinn (Dill)", "Sinntal", "Bad Sinn", "Freisinn"]
    assert [rank("sinn", [name]).match for name in kinds] == [
        Match.EXACT, Match.WITHOUT_ADDITION, Match.PREFIX, Match.WORDS, Match.INSIDE,
    ]  # fmt: skip
    assert rank("sinn dill", ["Sinn"], context="Lahn-Dill-Kreis").match is Match.ANYWHERE
    assert rank("sinn", ["Gießen"]) is None


def test_plain_spelling_comes_before_folded():
    assert rank("Fürth", ["Fürth"]) < rank("Fürth", ["Furth"])
    assert rank("furth", ["Furth"]) < rank("furth", ["Fürth"])


def test_present_names_come_before_former_ones():
    assert rank("Nidda", ["Nidda"]) < rank("Nidda", ["Oberstadt"], former=["Nidda"])


def test_hints_choose_between_namesakes():
    eder = rank("Allendorf b. Gießen", ["Allendorf (Eder)"], context="Landkreis Waldeck-Frankenberg")
    lumda = rank("Allendorf b. Gießen", ["Allendorf (Lumda)"], context="Landkreis Gießen")
    assert lumda < eder


def test_keys_are_found_whole_in_part_and_without_the_zero():
    assert rank("06415000", ["Hanau"], keys=["06415000"]).match is Match.EXACT
    assert rank("6415000", ["Hanau"], keys=["06415000"]).match is Match.EXACT
    assert rank("06 415", ["Hanau"], keys=["06415000"]).match is Match.PREFIX
    assert rank("06435014", ["Hanau"], keys=["06415000"], former_keys=["06435014"]).former
    assert rank("06415000", ["Hanau"], keys=["06415001"]) is None


def test_search_words_are_all_in_the_search_text_of_what_they_find():
    for name in TOWNS:
        stored = search_text(name)
        for spelling in (name, name.translate(GERMAN), name.translate(BARE), name.replace("-", "")):
            assert all(word in stored for word in search_words(spelling)), (spelling, stored)


def test_search_words_stay_few():
    assert len(search_words(" ".join(NAMES))) <= 12
    assert search_words("a. d. Lahn") == ["lahn"]
    assert search_words("06 534 012") == ["06534012"]


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("Weter", "Wetter (Hessen)"), ("Felatal", "Feldatal"), ("Hungn", "Hungen"), ("Fluda", "Fulda"),
        ("Münchausen", "Münchhausen"), ("Rüsselheim", "Rüsselsheim am Main"), ("Krichheim", "Kirchheim"),
        ("Oberrusel", "Oberursel (Taunus)"), ("Lorhc", "Lorch"), ("Marbrug", "Marburg"), ("Giesen", "Gießen"),
    ],
)  # fmt: skip
def test_a_slip_of_the_keys_is_answered_with_what_was_meant(typo, meant):
    assert closest(typo, NAMES)[0] == meant


def test_words_that_are_no_place_get_no_suggestion():
    assert [closest(word, NAMES) for word in ("Xyzzy", "Kommunen", "Fusion (Sondierung)")] == [[], [], []]
    assert len(closest("hausen", NAMES, n=2)) == 2
