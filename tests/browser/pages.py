"""Every page of the program and how to come to it; taken from the addresses the program knows."""

# What is opened by GET and is no page: files, answers for scripts, signs of life.
NO_PAGES = {
    "consultations.preview", "contacts.preview", "cooperations.preview", "organisations.preview",
    "accounts.extend", "assets.file", "attendance.badges", "attendance.certificate",
    "attendance.participants", "attendance.sign_in_sheet", "calendars.event_file", "calendars.feed",
    "consultations.export", "consultations.record_pdf", "consultations.nearby", "consultations.row",
    "consultations.team", "contacts.card", "contacts.cards", "contacts.export", "contacts.search",
    "cooperations.export",
    "cooperations.search", "documents.download", "events.export", "guests.document", "registrations.export",
    "home.healthz", "home.start", "mail.file", "imports.findings", "imports.left_out", "imports.wrong_rows",
    "organisations.export", "organisations.search", "register.findings",
    "releases.download", "reports.csv", "reports.export_records", "reports.pdf",
    "reports.xlsx", "task_fields.search",
}  # fmt: skip
STRANGERS = {
    "accounts.sign_in", "feedback.give", "guests.dates", "guests.manage", "guests.register", "home.imprint",
    "mailings.opt_out", "accounts.forgot", "accounts.reset", "home.accessibility", "home.privacy",
}  # fmt: skip
ADMINISTRATION = {
    "geography.boundaries", "geography.preview", "register.index", "register.preview",
    "accounts.users", "accounts.new_user", "accounts.edit_user", "accounts.lock_user", "office.edit",
}  # fmt: skip
# A page that only asks once more, or only lets one choose, has nothing to fill in.
ONLY_ASKED = {
    "register.preview", "attendance.hand_out", "attendance.remove_heads", "bodies.remove_member",
    "calendars.renew", "cooperations.edit_partner", "cooperations.remove", "cooperations.remove_partner",
    "cooperations.restore", "documents.remove", "documents.remove_from_event", "events.remove",
    "events.restore", "guests.manage", "funding.remove_application", "funding.remove_obligation",
    "funding.remove_station", "imports.preview", "invitations.add", "invitations.remove",
    "registrations.sign_off", "mailings.opt_out", "mailings.remove", "mailings.send",
    "proceedings.remove_approval", "proceedings.remove_study", "resolutions.remove",
    "closing.close", "consultations.remove", "consultations.restore", "contacts.remove", "definitions.remove",
    "contacts.remove_function", "contacts.restore", "contacts.restore_function",
    "follow_ups.remove", "follow_ups.restore", "bulk.undo",
}  # fmt: skip
# Names of the numbers in addresses, in the filled house.
NUMBERS = {
    "consultation_id": "talk", "person_id": "person", "function_id": "function", "follow_up_id": "follow_up",
    "mail_id": "mail", "reset_token": "reset_token",
    "user_id": "user", "organisation_id": "place", "field_id": "field",
    "body_id": "body", "member_id": "member",
    "cooperation_id": "cooperation", "partner_id": "partner", "step": "step", "resolution_id": "resolution",
    "study_id": "study", "approval_id": "approval", "application_id": "application",
    "station_id": "station", "obligation_id": "obligation", "rule_set_id": "rules",
    "paper_id": "paper", "document_id": "document", "run_id": "run", "head_count_id": "head_count",
    "frozen_id": "frozen", "year": "closed_year", "number": "closed_number",
    "registration_id": "registration", "secret": "secret",
    "invitation_id": "invitation", "mailing_id": "mailing", "event_id": "event", "point_id": "point",
    "task_id": "task", "file_id": "file", "saved_id": "saved",
    "action_id": "bulk", "kind": "kind", "key": "key",
}  # fmt: skip
OTHER_NUMBER = {
    "bulk.invite": {"kind": "people_kind"},
    "mailings.opt_out": {"token": "opt_out"},
    "events.restore": {"event_id": "gone_event"},
    "feedback.give": {"secret": "held_secret"},
    "guests.manage": {"token": "guest_token"},
    "consultations.restore": {"consultation_id": "gone"},
    "contacts.restore": {"person_id": "gone_person"},
    "cooperations.restore": {"cooperation_id": "gone_cooperation"},
    "contacts.restore_function": {"function_id": "gone_function"},
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
    "consultations.index": "?since=1.1.2020&kind=group",
    "calendars.show": "?wer=team",
    "events.index": "?zeit=alle&stand=open",
    "invitations.add": "?rolle=head&rolle=office-manager",
}
SLUGS = {"slug": ["taetigkeit"]}


def rules(app):
    """Give every address that is opened by GET and shows a page."""
    found = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return sorted((rule for rule in found if rule.endpoint not in NO_PAGES), key=lambda rule: rule.endpoint)


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
