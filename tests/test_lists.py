"""Addresses of lists: whatever stands in them is a filter or nothing, never a command to the program."""

import pytest

from crm.consultations.models import Channel, Consultation, ConsultationKind, ConsultationState
from crm.db import count, db, mentions, now, today
from crm.paging import ROWS
from tests import factories

LISTS = (
    "/kommunen?q=b",
    "/beratungen?kind=group",
    "/kontakte?q=b",
    "/wiedervorlagen?q=b",
    "/berichte/taetigkeit?",
    "/suche?q=b&art=kommune",
)
NAMES = ("endpoint", "self", "values", "ending", "_anchor", "_external", "_method", "_scheme")


@pytest.mark.parametrize("url", LISTS)
def test_no_name_in_an_address_means_anything_to_the_program(mara, url):
    for name in NAMES:
        page = mara.get(f"{url}&{name}=POST")
        assert page.status == 200, name


def test_files_of_a_list_keep_its_filters_and_nothing_else(mara):
    page = mara.get("/beratungen?kind=group&ending=exe&q=%26x")
    addresses = [link["href"] for link in page.soup.select(".exports a")]
    assert addresses == [f"/beratungen/liste.{kind}?kind=group&q=%26x" for kind in ("xlsx", "csv")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("förderung", True), ("FÖRDERUNG", True), ("Förderung", True), ("forderung", False),
        ("50 %", True), ("50 _", False), ("a/b", True), ("a%b", False), ("[kurz]", True), ("*", False),
        ("groẞ", True), ("gross", False),
    ],
)  # fmt: skip
def test_a_word_is_found_in_capitals_or_not_and_only_as_it_is_written(context, text, found):
    talk = factories.talk("Lahntal", note="Zur FÖRderung: 50 % a/b [kurz] GROẞ")
    query = db.select(Consultation.id).where(mentions(Consultation.note, text))
    assert list(db.session.scalars(query)) == ([talk.id] if found else [])


def test_counting_leaves_out_what_was_removed(context):
    talks = [factories.talk("Lahntal", days_ago=day) for day in range(3)]
    talks[0].removed_at = now()
    db.session.flush()
    assert count(db.select(Consultation).order_by(Consultation.held_on)) == 2


@pytest.mark.parametrize(
    ("rows", "asked", "first", "last"),
    [
        (0, 1, 0, 0), (0, 3, 0, 0), (3, 1, 1, 3), (3, 2, 1, 3), (ROWS, 1, 1, ROWS), (ROWS, 2, 1, ROWS),
        (ROWS + 2, 2, ROWS + 1, ROWS + 2), (ROWS + 2, 9, ROWS + 1, ROWS + 2),
    ],
)  # fmt: skip
def test_every_page_number_gives_a_page_and_the_right_total(app, mara, rows, asked, first, last):
    with app.app_context():
        for _row in range(rows):
            state = {
                "kind": ConsultationKind.SINGLE,
                "channel": Channel.PHONE,
                "state": ConsultationState.HELD,
            }
            db.session.add(Consultation(held_on=today(), **state))
        db.session.commit()
    page = mara.get(f"/beratungen?seite={asked}")
    shown = f"{first}–{last} von {rows}"
    assert (shown in page.main) is bool(rows)
    assert len(page.soup.select("#results tbody tr")) == (last - first + 1 if rows else 0)
