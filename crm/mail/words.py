"""How many mails go out, in a sentence."""

from flask_babel import gettext as _
from flask_babel import ngettext


def on_their_way(mails: int, shown: str | None) -> str:
    """Say how many mails go out, and that it were more or fewer when it was asked."""
    words = ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", mails)
    if shown and shown.isdigit() and shown != str(mails):
        words += " " + _(
            "There were %(shown)s when you were asked; meanwhile something changed.", shown=shown
        )
    return words
