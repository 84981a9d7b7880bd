"""One cleaner for everything people type or paste."""

import re
import unicodedata

from flask_babel import gettext as _

# Direction controls, zero-width characters, soft hyphen, byte-order mark: invisible, so never wanted.
# The joiners U+200C and U+200D stay where they join something (emoji families, Persian).
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_BLANKS = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Letters that are blank by design, and kinds of characters that show nothing by themselves.
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"}
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")


# What reads "=?utf-8?q?…" in the head of a mail is unpacked by programs.
_PACKED = re.compile(r"=\?[^?]*\?[bBqQ]\?")


def looks_packed(text: str) -> bool:
    """Tell whether a program would take a line in the head of a mail for a packed text."""
    return _PACKED.search(text) is not None


class Unreadable(ValueError):
    """The text holds something no office text holds; the message says what."""


def clean_line(text: str) -> str | None:
    """Clean a single-line text: NFC, one kind of blank, nothing invisible; blank becomes None.

    Raises Unreadable for control characters and for line breaks.
    """
    text = _checked(text)
    if "\n" in text.strip("\n"):
        raise Unreadable(_("This field takes one line. Remove the line break."))
    text = _BLANKS.sub(" ", text).strip(" \n\u200c\u200d")
    return text if _shows(text) else None


def clean_lines(text: str) -> str | None:
    """Clean a text of many lines: NFC, `\\n` as line end, nothing invisible; blank becomes None."""
    lines = [line.rstrip(" \t\u00a0") for line in _checked(text).split("\n")]
    text = "\n".join(lines).strip("\n")
    return text if _shows(text) else None


def printable(text: str) -> str:
    """Clean a foreign text that nobody can be asked to correct: what `clean_lines` refuses is left out."""
    return clean_lines(_CONTROLS.sub("", _LINE_ENDS.sub("\n", text))) or ""


def one_line(text: str, limit: int) -> str:
    """The same as one line of at most `limit` characters."""
    line = " ".join(printable(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _shows(text: str) -> bool:
    return any(unicodedata.category(one) not in _UNSEEN and one not in _BLANK_LETTERS for one in text)


def _checked(text: str) -> str:
    text = _LINE_ENDS.sub("\n", text)
    if _CONTROLS.search(text):
        raise Unreadable(
            _("The text holds control characters. Delete them or paste the text without formatting.")
        )
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
