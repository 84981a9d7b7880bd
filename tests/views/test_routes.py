"""Saved views: kept, opened, pinned, shared, changed, removed; by whom and by whom not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import db, now, today
from crm.reports.period import quarter_of
from crm.views.models import ListName, SavedView, ViewPin
from tests import factories

NEW, KEPT, ALL, LIST = "/ansichten/neu/talks", "/ansichten/", "/ansichten", "/beratungen"


def keep(app, **over):
    """Save one behind the program's back."""
    with app.app_context():
        made = factories.saved_view(**over)
        db.session.commit()
        return made.id


def saved(app, view_id=None):
    """A view as it is stored; the newest without a number."""
    with app.app_context():
        query = select(SavedView).order_by(SavedView.id.desc())
        found = db.session.get(SavedView, view_id) if view_id else db.session.scalar(query)
        db.session.expunge_all()
        return found


def events(app):
    """The names of all audit events."""
    with app.app_context():
        return list(db.session.scalars(select(AuditEvent.name).order_by(AuditEvent.id)))


def pins(app, view_id):
    """Who has a view as a tab."""
    with app.app_context():
        return set(db.session.scalars(select(ViewPin.user_id).where(ViewPin.view_id == view_id)))


def tabs(page):
    """The tabs above a list, as (text, address, whether it is at hand)."""
    links = page.soup.select(".views .tabs a")
    return [(" ".join(a.get_text(" ").split()), a["href"], a.has_attr("aria-current")) for a in links]


def rows(page):
    """What the list shows, row by row."""
    return [" ".join(row.get_text(" ").split()) for row in page.soup.select("#results tbody tr")]


def lock(app, name):
    """Let somebody leave."""
    with app.app_context():
        factories.member(name).locked_at = now()
        db.session.commit()


def test_a_view_is_saved_with_filters_order_and_columns_and_opens_as_the_same_list(app, anna):
    with app.app_context():
        factories.talk("Lahntal", "Cölbe", duration_minutes=30)
        factories.talk("Wetter (Hessen)", "Marburg", duration_minutes=90)
        factories.talk("Lahntal")
        db.session.commit()
    asked = f"{LIST}?kind=group&sortierung=-minutes&spalten=minutes,day&seite=1"
    before = anna.get(asked)
    button = before.soup.find("a", string="Ansicht speichern")
    page = anna.submit(button["href"], name="Lange zuerst", follow=True)
    assert rows(page) == rows(before)
    assert len(rows(before)) == 2
    one = saved(app)
    assert one.query == "kind=group&sortierung=-minutes&spalten=minutes%2Cday"
    assert (one.list_name, one.shared) == (ListName.TALKS, False)
    assert tabs(page)[-1] == ("Lange zuerst 2", f"{LIST}?{one.query}", True)
    assert events(app)[-1] == "view.saved"


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"name": " "}, "Namen"), ({"name": "x" * 61}, "60"), ({"name": "Gruppen"}, "schon")],
)
def test_bad_input_is_named_and_stays(app, anna, changes, word):
    known = keep(app, by="anna")
    page = anna.submit(NEW + "?kind=single", shared="y", **changes)
    assert page.status == 422
    assert word in " ".join(page.errors())
    assert page.fields()["name"] == [changes["name"].strip() or changes["name"]]
    assert saved(app).id == known
    edited = keep(app, by="anna", name="Anders")
    page = anna.submit(f"{KEPT}{edited}/bearbeiten", **changes)
    assert page.status == 422
    assert saved(app, edited).name == "Anders"


def test_a_name_is_free_for_colleagues_and_other_lists(app, anna, emil):
    keep(app, by="anna")
    assert emil.submit(NEW, name="Gruppen").status == 303
    assert anna.submit("/ansichten/neu/kommunen", name="Gruppen").status == 303


def test_what_is_too_long_or_of_no_list_is_refused(app, anna):
    page = anna.submit(NEW + "?q=" + "x" * 2100, name="Lang")
    assert page.status == 422
    assert "zu lang" in " ".join(page.errors())
    assert anna.get("/ansichten/neu/gibt-es-nicht").status == 404
    assert saved(app) is None


