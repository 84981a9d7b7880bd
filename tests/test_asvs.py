"""The table of OWASP ASVS 5.0 has a line for each requirement that applies, and what it names exists."""

import re
from pathlib import Path

from tests.proofs import functions

TESTS = Path(__file__).parent
ROOT = TESTS.parent
# Chapter and section, with the last number that applies in a row from the first; single ones after a comma.
APPLY = (
    "1.1:1-2 1.2:1-5,9 1.3:1-7,10-11 1.5:1-2 2.1:1-3 2.2:1-3 2.3:1-4 2.4:1 3.2:1-2 3.3:1-4 3.4:1-6 "
    "3.5:1-3 3.7:1-2 4.1:1-3 4.2:1 5.1:1 5.2:1-3 5.3:1-2 5.4:1-3 6.1:1-3 6.2:1-12 6.3:1-4 6.4:1-4 "
    "6.5:1-5 6.6:2-3 6.8:1-2,4 7.1:1-3 7.2:1-4 7.3:1-2 7.4:1-5 7.5:1-2 7.6:1-2 8.1:1-2 8.2:1-3 8.3:1 "
    "9.1:1-3 9.2:1-3 10.1:1-2 10.2:1-2 10.5:1-5 11.1:1-2 11.2:1-3 11.3:1-3 11.4:1-4 11.5:1 11.6:1 "
    "12.1:1-2 12.2:1-2 12.3:1-4 13.1:1 13.2:1-5 13.3:1-2 13.4:1-5 14.1:1-2 14.2:1-4 14.3:1-3 15.1:1-3 "
    "15.2:1-3 15.3:1-7 16.1:1 16.2:1-5 16.3:1-4 16.4:1-3 16.5:1-3"
)
WORDS = ("Beschrieben:", "Grund:", "Betrieb:", "Offen:")


def applying():
    """Give every requirement that applies, in order."""
    found = []
    for section in APPLY.split():
        name, numbers = section.split(":")
        for part in numbers.split(","):
            first, _dash, last = part.partition("-")
            found += [f"{name}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def lines():
    """Give the lines of the table as (requirement, level, subject, proof)."""
    text = (ROOT / "docs/security/asvs.md").read_text(encoding="utf-8")
    return [
        tuple(part.strip() for part in row.split("|")[1:-1]) for row in re.findall(r"(?m)^\| \d.*$", text)
    ]


def missing(proof):
    """Name what a proof points to without its being there."""
    lost = []
    for file, name in re.findall(r"`([\w/]+\.py)::([\w*]+)`", proof):
        path = TESTS / file
        known = functions(path) if path.is_file() else set()
        if name not in known and not (name == "*" and known):
            lost.append(f"{file}::{name}")
    for name in re.findall(r"`((?:docs|crm)/[\w/.]+)`", proof):
        if not (ROOT / name).exists():
            lost.append(name)
    return lost


def test_every_requirement_that_applies_has_its_line():
    assert len(applying()) == 205
    assert [one for one, *_rest in lines()] == applying()


def test_every_line_names_a_test_that_exists_or_a_reason():
    for one, _level, subject, proof in lines():
        assert subject, one
        assert "::" in proof or proof.startswith(WORDS), one
        assert missing(proof) == [], one


def test_nothing_is_open_at_level_one():
    assert [one for one, level, _subject, proof in lines() if level == "1" and "Offen:" in proof] == []
    assert {level for _one, level, *_rest in lines()} == {"1", "2"}


def test_control_a_test_or_a_file_that_is_gone_is_noticed():
    assert missing("`test_asvs.py::test_nothing_of_the_kind`") == ["test_asvs.py::test_nothing_of_the_kind"]
    assert missing("Beschrieben: `docs/security/nichts.md`") == ["docs/security/nichts.md"]
    assert missing("`test_asvs.py::test_nothing_is_open_at_level_one`") == []
