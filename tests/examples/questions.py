"""Twenty questions as they come up in talks, with the cooperations of the real list that answer them.

They were written from what the list says (field, partners, county), before anything was weighed, and are not
changed to fit. A question names a task field of the house or the words of a title, the places that ask, and
the marks of all that should be among the first five.
"""

from typing import NamedTuple


class Asked(NamedTuple):
    """What is asked: a field or free words, the places, and which rows of the list are right."""

    said: str
    field: str
    words: str
    places: tuple[str, ...]
    right: tuple[str, ...]


QUESTIONS = (
    Asked("Bauhof, three of 5,000", "Bauhof", "", ("Gemünden (Wohra)", "Rauschenberg", "Wohratal"),
          ("IKZ-035", "IKZ-039")),
    Asked("Bauhof of two large towns", "Bauhof", "", ("Rodgau", "Dietzenbach"), ("IKZ-001",)),
    Asked("registry office of two in the north", "Standesamt", "", ("Fuldabrück", "Lohfelden"),
          ("IKZ-113",)),
    Asked("registry office of four small ones in the east", "Standesamt", "",
          ("Berkatal", "Meißner", "Herleshausen", "Neu-Eichenberg"), ("IKZ-108",)),
    Asked("registry office on the Bergstraße", "Standesamt", "", ("Lorsch", "Einhausen"),
          ("IKZ-033", "IKZ-032")),
    Asked("registry office, said in other words", "", "Gemeinsames Personenstandswesen",
          ("Bruchköbel", "Neuberg", "Rodenbach"), ("IKZ-107",)),
    Asked("joint cash office in the Rheingau", "Kasse", "", ("Bad Schwalbach", "Heidenrod"),
          ("IKZ-042", "IKZ-043")),
    Asked("finance of two small ones in the north-west", "Finanzverwaltung", "",
          ("Münchhausen", "Burgwald"), ("IKZ-021",)),
    Asked("pay slips by the county", "Lohnabrechnung", "", ("Landkreis Gießen", "Lich", "Hungen"),
          ("IKZ-079",)),
    Asked("personnel office of two near Kassel", "Personalverwaltung", "", ("Niestetal", "Lohfelden"),
          ("IKZ-080", "IKZ-049")),
    Asked("security of information, a whole county", "Informationssicherheit", "",
          ("Hochtaunuskreis", "Usingen", "Neu-Anspach", "Wehrheim", "Grävenwiesbach"),
          ("IKZ-003", "IKZ-057")),
    Asked("fire brigades merge within a town in the Taunus", "Zusammenlegung von Feuerwehren", "",
          ("Hohenstein",), ("IKZ-059", "IKZ-064")),
    Asked("workshop for breathing apparatus", "Atemschutz", "", ("Vogelsbergkreis",), ("IKZ-067",)),
    Asked("public order of several near Darmstadt", "Ordnungspolizei", "",
          ("Pfungstadt", "Seeheim-Jugenheim", "Bickenbach", "Alsbach-Hähnlein"), ("IKZ-118",)),
    Asked("public order of two near Gießen", "Ordnungswesen", "", ("Grünberg", "Reiskirchen"), ("IKZ-099",)),
    Asked("building administration of three small ones", "Bauverwaltung", "",
          ("Schrecksbach", "Willingshausen", "Gilserberg"), ("IKZ-027",)),
    Asked("youth work of two", "Jugendpflege", "", ("Höchst i. Odw.", "Bad König"), ("IKZ-091", "IKZ-092")),
    Asked("sludge of sewage plants", "", "Klärschlamm gemeinsam ausschreiben",
          ("Gelnhausen", "Linsengericht"),
          ("IKZ-088",)),
    Asked("purchasing office of a county", "Vergabewesen", "",
          ("Schwalm-Eder-Kreis", "Homberg (Efze)", "Melsungen"),
          ("IKZ-068",)),
    Asked("merger of four", "Fusion", "", ("Bad Emstal", "Naumburg", "Schauenburg"), ("IKZ-119", "IKZ-120")),
)  # fmt: skip
