"""What guests are told when they register (Article 13 GDPR): the page about privacy as it stands then.

Its editable parts are settings (name and address of the office, its officer) and periods. The exact words are
kept with the first registration under them; each registration holds their mark.
"""

import re
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from crm.errors import RuleBroken
from crm.notices import queries, services
from crm.office.queries import office
from crm.retention import queries as retention

# The periods that guests are told, by the rule of retention.
PROMISED = "needs", "guests"
_ENDS = re.compile(r"</(?:p|li|h2|address)>|<br>")


def parts() -> dict[str, Any]:
    """What the page about privacy is made of."""
    return {"office": office(), "kept": retention.periods()}


def wording(known: dict[str, Any]) -> str:
    """The words of the notice in the language of the request, a line for each paragraph."""
    page = _ENDS.sub("\n", render_template("home/_privacy.html", **known))
    # Nothing of it is shown as HTML: what our own template made is read back as words.
    lines = (Markup(line).striptags() for line in page.split("\n"))  # noqa: S704
    return "\n".join(line for line in lines if line)


def mark(known: dict[str, Any]) -> str:
    """Name the present version."""
    return queries.mark_of(wording(known))


def keep(shown: str | None) -> str:
    """Keep the present version and give its mark; raises RuleBroken where another one was shown."""
    known = parts()
    words = wording(known)
    if shown and shown != queries.mark_of(words):
        raise RuleBroken(
            _(
                "What we say about data protection has changed since you opened this page. "
                "Read it once more, then send the form again."
            )
        )
    return services.keep(words, {key: known["kept"][key] for key in PROMISED})
