"""The registry, fourth part: what is kept because people have rights: agreements, requests, files."""

from crm.privacy.terms import Entry, Whom

RIGHTS = (
    Entry(
        "consents",
        (Whom.CONTACT,),
        link="person_id",
        blank="address proof",
        people="person_id",
        staff="entered_by_id",
        facts="purpose way text_mark asked_on given_on confirmed_at withdrawn_on",
    ),
    Entry(
        "rights_requests",
        (Whom.CONTACT,),
        link="person_id",
        blank="reason answer",
        people="person_id",
        staff="entered_by_id answered_by_id",
        facts="kind way asked_on due_on answered_on",
    ),
    Entry(
        "outputs",
        (Whom.ANYONE, Whom.STAFF),
        mention="filters",
        staff="user_id",
        facts="at paper ending number",
    ),
    Entry("output_people", (Whom.CONTACT,), people="person_id", facts="output_id"),
    Entry(
        "contact_reviews",
        (Whom.CONTACT, Whom.STAFF),
        people="person_id",
        staff="decided_by_id",
        facts="put_on decision decided_on",
    ),
)
