"""What is decided about silent contacts."""

from flask_babel import lazy_gettext as _l

from crm.fields import ChoiceField, must_choose
from crm.forms import AuthoredForm
from crm.reviews.models import Decision


class DecideForm(AuthoredForm):
    """One decision for all that are ticked."""

    decision = ChoiceField(
        _l("Decision for those ticked"), [must_choose(_l("Choose what is to become of them."))],
        kind=Decision, default=Decision.KEEP,
    )  # fmt: skip
