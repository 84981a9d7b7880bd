"""Invented mails in the inbox: one from a known address, one from a new colleague there, one forwarded."""

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from crm.accounts.models import User
from crm.contacts.models import Person
from crm.db import now
from crm.inbox.services import take_in
from crm.operations.demo_people import People

QUESTION = """Guten Tag {adviser},

nach unserem Gespräch hat der Magistrat zugestimmt, die Zusammenarbeit beim Bauhof zu prüfen. Nun brauchen wir
eine Aufstellung, welche Kosten förderfähig sind. Können Sie uns bis Ende des Monats ein Muster schicken?

Mit freundlichen Grüßen
{name}

Am {day} um 09:12 schrieb {adviser}:
> Sehr geehrte Damen und Herren,
> anbei wie besprochen die Übersicht der Förderregeln.
"""
PAGE = """<p>Sehr geehrte Damen und Herren,</p>
<p>ich habe die Aufgaben der Kasse übernommen und möchte wissen:</p>
<ul><li>Welche Kommunen in unserer Nähe arbeiten bei der Kasse schon zusammen?</li>
<li>Gibt es eine Vorlage für die Vereinbarung?</li></ul><p>Freundliche Grüße<br>Jana Vogt, Kämmerei</p>"""
FORWARDED = """Kannst du dich darum kümmern?

-----Ursprüngliche Nachricht-----
Von: {name} <{address}>
Gesendet: {day} 14:03
An: info@kikz.example
Betreff: Archiv

Guten Tag, unser Stadtarchiv hat ab Sommer niemanden mehr. Wir würden das gern mit den Nachbarn lösen.
Wer berät uns dazu?
"""


def fill(people: People, advisers: list[User]) -> int:
    """Put three mails into the inbox; give their number."""
    places = sorted(people)
    first, second, third = (people[number][-1] for number in (places[0], places[3], places[6]))
    adviser, colleague = advisers
    day = f"{now() - timedelta(days=6):%d.%m.%Y}"
    known = _mail(first, adviser.email, "AW: Bauhof, förderfähige Kosten", 2)
    known.set_content(QUESTION.format(adviser=adviser.name, name=first.name, day=day))
    known.add_attachment(
        b"%PDF-1.7\n%%EOF\n" * 900, maintype="application", subtype="pdf", filename="Beschluss.pdf"
    )
    new = _mail(second, "info@kikz.example", "Kasse: wer arbeitet schon zusammen?", 1)
    new.replace_header("From", f"Jana Vogt <jana.vogt@{_address(second).rpartition('@')[2]}>")
    new.set_content(PAGE, subtype="html")
    passed_on = _mail(third, colleague.email, "WG: Archiv", 0)
    passed_on.replace_header("From", formataddr((adviser.name, adviser.email)))
    passed_on.set_content(FORWARDED.format(name=third.name, address=_address(third), day=day))
    for one in (new, known, passed_on):
        take_in(one.as_bytes(), adviser)
    return 3


def _mail(sender: Person, recipient: str, subject: str, days_ago: int) -> EmailMessage:
    made = EmailMessage()
    made["From"] = formataddr((sender.name, _address(sender)))
    made["To"], made["Subject"] = recipient, subject
    made["Date"] = format_datetime(now() - timedelta(days=days_ago, hours=1))
    return made


def _address(person: Person) -> str:
    return person.functions[-1].email or f"{person.id}@kommune.example"
