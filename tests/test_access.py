"""Who may do what: every endpoint, every method, every role."""

import pytest

from crm.access import GRANTS, Permission, Role, allowed, label_of
from tests.everything import OFF, addresses, changed, fill, stored, values

R, A, E, M, V = Role.READER, Role.ADVISER, Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR
ALL, READERS, WRITERS, PEOPLE = {R, A, E, M, V}, {R, A, E, M}, {A, M}, {A, E, M}
NOBODY_NEEDED = None
MEMBERS = {"rita": R, "anna": A, "emil": E, "mara": M, "ada": V}
PUBLIC = 34

# Endpoint → who comes in; None means strangers too. Written by hand, so that a changed label shows.
TABLE = {
    "accounts.change_password": ALL,
    "accounts.drop_draft": ALL,
    "accounts.edit_user": {V},
    "accounts.end_sign_ins": {V},
    "accounts.extend": ALL,
    "accounts.forgot": NOBODY_NEEDED,
    "accounts.keep_draft": ALL,
    "accounts.lock_user": {V},
    "accounts.new_user": {V},
    "accounts.one_time_password": {V},
    "accounts.profile": ALL,
    "accounts.prove": ALL,
    "accounts.reset": NOBODY_NEEDED,
    "accounts.sign_in": NOBODY_NEEDED,
    "accounts.sign_ins": ALL,
    "accounts.sign_out": ALL,
    "accounts.unlock_user": {V},
    "accounts.users": {V},
    "assets.file": NOBODY_NEEDED,
    "attendance.after": READERS,
    "attendance.badges": READERS,
    "attendance.certificate": READERS,
    "attendance.certificates": READERS,
    "attendance.change_heads": PEOPLE,
    "attendance.count_heads": PEOPLE,
    "attendance.guest": READERS,
    "attendance.hand_out": PEOPLE,
    "attendance.link_contact": PEOPLE,
    "attendance.note_wish": PEOPLE,
    "attendance.participants": READERS,
    "attendance.paste": PEOPLE,
    "attendance.remove_heads": PEOPLE,
    "attendance.show": READERS,
    "attendance.sign_in_sheet": READERS,
    "attendance.tick": PEOPLE,
    "attendance.walk_in": PEOPLE,
    "auditing.index": {V},
    "barriers.index": PEOPLE,
    "barriers.report": NOBODY_NEEDED,
    "barriers.show": PEOPLE,
    "bodies.add_members": WRITERS,
    "bodies.edit": WRITERS,
    "bodies.edit_member": WRITERS,
    "bodies.edit_supervisor": WRITERS,
    "bodies.end_member": WRITERS,
    "bodies.index": ALL,
    "bodies.new": WRITERS,
    "bodies.remove_member": WRITERS,
    "bodies.reset_supervisor": WRITERS,
    "bodies.show": ALL,
    "bodies.supervision": ALL,
    "bulk.ask": WRITERS,
    "bulk.index": PEOPLE,
    "bulk.invite": PEOPLE,
    "bulk.undo": PEOPLE,
    "calendars.event_file": READERS,
    "calendars.feed": NOBODY_NEEDED,
    "calendars.renew": READERS,
    "calendars.show": READERS,
    "calendars.subscribe": READERS,
    "closing.close": {M},
    "closing.corrections": READERS,
    "closing.index": READERS,
    "closing.reopen": {M},
    "closing.touched": READERS,
    "consultations.cancel": WRITERS,
    "consultations.edit": WRITERS,
    "consultations.export": READERS,
    "consultations.index": READERS,
    "consultations.log": WRITERS,
    "consultations.mark_held": WRITERS,
    "consultations.nearby": WRITERS,
    "consultations.record": READERS,
    "consultations.preview": READERS,
    "consultations.record_pdf": READERS,
    "consultations.remove": WRITERS,
    "consultations.restore": WRITERS,
    "consultations.row": WRITERS,
    "consultations.show": READERS,
    "consultations.team": WRITERS,
    "consents.confirm": NOBODY_NEEDED,
    "consents.new": PEOPLE,
    "consents.withdraw": PEOPLE,
    "contacts.card": READERS,
    "contacts.cards": READERS,
    "contacts.edit": PEOPLE,
    "contacts.edit_function": PEOPLE,
    "contacts.end_function": PEOPLE,
    "contacts.export": READERS,
    "contacts.hand_over": PEOPLE,
    "contacts.index": READERS,
    "contacts.new": PEOPLE,
    "contacts.new_function": PEOPLE,
    "contacts.preview": READERS,
    "contacts.remove": PEOPLE,
    "contacts.remove_function": PEOPLE,
    "contacts.offered": READERS,
    "contacts.restore": PEOPLE,
    "contacts.restore_function": PEOPLE,
    "contacts.search": READERS,
    "contacts.show": READERS,
    "cooperations.add_partners": WRITERS,
    "cooperations.edit": WRITERS,
    "cooperations.edit_partner": WRITERS,
    "cooperations.export": READERS,
    "cooperations.halt": WRITERS,
    "cooperations.history": READERS,
    "cooperations.index": READERS,
    "cooperations.new": WRITERS,
    "cooperations.preview": READERS,
    "cooperations.remove": WRITERS,
    "cooperations.remove_partner": WRITERS,
    "cooperations.restore": WRITERS,
    "cooperations.resume": WRITERS,
    "cooperations.search": READERS,
    "cooperations.show": READERS,
    "cooperations.step": WRITERS,
    "cooperations.step_for_several": WRITERS,
    "cooperations.suggest": READERS,
    "cooperations.suggest_for_place": READERS,
    "cooperations.table": READERS,
    "cooperations.take_back_step": WRITERS,
    "cooperations.take_in": WRITERS,
    "definitions.edit": READERS,
    "definitions.mail": READERS,
    "definitions.new": READERS,
    "definitions.remove": READERS,
    "definitions.show": READERS,
    "definitions.unsubscribe": READERS,
    "documents.attach_to_paper": WRITERS,
    "documents.attach_to_resolution": WRITERS,
    "documents.attach_to_group": WRITERS,
    "documents.attach_to_organisation": WRITERS,
    "documents.attach_to_talk": WRITERS,
    "documents.download": READERS,
    "documents.keep_confidential": WRITERS,
    "documents.of_group": READERS,
    "documents.of_organisation": READERS,
    "documents.of_talk": READERS,
    "documents.picture": READERS,
    "documents.replace": WRITERS,
    "documents.replace_in_event": PEOPLE,
    "documents.show": READERS,
    "documents.remove": WRITERS,
    "documents.attach_to_event": PEOPLE,
    "documents.remove_from_event": PEOPLE,
    "documents.show_guests": PEOPLE,
    "dispatches.fetch": NOBODY_NEEDED,
    "dispatches.fetch_file": NOBODY_NEEDED,
    "dispatches.hand_in_talk": PEOPLE,
    "dispatches.holders": READERS,
    "dispatches.index": READERS,
    "dispatches.new": PEOPLE,
    "dispatches.renew": PEOPLE,
    "dispatches.report": READERS,
    "dispatches.report_file": READERS,
    "dispatches.show": READERS,
    "dispatches.take_back": PEOPLE,
    "elections.ask_also": PEOPLE,
    "elections.confirm": PEOPLE,
    "elections.edit": {M},
    "elections.export": READERS,
    "elections.index": READERS,
    "elections.new": {M},
    "elections.place": READERS,
    "elections.remove": {M},
    "elections.replace": PEOPLE,
    "elections.restore": {M},
    "elections.show": READERS,
    "elections.take_back": PEOPLE,
    "elections.vacate": PEOPLE,
    "duplicates.bodies_index": WRITERS,
    "duplicates.choose": PEOPLE,
    "duplicates.doubt_again": PEOPLE,
    "duplicates.doubt_bodies_again": WRITERS,
    "duplicates.index": PEOPLE,
    "duplicates.known": PEOPLE,
    "duplicates.known_bodies": WRITERS,
    "duplicates.merge": PEOPLE,
    "duplicates.merge_bodies": WRITERS,
    "duplicates.tell_apart": PEOPLE,
    "duplicates.tell_bodies_apart": WRITERS,
    "duplicates.undo": PEOPLE,
    "duplicates.undo_bodies": WRITERS,
    "events.add_standard": PEOPLE,
    "events.advance": PEOPLE,
    "events.cancel": PEOPLE,
    "events.copy": PEOPLE,
    "events.drop_point": PEOPLE,
    "events.drop_task": PEOPLE,
    "events.edit": PEOPLE,
    "events.edit_point": PEOPLE,
    "events.edit_task": PEOPLE,
    "events.export": READERS,
    "events.history": READERS,
    "events.index": READERS,
    "events.move_point": PEOPLE,
    "events.new": PEOPLE,
    "events.new_point": PEOPLE,
    "events.new_task": PEOPLE,
    "events.remove": PEOPLE,
    "events.restore": PEOPLE,
    "events.show": READERS,
    "events.tick": PEOPLE,
    "examples.ask": WRITERS,
    "examples.confirm": WRITERS,
    "examples.edit": WRITERS,
    "examples.find": READERS,
    "examples.index": READERS,
    "examples.new": WRITERS,
    "examples.refer": WRITERS,
    "examples.release_again": WRITERS,
    "examples.settle": WRITERS,
    "examples.show": READERS,
    "examples.take_back": WRITERS,
    "examples.withdraw": WRITERS,
    "feedback.give": NOBODY_NEEDED,
    "follow_ups.edit": WRITERS,
    "follow_ups.finish": WRITERS,
    "follow_ups.hand_over": WRITERS,
    "follow_ups.index": READERS,
    "follow_ups.new": WRITERS,
    "follow_ups.postpone": WRITERS,
    "follow_ups.remove": WRITERS,
    "follow_ups.reopen": WRITERS,
    "follow_ups.restore": WRITERS,
    "follow_ups.show": READERS,
    "funding.costs": WRITERS,
    "funding.deadlines": READERS,
    "funding.edit_application": WRITERS,
    "funding.edit_obligation": WRITERS,
    "funding.edit_rules": {M},
    "funding.judge": WRITERS,
    "funding.new_application": WRITERS,
    "funding.new_obligation": WRITERS,
    "funding.new_rules": {M},
    "funding.papers": WRITERS,
    "funding.remove_application": WRITERS,
    "funding.remove_obligation": WRITERS,
    "funding.remove_station": WRITERS,
    "funding.report_station": WRITERS,
    "funding.rules": READERS,
    "funding.show": READERS,
    "geography.boundaries": {V},
    "geography.preview": {V},
    "guests.dates": NOBODY_NEEDED,
    "guests.document": NOBODY_NEEDED,
    "guests.manage": NOBODY_NEEDED,
    "guests.preview": PEOPLE,
    "guests.register": NOBODY_NEEDED,
    "handovers.pdf": READERS,
    "handovers.show": READERS,
    "help.index": ALL,
    "help.show": ALL,
    "home.accessibility": NOBODY_NEEDED,
    "home.healthz": NOBODY_NEEDED,
    "home.imprint": NOBODY_NEEDED,
    "home.index": ALL,
    "home.keyboard": ALL,
    "home.management": {M},
    "home.privacy": NOBODY_NEEDED,
    "home.removed": PEOPLE,
    "home.start": ALL,
    "imports.findings": {M},
    "imports.index": {M},
    "imports.left_out": {M},
    "imports.preview": {M},
    "imports.progress": {M},
    "imports.questions": {M},
    "imports.show": {M},
    "imports.undo": {M},
    "imports.wrong_rows": {M},
    "inbox.append": WRITERS,
    "inbox.dismiss": WRITERS,
    "inbox.empty": WRITERS,
    "inbox.index": WRITERS,
    "inbox.remind": WRITERS,
    "inbox.reopen": WRITERS,
    "inbox.show": WRITERS,
    "mail.file": PEOPLE,
    "mail.index": READERS,
    "mail.retry": PEOPLE,
    "mail.show": READERS,
    "mail.withdraw": PEOPLE,
    "invitations.add": PEOPLE,
    "invitations.answer": PEOPLE,
    "invitations.remove": PEOPLE,
    "invitations.show": READERS,
    "mailings.edit": PEOPLE,
    "mailings.index": READERS,
    "mailings.new": PEOPLE,
    "mailings.opt_out": NOBODY_NEEDED,
    "mailings.remove": PEOPLE,
    "mailings.send": PEOPLE,
    "mailings.show": READERS,
    "mailings.test": PEOPLE,
    "monitoring.metrics": NOBODY_NEEDED,
    "monitoring.readyz": NOBODY_NEEDED,
    "minutes.check": NOBODY_NEEDED,
    "minutes.circulate": WRITERS,
    "minutes.correct": WRITERS,
    "minutes.edit": WRITERS,
    "minutes.edit_template": {M},
    "minutes.index": READERS,
    "minutes.new": WRITERS,
    "minutes.pdf": READERS,
    "minutes.release": WRITERS,
    "minutes.remove": WRITERS,
    "minutes.settle": WRITERS,
    "minutes.show": READERS,
    "minutes.templates": READERS,
    "minutes.thanks": NOBODY_NEEDED,
    "minutes.withdraw": WRITERS,
    "materials.attach": PEOPLE,
    "materials.book": PEOPLE,
    "materials.download": READERS,
    "materials.edit": PEOPLE,
    "materials.edit_version": PEOPLE,
    "materials.index": READERS,
    "materials.new": PEOPLE,
    "materials.new_version": PEOPLE,
    "materials.show": READERS,
    "materials.stock_log": READERS,
    "notices.show": READERS,
    "office.edit": {V},
    "organisations.export": ALL,
    "organisations.index": ALL,
    "organisations.preview": ALL,
    "organisations.search": ALL,
    "organisations.show": ALL,
    "privacy.archive_list": {M},
    "privacy.erase": {M},
    "privacy.index": {M},
    "privacy.lift": {M},
    "privacy.offer": {M},
    "privacy.processing": {M, V},
    "privacy.processing_file": {M, V},
    "privacy.release": {M},
    "privacy.restrict": {M},
    "privacy.show": {M},
    "privacy.tell_guest": {M},
    "privacy.tell_person": {M},
    "practice.confirm": NOBODY_NEEDED,
    "practice.document": NOBODY_NEEDED,
    "practice.feed": NOBODY_NEEDED,
    "practice.index": NOBODY_NEEDED,
    "practice.show": NOBODY_NEEDED,
    "practice.thanks": NOBODY_NEEDED,
    "proceedings.contract": WRITERS,
    "proceedings.edit_approval": WRITERS,
    "proceedings.edit_study": WRITERS,
    "proceedings.new_approval": WRITERS,
    "proceedings.new_study": WRITERS,
    "proceedings.remove_approval": WRITERS,
    "proceedings.remove_study": WRITERS,
    "proceedings.show": READERS,
    "quicklog.done": WRITERS,
    "quicklog.full": WRITERS,
    "quicklog.into": WRITERS,
    "quicklog.read": WRITERS,
    "quicklog.show": WRITERS,
    "reads.index": {V},
    "register.findings": {V},
    "register.index": {V},
    "register.preview": {V},
    "registrations.edit": PEOPLE,
    "registrations.enter": PEOPLE,
    "registrations.export": READERS,
    "registrations.show": READERS,
    "registrations.sign_off": PEOPLE,
    "releases.causes": WRITERS,
    "releases.compare": WRITERS,
    "releases.download": READERS,
    "releases.freeze": {M},
    "releases.index": READERS,
    "releases.records": READERS,
    "releases.show": READERS,
    "reports.csv": READERS,
    "reports.export_records": READERS,
    "reports.hesse": READERS,
    "reports.index": READERS,
    "reports.pdf": READERS,
    "reports.records": READERS,
    "reports.show": READERS,
    "reports.xlsx": READERS,
    "resolutions.calendar": READERS,
    "resolutions.edit": WRITERS,
    "resolutions.new": WRITERS,
    "resolutions.remove": WRITERS,
    "retention.edit": {V},
    "retention.index": {M, V},
    "retention.show": {M, V},
    "second_factor.begin": ALL,
    "second_factor.codes_made": ALL,
    "second_factor.renew_codes": ALL,
    "second_factor.reset": {V},
    "second_factor.set_up": ALL,
    "second_factor.show": ALL,
    "second_factor.step": NOBODY_NEEDED,
    "second_factor.switch_off": ALL,
    "search.hits": ALL,
    "reviews.index": {M},
    "rights.answer": {M},
    "rights.index": {M},
    "rights.new": PEOPLE,
    "rights.show": PEOPLE,
    "search.index": ALL,
    "search.note_use": ALL,
    "sign_on.carry": NOBODY_NEEDED,
    "sign_on.come_back": NOBODY_NEEDED,
    "sign_on.confirm": ALL,
    "sign_on.identities": {V},
    "sign_on.link_own": ALL,
    "sign_on.sign_out_there": NOBODY_NEEDED,
    "sign_on.start": NOBODY_NEEDED,
    "sign_on.unlink": {V},
    "task_fields.close": {M},
    "task_fields.edit": {M},
    "task_fields.index": READERS,
    "task_fields.new": {M},
    "task_fields.search": READERS,
    "views.edit": ALL,
    "views.index": ALL,
    "views.new": ALL,
    "views.pin": ALL,
    "views.remove": ALL,
    "views.unpin": ALL,
}


