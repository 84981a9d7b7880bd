"""Every text and figure somebody may type, over real forms: a German answer, and never half a record."""

import time

import pytest
from sqlalchemy import select

from crm.consultations.models import Consultation
from crm.contacts.models import Person
from crm.db import db, today
from tests import factories
from tests.everything import changed, fill, stored

TALK, PERSON, WORK = "/beratungen/neu", "/kontakte/neu", "/wiedervorlagen/neu"
DIN_91379 = "Đặng Żółć ĳ ŉ M\u0302 ǧ Ł Ø Þ ß ẞ ə ʒ ŧ Ĳ ķ\u0327 c\u0303 Œ æ ð ŋ ħ"


@pytest.fixture
def right(app):
    """What each form needs to be right."""
    with app.app_context():
        place = [str(factories.place("Lahntal").id)]
        anna = str(factories.member("anna").id)
    return {
        TALK: {
            "organisations": place,
            "held_on": f"{today():%d.%m.%Y}",
            "kind": "single",
            "channel": "phone",
            "anyway": "1",
        },
        PERSON: {"last_name": "Henkel", "organisation": place, "role": "other", "anyway": "1"},
        WORK: {"text": "Anrufen", "organisation": place, "due_on": "1.12.2090", "owner_id": anna},
    }


def refusals(client, form, fields, rows):
    """Send every row; give those that were not refused with their sentence."""
    wrong = []
    for name, value, sentence in rows:
        page = client.submit(form, **fields | {name: value})
        told = " ".join(page.errors())
        if page.status != 422 or sentence not in told:
            wrong.append((name, str(value)[:30], page.status, told[:90]))
    return wrong


CONTROL, ONE_LINE = "Steuerzeichen", "eine Zeile"
TEXTS = {
    TALK: [
        ("note", "a\x00b", CONTROL),
        ("place", "a\x00b", CONTROL),
        ("file_reference", "a\x1bb", CONTROL),
        ("next_step", "\x07", CONTROL),
        ("place", "eins\nzwei", ONE_LINE),
        ("place", "eins\r\nzwei", ONE_LINE),
        ("file_reference", "eins\u2028zwei", ONE_LINE),
        ("place", "x" * 201, "höchstens 200 Zeichen"),
        ("place", "x" * 1_000_000, "höchstens 200 Zeichen"),
        ("file_reference", "x" * 101, "höchstens 100 Zeichen"),
        ("note", "x" * 200_001, "höchstens 200000 Zeichen"),
        ("note", "Ä" * 500_000, "höchstens 200000 Zeichen"),
        ("follow_up_text", "x" * 501, "höchstens 500 Zeichen"),
        ("organisations-text", "Weter", "Wetter (Hessen)"),
        ("organisations-text", "%", "%"),
    ],
    PERSON: [
        ("last_name", "", "Nachnamen"),
        ("last_name", " \u00a0 ", "Nachnamen"),
        ("last_name", "\u202e\u200b", "Nachnamen"),
        ("last_name", "\u3164", "Nachnamen"),
        ("last_name", "a\x00b", CONTROL),
        ("last_name", "Hen\nkel", ONE_LINE),
        ("last_name", "x" * 201, "höchstens 200 Zeichen"),
        ("last_name", "x" * 1_000_000, "höchstens 200 Zeichen"),
        ("academic_title", "x" * 51, "höchstens 50 Zeichen"),
        ("official_email", "kein", "name@example.de"),
        ("official_email", "a@b.de, c@d.de", "name@example.de"),
        ("official_email", "Müller <m@x.de>", "name@example.de"),
        ("official_email", "a@b.de\nBcc: x@y.de", ONE_LINE),
        ("official_email", "x" * 400 + "@b.de", "höchstens 254 Zeichen"),
        ("official_phone", "1" * 51, "höchstens 50 Zeichen"),
    ],
    WORK: [
        ("text", "", "was zu tun ist"),
        ("text", "\u200b\u00a0", "was zu tun ist"),
        ("text", "a\x00b", CONTROL),
        ("text", "eins\ntwo", ONE_LINE),
        ("text", "x" * 501, "höchstens 500 Zeichen"),
        ("waiting_for", "x" * 201, "höchstens 200 Zeichen"),
    ],
}


@pytest.mark.parametrize("form", TEXTS)
def test_a_wrong_text_is_refused_with_a_sentence(app, anna, right, form):
    before = stored(app)
    assert refusals(anna, form, right[form], TEXTS[form]) == []
    assert changed(before, stored(app)) == []


