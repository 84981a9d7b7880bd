"""Lists of materials: read twice nothing is new; what is wrong is named and nothing is taken over."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm.audit.events import AuditEvent
from crm.db import db
from crm.importing import Refused
from crm.materials import importing, queries
from crm.materials.kinds import MaterialKind, Whose, YearBasis
from crm.materials.models import Material, MaterialVersion
from tests import factories
from tests.materials.made import next_version, written

REAL = Path(__file__).parents[3] / "shared" / "data" / "materials_he.csv"
ROWS = (
    "M-1,Broschüre Wasser,2012,stated,2012-05-04,Broschüre,KIKZ,,yes,https://ikz.test/a.pdf,exact address,",
    "M-2,Projektbeispiel Kasse,2011,inferred,,Faltblatt,KIKZ,,yes,ikz.test/b,site and page,geschlossen",
    'M-3,Gute Beispiele,,unknown,,Broschüre,,,unknown,"ikz.test (Themen, Bauhof)",site only,',
    "M-4,Rahmenvereinbarung,2016,stated,2016-12,Förderrichtlinie,Land Hessen,,no,,not recorded,",
)  # fmt: skip


def imported(app, tmp_path, content, *options):
    """Run the command."""
    path = tmp_path / "materialien.csv"
    path.write_bytes(content)
    return app.test_cli_runner().invoke(args=["materials", "import", str(path), *options])


def test_a_list_is_taken_over_and_a_second_time_nothing_is_new(app, tmp_path):
    assert (
        "4 Zeilen, 4 neu, 0 geändert, 0 unverändert"
        in imported(app, tmp_path, written(*ROWS), "--dry-run").output
    )
    first = imported(app, tmp_path, written(*ROWS))
    assert first.exit_code == 0, first.output
    assert "Import: 4 Zeilen, 4 neu" in first.output
    with app.app_context():
        before = db.session.scalar(select(func.count(AuditEvent.id)))
    assert "4 Zeilen, 0 neu, 0 geändert, 4 unverändert" in imported(app, tmp_path, written(*ROWS)).output
    with app.app_context():
        assert db.session.scalar(select(func.count(AuditEvent.id))) == before
        assert db.session.scalar(select(func.count(MaterialVersion.id))) == 4


def test_years_links_and_publishers_say_how_sure_they_are(app, tmp_path, rita):
    imported(app, tmp_path, written(*ROWS))
    with app.app_context():
        one, two, three, four = (queries.by_source(f"M-{number}") for number in range(1, 5))
        assert (one.newest.issued, one.newest.link) == ("2012-05-04", "https://ikz.test/a.pdf")
        assert (two.newest.issued, two.newest.year_basis) == ("2011", YearBasis.INFERRED)
        assert (two.newest.link, two.newest.source) == (None, "ikz.test/b")
        assert (three.newest.issued, three.newest.year_basis) == (None, YearBasis.UNKNOWN)
        assert (three.whose, four.whose, four.newest.issued) == (Whose.UNKNOWN, Whose.FOREIGN, "2016-12")
    page = rita.get("/materialien").main
    assert "2011 (erschlossen)" in page
    assert "Jahr unbekannt" in page
    assert "Dezember 2016" in page


def test_a_changed_row_changes_its_material_and_no_later_version(app, tmp_path):
    imported(app, tmp_path, written(*ROWS))
    with app.app_context():
        next_version(queries.by_source("M-1"))
        db.session.commit()
    changed = (
        ROWS[0]
        .replace("Broschüre Wasser", "Broschüre Wasser und Abwasser")
        .replace("2012-05-04", "2012-06-01")
    )
    assert "0 neu, 1 geändert, 3 unverändert" in imported(app, tmp_path, written(changed, *ROWS[1:])).output
    with app.app_context():
        found = queries.by_source("M-1")
        assert found.title == "Broschüre Wasser und Abwasser"
        assert [one.issued for one in found.versions] == ["2026", "2012-06-01"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", "Diese Spalten fehlen: material_id, title, kind."),
        (written(*ROWS).decode().encode("latin-1"), "nicht in UTF-8"),
        (written(ROWS[0], ROWS[0]), "steht hier zweimal."),
        (written(ROWS[0].replace("Broschüre,", "Plakat,")), "ist keine der bekannten Arten"),
        (written(ROWS[0].replace("Broschüre Wasser", "")), "fehlt."),
        (written(ROWS[0].replace("2012-05-04", "2012-13")), "ist kein Tag, Monat oder Jahr"),
        (written(ROWS[0].replace("stated", "sicher")), "ist nicht stated"),
        (written(ROWS[0].replace("yes", "ja")), "ist nicht yes"),
        (written(ROWS[0].replace("Broschüre Wasser", "x" * 400)), "ist länger als 300"),
        (written('M-9,"offen'), "ist keine Zeile einer CSV-Datei"),
    ],
)  # fmt: skip
def test_a_wrong_list_is_refused_whole(app, tmp_path, content, said):
    done = imported(app, tmp_path, content)
    assert done.exit_code == 1
    assert said in done.output
    with app.app_context():
        assert db.session.scalar(select(func.count(Material.id))) == 0


def test_a_link_that_only_looks_like_one_stays_text(context):
    row = ROWS[0].replace("https://ikz.test/a.pdf", "javascript:alert(1)")
    values = importing.read(written(row))[0]
    assert (values["link"], values["source"]) == (None, "javascript:alert(1)")
    with pytest.raises(Refused):
        importing.read(b"")


@pytest.mark.skipif(not REAL.exists(), reason="the real list is not here")
def test_the_real_list(app, context):
    rows = importing.read(REAL.read_bytes())
    done = importing.take(rows, factories.member("mara"))
    assert (done.rows, len(done.new)) == (24, 24)
    again = importing.take(rows, factories.member("mara"))
    assert (len(again.new), len(again.changed), again.unchanged) == (0, 0, 24)
    assert queries.by_source("MA-006").kind is MaterialKind.FUNDING_RULES
