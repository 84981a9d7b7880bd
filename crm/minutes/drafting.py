"""What minutes begin with: the texts of their kind of talk, with words in braces filled from the talk."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from crm.braces import put_in
from crm.consultations.models import ConsultationKind
from crm.i18n import day
from crm.minutes.facts import PublicTalk
from crm.minutes.kinds import WRITTEN

PLACEHOLDERS: dict[str, Any] = {
    "kommunen": _l("the organisations of the talk"),
    "felder": _l("the task fields"),
    "tag": _l("the day"),
    "art": _l("the kind of talk"),
    "kooperation": _l("the cooperation"),
    "beratung": _l("who advised"),
}
_KIND = ConsultationKind
_OCCASIONS = {
    _KIND.SINGLE: _l("{kommunen} asked for advice on: {felder}."),
    _KIND.GROUP: _l("The participants talked about working together: {felder}."),
    _KIND.INITIATION: _l("First talk about whether working together makes sense: {felder}."),
    _KIND.COUNCIL: _l("The council was informed about: {felder}."),
    _KIND.COMMITTEE: _l("The committee was informed about: {felder}."),
    _KIND.ASSEMBLY: _l("The citizens' assembly was informed about: {felder}."),
    _KIND.INTERNAL: _l("Internal talk about: {felder}."),
}
_TALKED = _l("Where things stand in the municipalities:\n\n- […]\n\nOpen questions:\n\n- […]")
_PRESENTED = _l("What was presented:\n\n- […]\n\nQuestions from the meeting:\n\n- […]")
_IN_BODIES = (_KIND.COUNCIL, _KIND.COMMITTEE, _KIND.ASSEMBLY)
_RESULTS = _l("The participants put on record:\n\n- […]")
_HEARD = _l("The meeting took note of what was presented. […]")


def usual(kind: ConsultationKind) -> dict[str, str]:
    """The texts of a kind of talk as long as nobody wrote others, in German: they go into papers."""
    body = kind in _IN_BODIES
    with force_locale("de"):
        return {
            "occasion": str(_OCCASIONS[kind]),
            "situation": str(_PRESENTED if body else _TALKED),
            "results": str(_HEARD if body else _RESULTS),
            # Most talks arrange no other; a gap there would have to be deleted each time.
            "next_meeting": "",
        }


def draft(public: PublicTalk, texts: Mapping[str, str]) -> SimpleNamespace:
    """Give title and texts of minutes to begin with."""
    words = _words(public)
    filled = {name: put_in(texts[name], words) for name in texts}
    return SimpleNamespace(title=_title(public), **filled)


def _title(public: PublicTalk) -> str:
    with force_locale("de"):
        fields = ", ".join(public.task_fields[:2])
        about = f"{public.kind.label} {fields}".strip()
        return _("Minutes: %(about)s", about=about)[:200]


def _words(public: PublicTalk) -> dict[str, str]:
    with force_locale("de"):
        return {
            "kommunen": ", ".join(public.organisations),
            "felder": ", ".join(public.task_fields) or _("inter-municipal cooperation"),
            "tag": day(public.held_on),
            "art": str(public.kind.label),
            "kooperation": public.cooperation,
            "beratung": ", ".join(public.advisers),
        }


COLUMNS = tuple(WRITTEN.values())