def may(endpoint, role):
    """Tell what the table says; None stands for a stranger."""
    roles = TABLE[endpoint]
    return roles is NOBODY_NEEDED or role in roles


@pytest.fixture
def numbers(app):
    """One of everything."""
    return fill(app)


@pytest.fixture(params=sorted(MEMBERS))
def member(request):
    """One after the other of the cast, with the role."""
    return request.getfixturevalue(request.param), MEMBERS[request.param]


def test_the_table_names_every_endpoint_and_no_other(one_app):
    assert set(TABLE) == set(one_app.view_functions)


def test_labels_and_grants_say_what_the_table_says(one_app):
    for endpoint, roles in TABLE.items():
        permission = label_of(one_app, endpoint)
        granted = None if permission is None else {role for role in Role if permission in GRANTS[role]}
        assert granted == roles, endpoint


def test_few_addresses_are_public(one_app):
    public = [rule for rule in one_app.url_map.iter_rules() if TABLE[rule.endpoint] is NOBODY_NEEDED]
    assert len(public) <= PUBLIC


def refuses(client, one):
    """See that a member who may not is told so at an address."""
    page = client.get(one.url) if one.method == "GET" else client.post(one.url, note="x")
    assert page.status == 403, f"{one}: {page.status}"


def leads_to_the_door(stranger, one):
    """See that a stranger gets nothing of an address but the door."""
    if one.method == "GET":
        page = stranger.get(one.url)
        assert page.status == 302, f"{one}: {page.status}"
        assert page.location.startswith("/anmelden?next=/"), one
    else:
        page = stranger.post(one.url, note="x")
        assert page.status == 401, f"{one}: {page.status}"
        assert page.soup.select_one("input[name=password]"), one


