"""The registry: materials, and what was handed out to whom."""

from flask_babel import lazy_gettext as _l

from crm.privacy.holdings import BASIS
from crm.privacy.terms import Entry, Processing, Whom

MATERIALS = Processing(
    "materials",
    _l("Materials and dispatch log"),
    _l("Hand out brochures and guides, and tell those who hold an old version that there is a new one."),
    BASIS,
    _l("Staff of the centre; whoever got a link sees the material it leads to and nothing else"),
    _l("As long as the file is kept; links end after 90 days. Who is erased leaves only a number."),
    "notes",
    _l("Kinds, days and numbers of copies say what was handed out, whoever got it."),
    (
        Entry(
            "materials",
            (Whom.ANYONE,),
            mention="title series publisher note sort_key search_text",
            facts="kind whose language withdrawn_on source_key",
        ),
        Entry("material_task_fields", facts="material_id task_field_id"),
        Entry(
            "material_versions",
            (Whom.ANYONE,),
            mention="label link source",
            facts="material_id number issued year_basis valid_from valid_to in_stock",
        ),
        Entry(
            "stock_movements",
            (Whom.ANYONE, Whom.STAFF),
            mention="note",
            staff="by_id",
            facts="version_id kind copies balance booked_on dispatch_id",
        ),
        Entry(
            "dispatches",
            (Whom.ANYONE, Whom.STAFF),
            mention="note",
            staff="by_id",
            facts="version_id way handed_on copies renews consultation_id event_id",
        ),
        Entry(
            "dispatch_recipients",
            (Whom.CONTACT,),
            people="person_id",
            kept=(("token_hash", _l("The mark of a random link; it says nothing about anybody.")),),
            facts="dispatch_id version_id organisation_id once_key expires_at opened_count opened_at",
        ),
    ),
)
