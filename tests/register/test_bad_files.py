"""Files as they really come: every wrong one gets its sentence and changes nothing, every odd one is read."""

import io
import unicodedata
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.importing import Refused
from crm.register import services
from crm.register.checking import check
from tests.everything import changed, stored
from tests.register.editions import LATER, edition, line, municipality, printed, records, with_line

COLBE = "06534006"


def zipped(**files):
    """A ZIP archive of some files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def locked():
    """A ZIP archive whose one file is marked as encrypted."""
    content = bytearray(zipped(gv__txt=b"60"))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


def nfd(content):
    """The same file with letters and marks apart."""
    return unicodedata.normalize("NFD", content.decode()).encode()


SAME = {
    "as it is": lambda one: one,
    "byte order mark": lambda one: b"\xef\xbb\xbf" + one,
    "Windows line ends": lambda one: one.replace(b"\n", b"\r\n"),
    "no newline at the end": lambda one: one.rstrip(b"\n"),
    "Ctrl-Z at the end": lambda one: one + b"\x1a",
    "empty lines at the end": lambda one: one + b"\n\n",
    "Latin-1": lambda one: one.decode().encode("iso-8859-1"),
    "DOS": lambda one: one.decode().encode("cp850"),
    "UTF-16": lambda one: one.decode().encode("utf-16"),
    "letters and marks apart": nfd,
    "in a ZIP archive": lambda one: zipped(GV100AD__txt=one),
    "beside a PDF in a ZIP archive": lambda one: zipped(GV100AD__ASC=one, Hinweis__pdf=b"%PDF-1.4"),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_the_same_file_in_another_dress_says_the_same(context, change):
    content = edition(LATER, {COLBE: "Groß-Cölbe ÄÖÜ äöüß"})
    file = check(change(content))
    assert len(file.municipalities) == 425
    assert file.municipalities[COLBE].name == "Groß-Cölbe ÄÖÜ äöüß"
    assert file.municipalities[COLBE].hectares == 2668
    assert file.municipalities[COLBE].postcode == "35091"


def first_municipality(content):
    """Number of the first line of a municipality."""
    return next(n for n, one in enumerate(content.decode().split("\n"), 1) if one.startswith("60"))


def put(position, text):
    """Write a text into the first municipality at a position of the description (from 1)."""

    def change(content):
        begin = position - 1
        return with_line(
            content, first_municipality(content), lambda one: one[:begin] + text + one[begin + len(text) :]
        )

    return change


def cut_line(width):
    """Make the first municipality as wide as this."""
    return lambda content: with_line(content, first_municipality(content), lambda one: one.ljust(300)[:width])


WRONG = {
    "219 characters": (cut_line(219), "hat 219 statt 220 Zeichen"),
    "221 characters": (cut_line(221), "hat 221 statt 220 Zeichen"),
    "an empty line inside": (cut_line(0), "hat 0 statt 220 Zeichen"),
    "a tab": (put(60, "\t"), "Tabulator"),
    "a NUL": (put(60, "\x00"), "NUL-Zeichen"),
    "the last record cut": (lambda one: one[:-100], "hat 121 statt 220 Zeichen"),
    "record kind 61": (put(1, "61"), "„61“ ist keine von 10, 20"),
    "record kind 00": (put(1, "00"), "„00“ ist keine von 10, 20"),
    "record kind blank": (put(1, "  "), "ist keine von 10, 20"),
    "29 February 2026": (put(3, "20260229"), "„20260229“ ist kein Tag"),
    "day 00000000": (put(3, "00000000"), "„00000000“ ist kein Tag"),
    "month 13": (put(3, "20261301"), "„20261301“ ist kein Tag"),
    "two days in one file": (put(3, "20260630"), "Alle Zeilen müssen denselben Tag zeigen"),
    "a letter in the key": (put(11, "0641A000"), "„0641A000“ ist kein Schlüssel aus 8 Ziffern"),
    "a blank in the key": (put(11, "06 11000"), "ist kein Schlüssel aus 8 Ziffern"),
    "a key of 7 digits": (put(11, "0641100 "), "„0641100“ ist kein Schlüssel aus 8 Ziffern"),
    "digits of another alphabet": (put(11, "٠6411000"), "ist kein Schlüssel aus 8 Ziffern"),
    "population blank": (put(140, " " * 11), "Spalte „Einwohner“: Die Zahl fehlt."),
    "population negative": (put(140, "-0000000005"), "„-0000000005“ ist keine ganze Zahl"),
    "population with a dot": (put(140, "0000001.234"), "„0000001.234“ ist keine ganze Zahl"),
    "population with a letter": (put(140, "00000012.34A"[:11]), "ist keine ganze Zahl"),
    "population of 12 digits": (put(151, "123456789012"), "ist länger als die 11 Ziffern"),
    "a postcode of letters": (put(166, "ABCDE"), "„ABCDE“ ist keine Postleitzahl"),
    "no name": (put(23, " " * 50), "Der Name fehlt"),
    "an unknown text mark": (put(123, "99"), "„99“ ist kein Kennzeichen"),
    "nothing": (lambda one: b"", "Die Datei ist leer"),
    "only line ends": (lambda one: b"\n\n\r\n", "Die Datei ist leer"),
    "a page of the web": (lambda one: b"<!DOCTYPE html><html>", "sondern HTML"),
    "a PDF": (lambda one: b"%PDF-1.7\n%\xe2", "sondern PDF"),
    "an old Excel file": (lambda one: b"\xd0\xcf\x11\xe0\xa1\xb1", "sondern Excel"),
    "a new Excel file": (lambda one: zipped(**{"[Content_Types].xml": b"<x/>"}), "sondern Excel"),
    "GeoJSON": (lambda one: b'{"type": "FeatureCollection"}', "sondern JSON"),
    "a letter": (lambda one: b"Sehr geehrte Damen und Herren", "Das ist keine GV100AD-Datei"),
    "two files in a ZIP archive": (lambda one: zipped(a__txt=one, b__txt=one), "genau eine Textdatei"),
    "no file in a ZIP archive": (lambda one: zipped(), "Das ist keine GV100AD-Datei"),
    "a ZIP archive with a password": (lambda one: locked(), "mit einem Passwort geschützt"),
    "a damaged ZIP archive": (lambda one: zipped(a__txt=one)[:-300], "beschädigt"),
    "a ZIP bomb": (lambda one: zipped(a__txt=b"0" * 41_000_000), "größer als 40 MB"),
    "41 MB": (lambda one: b"6" * 41_000_000, "größer als 40 MB"),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_gets_its_sentence(context, change, said):
    with pytest.raises(Refused) as told:
        check(change(edition(LATER)))
    assert said in " ".join(finding.text for finding in told.value.findings)


def test_a_wrong_line_is_named_with_column_value_and_what_is_right(context):
    content = put(140, "00000012.3A")(edition(LATER))
    with pytest.raises(Refused) as told:
        check(content)
    number = first_municipality(edition(LATER))
    said = f"Zeile {number}, Spalte „Einwohner“: „00000012.3A“ ist keine ganze Zahl."
    assert [one.text for one in told.value.findings] == [said]


def test_all_errors_are_told_at_once(context):
    content = printed(
        {key: one[:139] + " " * 11 + one[150:] for key, one in records(LATER).items() if len(key) == 8}
    )
    with pytest.raises(Refused) as told:
        check(content)
    assert sum(one.column == "Einwohner" for one in told.value.findings) == 425


def test_a_key_twice_names_both_lines(context):
    content = edition(LATER) + municipality(LATER, COLBE, "Cölbe").encode()
    with pytest.raises(Refused) as told:
        check(content)
    first = next(n for n, one in enumerate(edition(LATER).decode().split("\n"), 1) if one[10:18] == COLBE)
    assert told.value.findings[0].line == len(records(LATER)) + 1
    assert f"steht schon in Zeile {first}" in told.value.findings[0].text


def test_a_municipality_without_its_county_is_named(context):
    with pytest.raises(Refused) as told:
        check(edition(LATER, without=["06534"]))
    assert "hat keinen Kreissatz 06534" in told.value.findings[0].text


def test_a_county_without_municipalities_is_an_incomplete_file(context):
    content = edition(LATER, k06537=line(40, LATER, "06537", "Neukreis", "44"))
    with pytest.raises(Refused) as told:
        check(content)
    assert "hat in dieser Datei keine Gemeinde" in told.value.findings[0].text


def test_a_file_of_another_state_says_so(context):
    content = printed({key: one[:10] + "09" + one[12:] for key, one in records(LATER).items()})
    with pytest.raises(Refused) as told:
        check(content)
    assert "nur Gemeinden anderer Länder (Bayern: 425)" in told.value.findings[0].text


def test_more_men_than_people_are_a_warning(context):
    warned = check(put(151, "00099999999")(edition(LATER))).warnings
    assert [(one.column, one.value) for one in warned] == [("Männlich", "99999999")]


def test_figures_counted_after_the_file_are_refused(context):
    with pytest.raises(Refused) as told:
        check(edition(LATER), population_on=date(2027, 12, 31))
    assert "nicht nach dem Tag der Datei, 31.01.2027" in told.value.findings[0].text


@pytest.mark.parametrize("cut", [60_000, 221 * 300, 221 * 445])
def test_a_cut_file_changes_nothing(app, cut):
    before = stored(app)
    with app.app_context(), pytest.raises(Refused):
        services.locked_plan_of(edition(LATER)[:cut])
    assert changed(before, stored(app)) == []


WHOLE = edition(LATER)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(min_size=0, max_size=3)), max_size=6))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_damaged_file_is_refused_or_read_never_a_crash(context, damage):
    content = bytearray(WHOLE)
    for position, noise in damage:
        content[position : position + len(noise)] = noise
    try:
        file = check(bytes(content))
    except Refused as refused:
        said = [one.text for one in refused.findings]
    else:
        said = list(file.municipalities)
    assert all(said)
