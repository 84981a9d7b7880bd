"""Where an answer ends and the earlier mails below it begin."""

import re

_LONGEST = 300
_RULES = re.compile(
    r"^\s*[-_=*]{2,}\s*(urspr(ü|ue)ngliche (nachricht|mail|e-mail)|original[- ](message|nachricht|mail)"
    r"|weitergeleitete (nachricht|mail|e-mail)|forwarded message|forwarded by .*)\s*[-_=*]*\s*$",
    re.IGNORECASE,
)
_BEGINNING = re.compile(
    r"^\s*(anfang der weitergeleiteten (nachricht|e-mail)|begin forwarded message)\s*:", re.IGNORECASE
)
_LINE = re.compile(r"^\s*[_-]{10,}\s*$")
_FROM = re.compile(r"^\s*\**(von|from|absender)\s*:\**\s*\S", re.IGNORECASE)
_SENT = re.compile(r"^\s*\**(gesendet|sent|datum|date|am)\s*:\**\s*\S", re.IGNORECASE)
_WROTE = re.compile(r"(^|\s)(schrieb|wrote|hat geschrieben)\b[^\n]{0,120}:\s*$", re.IGNORECASE)
_WHEN = re.compile(r"^\s*(am|on|vom)\s.*[0-9]", re.IGNORECASE)
_EXACT = re.compile(r"[0-9]:[0-9]{2}|@")
_WROTE_WHEN = re.compile(r"\b(schrieb|wrote)\b.*[0-9].*:\s*$", re.IGNORECASE)


def split(text: str) -> tuple[str, str]:
    """Part what was written from the thread below; the thread is empty where the two cannot be told apart.

    Nothing is lost: both together hold every line. Answers between quoted lines stay where they are.
    """
    lines = text.split("\n")
    place = _first_rule(lines)
    above, below = lines[:place], lines[place:]
    quoted_above = _leading_quotation(above)
    if quoted_above is None:
        return _joined(above, below)
    begin, end = quoted_above
    return _joined(above[:begin] + above[end:], above[begin:end] + below)


def _joined(new: list[str], old: list[str]) -> tuple[str, str]:
    written, thread = "\n".join(new).strip("\n"), "\n".join(old).strip("\n")
    # A mail that is nothing but forwarded is what matters.
    return (written, thread) if written.strip() else (thread, "")


def _first_rule(lines: list[str]) -> int:
    """Number of the line with which an earlier mail begins; the number of lines where there is none."""
    for place, line in enumerate(lines):
        if _begins_mail(line[:_LONGEST], lines[place + 1 : place + 6]):
            return place
    return len(lines)


def _begins_mail(line: str, following: list[str]) -> bool:
    if _RULES.match(line) or _BEGINNING.match(line):
        return True
    near = [one[:_LONGEST] for one in following]
    if _LINE.match(line):
        return any(_FROM.match(one) for one in near[:2]) and any(_SENT.match(one) for one in near)
    return bool(_FROM.match(line)) and any(_SENT.match(one) for one in near)


def _leading_quotation(lines: list[str]) -> tuple[int, int] | None:
    """First and last line of the one block of quoted lines with its heading; None for several or none."""
    marked = [place for place, line in enumerate(lines) if line.lstrip().startswith(">")]
    if not marked:
        return _unmarked(lines)
    begin, end = marked[0], marked[-1] + 1
    between = [line for line in lines[begin:end] if line.strip() and not line.lstrip().startswith(">")]
    if between:
        return None
    return begin - _heading_above(lines, begin), end


def _unmarked(lines: list[str]) -> tuple[int, int] | None:
    """Some programs quote without any mark: all below „Am … um 10:00 schrieb …:“ is old."""
    for place in range(len(lines)):
        for number in (1, 2):
            heading = lines[place : place + number]
            if _is_heading(heading) and _EXACT.search(" ".join(heading)[:_LONGEST]):
                return place, len(lines)
    return None


def _heading_above(lines: list[str], begin: int) -> int:
    """How many lines above a quotation say who wrote it when, blank ones included."""
    first = begin
    while first and not lines[first - 1].strip():
        first -= 1
    for number in (1, 2):
        if first >= number and _is_heading(lines[first - number : first]):
            return begin - first + number
    return 0


def _is_heading(lines: list[str]) -> bool:
    """Tell whether one line, or two that were one, say who wrote what follows."""
    line = " ".join(one[:_LONGEST].strip() for one in lines)
    if not line.endswith(":"):
        return False
    dated = _WHEN.match(line) and _WROTE.search(line)
    return bool(dated or (len(lines) == 1 and _WROTE_WHEN.search(line)))
