"""What a timeline tells of, and how it is narrowed by an address."""

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from crm.labels import Labelled, name_members

SHOWN, MOST = 20, 500


class Kind(Labelled):
    """What an entry is about; the value stands in addresses."""

    TALK = "beratungen"
    EVENT = "veranstaltungen"
    STEP = "kooperationen"
    RESOLUTION = "beschluesse"
    GRANT = "foerderung"
    MATERIAL = "materialien"


name_members(
    {
        Kind.TALK: _l("Talks"),
        Kind.EVENT: _l("Events"),
        Kind.STEP: _l("Cooperations"),
        Kind.RESOLUTION: _l("Resolutions"),
        Kind.GRANT: _l("Funding"),
        Kind.MATERIAL: _l("Materials"),
    }
)


class GrantStep(Labelled):
    """What happened to an application for money on a day."""

    SUBMITTED = "submitted"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    PAID = "paid"


name_members(
    {
        GrantStep.SUBMITTED: _l("submitted"),
        GrantStep.GRANTED: _l("awarded"),
        GrantStep.REFUSED: _l("refused"),
        GrantStep.WITHDRAWN: _l("withdrawn"),
        GrantStep.PAID: _l("paid out"),
    }
)


class Choice(NamedTuple):
    """How many entries are shown, of one kind or (None) of all."""

    number: int = SHOWN
    kind: Kind | None = None

    @classmethod
    def asked(cls, args: Any) -> "Choice":
        """Read an address; what it does not say, or says wrongly, is the usual."""
        number = args.get("eintraege", SHOWN, type=int)
        return cls(min(max(number, 1), MOST), args.get("verlauf", None, type=Kind))
