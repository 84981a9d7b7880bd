"""People to write to, and what stands in the outbox."""

from sqlalchemy import select

from crm.contacts.models import Function, FunctionRole, MailBasis, Person
from crm.db import db, now
from crm.invitations.models import Invitation
from crm.mail.models import OutgoingMail
from tests import factories


def invited(event, name, at="Lahntal", basis=MailBasis.OFFICE, mailed=False, **over):
    """Invite somebody with an official address of the name."""
    email = f"{name}@rathaus.test".lower()
    who = factories.person(name, at=at, email=email)
    who.mail_basis = basis
    return factories.invitation(
        event, who, at, **({"email": email, "mailed_at": now() if mailed else None} | over)
    )


def many(event, number, **states):
    """Invite that many at once; `states` says of how many the basis is which, as not_asked=20."""
    bases = [MailBasis[name.upper()] for name, count in states.items() for _n in range(count)]
    bases += [MailBasis.OFFICE] * (number - len(bases))
    people = [
        Person(last_name=f"Nr {n:04}", first_name="Kim", sort_key=f"{n:04}", search_text="", mail_basis=basis)
        for n, basis in enumerate(bases)
    ]
    db.session.add_all(people)
    db.session.flush()
    lahntal = factories.place("Lahntal").id
    for n, one in enumerate(people):
        email = f"p{n}@rat.test"
        held = {"organisation_id": lahntal, "role": FunctionRole.COUNCILLOR}
        db.session.add(Function(person_id=one.id, email=email, **held))
        db.session.add(
            Invitation(
                event_id=event.id, person_id=one.id, email=email, organisation_id=lahntal,
                organisation_name="Lahntal", called="Mitglied der Vertretung",
            )
        )  # fmt: skip
    db.session.flush()


def outbox(**where):
    """All mails in the order they were written."""
    return list(db.session.scalars(select(OutgoingMail).filter_by(**where).order_by(OutgoingMail.id)))


def receivers(**where):
    """Who the mails of the outbox go to, by the part before the @."""
    return sorted(one.recipient.partition("@")[0] for one in outbox(**where))
