"""The registry, first part: what is kept about people because the office works with them."""

from flask_babel import lazy_gettext as _l

from crm.privacy.claims import RIGHTS
from crm.privacy.terms import Entry, Processing, Whom

BASIS = _l("Task in the public interest: Art. 6(1)(e) GDPR with section 3 HDSIG")
STAFF_ONLY = _l("Staff of the centre according to their roles; nobody outside")

CONTACTS = Processing(
    "contacts",
    _l("Contacts"),
    _l("Reach the people who speak for municipalities and bodies, in the function they hold."),
    BASIS,
    STAFF_ONLY,
    _l("As long as somebody holds a function; then restricted, offered to the archive and erased."),
    "contacts",
    _l("Kind, days and marks of a function say what office is held, whoever holds it."),
    (
        Entry(
            "people",
            (Whom.CONTACT,),
            link="id",
            address="email",
            blank="academic_title first_name email phone note",
            name="last_name sort_key search_text",
            staff="removed_by_id",
            facts="mail_basis mail_basis_on restricted_on objected_on",
        ),
        Entry(
            "functions",
            (Whom.CONTACT,),
            link="person_id",
            address="email",
            blank="title email phone",
            people="person_id",
            staff="removed_by_id",
            facts="organisation_id role is_head valid_from valid_to",
        ),
        *RIGHTS,
        Entry(
            "distinct_pairs",
            (Whom.CONTACT,),
            mention="reason",
            people="low_person_id high_person_id",
            staff="by_id",
            facts="low_organisation_id high_organisation_id at",
        ),
        Entry(
            "merges",
            (Whom.CONTACT,),
            people="kept_person_id lost_person_id",
            staff="by_id undone_by_id",
            facts="kept_organisation_id lost_organisation_id highest undone_at",
        ),
        Entry(
            "merge_moves",
            (Whom.CONTACT, Whom.GUEST),
            mention="witness before after",
            facts="merge_id table_name row_id",
        ),
    ),
)

TALKS = Processing(
    "talks",
    _l("Talks and follow-ups"),
    _l("Record what was advised, what was agreed and what is to be done."),
    BASIS,
    _l("Staff of the centre; confidential talks only advisers and managers; the file of the municipality"),
    _l("As long as the file is kept; then offered to the archive."),
    "talks",
    _l("Days, kinds, lengths and places of a talk of municipalities."),
    (
        Entry(
            "consultations",
            (Whom.ANYONE,),
            mention="note agreements next_step place file_reference",
            staff="created_by_id removed_by_id",
            facts="held_on starts_at kind channel state confidential duration_minutes preparation_minutes"
            " travel_minutes follows_id cooperation_id",
        ),
        Entry(
            "participations",
            (Whom.ANYONE,),
            mention="represented_by private_note role organisation_name",
            facts="consultation_id organisation_id position presence",
        ),
        Entry(
            "participation_people",
            (Whom.CONTACT,),
            link="person_id",
            blank="function_called",
            people="person_id",
            facts="participation_id",
        ),
        Entry("namings", (Whom.CONTACT,), people="person_id", facts="consultation_id"),
        Entry("consultation_staff", (Whom.STAFF,), staff="user_id", facts="consultation_id"),
        Entry("consultation_task_fields", facts="consultation_id task_field_id"),
        Entry(
            "corrections",
            (Whom.ANYONE, Whom.STAFF),
            mention="reason",
            staff="by_id",
            facts="year number consultation_id event_id at",
        ),
        Entry(
            "follow_ups",
            (Whom.ANYONE, Whom.STAFF),
            mention="text waiting_for about",
            people="person_id",
            staff="owner_id done_by_id removed_by_id",
            facts="due_on state done_at confidential consultation_id organisation_id cooperation_id"
            " election_id",
        ),
        Entry(
            "elections",
            (Whom.ANYONE, Whom.STAFF),
            mention="title note",
            staff="owner_id removed_by_id",
            facts="kind held_on takes_office_on organisation_id started_at",
        ),
        Entry(
            "election_checks",
            (Whom.STAFF,),
            mention="organisation_name",
            staff="answered_by_id",
            facts="election_id organisation_id county_id role function_id state answered_at successor_id"
            " ended_before ended_on",
        ),
    ),
)

