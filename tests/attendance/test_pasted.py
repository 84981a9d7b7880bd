"""A sign-in list pasted: checked line by line, taken over, and pasted twice without a change."""

import pytest
from sqlalchemy import select

from crm.attendance import taking
from crm.attendance.taking import kind_of
from crm.audit import AuditEvent
from crm.db import db
from crm.events.models import EventState
from crm.organisations.models import Level
from crm.registrations.models import GuestKind, Origin, Registration
from tests import factories
from tests.attendance.test_routes import audited, door, guest, held

LIST = """Nr.\tName
1. Henkel, Petra; Lahntal
2. Mueller, Hans; Coelbe
3. Dr. Klaus Neu; Gemeinde Lahntal; Bürgermeister
4. Schmitt; Marburg

5. Wanda Wald; Bürgerinitiative Ohmtal
info@lahntal.de
"""
GUESTS = (
    ("Henkel", "Lahntal", {}),
    ("Müller", "Cölbe", {"first_name": "Hans"}),
    ("Schmitt", "Marburg", {"first_name": "Karin"}),
)


def pasted(client, number, text, **answers):
    """Check a list, then take it over with the answers of the page."""
    address = door(number, "/liste")
    page = client.submit(address, text=text)
    return client.post(address, page.fields() | answers | {"nehmen": "1"})


def registrations(app):
    """Names, origins and arrivals of all guests."""
    with app.app_context():
        found = db.session.scalars(select(Registration).order_by(Registration.id))
        return [(one.name, one.origin, one.came_at) for one in found]


def test_a_list_is_checked_before_anything_is_entered(app, anna):
    number, _ids = held(app, *GUESTS)
    page = anna.submit(door(number, "/liste"), text=LIST)
    assert page.status == 200
    assert "Erkannt 2 Zu entscheiden 1 Neue Gäste 2 Ohne Namen 1" in page.main
    assert "Zeile 4: 3. Dr. Klaus Neu; Gemeinde Lahntal; Bürgermeister" in page.main
    assert "Neuer Gast: Dr. Klaus Neu Lahntal, Bürgermeisteramt" in page.main
    assert "Zeile 8: info@lahntal.de" in page.main
    assert all(came is None for _name, _origin, came in registrations(app))
    assert len(page.statements) < 30


def test_a_list_is_taken_over_and_a_second_time_changes_nothing(app, anna):
    number, (petra, hans, karin) = held(app, *GUESTS)
    page = pasted(anna, number, LIST)
    assert (page.status, page.location) == (303, door(number))
    assert "Liste übernommen: 3 Personen abgehakt, 2 neu eingetragen." in anna.get(page.location).main
    first = registrations(app)
    assert [name for name, _origin, came in first if came] == [
        "Petra Henkel", "Hans Müller", "Karin Schmitt", "Dr. Klaus Neu", "Wanda Wald",
    ]  # fmt: skip
    with app.app_context():
        new = db.session.scalars(select(Registration).where(Registration.origin == Origin.LIST)).all()
        assert [(one.kind, one.from_where, one.organisation_text) for one in new] == [
            (GuestKind.HEAD, "Lahntal", None),
            (GuestKind.OTHER, "Bürgerinitiative Ohmtal", "Bürgerinitiative Ohmtal"),
        ]  # fmt: skip
    page = pasted(anna, number, LIST)
    assert "Alle auf dieser Liste waren schon eingetragen." in anna.get(page.location).main
    assert registrations(app) == first
    assert audited(app, "event.list-taken") == 1
    with app.app_context():
        changes = db.session.scalars(
            select(AuditEvent.changes).where(AuditEvent.name == "event.list-taken")
        ).one()
        assert changes == {"guests": [None, 5]}
    assert min(petra, hans, karin) > 0


def test_a_line_in_doubt_waits_for_an_answer_and_is_named(app, anna):
    number, (one, other) = held(
        app, ("Müller", "Cölbe", {"email": "a@b.de", "address_key": "a@b.de"}), ("Müller", "Buseck", {})
    )
    page = pasted(anna, number, "Frank Ebel\nMüller, Petra")
    assert page.status == 422
    assert "Zeile 2 „Müller, Petra“: Wählen Sie, wer gemeint ist." in page.errors()
    assert page.soup.select_one(".err-sum a")["href"] == "#zeile-2"
    assert len(registrations(app)) == 2
    chosen = page.fields() | {"zeile-2": f"gast-{other}", "nehmen": "1"}
    assert anna.post(door(number, "/liste"), chosen).status == 303
    assert guest(app, one, "came_at") == (None,)
    assert guest(app, other, "came_at") != (None,)


