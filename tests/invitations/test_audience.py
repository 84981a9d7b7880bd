"""Whom an audience is made of: each person once, by function and place, and nobody who said no."""

from datetime import timedelta

import pytest
from flask_babel import force_locale

from crm.contacts.models import Function, FunctionRole, MailBasis
from crm.contacts.services import remove_person
from crm.cooperations.kinds import Step
from crm.db import db, today
from crm.invitations import audience
from crm.invitations.narrowing import Bodies, Wanted
from crm.invitations.reasons import Skip
from crm.organisations import queries as organisations
from crm.organisations.models import Kind
from crm.organisations.sizes import SizeClass
from tests import factories

HEADS = Wanted(roles=(FunctionRole.HEAD,))


def head(name, at="Lahntal", role=FunctionRole.HEAD, **over):
    """Make a head with an official address."""
    function = {"is_head": role is FunctionRole.HEAD, "email": f"{name}@rathaus.test".lower()} | over
    return factories.person(name, at=at, role=role, **function)


def names(found):
    """Last names in order."""
    return [one.name.split()[-1] for one in found.people]


def reasons(found):
    """Last names with the reason they are left out."""
    return {one.name.split()[-1]: reason for one, reason in found.skipped}


@pytest.fixture
def event(context):
    """An event to invite to."""
    return factories.event()


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (HEADS, ["Cölber", "Gießener", "Kreis", "Lahntaler"]),
        (Wanted(roles=(FunctionRole.FINANCE,)), ["Kasse"]),
        (Wanted(roles=(FunctionRole.FINANCE, FunctionRole.HEAD)),
         ["Cölber", "Gießener", "Kasse", "Kreis", "Lahntaler"]),
        (Wanted(bodies=(Bodies.OTHERS,)), ["Verband"]),
        (Wanted(bodies=(Bodies.COUNTIES,)), ["Kreis"]),
        (Wanted(bodies=(Bodies.TOWNS,)), ["Gießener"]),
        (Wanted(bodies=(Bodies.GEMEINDEN,), roles=(FunctionRole.HEAD,)), ["Cölber", "Lahntaler"]),
        (Wanted(sizes=(SizeClass.ABOVE_50000,)), ["Gießener"]),
        (Wanted(sizes=(SizeClass.UP_TO_10000,)), ["Cölber", "Kasse", "Lahntaler"]),
        (Wanted(), []),
    ],
)  # fmt: skip
def test_an_audience_is_narrowed_by_function_kind_and_size(event, wanted, expected):
    head("Lahntaler"), head("Cölber", "Cölbe"), head("Gießener", "Gießen")
    head("Kreis", "Landkreis Marburg-Biedenkopf"), head("Kasse", role=FunctionRole.FINANCE)
    factories.body("Verband Mitte", kind=Kind.ASSOCIATION)
    head("Verband", "Verband Mitte", role=FunctionRole.STAFF)
    assert names(audience.find(wanted, event.id)) == expected


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("Marburg-Biedenkopf", ["Kreis", "Lahntaler"]),
        ("Gießen (Regierungsbezirk)", ["Gießener", "Kreis", "Lahntaler"]),
        ("Kassel (Regierungsbezirk)", []),
    ],
)
def test_a_region_holds_its_municipalities_and_counties(event, area, expected):
    head("Lahntaler"), head("Gießener", "Gießen"), head("Kreis", "Landkreis Marburg-Biedenkopf")
    plain = area.removesuffix(" (Regierungsbezirk)")
    known = organisations.regions() if plain != area else organisations.counties()
    number = next(one.id for one in known if plain in one.name)
    assert names(audience.find(Wanted(areas=(number,)), event.id)) == expected


def test_the_partners_of_a_cooperation_are_asked_unless_they_left(event):
    head("Lahntaler"), head("Cölber", "Cölbe"), head("Wetteraner", "Wetter (Hessen)"), head("Fremd", "Lich")
    group = factories.cooperation("Lahntal", "Cölbe", "Wetter (Hessen)")
    factories.step(group, "Cölbe", Step.DECLINED)
    assert names(audience.find(Wanted(cooperation_id=group.id), event.id)) == ["Lahntaler", "Wetteraner"]


