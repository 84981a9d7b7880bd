"""What the previews of lists that ask have in common."""

from collections.abc import Callable
from typing import Any

from crm.importing import Finding
from crm.imports import asking
from crm.imports.plan import Action, Line, Plan

Change = tuple[str, str, str]


def shown_asking(
    plan: Plan, most: int, words: Callable[[Line], tuple[str, ...]], changes: Callable[[Line], list[Change]]
) -> dict[str, Any]:
    """Give the parts of a preview, each with its number and as many rows as a page shows.

    `words` says what a new row holds, `changes` what of a known one becomes different: name, before, after.
    """
    fresh, changing = plan.having(Action.NEW), plan.having(Action.CHANGED)
    skipped, waiting = plan.having(Action.SKIPPED), plan.having(Action.DOUBTFUL)
    doubts = [one for line in (*fresh, *changing) for one in line.doubts if not _is_asked(one, line)]
    return {
        "errors": (len(plan.errors), plan.errors[:most]),
        "open": (0, []),
        "decidable": False,
        "questions": asking.number(plan),
        "waiting": (len(waiting), [(line, line.reasons) for line in waiting[:most]]),
        "skipped": (len(skipped), skipped[:most]),
        "doubts": (len(doubts), doubts[:most]),
        "new": (len(fresh), [(line, *words(line)) for line in fresh[:most]]),
        "changed": (len(changing), [(line, changes(line)) for line in changing[:most]]),
    }


def _is_asked(finding: Finding, line: Line) -> bool:
    """What is asked about on the page of questions is not told a second time."""
    return any((one.text, one.why) == (finding.value, finding.message) for one in line.questions)
