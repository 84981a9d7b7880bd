"""The registry, third part: lists taken over, and the official register with the terms of the office."""

from flask_babel import lazy_gettext as _l

from crm.privacy.holdings import BASIS
from crm.privacy.terms import Entry, Processing, Whom

_WAITS = _l("While an upload waits nothing is erased; it goes after a day.")

IMPORTS = Processing(
    "imports",
    _l("Imports of lists"),
    _l("Take old lists over once, and be able to take that back."),
    BASIS,
    _l("Management"),
    _l("Texts 90 days; files until they are taken over, a day at most."),
    "imports",
    _l("Kinds, counts and states of imports."),
    (
        Entry(
            "import_runs",
            (Whom.STAFF,),
            mention="file_name",
            staff="by_id undone_by_id",
            facts="kind counts at undone_at",
        ),
        Entry(
            "imported_records",
            (Whom.CONTACT, Whom.ANYONE),
            mention="source_id before after",
            facts="run_id kind record_type record_id",
        ),
        Entry(
            "import_answers", (Whom.ANYONE, Whom.STAFF), mention="mark answer", staff="by_id", facts="kind at"
        ),
        Entry("import_mappings", (Whom.STAFF,), mention="meanings", staff="by_id", facts="kind header at"),
        Entry(
            "import_jobs",
            (Whom.ANYONE, Whom.STAFF),
            mention="file_name sheet wishes choices message",
            staff="by_id",
            facts="kind digest rows state at begun_at ended_at run_id",
        ),
        Entry(
            "waiting_files",
            (Whom.ANYONE, Whom.STAFF),
            staff="user_id",
            kept=(("file_name", _WAITS), ("content", _WAITS)),
            facts="purpose at",
        ),
    ),
)

REGISTER = Processing(
    "register",
    _l("Official register"),
    _l("Know the municipalities, their names, areas and figures, and what the office's words mean."),
    _l("Published data; no data about people but what somebody types into a note"),
    _l("Everybody signed in"),
    _l("For good: a register has a past."),
    "register",
    _l("What the statistical offices publish about municipalities, and rules and vocabulary of the office."),
    (
        Entry(
            "organisations",
            (Whom.ANYONE,),
            mention="name note sort_key search_text website address phone email supervisor supervisor_reason",
            staff="removed_by_id",
            facts="level postcode latitude longitude valid_from valid_to",
        ),
        Entry(
            "body_members",
            (Whom.ANYONE,),
            mention="note",
            facts="body_id organisation_id valid_from valid_to",
        ),
        Entry("designations", mention="name official_name", facts="organisation_id kind valid_from valid_to"),
        Entry(
            "editions",
            (Whom.STAFF,),
            mention="file_name states",
            staff="loaded_by_id",
            facts="territory_on population_on rows new changed unchanged closed doubtful loaded_at",
        ),
        Entry(
            "task_fields",
            mention="name search_text",
            facts="parent_id fundable_from fundable_until valid_from valid_to",
        ),
        Entry(
            "funding_rule_sets",
            mention="name source note",
            facts="least_partners exceptional_partners least_years least_gain most_inhabitants counties"
            " amount_two amount_three amount_more amount_joint amount_brigade valid_from valid_to",
        ),
        Entry("boundaries", mention="attribution", facts="organisation_id shape loaded_on"),
        Entry("borders", facts="organisation_id neighbour_id metres"),
        Entry("memberships", facts="organisation_id parent_id valid_from valid_to"),
        Entry("organisation_keys", facts="organisation_id key valid_from valid_to"),
        Entry("population_figures", facts="organisation_id counted_on population area_km2"),
        Entry("successions", facts="predecessor_id successor_id effective_on"),
    ),
)
