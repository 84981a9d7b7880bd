"""The open questions of a list, each once with the rows that wait, and answers read from what was sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from crm.imports.plan import Action, Plan
from crm.imports.questions import About, Question
from crm.reading import Misread

CHOICE, TYPED = "frage-", "anders-"
MOST_QUESTIONS = 200
# Decisions about a row come first, then those without which rows wait, then the others.
_ORDER = list(About)


@dataclass
class Asked:
    """A question with the rows that wait for its answer."""

    question: Question
    lines: list[int] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def questions(plan: Plan) -> dict[About, list[Asked]]:
    """The open questions of a list by what they are about, those first for which most rows wait."""
    found: dict[str, Asked] = {}
    for line in plan.lines:
        for one in line.questions if line.action in (Action.NEW, Action.DOUBTFUL, Action.CHANGED) else ():
            asked = found.setdefault(one.mark, Asked(one))
            if line.entry.line not in asked.lines:
                asked.lines.append(line.entry.line)
                asked.titles.append(line.entry.title)
    ordered = sorted(found.values(), key=lambda each: (_ORDER.index(each.question.about), -len(each.lines)))
    parts: dict[About, list[Asked]] = {}
    for each in ordered[:MOST_QUESTIONS]:
        parts.setdefault(each.question.about, []).append(each)
    return parts


def number(plan: Plan) -> int:
    """How many questions are open."""
    waiting = (Action.NEW, Action.DOUBTFUL, Action.CHANGED)
    return len({one.mark for line in plan.lines if line.action in waiting for one in line.questions})


def answers_in(
    values: Mapping[str, str], asked: Mapping[About, list[Asked]], read: Callable[[Question, str], str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Read what was sent: answers by mark, and errors by mark; `read` understands what was typed."""
    answers: dict[str, str] = {}
    errors: dict[str, str] = {}
    for one in [each.question for part in asked.values() for each in part]:
        chosen = values.get(f"{CHOICE}{one.mark}", "")
        typed = values.get(f"{TYPED}{one.mark}", "").strip() if one.typed else ""
        if typed:
            try:
                answers[one.mark] = read(one, typed)
            except Misread as wrong:
                errors[one.mark] = str(wrong)
        elif chosen in dict(one.options):
            answers[one.mark] = chosen
        elif chosen:
            errors[one.mark] = _("This is no answer to choose. Choose one of the list.")
    return answers, errors
