"""Every promise of docs/nachweise names a test that exists, and a control, or is named here as not proven."""

import re
from pathlib import Path

import pytest

from tests.test_asvs import functions

TESTS = Path(__file__).parent
PROOFS = sorted((TESTS.parent / "docs/nachweise").glob("*.md"))
CONTROLS = ("Gegenprobe", "Gegenversuch")
# A path, or a name after two colons; names at the beginning of code without a path count, too.
NAMED = re.compile(r"([\w/]+\.py)|(?:::|`)(test_\w*(?:…\w*)?)(?!\w*\.py)|`(…\w+)")
# What is not proven, and is said to be so where it stands: (document, promise).
UNPROVEN = {
    ("betrieb.md", "Einrichten ohne Netz"),
    ("betrieb.md", "Zwei richten zugleich ein"),
    ("zuverlaessigkeit.md", "Dauerlauf über acht Stunden"),
}


def base(text):
    """Give the folder that a document's paths begin at, if it says so."""
    found = re.search(r"(?:Pfade ab|liegen in) `tests/(\w*)/?`", text)
    return TESTS / found[1] if found else TESTS


def place(path, folder):
    """Find a file: from the project, from the tests, or from the folder of the document."""
    candidates = (folder / path, TESTS.parent / path, TESTS / path, TESTS.parent / "crm" / path)
    return next((one for one in candidates if one.is_file()), None)


def missing(text):
    """Name the tests of a document that do not exist, and those that are not written out.

    A name without a path is one of a file named in its line, or of the last one above.
    """
    lost, near, folder = [], [], base(text)
    for line in text.splitlines():
        named = NAMED.findall(line)
        files = {path: place(path, folder) for path, _name, _cut in named if path}
        lost += [path for path, file in files.items() if file is None]
        near = [file for file in files.values() if file] or near[-1:]
        known = {test for file in near for test in functions(file)}
        names = [name or cut for _path, name, cut in named if name or cut]
        lost += [name for name in names if "…" in name or name not in known]
    return lost


def promises(text):
    """Give (promise, control) of every table that has a column for controls."""
    head = []
    for line in text.splitlines():
        cells = [one.strip() for one in line.strip().strip("|").split(" | ")]
        if not line.startswith("|"):
            head = []
        elif not head:
            head = cells
        elif head[-1] in CONTROLS and not line.startswith(("| ---", "|---")):
            yield cells[head.index("Zusage")], cells[-1]


def is_none(control):
    """Tell whether a column says that there is no control."""
    return control.strip(" –|") == "" or control.startswith(("keine", "nicht belegt", "schon vorhanden"))


@pytest.mark.parametrize("path", PROOFS, ids=lambda path: path.name)
def test_every_test_that_is_named_exists(path):
    assert missing(path.read_text(encoding="utf-8")) == []


def test_every_promise_has_its_control_or_is_said_to_have_none():
    found = {
        (path.name, promise)
        for path in PROOFS
        for promise, control in promises(path.read_text(encoding="utf-8"))
        if is_none(control)
    }
    assert found == UNPROVEN


def test_every_document_has_promises():
    assert len(PROOFS) >= 9
    for path in PROOFS:
        assert list(promises(path.read_text(encoding="utf-8"))), path.name


TABLE = """
Pfade ab `tests/`.

| Zusage | Test | Gegenprobe |
|---|---|---|
| Eins | `test_proofs.py::test_every_document_has_promises`, `::{name}` | {control} |
"""


def test_control_a_test_that_is_gone_or_cut_and_a_control_that_lacks_are_noticed():
    good = "test_every_test_that_is_named_exists"
    assert missing(TABLE.format(name=good, control="x")) == []
    assert missing(TABLE.format(name="test_of_nothing", control="x")) == ["test_of_nothing"]
    assert missing(TABLE.format(name="test_every…", control="x")) == ["test_every…"]
    assert missing("`test_nowhere.py`") == ["test_nowhere.py"]
    for control, lacks in (("–", True), ("keine: offen", True), ("`::test_x`", False)):
        assert [is_none(one) for _name, one in promises(TABLE.format(name=good, control=control))] == [lacks]