def test_every_role_reads_what_the_table_grants(app, numbers, member):
    client, role = member
    for one in addresses(app, numbers, safe=True):
        if may(one.endpoint, role):
            status = client.get(one.url).status
            assert status in (200, 302, 404), f"{one}: {status}"
        else:
            refuses(client, one)


def test_a_refused_writing_changes_nothing(app, numbers, member):
    client, role = member
    refused = [one for one in addresses(app, numbers, safe=False) if not may(one.endpoint, role)]
    before = stored(app)
    for one in refused:
        refuses(client, one)
    assert refused
    assert changed(before, stored(app)) == []


def test_a_granted_writing_is_never_forbidden(app, numbers, member):
    client, role = member
    own = {"accounts.sign_out", "accounts.sign_in"}
    for one in addresses(app, numbers, safe=False):
        if may(one.endpoint, role) and one.endpoint not in own:
            assert client.post(one.url).status not in (401, 403, 500), one


def test_strangers_are_sent_to_the_door(app, numbers, stranger):
    for one in addresses(app, numbers, safe=True):
        if may(one.endpoint, None):
            assert stranger.get(one.url).status == (404 if one.endpoint in OFF else 200), one
        else:
            leads_to_the_door(stranger, one)


def test_strangers_write_nothing(app, numbers, stranger):
    before = stored(app)
    for one in addresses(app, numbers, safe=False):
        if not may(one.endpoint, None):
            leads_to_the_door(stranger, one)
    assert changed(before, stored(app)) == []


def test_strangers_are_refused_with_any_method(app, numbers, stranger):
    for rule in app.url_map.iter_rules():
        url = app.url_map.bind("localhost").build(rule.endpoint, values(rule, numbers))
        for method in ("PUT", "PATCH", "DELETE"):
            assert stranger.browser.open(url, method=method).status_code == 405, (method, url)


def test_several_roles_add_up(app):
    assert allowed({R, V}, Permission.MANAGE_USERS)
    assert allowed({R, V}, Permission.READ_CONTENT)
    assert not allowed({V}, Permission.READ_CONTENT)
    assert not allowed(set(), Permission.SIGNED_IN)
