"""Every page of the program and how to come to it; taken from the addresses the program knows."""

# What is opened by GET and is no page: files, answers for scripts, signs of life.
NO_PAGES = {
    "dispatches.fetch_file", "dispatches.report_file", "materials.download",
    "assets.file", "attendance.badges", "attendance.certificate", "attendance.certificates",
    "attendance.participants", "attendance.sign_in_sheet", "calendars.event_file", "calendars.feed",
    "consultations.export", "consultations.nearby", "consultations.preview", "consultations.record_pdf",
    "consultations.row", "consultations.team", "contacts.card", "contacts.cards", "contacts.export",
    "contacts.offered", "contacts.preview", "contacts.search", "cooperations.export", "cooperations.preview",
    "cooperations.search", "documents.download", "documents.picture",
    "duplicates.known", "duplicates.known_bodies",
    "elections.export", "events.export", "guests.document", "handovers.pdf", "home.healthz", "home.start",
    "imports.findings", "imports.left_out", "imports.wrong_rows", "mail.file", "minutes.pdf",
    "monitoring.metrics",
    "monitoring.readyz", "organisations.export",
    "organisations.preview", "organisations.search", "privacy.archive_list",
    "privacy.processing_file", "register.findings", "registrations.export",
    "practice.document", "practice.feed",
    "releases.download", "reports.csv", "reports.export_records", "reports.pdf", "reports.xlsx",
    "search.hits", "task_fields.search",
}  # fmt: skip
# Pages of a service that is off in the house: test_sign_on.py opens them.
OFF = {"sign_on.come_back", "sign_on.identities", "sign_on.link_own", "sign_on.start"}
STRANGERS = {
    "accounts.forgot", "accounts.reset", "accounts.sign_in", "barriers.report", "consents.confirm",
    "dispatches.fetch", "feedback.give",
    "guests.dates", "guests.manage", "guests.register", "home.accessibility", "home.imprint", "home.privacy",
    "mailings.opt_out", "practice.confirm", "practice.index", "practice.show", "practice.thanks",
    "second_factor.step",
    "minutes.check", "minutes.thanks",
}  # fmt: skip
# Shown to colleagues as guests will see it: without navigation, and without keys.
AS_GUESTS = {"guests.preview"}
ADMINISTRATION = {
    "accounts.edit_user", "accounts.lock_user", "accounts.new_user", "accounts.users", "auditing.index",
    "geography.boundaries", "geography.preview", "office.edit", "register.index", "register.preview",
    "reads.index", "retention.edit", "second_factor.reset",
}  # fmt: skip
# A page that only asks once more, or only lets one choose, has nothing to fill in.
ONLY_ASKED = {
    "dispatches.renew", "dispatches.take_back",
    "attendance.hand_out", "attendance.remove_heads", "bodies.remove_member", "bulk.undo", "calendars.renew",
    "closing.close", "consents.confirm", "consultations.remove", "consultations.restore", "contacts.remove",
    "contacts.remove_function", "contacts.restore", "contacts.restore_function", "cooperations.edit_partner",
    "cooperations.remove", "cooperations.remove_partner", "cooperations.restore", "definitions.remove",
    "documents.remove", "documents.remove_from_event", "duplicates.doubt_again",
    "duplicates.doubt_bodies_again", "duplicates.merge", "duplicates.merge_bodies", "duplicates.undo",
    "duplicates.undo_bodies", "elections.remove", "elections.restore", "examples.withdraw", "events.remove",
    "events.restore", "follow_ups.remove", "follow_ups.restore", "funding.remove_application",
    "funding.remove_obligation", "funding.remove_station", "guests.manage", "imports.preview",
    "imports.questions", "inbox.empty", "invitations.add", "invitations.remove", "mailings.opt_out",
    "mailings.remove", "mailings.send", "proceedings.remove_approval", "proceedings.remove_study",
    "register.preview", "registrations.sign_off", "resolutions.remove", "accounts.sign_ins",
    "second_factor.codes_made", "second_factor.renew_codes", "second_factor.reset", "second_factor.set_up",
    "minutes.correct", "minutes.edit_template", "minutes.release", "minutes.remove", "minutes.withdraw",
    "second_factor.switch_off", "views.remove", "privacy.lift", "privacy.offer", "privacy.tell_guest",
    "privacy.tell_person",
}  # fmt: skip
# Names of the numbers in addresses, in the filled house.
NUMBERS = {
    "consultation_id": "talk", "person_id": "person", "function_id": "function", "follow_up_id": "follow_up",
    "mail_id": "mail", "reset_token": "reset_token", "user_id": "user", "organisation_id": "place",
    "field_id": "field", "body_id": "body", "member_id": "member", "cooperation_id": "cooperation",
    "partner_id": "partner", "step": "step", "resolution_id": "resolution", "study_id": "study",
    "approval_id": "approval", "application_id": "application", "station_id": "station",
    "obligation_id": "obligation", "rule_set_id": "rules", "paper_id": "paper", "document_id": "document",
    "run_id": "run", "head_count_id": "head_count", "frozen_id": "frozen", "year": "closed_year",
    "number": "closed_number", "registration_id": "registration", "secret": "secret", "item_id": "item",
    "invitation_id": "invitation", "mailing_id": "mailing", "event_id": "event", "point_id": "point",
    "task_id": "task", "file_id": "file", "saved_id": "saved", "view_id": "view", "job_id": "job",
    "material_id": "material", "version_id": "version", "dispatch_id": "dispatch",
    "election_id": "election", "check_id": "check", "low_id": "low", "high_id": "high",
    "report_id": "barrier",
    "pair_id": "distinct_pair", "merge_id": "merge", "action_id": "bulk", "kind": "kind", "key": "key",
    "mark": "notice", "case_id": "case", "consent_id": "consent", "request_id": "request",
    "example_id": "example", "page_number": "page_number", "minutes_id": "minutes", "kind_name": "kind_name",
}  # fmt: skip
OTHER_NUMBER = {
    "bulk.invite": {"kind": "people_kind"},
    "consents.confirm": {"token": "consent_token"},
    "mailings.opt_out": {"token": "opt_out"},
    "dispatches.fetch": {"token": "material_token"},
    "events.restore": {"event_id": "gone_event"},
    "examples.edit": {"cooperation_id": "example_group"},
    "examples.show": {"cooperation_id": "example_group"},
    "examples.withdraw": {"cooperation_id": "example_group"},
    "practice.confirm": {"secret": "example_secret"},
    "duplicates.merge_bodies": {"low_id": "low_body", "high_id": "high_body"},
    "duplicates.doubt_bodies_again": {"pair_id": "pair_of_bodies"},
    "duplicates.undo_bodies": {"merge_id": "merge_of_bodies"},
    "minutes.check": {"token": "minutes_token"},
    "minutes.correct": {"minutes_id": "minutes_released"},
    "minutes.withdraw": {"minutes_id": "minutes_round"},
    "feedback.give": {"secret": "held_secret"},
    "guests.manage": {"token": "guest_token"},
    "guests.preview": {"event_id": "planned_event"},
    "consultations.restore": {"consultation_id": "gone"},
    "contacts.restore": {"person_id": "gone_person"},
    "cooperations.restore": {"cooperation_id": "gone_cooperation"},
    "contacts.restore_function": {"function_id": "gone_function"},
    "elections.restore": {"election_id": "gone_election"},
    "follow_ups.restore": {"follow_up_id": "gone_follow_up"},
}
QUERIES = {
    "bodies.supervision": "?kommunen-text=Lahntal,Marburg,ekom21",
    "reports.records": "?was=beratungen",
    "closing.touched": "?von=01.01.1990&bis=31.12.1990",
    "releases.records": "?liste=0",
    "releases.causes": "?was=beratungen",
    "organisations.index": "?q=b",
    "bulk.invite": "?alle=5",
    "bulk.ask": "?stand=offen&alle=5",
    "examples.find": "?gefragt=1",
    "consultations.index": "?since=1.1.2020&kind=group",
    "calendars.show": "?wer=team",
    "search.index": "?q=lahntal",
    "events.index": "?zeit=alle&stand=open",
    "imports.questions": "?art=talks",
    "invitations.add": "?rolle=head&rolle=office-manager",
}
SLUGS = {
    "slug": ["taetigkeit"], "topic_slug": ["beratung"], "list_name": ["talks"], "rule_name": ["gaeste"],
}  # fmt: skip


