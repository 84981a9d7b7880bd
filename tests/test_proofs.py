"""Every promise of docs/nachweise names a test that exists, and a control, or is named here as not proven."""

import pytest

from tests.proofs import DOCUMENTS, controls, is_none, missing, promises

# What is not proven, and is said to be so where it stands: (document, promise).
UNPROVEN: set[tuple[str, str]] = set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_is_named_exists(path):
    assert missing(path.read_text(encoding="utf-8")) == []


def test_every_promise_has_its_control_or_is_said_to_have_none():
    found = {
        (path.name, one.name)
        for path in DOCUMENTS
        for one in promises(path.read_text(encoding="utf-8"))
        if is_none(one.control)
    }
    assert found == UNPROVEN


def test_every_document_has_promises():
    assert len(DOCUMENTS) >= 9
    without = [path.name for path in DOCUMENTS if not list(promises(path.read_text(encoding="utf-8")))]
    # That one tells what was done by hand.
    assert without == ["einrichtung.md"]


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
        assert [is_none(one.control) for one in promises(TABLE.format(name=good, control=control))] == [lacks]


def test_controls_are_found_where_they_lie():
    own = "test_every_document_has_promises"
    table = TABLE.format(name=own, control=f"`::{own}`")
    assert list(controls(table).values())[-1] == [f"tests/test_proofs.py::{own}"]
