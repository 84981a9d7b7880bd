"""What stands on the invitations of the demo data. Titles and people are invented."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True)
class Text:
    """The words of one event."""

    title: str
    summary: str
    for_whom: str = "Bürgermeisterinnen und Bürgermeister, Hauptverwaltung, Mitglieder der Vertretungen"
    hosts: tuple[str, ...] = ()
    note: str = ""
    handed_out: str = ""


TEXTS = {
    "tagung": Text(
        "Fachtagung Interkommunale Zusammenarbeit",
        "Wie gelingt der Schritt vom Gespräch zum Vertrag? Drei Verbünde berichten.\n\n"
        "- Rechtsformen und Umsatzsteuer\n- Förderung: was die Prüfung sehen will\n- Zeit für Gespräche",
        hosts=("Hessischer Städte- und Gemeindebund", "ekom21"),
        note="Halle ab 07:30 Uhr offen. Technik: zwei Funkmikrofone. Parkplatz am Friedhof absprechen.",
    ),
    "info": Text(
        "Informationsveranstaltung: Gemeinsame Vergabestelle",
        "Aufgaben, Personal und Kosten einer gemeinsamen Vergabestelle. Mit Muster einer Vereinbarung.",
        hosts=("Landkreis Schwalm-Eder",),
    ),
    "kongress": Text("IKZ-Kongress: Verwaltung gemeinsam stark machen", "Merken Sie sich den Tag vor."),
    "werkstatt": Text(
        "Werkstatt: Vom Prozess zur gemeinsamen Fachanwendung",
        "Sechs Kommunen zeichnen ihren Bauantrag auf und finden die Unterschiede.",
        "Organisation und Digitalisierung der eingeladenen Kommunen",
    ),
    "buerger": Text(
        "Bürgerversammlung: Gemeinsamer Bauhof, was ändert sich für uns?",
        "Der Gemeindevorstand stellt die Pläne vor. Im Anschluss ist Zeit für Ihre Fragen.",
        "Alle, die in Lahntal, Cölbe oder Wetter wohnen",
        hosts=("Gemeinde Lahntal",),
    ),
    "vortrag": Text("Vortrag: Gemeindeverwaltungsverband in der Praxis", "Ein Abend für die Vertretungen."),
    "feuerwehr": Text(
        "Fachtagung: Zusammenarbeit der Feuerwehren",
        "Gemeinsame Atemschutzwerkstatt, Beschaffung im Verbund, Zusammenschluss von Ortsteilwehren.",
        "Bürgermeisterinnen und Bürgermeister, Wehrführungen, Kreisbrandinspektionen",
        note="Sehr gute Stimmung, mehrere wollen eine gemeinsame Werkstatt prüfen.",
        handed_out="Folien, Mustervereinbarung Atemschutz, Merkblatt Förderung",
    ),
    "haushalt": Text(
        "Kongress: Haushalte in guten Zeiten ordnen",
        "Was Zusammenarbeit einspart und was sie kostet.",
        hosts=("Hessischer Städtetag", "Hessischer Landkreistag"),
        handed_out="Tagungsmappe, Folien aller Vorträge, Dokumentation als Heft",
    ),
    "bescheid": Text(
        "Übergabe des Förderbescheids: Gemeinsame Kasse",
        "Übergabe im Rathaus mit kurzer Vorstellung des Vorhabens.",
        "Partner der Kooperation, Presse",
    ),
}

PROGRAMME: dict[str, tuple[tuple[time, str, str | None], ...]] = {
    "tagung": (
        (time(9, 30), "Begrüßung", "Maria Sander, Kompetenzzentrum für IKZ"),
        (time(9, 45), "Der Weg zum gemeinsamen Bauhof", "Petra Henkel, Bürgermeisterin"),
        (time(10, 45), "Umsatzsteuer: was jetzt gilt", "Dr. Jonas Weil, Steuerberatung"),
        (time(11, 45), "Mittagspause", None),
        (time(12, 45), "Drei Verbünde im Gespräch", "Moderation: Tom Brandt"),
        (time(14, 30), "Förderung: was die Prüfung sehen will", "Carla Vogt, Regierungspräsidium"),
        (time(15, 0), "Ausklang", None),
    ),
    "info": (
        (time(14, 0), "Begrüßung durch den Landkreis", "Sabine Kunz, Kreisbeigeordnete"),
        (time(14, 15), "Eine Vergabestelle für sechs Kommunen", "Tom Brandt, Kompetenzzentrum für IKZ"),
        (time(15, 30), "Fragen und Antworten", None),
    ),
    "feuerwehr": (
        (time(9, 30), "Begrüßung und Stand der Bedarfspläne", "Maria Sander"),
        (time(10, 30), "Atemschutzwerkstatt im Verbund", "Uwe Stahl, Kreisbrandinspektor"),
        (time(13, 0), "Rundgang", None),
    ),
}
