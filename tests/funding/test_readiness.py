"""The five conditions and the remarks beside them, as tables of cases over plain facts."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from crm.cooperations.kinds import LegalForm
from crm.funding.gains import gain_of
from crm.funding.kinds import Light
from crm.funding.lasting import last_day
from crm.funding.readiness import conditions, fulfilled
from crm.funding.remarks import remarks
from crm.proceedings.models import Answer, Approval, ApprovalKind
from tests.funding.facts import facts, rules, share

pytestmark = pytest.mark.usefixtures("context")
OK, WAIT, BAD = Light.OK, Light.WAIT, Light.BAD
BRIGADES = LegalForm.FIRE_BRIGADES


def condition(key, found):
    """One of the five, by its key."""
    return next(one for one in conditions(found) if one.key == key)


def judged(key, **over):
    """Light and all words of one condition."""
    one = condition(key, facts(**over))
    said = [one.title, one.known, *(f"{missing.who}: {missing.what}" for missing in one.missing)]
    return one.light, " ".join(said).replace("\u00a0", " ")


def test_without_rules_nothing_is_judged():
    assert conditions(facts(rules=None)) == []


def test_everything_in_order_is_five_of_five():
    costs = [share(name, 100, 80) for name in ("Cölbe", "Lahntal", "Wetter")]
    found = conditions(facts(partners=costs, substantial=True))
    assert [one.light for one in found] == [OK] * 5
    assert fulfilled(found) == 5


@pytest.mark.parametrize(
    ("over", "light", "words"),
    [
        ({"legal_form": None}, BAD, "Rechtsform vereinbaren"),
        ({"legal_form": LegalForm.MERGER}, BAD, "Entschuldungshilfe"),
        ({"legal_form": LegalForm.PRIVATE_LAW}, OK, "Privatrecht (GmbH, Verein, AG)."),
        ({"signed_on": date(2026, 10, 20)}, OK, "unterzeichnet am 20.10.2026"),
        ({"legal_form": BRIGADES}, OK, "Mehrheit der aktiven Mitglieder"),
    ],
)
def test_the_legal_basis(over, light, words):
    found, said = judged("legal-basis", **over)
    assert found is light
    assert words in said


@pytest.mark.parametrize(
    ("over", "light", "words"),
    [
        ({}, WAIT, "Noch nicht beurteilt"),
        ({"substantial": True, "substantial_note": "Alles außer Friedhof."}, OK, "Alles außer Friedhof."),
        ({"substantial": False}, BAD, "Nur unwesentliche Teile"),
    ],
)
def test_the_substantial_part_is_judged_by_hand(over, light, words):
    found, said = judged("substantial", **over)
    assert found is light
    assert words in said


TWO = [share("Battenberg (Eder)"), share("Hatzfeld (Eder)")]
COUNTY = [share("Landkreis Gießen", is_county=True), share("Lich"), share("Hungen")]


@pytest.mark.parametrize(
    ("over", "light", "words"),
    [
        ({}, OK, "3 Kommunen geplant, 0 davon mit Beschluss"),
        ({"partners": COUNTY}, OK, "3 Kommunen geplant"),
        ({"partners": TWO}, WAIT, "die Begründung, warum weniger Partner genügen"),
        ({"partners": TWO, "few_reason": "Insellage."}, OK, "Begründung: Insellage."),
        ({"partners": TWO[:1], "few_reason": "Insellage."}, BAD, "2 weitere Partner"),
        ({"partners": TWO, "rules": rules(2004), "few_reason": "Insellage."}, BAD, "1 weiterer Partner"),
        ({"partners": []}, BAD, "3 weitere Partner"),
        ({"partners": [*TWO, share("Bodenfelde", is_kommune=False)]}, WAIT, "Kommune: Bodenfelde"),
        ({"partners": [share("Haunetal")], "legal_form": BRIGADES, "brigades": 2}, OK, "eine Kommune genügt"),
        ({"partners": [share("Haunetal")], "legal_form": BRIGADES}, WAIT, "Haunetal: wie viele Feuerwehren"),
        ({"partners": TWO, "legal_form": BRIGADES, "brigades": 2}, WAIT, "die Begründung"),
    ],
)  # fmt: skip
def test_the_number_of_partners(over, light, words):
    found, said = judged("partners", **over)
    assert found is light
    assert words in said


def test_it_is_said_what_holds_without_those_who_have_not_decided():
    agreed = [share(name, has_resolved=True) for name in ("Cölbe", "Münchhausen", "Wetter")]
    _light, said = judged("partners", partners=[*agreed, share("Lahntal")])
    assert "4 Kommunen geplant, 3 davon mit Beschluss." in said
    assert "Auch ohne Lahntal erfüllt, dann mit 75.000 €." in said
    five = [*agreed, share("Marburg", has_resolved=True), share("Lahntal")]
    assert "Auch ohne Lahntal erfüllt." in judged("partners", partners=five)[1]
    assert "Auch ohne" not in judged("partners", partners=[*agreed[:2], share("Lahntal")])[1]


@pytest.mark.parametrize(
    ("over", "light", "words"),
    [
        ({}, OK, "Von 01.01.2027 bis 31.12.2031"),
        ({"term_until": date(2031, 12, 30)}, BAD, "mindestens bis 31.12.2031"),
        ({"term_until": date(2029, 12, 31), "renewal_months": 36}, WAIT, "im Vertrag festhalten"),
        (
            {"term_until": date(2029, 12, 31), "renewal_months": 1},
            WAIT,
            "Der Vertrag verlängert sich um 1 Monat.",
        ),
        (
            {"term_until": date(2029, 12, 31), "renewal_months": 2},
            WAIT,
            "Der Vertrag verlängert sich um 2 Monate.",
        ),
        ({"term_until": date(2036, 12, 31)}, OK, "bis 31.12.2036"),
        ({"term_until": date(2037, 1, 1)}, WAIT, "eine Regelung zur Kündigung"),
        ({"term_until": date(2037, 1, 1), "termination": "§ 9"}, OK, "Kündigung: § 9"),
        ({"term_until": None, "term_unlimited": True}, WAIT, "eine Regelung zur Kündigung"),
        (
            {"term_until": None, "term_unlimited": True, "termination": "§ 9"},
            OK,
            "Unbefristet. Kündigung: § 9",
        ),
        (
            {"term_until": None, "term_unlimited": True, "legal_form": LegalForm.ZWECKVERBAND},
            OK,
            "Unbefristet.",
        ),
        ({"term_until": None}, BAD, "Laufzeit vereinbaren"),
        ({"starts_on": None}, WAIT, "der Tag des Beginns"),
        ({"term_until": date(2026, 12, 31)}, WAIT, "endet vor ihrem Beginn"),
        ({"term_until": None, "legal_form": BRIGADES}, OK, "auf Dauer angelegt"),
        ({"term_until": date(2027, 6, 30), "rules": rules(2016)}, OK, "Auf Dauer angelegt"),
    ],
)
def test_the_term(over, light, words):
    found, said = judged("term", **over)
    assert found is light
    assert words in said


@pytest.mark.parametrize(
    ("start", "years", "last"),
    [
        (date(2027, 7, 1), 5, date(2032, 6, 30)),
        (date(2024, 2, 29), 5, date(2029, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 28)),
        (date(2027, 1, 1), 0, date(2026, 12, 31)),
    ],
)
def test_years_are_counted_to_their_last_day(start, years, last):
    assert last_day(start, years) == last


A, B, C = share("Cölbe", 600, 400), share("Münchhausen", 400, 428), share("Lahntal")


@pytest.mark.parametrize(
    ("partners", "joint", "light", "words"),
    [
        ([A, B], None, OK, "Einsparung: 17,2 %. Vorher 1.000 €, nachher 828 €."),
        ([share("Cölbe", 100), share("Wetter", 100)], 170, OK, "Einsparung: 15,0 %."),
        ([share("Cölbe", 100_000), share("Wetter", 100_000)], 170_080, WAIT, "Einsparung: 14,9 %."),
        ([share("Cölbe", 100, 10), share("Wetter", 100)], 150, OK, "Einsparung: 20,0 %."),
        ([share("Cölbe", 100, 110)], None, WAIT, "Die Kosten steigen um 10,0 %."),
        ([share("Cölbe", 0, 0)], None, WAIT, "Die bisherigen Kosten sind null"),
        ([A, B, C], None, BAD, "Bisher gerechnet für Cölbe, Münchhausen: Einsparung: 17,2 %."),
        ([A, B, C], None, BAD, "Lahntal: Kosten vorher Lahntal: Kosten nachher"),
        ([A, B, C], 500, BAD, "Noch nicht zu berechnen. Lahntal: Kosten vorher"),
        ([C], None, BAD, "was die gemeinsame Stelle im Jahr kosten wird"),
        ([share("Cölbe", 100), share("Wetter", 100)], None, BAD, "was die gemeinsame Stelle"),
        ([], None, BAD, "Noch nicht zu berechnen."),
    ],
)  # fmt: skip
def test_the_saving(partners, joint, light, words):
    cost = None if joint is None else Decimal(joint)
    found, said = judged("saving", partners=partners, cost_after=cost)
    assert found is light
    assert words in said


def test_old_rules_without_a_least_saving_ask_for_none():
    assert judged("saving", partners=[C], rules=rules(2011))[0] is OK
    assert judged("saving", partners=[share("Cölbe", 100, 110)], rules=rules(2011))[0] is OK


def test_whoever_has_no_figures_is_named_with_the_day_it_came():
    missing = condition("saving", facts(partners=[A, C])).missing
    assert [(one.who, one.since) for one in missing] == [("Lahntal", date(2026, 2, 4))] * 2


def test_a_gain_needs_all_figures():
    assert gain_of([A, B], None).is_complete
    assert not gain_of([A, C], None).is_complete
    assert not gain_of([], None).is_complete
    assert gain_of([A, C], Decimal(1)).share is None, "the joint unit cannot be compared with some partners"


def field(name="Standesamt", first=None, last=date(2010, 12, 31)):
    """A task field with the days on which it is fundable."""
    return SimpleNamespace(name=name, fundable_from=first, fundable_until=last)


def said(**over):
    """The remarks as pairs of light and words."""
    return [(one.light, one.text) for one in remarks(facts(**over))]


def test_a_task_is_fundable_only_in_its_time():
    registry = {"task_fields": [field()], "rules": rules(2011)}
    [(light, text)] = said(**registry, day=date(2011, 1, 1))
    assert light is BAD
    assert text == "„Standesamt“ ist nur in Anträgen bis 31.12.2010 förderfähig."
    assert said(**registry, day=date(2010, 12, 31)) == []
    later = field("Neues Feld", date(2027, 1, 1), None)
    assert "ab 01.01.2027" in said(task_fields=[later])[0][1]


def test_old_rules_had_a_cap_of_inhabitants_and_no_counties():
    large = [share("Marburg", inhabitants=76_000), share("Cölbe", inhabitants=6_800), share("Lahntal")]
    [(light, text)] = said(partners=large, rules=rules(2008))
    assert (light, "Marburg (76.000)" in text, "bis 30.000" in text) == (BAD, True, True)
    assert said(partners=large) == []
    [(_light, text)] = said(partners=COUNTY, rules=rules(2008))
    assert "fördert keine Landkreise: Landkreis Gießen" in text


@pytest.mark.parametrize(
    ("form", "kind", "answer", "running", "light"),
    [
        (LegalForm.DELEGATION, None, None, False, WAIT),
        (LegalForm.DELEGATION, None, None, True, BAD),
        (LegalForm.DELEGATION, ApprovalKind.APPROVAL, None, True, BAD),
        (LegalForm.DELEGATION, ApprovalKind.APPROVAL, Answer.GRANTED, True, None),
        (LegalForm.DELEGATION, ApprovalKind.NOTICE, Answer.NOTED, True, BAD),
        (LegalForm.MANDATE, ApprovalKind.APPROVAL, None, True, BAD),
        (LegalForm.MANDATE, ApprovalKind.NOTICE, None, True, None),
        (LegalForm.AGREEMENT, None, None, True, None),
        (LegalForm.MERGER, None, None, True, None),
    ],
)
def test_before_it_runs_the_authority_is_asked_or_told(form, kind, answer, running, light):
    asked = [Approval(kind=kind, answer=answer, sent_on=date(2026, 1, 1))] if kind else []
    found = said(legal_form=form, approvals=asked, is_running=running)
    assert [one for one, _text in found] == ([] if light is None else [light])


def test_nobody_who_did_not_ask_for_approvals_misses_one():
    assert said(legal_form=LegalForm.DELEGATION, approvals=None) == []