GOOD_NAMES = [
    "O'Brien", "von der Höhe-Graf zu", "X", "x" * 200, "R2 D2", "<b>fett</b>", "&amp;", "{{7*7}}", "%s %(x)s",
    "'; DROP TABLE people; --", "back\\slash", '"Anführung"', "👍🏽 👨\u200d👩\u200d👧 🇩🇪",
    "a" + "\u0338" * 100, "ß" * 200, "Œ" * 200, "ﷺ" * 200, DIN_91379,
]  # fmt: skip


def test_names_of_all_kinds_are_stored_and_shown_as_they_are(app, anna, right):
    for name in GOOD_NAMES:
        page = anna.submit(PERSON, **right[PERSON] | {"last_name": name})
        if page.status != 303:
            # Somebody here may be meant by so odd a name, and is asked about once.
            assert page.errors() == [], name[:20]
            page = anna.post(PERSON, page.fields())
        page = anna.get(page.location)
        assert page.status == 200, (name[:20], page.errors())
        assert name in page.soup.get_text(), name[:20]
        with app.app_context():
            newest = db.session.scalars(select(Person).order_by(Person.id.desc())).first()
            assert newest.last_name == name


def test_two_ways_of_writing_an_umlaut_are_one(app, anna, right):
    anna.submit(PERSON, **right[PERSON] | {"last_name": "Mu\u0308ller-Ko\u0308nig"})
    with app.app_context():
        assert db.session.scalars(select(Person.last_name)).one() == "Müller-König"
    for words in ("Müller", "Mu\u0308ller", "mueller", "muller", "KÖNIG", "koenig"):
        assert "Müller-König" in anna.get(f"/kontakte?q={words}").main, words


def test_base_letters_find_their_kin(app, anna, right):
    anna.submit(PERSON, **right[PERSON] | {"last_name": "Đặng Żółć"})
    for words in ("dang", "zolc", "ĐẶNG"):
        assert "Đặng Żółć" in anna.get(f"/kontakte?q={words}").main, words


def test_a_long_note_is_stored_to_the_last_character(app, anna, right):
    for note in ("Ä" * 200_000, "x" * 199_998 + "\nx", DIN_91379 + " 👨\u200d👩\u200d👧\n\n- Punkt"):
        assert anna.submit(TALK, **right[TALK] | {"note": note}).status == 303
        with app.app_context():
            assert (
                db.session.scalars(select(Consultation).order_by(Consultation.id.desc())).first().note == note
            )


def test_a_note_that_is_too_long_stays_on_the_screen(app, anna, right):
    text = "Ö" * 200_001
    page = anna.submit(TALK, **right[TALK] | {"note": text})
    assert page.fields()["note"] == [text]
    assert "200001" in " ".join(page.errors())


MISSING, SHAPE = "Dieses Datum gibt es nicht", "Schreiben Sie den Tag so: 23.11.2026."
FIGURES = {
    TALK: [
        *(("held_on", day, MISSING) for day in ("29.02.2027", "31.04.2026", "00.01.2026", "32.01.2026")),
        *(("held_on", day, "1900 und 2100") for day in ("01.01.0001", "31.12.1899", "1.1.9999", "1.1.10000")),
        *(
            ("held_on", day, SHAPE)
            for day in ("12/31/2025", "1.2.2026 10:00", "\u0661.\u0662.2026", "9" * 5000)
        ),
        ("held_on", "", "Tag"),
        ("held_on", "1.1.2090\x00", CONTROL),
        ("starts_at", "24:00", "00:00 Uhr des nächsten Tages"),
        ("starts_at", "25:00", "Diese Uhrzeit gibt es nicht"),
        ("starts_at", "halb", "09:30"),
        ("duration_minutes", "-1", "90 oder 1,5 h"),
        ("duration_minutes", "1441", "1440"),
        ("duration_minutes", "32 Tage", "90 oder 1,5 h"),
        *(
            ("duration_minutes", text, "90 oder 1,5 h")
            for text in ("NaN", "1e400", "1_0", "\uff11\uff12", "0x10")
        ),
        *(
            ("preparation_minutes", text, "90 oder 1,5 h")
            for text in ("sNaN", "Infinity", "9" * 5000, "1:75")
        ),
        ("follow_up_on", "1.1.2090", "Tag und"),
        ("follow_up_text", "Anrufen", "Tag und"),
    ],
    PERSON: [
        ("valid_from", "31.02.2020", MISSING),
        ("valid_to", "bald", SHAPE),
        ("valid_from", "1.1.1800", "1900 und 2100"),
    ],
    WORK: [
        ("due_on", "", "Tag"),
        ("due_on", "30.02.2027", MISSING),
        ("due_on", "nie", SHAPE),
        ("due_on", "1.1.3000", "1900 und 2100"),
    ],
}


