"""The words of a quick line that mean a channel or a kind of talk, and the small words between them."""

import re

from crm.consultations.models import Channel, ConsultationKind

# Longer words stand before the shorter ones they begin with. A full stop after a word belongs to it.
_CHANNELS = {
    Channel.PHONE: (
        "telefonkonferenz", "telefongespräch", "telefonat", "telefonisch", "telefoniert", "telefon", "telko",
        "tel", "anruf", "angerufen", "rückruf", "rueckruf", "zurückgerufen",
    ),
    Channel.VIDEO: (
        "videokonferenz", "videogespräch", "videokonf", "video", "viko", "vk", "teams", "zoom", "webex",
        "onlinetermin", "online",
    ),
    Channel.MAIL: ("e-mails", "e-mail", "emails", "email", "mailwechsel", "mails", "mail"),
    Channel.ON_SITE: (
        "vor ort", "vor-ort-termin", "vor-ort", "ortstermin", "besuch", "besucht", "präsenz", "rathaus",
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
        "gemeindevorstand", "kreisausschuss", "magistrat",
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
CONFIDENTIAL = re.compile(r"(?:streng\s+)?vertraulich(?!\w)|vertr\.", re.IGNORECASE)
# They say nothing that another part does not say. Some may stand inside a name.
_INSIDE = "von|vom|vor|an|am|im|in|bei|der|die|das|dem|den|und"
INSIDE = re.compile(rf"(?:{_INSIDE})(?!\w)", re.IGNORECASE)
FILLER = re.compile(
    rf"(?:{_INSIDE}|mit|aus|über|wegen|zu|zum|zur|um|hat|haben|wir|ich|gespräch|gespr\.|thema|"
    r"rücksprache|gesprochen|stadt|gemeinde|kommune)(?!\w)\.?",
    re.IGNORECASE,
)
# Beside the name of a task field they add nothing worth a note.
ADORNING = re.compile(
    r"(?:gemeinsame[rsnm]?|interkommunale[rsnm]?|thema|wegen|der|die|das|ikz)(?!\w)", re.IGNORECASE
)
# Who was there stays in words: a name makes nobody known.
PERSON = re.compile(
    r"(?:herrn?|hr\.?|frau|fr\.|bgm\.?(?:in)?|bm(?:in)?|bürgermeister(?:in)?|kämmerer|kämmerin|hal|"
    r"landrat|landrätin|lr|büroleiter(?:in)?|bauamtsleiter(?:in)?|hauptamtsleiter(?:in)?)(?:\.|(?!\w))\s+"
    r"(?:dr\.\s+)?(?P<name>(?-i:[A-ZÄÖÜ])[\w-]+)(?:\s+(?-i:[A-ZÄÖÜ])\.)?",
    re.IGNORECASE,
)
