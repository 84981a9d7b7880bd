"""Pasted lines and the guests they mean: read line by line, compared with forgiveness."""

import pytest

from crm.attendance import matching
from crm.attendance.matching import SKIP, Fit, Known, answer_of, match
from crm.attendance.signatures import read_list

GUESTS = (
    (1, "Petra", "Henkel", "Lahntal"), (2, "Hans", "Müller", "Cölbe"), (3, "Karin", "Schmitt", "Marburg"),
    (4, "Ilse", "von der Au", "Wetter (Hessen)"), (5, "Klaus", "Hartmann", "Marburg"),
    (6, "Hans", "Müller", "Buseck"), (7, "Şükrü", "Yılmaz", "Gießen"), (8, "", "Ohnevorname", "Lich"),
)  # fmt: skip


def compared(text):
    """What is found for a pasted text."""
    return match(read_list(text), [Known.of(*guest, f"{guest[2]}@kommune.test".lower()) for guest in GUESTS])


def meant(line):
    """The one guest a line means for sure, else how unclear it is."""
    (found,) = compared(line)
    return found.guests[0] if found.fit is Fit.SURE else found.fit.value


@pytest.mark.parametrize(
    ("line", "first", "last", "rest"),
    [
        ("Henkel, Petra; Lahntal", "Petra", "Henkel", ("Lahntal",)),
        ("Dr. Petra Henkel, Stadt Lahntal, Leitung", "Dr. Petra", "Henkel", ("Stadt Lahntal", "Leitung")),
        ("12. Henkel, Petra", "Petra", "Henkel", ()),
        ("12\tHenkel\tPetra\tLahntal\tx", "Petra", "Henkel", ("Lahntal",)),
        ("- Petra Henkel", "Petra", "Henkel", ()),
        ("Petra Henkel <petra@lahntal.de>", "Petra", "Henkel", ()),
        ("petra.henkel@lahntal.de", "Petra", "Henkel", ()),
        ("von der Au, Prof. Dr. Ilse; Wetter", "Prof. Dr. Ilse", "von der Au", ("Wetter",)),
        ("Henkel; Lahntal", "", "Henkel", ("Lahntal",)),
        ("Heinz Klein, 09:12", "Heinz", "Klein", ()),
    ],
)  # fmt: skip
def test_a_line_is_read_as_it_was_meant(line, first, last, rest):
    (read,) = read_list(line)
    assert (read.first_name, read.last_name, read.rest) == (first, last, rest)


def test_headings_say_what_columns_mean():
    lines = read_list("Vorname\tName\tKommune\nPetra\tHenkel\tLahntal\n\n---\nKarin\tSchmitt\tMarburg")
    assert [(one.number, one.first_name, one.last_name, one.rest) for one in lines] == [
        (2, "Petra", "Henkel", ("Lahntal",)), (5, "Karin", "Schmitt", ("Marburg",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Henkel, Petra; Lahntal", 1),
        ("Frau Dr. Petra Henkel, Gemeinde Lahntal, Büroleitung", 1),
        ("HENKEL PETRA", 1),
        ("Henkle, Petra; Lahntal", 1),
        ("Mueller, Hans; Coelbe", 2),
        ("Müller, Hans; Buseck", 6),
        ("Müller, Hans", "doubtful"),
        ("Müller, Hans; Fulda", "doubtful"),
        ("Schmidt, Karin; Marburg", 3),
        ("Schmidt, K.; Marburg", 3),
        ("Schmidt, Karin", "doubtful"),
        ("Ilse von der Au", 4),
        ("Sükrü Yilmaz, Giessen", 7),
        ("Hartmann; Marburg", "doubtful"),
        ("henkel@kommune.test", 1),
        ("Ohnevorname; Lich", 8),
        ("Neumann, Klaus; Marburg", "new"),
        ("Henkel, Paul; Lahntal", "new"),
        ("info@lahntal.de", "unreadable"),
    ],
)
def test_titles_are_ignored_slips_forgiven_and_the_place_helps(line, found):
    assert meant(line) == found


def test_whoever_stands_there_twice_is_taken_once():
    first, again, new, same = compared(
        "Henkel, Petra\nPetra Henkel; Lahntal\nNeu, Nora; Lich\nNora Neu; Lich"
    )
    assert (first.fit, first.usual) == (Fit.SURE, answer_of(1))
    assert (again.usual, again.again) == (SKIP, 1)
    assert (new.fit, same.usual, same.again) == (Fit.NEW, SKIP, 3)


def test_a_full_hall_is_compared_only_with_those_who_sound_alike(monkeypatch):
    compared, closeness = [], matching._closeness
    monkeypatch.setattr(matching, "_closeness", lambda *pair: compared.append(pair) or closeness(*pair))
    guests = [Known.of(n, f"Vorname{n:04}", f"Nachname{n:04}", "Lahntal", None) for n in range(600)]
    text = "\n".join(f"Nachname{n:04}, Vorname{n:04}; Lahntal" for n in range(300))
    found = match(read_list(text), guests)
    assert len(compared) <= 2 * 300, "not 300 x 600"
    assert [one.guests for one in found] == [[n] for n in range(300)]
