"""The one field of the quick line, and what somebody answered to its questions."""

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from crm.fields import TextField, must
from crm.forms import NewRecordForm
from crm.quicklog.reading import LONGEST

ANSWER, FORGET = "meint-", "ohne"
MOST_ANSWERS = 200


class QuickForm(NewRecordForm):
    """A line that becomes a talk."""

    line = TextField(
        _l("Log in one line"),
        [must(_l("Type what happened: day, channel, municipality: topic."))],
        limit=LONGEST,
    )
    anyway = HiddenField()

    @staticmethod
    def answers(sent: MultiDict[str, str]) -> dict[str, str]:
        """What was chosen for unclear parts, by their marks; what was taken back is not among it."""
        chosen = [(name, value) for name, value in sent.items() if name.startswith(ANSWER)]
        forgotten = set(sent.getlist(FORGET))
        found = {name.removeprefix(ANSWER): value for name, value in chosen[:MOST_ANSWERS]}
        return {mark: value for mark, value in found.items() if mark not in forgotten}
