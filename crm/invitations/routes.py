"""Invitations on screen: the list, its building, the answers."""

from flask import Blueprint

from crm.invitations import models as _models  # noqa: F401

invitations = Blueprint("invitations", __name__, url_prefix="/veranstaltungen")
