"""What the outbox is narrowed to."""

from flask_babel import lazy_gettext as _l

from crm.fields import ChoiceField, TextField, record_choices
from crm.filters import FilterForm
from crm.mail.models import MailKind, MailState


class OutboxForm(FilterForm):
    """Filters of the list of mails."""

    q = TextField(_l("Recipient or subject"))
    stand = ChoiceField(_l("State"), kind=MailState, empty=_l("all"))
    art = ChoiceField(_l("Kind"), kind=MailKind, empty=_l("all"))

    def call_sent(self, word: str) -> None:
        """Offer what was sent under the word that stands beside each mail."""
        pairs = [(one.value, word if one is MailState.SENT else one.label) for one in MailState]
        self.stand.choices = record_choices(pairs, empty=_l("all"))
