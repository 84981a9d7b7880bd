"""The worked cases of the domain handbook, through the services and once through the pages."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from crm.bodies.supervision import Office
from crm.cooperations.kinds import LegalForm, Stage
from crm.db import db, today
from crm.errors import RuleBroken
from crm.funding import applying, queries, services
from crm.funding.dossier import dossier
from crm.funding.kinds import Light
from crm.funding.models import Application
from crm.organisations import queries as organisations
from crm.organisations.elsewhere import create_elsewhere
from crm.organisations.models import Organisation
from crm.proceedings.services import competent
from tests import factories

OBERZENT = ("Beerfelden", "Hesseneck", "Rothenberg", "Sensbachtal")


def anna():
    """The adviser."""
    return factories.member("anna")


def group_of(*places, form=LegalForm.AGREEMENT, lead=None, **over):
    """A group with a legal form."""
    return factories.cooperation(*places, title=" und ".join(places[:2]), legal_form=form, lead=lead, **over)


def expected(group):
    """What the page of a group expects, in whole euros."""
    sum = dossier(group, today()).expected
    return None if sum is None else int(sum)


def judge(group, **over):
    """Judge a group by hand."""
    values = dict.fromkeys(services.JUDGED)
    services.judge(group, values | over, anna())


@pytest.mark.usefixtures("context")
def test_bad_karlshafen_and_trendelburg_get_300000_and_have_the_landrat_of_kassel():
    group = group_of("Bad Karlshafen", "Trendelburg", form=LegalForm.JOINT_ADMINISTRATION)
    assert expected(group) == 300_000
    found = competent(group, today())
    assert (found.office, found.county) == (Office.LANDRAT, "Landkreis Kassel")


@pytest.mark.usefixtures("context")
def test_two_fire_brigades_of_haunetal_get_30000():
    group = group_of("Haunetal", form=LegalForm.FIRE_BRIGADES)
    assert expected(group) is None
    judge(group, brigades=2)
    assert expected(group) == 30_000
    assert dossier(group, today()).conditions[2].light is Light.OK


def giessen():
    """The Landkreis and 16 of its municipalities."""
    county = factories.place("Landkreis Gießen")
    places = [one.name for one in organisations.members(county, today())]
    chosen = [name for name in places if name != "Gießen"][:16]
    assert len(chosen) == 16
    return group_of("Landkreis Gießen", *chosen, lead="Landkreis Gießen")


@pytest.mark.usefixtures("context")
def test_landkreis_giessen_and_16_get_150000_instead_of_100000_with_a_reason():
    group = giessen()
    found = competent(group, today())
    assert (found.office, found.authority) == (Office.REGION, "Regierungspräsidium Gießen")
    day, rules = date(2023, 9, 1), queries.rules_on(date(2023, 9, 1))
    values = {"rule_set_id": rules.id, "submitted_on": day, "granted_on": date(2024, 3, 1)}
    with pytest.raises(RuleBroken) as broken:
        applying.record_application(group, values | {"granted": Decimal(150_000)}, anna())
    assert broken.value.field == "amount_reason"
    assert "100.000" in str(broken.value)
    reason = {"amount_reason": "Besonderer Modellcharakter."}
    made = applying.record_application(group, values | {"granted": Decimal(150_000)} | reason, anna())
    assert (made.standard, made.granted) == (Decimal(100_000), Decimal(150_000))


@pytest.mark.usefixtures("context")
def test_battenberg_and_hatzfeld_get_50000_with_a_reason():
    group = group_of("Battenberg (Eder)", "Hatzfeld (Eder)")
    assert expected(group) == 50_000
    assert dossier(group, today()).conditions[2].light is Light.WAIT
    judge(group, few_partners_reason="Die einzigen Nachbarn mit derselben Software.")
    assert dossier(group, today()).conditions[2].light is Light.OK


@pytest.mark.usefixtures("context")
def test_a_group_with_a_municipality_of_another_land_belongs_to_the_ministry():
    bodenfelde = create_elsewhere("Bodenfelde", "Niedersachsen", anna())
    ids = [factories.place(name).id for name in ("Wahlsburg", "Oberweser")]
    then = date(2018, 6, 1)
    group = factories.cooperation(organisations=[*ids, bodenfelde.id], reached_on=then)
    found = competent(group, then)
    assert found.office is Office.MINISTRY
    assert any("§ 36" in one for one in found.remarks)
    facts = dossier(group, today()).facts
    assert [one.name for one in facts.kommunen] == ["Oberweser", "Wahlsburg"] or len(facts.kommunen) == 2


@pytest.mark.usefixtures("context")
def test_the_four_predecessors_of_oberzent_closed_with_2017_and_a_merger_is_outside_the_programme():
    query = select(Organisation.valid_to).where(Organisation.name.in_(OBERZENT))
    assert set(db.session.scalars(query)) == {date(2017, 12, 31)}
    group = group_of(*OBERZENT, form=LegalForm.MERGER, reached_on=date(2017, 5, 3))
    found = dossier(group, today())
    assert (found.expected, found.conditions[0].light) == (None, Light.BAD)
    assert "Entschuldungshilfe" in found.standard.why
    with pytest.raises(RuleBroken) as broken:
        group_of(*OBERZENT, form=LegalForm.MERGER)
    assert "Oberzent" in str(broken.value)


def test_the_grant_of_giessen_is_entered_on_screen(app, anna):
    with app.app_context():
        group = giessen()
        group_id, county = group.id, group.lead.organisation_id
        rules = queries.rules_on(date(2023, 9, 1)).id
        db.session.commit()
    url = f"/kooperationen/{group_id}/foerderung"
    form = anna.get(f"{url}/antraege/neu").fields()
    assert form["applicant_id"] == [str(county)]
    assert form["requested"] == ["100.000"]
    typed = {
        "rule_set_id": str(rules), "submitted_on": "1.9.2023", "requested": "150.000,00 €",
        "granted_on": "1.3.2024", "granted": "150000",
    }  # fmt: skip
    page = anna.submit(f"{url}/antraege/neu", **typed)
    assert page.status == 422
    assert "Die Regelzuwendung beträgt 100.000" in page.main
    assert page.fields()["granted"] == ["150000"]
    page = anna.submit(f"{url}/antraege/neu", **typed, amount_reason="Modellcharakter.", follow=True)
    assert "Bewilligt am 01.03.2024, 150.000" in page.main
    assert "Regelzuwendung 100.000" in page.main
    assert "Stellungnahme der Aufsicht Regierungspräsidium Gießen" in page.main
    with app.app_context():
        assert db.session.scalars(select(Application.granted)).one() == Decimal(150_000)
        assert db.session.get(type(group), group_id).stage is Stage.IDEA
