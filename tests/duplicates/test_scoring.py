"""Who is likely to be one person: pairs judged by hand."""

import pytest

from crm.duplicates.likeness import one_slip, sound
from crm.duplicates.scanning import keys_of
from crm.duplicates.scoring import Level, in_words, is_of_office, known, mobile_key, score

SURE, LIKELY, POSSIBLE, NONE = Level.SURE, Level.LIKELY, Level.POSSIBLE, None
COELBE, LAHNTAL = {1: "Cölbe"}, {2: "Lahntal"}
A, B = "p.henkel@coelbe.de", "henkel@lahntal.de"


def one(name, place=None, mail=None, phone=None):
    """Somebody as a row of the table says."""
    return name, place, mail, phone


# First, second, expected level; names as they are typed.
PAIRS = [
    # The same address.
    (one("Petra Henkel", COELBE, A), one("Petra Henkel", LAHNTAL, A), SURE),
    (one("Petra Henkel", COELBE, A), one("P. Henkel", LAHNTAL, A.upper()), SURE),
    (one("Petra Henkel", None, A), one("Henkel, Petra", None, A), SURE),
    (one("Petra Henkel", None, "x@kölbe.de"), one("Petra Hinkel", None, "X@xn--klbe-5qa.de"), SURE),
    (one("Petra Henkel", None, A), one("Petra Henkel-Schmidt", None, A), SURE),
    (one("Petra Henkel", None, A), one("Petra Sommer", None, A), LIKELY),
    (one("Petra Henkel", None, A), one("Henkel", None, A), LIKELY),
    (one("Petra Henkel", None, A), one("Jürgen Weber", None, A), POSSIBLE),
    (one("Petra Henkel", COELBE, "info@coelbe.de"), one("Jürgen Weber", COELBE, "info@coelbe.de"), NONE),
    (one("Petra Henkel", COELBE, "rathaus@coelbe.de"), one("Petra Weber", COELBE, "rathaus@coelbe.de"), NONE),
    (one("Petra Henkel", COELBE, "info@coelbe.de"), one("Petra Hinkel", LAHNTAL, "info@coelbe.de"), LIKELY),
    (one("Petra Henkel", COELBE, "info@coelbe.de"), one("Petra Henkel", LAHNTAL, "info@coelbe.de"), SURE),
    (one("Petra Henkel", COELBE, "Bürgermeister@x.de"), one("Udo Weg", COELBE, "bürgermeister@x.de"), NONE),
    # The same mobile; a phone of an office says nothing.
    (one("Petra Henkel", phone="0171 1234567"), one("P. Henkel", phone="+49 (0) 171/123 45 67"), SURE),
    (one("Petra Henkel", phone="01711234567"), one("Petra Sommer", phone="0049 171 1234567"), LIKELY),
    (one("Petra Henkel", phone="01711234567"), one("Udo Weg", phone="01711234567"), POSSIBLE),
    (one("Petra Henkel", COELBE, phone="06421 9850"), one("Udo Weg", COELBE, phone="06421 9850"), NONE),
    # The same name, however it is written, in one place.
    (one("Petra Henkel", COELBE), one("Petra Henkel", COELBE), SURE),
    (one("Petra Henkel", COELBE), one("HENKEL Petra", COELBE), SURE),
    (one("Ulf Müller", COELBE), one("Ulf Mueller", COELBE), SURE),
    (one("Ulf Müller", COELBE), one("Ulf Muller", COELBE), SURE),
    (one("Dr. Anna-Lena Groß", COELBE), one("Gross Anna Lena", COELBE), SURE),
    (one("Anna-Lena Groß", COELBE), one("Annalena Groß", COELBE), SURE),
    (one("Prof. Dr. Kai Strauß", COELBE), one("Kai Strauss", COELBE), SURE),
    (one("Frau Petra Henkel", COELBE), one("Petra Henkel", COELBE), SURE),
    (one("René Noël", COELBE), one("Rene Noel", COELBE), SURE),
    (one("Petra Henkel", COELBE, A), one("Petra Henkel", COELBE), SURE),
    # Father and son: the same name in one Kommune, each with an address of his own.
    (one("Karl Weber", COELBE, "k@coelbe.de"), one("Karl Weber", COELBE, "karl@web.de"), LIKELY),
    (one("Karl Weber sen.", COELBE), one("Karl Weber jun.", COELBE), POSSIBLE),
    (one("Karl Weber senior", COELBE, A), one("Karl Weber junior", COELBE, B), POSSIBLE),
    (one("Karl Weber sen.", COELBE), one("Karl Weber", COELBE), SURE),
    # Alike but for a slip, in one place.
    (one("Petra Henkel", COELBE), one("Petra Hinkel", COELBE), LIKELY),
    (one("Petra Henkel", COELBE), one("Petra Henekl", COELBE), LIKELY),
    (one("Petra Henkel", COELBE), one("Perta Henkel", COELBE), LIKELY),
    (one("Petra Henkel", COELBE), one("Petra Henkell", COELBE), LIKELY),
    (one("Jens Meier", COELBE), one("Jens Mayr", COELBE), LIKELY),
    (one("Jens Schmidt", COELBE), one("Jens Schmitt", COELBE), LIKELY),
    (one("Christian Wolf", COELBE), one("Kristian Wolf", COELBE), NONE),
    (one("Stefan Wolf", COELBE), one("Stephan Wolf", COELBE), LIKELY),
    (one("Petra Henkel", COELBE, A), one("Petra Hinkel", COELBE, B), POSSIBLE),
    (one("Jan Ott", COELBE), one("Jan Ost", COELBE), NONE),
    (one("Petra Henkel", COELBE), one("Peter Henkel", COELBE), NONE),
    (one("Jens Meier", COELBE), one("Jens Becker", COELBE), NONE),
    (one("Andrea Koch", COELBE), one("Andreas Koch", COELBE), POSSIBLE),
    (one("Mario Koch", COELBE), one("Maria Koch", COELBE), POSSIBLE),
    (one("Andrea Koch", COELBE, A), one("Andreas Koch", COELBE, B), NONE),
    # A part more.
    (one("Anna Maria Schmidt", COELBE), one("Anna Schmidt", COELBE), LIKELY),
    (one("Anna Meier-Schmidt", COELBE), one("Anna Meier", COELBE), LIKELY),
    (one("Anna Meier-Schmidt", COELBE, A), one("Anna Schmidt", COELBE, B), LIKELY),
    (one("Anna Meier-Schmidt", COELBE), one("Anna Schmidt", LAHNTAL), POSSIBLE),
    (one("Anna Meier-Schmidt", COELBE, A), one("Anna Schmidt", LAHNTAL, B), NONE),
    (one("P. Henkel", COELBE), one("Petra Henkel", COELBE), LIKELY),
    (one("P. Henkel", COELBE, A), one("Petra Henkel", COELBE, B), POSSIBLE),
    (one("P. Henkel", COELBE), one("Petra Henkel", LAHNTAL), NONE),
    # The last name alone.
    (one("Henkel", COELBE), one("Henkel", COELBE), LIKELY),
    (one("Henkel", COELBE), one("Petra Henkel", COELBE), POSSIBLE),
    (one("Henkel", COELBE, A), one("Petra Henkel", COELBE, B), NONE),
    (one("Henkel", COELBE), one("Henkel", LAHNTAL), NONE),
    # The same name elsewhere.
    (one("Petra Henkel", COELBE), one("Petra Henkel", LAHNTAL), POSSIBLE),
    (one("Petra Henkel", COELBE, A), one("Petra Henkel", LAHNTAL, B), POSSIBLE),
    (one("Petra Henkel", COELBE), one("Henkel Petra"), LIKELY),
    (one("Petra Henkel", COELBE), one("Petra Hinkel", LAHNTAL), NONE),
    (one("Petra Henkel", COELBE), one("Udo Weg", COELBE), NONE),
]


