"""What was decided about a list outlives the session in which it was typed."""

import pytest
from sqlalchemy import select

from crm.db import db
from crm.drafts import Draft
from tests.accounts.test_interrupted import sign_in_again
from tests.accounts.unsaved import idle
from tests.imports import test_screen as groups_on_screen
from tests.imports.lists import written
from tests.imports.talks import test_screen as talks_on_screen
from tests.imports.talks.old_lists import old_list


def drafts(app):
    """How many drafts are kept."""
    with app.app_context():
        return len(db.session.scalars(select(Draft)).all())


def lose(client, address, fields):
    """Send a form after the session has ended, sign in again, and follow."""
    idle(client)
    door = client.post(address, fields)
    assert door.status == 401
    return client.get(sign_in_again(client, door, "mara").location)


@pytest.mark.parametrize("address", [talks_on_screen.ASK, f"{talks_on_screen.ASK}&spalte-8=-"])
def test_answers_come_back_after_a_lost_session(app, mara, address):
    talks_on_screen.look(mara, old_list(talks_on_screen.VAGUE))
    page = mara.get(address)
    day = page.soup.select_one("input[name^=anders-day]")["name"]
    place = page.soup.select_one("select[name^=frage-place]")["name"]
    meant = page.soup.select(f"select[name={place}] option")[1]["value"]
    back = lose(mara, address, page.fields() | {day: "3.5.2012", place: meant})
    assert (back.fields()[day], back.fields()[place]) == (["3.5.2012"], [meant])
    assert drafts(app) == 1
    done = mara.post(address, back.fields() | {"weiter": "1"})
    assert "entwurf" not in done.location
    assert talks_on_screen.answered(app) == 2
    assert drafts(app) == 0


def test_picks_in_the_check_come_back_after_a_lost_session(app, mara):
    shown = groups_on_screen.look(mara, written(("1", "Bauhof", "Krichheim; Bebra", "Idee")))
    name = shown.soup.select_one("select[name^=ort-]")["name"]
    meant = next(one["value"] for one in shown.soup.select(f"select[name={name}] option") if one["value"])
    back = lose(mara, groups_on_screen.CHECK, shown.fields() | {name: meant})
    assert back.fields()[name] == [meant]
    assert not [tag["href"] for tag in back.soup.select("main a[href*=entwurf]")]
    assert mara.post(groups_on_screen.CHECK, back.fields()).status == 303
    assert [len(partners) for partners in groups_on_screen.groups(app).values()] == [2]
    assert drafts(app) == 0


def test_answers_that_were_refused_keep_their_draft(app, mara):
    talks_on_screen.look(mara, old_list(talks_on_screen.VAGUE))
    page = mara.get(talks_on_screen.ASK)
    day = page.soup.select_one("input[name^=anders-day]")["name"]
    back = lose(mara, talks_on_screen.ASK, page.fields() | {day: "Frühjahr"})
    again = mara.post(talks_on_screen.ASK, back.fields())
    assert (again.status, again.fields()[day]) == (422, ["Frühjahr"])
    assert drafts(app) == 1
