"""Which words mean alike: Standesamt and Personenstandswesen; words of every other title mean nothing."""

from collections.abc import Iterable
from functools import lru_cache

from crm.folding import fold

# Two words are akin from so many common letters at their beginning, or where one of them stands in the other.
BEGINNING, INSIDE = 6, 5
# Words of every other title; they say nothing about the task, nor do compounds for beginning with them.
_EMPTY = (
    "gemeinde", "gemeinsame", "gemeinschaft", "interkommunale", "kommunale", "zusammenarbeit",
    "zusammenlegung", "zusammenschluss", "kooperation", "kooperieren", "verwaltung", "zentrale",
    "vereinbarung",
    "zweckverband", "verband", "landkreis", "kreis", "stadt", "neue", "aufbau", "erweiterung", "beitritt",
    "freiwillige", "oertliche", "durch", "weitere", "wesen", "machbarkeitsstudie", "aufgaben", "dienste",
)  # fmt: skip
# Words that only hold others together, as in IT und Digitalisierung.
_SMALL = (
    "und", "oder", "der", "die", "das", "den", "dem", "des", "ein", "eine", "einer", "eines", "von", "vom",
    "mit", "für", "bei", "aus", "auf", "über", "zum", "zur", "nach", "als",
)  # fmt: skip
# Words of one task that do not look alike: the first of a line is the one all others become.
_KIN = (
    ("standesamt", "personenstand", "trauung", "eheschliessung"),
    ("kasse", "kassen", "kassenverwaltung", "kassengemeinschaft"),
    ("finanzverwaltung", "finanzwesen", "kaemmerei", "haushalt", "buchhaltung"),
    ("steuern", "steueramt", "abgaben"),
    ("lohnabrechnung", "lohnbuchhaltung", "gehaltsabrechnung", "personalabrechnung", "bezuege", "entgelt"),
    ("personalverwaltung", "personalamt", "personalabteilung", "personalwesen", "personaldienst"),
    ("ordnungswesen", "ordnungsamt", "ordnungspolizei", "ordnungsbehoerde", "stadtpolizei"),
    ("informationssicherheit", "cybersicherheit", "itsicherheit", "datensicherheit"),
    ("digitalisierung", "onlinezugang", "ozg", "edv"),
    ("feuerwehr", "brandschutz", "ffw", "loeschzug"),
    ("vergabewesen", "vergabestelle", "einkauf", "beschaffung", "ausschreibung"),
    ("bauhof", "baubetriebshof", "betriebshof", "strassenreinigung", "winterdienst",
     "dienstleistungsbetrieb"),
    ("bauverwaltung", "bauamt", "bauaufsicht"),
    ("forst", "holzvermarktung", "waldbewirtschaftung"),
    ("abwasser", "klaeranlage", "klaerschlamm", "kanal"),
    ("jugendpflege", "jugendarbeit", "jugend"),
    ("kinderbetreuung", "kita", "kindergarten"),
    ("fusion", "eingemeindung", "gemeindefusion"),
    ("gewerbegebiete", "gewerbegebiet", "gewerbepark"),
    ("tourismus", "touristik", "touristische", "fremdenverkehr"),
    ("archiv", "archivwesen", "archivverbund"),
)  # fmt: skip
_FIRST = {fold(word): fold(line[0]) for line in _KIN for word in line}
_NOTHING = {fold(word) for word in _EMPTY}
_JOINING = {fold(word) for word in _SMALL}


@lru_cache(maxsize=8192)
def telling(text: str) -> tuple[str, ...]:
    """Give the words of a text that say something about a task, folded, each once."""
    found = (word for word in fold(text).split() if len(word) > 2 and not _is_empty(word))
    return tuple(dict.fromkeys(found))


def _is_empty(word: str) -> bool:
    alike = (one for one in _NOTHING if word.startswith(one[:-1]) and len(word) - len(one) < 3)
    return word in _JOINING or word in _NOTHING or any(alike)


def meeting(one: Iterable[str], other: Iterable[str]) -> str:
    """Give the first word of the second text that is akin to one of the first; empty where none is."""
    mine = tuple(one)
    return next((word for word in other if any(_akin(word, own) for own in mine)), "")


@lru_cache(maxsize=65536)
def _akin(one: str, other: str) -> bool:
    first, second = _first_of(one), _first_of(other)
    if first == second:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= INSIDE and short in long:
        return True
    return len(_bare(one)) >= BEGINNING and _bare(one)[:BEGINNING] == _bare(other)[:BEGINNING]


@lru_cache(maxsize=8192)
def _first_of(word: str) -> str:
    """The word of its line that stands for it; compounds follow their beginning: Standesamtsbezirk."""
    known = [start for start in _FIRST if word == start or (len(start) > 4 and word.startswith(start))]
    return _FIRST[max(known, key=len)] if known else word


@lru_cache(maxsize=8192)
def _bare(word: str) -> str:
    """The word without a beginning that says nothing: Gemeindeverwaltungsverband, Gemeindefusion."""
    starts = [one for one in _NOTHING if word.startswith(one) and len(word) > len(one) + 3]
    return word.removeprefix(max(starts, key=len)) if starts else word


def roots(said: Iterable[str]) -> list[str]:
    """Give the beginnings by which a database finds all texts with an akin word, and some more."""
    wanted = tuple(said)
    alike = [word for line in _KIN for word in line if any(_first_of(one) == fold(line[0]) for one in wanted)]
    plain = {fold(word) for word in (*wanted, *alike)}
    return sorted({(_bare(word) if len(_bare(word)) >= BEGINNING else word)[:BEGINNING] for word in plain})
