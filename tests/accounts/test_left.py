"""Who left is still found: what somebody did does not end with the account."""

import pytest

from crm.accounts.queries import staff_ever, staff_names
from crm.accounts.services import lock_user
from crm.db import db
from tests import factories

FILTERS = {
    "/beratungen": "staff", "/wiedervorlagen?stand=offen": "zustaendig", "/kooperationen": "zustaendig",
    "/berichte/taetigkeit": "person",
}  # fmt: skip


@pytest.fixture
def bert_left(app):
    """Bert's account is locked; give his number."""
    with app.app_context():
        bert = factories.member("bert")
        lock_user(bert, factories.member("ada"))
        db.session.commit()
        return bert.id


@pytest.mark.parametrize(("address", "name"), FILTERS.items())
def test_every_filter_offers_who_left_after_those_who_are_there(mara, bert_left, address, name):
    options = mara.get(address).soup.select(f"main select[name={name}] option")
    offered = [one["value"] for one in options if one["value"]]
    assert offered[-1] == str(bert_left)
    assert len(offered) == 3


def test_nobody_who_left_is_offered_for_something_new(app, mara, bert_left):
    options = mara.get("/wiedervorlagen/neu").soup.select("select[name=owner_id] option")
    assert str(bert_left) not in [one["value"] for one in options]
    with app.app_context():
        assert bert_left not in [one.id for one in staff_names()]
        assert bert_left in [one.id for one in staff_ever()]


def test_locking_says_what_stays_with_somebody(app, ada):
    with app.app_context():
        number = factories.member("bert").id
    assert "Auch geplante Beratungen und Kooperationen bleiben" in ada.get(f"/konten/{number}/sperren").main