def test_a_form_sent_twice_saves_once(app, anna):
    fields = anna.get(NEW).fields() | {"name": "Einmal"}
    answers = [anna.post(NEW, fields) for _time in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    with app.app_context():
        assert db.session.query(SavedView).count() == 1


def test_own_views_are_seen_by_oneself_and_shared_ones_by_all(app, anna, rita):
    own, shared = keep(app, name="Meine"), keep(app, name="Unsere", shared=True)
    assert "Meine" in anna.get(LIST).main
    page = rita.get(LIST)
    assert "Meine" not in page.main
    assert page.soup.find("a", string="Unsere")["href"] == f"{LIST}?kind=group"
    assert "Unsere" in rita.get(ALL).main
    for way in ("bearbeiten", "entfernen"):
        assert rita.get(f"{KEPT}{own}/{way}").status == 404
        assert rita.get(f"{KEPT}{shared}/{way}").status == 404
    assert rita.post(f"{KEPT}{own}/anheften").status == 404


def test_a_shared_view_shows_each_what_the_own_rights_allow(app, anna, rita):
    with app.app_context():
        factories.talk("Lahntal", "Cölbe", confidential=True)
        factories.talk("Lahntal", "Marburg")
        db.session.commit()
    view = keep(app, shared=True, pinned=["anna", "rita"])
    assert ("Gruppen 2", f"{LIST}?kind=group", False) in tabs(anna.get(LIST))
    assert ("Gruppen 1", f"{LIST}?kind=group", False) in tabs(rita.get(LIST))
    assert len(rows(rita.get(f"{LIST}?{saved(app, view).query}"))) == 1


def test_who_only_reads_the_register_sees_views_of_the_register_only(app, ada):
    keep(app, name="Beratungen", shared=True)
    keep(app, name="Kleine", list_name=ListName.KOMMUNEN, query="size=1", shared=True)
    page = ada.get(ALL)
    assert "Kleine" in page.main
    assert "Beratungen" not in page.main
    assert ada.get(NEW).status == 404
    assert ada.get("/ansichten/neu/kommunen").status == 200


def test_pinning_is_for_oneself_and_a_second_time_changes_nothing(app, anna, rita):
    view = keep(app, shared=True)
    for _time in range(2):
        assert rita.post(f"{KEPT}{view}/anheften").status == 303
    assert len(pins(app, view)) == 1
    assert "Gruppen 0" in [text for text, _url, _here in tabs(rita.get(LIST))]
    assert "Gruppen 0" not in [text for text, _url, _here in tabs(anna.get(LIST))]
    for _time in range(2):
        assert rita.post(f"{KEPT}{view}/loesen").status == 303
    assert pins(app, view) == set()
    assert [name for name in events(app) if name.startswith("view.")] == ["view.pinned", "view.unpinned"]


def test_four_pinned_views_are_tabs_and_the_rest_stands_behind_them(app, anna):
    for number in range(6):
        keep(app, name=f"Ansicht {number}", query=f"q=w{number}", pinned=["anna"])
    page = anna.get(LIST)
    assert [text for text, _url, _here in tabs(page) if text.startswith("Ansicht")] == [
        f"Ansicht {number} 0" for number in range(4)
    ]
    more = [link.get_text() for link in page.soup.select(".views-more a")]
    assert more == ["Ansicht 4", "Ansicht 5", "Ansichten verwalten"]
    here = anna.get(f"{LIST}?q=w5")
    assert tabs(here)[-1] == ("Ansicht 5 0", f"{LIST}?q=w5", True)


def test_changing_renames_shares_and_takes_over_other_filters(app, anna):
    view = keep(app)
    page = anna.submit(f"{KEPT}{view}/bearbeiten", name="Neu", shared="y", follow=True)
    assert "Neu" in page.main
    again = anna.submit(f"{KEPT}{view}/bearbeiten?uebernehmen=1&kind=single&sortierung=kind")
    assert again.status == 303
    one = saved(app, view)
    assert (one.name, one.shared, one.query) == ("Neu", True, "kind=single&sortierung=kind")
    assert events(app)[-1] == "view.changed"
    with app.app_context():
        last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert last.changes == {"query": [None, None]}


def test_nothing_is_noted_when_nothing_changed(app, anna):
    view = keep(app)
    anna.submit(f"{KEPT}{view}/bearbeiten")
    assert "view.changed" not in events(app)


def test_the_save_page_offers_to_replace_one_of_the_own_views(app, anna, rita):
    view = keep(app, shared=True)
    link = anna.get(f"{NEW}?kind=council&q=%26x").soup.find("a", string="Gruppen")
    assert anna.submit(link["href"]).status == 303
    assert saved(app, view).query == "kind=council&q=%26x"
    assert rita.get(NEW).soup.find("a", string="Gruppen") is None


def test_a_lost_update_is_refused(app, anna):
    view = keep(app)
    form = anna.get(f"{KEPT}{view}/bearbeiten").fields()
    anna.submit(f"{KEPT}{view}/bearbeiten", name="Erste")
    page = anna.post(f"{KEPT}{view}/bearbeiten", form | {"name": "Zweite"})
    assert page.status == 409
    assert saved(app, view).name == "Erste"
    asked = anna.get(f"{KEPT}{view}/entfernen").fields()
    anna.submit(f"{KEPT}{view}/bearbeiten", name="Dritte")
    assert anna.post(f"{KEPT}{view}/entfernen", asked).status == 200
    assert saved(app, view).name == "Dritte"


def test_unsharing_takes_the_view_from_the_tabs_of_others(app, anna):
    view = keep(app, shared=True, pinned=["anna", "rita"])
    page = anna.get(f"{KEPT}{view}/bearbeiten").fields()
    page.pop("shared")
    assert anna.post(f"{KEPT}{view}/bearbeiten", page).status == 303
    with app.app_context():
        assert pins(app, view) == {factories.member("anna").id}


def test_removing_asks_once_more_and_takes_the_tabs_along(app, anna):
    view = keep(app, shared=True, pinned=["anna", "rita"])
    page = anna.get(f"{KEPT}{view}/entfernen")
    assert "1 Kollegin" in page.main
    assert anna.submit(f"{KEPT}{view}/entfernen").status == 303
    assert saved(app, view) is None
    assert pins(app, view) == set()
    assert events(app)[-1] == "view.removed"


def test_managers_remove_shared_views_and_change_those_of_who_left(app, mara, emil):
    view, own = keep(app, shared=True), keep(app, name="Allein")
    assert mara.get(f"{KEPT}{view}/bearbeiten").status == 404
    assert emil.get(f"{KEPT}{view}/entfernen").status == 404
    assert mara.get(f"{KEPT}{own}/entfernen").status == 404
    lock(app, "anna")
    assert mara.get(LIST).soup.find("a", string="Gruppen") is not None
    assert mara.submit(f"{KEPT}{view}/bearbeiten", name="Bleibt").status == 303
    assert emil.get(f"{KEPT}{view}/bearbeiten").status == 404
    assert mara.submit(f"{KEPT}{view}/entfernen").status == 303


def test_the_view_of_who_left_stays_shared(app, mara, emil):
    view = keep(app, shared=True, pinned=["mara", "emil"])
    lock(app, "anna")
    page = mara.get(f"{KEPT}{view}/bearbeiten")
    assert page.soup.select("input[type=checkbox][name=shared]") == []
    assert "es bleibt dabei" in page.main
    fields = page.fields() | {"name": "Bleibt"}
    refused = mara.post(f"{KEPT}{view}/bearbeiten", {k: v for k, v in fields.items() if k != "shared"})
    assert refused.status == 422
    assert "bleibt geteilt" in " ".join(refused.errors())
    assert refused.fields()["name"] == ["Bleibt"]
    assert (saved(app, view).name, saved(app, view).shared) == ("Gruppen", True)
    assert len(pins(app, view)) == 2
    assert mara.post(f"{KEPT}{view}/bearbeiten", refused.fields()).status == 303
    assert (saved(app, view).name, saved(app, view).shared) == ("Bleibt", True)
    assert mara.get(f"{KEPT}{view}/bearbeiten").status == 200
    assert mara.submit(f"{KEPT}{view}/bearbeiten?uebernehmen=1&kind=single").status == 303
    assert (saved(app, view).query, saved(app, view).shared) == ("kind=single", True)
    assert "Bleibt" in emil.get(ALL).main


def test_a_filter_that_is_no_longer_there_is_named_and_left_out(app, anna):
    with app.app_context():
        factories.talk("Lahntal", "Cölbe")
        db.session.commit()
    keep(app, name="Alt", query="farbe=blau&kind=group", pinned=["anna"])
    page = anna.get(f"{LIST}?farbe=blau&kind=group")
    assert "farbe" in page.soup.select_one(".notice").get_text()
    assert len(rows(page)) == 1
    assert "farbe" not in anna.get(f"{LIST}?kind=group").main


def test_a_value_that_is_no_longer_there_is_named_and_left_out(app, anna):
    keep(app, name="Alt", query="task_field=99999", pinned=["anna"])
    page = anna.get(f"{LIST}?task_field=99999")
    assert page.status == 200
    assert "Aufgabenfeld" in page.soup.select_one(".notice").get_text()


@pytest.mark.parametrize(
    ("asked", "rows_left"),
    [("since=heute", 1), ("until=gestern", 2), ("since=letztes+Jahr", 3), ("until=vor+9+Tagen", 1)],
)
def test_words_for_a_day_are_kept_as_words(app, anna, asked, rows_left):
    with app.app_context():
        for days in (0, 1, 10):
            factories.talk("Lahntal", days_ago=days)
        db.session.commit()
    anna.submit(f"{NEW}?{asked}", name="Gezählt")
    assert saved(app).query == asked
    assert len(rows(anna.get(f"{LIST}?{asked}"))) == rows_left


def test_a_list_with_four_pinned_views_stays_below_its_statements(app, anna):
    for number in range(8):
        keep(app, name=f"Ansicht {number}", query=f"kind=group&q=w{number}", pinned=["anna"], shared=True)
    assert len(anna.get(f"{LIST}?spalten=day,follow-ups,next,group,participations").statements) <= 20


def test_one_press_shows_the_own_talks_of_this_quarter(app, anna):
    first = quarter_of(today()).since
    with app.app_context():
        before = first - timedelta(days=1)
        for held_on, by in ((today(), "anna"), (first, "anna"), (today(), "bert"), (before, "anna")):
            factories.talk("Cölbe", held_on=held_on, by=by)
        db.session.commit()
    link = anna.get(LIST).soup.find("a", string="Meine dieses Quartal")
    page = anna.get(link["href"])
    assert page.soup.select_one("h1 .count").get_text() == "2"
    assert page.soup.select_one("[aria-current=page][href*='Quartal']")
