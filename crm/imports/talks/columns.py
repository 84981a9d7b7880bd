"""What the columns of an old list of talks may mean, and by which headings they are known."""

from flask_babel import lazy_gettext as _l

from crm.imports.mapping import Meanings
from crm.labels import Labelled, name_members


class TalkField(Labelled):
    """What a column means."""

    SOURCE_ID = "source-id"
    DATE = "date"
    KIND = "kind"
    PLACES = "places"
    PEOPLE = "people"
    TOPIC = "topic"
    DURATION = "duration"
    RESULT = "result"
    RETURN = "return"
    STAFF = "staff"
    GROUP = "cooperation"
    VENUE = "venue"
    FILE = "file-reference"
    NOTE = "note"


name_members(
    {
        TalkField.SOURCE_ID: _l("Mark in the list"),
        TalkField.DATE: _l("Day"),
        TalkField.KIND: _l("Kind or channel"),
        TalkField.PLACES: _l("Municipalities"),
        TalkField.PEOPLE: _l("Who was there, in words"),
        TalkField.TOPIC: _l("Topic"),
        TalkField.DURATION: _l("Duration"),
        TalkField.RESULT: _l("Result"),
        TalkField.RETURN: _l("Follow-up"),
        TalkField.STAFF: _l("Advised by"),
        TalkField.GROUP: _l("Cooperation"),
        TalkField.VENUE: _l("Place"),
        TalkField.FILE: _l("File reference"),
        TalkField.NOTE: _l("Note"),
    }
)

# The first heading that a file has wins.
TALK_MEANINGS: Meanings[TalkField] = {
    TalkField.SOURCE_ID: (
        "Kennung in der Liste", "Kennung", "source_id", "ID", "Nr.", "Nummer", "Lfd. Nr.", "lfd", "Zeichen",
    ),
    TalkField.DATE: ("Datum", "date", "Tag", "Termin", "Wann", "Zeitpunkt", "Gesprächsdatum", "am"),
    TalkField.KIND: (
        "Art", "kind", "Kontaktart", "Gesprächsart", "Art des Gesprächs", "Art der Beratung", "Form", "Kanal",
        "Weg", "channel",
    ),
    TalkField.PLACES: (
        "Kommunen", "Kommune", "Beteiligte Kommunen", "Gemeinden", "Gemeinde", "Städte und Gemeinden",
        "Stadt/Gemeinde", "Kommune(n)", "Organisationen", "Organisation", "Beteiligte", "Wer", "Partner",
        "partners",
    ),
    TalkField.PEOPLE: (
        "Teilnehmer", "Teilnehmende", "TN", "Personen", "Gesprächspartner", "Ansprechpartner", "Anwesend",
        "Anwesende", "participants",
    ),
    TalkField.TOPIC: (
        "Thema", "Themen", "topic", "Aufgabenfeld", "Aufgabenfelder", "Betreff", "Gegenstand", "Inhalt",
        "Worum", "Projekt",
    ),
    TalkField.DURATION: ("Dauer", "duration", "Zeitaufwand", "Zeit", "Stunden", "Std.", "Minuten", "Min."),
    TalkField.RESULT: ("Ergebnis", "Ergebnisse", "result", "Resultat", "Verbleib", "Vereinbarungen"),
    TalkField.RETURN: ("WV", "Wiedervorlage", "Wiedervorl.", "Frist", "Nächster Schritt", "follow_up"),
    TalkField.STAFF: (
        "Bearb.", "Bearbeiter", "Bearbeiterin", "Bearbeitung", "Berater", "Beraterin", "Beraten durch", "SB",
        "Sachbearbeiter", "Sachbearbeitung", "Kürzel", "staff",
    ),
    TalkField.GROUP: ("Kooperation", "cooperation", "Kooperationsprojekt", "Kooperationsgruppe", "IKZ"),
    TalkField.VENUE: ("Ort", "Gesprächsort", "Treffpunkt", "Wo", "place"),
    TalkField.FILE: ("Aktenzeichen", "Az.", "Geschäftszeichen", "GZ", "file_reference"),
    TalkField.NOTE: (
        "Vermerk", "Bemerkung", "Bemerkungen", "Anmerkung", "Anmerkungen", "Notiz", "Notizen", "Hinweis",
        "note",
    ),
}  # fmt: skip
TALK_NEEDED = (TalkField.DATE, TalkField.PLACES)
