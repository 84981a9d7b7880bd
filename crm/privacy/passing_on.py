"""The registry, a part of its own: what is passed on and shown of cooperations that have experience."""

from flask_babel import lazy_gettext as _l

from crm.privacy.terms import Entry, Processing, Whom

EXAMPLES = Processing(
    "examples",
    _l("Practice examples"),
    _l("Pass on the experience of cooperations, and name who may be asked about it."),
    _l(
        "Task in the public interest: Art. 6(1)(e) GDPR with section 3 HDSIG; who is named as a contact has "
        "agreed, Art. 6(1)(a)"
    ),
    _l("Staff of the centre; everybody, once the office has opened the public page of examples"),
    _l("Until the example or the agreement is taken back; questions go a year after their link has ended."),
    "example-inquiries",
    _l("Forms, sums and places of a released example, and which talk named which group."),
    (
        Entry(
            "practice_examples",
            (Whom.CONTACT, Whom.ANYONE, Whom.STAFF),
            mention="title summary saving_note",
            people="person_id",
            staff="released_by_id",
            facts="cooperation_id legal_form saving_euros released_at withdrawn_at confirmed_on",
        ),
        Entry("example_places", mention="name", facts="example_id organisation_id position"),
        Entry("example_task_fields", facts="example_id task_field_id"),
        Entry("example_documents", facts="example_id document_id"),
        Entry(
            "example_inquiries",
            (Whom.CONTACT,),
            link="person_id",
            address="address",
            blank="address remark saving_note summary",
            people="person_id",
            kept=(("token_hash", _l("A hash of a random link; it says nothing about anybody.")),),
            facts="example_id expires_at answered_at answer saving_euros settled_at",
        ),
        Entry("referrals", (Whom.STAFF,), staff="made_by_id", facts="consultation_id cooperation_id"),
    ),
)
