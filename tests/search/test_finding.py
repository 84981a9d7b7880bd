"""Who types something finds it, first, on both databases."""

import pytest

from crm.db import today
from crm.search import queries
from crm.search.asking import read
from crm.search.models import EntryKind
from tests import factories


def find(text, by="anna"):
    """Answer a question."""
    return queries.find(factories.member(by), read(text, today()))


def first(text, kind=EntryKind.ORGANISATION, by="anna"):
    """The best hit of a kind."""
    return next((hit.title for hit in find(text, by).hits.get(kind, [])), None)


# What is typed, and what comes first; real names of the register.
PLACES = [
    ("mar", "Marburg"), ("marb", "Marburg"), ("Marburg", "Marburg"), ("MARBURG", "Marburg"),
    ("Marbrug", "Marburg"), ("Marbug", "Marburg"), ("kas", "Kassel"), ("ful", "Fulda"), ("gie", "Gießen"),
    ("Giessen", "Gießen"), ("gießen", "Gießen"), ("Gisen", "Gießen"), ("giesen", "Gießen"),
    ("Gross Gerau", "Groß-Gerau"), ("großgerau", "Groß-Gerau"), ("gross-gerau", "Groß-Gerau"),
    ("Münchhausen", "Münchhausen"), ("muenchhausen", "Münchhausen"), ("munchhausen", "Münchhausen"),
    ("muenchh", "Münchhausen"), ("Müncchausen", "Münchhausen"), ("coelbe", "Cölbe"), ("colbe", "Cölbe"),
    ("Kölbe", "Cölbe"), ("lahnt", "Lahntal"), ("Wetter", "Wetter (Hessen)"),
    ("Allendorf Lumda", "Allendorf (Lumda)"), ("Allendorf (Eder)", "Allendorf (Eder)"),
    ("Weimar b. Marburg", "Weimar (Lahn)"), ("weimar", "Weimar (Lahn)"), ("Kirchheim", "Kirchheim"),
    ("Kirchain", "Kirchhain"), ("06534014", "Marburg"), ("534014", "Marburg"), ("LK Fulda", "Landkreis Fulda"),
    ("Bad Homburg", "Bad Homburg v. d. Höhe"), ("Homburg v.d.H.", "Bad Homburg v. d. Höhe"),
    ("ffm", "Frankfurt am Main"), ("frankfurt", "Frankfurt am Main"), ("Franfurt", "Frankfurt am Main"),
    ("wisbaden", "Wiesbaden"), ("Darmstad", "Darmstadt"), ("rüselsheim", "Rüsselsheim am Main"),
    ("offenbch", "Offenbach am Main"), ("ekom21", "ekom21"), ("RP Kassel", "Regierungspräsidium Kassel"), ("Ober-Ramstadt", "Ober-Ramstadt"), ("oestrich", "Oestrich-Winkel"),
    ("ÖSTRICH", "Oestrich-Winkel"), ("Hoechst", "Höchst i. Odw."), ("nidda", "Nidda"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), PLACES, ids=[text for text, _name in PLACES])
def test_the_best_place_comes_first(context, text, name):
    assert first(text) == name


def test_there_are_enough_names():
    assert len(PLACES) >= 40
