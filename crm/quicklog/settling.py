"""What stands in a line twice, and what it needs although nobody wrote it."""

from dataclasses import replace

from flask_babel import gettext as _

from crm.consultations.models import Channel, ConsultationKind
from crm.folding import fold
from crm.i18n import weekday_day
from crm.quicklog.known import Known
from crm.quicklog.parts import Choice, Part, PartKind, State
from crm.quicklog.words import MEETING, NEXT

_SINGLE = (
    PartKind.DAY, PartKind.START, PartKind.CHANNEL, PartKind.KIND, PartKind.GROUP, PartKind.DURATION,
    PartKind.PREPARATION, PartKind.TRAVEL, PartKind.DUE, PartKind.OWNER,
)  # fmt: skip
_IN_THE_ROOM = (
    ConsultationKind.COUNCIL, ConsultationKind.COMMITTEE, ConsultationKind.ASSEMBLY,
    ConsultationKind.INITIATION, ConsultationKind.GROUP, ConsultationKind.SINGLE, ConsultationKind.INTERNAL,
)  # fmt: skip
_BODIES = (ConsultationKind.COUNCIL, ConsultationKind.COMMITTEE)


def once(parts: list[Part]) -> list[Part]:
    """Keep what stands there twice once; what says something else asks. No word is dropped."""
    kept: list[Part] = []
    for one in parts:
        same = [other for other in kept if other.kind is one.kind]
        if any(other.mark == one.mark for other in same if one.is_open):
            continue
        twin = next((other for other in same if not one.is_open and other.value == one.value), None)
        if twin is not None:
            kept += _other_words(one, twin)
        elif same and one.kind in _SINGLE:
            kept.remove(same[0])
            kept.append(_either(same[0], one))
        else:
            kept.append(one)
    return [_spoken(one, kept) for one in kept]


def _other_words(one: Part, twin: Part) -> list[Part]:
    """A call back is a call; the word stays in the note."""
    if one.kind is PartKind.NOTE or one.kind not in (PartKind.CHANNEL, PartKind.KIND):
        return []
    same = fold(one.text) == fold(twin.text)
    return [] if same else [Part(PartKind.NOTE, one.text, one.text, one.text, leave=False)]


def _either(first: Part, second: Part) -> Part:
    """Two that do not agree; a day that lies in the week beside it is meant by both."""
    if first.is_open and any(one.value == second.value for one in first.choices):
        return replace(second, text=f"{first.text}, {second.text}")
    common = [one for one in first.choices if second.is_open and one in second.choices]
    if len(common) == 1:
        text = f"{first.text}, {second.text}"
        return Part(first.kind, text, common[0].value, common[0].shown)
    choices = tuple(dict.fromkeys((*_meant(first), *_meant(second))))
    question = _("Both stand there. Which one holds?")
    text = f"{first.text}, {second.text}"
    return Part(first.kind, text, state=State.UNCLEAR, question=question, choices=choices, leave=False)


def _meant(part: Part) -> tuple[Choice, ...]:
    return part.choices if part.is_open else (Choice(part.kind, part.value, part.shown),)


def _spoken(part: Part, parts: list[Part]) -> Part:
    """A council does not sit on the telephone: then it was talked about, or with its office."""
    if part.kind is not PartKind.KIND or part.value not in _BODIES or part.answer:
        return part
    if not any(one.kind is PartKind.CHANNEL and one.value in (Channel.PHONE, Channel.MAIL) for one in parts):
        return part
    choices = (Choice(part.kind, part.value, part.shown),)
    question = _("Was the talk held there?")
    return replace(part, value=None, state=State.UNCLEAR, question=question, choices=choices)


def assumed(parts: list[Part], known: Known, head: str) -> list[Part]:
    """What is needed and not written: today, by phone or face to face, mine, and a municipality."""
    kinds = {one.kind for one in parts}
    found = []
    if PartKind.DAY not in kinds:
        found.append(Part(PartKind.DAY, "", known.today, weekday_day(known.today), State.ASSUMED))
    if PartKind.CHANNEL not in kinds:
        met = bool(MEETING.search(NEXT.sub("", head)))
        on_site = met or any(one.kind is PartKind.KIND and one.value in _IN_THE_ROOM for one in parts)
        channel = Channel.ON_SITE if on_site else Channel.PHONE
        found.append(Part(PartKind.CHANNEL, "", channel, str(channel.label), State.ASSUMED))
    if PartKind.DUE in kinds:
        found += _of_promise(parts, kinds, known)
    if not kinds & {PartKind.PLACE, PartKind.GROUP}:
        missing = _("Which municipality was it?")
        found.append(Part(PartKind.PLACE, "", state=State.UNCLEAR, question=missing, leave=False))
    return found


def _of_promise(parts: list[Part], kinds: set[PartKind], known: Known) -> list[Part]:
    found = []
    if PartKind.TO_DO not in kinds:
        fields = ", ".join(one.shown for one in parts if one.kind is PartKind.TASK_FIELD and not one.is_open)
        text = _("Ask again: %(fields)s", fields=fields) if fields else _("Ask again")
        found.append(Part(PartKind.TO_DO, "", text, text, State.ASSUMED))
    if PartKind.OWNER not in kinds and known.me is not None:
        found.append(Part(PartKind.OWNER, "", known.me, known.me.name, State.ASSUMED))
    return found