def rules(app):
    """Give every address that is opened by GET and shows a page."""
    found = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return sorted(
        (rule for rule in found if rule.endpoint not in NO_PAGES | OFF), key=lambda rule: rule.endpoint
    )


def who_sees(endpoint):
    """Name somebody of the cast who may open a page."""
    if endpoint in STRANGERS:
        return ""
    return "ada" if endpoint in ADMINISTRATION else "mara"


def address(app, rule, house):
    """Build the address of a page of the filled house; fails for a page that nobody entered here."""
    names = NUMBERS | OTHER_NUMBER.get(rule.endpoint, {})
    values = {}
    for argument in rule.arguments:
        assert argument in names or argument in SLUGS, f"{rule} is new: say in {__name__} how to open it"
        values[argument] = house[names[argument]] if argument in names else SLUGS[argument][0]
    with app.test_request_context():
        return app.url_for(rule.endpoint, **values) + QUERIES.get(rule.endpoint, "")


def addresses(app, house):
    """Give (name, address, who) of every page."""
    return [(rule.endpoint, address(app, rule, house), who_sees(rule.endpoint)) for rule in rules(app)]


def with_forms(app, house):
    """Give (name, address, who) of every page with something to fill in and send."""
    sent = [rule for rule in rules(app) if "POST" in (rule.methods or ()) and rule.endpoint not in ONLY_ASKED]
    return [(rule.endpoint, address(app, rule, house), who_sees(rule.endpoint)) for rule in sent]
