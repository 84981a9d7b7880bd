"""What is done with agreements: entered with their proof, asked for by a link, confirmed, taken back.

Whether somebody is written to is said in one place, the basis of mailings of the person. An agreement is the
proof of that basis and changes it; an objection, wherever it comes from, ends the agreement.
"""

from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from crm import audit, links, records
from crm.consents import queries, texts
from crm.consents.models import Consent, Purpose, Way
from crm.contacts.models import MailBasis, Person
from crm.db import db, now, today
from crm.errors import RuleBroken
from crm.mail import services as mail
from crm.mail.models import MailKind
from crm.notices import services as notices

LINK = "consent"
FORBIDDEN = (MailBasis.OBJECTED, MailBasis.WITHDRAWN)


def enter(person: Person, values: dict[str, Any], by: Any) -> Consent:
    """Enter what somebody has agreed to, or ask for it by a link.

    `values` are purpose, way, given_on, proof and wording, which is empty for the usual words. Raises
    RuleBroken where the day is still to come, where the person has objected since, or where there is no
    address for a link.
    """
    mark = notices.keep(values["wording"] or texts.usual(values["purpose"]))
    common = {"person_id": person.id, "text_mark": mark, "entered_by_id": getattr(by, "id", None)}
    common |= {name: values[name] for name in ("purpose", "way", "proof")}
    if values["way"] is Way.LINK:
        return _ask(person, common, values, by)
    day = values["given_on"] or today()
    _check_day(person, values["purpose"], day)
    made: Consent = records.create(Consent, common | {"asked_on": day, "given_on": day}, by, "consent.given")
    _allow(person, made, by)
    return made


def _ask(person: Person, common: dict[str, Any], values: dict[str, Any], by: Any) -> Consent:
    """Write to the person; nothing is agreed to before the link was used."""
    address = queries.address_of(person)
    if not address:
        raise RuleBroken(
            _("This contact has no mail address. Enter one first, or choose another way."), "way"
        )
    made: Consent = records.create(Consent, common | {"address": address}, by, "consent.asked")
    with force_locale("de"):
        lines = [
            _("you told us that you want to agree to the following. Please confirm it with this link:"),
            links.to("consents.confirm", token=token_of(made)),
            values["wording"] or texts.usual(values["purpose"]),
            _("Without a confirmation nothing is agreed to, and the request is deleted after a few days."),
        ]
        subject = _("Please confirm your consent")
        body = "\n\n".join([_("Good day,"), *lines])
    mail.post(
        MailKind.TO_CONFIRM, address, subject, body, person_id=person.id, recipient_name=person.name[:300]
    )
    return made


def token_of(consent: Consent) -> str:
    """Make the end of the link by which somebody agrees; it dies when the address is another one."""
    return links.make(LINK, consent.id, consent.address)


def _check_day(person: Person, purpose: Purpose, day: date) -> None:
    if day > today():
        raise RuleBroken(_("This day is still to come. Enter the day of the agreement."), "given_on")
    since = person.mail_basis_on
    if purpose is Purpose.MAILINGS and person.mail_basis in FORBIDDEN and since and since > day:
        message = _("The person has objected or withdrawn after that day. Only a newer consent counts.")
        raise RuleBroken(message, "given_on")


def _allow(person: Person, consent: Consent, by: Any) -> None:
    """Let mailings go to somebody who has agreed to them; what ended before stays ended."""
    settle(person)
    if consent.purpose is Purpose.MAILINGS:
        consent.withdrawn_on = None
        basis = {"mail_basis": MailBasis.CONSENT, "mail_basis_on": consent.given_on}
        records.change(person, basis, by, "person.changed")
    db.session.flush()


def confirm(consent: Consent) -> bool:
    """Note that the link was used; a second click changes nothing. Gives whether it was the first."""
    if not consent.is_waiting:
        return False
    consent.given_on, consent.confirmed_at = today(), now()
    audit.record("consent.given", consent, None)
    _allow(consent.person, consent, None)
    return True


def withdraw(consent: Consent, day: date | None, by: Any) -> None:
    """Note that somebody has taken an agreement back; of mailings the person gets none any more."""
    day = day or today()
    if not consent.holds:
        raise RuleBroken(_("This agreement has ended already."))
    if day > today() or (consent.given_on and day < consent.given_on):
        raise RuleBroken(_("Enter a day between the agreement and today."), "withdrawn_on")
    for one in queries.holding(consent.person_id, [consent.purpose]):
        records.change(one, {"withdrawn_on": day}, by, "consent.withdrawn")
    if consent.purpose is Purpose.MAILINGS and consent.person.mail_basis is not MailBasis.OBJECTED:
        basis = {"mail_basis": MailBasis.WITHDRAWN, "mail_basis_on": day}
        records.change(consent.person, basis, by, "person.changed")
    db.session.flush()


def ended(person: Person) -> list[Consent]:
    """Agreements to mailings that an objection or withdrawal has ended, whoever noted that and where."""
    forbidden = person.mail_basis in FORBIDDEN
    return queries.holding(person.id, [Purpose.MAILINGS]) if forbidden else []


def settle(person: Person) -> None:
    """Let agreements end where the person says no to mailings by now."""
    db.session.flush()
    for one in ended(person):
        if one.holds:
            one.withdrawn_on = person.mail_basis_on or today()
    db.session.flush()
