"""How a line is read, in one line of text: what the table of examples holds."""

from crm.quicklog.parts import PartKind, State

QUIET = {PartKind.DAY, PartKind.CHANNEL}


def outline(line):
    """Say a line: day, channel, then the parts with a sign for what they are; "?" asks, "~" is assumed."""
    return " | ".join(_said(one) for one in line.parts)


def _said(part):
    if part.state is State.UNCLEAR:
        choices = " / ".join(one.shown for one in part.choices)
        return (
            f"? {part.kind.value} “{part.text}”: {choices}"
            if choices
            else f"? {part.kind.value} “{part.text}”"
        )
    sign = "~" if part.state is State.ASSUMED else ""
    name = "" if part.kind in QUIET else f"{part.kind.value} "
    return f"{sign}{name}{part.said}"
