"""The papers of an application with what the records of the group tell about each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from crm.cooperations.models import Cooperation
from crm.funding.facts import Facts
from crm.funding.kinds import NEEDED, PaperKind, PaperState
from crm.funding.models import Application, Paper
from crm.i18n import day

TONES = {PaperState.DRAFT: "info", PaperState.PRESENT: "ok"}


@dataclass(frozen=True)
class Line:
    """One paper: its badge, what is known about it, and the record if there is one."""

    kind: PaperKind
    tone: str
    word: str
    hint: str
    paper: Paper | None = None

    @property
    def is_needed(self) -> bool:
        """Tell whether the application cannot do without it."""
        return self.kind in NEEDED


def lines(group: Cooperation, facts: Facts, application: Application | None, authority: str) -> list[Line]:
    """Give the checklist in its order; the two optional papers come last."""
    known = {paper.kind: paper for paper in application.papers} if application else {}
    texts = {
        PaperKind.LETTER: _letter(group, application),
        PaperKind.RESOLUTIONS: _resolutions(facts),
        PaperKind.AGREEMENT: _agreement(facts),
        PaperKind.COSTS: _costs(facts),
        PaperKind.ASSESSMENT: authority,
    }
    counts = {PaperKind.RESOLUTIONS: _resolved(facts), PaperKind.COSTS: _counted(facts)}
    found = [_line(kind, known.get(kind), texts.get(kind, ""), counts.get(kind)) for kind in PaperKind]
    return [_calmed(one) for one in found] if application is not None and application.is_decided else found


def _calmed(line: Line) -> Line:
    """What nobody recorded of a decided application is no longer missing to anybody."""
    if line.paper and line.paper.state is not PaperState.MISSING:
        return line
    return replace(line, tone="quiet", word=_("not recorded"))


def present(found: Sequence[Line]) -> tuple[int, int]:
    """Count the needed papers that are there, and all needed ones."""
    needed = [one for one in found if one.is_needed]
    there = [one for one in needed if one.paper and one.paper.state is PaperState.PRESENT]
    return len(there), len(needed)


def _line(kind: PaperKind, paper: Paper | None, text: str, count: tuple[int, int] | None) -> Line:
    state = paper.state if paper else PaperState.MISSING
    tone, word = TONES.get(state, "bad"), str(state.label)
    if state is not PaperState.PRESENT and count and count[0]:
        tone, word = "wait", _("%(n)s of %(all)s", n=count[0], all=count[1])
    elif state is PaperState.MISSING and kind not in NEEDED:
        tone, word = "quiet", _("optional")
    own = [day(paper.dated_on), paper.note or ""] if paper else []
    return Line(kind, tone, word, " · ".join(one for one in [*own, text] if one), paper)


def _letter(group: Cooperation, application: Application | None) -> str:
    if application is not None and application.applicant is not None:
        return application.applicant.name
    return group.lead.organisation_name if group.lead else ""


def _resolved(facts: Facts) -> tuple[int, int]:
    return sum(one.has_resolved for one in facts.partners), len(facts.partners)


def _counted(facts: Facts) -> tuple[int, int]:
    return sum(one.before is not None for one in facts.partners), len(facts.partners)


def _resolutions(facts: Facts) -> str:
    missing = [one.name for one in facts.partners if not one.has_resolved]
    there, number = _resolved(facts)
    if not number:
        return ""
    text = _("%(n)s of %(all)s resolutions", n=there, all=number)
    if not missing:
        return text
    names = ", ".join(missing)
    return text + ", " + ngettext("missing: %(names)s", "missing: %(names)s", len(missing), names=names)


def _costs(facts: Facts) -> str:
    there, number = _counted(facts)
    return _("costs of %(n)s of %(all)s partners", n=there, all=number) if number else ""


def _agreement(facts: Facts) -> str:
    return _("signed on %(day)s", day=day(facts.signed_on)) if facts.signed_on else ""
