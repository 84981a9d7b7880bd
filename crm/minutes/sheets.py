"""Minutes as words: the same for the page, for those who check them, for the PDF and for what is kept."""

from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from crm.i18n import day
from crm.minutes.facts import PublicTalk, Side
from crm.minutes.kinds import Part
from crm.minutes.models import Minutes
from crm.naming import TOKEN, expect, named
from crm.office.models import Office
from crm.papers import Fact, Paper, Prose, Table

# Minutes go into files and to others; they are German, whatever the screen of the person speaks.
LANGUAGE = "de"
Content = dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """What stands in minutes; parts without a word are left out."""

    title: str
    reference: str
    facts: list[Fact]
    parts: list[tuple[Part, Table | Prose]]

    def paper(self, issuer: Office, mark: str = "") -> Paper:
        """Make a paper of it."""
        with force_locale(LANGUAGE):
            return Paper(
                language=LANGUAGE, title=self.title, reference=self.reference, facts=self.facts,
                parts=[part for _kind, part in self.parts], head=issuer.letterhead, mark=mark,
                pages=_("Page {page} of {pages}"),
            )  # fmt: skip


def content_of(minutes: Minutes, public: PublicTalk, more: list[tuple[str, str]], kept: bool) -> Content:
    """Say minutes as plain values; in what is `kept` for good people stand by their number alone."""
    with force_locale(LANGUAGE):
        return {
            "title": minutes.title,
            "reference": public.reference,
            "facts": [list(one) for one in (*_facts(public), *more)],
            "sides": [[one.organisation, one.presence, _people(one, kept)] for one in public.sides],
            "texts": {part.value: text for part, text in minutes.texts.items()},
            "agreements": [
                [one.text, one.responsible or "–", day(one.due_on) or "–"] for one in minutes.agreements
            ],
        }


def _people(side: Side, kept: bool) -> str:
    if not kept:
        return side.lines
    by = [_("represented by %(name)s", name=side.represented_by)] if side.represented_by else []
    return "\n".join([*by, *(one.stored for one in side.people)]) or "–"


def _facts(public: PublicTalk) -> list[tuple[str, str]]:
    found = [
        (_("File reference"), public.reference),
        (_("Day"), public.moment),
        (_("Kind"), str(public.kind.label)),
        (_("Channel"), str(public.channel.label)),
        (_("Place"), public.place),
        (_("Advised by"), ", ".join(public.advisers)),
        (_("Task fields"), ", ".join(public.task_fields)),
        (_("Cooperation"), public.cooperation),
    ]
    return [pair for pair in found if pair[1]]


def sheet_of(content: Content) -> Sheet:
    """Say plain values as a sheet; numbers of people become the names of today."""
    expect(*content["texts"].values(), *(people for _place, _presence, people in content["sides"]))
    with force_locale(LANGUAGE):
        made = {
            Part.PARTICIPANTS: _participants(content["sides"]),
            Part.AGREEMENTS: _agreements(content["agreements"]),
        }
        for part in Part:
            if text := content["texts"].get(part.value):
                made[part] = Prose(str(part.label), text)
        return Sheet(
            content["title"], content["reference"], [Fact(*one) for one in content["facts"]],
            [(part, made[part]) for part in Part if made.get(part)],
        )  # fmt: skip


def _participants(sides: list[list[str]]) -> Any:
    rows = [[place, presence, TOKEN.sub(_name, people)] for place, presence, people in sides]
    columns = [_("Organisation"), _("Presence"), _("People")]
    return Table(str(Part.PARTICIPANTS.label), columns, rows, [3, 2, 4])


def _name(match: Any) -> str:
    return named(match[0])


def _agreements(rows: list[list[str]]) -> Any:
    columns = [_("What"), _("Responsible"), _("By when")]
    return Table(str(Part.AGREEMENTS.label), columns, rows, [5, 3, 2]) if rows else None