GROUPS = Processing(
    "groups",
    _l("Cooperations and funding"),
    _l("Accompany planned and running cooperations, their resolutions and their funding."),
    BASIS,
    _l("Staff of the centre; the ministry and the approving authority as far as an application needs it"),
    _l("As long as the file is kept; then offered to the archive."),
    "groups",
    _l("Stages, days and sums of groups of municipalities."),
    (
        Entry(
            "cooperations",
            (Whom.ANYONE, Whom.STAFF),
            mention="title sort_key search_text legal_form_note termination halt_reason note file_reference"
            " source_url",
            staff="adviser_id removed_by_id",
            facts="legal_form planned_start first_contact_on signed_on effective_on evaluated_on term_until"
            " term_unlimited renewal_months notice_months halt halted_on parent_id talked_on resolving_since"
            " study_since applied_on stage stage_since",
        ),
        Entry(
            "cooperation_partners",
            mention="organisation_name",
            facts="cooperation_id organisation_id position role step step_on",
        ),
        Entry("cooperation_task_fields", facts="cooperation_id task_field_id"),
        Entry(
            "partner_steps",
            (Whom.ANYONE,),
            mention="note",
            facts="partner_id step reached_on source consultation_id resolution_id",
        ),
        Entry(
            "resolutions",
            (Whom.ANYONE,),
            mention="note paper_number link",
            facts="partner_id body kind session_on result votes_for votes_against abstentions",
        ),
        Entry(
            "approvals",
            (Whom.ANYONE,),
            mention="authority authority_reason note",
            facts="cooperation_id kind sent_on answered_on answer",
        ),
        Entry(
            "studies",
            (Whom.ANYONE,),
            mention="title contractor result",
            facts="cooperation_id state cost grant begun_on finished_on repay_due_on repaid_on",
        ),
        Entry(
            "funding_applications",
            (Whom.ANYONE,),
            mention="purpose amount_reason notice_reference handed_over_by refusal_reason note",
            facts="cooperation_id rule_set_id applicant_id submitted_on completed_on requested standard"
            " granted_on granted handed_over_on paid_on refused_on withdrawn_on closed_on",
        ),
        Entry(
            "funding_plans",
            (Whom.ANYONE,),
            mention="substantial_note few_partners_reason amount_reason",
            facts="cooperation_id substantial brigades amount cost_after",
        ),
        Entry(
            "application_papers", (Whom.ANYONE,), mention="note", facts="application_id kind state dated_on"
        ),
        Entry("application_stations", (Whom.ANYONE,), mention="note", facts="application_id kind arrived_on"),
        Entry(
            "funding_obligations",
            (Whom.ANYONE,),
            mention="clause note",
            facts="application_id kind due_on done_on",
        ),
        Entry("funding_costs", facts="partner_id staff_before material_before staff_after material_after"),
        Entry(
            "documents",
            (Whom.ANYONE, Whom.STAFF),
            mention="file_name",
            staff="uploaded_by_id",
            kept=(
                ("content", _l("A file cannot be rewritten: while one names the person, nothing is erased.")),
            ),
            facts="media_type size resolution_id paper_id event_id consultation_id cooperation_id"
            " organisation_id material_version_id previous_id for_guests confidential",
        ),
        Entry("document_previews", facts="document_id pages drawn made_at"),
        Entry(
            "document_pictures",
            (Whom.ANYONE,),
            kept=(("content", _l("A picture of a page goes with its file.")),),
            facts="document_id number width height",
        ),
    ),
)

EVENTS = Processing(
    "events",
    _l("Events"),
    _l("Invite to events, give away seats, note who came, and ask how it was."),
    _l(
        "Task in the public interest: Art. 6(1)(e) GDPR with section 3 HDSIG; photos by consent, Art. 6(1)(a)"
    ),
    _l("Staff of the centre; helpers at the door see the list of guests of their day"),
    _l("Guests are forgotten some months after the event, needs after two weeks; numbers stay."),
    "participants",
    _l("Days, seats and numbers of an event and what is public about it."),
    (
        Entry(
            "events",
            (Whom.ANYONE, Whom.STAFF),
            mention="title venue video_link summary for_whom note handed_out cancelled_because source"
            " search_text sort_key",
            staff="responsible_id removed_by_id",
            kept=(("secret", _l("A random address of the public page; it says nothing about anybody.")),),
            facts="kind starts_at ends_at precision state entrance place_id capacity register_until "
            "asks_needs cooperation_id",
        ),
        Entry("event_hosts", mention="name", facts="event_id organisation_id position"),
        Entry("event_task_fields", facts="event_id task_field_id"),
        Entry(
            "programme_items",
            (Whom.CONTACT, Whom.ANYONE),
            link="person_id",
            blank="speaker",
            mention="title",
            people="person_id",
            facts="event_id position starts_at",
        ),
        Entry(
            "checklist_items",
            (Whom.ANYONE, Whom.STAFF),
            mention="text",
            staff="owner_id done_by_id",
            facts="event_id days done_at",
        ),
        Entry(
            "invitations",
            (Whom.CONTACT,),
            link="person_id",
            address="email",
            blank="email represented_by remark",
            name="called",
            mention="organisation_name",
            people="person_id",
            facts="event_id organisation_id answer answered_at mailed_at",
        ),
        Entry(
            "registrations",
            (Whom.GUEST,),
            link="person_id",
            address="email",
            blank="first_name email phone address_key organisation_text needs",
            name="last_name sort_key search_text",
            people="person_id",
            facts="event_id seat position companions kind origin organisation_id photos_allowed invitation_id"
            " privacy_version registered_at confirmed_at offered_until signed_off_at came_at wants_talk"
            " forgotten_at",
        ),
        Entry("head_counts", facts="event_id organisation_id kind certainty heads"),
        Entry("feedback", (Whom.ANYONE,), mention="liked missed", facts="event_id given_on rating"),
        Entry("public_posts", facts="source at"),
    ),
)