def test_one_person_is_invited_once_with_the_highest_function(event):
    person = head("Vielfach", role=FunctionRole.STAFF, title="Sachbearbeitung")
    for place, role, leads in (("Cölbe", FunctionRole.HEAD, True), ("Lich", FunctionRole.COUNCILLOR, False)):
        db.session.add(
            Function(
                person_id=person.id, organisation_id=factories.place(place).id, role=role, is_head=leads,
                title=f"Amt {place}", email=f"{place}@amt.test".lower(),
            )
        )  # fmt: skip
    db.session.flush()
    everywhere = Wanted(bodies=(Bodies.GEMEINDEN, Bodies.TOWNS))
    found = audience.find(everywhere, event.id).people
    assert [(one.called, one.organisation_name, one.email) for one in found] == [
        ("Amt Cölbe", "Cölbe", "cölbe@amt.test")
    ]


def test_the_official_address_goes_before_the_persons_own(event):
    both, own = head("Beides"), head("Eigen", "Cölbe", email=None)
    both.email, own.email = "privat@web.test", "eigen@web.test"
    db.session.flush()
    assert [one.email for one in audience.find(HEADS, event.id).people] == [
        "beides@rathaus.test", "eigen@web.test",
    ]  # fmt: skip


def test_everybody_left_out_has_a_reason(event):
    people = {
        "Stumm": Skip.NO_ADDRESS, "Nein": Skip.OBJECTED, "Zurück": Skip.WITHDRAWN, "Offen": Skip.NOT_ASKED,
        "Schon": Skip.INVITED,
    }  # fmt: skip
    places = ("Lahntal", "Cölbe", "Lich", "Laubach", "Kirchhain")
    made = {name: head(name, at) for name, at in zip(people, places, strict=True)}
    made["Stumm"].functions[0].email = None
    for name, basis in (
        ("Nein", MailBasis.OBJECTED),
        ("Zurück", MailBasis.WITHDRAWN),
        ("Offen", MailBasis.NOT_ASKED),
    ):
        made[name].mail_basis = basis
    factories.invitation(event, made["Schon"])
    db.session.flush()
    found = audience.find(HEADS, event.id)
    assert (names(found), reasons(found)) == ([], people)


def test_a_function_counts_only_while_it_is_held_and_not_removed(event):
    yesterday, tomorrow = today() - timedelta(days=1), today() + timedelta(days=1)
    head("Gewesen", valid_to=yesterday), head("Kommend", "Cölbe", valid_from=tomorrow)
    head("Heute", "Lich", valid_to=today(), valid_from=today())
    gone = head("Entfernt", "Laubach")
    remove_person(gone, factories.member("anna"))
    assert names(audience.find(HEADS, event.id)) == ["Heute"]


@pytest.mark.parametrize(
    ("basis", "reason"), [(MailBasis.OFFICE, Skip.NO_FUNCTION), (MailBasis.CONSENT, None)]
)
def test_without_an_office_only_an_agreement_allows_an_invitation(event, basis, reason):
    person = head("Ehemals", valid_to=today() - timedelta(days=1))
    person.email, person.mail_basis = "e@web.test", basis
    db.session.flush()
    found = audience.find(Wanted(people=(person.id,)), event.id)
    assert reasons(found) == ({"Ehemals": reason} if reason else {})
    assert [(one.organisation_id, one.called) for one in found.people] == ([] if reason else [(None, "")])


def test_who_leads_for_a_time_is_a_head_too(event):
    head("Kommissarisch", role=FunctionRole.DEPUTY, is_head=True)
    assert names(audience.find(HEADS, event.id)) == ["Kommissarisch"]


def test_the_title_of_a_function_is_written_in_german_whatever_the_screen_says(event, app):
    head("Lahntaler")
    with force_locale("en"):
        assert audience.find(HEADS, event.id).people[0].called == "Verwaltungsleitung"
