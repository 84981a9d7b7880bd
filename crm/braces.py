"""Words in braces: a text with places that are filled when it is used."""

import re
from collections.abc import Collection, Mapping

from flask_babel import gettext as _

BRACED = re.compile(r"\{([^\W\d_]+)\}")


def unknown(text: str, known: Collection[str]) -> list[str]:
    """Words in braces that nobody fills, each once; braces around anything but a word are text."""
    return list(dict.fromkeys(word for word in BRACED.findall(text) if word not in known))


def complaint(text: str, known: Collection[str]) -> str:
    """Name the words in braces that nobody fills, and those that are filled; empty if all are."""
    wrong, right = (", ".join(f"{{{word}}}" for word in words) for words in (unknown(text, known), known))
    said = _("Nobody fills %(wrong)s. These words in braces are filled: %(known)s.", wrong=wrong, known=right)
    return said if wrong else ""


def put_in(text: str, values: Mapping[str, str]) -> str:
    """Put the values in, once: what came in with a value is not looked at again."""
    return BRACED.sub(lambda found: values.get(found[1], found[0]), text)
