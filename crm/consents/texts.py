"""The usual words of an agreement, as they are shown, read out or printed."""

from flask_babel import force_locale
from flask_babel import gettext as _

from crm.consents.models import Purpose
from crm.office.queries import office


def usual(purpose: Purpose) -> str:
    """The words for a purpose, in German whoever is at the screen: they are kept as proof."""
    with force_locale("de"):
        name = office().name or _("the office")
        return _WORDS[purpose](name)


def _mailings(name: str) -> str:
    return _(
        "I agree that %(office)s sends me invitations to events and other mailings to my mail address. "
        "This is voluntary. I can withdraw it at any time with effect for the future: by the link at the end "
        "of each mailing or by an informal message.",
        office=name,
    )


def _photos(name: str) -> str:
    return _(
        "I agree that %(office)s takes photos of events that show me and publishes them in reports on its "
        "work. This is voluntary. I can withdraw it at any time with effect for the future by an informal "
        "message.",
        office=name,
    )


def _examples(name: str) -> str:
    return _(
        "I agree that %(office)s names me as a contact with practice examples of my municipality: with my "
        "name, function, official mail address and official telephone number, on its public page and in its "
        "advice. This is voluntary. I can withdraw it at any time with effect for the future by an informal "
        "message; the example then disappears from the page at once.",
        office=name,
    )


_WORDS = {Purpose.MAILINGS: _mailings, Purpose.PHOTOS: _photos, Purpose.EXAMPLES: _examples}
