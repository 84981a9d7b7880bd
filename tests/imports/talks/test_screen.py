"""Old lists of talks on screen: look, decide everything on one page, take over, repair, take back."""

import io

import pytest
from sqlalchemy import select

from crm.access import Permission
from crm.audit import AuditEvent
from crm.consultations.models import Consultation
from crm.db import db
from crm.imports.models import ImportAnswer, ImportRun
from tests import factories
from tests.everything import changed, stored
from tests.imports.lists import workbook
from tests.imports.talks.old_lists import CALL, HEAD, old_list, sample

PAGE, CHECK, ASK = "/importe", "/importe/pruefung?art=talks", "/importe/pruefung/fragen?art=talks"
VAGUE = ("Mai 2012", "Tel.", "Homberg", "", "", "", "", "", "")


def look(client, content, name="alt.csv"):
    """Send a list and open its check."""
    form = client.get(PAGE).fields() | {"art": "talks", "file": (io.BytesIO(content), name)}
    return client.get(client.post(PAGE, form).location)


def talks(app):
    """Days and places of all talks."""
    with app.app_context():
        query = select(Consultation).order_by(Consultation.held_on)
        return [(one.held_on.isoformat(), one.places) for one in db.session.scalars(query)]


def answered(app):
    """How many decisions are kept."""
    with app.app_context():
        return len(db.session.scalars(select(ImportAnswer)).all())


def test_a_manager_looks_decides_and_takes_over(app, mara):
    shown = look(mara, old_list(CALL, VAGUE, ("2012", *[""] * 8)))
    assert "Zeilen 3 Neu 1 Geändert 0 Ausgelassen 1 Unverändert 0 Zweifelhaft 1 Fehler 0" in shown.main
    assert "2 Fragen sind offen." in shown.main
    page = mara.get(ASK)
    assert "Wer ist gemeint? 1" in page.main
    assert "Welcher Tag war es? 1" in page.main
    with app.app_context():
        ohm = str(factories.place("Homberg (Ohm)").id)
    choices = {tag["name"]: ohm for tag in page.soup.select("select[name^=frage-place]")}
    choices |= {tag["name"]: "3.5.2012" for tag in page.soup.select("input[name^=anders-day]")}
    done = mara.post(ASK, page.fields() | choices, follow=True)
    assert "2 Entscheidungen behalten." in done.main
    assert "Neu 2" in done.main
    assert talks(app) == []
    taken = mara.post(CHECK, done.fields(), follow=True)
    assert "Liste übernommen: 2 neu" in taken.main
    assert talks(app) == [("2012-03-08", ["Cölbe", "Lahntal"]), ("2012-05-03", ["Homberg (Ohm)"])]
    assert "Beratungen 2" in taken.main
    assert "08.03.2012 Cölbe, Lahntal" in taken.main


def test_the_check_and_the_questions_write_nothing_but_what_was_decided(app, mara):
    before = stored(app)
    look(mara, old_list(CALL, VAGUE))
    mara.get(ASK)
    assert changed(before, stored(app)) == ["waiting_files"]
    page = mara.get(ASK)
    name = page.soup.select("select[name^=frage-day]")[0]["name"]
    mara.post(ASK, page.fields() | {name: "-"})
    assert set(changed(before, stored(app))) == {"waiting_files", "import_answers"}
    with app.app_context():
        kept = db.session.scalars(select(ImportAnswer)).one()
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.name == "import.answered")).one()
        assert (kept.answer, kept.by_id) == ("-", factories.member("mara").id)
        assert (event.record_id, event.changes["answer"]) == (kept.id, [None, "-"])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("input[name^=anders-day]", "Frühjahr", "„Frühjahr“ ist kein genauer Tag."),
        (
            "input[name^=anders-place]",
            "Homberg",
            "„Homberg“ ist nicht eindeutig. Ähnlich sind: Homberg (Efze)",
        ),
        ("input[name^=anders-place]", "Xyqw", "„Xyqw“ ist nicht eindeutig."),
        ("select[name^=frage-place]", "999999", "Diese Antwort steht nicht zur Wahl."),
    ],
)
def test_a_wrong_answer_is_refused_and_kept_on_screen(app, mara, field, value, said):
    look(mara, old_list(VAGUE))
    page = mara.get(ASK)
    name = page.soup.select(field)[0]["name"]
    answer = mara.post(ASK, page.fields() | {name: value})
    assert answer.status == 422
    assert said in answer.main
    assert answered(app) == 0
    if name.startswith("anders"):
        assert answer.soup.select(f"input[name={name}]")[0]["value"] == value


def test_who_was_slower_sees_what_is_open_now(app, mara):
    look(mara, old_list(VAGUE))
    page = mara.get(ASK)
    name = page.soup.select("select[name^=frage-day]")[0]["name"]
    mara.post(ASK, page.fields() | {name: "-"})
    late = mara.post(ASK, page.fields() | {name: "-"})
    assert late.status == 422
    assert "Inzwischen wurde etwas entschieden." in late.main


