"""The registry, second part: what is kept because a program runs: mails, index, accounts, proofs, lists."""

from flask_babel import lazy_gettext as _l

from crm.privacy.holdings import BASIS, STAFF_ONLY
from crm.privacy.terms import Entry, Processing, Whom

_COPY = _l("A frozen answer is proof of what was said; the database refuses to change it.")
_SECRET = _l("A fingerprint of a secret or a mark of the program; it says nothing about anybody.")

MAILS = Processing(
    "mails",
    _l("Mails sent"),
    _l("Send confirmations, invitations, reminders and reports, each once, and know whether they arrived."),
    BASIS,
    _l("The recipient; the mail server of the authority"),
    _l("Text and address 90 days; that a mail was sent stays as a number."),
    "mail-bodies",
    _l("Kinds, states and moments of mails."),
    (
        Entry(
            "outgoing_mails",
            (Whom.CONTACT, Whom.GUEST, Whom.STAFF),
            link="person_id",
            address="recipient",
            blank="recipient recipient_name reply_to subject body calendar unsubscribe_url last_error",
            people="person_id",
            staff="user_id",
            kept=(("message_id", _SECRET), ("once_key", _SECRET)),
            facts="kind calendar_method state attempts due_at claimed_at sent_at event_id registration_id"
            " mailing_id",
        ),
        Entry("mail_attachments", (Whom.ANYONE,), mention="name", facts="mail_id file_id"),
        Entry(
            "mail_files",
            (Whom.ANYONE,),
            kept=(("content", _l("It goes with the last mail it hangs on.")),),
            facts="digest media_type",
        ),
        Entry(
            "mailings",
            (Whom.ANYONE, Whom.STAFF),
            mention="subject body",
            staff="sent_by_id",
            facts="event_id kind sent_at recipients skipped",
        ),
        Entry(
            "mail_server",
            mention="last_error",
            facts="down_since last_sent_at last_run_at morning_on",
        ),
    ),
)

INBOX = Processing(
    "inbox",
    _l("Mails received"),
    _l("Turn mails that matter into a talk or a follow-up."),
    BASIS,
    _l("Advisers and managers"),
    _l("Texts 90 days after the mail was dealt with."),
    "inbox",
    _l("States and moments of mails."),
    (
        Entry(
            "inbox_items",
            (Whom.SENDER, Whom.ANYONE),
            mention="sent_text sender_name sender_address recipients subject text quoted attachments remarks",
            staff="uploaded_by_id settled_by_id",
            kept=(("fingerprint", _SECRET),),
            facts="state received_at sent_at settled_at consultation_id follow_up_id emptied_at",
        ),
    ),
)

FINDING = Processing(
    "search",
    _l("Search"),
    _l("Find again what is stored; the index follows the records."),
    BASIS,
    STAFF_ONLY,
    _l("As long as the record it was made of."),
    "search",
    _l("Numbers and days of the records found."),
    (
        Entry(
            "search_entries",
            (Whom.CONTACT, Whom.ANYONE),
            remade="title note names former keys sort_key title_folded context",
            facts="kind record_id record_version day weight confidential staff task_fields renew_on",
        ),
        Entry("search_texts", (Whom.CONTACT, Whom.ANYONE), remade="plain folded", facts="entry_id"),
        Entry("document_texts", (Whom.ANYONE,), mention="plain", facts="document_id read_at"),
        Entry("search_uses", (Whom.STAFF,), staff="user_id", facts="kind record_id used_at"),
    ),
)

REPORTS = Processing(
    "reports",
    _l("Reports and views"),
    _l("Answer questions about the work of the centre with numbers."),
    BASIS,
    _l("Staff of the centre; whoever is given a report"),
    _l("Frozen answers as long as they are needed as proof; all else until its owner removes it."),
    "reports",
    _l("Periods, filters and forms of reports."),
    (
        Entry(
            "frozen_reports",
            (Whom.ANYONE, Whom.STAFF),
            staff="released_by_id",
            kept=tuple(
                (name, _COPY)
                for name in ("title", "purpose", "note", "scope", "sheet", "lists", "released_by_name")
            ),
            facts="slug since until language confidential staff released_at digest",
        ),
        Entry(
            "saved_reports",
            (Whom.STAFF,),
            mention="name filters",
            staff="owner_id",
            facts="slug span since until shared rhythm as_pdf as_xlsx mailed_until",
        ),
        Entry("report_recipients", (Whom.STAFF,), staff="user_id", facts="saved_report_id"),
        Entry(
            "saved_views",
            (Whom.STAFF, Whom.ANYONE),
            mention="name query",
            staff="owner_id",
            facts="list_name shared",
        ),
        Entry("view_pins", (Whom.STAFF,), staff="user_id", facts="view_id position"),
        Entry(
            "quarters",
            (Whom.STAFF, Whom.ANYONE),
            mention="reopened_because",
            staff="closed_by_id reopened_by_id",
            facts="year number closed_at reopened_at",
        ),
    ),
)

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
            " feed_number",
        ),
        Entry(
            "user_sessions",
            (Whom.STAFF, Whom.ANYONE),
            mention="messages",
            staff="user_id",
            kept=(("token_hash", _SECRET),),
            facts="last_used_at ended_at",
        ),
        Entry("sign_in_attempts", (Whom.STAFF,), staff="account source", facts="at ok"),
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
            facts="name address base_address file_reference print_head",
        ),
    ),
)

PROOF = Processing(
    "protocol",
    _l("Protocol of changes"),
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
            facts="at name record_type record_id",
        ),
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
            drop="sealed",
            facts="case_id table_name row_id",
        ),
    ),
)
