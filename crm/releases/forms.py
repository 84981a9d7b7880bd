"""What is typed when a report is frozen."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from crm.fields import LongTextField, TextField, must
from crm.forms import NewRecordForm

LONGEST_TITLE = 200


class FreezeForm(NewRecordForm):
    """Title and purpose; `seen` is the mark of the figures that stood on the page."""

    title = TextField(_l("Title"), [must(_l("Give the frozen report a title."))], limit=LONGEST_TITLE)
    purpose = TextField(
        _l("Answer to whom?"),
        [must(_l("Say whom or what the report answers."))],
        limit=300,
        description=_l("For instance: Kleine Anfrage 19/5291, Ministry of the Interior"),
    )
    note = LongTextField(_l("Remark"), rows=3, description=_l("Everybody who may read reports reads it."))
    seen = HiddenField()

    def check_seen(self, mark: str) -> bool:
        """Tell whether the figures are those that stood on the page; if not, say so and take the new ones."""
        if self.seen.data == mark:
            return True
        self.seen.data = mark
        self.form_errors.append(
            _("The figures changed while this page was open. Look at them once more, then freeze.")
        )
        return False
