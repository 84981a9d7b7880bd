"""The application factory: the table of contents of the program."""

from flask import Flask
from flask_login import LoginManager
from jinja2 import StrictUndefined
from werkzeug.routing import BaseConverter, ValidationError

import config
from crm import access, assets, bell, errors, i18n, logs, once, proxies, security, security_log
from crm.accounts import cli as accounts_cli
from crm.accounts import forgotten as _forgotten  # noqa: F401 its views belong to accounts
from crm.accounts import proving, sessions
from crm.accounts import routes as accounts
from crm.accounts import sign_ins as _sign_ins  # noqa: F401 its views belong to accounts
from crm.accounts import users as _users  # noqa: F401 its views belong to accounts
from crm.attendance import after as _after  # noqa: F401 its views belong to attendance
from crm.attendance import handouts as _handouts  # noqa: F401 its views belong to attendance
from crm.attendance import pasted as _pasted  # noqa: F401 its views belong to attendance
from crm.attendance import routes as attendance
from crm.auditing import cli as auditing_cli
from crm.auditing import routes as auditing
from crm.barriers import routes as barriers
from crm.bodies import members as _members  # noqa: F401 its views belong to bodies
from crm.bodies import routes as bodies
from crm.bulk import routes as bulk
from crm.calendars import routes as calendars
from crm.closing import routes as closing
from crm.consents import forgetting as _consent_links  # noqa: F401 the worker calls it
from crm.consents import routes as consents
from crm.consultations import lists as _lists  # noqa: F401 its views belong to consultations
from crm.consultations import record as _record  # noqa: F401 its views belong to consultations
from crm.consultations import routes as consultations
from crm.contacts import functions as _functions  # noqa: F401 its views belong to contacts
from crm.contacts import lists as _people  # noqa: F401 its views belong to contacts
from crm.contacts import routes as contacts
from crm.cooperations import board as _board  # noqa: F401 its views belong to cooperations
from crm.cooperations import finder as _finder  # noqa: F401 its views belong to cooperations
from crm.cooperations import routes as cooperations
from crm.cooperations import steps as _steps  # noqa: F401 its views belong to cooperations
from crm.db import db
from crm.definitions import routes as definitions
from crm.dispatches import holders as _holders  # noqa: F401 its views belong to the dispatch log
from crm.dispatches import public as _fetching  # noqa: F401 its views belong to the dispatch log
from crm.dispatches import routes as dispatches
from crm.documents import lists as _document_lists  # noqa: F401 its views belong to documents
from crm.documents import routes as documents
from crm.duplicates import body_pages as _body_pages  # noqa: F401 its views belong to duplicates
from crm.duplicates import cli as duplicates_cli
from crm.duplicates import merging as _merging  # noqa: F401 its views belong to duplicates
from crm.duplicates import routes as duplicates
from crm.elections import answering as _answering  # noqa: F401 its views belong to elections
from crm.elections import duties as _election_duties  # noqa: F401 the worker calls it
from crm.elections import handing as handovers
from crm.elections import routes as elections
from crm.events import agenda as _agenda  # noqa: F401 its views belong to events
from crm.events import lists as _event_list  # noqa: F401 its views belong to events
from crm.events import routes as events
from crm.events import steps as _event_steps  # noqa: F401 its views belong to events
from crm.examples import counted as _referrals  # noqa: F401 the closed quarters watch over it
from crm.examples import duties as _yearly  # noqa: F401 the worker calls it
from crm.examples import forgetting as _questions  # noqa: F401 the worker calls it
from crm.examples import lists as _example_list  # noqa: F401 its views belong to the examples
from crm.examples import public as practice
from crm.examples import routes as examples
from crm.examples import steps as _example_steps  # noqa: F401 its views belong to the examples
from crm.faults import Program
from crm.feedback import routes as feedback
from crm.follow_ups import lists as _desk  # noqa: F401 its views belong to the follow-ups
from crm.follow_ups import routes as follow_ups
from crm.funding import applications as _applications  # noqa: F401 its views belong to funding
from crm.funding import routes as funding
from crm.funding import rules as _rules  # noqa: F401 its views belong to funding
from crm.geography import cli as _geography_cli  # noqa: F401 its command belongs to the register
from crm.geography import routes as geography
from crm.help import routes as help_
from crm.home import morning as _morning  # noqa: F401 its duty is done by the worker
from crm.home import routes as home
from crm.imports import cli as imports_cli
from crm.imports import deciding as _imports_deciding  # noqa: F401 its views belong to imports
from crm.imports import progress as _imports_progress  # noqa: F401 its views belong to imports
from crm.imports import routes as imports
from crm.inbox import cli as inbox_cli
from crm.inbox import routes as inbox
from crm.invitations import lists as _audience  # noqa: F401 its views belong to invitations
from crm.invitations import routes as invitations
from crm.mail import routes as mail
from crm.mailings import routes as mailings
from crm.mailings import steps as _mailing_steps  # noqa: F401 its views belong to mailings
from crm.materials import cli as materials_cli
from crm.materials import routes as materials
from crm.materials import versions as _versions  # noqa: F401 its views belong to materials
from crm.minutes import duties as _minutes_duties  # noqa: F401 the worker calls it
from crm.minutes import forgetting as _minutes_rule  # noqa: F401 the worker calls it
from crm.minutes import presets as _minutes_texts  # noqa: F401 its views belong to the minutes
from crm.minutes import public as _minutes_check  # noqa: F401 its views belong to the minutes
from crm.minutes import routes as minutes
from crm.minutes import steps as _minutes_steps  # noqa: F401 its views belong to the minutes
from crm.navigation import look
from crm.notices import routes as notices
from crm.office import routes as office
from crm.operations import cli as operations
from crm.operations import counting
from crm.operations import routes as monitoring
from crm.organisations import cli as organisations_cli
from crm.organisations import lists as _register_list  # noqa: F401 its views belong to the register
from crm.organisations import routes as organisations
from crm.outputs import forgetting as _outputs_rule  # noqa: F401 the worker calls it
from crm.outputs import noting as _outputs
from crm.privacy import cli as privacy_cli
from crm.privacy import routes as privacy
from crm.privacy import telling as _telling  # noqa: F401 its views belong to privacy
from crm.proceedings import routes as proceedings
from crm.quicklog import cli as quicklog_cli
from crm.quicklog import routes as quicklog
from crm.reads import noting as _reads
from crm.reads import routes as reads
from crm.register import cli as _register_cli  # noqa: F401 its commands belong to the register
from crm.register import routes as register
from crm.registrations import duties as _duties  # noqa: F401 the worker calls it
from crm.registrations import public as guests
from crm.registrations import routes as registrations
from crm.releases import routes as releases
from crm.reports import cli as reports_cli
from crm.reports import routes as reports
from crm.reports.hesse import map_routes as _map  # noqa: F401 it adds a page to the reports
from crm.resolutions import routes as resolutions
from crm.retention import cli as retention_cli
from crm.retention import routes as retention
from crm.reviews import forgetting as _reviews_rule  # noqa: F401 the worker calls it
from crm.reviews import routes as reviews
from crm.rights import routes as rights
from crm.search import cli as search_cli
from crm.search import routes as search
from crm.second_factor import routes as second_factor
from crm.sign_on import identities as _identities  # noqa: F401 its views belong to the sign-on
from crm.sign_on import routes as sign_on
from crm.sign_on import vouching
from crm.task_fields import routes as task_fields
from crm.views import routes as views

