"""Registers in real life: many files in any order, corrections, other Länder, second clicks."""

import io
import zipfile
from datetime import date
from itertools import permutations

import pytest
from sqlalchemy import delete, select, update

from crm.db import db, now
from crm.importing import Refused
from crm.organisations import queries
from crm.organisations.models import Organisation, PopulationFigure
from crm.register import services
from crm.register.checking import check
from crm.register.models import LIFETIME, WaitingFile
from tests import factories
from tests.everything import changed, stored
from tests.register.editions import LATER, edition, line, municipality, printed, records
from tests.register.test_import import differences, end_state, foreign, take
from tests.register.test_screen import CHECK, send
from tests.retention.running import forget

COLBE, WETTER, FRANKFURT = "06534006", "06534021", "06412000"


def spans(name, what="designations"):
    """Stretches of a body as texts."""
    rows = getattr(factories.place(name), what)
    return [(str(one.valid_from), str(one.valid_to)) for one in rows]


def test_five_files_of_ten_years_come_to_one_end(app, stage):
    files = [
        edition(date(2016, 12, 31), {"06437002": "Beerfelden, Bergstadt", COLBE: "Cölbe A"}),
        edition(date(2018, 12, 31), {"06437016": "Oberzent, Neustadt", "06633021": "Oberweser, Dorf"}),
        edition(date(2021, 12, 31), {COLBE: "Cölbe B", "06534": "Marburg-Land"}),
        edition(date(2023, 6, 30), {COLBE: "Cölbe B"}, without=[WETTER]),
        edition(LATER, {COLBE: "Cölbe C"}, without=[WETTER]),
    ]
    ends = []
    for order in [files, files[::-1], files[2:] + files[:2], files[1::2] + files[::2]]:
        stage.reset()
        with app.app_context():
            for content in order:
                take(content)
        ends.append(end_state(app))
    for end in ends[1:]:
        assert differences(ends[0], end) == []


def test_a_dissolved_body_gets_no_name_after_its_end(context):
    take(edition(date(2016, 12, 31), {"06437002": "Beerfelden, Bergstadt"}))
    assert spans("Beerfelden") == [("None", "2017-12-31")]


def test_a_new_town_has_its_first_name_from_its_beginning(context):
    take(edition(date(2018, 12, 31), {"06437016": "Oberzent, Neustadt"}))
    assert spans("Oberzent") == [("2018-01-01", "2021-12-30"), ("2021-12-31", "None")]


def test_a_county_free_city_without_its_own_record_is_incomplete(app):
    before = stored(app)
    with app.app_context(), pytest.raises(Refused) as told:
        take(edition(LATER, without=[FRANKFURT]))
    assert "hat in dieser Datei keine Gemeinde" in told.value.findings[0].text
    assert changed(before, stored(app)) == []


def test_a_missing_region_is_named(context):
    with pytest.raises(Refused) as told:
        check(edition(LATER, without=["065"]))
    assert "hat keinen Satz 065" in told.value.findings[0].text


@pytest.mark.parametrize("heir", ["06534", "06633200", "06635005", "99999999", "x"])
def test_only_a_living_municipality_takes_another_in(app, heir):
    before = stored(app)
    with app.app_context(), pytest.raises(Refused):
        take(edition(LATER, without=[WETTER]), successors={WETTER: heir})
    assert changed(before, stored(app)) == []


def test_a_known_succession_may_be_named_again_but_no_other(context):
    content = edition(LATER, without=[WETTER])
    take(content, successors={WETTER: COLBE})
    assert take(content, successors={WETTER: COLBE}).closed == 0
    with pytest.raises(Refused):
        take(content, successors={WETTER: "06534012"})


def test_an_older_file_closes_nothing(context):
    with pytest.raises(Refused) as told:
        take(edition(date(2024, 12, 31), without=[WETTER]), successors={WETTER: COLBE})
    assert "älter ist als das Verzeichnis" in told.value.findings[0].text


def test_what_came_with_a_wrong_file_of_the_day_is_not_closed_before_it(context):
    wrong = municipality(LATER, "06534099", "Irrtum")
    take(edition(LATER, k06534099=wrong))
    assert take(edition(LATER)).doubtful == 1
    with pytest.raises(Refused) as told:
        take(edition(LATER), successors={"06534099": COLBE})
    assert "kam mit einer Datei desselben Tages" in told.value.findings[0].text


def test_an_earlier_file_that_shows_a_merger_moves_its_day(context):
    first = date(2026, 9, 30)
    take(edition(LATER, without=[WETTER]), successors={WETTER: COLBE})
    take(edition(first, without=[WETTER]))
    wetter = factories.place("Wetter (Hessen)")
    assert wetter.valid_to == date(2026, 9, 29)
    assert queries.successors(wetter)[0].effective_on == first
    assert queries.count_existing(first) == 441


def test_a_changed_area_alone_is_taken_over(app, ada):
    found = records(LATER)
    found["06633200"] = municipality(
        LATER, "06633200", "Gutsbezirk Reinhardswald, gemfr. Gebiet", "66", 99999, 0, ""
    )
    with app.app_context():
        take(edition(LATER))
    shown = ada.get(send(ada, printed(found)).location)
    assert ada.post(CHECK, shown.fields()).status == 303
    with app.app_context():
        area = db.session.scalars(
            select(Organisation).where(Organisation.name == "Gutsbezirk Reinhardswald")
        ).one()
        assert area.figures[0].area_km2 == 999.99


