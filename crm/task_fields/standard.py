"""The catalogue an office starts with: what Kommunen share, in the groups they speak of."""

from datetime import date

STANDARD: dict[str, tuple[str, ...]] = {
    "Innere Verwaltung": (
        "Personalverwaltung", "Lohnabrechnung", "IT und Digitalisierung", "Informationssicherheit",
        "Datenschutz", "Archiv", "Vergabewesen", "Rechnungsprüfung", "Organisation und Sitzungsdienst",
    ),
    "Finanzen": (
        "Finanzverwaltung", "Kasse", "Steuern und Abgaben", "Vollstreckung", "Fördermittelmanagement",
    ),
    "Bürgerdienste": (
        "Standesamt", "Bürgerbüro", "Ordnungswesen", "Ordnungspolizei", "Gewerbewesen", "Friedhofswesen",
    ),
    "Bauen und Technik": (
        "Bauhof", "Bauverwaltung", "Gebäudemanagement", "Stadtplanung", "Wohnen und Siedlungsentwicklung",
        "Klimaschutz", "Wärmeplanung", "Umwelt- und Naturschutz", "Wasser", "Abwasser",
        "Gewässer und Hochwasserschutz", "Forst",
    ),
    "Feuerwehr und Brandschutz": (
        "Zusammenlegung von Feuerwehren", "Feuerwehrverwaltung", "Gerätewartung", "Atemschutz",
        "Gemeinsame Beschaffung", "Bedarfsplanung", "Katastrophenschutz",
    ),
    "Soziales und Bildung": (
        "Kinderbetreuung", "Jugendpflege", "Schulen", "Seniorenarbeit", "Gemeindepflege", "Gesundheit",
        "Integration", "Kultur und Büchereien", "Sport und Bäder",
    ),
    "Wirtschaft und Infrastruktur": (
        "Wirtschaftsförderung", "Gewerbegebiete", "Tourismus", "Breitband", "Mobilität",
    ),
    "Gemeindeverbund": (
        "Gemeindeverwaltungsverband", "Fusion", "Abbau von Standards",
    ),
}  # fmt: skip
# The programme has not paid for registry offices since 2011.
FUNDABLE_UNTIL = {"Standesamt": date(2010, 12, 31)}
