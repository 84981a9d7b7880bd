"""Many follow-ups at once: looked at, done, taken back; and what each of the four questions asks."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from crm.audit import AuditEvent
from crm.bulk.models import BulkAction
from crm.db import db, today
from crm.follow_ups.models import FollowUp, FollowUpState
from tests import factories
from tests.bulk.steps import address, confirm, done, preview, undo, undo_url

KIND = "wiedervorlagen"


@pytest.fixture
def three(app):
    """Numbers of three open follow-ups of Anna."""
    with app.app_context():
        numbers = [factories.follow_up(f"Zusage {one}", in_days=one).id for one in (-2, 3, 9)]
        db.session.commit()
    return numbers


def read(app, ask):
    """Ask the database."""
    with app.app_context():
        return ask()


def state(app, numbers):
    """(owner's name, days from today, state) of follow-ups, in the order of the numbers."""
    with app.app_context():
        found = {one.id: one for one in db.session.scalars(select(FollowUp).where(FollowUp.id.in_(numbers)))}
        rows = [found[number] for number in numbers]
        return [(one.owner.name, (one.due_on - today()).days, one.is_open) for one in rows]


def events(app, name):
    """How many audit events of a name there are."""
    with app.app_context():
        return db.session.scalar(select(func.count()).where(AuditEvent.name == name))


def bert(app):
    """Bert's number."""
    return read(app, lambda: factories.member("bert").id)


def test_the_owner_changes_after_a_preview_and_comes_back(app, anna, three):
    url = address(KIND, "zustaendigkeit", three)
    assert "3 Wiedervorlagen" in anna.get(url).main
    page = preview(anna, url, owner_id=bert(app))
    assert page.status == 200
    assert [cell.get_text(strip=True) for cell in page.soup.select("td")] == ["Anna Adler", "Bert Braun"] * 3
    assert state(app, three)[0][0] == "Anna Adler"
    listed = confirm(anna, url, page, follow=True)
    assert "3 Wiedervorlagen geändert." in listed.main
    assert {owner for owner, _day, _open in state(app, three)} == {"Bert Braun"}
    assert events(app, "follow-up.handed-over") == 3
    assert "3 Änderungen zurückgenommen." in undo(anna, listed).main
    assert {owner for owner, _day, _open in state(app, three)} == {"Anna Adler"}
    assert anna.get(undo_url(listed)).status == 302


def test_days_move_by_a_number_or_to_one_day(app, anna, three):
    url = address(KIND, "verschieben", three)
    page = preview(anna, url, days=7)
    listed = confirm(anna, url, page, follow=True)
    assert [day for _owner, day, _open in state(app, three)] == [7, 10, 16]
    undo(anna, listed)
    assert [day for _owner, day, _open in state(app, three)] == [-2, 3, 9]
    wanted = today() + timedelta(days=9)
    page = preview(anna, url, due_on=f"{wanted:%d.%m.%Y}")
    assert "ist schon an diesem Tag fällig" in page.main
    assert "2 Wiedervorlagen ändern" in page.main
    confirm(anna, url, page)
    assert [day for _owner, day, _open in state(app, three)] == [9, 9, 9]


def test_what_is_done_stays_done_and_is_named(app, anna, three):
    with app.app_context():
        db.session.get(FollowUp, three[0]).state = FollowUpState.DONE
        db.session.commit()
    url = address(KIND, "erledigen", three)
    page = anna.get(url)
    assert "ist schon erledigt" in page.main
    listed = confirm(anna, url, page, follow=True)
    assert [is_open for _owner, _day, is_open in state(app, three)] == [False, False, False]
    undo(anna, listed)
    assert [is_open for _owner, _day, is_open in state(app, three)] == [False, True, True]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"due_on": "", "days": ""}, "entweder einen Tag oder eine Zahl"),
        ({"due_on": "1.1.2090", "days": "3"}, "entweder einen Tag oder eine Zahl"),
        ({"days": "0"}, "zwischen 1 und 366"),
        ({"due_on": "irgendwann"}, "23.11.2026"),
    ],
)
def test_wrong_input_is_named_and_kept(app, anna, three, values, said):
    page = preview(anna, address(KIND, "verschieben", three), **values)
    assert page.status == 422
    assert said in " ".join(page.errors()) or said in page.main
    assert page.fields()["days"] == [values.get("days", "")]
    assert state(app, three)[0][1] == -2


