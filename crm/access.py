"""Who may do what: roles, permissions, one table of grants, labels on views and the gate that reads them."""

import enum
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, abort, current_app, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user


class Role(enum.Enum):
    """What a person is at the centre; somebody may be several things."""

    READER = "reader"
    ADVISER = "adviser"
    COORDINATOR = "event-coordinator"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> Any:
        """Name the role on screen."""
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.READER: _l("Reader"),
    Role.ADVISER: _l("Adviser"),
    Role.COORDINATOR: _l("Event coordinator"),
    Role.MANAGER: _l("Manager"),
    Role.ADMINISTRATOR: _l("Administrator"),
}


class Permission(enum.Enum):
    """Something one may do; the label of a view."""

    READ_REGISTER = "read-register"
    READ_CONTENT = "read-content"
    READ_CONFIDENTIAL = "read-confidential"
    READ_STAFF_FIGURES = "read-staff-figures"
    WRITE_PEOPLE = "write-people"
    WRITE_CONSULTATIONS = "write-consultations"
    WRITE_FOLLOW_UPS = "write-follow-ups"
    WRITE_COOPERATIONS = "write-cooperations"
    WRITE_EVENTS = "write-events"
    WRITE_MATERIALS = "write-materials"
    WRITE_DOCUMENTS = "write-documents"
    IMPORT_LISTS = "import-lists"
    MANAGE_CATALOGUES = "manage-catalogues"
    RELEASE_REPORTS = "release-reports"
    MANAGE_USERS = "manage-users"
    MANAGE_REGISTER = "manage-register"
    MANAGE_SETTINGS = "manage-settings"
    READ_RETENTION = "read-retention"
    MANAGE_PRIVACY = "manage-privacy"
    READ_PROCESSING = "read-processing"
    WRITE_BODIES = "write-bodies"
    SIGNED_IN = "signed-in"


_READING = {Permission.SIGNED_IN, Permission.READ_REGISTER, Permission.READ_CONTENT}
_ADVISING = {
    Permission.READ_CONFIDENTIAL,
    Permission.WRITE_PEOPLE,
    Permission.WRITE_CONSULTATIONS,
    Permission.WRITE_FOLLOW_UPS,
    Permission.WRITE_COOPERATIONS,
    Permission.WRITE_BODIES,
    Permission.WRITE_EVENTS,
    Permission.WRITE_MATERIALS,
    Permission.WRITE_DOCUMENTS,
}
_MANAGING = {
    Permission.MANAGE_CATALOGUES,
    Permission.READ_STAFF_FIGURES,
    Permission.RELEASE_REPORTS,
    Permission.IMPORT_LISTS,
    Permission.READ_RETENTION,
    Permission.MANAGE_PRIVACY,
    Permission.READ_PROCESSING,
}

GRANTS: dict[Role, set[Permission]] = {
    Role.READER: _READING,
    Role.ADVISER: _READING | _ADVISING,
    Role.COORDINATOR: _READING
    | {Permission.WRITE_PEOPLE, Permission.WRITE_EVENTS, Permission.WRITE_MATERIALS},
    Role.MANAGER: _READING | _ADVISING | _MANAGING,
    Role.ADMINISTRATOR: {
        Permission.SIGNED_IN,
        Permission.READ_REGISTER,
        Permission.MANAGE_USERS,
        Permission.MANAGE_REGISTER,
        Permission.MANAGE_SETTINGS,
        Permission.READ_RETENTION,
        Permission.READ_PROCESSING,
    },
}


def allowed(roles: Iterable[Role], permission: Permission) -> bool:
    """Tell whether one of these roles grants the permission."""
    return any(permission in GRANTS[role] for role in roles)


def requires(
    permission: Permission, most_fields: int = 1000, most_bytes: int | None = None, fresh: bool = False
) -> Callable:
    """Label a view; the gate does the checking.

    `most_fields` is what a form of many rows needs, `most_bytes` what a view that takes files may be sent.
    A `fresh` view is sensitive: it opens only to somebody who gave the password a short while ago.
    """

    def mark(view: Callable) -> Callable:
        view.permission, view.most_fields = permission, most_fields  # type: ignore[attr-defined]
        view.most_bytes, view.fresh = most_bytes, fresh  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: Callable) -> Callable:
    """Label a view that strangers may see."""
    view.permission = None  # type: ignore[attr-defined]
    return view


def label_of(app: Flask, endpoint: str) -> Permission | None:
    """Give the label of an endpoint; an unlabelled one raises KeyError."""
    view = app.view_functions[endpoint]
    if not hasattr(view, "permission"):
        raise KeyError(endpoint)
    return view.permission


def is_sensitive(app: Flask, endpoint: str) -> bool:
    """Tell whether an endpoint opens only after the password was given lately."""
    return getattr(app.view_functions[endpoint], "fresh", False)


def gate() -> Any:
    """Decide before every request; what bears no label is closed."""
    if request.endpoint is None:
        return None
    try:
        permission = label_of(current_app, request.endpoint)
    except KeyError:
        abort(403)
    if permission is None:
        return None
    if not current_user.is_authenticated:
        return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    if current_user.must_change_password and (answer := current_app.extensions["ask_for_new_password"]()):
        return answer
    if answer := current_app.extensions["ask_for_second_factor"]():
        return answer
    if not current_user.may(permission):
        abort(403)
    if is_sensitive(current_app, request.endpoint):
        return current_app.extensions["ask_for_proof"]()
    return None


def may(name: str) -> bool:
    """Ask in a template: may the person at the screen do this?"""
    user = current_user._get_current_object()
    return user.is_authenticated and user.may(Permission(name))
