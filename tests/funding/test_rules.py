"""The dated rules of the programme: the five that are known, a successor, and what does not fit together."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from crm.audit import AuditEvent
from crm.db import db
from crm.errors import RuleBroken
from crm.funding import queries, ruling
from crm.funding.forms import NewRulesForm
from crm.funding.models import RuleSet
from crm.funding.standard import STANDARD, load_rules
from tests import factories

NEXT = date(2027, 1, 1)
COLUMNS = [name for name in vars(RuleSet) if not name.startswith("_") and hasattr(NewRulesForm, name)]


def values(**over):
    """What the form of rules hands over."""
    own = {"name": "Regelwerk 2027", "valid_from": NEXT, "least_partners": 3, "counties": True}
    return dict.fromkeys(COLUMNS) | own | over


def named(name):
    """Find rules."""
    return db.session.scalars(select(RuleSet).where(RuleSet.name == name)).one()


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2004, 3, 31), None), (date(2004, 4, 1), "Regelwerk 2004 (Dienstleistungszentren)"),
        (date(2008, 8, 1), "Regelwerk 2008"), (date(2011, 8, 1), "Regelwerk 2011"),
        (date(2016, 12, 1), "Regelwerk 2011"), (date(2016, 12, 2), "Regelwerk 2016"),
        (date(2021, 12, 3), None), (date(2021, 12, 7), "Regelwerk 2021"),
        (date(2026, 11, 25), "Regelwerk 2021"), (date(2027, 1, 1), None),
    ],
)  # fmt: skip
def test_one_set_of_rules_holds_on_a_day_and_gaps_stay_gaps(day, name):
    found = queries.rules_on(day)
    assert (found.name if found else None) == name


@pytest.mark.usefixtures("context")
def test_the_standard_rules_are_loaded_once_and_never_over_what_somebody_changed():
    assert load_rules() == 0
    ruling.change_rules(
        named("Regelwerk 2021"), values(name="Rahmen 2021", valid_from=date(2021, 12, 7)), None
    )
    assert load_rules() == 0
    assert (
        db.session.scalars(select(RuleSet.name).order_by(RuleSet.valid_from.desc())).first() == "Rahmen 2021"
    )
    assert len(queries.rule_sets()) == len(STANDARD)


@pytest.mark.usefixtures("context")
def test_every_standard_set_names_its_source_and_what_is_not_known():
    for one in queries.rule_sets():
        assert one.source, one.name
        assert one.note, one.name
    assert "nicht bekannt" in named("Regelwerk 2021").note


@pytest.mark.usefixtures("context")
def test_a_successor_ends_what_holds_the_day_before():
    mara = factories.member("mara")
    ruling.create_rules(values(valid_from=date(2026, 12, 7)), mara)
    assert named("Regelwerk 2021").valid_to == date(2026, 12, 6)
    ruling.create_rules(values(name="Regelwerk 2030", valid_from=date(2030, 1, 1)), mara)
    assert named("Regelwerk 2027").valid_to == date(2029, 12, 31), "an open end closes"
    query = select(AuditEvent.name).where(AuditEvent.user_id == mara.id).order_by(AuditEvent.id)
    assert list(db.session.scalars(query)) == ["funding.rules-changed", "funding.rules-created"] * 2


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"valid_from": None}, "valid_from"),
        ({"valid_to": NEXT - timedelta(days=1)}, "valid_to"),
        ({"exceptional_partners": 3}, "exceptional_partners"),
        ({"valid_from": date(2021, 12, 7)}, "valid_from"),
        ({"valid_from": date(2021, 12, 2)}, "valid_to"),
        ({"valid_from": date(2010, 1, 1), "valid_to": date(2012, 1, 1)}, "valid_to"),
    ],
)
def test_rules_that_do_not_fit_are_refused(over, field):
    before = [(one.name, one.valid_to) for one in queries.rule_sets()]
    with pytest.raises(RuleBroken) as broken:
        ruling.create_rules(values(**over), factories.member("mara"))
    assert broken.value.field == field
    assert [(one.name, one.valid_to) for one in queries.rule_sets()] == before


@pytest.mark.usefixtures("context")
def test_a_gap_can_be_filled():
    gap = {"valid_from": date(2021, 12, 2), "valid_to": date(2021, 12, 6)}
    ruling.create_rules(values(**gap), factories.member("mara"))
    assert queries.rules_on(date(2021, 12, 3)).name == "Regelwerk 2027"
    assert named("Regelwerk 2016").valid_to == date(2021, 12, 1)


def test_everybody_reads_the_rules_and_only_managers_may_change_them(rita, anna, mara):
    page = rita.get("/foerderregeln")
    assert [one.get_text(strip=True) for one in page.soup.select("main h2")][0] == "Regelwerk 2021"
    assert "Eine Nachfolge ist noch nicht eingetragen." in page.main
    assert not page.soup.select("main a[href*=bearbeiten]")
    assert anna.get("/foerderregeln/neu").status == 403
    assert mara.get("/foerderregeln").soup.select("main a[href*=bearbeiten]")


def test_a_manager_enters_a_successor_on_screen(app, mara):
    form = mara.get("/foerderregeln/neu")
    assert "endet am Tag davor" in form.main
    assert form.fields()["amount_three"] == ["75.000"]
    typed = {"name": "Regelwerk 2027", "valid_from": "7.12.2026", "amount_three": "80.000,50"}
    page = mara.submit("/foerderregeln/neu", **typed, follow=True)
    assert "Regelwerk 2027" in page.main
    assert "80.000,50" in page.main
    with app.app_context():
        assert named("Regelwerk 2021").valid_to == date(2026, 12, 6)
        assert named("Regelwerk 2027").valid_to is None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("least_gain", "101", "zwischen 0 und 100"),
        ("amount_two", "-5", "kann nicht negativ sein"),
        ("amount_two", "100.000.000,01", "Mehr als 100 Millionen"),
        ("amount_two", "viel", "keine Zahl"),
        ("amount_two", "1,234", "höchstens 2 Nachkommastellen"),
        ("least_partners", "", "wie viele Partner"),
        ("name", " ", "einen Namen"),
        ("valid_from", "31.02.2027", "gibt es nicht"),
    ],
)
def test_bad_input_is_refused_and_kept(mara, field, typed, words):
    page = mara.submit("/foerderregeln/neu", **{"name": "R", "valid_from": "1.1.2027"} | {field: typed})
    assert page.status == 422
    assert words in " ".join(page.errors())
    assert page.fields()[field] == [typed]


def test_editing_rules_refuses_a_lost_update_and_keeps_a_history(app, mara):
    with app.app_context():
        number = named("Regelwerk 2021").id
    url = f"/foerderregeln/{number}/bearbeiten"
    form = mara.get(url).fields()
    mara.submit(url, name="Erste Fassung", amount_two="60.000")
    page = mara.post(url, form | {"name": ["Zweite Fassung"]})
    assert page.status == 409
    assert "Erste Fassung" in page.main
    history = mara.get(url).main.replace("\u00a0", " ")
    assert "Regelwerk 2021 → Erste Fassung" in history
    assert "Zwei Partner 50.000 € → 60.000 €" in history