def test_a_colleague_who_was_faster_is_noticed(app, anna, bert, three):
    url = address(KIND, "verschieben", three)
    page = preview(anna, url, days=7)
    bert.post(f"/wiedervorlagen/{three[1]}/verschieben", due_on="1.1.2090")
    again = confirm(anna, url, page)
    assert again.status == 409
    assert "Seit der Vorschau hat sich etwas geändert" in again.main
    assert state(app, three)[0][1] == -2
    assert confirm(anna, url, again).status == 303
    assert state(app, three)[0][1] == 7


def test_a_second_press_does_it_once(app, anna, three):
    url = address(KIND, "verschieben", three)
    page = preview(anna, url, days=7)
    first, second = confirm(anna, url, page), confirm(anna, url, page)
    assert (first.status, second.status) == (303, 303)
    assert first.location == second.location
    assert [day for _owner, day, _open in state(app, three)] == [7, 10, 16]
    assert read(app, lambda: db.session.scalar(select(func.count(BulkAction.id)))) == 1


def test_what_was_changed_since_is_named_and_the_rest_goes_back(app, anna, bert, three):
    listed = done(anna, address(KIND, "verschieben", three), days=7)
    bert.post(f"/wiedervorlagen/{three[1]}/verschieben", due_on="1.1.2090")
    page = anna.get(undo_url(listed))
    assert "wurde inzwischen geändert (Bert Braun)" in page.main
    assert "Das Übrige zurücknehmen" in page.main
    assert "2 Änderungen zurückgenommen." in undo(anna, listed).main
    days = [day for _owner, day, _open in state(app, three)]
    assert (days[0], days[2]) == (-2, 9)
    assert days[1] > 1000


def test_a_change_between_looking_and_taking_back_is_shown_first(app, anna, bert, three):
    listed = done(anna, address(KIND, "verschieben", three), days=7)
    fields = anna.get(undo_url(listed)).fields()
    bert.post(f"/wiedervorlagen/{three[1]}/verschieben", due_on="1.1.2090")
    page = anna.post(undo_url(listed), fields)
    assert page.status == 409
    assert state(app, three)[0][1] == 7
    assert anna.post(undo_url(listed), page.fields()).status == 303


def test_only_who_did_it_or_a_manager_takes_it_back(app, anna, bert, emil, mara, three):
    listed = done(anna, address(KIND, "verschieben", three), days=7)
    assert bert.get(undo_url(listed)).status == 404
    assert emil.get(undo_url(listed)).status == 404
    assert bert.post(undo_url(listed)).status == 404
    assert "Tag verschieben" not in bert.get("/auswahl").main
    assert "Tag verschieben" in mara.get("/auswahl").main
    assert mara.submit(undo_url(listed)).status == 303
    assert state(app, three)[0][1] == -2


def test_readers_and_coordinators_change_nothing(app, rita, emil, three):
    url = address(KIND, "verschieben", three)
    for client in (rita, emil):
        assert client.get(url).status == 403
        assert preview(client, url, days=7).status == 403
        assert not client.get("/wiedervorlagen?stand=offen").soup.select("[name=nummer]")
    assert state(app, three)[0][1] == -2


def test_a_locked_colleague_does_not_get_anything_back(app, anna, mara, three):
    listed = done(mara, address(KIND, "zustaendigkeit", three), owner_id=bert(app))
    with app.app_context():
        factories.member("anna").locked_at = db.func.now()
        db.session.commit()
    page = undo(mara, listed)
    assert "0 Änderungen zurückgenommen." in page.main
    assert "Dieses Konto ist gesperrt" in page.main
    assert state(app, three)[0][0] == "Bert Braun"