BLUEPRINTS = (
    accounts.accounts,
    accounts_cli.users,
    sign_on.sign_on,
    office.office,
    organisations.organisations,
    organisations_cli.register,
    geography.geography,
    register.register,
    bodies.bodies,
    contacts.contacts,
    mail.mail,
    consents.consents,
    second_factor.second_factor,
    task_fields.task_fields,
    follow_ups.follow_ups,
    documents.documents,
    cooperations.cooperations,
    resolutions.resolutions,
    proceedings.proceedings,
    funding.funding,
    closing.closing,
    consultations.consultations,
    events.events,
    invitations.invitations,
    registrations.registrations,
    guests.guests,
    mailings.mailings,
    attendance.attendance,
    retention.retention,
    reads.reads,
    notices.notices,
    retention_cli.commands,
    feedback.feedback,
    examples.examples,
    practice.practice,
    barriers.barriers,
    minutes.minutes,
    calendars.calendars,
    search.search,
    search_cli.search_index,
    materials.materials,
    materials_cli.commands,
    dispatches.dispatches,
    elections.elections,
    handovers.handovers,
    inbox.inbox,
    inbox_cli.inbox,
    duplicates.duplicates,
    duplicates_cli.commands,
    bulk.bulk,
    imports.imports,
    imports_cli.cooperations,
    imports_cli.events,
    quicklog.quicklog,
    quicklog_cli.quicklog_cli,
    imports_cli.consultations,
    imports_cli.contacts,
    reports.reports,
    releases.releases,
    reports_cli.reports,
    definitions.definitions,
    views.views,
    auditing.auditing,
    auditing_cli.audit_log,
    privacy.privacy,
    privacy_cli.privacy_cli,
    rights.rights,
    reviews.reviews,
    operations.operations,
    monitoring.monitoring,
    help_.help_pages,
    home.home,
)


class IdConverter(BaseConverter):
    """Numbers of records in addresses: ASCII digits, no leading zero, within 32 bits."""

    regex = "[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        """Give the number; too large a one is no address."""
        number = int(value)
        if number > 2_147_483_647:
            raise ValidationError
        return number


def create_app(settings: config.Production | None = None) -> Flask:
    """Build the program from its settings; raises ConfigError when one is missing or wrong."""
    app = Program(__name__, template_folder="../templates", static_folder=None)
    app.config.from_object(settings or config.Production())
    app.url_map.converters["id"] = IdConverter
    app.session_interface = sessions.TokenSessions()
    _set_up_templates(app)
    db.init_app(app)
    i18n.init_app(app)
    assets.init_app(app)
    logs.init_app(app)
    errors.init_app(app)
    once.init_app(app)
    bell.init_app(app)
    _reads.init_app(app)
    _outputs.init_app(app)
    counting.init_app(app)
    _set_up_doors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=app.config["PREFIX"] + (blueprint.url_prefix or ""))
    if app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = proxies.TrustedProxies(app.wsgi_app, app.config)  # type: ignore[method-assign]
    return app


def _set_up_templates(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["may"] = access.may
    app.context_processor(look)


def _set_up_doors(app: Flask) -> None:
    """Who comes in: origin first, then the gate, then the token of the form."""
    login = LoginManager(app)
    login.session_protection = None
    login.request_loader(sessions.load_user)
    login.unauthorized_handler(accounts.ask_to_sign_in)
    app.extensions["vouch_again"] = vouching.vouch_again
    app.extensions["enters_elsewhere"] = vouching.enters_elsewhere
    app.extensions["ask_for_new_password"] = accounts.ask_for_new_password
    app.extensions["ask_for_second_factor"] = second_factor.ask_to_set_up
    app.extensions["ask_for_proof"] = proving.ask_for_proof
    app.before_request(security.check_origin)
    app.before_request(access.gate)
    app.before_request(security.protect)
    security.init_app(app)
    security_log.init_app(app)