def test_another_day_of_counting_replaces_the_mistaken_one(context):
    take(edition(LATER))
    take(edition(LATER), population_on=date(2026, 6, 30))
    query = select(PopulationFigure.counted_on).distinct().order_by(PopulationFigure.counted_on.desc())
    assert db.session.scalars(query).first() == date(2026, 6, 30)


def test_a_renamed_county_is_found_with_its_municipalities(app):
    with app.app_context():
        take(edition(LATER, {"06534": "Lahnkreis"}))
        assert "Lahnkreis" in factories.place("Cölbe").note
    before = stored(app)
    assert app.test_cli_runner().invoke(args=["register", "load"]).exit_code == 0
    assert changed(before, stored(app)) == []


def test_a_file_of_another_state_says_nothing_about_hessen(context):
    bavaria = {
        "09": line(10, date(2027, 6, 30), "09", "Bayern"),
        "09162": line(40, date(2027, 6, 30), "09162", "München, Landeshauptstadt", "41"),
        "09162000": municipality(date(2027, 6, 30), "09162000", "München, Landeshauptstadt", "61"),
    }
    assert take(printed(bavaria), all_states=True).new == 1
    take(edition(LATER, {COLBE: "Radfahrstadt"}))
    assert spans("Radfahrstadt")[-1] == ("2027-01-31", "None")


def test_many_mergers_elsewhere_are_doubts_not_a_refusal(context):
    whole = foreign() | {
        f"k100415{number}": municipality(LATER, f"100415{number}", f"Ort {number}")
        for number in range(20, 26)
    }
    take(edition(LATER, **whole), all_states=True)
    later = date(2027, 6, 30)
    counts = take(edition(later, **foreign(later)), all_states=True)
    assert (counts.doubtful, counts.closed) == (6, 0)


ODD_DAYS = {"year one": "00010101", "long ago": "18710101", "far ahead": "20991231", "very far": "99991231"}


@pytest.mark.parametrize("day", ODD_DAYS.values(), ids=ODD_DAYS)
def test_an_impossible_day_is_refused(context, day):
    content = edition(LATER).replace(b"20270131", day.encode())
    with pytest.raises(Refused):
        services.plan_of(content)


def test_more_people_than_there_can_be_are_refused(context):
    found = records(LATER)
    found[COLBE] = municipality(LATER, COLBE, "Cölbe", people=99_999_999_999)
    with pytest.raises(Refused) as told:
        check(printed(found))
    assert "ist mehr, als eine Gemeinde haben kann" in told.value.findings[0].text


def test_one_sorbian_letter_does_not_make_a_dos_file(context):
    content = edition(LATER, {COLBE: "Cölbe š"}).decode().encode("cp1252")
    assert check(content).municipalities[COLBE].name == "Cölbe š"
    assert "Amöneburg" in check(content).municipalities["06534001"].name


def test_signs_no_name_has_are_named(context):
    with pytest.raises(Refused) as told:
        check(edition(LATER, {COLBE: "C÷lbe"}))
    assert "enthält Zeichen, die in keinem Namen stehen" in told.value.findings[0].text


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_archive_damaged_anywhere_is_refused(context, method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("gv.txt", edition(LATER))
    whole = out.getvalue()
    for position in range(40, len(whole) - 200, max(1, len(whole) // 25)):
        spoilt = whole[:position] + bytes([whole[position] ^ 0xFF]) + whole[position + 1 :]
        with pytest.raises(Refused):
            check(spoilt)


def test_a_file_chosen_meanwhile_is_not_taken_over_unseen(app, ada):
    shown = ada.get(send(ada, edition(LATER)).location)
    send(ada, edition(date(2027, 6, 30)))
    before = stored(app)
    assert ada.post(CHECK, shown.fields()).status == 422
    assert changed(before, stored(app)) == []


def test_a_second_click_finds_the_file_gone(app, ada, monkeypatch):
    form = ada.get(send(ada, edition(LATER)).location).fields()
    usual = services.locked_plan_of

    def after_the_first(*args, **kw):
        plan = usual(*args, **kw)
        db.session.execute(delete(WaitingFile))
        return plan

    monkeypatch.setattr(services, "locked_plan_of", after_the_first)
    assert ada.post(CHECK, form).location == "/verzeichnis"


@pytest.mark.parametrize(
    "query", ["?endpoint=x", "?_method=POST", "?_external=1&_anchor=x", "?laender=1&einwohner=x"]
)
def test_odd_words_in_the_address_do_no_harm(ada, query):
    send(ada, edition(LATER, without=[WETTER]))
    assert ada.get(f"{CHECK}{query}").status == 200


def test_a_file_waits_a_day_at_most(app, ada):
    send(ada, edition(LATER))
    with app.app_context():
        db.session.execute(update(WaitingFile).values(at=now() - LIFETIME))
        db.session.commit()
    assert ada.get(CHECK).location == "/verzeichnis"
    with app.app_context():
        assert forget("waiting-files") == 1


def test_every_order_of_two_figures_for_one_day_ends_with_the_newer(app, stage):
    found = records(date(2024, 6, 30))
    found[COLBE] = municipality(date(2024, 6, 30), COLBE, "Cölbe", people=111)
    other = records(date(2024, 9, 30))
    other[COLBE] = municipality(date(2024, 9, 30), COLBE, "Cölbe", people=222)
    for order in permutations([printed(found), printed(other)]):
        stage.reset()
        with app.app_context():
            for content in order:
                take(content)
            figures = {one.counted_on: one.population for one in factories.place("Cölbe").figures}
            assert figures[date(2023, 12, 31)] == 222
            db.session.remove()
            db.engine.dispose()
