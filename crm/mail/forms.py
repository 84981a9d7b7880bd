"""What the outbox is narrowed to."""

from flask_babel import lazy_gettext as _l

from crm.fields import ChoiceField, TextField
from crm.filters import FilterForm
from crm.mail.models import MailKind, MailState


class OutboxForm(FilterForm):
    """Filters of the list of mails."""

    q = TextField(_l("Recipient or subject"))
    stand = ChoiceField(_l("State"), kind=MailState, empty=_l("all"))
    art = ChoiceField(_l("Kind"), kind=MailKind, empty=_l("all"))
