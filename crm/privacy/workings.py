"""The registry, second part: what is kept because a program runs: mails, inbox, index, reports."""

from flask_babel import lazy_gettext as _l

from crm.privacy.holdings import BASIS, STAFF_ONLY
from crm.privacy.terms import Entry, Processing, Whom

_COPY = _l("A frozen answer is proof of what was said; the database refuses to change it.")
SECRET = _l("A fingerprint of a secret or a mark of the program; it says nothing about anybody.")

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
            kept=(("message_id", SECRET), ("once_key", SECRET)),
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
            kept=(("fingerprint", SECRET),),
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
        Entry("document_texts", (Whom.ANYONE,), file="plain", facts="document_id read_at"),
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
