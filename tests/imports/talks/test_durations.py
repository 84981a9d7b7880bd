"""How long talks took, as offices write it."""

import pytest

from crm.imports.talks.durations import read_duration

pytestmark = pytest.mark.usefixtures("words")
EXACT = {
    "": None, "–": None, "1,5 h": 90, "1,5h": 90, "1.5 h": 90, "2 h": 120, "2h": 120, "1 Std.": 60,
    "1,5 Std.": 90, "2 Stunden": 120, "1 1/2 Std.": 90, "1½ h": 90, "½ h": 30, "1/2 Std.": 30, "3/4 h": 45,
    "¾ Std.": 45, "0,75 h": 45, "0:45": 45, "3:00": 180, "1:30 h": 90, "90 min": 90, "90 Min.": 90,
    "90 Minuten": 90, "120'": 120, "45’": 45, "ca. 20 min": 20, "etwa 1 h": 60, "rd. 2 Std.": 120,
    "1 h 30 min": 90, "1 Std. 15 Min.": 75, "halbe Stunde": 30, "eine Stunde": 60, "24 h": 1440,
}  # fmt: skip
ASKED = {
    "1,5": (90,), "15": (15,), "2": (120, 2), "90": (90,), "0,5": (30,), "½ Tag": (240,), "1 Tag": (480,),
    "ganztägig": (480,), "1-2 h": (), "lang": (), "37,5 h": (), "1/0 h": (), "0": (), "99999": (),
}  # fmt: skip


@pytest.mark.parametrize("text", EXACT)
def test_minutes(text):
    found = read_duration(text)
    assert (found.minutes, found.why) == (EXACT[text], "")


@pytest.mark.parametrize("text", ASKED)
def test_what_is_not_clear_is_asked(text):
    found = read_duration(text)
    assert found.minutes is None
    assert found.why
    assert found.guesses == ASKED[text]
