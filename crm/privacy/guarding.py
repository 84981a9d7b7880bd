"""The registry, third part: accounts and the door, barriers reported, and the proof of what happened."""

from flask_babel import lazy_gettext as _l

from crm.privacy.holdings import STAFF_ONLY
from crm.privacy.terms import Entry, Processing, Whom
from crm.privacy.workings import SECRET as _SECRET

_SEALED = _l("Sealed with the key of the program; deleted with the account's next step.")
_WAY = _l("An address within the program where somebody wanted to go.")

ACCOUNTS = Processing(
    "accounts",
    _l("Accounts and working places"),
    _l("Let only those in who may, and keep what somebody has begun to type."),
    _l("Section 23 HDSIG with Art. 6(1)(e) GDPR"),
    _l("Administration of the program"),
    _l("Sessions and attempts to sign in 90 days, drafts 14 days; accounts are locked, not erased."),
    "accounts",
    _l("Switches and moments that say nothing about anybody's work."),
    (
        Entry(
            "users",
            (Whom.STAFF,),
            mention="",
            staff="email name absent_from absent_until deputy_id roles",
            kept=(("password_hash", _SECRET),),
            facts="must_change_password password_until locked_at language theme density hotkeys morning_mail"
            " feed_number second_factor_at",
        ),
        Entry(
            "user_sessions",
            (Whom.STAFF, Whom.ANYONE),
            mention="messages",
            staff="user_id",
            kept=(("token_hash", _SECRET),),
            facts="last_used_at ended_at elsewhere proven_at vouched_until",
        ),
        Entry("sign_in_attempts", (Whom.STAFF,), staff="account source", facts="at ok"),
        Entry(
            "second_factors",
            (Whom.STAFF,),
            staff="user_id",
            kept=(("sealed_secret", _SEALED), ("sealed_codes", _SEALED)),
            facts="started_at codes_at last_step",
        ),
        Entry(
            "recovery_codes",
            (Whom.STAFF,),
            staff="user_id",
            kept=(("code_hash", _SECRET), ("first_group", _SECRET)),
            facts="used_at",
        ),
        Entry(
            "pending_sign_ins",
            (Whom.STAFF,),
            staff="user_id",
            kept=(("token_hash", _SECRET), ("mark", _SECRET), ("sealed", _SEALED), ("wanted", _WAY)),
            facts="started_at",
        ),
        Entry("identities", (Whom.STAFF,), staff="user_id subject", facts="issuer last_used_at"),
        Entry(
            "provider_sessions",
            (Whom.STAFF,),
            kept=(("sealed_token", _SEALED), ("sid", _SECRET)),
            facts="session_id identity_id asked_at checked_at",
        ),
        Entry(
            "sign_on_starts",
            (Whom.STAFF,),
            staff="user_id",
            kept=(
                ("state_hash", _SECRET),
                ("browser_hash", _SECRET),
                ("nonce", _SECRET),
                ("verifier", _SECRET),
                ("sealed", _SEALED),
                ("target", _WAY),
            ),
            facts="begun_at confirms",
        ),
        Entry("spent_logouts", (Whom.STAFF,), kept=(("jti_hash", _SECRET),), facts="at"),
        Entry(
            "submissions",
            (Whom.STAFF, Whom.ANYONE),
            mention="target",
            staff="user_id",
            kept=(("key", _SECRET), ("content", _SECRET)),
            facts="at",
        ),
        Entry(
            "drafts",
            (Whom.ANYONE, Whom.STAFF),
            mention="path query fields",
            staff="user_id",
            kept=(("key", _SECRET),),
            facts="saved_at",
        ),
        Entry(
            "office",
            (Whom.STAFF,),
            kept=tuple(
                (name, _l("How the authority itself is reached; it is public."))
                for name in ("officer", "sender")
            ),
            facts="name address base_address file_reference print_head shows_examples",
        ),
    ),
)

PROOF = Processing(
    "protocol",
    _l("Log of changes"),
    _l("Tell who changed or read what, so that mistakes and misuse can be found."),
    _l("Art. 5(2) and 32 GDPR"),
    _l("Management; administration of the program"),
    _l("As long as the record it is about."),
    "protocol",
    _l("What happened to which record, and when."),
    (
        Entry(
            "audit_events",
            (Whom.CONTACT, Whom.GUEST, Whom.STAFF),
            emptied="changes",
            staff="user_id",
            kept=(("salt", _SECRET), ("digest", _SECRET)),
            facts="at name record_type record_id redacted_at",
        ),
        Entry("audit_seals", facts="first_id last_id count previous_hash hash sealed_at"),
        Entry(
            "confidential_reads", (Whom.STAFF,), staff="user_id", facts="consultation_id document_id at way"
        ),
        Entry("retention_runs", (Whom.STAFF,), staff="by_id", facts="at day counts records"),
        Entry("retention_settings", (Whom.ANYONE,), mention="reason", facts="key period stopped_at"),
        Entry("job_runs", facts="name done_at failed_at"),
        Entry("notice_texts", facts="mark text since promised"),
        Entry(
            "bulk_actions",
            (Whom.STAFF, Whom.ANYONE),
            mention="entries",
            staff="user_id undone_by_id",
            facts="kind action undone_at",
        ),
        Entry(
            "privacy_cases",
            (Whom.CONTACT,),
            link="person_id",
            people="person_id",
            mention="restricted_because decision erased_because",
            staff="restricted_by_id offered_by_id released_by_id erased_by_id lifted_by_id",
            kept=(
                ("hashes", _l("Salted fingerprints, so that an erasure can be repeated after a restore.")),
            ),
            facts="state restricted_at offered_at released_at erased_at lifted_at counts rule"
            " last_name_too journaled_at",
        ),
        Entry(
            "sealed_values",
            (Whom.CONTACT, Whom.GUEST),
            remade="sealed",
            facts="case_id table_name row_id",
        ),
    ),
)

BARRIERS = Processing(
    "barriers",
    _l("Reports of barriers"),
    _l("Mend what keeps somebody from using the program, and answer within six weeks."),
    _l("Section 14 HessBGG with Art. 6(1)(c) GDPR"),
    STAFF_ONLY,
    _l("As long after the answer as the periods say, usually a year; its number and its days stay."),
    "barriers",
    _l("Numbers and days of reports and answers."),
    (
        Entry(
            "barrier_reports",
            (Whom.SENDER,),
            address="sender_email",
            blank="sender_name sender_email address_key",
            mention="location text answer",
            staff="answered_by_id",
            kept=(("form_key", _SECRET),),
            facts="received_on due_on answered_on forgotten_at",
        ),
    ),
)
