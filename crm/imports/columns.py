"""What the columns of a list of cooperations may mean, and by which headings they are known."""

from flask_babel import lazy_gettext as _l

from crm.imports.mapping import Meanings
from crm.labels import Labelled, name_members


class Field(Labelled):
    """What a column means."""

    SOURCE_ID = "source-id"
    TITLE = "title"
    TASK_FIELD = "task-field"
    LEGAL_FORM = "legal-form"
    STATUS = "status"
    PARTNERS = "partners"
    AS_IN_SOURCE = "partners-as-in-source"
    OTHERS = "partners-other"
    COMPLETE = "partners-complete"
    PARTNER_KEYS = "partner-keys"
    LEAD = "lead"
    LEAD_KEY = "lead-key"
    COUNTIES = "counties"
    BEGIN = "begin"
    END = "end"
    SUM = "sum"
    BASIS = "basis"
    PROGRAMME = "programme"
    GRANTED_ON = "granted-on"
    YEAR = "year"
    YEAR_BASIS = "year-basis"
    PARENT = "parent"
    URL = "url"
    SOURCE_KIND = "source-kind"
    NOTE = "note"


name_members(
    {
        Field.SOURCE_ID: _l("Mark in the list"),
        Field.TITLE: _l("Title"),
        Field.TASK_FIELD: _l("Task field"),
        Field.LEGAL_FORM: _l("Legal form"),
        Field.STATUS: _l("State"),
        Field.PARTNERS: _l("Partners"),
        Field.AS_IN_SOURCE: _l("Partners as the source writes them"),
        Field.OTHERS: _l("Further partners in words"),
        Field.COMPLETE: _l("Are the partners complete?"),
        Field.PARTNER_KEYS: _l("Keys of the partners (for checking)"),
        Field.LEAD: _l("Lead partner"),
        Field.LEAD_KEY: _l("Key of the lead partner (for checking)"),
        Field.COUNTIES: _l("County"),
        Field.BEGIN: _l("Start"),
        Field.END: _l("End"),
        Field.SUM: _l("Grant in euros"),
        Field.BASIS: _l("Granted or expected?"),
        Field.PROGRAMME: _l("Programme of the grant"),
        Field.GRANTED_ON: _l("Granted on"),
        Field.YEAR: _l("Year"),
        Field.YEAR_BASIS: _l("Basis of the year"),
        Field.PARENT: _l("Parent programme"),
        Field.URL: _l("Address of the source"),
        Field.SOURCE_KIND: _l("Kind of source"),
        Field.NOTE: _l("Note"),
    }
)

# The first heading that a file has wins.
MEANINGS: Meanings[Field] = {
    Field.SOURCE_ID: ("coop_id", "source_id", "Kennung", "ID", "Nr", "Nummer", "Lfd. Nr.", "Laufende Nummer"),
    Field.TITLE: (
        "project_name", "Titel", "Projekt", "Projektname", "Projekttitel", "Vorhaben", "Kooperation",
        "Bezeichnung", "Name", "title", "name of project",
    ),
    Field.TASK_FIELD: (
        "task_field", "Aufgabenfeld", "Aufgabenfelder", "Aufgabenbereich", "Aufgabe", "Themenfeld", "Thema",
        "Bereich", "Handlungsfeld",
    ),
    Field.LEGAL_FORM: ("legal_form", "Rechtsform", "Form", "Organisationsform", "Form der Zusammenarbeit"),
    Field.STATUS: ("status", "Stand", "Sachstand", "Projektstand", "Stufe"),
    Field.PARTNERS: (
        "partners", "Partner", "Kommunen", "Beteiligte", "Beteiligte Kommunen", "Beteiligte Partner",
        "Partnerkommunen", "Kooperationspartner", "Mitglieder", "Gemeinden", "Städte und Gemeinden",
    ),
    Field.AS_IN_SOURCE: (
        "partners_as_in_source", "Partner laut Quelle", "Partner wie in der Quelle",
        "Schreibweise der Quelle",
    ),
    Field.OTHERS: ("partners_other", "Weitere Partner", "Sonstige Partner", "Weitere Beteiligte"),
    Field.COMPLETE: ("partners_complete", "Partner vollständig", "Vollständig"),
    Field.PARTNER_KEYS: (
        "partner_ags", "AGS", "Schlüssel", "Gemeindeschlüssel", "AGS der Partner", "Schlüssel der Partner",
    ),
    Field.LEAD: (
        "lead_partner", "Federführung", "Federführende Kommune", "Federführend", "Antragstellerin",
        "Antragsteller", "Lead", "Sitz",
    ),
    Field.LEAD_KEY: ("lead_partner_ags", "AGS der Federführung", "Schlüssel der Federführung"),
    Field.COUNTIES: ("district_names", "Landkreis", "Landkreise", "Kreis", "district"),
    Field.BEGIN: (
        "start_date", "Beginn", "Start", "Anfang", "Projektbeginn", "Inkrafttreten", "In Kraft seit",
        "Beginn der Zusammenarbeit",
    ),
    Field.END: ("end_date", "Ende", "Laufzeit bis", "Laufzeitende", "Befristet bis", "Projektende"),
    Field.SUM: (
        "funding_eur", "Fördersumme", "Förderung", "Förderbetrag", "Zuwendung", "Betrag",
        "Höhe der Förderung", "Fördersumme in Euro", "Förderung in Euro", "Zuwendung in Euro",
    ),
    Field.BASIS: ("funding_basis", "Grundlage der Förderung", "Art der Förderung", "Förderstand"),
    Field.PROGRAMME: ("funding_programme", "Förderprogramm", "Programm", "funding_program"),
    Field.GRANTED_ON: (
        "grant_date", "Bewilligt am", "Bewilligung", "Bescheid vom", "Bescheiddatum", "Datum des Bescheids",
    ),
    Field.YEAR: ("year", "Jahr"),
    Field.YEAR_BASIS: ("year_basis", "Grundlage des Jahres", "Jahr laut"),
    Field.PARENT: (
        "parent_project", "Übergeordnetes Vorhaben", "Übergeordnetes Projekt", "Dachprojekt", "Gehört zu",
        "Übergeordnetes Programm",
    ),
    Field.URL: ("source_url", "Quelle", "Link", "Internetadresse", "Adresse der Quelle", "URL", "Fundstelle"),
    Field.SOURCE_KIND: ("source_type", "Art der Quelle"),
    Field.NOTE: (
        "note", "Bemerkung", "Bemerkungen", "Anmerkung", "Anmerkungen", "Notiz", "Hinweis", "Vermerk",
    ),
}  # fmt: skip
NEEDED = (Field.TITLE,)
