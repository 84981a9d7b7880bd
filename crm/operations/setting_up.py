"""What a fresh installation gets: register, task fields, the first administrator."""

import os

from sqlalchemy import select

from crm.access import Role
from crm.accounts import services as accounts
from crm.accounts.models import User
from crm.bodies.standard import load_bodies
from crm.db import db
from crm.funding.standard import load_rules
from crm.organisations import services as organisations
from crm.task_fields import services as task_fields

FIRST_ADDRESS = "admin@kikz.local"


def load() -> None:
    """Load register, other bodies, usual task fields and funding rules; twice changes nothing."""
    organisations.load_register()
    load_bodies()
    task_fields.load_standard()
    load_rules()


def first_administrator() -> tuple[User, str] | None:
    """Make the first account, administrator and manager, unless there is a user; give both."""
    if db.session.scalar(select(User.id).limit(1)) is not None:
        return None
    values = {"email": os.environ.get("KIKZ_ADMIN") or FIRST_ADDRESS, "name": "Administration"}
    return accounts.create_user(values, {Role.ADMINISTRATOR, Role.MANAGER}, None)