def test_decisions_can_be_taken_back(app, mara):
    look(mara, old_list(VAGUE))
    page = mara.get(ASK)
    name = page.soup.select("select[name^=frage-place]")[0]["name"]
    again = mara.post(ASK, page.fields() | {name: "-", "weiter": "1"}, follow=True)
    assert "1 Entscheidung, die für diese Liste zählt, wurde schon getroffen." in again.main
    assert answered(app) == 1
    back = mara.post(ASK, again.fields() | {"zurueck": "1"}, follow=True)
    assert "Die Entscheidungen sind zurückgenommen." in back.main
    assert answered(app) == 0


def test_rows_that_wait_are_downloaded_corrected_and_sent_again(app, mara):
    shown = look(mara, old_list(CALL, VAGUE))
    file = mara.get("/importe/fehlerzeilen.csv?art=talks").response.data
    assert b"Mai 2012" in file
    mara.post(CHECK, shown.fields())
    mended = file.decode("utf-8-sig").replace("Mai 2012", "3.5.2012").replace("Homberg;", "Homberg/Ohm;", 1)
    again = look(mara, mended.encode())
    assert "Neu 1" in again.main
    mara.post(CHECK, again.fields())
    assert talks(app) == [("2012-03-08", ["Cölbe", "Lahntal"]), ("2012-05-03", ["Homberg (Ohm)"])]
    assert "Es gibt nichts zu übernehmen" in look(mara, mended.encode()).main


def test_an_import_is_taken_back_on_screen(app, mara):
    shown = look(mara, old_list(CALL))
    mara.post(CHECK, shown.fields())
    with app.app_context():
        run = db.session.scalars(select(ImportRun)).one().id
    page = mara.get(f"{PAGE}/{run}/zuruecknehmen")
    assert "1 entfernt" in mara.post(f"{PAGE}/{run}/zuruecknehmen", page.fields(), follow=True).main
    assert talks(app) == []
    assert "08.03.2012 Cölbe, Lahntal" in mara.get(f"{PAGE}/{run}").main


def test_a_confidential_talk_has_no_name_for_who_may_not_see_it(app, mara):
    shown = look(mara, old_list(CALL))
    mara.post(CHECK, shown.fields())
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        talk.confidential = True
        db.session.commit()
        run, sees = db.session.scalars(select(ImportRun)).one().id, factories.member("mara").may
    expected = sees(Permission.READ_CONFIDENTIAL)
    assert ("Cölbe" in mara.get(f"{PAGE}/{run}").main) is expected


def test_without_a_waiting_list_there_are_no_questions(mara):
    assert mara.get(ASK).status == 303


def test_lists_of_other_kinds_have_no_questions(mara):
    form = mara.get(PAGE).fields() | {"file": (io.BytesIO(b"Titel;Kommunen\nBauhof;Lich\n"), "k.csv")}
    mara.post(PAGE, form)
    assert mara.get("/importe/pruefung/fragen").location.endswith("/importe/pruefung")


def test_others_may_not_decide(anna):
    assert anna.get(ASK).status == 403
    assert anna.post(ASK, {}).status == 403


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_list_in_every_encoding_and_with_every_mark(mara, encoding, mark):
    content = old_list((*CALL[:6], "Grün – „später“", "", ""), mark=mark, encoding=encoding)
    assert "08.03.2012 Cölbe, Lahntal" in look(mara, content).main


def test_an_unclosed_quotation_mark_names_its_line(mara):
    content = old_list(CALL, CALL).replace(b"Protokoll", b'"Protokoll', 1)
    form = mara.get(PAGE).fields() | {"art": "talks", "file": (io.BytesIO(content), "alt.csv")}
    page = mara.post(PAGE, form)
    assert page.status == 422
    assert "Zeile 2: Ein Anführungszeichen" in page.main or "Zeile 2" in page.main


def test_a_workbook_with_days_of_its_own(app, mara):
    def fill(book, sheet):
        shape = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_number(1, 0, 41061, shape)
        sheet.write_row(1, 1, CALL[1:])
        sheet.write_number(2, 0, 41062)
        sheet.write_row(2, 1, CALL[1:])

    shown = look(mara, workbook(fill, head=HEAD), "alt.xlsx")
    assert "01.06.2012 Cölbe, Lahntal" in shown.main
    assert "„41062“ ist eine Zahl, vielleicht ein Tag in der Zählung von Excel." in shown.main


def test_the_sample_on_screen(app, mara):
    shown = look(mara, sample(), "old_list_sample.csv")
    assert "Zeilen 150 Neu 72" in shown.main
    page = mara.get(ASK)
    assert len(page.soup.select("select[name^=frage-]")) > 40
    assert mara.post(CHECK, shown.fields()).status == 303
    assert len(talks(app)) == 72
