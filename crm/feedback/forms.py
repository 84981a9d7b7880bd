"""What guests are asked after an event. No name, no address."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from crm.feedback.ratings import RATINGS
from crm.fields import LongTextField, SegmentField, must_choose, record_choices
from crm.forms import Form

LONGEST = 2000


class FeedbackForm(Form):
    """The feedback form. `key` tells a second press of the button from a second answer."""

    rating = SegmentField(
        _l("How helpful was the event for your work?"), [must_choose(_l("Choose one of the five answers."))]
    )
    liked = LongTextField(_l("What helped you?"), limit=LONGEST, rows=3)
    missed = LongTextField(
        _l("What was missing?"), limit=LONGEST, rows=3, description=_l("Please write no names here.")
    )
    key = HiddenField()

    def __init__(self, *args: Any, **kw: Any):
        super().__init__(*args, **kw)
        self.rating.choices = record_choices(RATINGS.items())
