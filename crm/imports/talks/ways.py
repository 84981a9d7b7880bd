"""What lists call the kind of a talk and the way people talked, in the words of this program."""

import enum
from functools import lru_cache

from crm.consultations.models import Channel, ConsultationKind
from crm.folding import fold


class Way(enum.Enum):
    """A word of the list: the kind it means (None: by the number of partners) and the channel."""

    PHONE = ("phone", None, Channel.PHONE)
    MAIL = ("mail", None, Channel.MAIL)
    VIDEO = ("video", None, Channel.VIDEO)
    ON_SITE = ("on-site", None, Channel.ON_SITE)
    SINGLE = ("single", ConsultationKind.SINGLE, Channel.ON_SITE)
    GROUP = ("group", ConsultationKind.GROUP, Channel.ON_SITE)
    INITIATION = ("initiation", ConsultationKind.INITIATION, Channel.ON_SITE)
    COUNCIL = ("council", ConsultationKind.COUNCIL, Channel.ON_SITE)
    COMMITTEE = ("committee", ConsultationKind.COMMITTEE, Channel.ON_SITE)
    ASSEMBLY = ("citizens-assembly", ConsultationKind.ASSEMBLY, Channel.ON_SITE)
    INTERNAL = ("internal", ConsultationKind.INTERNAL, Channel.ON_SITE)

    def __init__(self, mark: str, kind: ConsultationKind | None, channel: Channel):
        self.mark, self.kind, self.channel = mark, kind, channel


BY_MARK = {way.mark: way for way in Way}
_WORDS = {
    Way.PHONE: ("Tel.", "tel", "Telefonat", "Telefon", "telefonisch", "Anruf", "Telefongespräch", "TK",
                "Telefonkonferenz", "Telko", "fernmündlich"),
    Way.MAIL: ("E-Mail", "Mail", "Mailwechsel", "per Mail", "schriftlich", "Brief", "Schreiben", "Fax"),
    Way.VIDEO: ("Video", "Videokonferenz", "ViKo", "VK", "Videogespräch", "Webex", "Teams", "Zoom", "online"),
    Way.ON_SITE: ("Ortstermin", "vor Ort", "Gespräch", "Besuch", "persönlich", "Termin", "Besprechung", "OT",
                  "Vor-Ort-Termin", "Beratung", "Beratungsgespräch", "pers. Gespräch"),
    Way.SINGLE: ("Einzelgespräch", "Einzelgespr.", "Einzelberatung", "Einzel"),
    Way.GROUP: ("Gruppe", "Gruppengespr.", "Gruppengespräch", "Gruppenberatung", "Runde", "AG",
                "Arbeitskreis",
                "Bürgermeisterrunde"),
    Way.INITIATION: ("Init.-Gespräch", "Initialgespräch", "Initiierungsgespräch", "Init.", "Erstgespräch",
                     "Erstberatung", "Auftaktgespräch", "Auftakt"),
    Way.COUNCIL: ("Gemeindevertretung", "Stadtverordnetenversammlung", "StvV", "GVe", "Kreistag",
                  "Gemeindevertretersitzung"),
    Way.COMMITTEE: ("Ausschuss", "Ausschusssitzung", "HFA", "Gremium", "Magistrat", "Gemeindevorstand"),
    Way.ASSEMBLY: ("Bürgerversammlung", "Einwohnerversammlung"),
    Way.INTERNAL: ("intern", "Dienstbespr.", "Dienstbesprechung"),
}  # fmt: skip
_WAY = {fold(word): way for way, words in _WORDS.items() for word in words}
# Many people listened: that is an event in this program, or a talk if somebody says so.
_EVENTS = {
    fold(word) for word in ("VA", "Vortrag", "Veranstaltung", "Infoveranstaltung", "Kongress", "Tagung")
}


@lru_cache(maxsize=1024)
def way_of(text: str) -> Way | None:
    """Tell what a word of the list means; None for words nobody knows."""
    return _WAY.get(fold(text))


def is_event(text: str) -> bool:
    """Tell whether a word names what this program keeps as an event."""
    return fold(text) in _EVENTS


def kind_by(way: Way, partners: int) -> ConsultationKind:
    """The kind of a talk by this word with so many partners."""
    return way.kind or (ConsultationKind.GROUP if partners > 1 else ConsultationKind.SINGLE)
