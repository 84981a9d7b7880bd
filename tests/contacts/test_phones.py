"""Wherever a number stands, a press dials it."""

import pytest

from crm.addresses import dialled
from crm.db import db
from tests import factories


@pytest.mark.parametrize(
    ("typed", "number"),
    [("06421 201-1234", "064212011234"), ("+49 (0)6421 / 201 12", "+49642120112"),
     ("0171 12 34 56", "0171123456"), ("Durchwahl 12", "12")],
)  # fmt: skip
def test_only_digits_and_the_plus_of_a_country_are_dialled(typed, number):
    assert dialled(typed) == number


def test_numbers_of_people_and_bodies_are_links(app, anna):
    with app.app_context():
        person = factories.person("Rupp", "Ilse", phone="06420 8230-10")
        person.phone = "0171 1234567"
        db.session.commit()
        number, place = person.id, factories.place("Lahntal").id
    official, private = "a[href='tel:06420823010']", "a[href='tel:01711234567']"
    for url, wanted in (
        (f"/kontakte/{number}", [official, private]),
        (f"/kommunen/{place}", [official]),
        ("/kontakte?spalten=phone", [official, private]),
    ):
        page = anna.get(url)
        assert [len(page.soup.select(one)) for one in wanted] == [1] * len(wanted), url
