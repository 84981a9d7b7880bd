"""What people and lists call a field of the standard catalogue; what has no name there stays unknown."""

from collections import defaultdict

from crm.folding import fold

_FIELDS = {
    "Abwasserentsorgung": "Abwasser",
    "Archivwesen": "Archiv",
    "Bauamt": "Bauverwaltung",
    "Brandschutz": "Feuerwehr und Brandschutz",
    "Bücherei": "Kultur und Büchereien",
    "Cybersicherheit": "Informationssicherheit",
    "Datensicherheit": "Informationssicherheit",
    "Digitalisierung": "IT und Digitalisierung",
    "EDV": "IT und Digitalisierung",
    "Einkauf": "Vergabewesen",
    "Feuerwehr": "Feuerwehr und Brandschutz",
    "FFW": "Feuerwehr und Brandschutz",
    "Finanzen": "Finanzverwaltung",
    "Forst/Holzvermarktung": "Forst",
    "Forstwirtschaft": "Forst",
    "Fusion (Sondierung)": "Fusion",
    "Gehaltsabrechnung": "Lohnabrechnung",
    "Gemeindefusion": "Fusion",
    "Gemeinsamer Bauhof": "Bauhof",
    "Gesundheitsversorgung": "Gesundheit",
    "Gewerbegebiet": "Gewerbegebiete",
    "GVV": "Gemeindeverwaltungsverband",
    "Holzvermarktung": "Forst",
    "IT": "IT und Digitalisierung",
    "IT-Sicherheit": "Informationssicherheit",
    "Jugend": "Jugendpflege",
    "Jugendarbeit": "Jugendpflege",
    "Kämmerei": "Finanzverwaltung",
    "Kassengemeinschaft": "Kasse",
    "Kassenwesen": "Kasse",
    "Kinderbetreuung/Kita": "Kinderbetreuung",
    "Kita": "Kinderbetreuung",
    "Kläranlage": "Abwasser",
    "Klärschlamm": "Abwasser",
    "Kultur": "Kultur und Büchereien",
    "Lohnbuchhaltung": "Lohnabrechnung",
    "Naturschutz": "Umwelt- und Naturschutz",
    "Ordnungsamt": "Ordnungswesen",
    "Personal": "Personalverwaltung",
    "Personalabrechnung": "Lohnabrechnung",
    "Personalwesen": "Personalverwaltung",
    "Siedlungsentwicklung": "Wohnen und Siedlungsentwicklung",
    "Soziales": "Soziales und Bildung",
    "Sport": "Sport und Bäder",
    "Sport/Freizeit": "Sport und Bäder",
    "Standesamtsbezirk": "Standesamt",
    "Standesamtswesen": "Standesamt",
    "Steueramt": "Steuern und Abgaben",
    "Steuern": "Steuern und Abgaben",
    "Tourismusförderung": "Tourismus",
    "Umwelt": "Umwelt- und Naturschutz",
    "Vergabe": "Vergabewesen",
    "Vergabestelle": "Vergabewesen",
    "Wasserversorgung": "Wasser",
    "Wasserversorgung – Notverbund": "Wasser",
    "Wirtschaftsförderung/Gewerbe": "Wirtschaftsförderung",
    "Wohnen": "Wohnen und Siedlungsentwicklung",
    "Zusammenlegung": "Fusion",
    "Zusammenlegung FFW": "Zusammenlegung von Feuerwehren",
}
# Folded: what somebody says, and the name it stands for; and the other way round, as it is said.
STANDARD_NAMES = {fold(said): fold(meant) for said, meant in _FIELDS.items()}
_SAID: dict[str, list[str]] = defaultdict(list)
for _said, _meant in _FIELDS.items():
    _SAID[fold(_meant)].append(_said)


def other_names(name: str) -> list[str]:
    """What a task field is called besides its name."""
    return _SAID.get(fold(name), [])
