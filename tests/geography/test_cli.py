"""`flask register boundaries`: what it says, how it ends, what it leaves."""

import json

import pytest
from sqlalchemy import func, select

from crm.db import db
from crm.geography import services
from crm.geography.models import Border, Boundary
from tests.everything import changed, stored
from tests.geography.bad_files import BAD
from tests.geography.grid import KEYS, collection, feature, features, square


@pytest.fixture
def run(app, tmp_path):
    """Run the command over some bytes; gives (what it printed, what it complained), asserts how it ended."""

    def command(content, *options, code=0):
        path = tmp_path / "grenzen.geojson"
        path.write_bytes(content)
        result = app.test_cli_runner().invoke(args=["register", "boundaries", str(path), *options])
        assert result.exit_code == code, result.output
        return result.stdout, result.stderr

    return command


def numbers(app):
    """How many shapes and borders are stored."""
    with app.app_context():
        return tuple(db.session.scalar(select(func.count()).select_from(one)) for one in (Boundary, Border))


def test_the_counts_are_whole_numbers_in_json(run):
    said, complained = run(collection(), "--json")
    assert json.loads(said) == {
        "rows": 9, "new": 9, "changed": 0, "unchanged": 0, "closed": 0, "doubtful": 0, "errors": 0,
    }  # fmt: skip
    assert complained == ""
    assert json.loads(run(collection(), "--json")[0])["unchanged"] == 9


def test_in_words_it_says_the_same_and_who_has_no_boundary(run):
    said, _ = run(collection())
    assert "Grenzen: 9 Flächen, 9 neu, 0 geändert, 0 unverändert, 0 zweifelhaft" in said
    assert "Ohne Grenze bleiben 412 Gemeinden: Aarbergen" in said


def test_a_dry_run_says_the_counts_and_writes_nothing(app, run):
    before = stored(app)
    assert json.loads(run(collection(), "--json", "--dry-run")[0])["new"] == 9
    assert "Prüfung: 9 Flächen" in run(collection(), "--dry-run")[0]
    assert changed(before, stored(app)) == []


def test_doubtful_areas_are_named_beside_the_json(app, run):
    strange = feature("09999999", [square(5, 5)], name="Anderswo")
    said, complained = run(collection([*features(), strange]), "--json")
    assert json.loads(said)["doubtful"] == 1
    assert "„09999999 Anderswo“ ist keine Gemeinde des Verzeichnisses." in complained
    assert numbers(app) == (9, 12)


@pytest.mark.parametrize("name", ["nothing", "a page", "a pit", "metres", "a key twice", "crossing"])
def test_a_bad_file_changes_nothing(app, run, name):
    run(collection())
    before = stored(app)
    said, complained = run(BAD[name][0], "--json", code=1)
    assert json.loads(said)["errors"] == 1
    assert BAD[name][1] in complained
    assert "Es wurde nichts übernommen." in complained
    assert "Traceback" not in complained
    assert changed(before, stored(app)) == []


def test_the_source_can_be_given(app, run):
    run(collection(attribution=None), "--attribution", "© Katasteramt")
    with app.app_context():
        assert set(db.session.scalars(select(Boundary.attribution))) == {"© Katasteramt"}
    run(collection(), "--attribution", "x" * 301, code=2)


def test_a_missing_file_is_named(app):
    result = app.test_cli_runner().invoke(args=["register", "boundaries", "/gibt/es/nicht.geojson"])
    assert result.exit_code == 2
    assert "nicht.geojson" in result.output


def test_a_broken_writing_leaves_the_old_state(app, run, monkeypatch):
    run(collection())
    before = stored(app)

    def break_down(*_args):
        raise RuntimeError("power cut")

    monkeypatch.setattr(services, "_note", break_down)
    run(collection([feature(KEYS["Lahntal"], [square(9, 9)])]), code=1)
    assert changed(before, stored(app)) == []
