"""Whom a text names by number is erased with the contact, without a search for words; counts stay."""

import dataclasses
import json

import pytest
from sqlalchemy import func, select

from crm import named_text, naming
from crm.consultations.models import Consultation, Naming
from crm.db import db
from crm.privacy import needles, queries, registry, services
from crm.search import services as search
from tests import factories
from tests.privacy import cases, marking
from tests.privacy.marking import FIRST, MARKER

NOTE = f"Mit @[{FIRST} {MARKER}] vereinbart: @[{FIRST} {MARKER}] ruft an."


@pytest.fixture
def ids(app, anna):
    """A marked person, and ten talks that name her, typed by the page; the last one is confidential."""
    with app.app_context():
        person = factories.person(MARKER, FIRST, email=marking.MAIL)
        talks = [factories.talk("Lahntal", days_ago=day).id for day in range(10)]
        db.session.commit()
        found = {"person": person.id, "talks": talks, "place": factories.place("Lahntal").id}
    for number in talks:
        anna.submit(f"/beratungen/{number}/bearbeiten", note=NOTE, agreements=NOTE)
    anna.submit(f"/beratungen/{talks[-1]}/bearbeiten", confidential="y")
    return found


def by_number_only(monkeypatch):
    """Switch off the search for names in the texts of talks: what is erased there is erased by number."""
    entry = dataclasses.replace(registry.ENTRIES["consultations"], mention="")
    monkeypatch.setitem(registry.ENTRIES, "consultations", entry)


def shown(client, ids):
    """All that shows the texts."""
    talk = f"/beratungen/{ids['talks'][0]}"
    urls = (
        talk, f"{talk}/vorschau", f"{talk}/vermerk", f"{talk}/bearbeiten", f"/kommunen/{ids['place']}",
        f"/kommunen/{ids['place']}/uebergabe", "/beratungen/liste.csv", "/suche?q=vereinbart",
    )  # fmt: skip
    return {url: client.get(url).response.get_data(as_text=True) for url in urls}


def namings():
    """How many namings there are."""
    return db.session.scalar(select(func.count(Naming.id)))


def test_an_erased_person_is_erased_in_every_text_that_names_her(app, mara, ids, monkeypatch):
    by_number_only(monkeypatch)
    first = f"/beratungen/{ids['talks'][0]}"
    assert FIRST in shown(mara, ids)[first]
    with app.app_context():
        assert namings() == 10
        number = cases.due(queries.person(ids["person"])).id
        db.session.commit()
    pages = shown(mara, ids)
    assert marker_in(pages) == []
    assert all("gesperrte Person" in text for url, text in pages.items() if url.startswith(first))
    with app.app_context():
        services.erase(queries.one(number), True, "Antrag", factories.member("mara"))
        db.session.commit()
        assert marking.traces() == []
        assert namings() == 10
        assert search.out_of_step() == {}
        texts = db.session.scalars(select(Consultation.note).where(Consultation.id.in_(ids["talks"]))).all()
    token = naming.token(ids["person"])
    assert set(texts) == {f"Mit {token} vereinbart: {token} ruft an."}
    pages = shown(mara, ids)
    assert marker_in(pages) == []
    assert pages[first].count("gelöschte Person") == 4


def marker_in(pages):
    """Where the marker stands, but for the question itself."""
    return [
        url
        for url, text in pages.items()
        if MARKER in text.replace(f'value="{MARKER}"', "") and MARKER not in url
    ]


def test_without_numbers_the_texts_still_name_her(app, mara, ids, monkeypatch):
    """Control of the test above: the same erasure, but the field keeps names as they were typed."""
    by_number_only(monkeypatch)
    monkeypatch.setattr(named_text, "read", lambda text, stored="": (text, []))
    mara.submit(f"/beratungen/{ids['talks'][0]}/bearbeiten", note=NOTE)
    with app.app_context():
        cases.erased(queries.person(ids["person"]))
        db.session.commit()
    assert f"/beratungen/{ids['talks'][0]}" in marker_in(shown(mara, ids))


def test_a_lifted_restriction_brings_the_name_back(app, mara, ids):
    with app.app_context():
        case = cases.restricted(queries.person(ids["person"]))
        db.session.commit()
        services.lift(queries.one(case.id), factories.member("mara"))
        db.session.commit()
        assert search.out_of_step() == {}
    assert f"{FIRST} {MARKER}" in shown(mara, ids)[f"/beratungen/{ids['talks'][0]}"]


def test_the_sweep_for_words_leaves_numbers_alone(app):
    phones = needles.Needles((), (), ("1234567",))
    assert phones.without("@[#1234567], Tel. 1234567") == f"@[#1234567], Tel. {naming.ERASED}"


def test_access_tells_the_texts_by_number_and_blackens_others(app, mara, ids):
    with app.app_context():
        other = factories.person("Kleiber", "Karl")
        talk = db.session.get(Consultation, ids["talks"][0])
        talk.note = f"{naming.token(ids['person'])} und {naming.token(other.id)} sind dafür."
        talk.agreements = "Nichts."
        text_only = factories.talk("Cölbe", note=f"{FIRST} {MARKER} rief an.").id
        db.session.commit()
        number = ids["talks"][0]
    url = f"/personendaten/auskunft/personen/{ids['person']}"
    page = mara.get(url)
    names = {one["name"] for one in page.soup.select("input[type=radio]")}
    places = {one.rpartition("-")[0] for one in names}
    assert f"consultations-{number}-note" in places
    assert f"consultations-{number}-agreements" not in places
    assert f"consultations-{text_only}-note" in places
    chosen = dict.fromkeys(names, "geben") | {"schwarz": "Karl Kleiber", "als": "json"}
    told = json.loads(mara.post(url, chosen).response.data)
    assert f"{FIRST} {MARKER} und █████ sind dafür." in [one["text"] for one in told["texte"]]


def test_access_of_a_restricted_person_says_her_name(app, mara, ids):
    with app.app_context():
        cases.restricted(queries.person(ids["person"]))
        db.session.commit()
    page = mara.get(f"/personendaten/auskunft/personen/{ids['person']}")
    assert f"Mit {FIRST} {MARKER} vereinbart" in page.text
