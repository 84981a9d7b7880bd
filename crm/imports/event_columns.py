"""What the columns of a list of events may mean, and by which headings they are known."""

from flask_babel import lazy_gettext as _l

from crm.events.models import EventKind
from crm.folding import fold
from crm.imports.mapping import Meanings
from crm.labels import Labelled, name_members


class EventField(Labelled):
    """What a column means."""

    SOURCE_ID = "source-id"
    TITLE = "title"
    DATE = "date"
    PRECISION = "precision"
    DATE_TEXT = "date-text"
    PLACE = "place"
    PLACE_KEY = "place-key"
    COUNTY_KEY = "county-key"
    VENUE = "venue"
    KIND = "kind"
    ORGANISER = "organiser"
    CENTRE = "centre-involved"
    TOPIC = "topic"
    GUESTS = "guests"
    URL = "url"
    URL_PRECISION = "url-precision"
    NOTE = "note"


name_members(
    {
        EventField.SOURCE_ID: _l("Mark in the list"),
        EventField.TITLE: _l("Title"),
        EventField.DATE: _l("Day, month or year"),
        EventField.PRECISION: _l("How exactly the time is known"),
        EventField.DATE_TEXT: _l("Time as the source writes it"),
        EventField.PLACE: _l("Municipality"),
        EventField.PLACE_KEY: _l("Key of the municipality (for checking)"),
        EventField.COUNTY_KEY: _l("Key of the county"),
        EventField.VENUE: _l("Venue"),
        EventField.KIND: _l("Kind"),
        EventField.ORGANISER: _l("Organiser"),
        EventField.CENTRE: _l("Was the centre involved?"),
        EventField.TOPIC: _l("Task field"),
        EventField.GUESTS: _l("Number of guests in words"),
        EventField.URL: _l("Address of the source"),
        EventField.URL_PRECISION: _l("How exactly the source is named"),
        EventField.NOTE: _l("Note"),
    }
)

# The first heading that a file has wins.
EVENT_MEANINGS: Meanings[EventField] = {
    EventField.SOURCE_ID: ("event_id", "source_id", "Kennung", "ID", "Nr", "Nummer", "Lfd. Nr."),
    EventField.TITLE: ("title", "Titel", "Veranstaltung", "Bezeichnung", "Name"),
    EventField.DATE: ("date", "Datum", "Tag", "Termin", "Zeitpunkt"),
    EventField.PRECISION: ("date_precision", "Genauigkeit", "Genauigkeit des Datums"),
    EventField.DATE_TEXT: ("date_text", "Datum laut Quelle", "Zeitangabe"),
    EventField.PLACE: ("place", "Ort", "Kommune", "Gemeinde", "Stadt"),
    EventField.PLACE_KEY: ("place_ags", "AGS", "Gemeindeschlüssel", "AGS des Ortes", "Schlüssel"),
    EventField.COUNTY_KEY: ("district_ags", "AGS des Landkreises", "Schlüssel des Landkreises"),
    EventField.VENUE: ("venue", "Veranstaltungsort", "Haus", "Lokal", "Halle"),
    EventField.KIND: ("kind", "Art", "Format", "Art der Veranstaltung"),
    EventField.ORGANISER: ("organiser", "Veranstalter", "Veranstaltende", "Mitveranstalter", "organizer"),
    EventField.CENTRE: ("centre_involved", "Zentrum beteiligt", "Kompetenzzentrum beteiligt"),
    EventField.TOPIC: ("topic", "Thema", "Aufgabenfeld", "Aufgabenfelder", "Schwerpunkt"),
    EventField.GUESTS: ("participants", "Teilnehmende", "Teilnehmer", "Gäste", "Besucher"),
    EventField.URL: ("source_url", "Quelle", "Link", "Internetadresse", "URL", "Fundstelle"),
    EventField.URL_PRECISION: ("source_precision", "Genauigkeit der Quelle"),
    EventField.NOTE: ("note", "Bemerkung", "Bemerkungen", "Anmerkung", "Notiz", "Hinweis"),
}
EVENT_NEEDED = (EventField.TITLE,)

# A seminar is small, with work in it: the kind of this program that comes nearest is the workshop.
_KINDS = {
    EventKind.CONGRESS: ("Kongress", "Fachkongress", "congress"),
    EventKind.CONFERENCE: ("Fachtagung", "Tagung", "Konferenz", "Fachkonferenz", "conference"),
    EventKind.INFORMATION: ("Informationsveranstaltung", "Infoveranstaltung", "Infoabend", "information"),
    EventKind.LECTURE: ("Vortrag", "Vortragsabend", "lecture", "talk"),
    EventKind.ASSEMBLY: ("Bürgerversammlung", "Einwohnerversammlung", "citizens-assembly"),
    EventKind.WORKSHOP: ("Workshop", "Werkstatt", "Seminar", "Schulung"),
    EventKind.HANDOVER: ("Bescheidübergabe", "Übergabe", "Übergabe eines Förderbescheids", "grant-handover"),
}
KIND_BY_NAME = {fold(name): kind for kind, names in _KINDS.items() for name in names}
# What these are called on screen is what the list says; every other word is kept beside the kind.
OWN_NAMES = {fold(names[0]) for names in _KINDS.values()}
