"""Which columns hold running text: anybody may be named there, by the last name alone, too.

Nothing else is: not the names of other records, not the official register, no paths, queries or lists.
"""

PROSE = {
    "people": "note",
    "distinct_pairs": "reason",
    "consultations": "note agreements next_step",
    "participations": "represented_by private_note",
    "corrections": "reason",
    "follow_ups": "text waiting_for",
    "elections": "note",
    "cooperations": "legal_form_note termination halt_reason note",
    "partner_steps": "note",
    "resolutions": "note",
    "approvals": "authority_reason note",
    "studies": "result",
    "funding_applications": "purpose amount_reason handed_over_by refusal_reason note",
    "funding_plans": "substantial_note few_partners_reason amount_reason",
    "application_papers": "note",
    "application_stations": "note",
    "funding_obligations": "clause note",
    "events": "summary note handed_out cancelled_because",
    "checklist_items": "text",
    "invitations": "represented_by remark",
    "registrations": "needs",
    "feedback": "liked missed",
    "outgoing_mails": "subject body calendar",
    "mailings": "subject body",
    "inbox_items": "sent_text subject text quoted",
    "quarters": "reopened_because",
    "retention_settings": "reason",
    "privacy_cases": "restricted_because decision erased_because",
    "barrier_reports": "text answer",
    "import_jobs": "message",
}
