"""Whom a mail may concern: what is suggested, from what, and when nothing is."""

from datetime import timedelta

import pytest

from crm.db import today
from crm.inbox.suggesting import organisations_of, suggest
from crm.task_fields.models import TaskField
from tests import factories
from tests.inbox import mails
from tests.statements import asked

pytestmark = pytest.mark.usefixtures("context")
KNOWN = "p.henkel@lahntal.test"


def names(suggestion):
    """Names of the suggested organisations."""
    return sorted(
        factories.db.session.get(factories.Organisation, one).name for one in suggestion.organisations
    )


def people(suggestion):
    """Names of the suggested people."""
    return sorted(factories.db.session.get(factories.Person, one).last_name for one in suggestion.people)


def suggested(subject="Ohne Ort", **over):
    """What a mail suggests."""
    return suggest(mails.item(subject=subject, **over))


def test_a_known_official_address_names_person_and_place():
    factories.person(email=KNOWN)
    found = suggested()
    assert (names(found), people(found)) == (["Lahntal"], ["Henkel"])
    assert KNOWN in found.why


@pytest.mark.parametrize("written", ["P.Henkel@Lahntal.TEST", "petra <p.henkel@LAHNTAL.test>"])
def test_capitals_make_no_difference(written):
    factories.person(email="P.Henkel@lahntal.test")
    assert names(suggested(From=written)) == ["Lahntal"]


def test_a_personal_address_names_all_places_of_today():
    made = factories.person()
    made.email = KNOWN
    more = {
        "person_id": made.id,
        "organisation_id": factories.place("Cölbe").id,
        "role": factories.FunctionRole.STAFF,
    }
    gone = more | {"organisation_id": factories.place("Marburg").id, "valid_to": today() - timedelta(days=1)}
    factories.db.session.add_all([factories.Function(**more), factories.Function(**gone)])
    assert names(suggested()) == ["Cölbe", "Lahntal"]


def test_an_ended_function_and_a_removed_person_name_nothing():
    factories.person(email=KNOWN, valid_to=today() - timedelta(days=1))
    factories.person("Fort", email=KNOWN).removed_at = factories.now()
    assert names(suggested()) == []


def test_one_address_of_several_people_names_the_place_only():
    factories.person(email=KNOWN)
    factories.person("Rupp", email=KNOWN)
    found = suggested()
    assert (names(found), people(found)) == (["Lahntal"], [])


def test_colleagues_at_the_same_domain_name_the_place():
    factories.person("Rupp", email="rupp@lahntal.test")
    found = suggested()
    assert (names(found), people(found)) == (["Lahntal"], [])
    assert "lahntal.test" in found.why


def test_a_domain_of_several_places_is_in_doubt():
    factories.person("Rupp", email="rupp@lahntal.test")
    factories.person("Neu", at="Cölbe", email="neu@lahntal.test")
    found = suggested()
    assert names(found) == []
    assert "Cölbe oder Lahntal" in found.why


@pytest.mark.parametrize("domain", ["web.de", "GMX.de", "t-online.de", "gmail.com"])
def test_the_domain_of_everybody_says_nothing(domain):
    factories.person("Rupp", email=f"rupp@{domain.lower()}")
    assert names(suggested(From=f"p@{domain}")) == []


def test_an_address_there_is_known_all_the_same():
    factories.person(email="petra@web.de")
    assert names(suggested(From="petra@web.de")) == ["Lahntal"]


def test_a_body_is_known_by_its_own_address():
    factories.body("Abwasserverband Ohm", email="info@ohm.test")
    assert names(suggested(From="x@ohm.test")) == ["Abwasserverband Ohm"]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Bauhof Lahntal und Cölbe", ["Cölbe", "Lahntal"]),
        ("AW: Bauhof LAHNTAL", ["Lahntal"]),
        ("Wetter (Hessen): Kasse", ["Wetter (Hessen)"]),
        ("Wetter am Wochenende", []),
        ("Landkreis Kassel", ["Landkreis Kassel"]),
        ("Kassel und Landkreis Kassel", ["Kassel", "Landkreis Kassel"]),
        ("Lahntaler Gespräche", []),
        ("Reichelsheim", []),
        ("", []),
    ],
)
def test_a_subject_names_places_by_their_whole_names(subject, expected):
    assert names(suggested(subject, From="x@unbekannt.test")) == expected


def test_the_address_comes_before_the_subject():
    factories.person(email=KNOWN)
    assert names(suggested("Bauhof Cölbe")) == ["Lahntal"]


def test_a_mail_of_our_own_is_about_who_got_it():
    factories.person(email=KNOWN)
    found = suggested(From="anna@kikz.test", To=f"Petra <{KNOWN}>, bert@kikz.test")
    assert names(found) == ["Lahntal"]


def test_a_mail_forwarded_by_one_of_us_is_about_who_wrote_it():
    factories.person(email=KNOWN)
    text = f"z. K.\n\nVon: Petra Henkel <{KNOWN}>\nGesendet: 12.11.2026\n\nAlt."
    assert names(suggested("WG: Kasse", From="anna@kikz.test", To="bert@kikz.test", text=text)) == ["Lahntal"]


def test_the_subject_names_task_fields():
    found = suggested("Bauhof und Kasse in Lahntal")
    fields = [factories.db.session.get(TaskField, one).name for one in found.task_fields]
    assert sorted(fields) == ["Bauhof", "Kasse"]


def test_a_list_asks_a_few_times_however_long_it_is():
    factories.person(email=KNOWN)
    items = [mails.item(subject=f"Mail {one}", From=f"x@ort{one}.test") for one in range(40)]
    items.append(mails.item())
    with asked() as seen:
        found = organisations_of(items)
    assert found[items[-1].id] == ["Lahntal"]
    assert found[items[0].id] == []
    assert len(seen) <= 6
