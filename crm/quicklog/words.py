"""The words of a quick line that mean a channel or a kind of talk, and the small words between them."""

import re

from crm.consultations.models import Channel, ConsultationKind

# Longer words stand before the shorter ones they begin with. A full stop after a word belongs to it.
_CHANNELS = {
    Channel.PHONE: (
        "telefonkonferenz", "telefongespräch", "telefonat", "telefonisch", "telefoniert", "telefon", "telko",
        "tel", "anruf", "angerufen", "rückruf", "rueckruf", "zurückgerufen", "rief an",
        "rief zurück", "riefen an", "rief", "riefen",
    ),
    Channel.VIDEO: (
        "videokonferenz", "videogespräch", "videokonf", "video", "viko", "vk", "teams", "zoom", "webex",
        "onlinetermin", "online",
    ),
    Channel.MAIL: ("e-mails", "e-mail", "emails", "email", "mailwechsel", "mails", "mail"),
    Channel.ON_SITE: (
        "vor ort", "vor-ort-termin", "vor-ort", "ortstermin", "besuch", "besucht", "präsenz",
        "v.o", "vo", "termin",
    ),
}  # fmt: skip
_KINDS = {
    ConsultationKind.INITIATION: (
        "initiierungsgespräch", "initiierung", "init.-gespräch", "init-gespräch", "init", "erstgespräch",
        "auftaktgespräch", "auftakt",
    ),
    ConsultationKind.GROUP: ("gruppengespräch", "gruppentermin", "gruppengespr", "runde", "gruppe"),
    ConsultationKind.SINGLE: ("einzelgespräch", "einzelgespr"),
    ConsultationKind.COUNCIL: (
        "stadtverordnetenversammlung", "gemeindevertretung", "stavo", "stvv", "gve", "kreistag",
    ),
    ConsultationKind.COMMITTEE: (
        "haupt- und finanzausschuss", "finanzausschuss", "bauausschuss", "ausschuss", "hfa",
    ),
    ConsultationKind.ASSEMBLY: ("bürgerversammlung", "buergerversammlung"),
    ConsultationKind.INTERNAL: ("interne besprechung", "intern"),
}  # fmt: skip


def _table(
    words: dict[Channel, tuple[str, ...]] | dict[ConsultationKind, tuple[str, ...]],
) -> re.Pattern[str]:
    everything = sorted((word for group in words.values() for word in group), key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, everything))})(?!\w)\.?", re.IGNORECASE)


CHANNEL, KIND = _table(_CHANNELS), _table(_KINDS)
CHANNEL_OF = {word: channel for channel, group in _CHANNELS.items() for word in group}
KIND_OF = {word: kind for kind, group in _KINDS.items() for word in group}
CONFIDENTIAL = re.compile(r"\(?(?:streng\s+)?(?:vertraulich(?!\w)|vertr\.)[)!.]*", re.IGNORECASE)
# Whoever writes it anywhere means something by it.
MAYBE_CONFIDENTIAL = re.compile(r"vertraul\w*|vertr\.", re.IGNORECASE)
# What is still to come is a note.
NEXT = re.compile(
    r"(?<!\w)(?:nächste[rsnm]?|weitere[rsnm]?|folge)[\s-]*(?:treffen|termine?|gespräche?|sitzung)(?!\w)",
    re.IGNORECASE,
)
# Nobody meets by telephone; a video meeting is one, too.
MEETING = re.compile(r"(?<!\w)(?:treffen|getroffen)(?!\w)", re.IGNORECASE)
# They say nothing that another part does not say. Some may stand inside a name.
_INSIDE = "von|vom|vor|an|am|im|in|bei|der|die|das|dem|den|und"
INSIDE = re.compile(rf"(?:{_INSIDE})(?!\w)", re.IGNORECASE)
FILLER = re.compile(
    rf"(?:{_INSIDE}|mit|aus|über|wegen|wg|betr|betreff|bezüglich|bzgl|per|zu|zum|zur|um|hat|haben|wir|ich|"
    r"gespräch|gespr|treffen|getroffen|thema|rücksprache|gesprochen|beratung|stadt|gemeinde|kommune|m)(?!\w)[.:]?",
    re.IGNORECASE,
)
# Beside the name of a task field they add nothing worth a note.
ADORNING = re.compile(
    r"(?:gemeinsame[rsnm]?|interkommunale[rsnm]?|thema|wegen|der|die|das|ikz)(?!\w)", re.IGNORECASE
)
# Who was there, or which office, stays in words: a name makes nobody known.
_TITLE = (
    r"bgm\.?(?:in)?|bm(?:in)?|bürgermeister(?:in)?|kämmerer|kämmerin|hal|landrat|landrätin|lr|"
    r"(?:büro|bauamts|hauptamts|fachbereichs)leiter(?:in)?"
)
PERSON = re.compile(
    rf"\(?(?:herrn?|hr\.?|frau|fr\.|{_TITLE})(?:\.|(?!\w))\s+"
    r"(?:dr\.\s+)?(?P<name>(?-i:[A-ZÄÖÜ])[\w-]+)(?:\s+(?-i:[A-ZÄÖÜ])\.)?\)?",
    re.IGNORECASE,
)
TITLE = re.compile(rf"(?:{_TITLE})(?!\w)\.?", re.IGNORECASE)
OFFICE = re.compile(
    r"(?:gemeindevorstand|magistrat|kreisausschuss|kämmerei|bauamt|hauptamt|ordnungsamt|rathaus|verwaltung|"
    r"stadtverwaltung|gemeindeverwaltung|kreisverwaltung|büro)(?!\w)",
    re.IGNORECASE,
)
# The catalogue knows it and gives it no field of its own.
STUDY = "Machbarkeitsstudie"
# Any other committee has a name of its own, which the kind of the talk does not say.
PLAIN_KINDS = ("ausschuss",)