def test_what_is_not_to_be_taken_over_is_left_out(app, anna):
    number, (petra, *_others) = held(app, *GUESTS)
    assert pasted(anna, number, "Henkel, Petra\nNeu, Nora", **{"zeile-2": "nichts"}).status == 303
    assert [name for name, _origin, came in registrations(app) if came] == ["Petra Henkel"]
    assert petra > 0


def test_a_forged_answer_reaches_no_other_event(app, anna):
    _other, (stranger,) = held(app, ("Fremd", "Lahntal", {}))
    number, _ids = held(app, *GUESTS)
    pasted(anna, number, "Henkel, Petra", **{"zeile-1": f"gast-{stranger}"})
    assert guest(app, stranger, "came_at") == (None,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" \n ", "Fügen Sie die Liste ein: eine Zeile je Person."),
        ("--- \n 12 \n", "In diesem Text steht kein Name."),
        ("Nora Neu\n" * 401, "Höchstens 400 Zeilen auf einmal, Sie haben 401."),
        (f"Nora {'e' * 300}", "ist kein Name."),
        ("x" * 60_001, "höchstens 60000 Zeichen"),
        ("Nora\x07Neu", "Steuerzeichen"),
    ],
)
def test_what_is_no_list_is_refused_and_kept(app, anna, text, message):
    number, _ids = held(app)
    page = anna.submit(door(number, "/liste"), text=text)
    assert page.status == 422
    assert any(message in error for error in page.errors()), page.errors()


def test_a_list_for_a_cancelled_event_is_refused(app, anna):
    number, _ids = held(app, *GUESTS, state=EventState.CANCELLED)
    page = pasted(anna, number, LIST)
    assert page.status == 422
    assert "Die Veranstaltung ist abgesagt." in page.main


def test_strange_lines_of_a_list_are_names_and_nothing_else(app, anna):
    number, _ids = held(app)
    text = "<script>alert(1)</script>, Nora\n=HYPERLINK(1), X\n李小龙; 北京\n' OR 1=1 --, Bobby"
    page = anna.submit(door(number, "/liste"), text=text)
    assert page.status == 200
    assert "<script>alert" not in page.html
    assert pasted(anna, number, text).status == 303
    assert len(registrations(app)) == 4


def test_150_lines_take_few_statements_and_no_time(app, anna):
    with app.app_context():
        event = factories.event(in_days=0)
        for number in range(160):
            factories.registration(
                event, f"Gast{chr(97 + number % 26)}{number:03}x", f"Vor{number}", at="Lahntal"
            )
        db.session.commit()
        number = event.id
    text = "\n".join(f"{n}. Gast{chr(97 + n % 26)}{n:03}x, Vor{n}; Lahntal" for n in range(150))
    page = anna.submit(door(number, "/liste"), text=text)
    assert "Erkannt 150 Zu entscheiden 0" in page.main
    assert len(page.statements) < 15
    answer = anna.post(door(number, "/liste"), page.fields() | {"nehmen": "1"})
    assert len(answer.statements) < 40
    assert sum(came is not None for _name, _origin, came in registrations(app)) == 150


@pytest.mark.parametrize(
    ("function", "level", "kind"),
    [
        ("Bürgermeisterin", Level.MUNICIPALITY, GuestKind.HEAD),
        ("Stadtverordnete", Level.MUNICIPALITY, GuestKind.COUNCILLOR),
        ("Büroleitung", None, GuestKind.MANAGEMENT),
        ("Sachbearbeitung", None, GuestKind.STAFF),
        ("Bürger", None, GuestKind.CITIZEN),
        ("", Level.COUNTY, GuestKind.COUNTY),
        ("Presse", Level.MUNICIPALITY, GuestKind.OTHER),
    ],
)
def test_a_function_tells_as_whom_somebody_came(function, level, kind):
    assert kind_of([function], level) is kind


def test_two_new_guests_with_one_address_share_it_no_more(app, context):
    event = factories.event(in_days=0)
    text = "Nora Neu post@lahntal.de\nKlaus Klein post@lahntal.de"
    taken = taking.take_over(event, text, {}, factories.member("anna"))
    assert (taken.came, taken.new) == (0, 2)
    assert [one.email for one in db.session.scalars(select(Registration).order_by(Registration.id))] == [
        "post@lahntal.de", None,
    ]  # fmt: skip
