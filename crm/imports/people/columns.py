"""What the columns of a list of people may mean, and by which headings they are known."""

from flask_babel import lazy_gettext as _l

from crm.imports.mapping import Meanings
from crm.labels import Labelled, name_members


class PersonField(Labelled):
    """What a column means."""

    SOURCE_ID = "source-id"
    NAME = "name"
    TITLE = "academic-title"
    FIRST_NAME = "first-name"
    LAST_NAME = "last-name"
    FUNCTION = "function"
    PLACE = "place"
    PHONE = "phone"
    MOBILE = "mobile"
    MAIL = "mail"
    SINCE = "since"
    UNTIL = "until"
    NOTE = "note"


name_members(
    {
        PersonField.SOURCE_ID: _l("Mark in the list"),
        PersonField.NAME: _l("Whole name"),
        PersonField.TITLE: _l("Academic title"),
        PersonField.FIRST_NAME: _l("First name"),
        PersonField.LAST_NAME: _l("Last name"),
        PersonField.FUNCTION: _l("Function"),
        PersonField.PLACE: _l("Municipality or body"),
        PersonField.PHONE: _l("Official phone"),
        PersonField.MOBILE: _l("Own phone"),
        PersonField.MAIL: _l("E-mail"),
        PersonField.SINCE: _l("Function since"),
        PersonField.UNTIL: _l("Function until"),
        PersonField.NOTE: _l("Note"),
    }
)

# The first heading that a file has wins.
PERSON_MEANINGS: Meanings[PersonField] = {
    PersonField.SOURCE_ID: ("Kennung in der Liste", "Kennung", "ID", "Nr.", "Nummer", "Lfd. Nr."),
    PersonField.LAST_NAME: ("Nachname", "Familienname", "Zuname", "last name", "surname"),
    PersonField.FIRST_NAME: ("Vorname", "Rufname", "first name", "given name"),
    PersonField.TITLE: ("Titel", "Akad. Titel", "Akademischer Titel", "Anrede/Titel", "title"),
    PersonField.NAME: ("Name", "Name, Vorname", "Person", "Ansprechpartner", "Kontakt", "Anrede und Name"),
    PersonField.FUNCTION: ("Funktion", "Position", "Amt", "Stelle", "Rolle", "Dienststellung", "function"),
    PersonField.PLACE: (
        "Kommune", "Organisation", "Gemeinde", "Stadt", "Stadt/Gemeinde", "Kommune/Organisation", "Behörde",
        "Institution", "Firma", "organisation",
    ),
    PersonField.PHONE: ("Telefon", "Tel.", "Telefon dienstlich", "Rufnummer", "Festnetz", "phone"),
    PersonField.MOBILE: ("Mobil", "Handy", "Mobiltelefon", "Telefon privat", "mobile"),
    PersonField.MAIL: ("E-Mail", "Mail", "E-Mail-Adresse", "Mailadresse", "email"),
    PersonField.SINCE: ("von", "seit", "Beginn", "Amtszeit von", "ab"),
    PersonField.UNTIL: ("bis", "Ende", "Amtszeit bis"),
    PersonField.NOTE: ("Bemerkung", "Bemerkungen", "Anmerkung", "Notiz", "Hinweis", "Vermerk", "note"),
}  # fmt: skip
PERSON_NEEDED = ((PersonField.LAST_NAME, PersonField.NAME),)