@pytest.mark.parametrize("form", FIGURES)
def test_a_wrong_figure_is_refused_with_a_sentence(app, anna, right, form):
    before = stored(app)
    assert refusals(anna, form, right[form], FIGURES[form]) == []
    assert changed(before, stored(app)) == []


def test_the_end_before_the_start_is_said_at_the_field(app, anna, right):
    page = anna.submit(PERSON, **right[PERSON] | {"valid_from": "2.2.2026", "valid_to": "1.2.2026"})
    assert page.status == 422
    assert "letzte Tag" in " ".join(page.errors())
    assert page.soup.select_one("#valid_to[aria-invalid=true]")


def test_a_leap_day_and_the_hour_of_the_clock_change_are_kept_as_written(app, anna, right):
    for day, clock in (("29.02.2028", "9 Uhr"), ("29.03.2026", "02:30"), ("25.10.2026", "2.30")):
        page = anna.submit(TALK, **right[TALK] | {"held_on": day, "starts_at": clock})
        assert page.status == 303, page.errors()
        assert day in anna.get(page.location).main


def test_figures_come_back_in_the_house_spelling(app, anna, right):
    page = anna.submit(
        TALK, **right[TALK] | {"duration_minutes": "1,5 h", "starts_at": "930", "held_on": "1.2.26"}
    )
    with app.app_context():
        talk = db.session.scalars(select(Consultation)).one()
        assert (talk.duration_minutes, f"{talk.starts_at:%H:%M}") == (90, "09:30")
    form = anna.get(page.location + "/bearbeiten").fields()
    assert (form["held_on"], form["starts_at"], form["duration_minutes"]) == (
        ["01.02.2026"],
        ["09:30"],
        ["90"],
    )


LISTS = ("/kommunen", "/kontakte", "/beratungen", "/wiedervorlagen")
WORDS = [
    "%",
    "_",
    "\\",
    "*",
    "%25_%25_%25",
    "",
    "%20",
    "%00",
    "%FF",
    "%ED%A0%80",
    "%E2%80%AE",
    "a" * 10_000,
    "'",
    "(",
]


@pytest.mark.parametrize("url", LISTS)
def test_odd_words_are_searched_as_they_stand(app, anna, url):
    fill(app)
    for words in WORDS:
        begin = time.process_time()
        assert anna.browser.get(f"{url}?q={words}").status_code == 200, words[:20]
        assert time.process_time() - begin < 1.5, words[:20]


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_signs_of_the_database_stand_for_themselves(app, anna, sign):
    with app.app_context():
        factories.follow_up(text=f"Mit 100 {sign} Förderung")
        factories.follow_up(text="Ohne Zeichen")
        factories.talk("Lahntal", place=f"Haus {sign} Hof")
        factories.talk("Cölbe", place="Haus Hof", days_ago=1)
        db.session.commit()
    found = anna.get("/wiedervorlagen?stand=offen&q=" + ("%25" if sign == "%" else sign)).main
    assert "Förderung" in found
    assert "Ohne Zeichen" not in found


@pytest.mark.parametrize("words", ["ÖSTRICH", "östrich", "oestrich", "Oestrich-Winkel"])
def test_a_place_is_found_however_it_is_written(anna, words):
    assert "Oestrich-Winkel" in anna.get(f"/kommunen?q={words}").main


def test_nothing_is_stored_while_one_row_of_many_is_wrong(app, anna, right):
    before = stored(app)
    with app.app_context():
        places = [str(factories.place(name).id) for name in ("Lahntal", "Cölbe")]
    rows = {"parties-0-organisation": places[0], "parties-0-people-text": "Neue Person, Büroleitung"}
    rows |= {"parties-1-organisation": places[1], "parties-1-private_note": "a\x00b"}
    page = anna.submit(TALK, **right[TALK] | {"organisations": places, "kind": "group"} | rows)
    assert page.status == 422
    assert CONTROL in " ".join(page.errors())
    assert changed(before, stored(app)) == []