def made(number, said):
    """Make what is compared of a row."""
    name, place, mail, phone = said
    return known(number, name, [mail], [phone], place)


@pytest.mark.parametrize(("first", "second", "level"), PAIRS)
def test_a_pair_is_judged_as_a_person_would(first, second, level):
    left, right = made(1, first), made(2, second)
    for pair in ((left, right), (right, left)):
        verdict = score(*pair)
        assert (verdict.level if verdict else NONE) is level


@pytest.mark.parametrize(("first", "second", "level"), [row for row in PAIRS if row[2]])
def test_whatever_is_judged_alike_shares_a_key(first, second, level):
    keys = [set(keys_of(made(number, said))) for number, said in enumerate((first, second))]
    assert keys[0] & keys[1], level


@pytest.mark.usefixtures("context")
def test_the_reasons_are_said_in_words():
    pair = made(1, one("Petra Henkel", COELBE, A)), made(2, one("Petra Hinkel", COELBE, A))
    assert in_words(score(*pair)) == [
        "gleiche E-Mail-Adresse", "Namen bis auf einen Buchstaben oder im Klang gleich", "beide in Cölbe"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right", "is_slip"),
    [
        ("henkel", "hinkel", True), ("henkel", "henekl", True), ("henkel", "henkell", True),
        ("henkel", "enkel", True), ("henkel", "henkel", True), ("henkel", "hinkle", False),
        ("ab", "ba", True), ("abc", "cba", False), ("meier", "mayer", False),
    ],
)  # fmt: skip
def test_one_slip_is_one_letter_or_two_turned_round(left, right, is_slip):
    assert one_slip(left, right) is is_slip
    assert one_slip(right, left) is is_slip


@pytest.mark.parametrize(
    ("word", "digits"),
    [("muller", "657"), ("wikipedia", "3412"), ("breschnew", "17863"), ("meyer", "67"), ("philipp", "351")],
)
def test_words_sound_by_the_rules_of_cologne(word, digits):
    assert sound(word) == digits


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("0171 1234567", "1711234567"), ("+49 171 1234567", "1711234567"),
        ("0049 (0) 171-1234567", "1711234567"),
        ("06421 98500", ""), ("", ""), ("171", ""),
    ],
)  # fmt: skip
def test_only_mobile_numbers_are_somebodys_own(phone, digits):
    assert mobile_key(phone) == digits


def test_addresses_of_offices_are_known_by_their_name():
    assert is_of_office("Info@coelbe.de")
    assert is_of_office("buergermeister@coelbe.de")
    assert not is_of_office("p.henkel@coelbe.de")
